"""Data files of the safety room."""

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml


@lru_cache(maxsize=16)
def load(name: str) -> dict[str, Any]:
    """The parsed file `<name>.yml` of this folder; read once."""
    text = resources.files(__name__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return parsed
