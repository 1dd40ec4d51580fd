"""The sandbox's data files."""

from pathlib import Path
from typing import Any

import yaml

_WORLD = Path(__file__).with_name("world")
CONTRACT = Path(__file__).parents[1] / "portal" / "openapi.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(name: str) -> dict[str, Any]:
    """A file of `world/` as a mapping."""
    return _load(_WORLD / name)


def load_contract() -> dict[str, Any]:
    """The OpenAPI document, shared with the client and nothing else."""
    return _load(CONTRACT)


def _load(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as stream:
        content: dict[str, Any] = yaml.load(stream, Loader=_LOADER)
    return content
