"""From unknown bytes to a clean file: kind, virus scan, then a confined process that rewrites it."""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from bot.channels.files.kinds import (
    MAX_BYTES,
    Checked,
    FileRefusedError,
    display_name,
    kind_of,
    refuse_program,
)

_log = logging.getLogger(__name__)
_CLEANER = Path(__file__).with_name("cleaner.py")
_REFUSED = 3
_REASONS = frozenset({"damaged", "encrypted", "image_too_large", "too_large", "too_many_pages"})


class Scanner(Protocol):
    """A virus scanner."""

    async def clean(self, content: bytes) -> bool:
        """False when something was found. Raises ScannerDownError when nothing can be said."""
        ...


class ScannerDownError(Exception):
    """The virus scanner does not answer: a file is neither clean nor bad."""


@dataclass(slots=True)
class FileCheck:
    """Checks files, at most `at_once` at a time: each takes a process and up to a gigabyte."""

    scanner: Scanner | None = None
    at_once: int = 2
    limit: timedelta = timedelta(seconds=60)
    """Far beyond the ten seconds of work the process may do: only a busy machine gets there."""
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.at_once)

    async def check(self, name: str, content: bytes) -> Checked:
        """The clean file. Raises FileRefusedError; only `scanner_down` may pass by itself."""
        if len(content) > MAX_BYTES:
            raise FileRefusedError("too_large")
        refuse_program(name)
        kind = kind_of(content)
        async with self._slots:
            await self._scan(content)
            cleaned = await self._rewrite(kind, content)
        if kind_of(cleaned) != kind:
            raise FileRefusedError("damaged")
        return Checked(display_name(name, kind), kind, cleaned)

    async def _scan(self, content: bytes) -> None:
        if self.scanner is None:
            return
        try:
            clean = await self.scanner.clean(content)
        except ScannerDownError as error:
            _log.error("virus scanner does not answer")
            raise FileRefusedError("scanner_down") from error
        if not clean:
            raise FileRefusedError("infected")

    async def _rewrite(self, kind: str, content: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_CLEANER),
            kind,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
        )
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                cleaned, reason = await process.communicate(content)
        except TimeoutError:
            _log.warning("a file could not be checked in time")
            raise FileRefusedError("scanner_down") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == 0 and 0 < len(cleaned) <= MAX_BYTES:
            return cleaned
        word = reason.decode("ascii", "replace") if process.returncode == _REFUSED else ""
        raise FileRefusedError(word if word in _REASONS else "damaged")
