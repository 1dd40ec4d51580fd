"""Files in conversation: which one is meant, what a new one is called, what describes it."""

import pytest

from bot.actions.attachments.adding import file_name
from bot.actions.attachments.files import meant
from bot.portal.records import Attachment

FILES = [
    Attachment(
        id="1",
        file_name="morfologia.pdf",
        content_type="application/pdf",
        description="Morfologia z listopada",
    ),
    Attachment(
        id="2", file_name="rtg-kolana.jpg", content_type="image/jpeg", description="RTG prawego kolana"
    ),
    Attachment(id="3", file_name="znamie.png", content_type="image/png", description="Znamię na ramieniu"),
    Attachment(id="4", file_name="wypis.pdf", content_type="application/pdf", description="Karta wypisowa"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("usuń wypis", ["4"]),
        ("skasuj plik wypis.pdf", ["4"]),
        ("wywal zdjęcie kolana", ["2"]),
        ("to ze znamieniem usun", ["3"]),
        ("usuń najstarszy", ["1"]),
        ("skasuj ostatni plik", ["4"]),
        ("ten drugi", ["2"]),
        ("usuń morfologię z listopada", ["1"]),
        ("usuń najnowszy pdf", ["4"]),
        ("usuń zdjęcie", ["2", "3"]),
        ("usuń plik", ["1", "2", "3", "4"]),
    ],
)
def test_which_file_is_meant(text: str, found: list[str]) -> None:
    assert [item.id for item in meant(text, FILES)] == found


@pytest.mark.parametrize(
    ("description", "kind", "name"),
    [
        ("Wyniki krwi z października", "application/pdf", "wyniki-krwi-z-pazdziernika.pdf"),
        ("RTG kolana!", "image/jpeg", "rtg-kolana.jpg"),
        ("🙂🙂", "image/png", "plik.png"),
        ("a" * 90, "image/png", "a" * 40 + ".png"),
        ("../../etc/passwd", "application/pdf", "etc-passwd.pdf"),
    ],
)
def test_a_file_is_named_after_its_description(description: str, kind: str, name: str) -> None:
    assert file_name(description, kind) == name
