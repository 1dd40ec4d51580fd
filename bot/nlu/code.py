"""Fingerprint of the code that understanding depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
_BOT = PROJECT / "bot"
_ROOMS = ("nlu", "language")
_MEASURING = "evaluation"
"""Modules of this beginning measure a model and are no part of it."""
_SUFFIXES = frozenset({".py", ".yml", ".yaml", ".json", ".cfg", ".txt"})


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """Digest of the code and data files of `bot/nlu` and `bot/language`, as this process loaded them."""
    return files_fingerprint(file for room in _ROOMS for file in (_BOT / room).rglob("*"))


def files_fingerprint(files: Iterable[Path], root: Path = PROJECT) -> str:
    """Digest of names (from `root`, where they are under it) and contents, in a fixed order."""
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        if file.suffix not in _SUFFIXES or file.stem.startswith(_MEASURING) or not file.is_file():
            continue
        name = file.relative_to(root) if file.is_relative_to(root) else Path(file.name)
        digest.update(name.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
