"""What a file is, by its first bytes (R78, R90), and what may be done about one that is not allowed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

Kind = Literal["jpeg", "png", "pdf"]

MAX_BYTES = 8 * 1024 * 1024
"""R79, A12."""
HEAD = 64
"""Bytes needed to tell a kind."""
_NAME_LENGTH = 80
_ALLOWED: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
)
_PHONE_PHOTO = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
# A name that ends so is refused whatever is inside: on the doctor's computer it would be a program.
_PROGRAMS = frozenset(
    "exe com bat cmd scr pif msi jar js jse vbs vbe wsf ps1 hta lnk reg sh app apk dll html htm xhtml svg "
    "php".split()
)
_EXTENSIONS: dict[Kind, tuple[str, ...]] = {"jpeg": ("jpg", "jpeg"), "png": ("png",), "pdf": ("pdf",)}
MEDIA_TYPES: dict[Kind, str] = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


class FileRefusedError(Exception):
    """Not taken; `code` names the reason and the advice in texts.yml (section files)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Checked:
    """A clean file: `content` is what the checks made, never what came in."""

    name: str
    kind: Kind
    content: bytes

    @property
    def media_type(self) -> str:
        """Its MIME name."""
        return MEDIA_TYPES[self.kind]


def kind_of(head: bytes) -> Kind:
    """The kind by the bytes at the very beginning. Raises FileRefusedError with the fitting advice.

    A marker further in is how one file passes for another, so it does not count.
    """
    for magic, kind in _ALLOWED:
        if head.startswith(magic):
            return kind
    if not head:
        raise FileRefusedError("empty")
    if head[4:8] == b"ftyp":
        raise FileRefusedError("phone_photo" if head[8:12] in _PHONE_PHOTO else "film")
    if head.startswith(_DOCUMENTS):
        raise FileRefusedError("document")
    raise FileRefusedError("type")


def display_name(name: str, kind: Kind | None = None) -> str:
    """A file's name that is safe to show: no path, no control or bidi characters, the kind's own ending."""
    normal = unicodedata.normalize("NFKC", name[:1000])
    plain = "".join(c for c in normal if unicodedata.category(c)[0] != "C")
    last = re.split(r"[/\\:]", plain)[-1].strip(" .")
    path = PurePosixPath(last or "plik")
    if kind is None:
        return str(path)[:_NAME_LENGTH]
    ending = path.suffix.removeprefix(".").lower()
    stem = path.stem if ending in {"jpg", "jpeg", "jfif", "png", "pdf", "heic"} else str(path)
    kept = ending if ending in _EXTENSIONS[kind] else _EXTENSIONS[kind][0]
    return f"{stem[:_NAME_LENGTH] or 'plik'}.{kept}"


def refuse_program(name: str) -> None:
    """Raises FileRefusedError when the name is that of a program, also a hidden one (x.pdf.exe)."""
    shown = display_name(name)
    if PurePosixPath(shown).suffix.removeprefix(".").lower() in _PROGRAMS:
        raise FileRefusedError("type")
