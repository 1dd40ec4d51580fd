"""Our components inside Rasa: trained, stored, loaded, parsing."""

import json
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message

from bot.language.times import When
from bot.nlu import dictionaries
from bot.nlu.classifier import PolishIntentClassifier
from bot.nlu.dictionaries import DictionaryHolder
from bot.nlu.entities import LexiconEntityExtractor
from bot.nlu.parsing import Understanding, parse_lines
from tests.nlu.conftest import NOW, world
from tests.nlu.test_intent_model import MESSAGES

# A handful of messages says nothing of what messages are made of: that block is left out here.
BLOCKS = {"characters": 1.0, "lemmas": 0.5, "masked": 1.0, "shape": 0.3}
PIPELINE: list[dict[str, Any]] = [
    {"name": "bot.nlu.entities.LexiconEntityExtractor"},
    {
        "name": "bot.nlu.classifier.PolishIntentClassifier",
        "folds": 3,
        "calibration_strength": 0.02,  # a model of so few messages is too sure of itself
        "blocks": BLOCKS,
    },
    {"name": "FallbackClassifier", "threshold": 0.7, "ambiguity_threshold": 0.1},
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained by Rasa with the test's names in it."""
    from rasa.model_training import train_nlu

    folder = tmp_path_factory.mktemp("project")
    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in MESSAGES.items()
    ]
    config = {"recipe": "default.v1", "assistant_id": "test", "language": "pl", "pipeline": PIPELINE}
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_TELEMETRY_ENABLED", "false")
        patch.chdir(folder)
        patch.setattr(dictionaries, "_HOLDER", DictionaryHolder())
        dictionaries.set_dictionaries(world())
        trained = train_nlu("config.yml", "nlu.yml", str(folder))
    assert trained is not None
    return Path(trained)


@pytest.fixture
def understanding(model: Path, empty_holder: DictionaryHolder) -> Understanding:
    return Understanding(model)


def test_a_message_gets_intent_ranking_and_entities(understanding: Understanding) -> None:
    parsed = understanding.parse("zapisz mnie do dermatologa w lodzi jutro po 16", NOW.isoformat())
    assert parsed["intent"]["name"] == "book_visit"
    assert parsed["intent"] == parsed["intent_ranking"][0]
    values = {entity["entity"]: entity["value"] for entity in parsed["entities"]}
    assert (values["specialty"], values["city"]) == ("dermatolog", "lodz")
    assert When.from_json(json.loads(values["when"])).allows(
        datetime.fromisoformat("2026-11-24T16:30:00+01:00")
    )
    assert json.loads(json.dumps(parsed)) == parsed


def test_the_clock_of_the_message_counts(understanding: Understanding) -> None:
    values = {
        now: next(e["value"] for e in understanding.parse("jutro", now)["entities"] if e["entity"] == "when")
        for now in ("2026-11-23T09:00:00+01:00", "2026-12-01T23:30:00+00:00")
    }
    dates = {now: When.from_json(json.loads(value)).date_from for now, value in values.items()}
    # 23:30 in London is the next day in Warsaw.
    assert [str(day) for day in dates.values()] == ["2026-11-24", "2026-12-03"]


def test_what_is_not_understood_falls_back_and_keeps_the_ranking(understanding: Understanding) -> None:
    parsed = understanding.parse("qwzx")
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["intent_ranking"][0]["name"] == "nlu_fallback"
    assert {entry["name"] for entry in parsed["intent_ranking"]} == {"nlu_fallback", *MESSAGES}


def test_a_slash_does_not_choose_the_intent(understanding: Understanding) -> None:
    parsed = understanding.parse('/cancel_visit{"city": "lodz"}')
    assert parsed["intent"].get("confidence") != 1.0


@pytest.mark.parametrize("text", ["", " ", "...", "👍"])
def test_a_text_without_words_is_no_error(understanding: Understanding, text: str) -> None:
    parsed = understanding.parse(text)
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["entities"] == []


def test_the_snapshot_is_in_the_model_and_no_message_is(model: Path) -> None:
    with tarfile.open(model) as archive:
        names = {Path(name).name for name in archive.getnames()}
        texts = [
            archive.extractfile(member).read().decode("utf-8")  # type: ignore[union-attr]
            for member in archive.getmembers()
            if member.name.endswith(".json")
        ]
    assert "dictionaries.json" in names
    assert not any("umów mnie do okulisty" in text for text in texts)


def test_lines_of_every_form(model: Path, empty_holder: DictionaryHolder) -> None:
    lines = [
        '{"text": "jutro", "now": "2026-11-23T09:00:00+01:00"}\n',
        '"dziękuję bardzo"\n',
        "\n",
        "odwołaj moją wizytę\n",
        "2\n",
    ]
    results = list(parse_lines(model, lines))
    assert [result["text"] for result in results] == ["jutro", "dziękuję bardzo", "odwołaj moją wizytę", "2"]
    assert results[2]["intent"]["name"] == "cancel_visit"


@pytest.mark.parametrize(
    "line",
    [
        '{"txt": "jutro"}',
        '{"text": 5}',
        '{"text": "a", "now": "2026-11-23T09:00:00"}',
        '{"text": "a", "now": "x"}',
    ],
)
def test_a_wrong_line_is_named(model: Path, empty_holder: DictionaryHolder, line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(parse_lines(model, ["tak", line]))


class TestExtractor:
    """The component by itself."""

    @pytest.fixture
    def extractor(self, empty_holder: DictionaryHolder) -> LexiconEntityExtractor:
        empty_holder.set(world())
        return LexiconEntityExtractor({}, None, Resource("test"), clock=lambda: NOW)

    @staticmethod
    def entities(extractor: LexiconEntityExtractor, text: str, **metadata: object) -> dict[str, Any]:
        message = Message({"text": text, "metadata": metadata})
        extractor.process([message])
        return {entity["entity"]: entity["value"] for entity in message.get("entities")}

    @pytest.mark.parametrize("now", ["yesterday", 5, None])
    def test_a_malformed_clock_does_not_cost_the_turn(
        self, extractor: LexiconEntityExtractor, now: object
    ) -> None:
        found = self.entities(extractor, "jutro", now=now)
        assert json.loads(found["when"])["date_from"] == "2026-11-24"

    def test_dependants_of_the_patient(self, extractor: LexiconEntityExtractor) -> None:
        children = [{"id": "d1", "first_name": "Zofia"}]
        assert self.entities(extractor, "umów Zofię", dependants=children) == {"dependant": "d1"}

    def test_fresh_names_are_seen_at_once(self, extractor: LexiconEntityExtractor) -> None:
        assert "city" not in self.entities(extractor, "w Radomiu")
        data = world()
        dictionaries.set_dictionaries({**data, "cities": [*data["cities"], {"id": "radom", "name": "Radom"}]})
        assert self.entities(extractor, "w Radomiu")["city"] == "radom"


def test_wrong_settings_are_refused() -> None:
    config = {**PolishIntentClassifier.get_default_config(), "blocks": {"dreams": 1}}
    with pytest.raises(InvalidConfigException, match="dreams"):
        PolishIntentClassifier(config, None, Resource("test"))
