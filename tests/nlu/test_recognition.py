"""Names and times of a message, as entities and spans."""

import json
from datetime import date, time

from bot.language.lexicon import Lexicon
from bot.language.times import TimeExpression, When
from bot.nlu.recognition import entities_of, named_spans, recognise
from bot.nlu.spans import Span, without_overlaps
from tests.nlu.conftest import NOW


def entities(text: str, lexicon: Lexicon) -> dict[str, dict[str, object]]:
    return {entity["entity"]: entity for entity in entities_of(recognise(text, NOW, lexicon), "Test")}


def test_a_name_carries_everything_about_it(lexicon: Lexicon) -> None:
    found = entities("szukam dermatologa w lodzi", lexicon)
    assert found["specialty"] == {
        "entity": "specialty",
        "value": "dermatolog",
        "candidates": ["dermatolog"],
        "start": 7,
        "end": 18,
        "text": "dermatologa",
        "score": found["specialty"]["score"],
        "negated": False,
        "contrast": None,
        "extractor": "Test",
    }
    assert found["city"]["value"] == "lodz"


def test_an_ambiguous_name_lists_all_candidates(lexicon: Lexicon) -> None:
    found = entities("kiedy przyjmuje dr Nowak", lexicon)["doctor"]
    assert sorted(found["candidates"]) == ["1", "2"]  # type: ignore[call-overload]
    assert found["value"] == found["candidates"][0]  # type: ignore[index]


def test_negation_reaches_the_entity(lexicon: Lexicon) -> None:
    assert entities("nie w Gdańsku", lexicon)["city"]["negated"] is True


def test_times_and_their_sum_survive_json(lexicon: Lexicon) -> None:
    found = entities("jutro po 16", lexicon)
    when = When.from_json(json.loads(str(found["when"]["value"])))
    assert (when.date_from, when.date_to, when.time_from) == (
        date(2026, 11, 24),
        date(2026, 11, 24),
        time(16),
    )
    expression = TimeExpression.from_json(json.loads(str(found["time"]["value"])))
    assert expression.text == found["time"]["text"]


def test_entities_are_plain_data(lexicon: Lexicon) -> None:
    found = entities_of(recognise("dla córki do Nowaka w Gdańsku we wtorek po 16", NOW, lexicon), "Test")
    assert json.loads(json.dumps(found)) == found


def test_a_name_is_not_a_month(lexicon: Lexicon) -> None:
    found = entities("umów mnie do dr Maj", lexicon)
    assert found["doctor"]["value"] == "3"
    assert not {"time", "when"} & set(found)


def test_nothing_named(lexicon: Lexicon) -> None:
    assert entities("proszę o pomoc", lexicon) == {}


def test_spans_are_ordered(lexicon: Lexicon) -> None:
    spans = named_spans("jutro do okulisty w Gdańsku", NOW, lexicon)
    assert [span.kind for span in spans] == ["time", "specialty", "city"]
    assert spans == tuple(sorted(spans))


def test_of_overlapping_spans_the_longest_stays() -> None:
    spans = [Span(0, 4, "a"), Span(3, 12, "b"), Span(12, 14, "c"), Span(5, 6, "d")]
    assert without_overlaps(spans) == (Span(3, 12, "b"), Span(12, 14, "c"))
