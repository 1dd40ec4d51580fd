"""Encryption at rest: AES-256-GCM, several keys, each record naming the one it was sealed with.

What is sealed is bound to its place (conversation and number): moved elsewhere, it does not open.
Rotation: put the new key first and keep the old one; what is written from then on uses the new one.
`python -m bot reseal` writes the rest anew, then the old one can go.
"""

from __future__ import annotations

import base64
import binascii
import os
import zlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MARK = b"\x01"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_LEVEL = 1
"""Of zlib: a turn shrinks to about a third in 40 microseconds."""
DERIVED = "s"
"""Name of the key made of the installation's secret."""


class SealError(ValueError):
    """A record that cannot be opened: altered, moved, or sealed with a key that is not here."""


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """`keys`: names (ASCII, at most 32 letters) and 32 bytes each. Raises ValueError for others."""
        if not keys:
            raise ValueError("no key")
        for name, key in keys.items():
            if not name.isascii() or not 0 < len(name) <= 32 or len(key) != _KEY_BYTES:
                raise ValueError(f"key {name!r} must have {_KEY_BYTES} bytes and a short name")
        self._keys = {name.encode(): AESGCM(key) for name, key in keys.items()}
        self._current = next(iter(self._keys))

    @classmethod
    def of(cls, written: str, secret: bytes) -> Sealer:
        """`written`: `name:base64,name:base64`, newest first, may be empty; then a key made of `secret`.

        Raises ValueError for keys that cannot be read.
        """
        keys: dict[str, bytes] = {}
        for part in written.replace(" ", "").split(","):
            name, colon, text = part.partition(":")
            if part and not colon:
                raise ValueError(
                    "a key has no name; each must look like name:base64"
                )  # says not which: it is one
            if part:
                try:
                    keys[name] = base64.b64decode(text, validate=True)
                except binascii.Error as error:
                    raise ValueError(f"key {name!r} is not base64") from error
        keys.setdefault(DERIVED, derived_key(secret))
        return cls(keys)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Compressed and encrypted; the same twice gives different bytes."""
        name = self._current
        nonce = os.urandom(_NONCE_BYTES)
        hidden = self._keys[name].encrypt(nonce, zlib.compress(plain, _LEVEL), place.encode())
        return b"".join((_MARK, bytes((len(name),)), name, nonce, hidden))

    def renew(self, sealed: bytes, place: str) -> bytes | None:
        """The same sealed with the first key; None when it is already. Raises SealError."""
        plain = self.open(sealed, place)
        return None if sealed[2 : 2 + sealed[1]] == self._current else self.seal(plain, place)

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place. Raises SealError."""
        if sealed[:1] != _MARK or len(sealed) < 2:
            raise SealError("not a sealed record")
        end = 2 + sealed[1]
        key = self._keys.get(sealed[2:end])
        if key is None:
            raise SealError("sealed with a key that is not here")
        nonce, hidden = sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]
        try:
            return zlib.decompress(key.decrypt(nonce, hidden, place.encode()))
        except (InvalidTag, ValueError, zlib.error) as error:
            raise SealError("a sealed record was altered or moved") from error


def derived_key(secret: bytes) -> bytes:
    """A key of its own for content, made of the installation's secret (HKDF, RFC 5869)."""
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=b"asystent content at rest").derive(secret)
