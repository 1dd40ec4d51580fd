"""Refusals: a stable code, its HTTP status, the patient's text and the ways out (`world/problems.yml`)."""

from functools import cache
from typing import Any

from bot.sandbox.files import load_yaml


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """An answer other than success; `params` fill the Polish text and travel with it."""

    def __init__(
        self,
        code: str,
        params: dict[str, Any] | None = None,
        *,
        remedies: list[dict[str, str]] | None = None,
        retry_after: int | None = None,
        text: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.params = params or {}
        self.retry_after = retry_after
        self._remedies = remedies
        self._text = text

    @property
    def status(self) -> int:
        return int(_catalogue()["problems"][self.code]["status"])

    def body(self) -> dict[str, Any]:
        """Problem document without `server_time`."""
        entry = _catalogue()["problems"][self.code]
        texts: dict[str, str] = entry["detail_pl"] if isinstance(entry["detail_pl"], dict) else {}
        reason = str(self.params.get("reason", "default"))
        template = (texts.get(reason) or texts["default"]) if texts else entry["detail_pl"]
        return {
            "type": f"/problems/{self.code.lower().replace('_', '-')}",
            "title": entry["title"],
            "status": self.status,
            "code": self.code,
            "detail_pl": self._text or template.format_map(_Params(self.params)),
            "params": self.params,
            "remedies": (self._remedies or []) + [remedy(name) for name in entry.get("remedies", [])],
        }


def remedy(name: str) -> dict[str, str]:
    """A named way out."""
    found: dict[str, str] = _catalogue()["remedies"][name]
    return dict(found)


def message(code: str, reason: str = "default") -> str:
    """The plain Polish text of a code, for permission lists."""
    entry = _catalogue()["problems"][code]["detail_pl"]
    text = entry[reason] if isinstance(entry, dict) else entry
    return str(text).format_map(_Params({}))


def label(name: str) -> str:
    """Any other Polish text the portal shows."""
    return str(_catalogue()["labels"][name])


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


@cache
def _catalogue() -> dict[str, Any]:
    return load_yaml("problems.yml")
