"""Client of ClamAV's daemon: INSTREAM over TCP or a UNIX socket."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.files.checking import ScannerDownError

_CHUNK = 64 * 1024
_ANSWER = 4096


@dataclass(frozen=True, slots=True)
class Clamd:
    """`address`: "host:port" or the path of a socket."""

    address: str
    limit: timedelta = timedelta(seconds=15)

    async def clean(self, content: bytes) -> bool:
        """False when a virus was found. Raises ScannerDownError for anything but a clear answer."""
        try:
            async with asyncio.timeout(self.limit.total_seconds()):
                answer = await self._ask(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise ScannerDownError("no answer") from error
        if answer == "stream: OK":
            return True
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return False
        raise ScannerDownError("unclear answer")

    async def _ask(self, content: bytes) -> str:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                part = content[start : start + _CHUNK]
                writer.write(struct.pack("!I", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack("!I", 0))
            await writer.drain()
            answer = await reader.read(_ANSWER)
        finally:
            writer.close()
        return answer.rstrip(b"\0\n").decode("utf-8", "replace")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.address.startswith("/"):
            return await asyncio.open_unix_connection(self.address)
        host, _, port = self.address.rpartition(":")
        return await asyncio.open_connection(host, int(port))
