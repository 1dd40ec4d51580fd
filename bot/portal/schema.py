"""How the portal's JSON becomes immutable records.

Unknown fields are ignored and unknown enum values become ``"unknown"`` (their raw value is kept), so
that a newer portal does not break an older assistant. Times without an offset are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, root_validator, validator


class OpenEnum(StrEnum):
    """Strings the portal may extend: a value we do not know equals ``"unknown"`` and keeps ``raw``."""

    raw: str

    def __new__(cls, value: str) -> OpenEnum:
        member = str.__new__(cls, value)
        member._value_ = value
        member.raw = value
        return member

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        stranger = str.__new__(cls, "unknown")
        stranger._name_ = "UNKNOWN"
        stranger._value_ = "unknown"
        stranger.raw = value
        return stranger


class Record(BaseModel):
    """One immutable object of the portal."""

    #: Names on the wire that are not usable in Python (``from``) -> field names.
    wire_names: ClassVar[Mapping[str, str]] = {}

    class Config:
        extra = "ignore"
        frozen = True

    @root_validator(pre=True, allow_reuse=True)
    @classmethod
    def _rename(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {cls.wire_names.get(name, name): value for name, value in values.items()}

    @validator("*", allow_reuse=True)
    @classmethod
    def _aware(cls, value: Any) -> Any:
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise ValueError("time without an offset")
        return value
