"""The corpus: every hostile file is refused or disarmed, every good one passes."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from bot.channels.files.checking import FileCheck
from bot.channels.files.kinds import MAX_BYTES, FileRefusedError, display_name

_SPEC = importlib.util.spec_from_file_location("corpus", Path(__file__).with_name("corpus.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
corpus = importlib.util.module_from_spec(_SPEC)
sys.modules["corpus"] = corpus
_SPEC.loader.exec_module(corpus)
HOSTILE, GOOD = list(corpus.hostile()), list(corpus.good())


def test_the_corpus_is_large_enough() -> None:
    assert len(HOSTILE) >= 60
    assert len(GOOD) >= 40


def _opens(content: bytes) -> None:
    if content.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(content)) as document:
            assert len(document.pages) > 0
    else:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            assert not image.getexif()


def _bare(content: bytes) -> bytes:
    """With streams unpacked, so that nothing can hide in them."""
    if not content.startswith(b"%PDF-"):
        return content
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


@pytest.mark.parametrize("sample", HOSTILE, ids=lambda sample: sample.title)
async def test_hostile_files_are_stopped(sample: Any) -> None:
    try:
        checked = await FileCheck().check(sample.name, sample.content)
    except FileRefusedError:
        return
    assert not sample.must_refuse, "taken"
    found = [word for word in sample.forbidden if word in checked.content + _bare(checked.content)]
    assert found == []
    assert len(checked.content) <= MAX_BYTES
    _opens(checked.content)


@pytest.mark.parametrize("sample", GOOD, ids=lambda sample: sample.title)
async def test_good_files_pass(sample: Any) -> None:
    checked = await FileCheck().check(sample.name, sample.content)
    assert 0 < len(checked.content) <= MAX_BYTES
    _opens(checked.content)
    if checked.kind == "pdf":
        with (
            pikepdf.open(io.BytesIO(sample.content)) as before,
            pikepdf.open(io.BytesIO(checked.content)) as after,
        ):
            assert len(after.pages) == len(before.pages)


async def test_a_turned_photo_is_upright_and_its_picture_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = await FileCheck().check("a.jpg", corpus.picture(size=(320, 200), exif=exif.tobytes()))
    with Image.open(io.BytesIO(checked.content)) as image:
        assert image.size == (200, 320)


async def test_transparency_and_pixels_survive() -> None:
    source = Image.new("RGBA", (20, 20), (10, 200, 30, 128))
    out = io.BytesIO()
    source.save(out, "PNG")
    checked = await FileCheck().check("a.png", out.getvalue())
    with Image.open(io.BytesIO(checked.content)) as image:
        assert image.getpixel((5, 5)) == (10, 200, 30, 128)


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("../../etc/passwd.pdf", "pdf", "passwd.pdf"),
        ("C:\\Users\\Jan\\wynik.pdf", "pdf", "wynik.pdf"),
        ("wynik\u202efdp.pdf", "pdf", "wynikfdp.pdf"),
        ("IMG_0001.HEIC", "jpeg", "IMG_0001.jpg"),
        ("a\0b\n.png", "png", "ab.png"),
        ("", "png", "plik.png"),
        (".pdf", "pdf", "pdf.pdf"),
        ("ż" * 500 + ".jpg", "jpeg", "ż" * 80 + ".jpg"),
        ("wypis.v2", "pdf", "wypis.v2.pdf"),
    ],
)
def test_names_are_safe_to_show(name: str, kind: Any, shown: str) -> None:
    assert display_name(name, kind) == shown


async def test_many_at_once_are_checked_one_after_another() -> None:
    check = FileCheck(at_once=2)
    checked = await asyncio.gather(*(check.check("a.pdf", corpus.pdf(3)) for _ in range(6)))
    assert len(checked) == 6
