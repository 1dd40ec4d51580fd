"""The intent model on a handful of messages."""

from pathlib import Path

import pytest

from bot.nlu.intent_model import IntentModel
from bot.nlu.material import Example, ModelSettings
from bot.nlu.spans import Span

MESSAGES = {
    "book_visit": [
        "umów mnie do okulisty",
        "chciałabym zapisać się na wizytę",
        "proszę zarezerwować termin u lekarza",
        "potrzebuję wizyty jak najszybciej",
        "zapisz mnie na konsultację",
        "czy mogę umówić wizytę",
    ],
    "cancel_visit": [
        "odwołaj moją wizytę",
        "chcę zrezygnować z terminu",
        "nie dam rady przyjść, proszę odwołać",
        "anuluj rezerwację na jutro",
        "muszę odwołać konsultację",
        "skreślcie mnie z jutrzejszej wizyty",
    ],
    "thanks": [
        "dziękuję bardzo",
        "dzięki za pomoc",
        "super, dziękuję",
        "wielkie dzięki",
        "dziękuję i to wszystko",
    ],
}
SETTINGS = ModelSettings(folds=3, calibration_strength=1.0)


def examples() -> list[Example]:
    return [Example(text, (), intent) for intent, texts in MESSAGES.items() for text in texts]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel.train(examples(), SETTINGS)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("odwołuję wizytę", "cancel_visit"),
        ("ODWOLAC WIZYTE PROSZE", "cancel_visit"),
        ("zapisać mnie do lekarza", "book_visit"),
        ("zapsiac sie na wizyte", "book_visit"),
        ("dziekujee", "thanks"),
    ],
)
def test_unseen_wording_is_understood(model: IntentModel, text: str, intent: str) -> None:
    assert model.ranking(text, ())[0][0] == intent


def test_probabilities_of_all_intents_in_order(model: IntentModel) -> None:
    ranking = model.ranking("odwołaj wizytę", ())
    values = [probability for _, probability in ranking]
    assert sorted(name for name, _ in ranking) == sorted(MESSAGES)
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1)


def test_a_loaded_model_answers_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text in ("odwołaj wizytę", "zapsiac sie", "👍", ""):
        expected = dict(model.ranking(text, ()))
        assert dict(loaded.ranking(text, ())) == pytest.approx(expected, abs=1e-2)


def test_no_message_travels_in_the_model(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    stored = " ".join(file.read_text(encoding="utf-8") for file in tmp_path.glob("*.json"))
    assert "okulisty" in stored  # the vocabulary does
    assert "umów mnie do okulisty" not in stored
    assert "umow mnie do okulisty" not in stored


def test_training_is_repeatable(model: IntentModel) -> None:
    again = IntentModel.train(examples(), SETTINGS)
    assert again.ranking("może jutro", ()) == model.ranking("może jutro", ())


def test_correction_reads_words_with_a_slip() -> None:
    text = "odwolajj moja wizte"
    corrected = IntentModel.train(examples(), SETTINGS)
    plain = IntentModel.train(examples(), ModelSettings(folds=3, calibration_strength=1.0, correction=False))
    assert dict(corrected.ranking(text, ()))["cancel_visit"] > dict(plain.ranking(text, ()))["cancel_visit"]


def test_masked_names_carry_over_to_unseen_ones() -> None:
    def in_city(text: str, name: str, intent: str) -> Example:
        start = text.index(name)
        return Example(text, (Span(start, start + len(name), "city"),), intent)

    towns = ["Gdańsku", "Łodzi", "Płocku", "Pile"]
    named = [in_city(f"w {name}", name, "inform") for name in towns]
    named += [in_city(f"lepiej w {name}", name, "inform") for name in towns]
    model = IntentModel.train([*examples(), *named, Example("najlepiej rano", (), "inform")], SETTINGS)
    ranking = model.ranking("w Xyzowicach", (Span(2, 12, "city"),))
    assert ranking[0][0] == "inform"
    assert ranking[0][1] > dict(model.ranking("w Xyzowicach", ()))["inform"]


def test_misspelt_copies_are_an_option() -> None:
    model = IntentModel.train(examples(), ModelSettings(folds=3, calibration_strength=1.0, copies=2))
    assert model.ranking("odwołaj", ())[0][0] == "cancel_visit"


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([Example("tak", (), "affirm"), Example("jasne", (), "affirm")], "two intents"),
        ([Example("tak", (), "affirm"), Example("jasne", (), "affirm"), Example("nie", (), "deny")], "deny"),
    ],
)
def test_too_little_to_learn_from(messages: list[Example], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        IntentModel.train(messages, SETTINGS)


def test_unknown_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="dreams"):
        ModelSettings(blocks={"dreams": 1.0})


def test_concepts_understand_a_word_never_met_and_are_stored(tmp_path: Path) -> None:
    settings = ModelSettings(folds=3, calibration_strength=1.0, blocks={"concepts": 1.0})
    trained = IntentModel.train(examples(), settings)
    trained.save(tmp_path)
    for known in (trained, IntentModel.load(tmp_path)):
        assert known.ranking("wycofuję konsultację", ())[0][0] == "cancel_visit"


def test_no_concepts_are_stored_when_they_are_left_out(tmp_path: Path) -> None:
    settings = ModelSettings(folds=3, calibration_strength=1.0, blocks={"characters": 1.0, "masked": 1.0})
    IntentModel.train(examples(), settings).save(tmp_path)
    assert not (tmp_path / "concepts.json").exists()


ASKED = {
    "": ["jak potwierdzić tożsamość", "chcę się zweryfikować", "potwierdzenie konta", "weryfikacja, jak?"],
    "banks": ["przez jaki bank", "czy działa z mBankiem", "lista banków", "mój bank, czy obsługujecie"],
    "age": ["ile trzeba mieć lat", "od jakiego wieku", "syn ma 16 lat, może", "wiek, od ilu lat"],
}


class TestFacts:
    """Facts inside an intent."""

    @pytest.fixture(scope="class")
    def model(self) -> IntentModel:
        asked = [
            Example(text, (), "confirm_identity", fact) for fact, texts in ASKED.items() for text in texts
        ]
        return IntentModel.train([*examples(), *asked], SETTINGS)

    @pytest.mark.parametrize(("text", "fact"), [("a z jakim bankiem?", "banks"), ("od ilu lat można", "age")])
    def test_a_fact_is_found_inside_its_intent(self, model: IntentModel, text: str, fact: str) -> None:
        first = model.readings(text, ())[0]
        assert first.intent == "confirm_identity"
        assert first.fact is not None
        assert first.fact.name == fact

    def test_an_intent_without_facts_has_none(self, model: IntentModel) -> None:
        assert model.readings("odwołaj moją wizytę", ())[0].fact is None

    def test_as_many_readings_as_wanted_have_their_fact(self, model: IntentModel) -> None:
        assert sum(reading.fact is not None for reading in model.readings("bank", (), facts=4)) == 1
        assert all(reading.fact is None for reading in model.readings("bank", (), facts=0))

    def test_loaded_facts_are_the_same(self, model: IntentModel, tmp_path: Path) -> None:
        model.save(tmp_path)
        loaded = IntentModel.load(tmp_path)
        before, after = (m.readings("który bank wybrać", ())[0].fact for m in (model, loaded))
        assert before is not None
        assert after is not None
        assert after.name == before.name
        assert after.confidence == pytest.approx(before.confidence, abs=1e-2)
