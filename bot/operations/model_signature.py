"""A trained model is code and numbers that decide what is said: who made it is checked before it is loaded.

Ed25519 over a SHA-512 digest of the file, beside it as `<model>.sig`. Whoever trains holds the private key,
the servers have the public one. Keys are 32 bytes in base64.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_PURPOSE = b"asystent model 1\x00"
"""So that the signature is good for a model and for nothing else the key may ever sign."""


class ModelSignatureError(RuntimeError):
    """The model must not be loaded, or the key cannot be used; says which."""


def signature_path(model: Path) -> Path:
    """Where a model's signature is."""
    return model.with_name(f"{model.name}.sig")


def new_keys() -> tuple[str, str]:
    """A private key and its public one."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()


def sign(model: Path, private: str) -> Path:
    """Writes the signature; where. Raises ModelSignatureError for a key that cannot be used, OSError."""
    key = Ed25519PrivateKey.from_private_bytes(_bytes(private))
    path = signature_path(model)
    path.write_text(base64.b64encode(key.sign(_digest(model))).decode() + "\n", encoding="ascii")
    return path


def check(model: Path, public: str) -> None:
    """Raises ModelSignatureError unless the model is signed by the holder of the private key."""
    key = Ed25519PublicKey.from_public_bytes(_bytes(public))
    path = signature_path(model)
    try:
        signature = base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError:
        raise ModelSignatureError(f"{model.name} is not signed: there is no {path.name}") from None
    except ValueError:
        raise ModelSignatureError(f"{path.name} is not a signature") from None
    try:
        key.verify(signature, _digest(model))
    except InvalidSignature:
        raise ModelSignatureError(f"{model.name} was altered, or signed with another key") from None


def _bytes(key: str) -> bytes:
    try:
        found = base64.b64decode(key, validate=True)
    except ValueError:  # also letters that are no ASCII
        found = b""
    if len(found) != 32:
        raise ModelSignatureError("a key for models is 32 bytes in base64")
    return found


def _digest(model: Path) -> bytes:
    with model.open("rb") as file:
        return _PURPOSE + hashlib.file_digest(file, "sha512").digest()
