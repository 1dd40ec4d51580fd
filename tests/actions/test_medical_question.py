"""Medical questions: what they are about decides the words and the way to a doctor."""

import pytest

from bot.actions.medical_question import kind_of
from bot.language.concepts import concepts


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mogę łączyć ketonal z alkoholem?", "medicine"),
        ("ile tabletek na noc", "medicine"),
        ("czy wyniki morfologii są w normie", "result"),
        ("co znaczy opis rezonansu", "result"),
        ("czy w ciąży wolno jeść sushi", "pregnancy"),
        ("synek ma katar, co robić", "child"),
        ("kreci mi sie w glowie jak wstaje", "symptom"),
        ("czemu puchną mi nogi", "symptom"),
    ],
)
def test_what_a_question_is_about(text: str, kind: str) -> None:
    assert kind_of(text, concepts()) == kind
