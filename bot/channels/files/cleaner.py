"""Checks and rewrites one file; run as a process of its own, with limits, and never imported.

`python cleaner.py jpeg|png|pdf` reads the file from standard input and writes the clean one to standard
output. Exit code 3: refused, the reason is on standard error; anything else: the file broke the process.
Nothing of ours is imported, so that a file that takes over this process finds nothing.
"""

from __future__ import annotations

import ctypes
import io
import resource
import sys
import warnings
from typing import Any

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
"""More than a phone's largest photo (48 megapixels)."""
MAX_PAGES = 200
MEMORY = 1024**3
CPU_SECONDS = 10
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_ACTIVE_KEYS = (
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/RichMedia",
    "/RichMediaContent",
    "/XFA", "/Collection", "/Launch", "/Rendition", "/Movie", "/Sound", "/PieceInfo", "/Metadata", "/Perms",
)  # fmt: skip
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/GoToR", "/Movie",
    "/Sound",
    "/RichMediaExecute", "/ResetForm", "/Hide", "/Trans", "/GoTo3DView", "/SetOCGState",
}  # fmt: skip
_ACTIVE_NOTES = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}


class Refused(Exception):  # noqa: N818 - the word of the protocol
    """The reason, a code of texts.yml."""


def main() -> int:
    """Reads, cleans, writes."""
    confine()
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        if len(content) > MAX_BYTES:
            raise Refused("too_large")
        cleaned = clean_pdf(content) if sys.argv[1] == "pdf" else clean_image(content, sys.argv[1])
        if len(cleaned) > MAX_BYTES:
            raise Refused("too_large")
    except Refused as reason:
        sys.stderr.write(str(reason))
        return 3
    sys.stdout.buffer.write(cleaned)
    return 0


def confine() -> None:
    """No more memory, time or files than a good file needs; no network where the system lets us drop it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    except (AttributeError, OSError):
        return  # not Linux


def clean_image(content: bytes, kind: str) -> bytes:
    """The pixels alone, encoded anew: no position, no thumbnails, nothing behind the end of the picture."""
    from PIL import Image, ImageOps, PngImagePlugin

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    formats = ("JPEG", "MPO") if kind == "jpeg" else ("PNG",)
    try:
        with Image.open(io.BytesIO(content), formats=formats) as checked:
            checked.verify()
        with Image.open(io.BytesIO(content), formats=formats) as image:
            image.seek(0)
            image.load()
            upright = ImageOps.exif_transpose(image)
            return _encoded(upright, kind)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError) as error:
        raise Refused("image_too_large") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError) as error:
        raise Refused("damaged") from error


def _encoded(image: Any, kind: str) -> bytes:
    from PIL import Image

    # A fresh image: what the file carried beside its pixels stays behind.
    bare = Image.new(image.mode, image.size)
    if image.mode == "P":
        bare.putpalette(image.getpalette())
    bare.paste(image)
    if kind == "png":
        return _saved(bare, "PNG")
    picture = bare if bare.mode in {"L", "RGB"} else bare.convert("RGB")
    for quality in (92, 85, 75):
        made = _saved(picture, "JPEG", quality=quality)
        if len(made) <= MAX_BYTES:
            break
    return made


def _saved(image: Any, name: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format=name, **options)
    return out.getvalue()


def clean_pdf(content: bytes) -> bytes:
    """The pages without anything that acts by itself or hides another file; junk around them is gone."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            if not 0 < len(pdf.pages) <= MAX_PAGES:
                raise Refused("too_many_pages" if len(pdf.pages) else "damaged")
            _disarm(pdf)
            out = io.BytesIO()
            pdf.save(out, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except (
        pikepdf.PdfError,
        MemoryError,
        ValueError,
        KeyError,
        TypeError,
        RuntimeError,
        AttributeError,
    ) as error:
        raise Refused("damaged") from error


def _disarm(pdf: Any) -> None:
    """Every object is looked at: what acts can hide anywhere."""
    import pikepdf

    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in ("/JavaScript", "/EmbeddedFiles", "/Renditions", "/AlternatePresentations"):
            if key in names:
                del names[key]
    for item in pdf.objects:
        _strip(item, pikepdf, 0)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def _strip(item: Any, pikepdf: Any, depth: int) -> None:
    if depth > 50:
        raise Refused("damaged")
    if isinstance(item, pikepdf.Array):
        for part in list(item):
            if not part.is_indirect if isinstance(part, pikepdf.Object) else False:
                _strip(part, pikepdf, depth + 1)
        return
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key in _ACTIVE_KEYS:
        if key in item:
            del item[key]
    if str(item.get("/Subtype", "")) in _ACTIVE_NOTES and "/Rect" in item:
        _silence(item)
    if str(item.get("/S", "")) in _ACTIVE_ACTIONS and "/K" not in item:
        _silence(item)
    for key in list(item.keys()):
        part = item.get(key)
        if isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect:
            _strip(part, pikepdf, depth + 1)


def _silence(item: Any) -> None:
    """An action or a note that does nothing any more; its place in the page stays."""
    for key in list(item.keys()):
        if key not in {"/Rect", "/Type", "/P"}:
            del item[key]
    if "/Rect" in item:
        item["/Subtype"] = _name("/Text")


def _name(value: str) -> Any:
    import pikepdf

    return pikepdf.Name(value)


if __name__ == "__main__":
    sys.exit(main())
