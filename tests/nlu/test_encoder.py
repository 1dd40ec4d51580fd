"""The door for a sentence encoder, with a tiny one that the test writes."""

import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from rasa.shared.exceptions import InvalidConfigException

from bot.nlu import dictionaries
from bot.nlu.dictionaries import DictionaryHolder
from bot.nlu.encoder import EncoderError, SentenceEncoder, WordPiece, encoder_fingerprint
from bot.nlu.encoder_component import OnnxSentenceFeaturizer
from bot.nlu.intent_model import IntentModel
from bot.nlu.material import Example, ModelSettings
from bot.nlu.parsing import Understanding
from tests.nlu.conftest import world
from tests.nlu.test_intent_model import MESSAGES, SETTINGS, examples
from tests.nlu.test_pipeline import PIPELINE
from tests.nlu.tiny_encoder import write_encoder

# To book, to call off, to thank; everything else means nothing to this encoder.
VECTORS: dict[str, tuple[float, float, float]] = {
    "[UNK]": (0, 0, 0),
    "[CLS]": (0, 0, 0),
    "[SEP]": (0, 0, 0),
    "umów": (1, 0, 0),
    "odwoł": (0, 1, 0),
    "##aj": (0, 1, 0),
    "merci": (0, 0, 1),
    "booking": (1, 0, 0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"), VECTORS)


@pytest.fixture(scope="module")
def encoder(folder: Path) -> SentenceEncoder:
    return SentenceEncoder.load(folder, lowercase=True)


@pytest.mark.parametrize(
    ("text", "vector"),
    [("Umów", (1, 0, 0)), ("odwołaj", (0, 1, 0)), ("merci, merci!", (0, 0, 1)), ("", (0, 0, 0))],
)
def test_a_text_becomes_a_vector_of_length_one(
    encoder: SentenceEncoder, text: str, vector: tuple[int, ...]
) -> None:
    assert encoder.width == 3
    assert encoder.encode(text) == pytest.approx(vector)


def test_words_are_cut_into_the_longest_pieces() -> None:
    pieces = WordPiece({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "umów": 3, "##ić": 4, "u": 5}, lowercase=True)
    assert pieces.ids("Umówić u X") == [1, 3, 4, 5, 0, 2]
    assert len(pieces.ids("u " * 1000)) == 128


def test_what_is_missing_is_said(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderError, match=r"encoder\.onnx"):
        SentenceEncoder.load(tmp_path)
    with pytest.raises(EncoderError, match="lacks"):
        WordPiece({"a": 0}, lowercase=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EncoderError, match="onnxruntime"):
        SentenceEncoder.load(folder)


def test_another_encoder_is_another_model(folder: Path, tmp_path: Path) -> None:
    other = write_encoder(tmp_path / "other", {**VECTORS, "merci": (0, 1, 1)})
    assert encoder_fingerprint(folder) != encoder_fingerprint(other) != ""
    assert encoder_fingerprint(tmp_path) == ""


def test_the_component_needs_a_folder() -> None:
    for config in ({"path": None}, {"path": "no/such/folder"}):
        with pytest.raises(InvalidConfigException):
            OnnxSentenceFeaturizer.create(
                {**OnnxSentenceFeaturizer.get_default_config(), **config},
                None,  # type: ignore[arg-type]
                None,  # type: ignore[arg-type]
                None,  # type: ignore[arg-type]
            )


def test_a_vector_tells_what_unseen_words_mean(encoder: SentenceEncoder, tmp_path: Path) -> None:
    known = [example._replace(vector=encoder.encode(_meant(example.intent))) for example in examples()]
    model = IntentModel.train(known, SETTINGS)
    text = "merci"
    plain = dict(IntentModel.train(examples(), SETTINGS).ranking(text, ()))
    sentence = encoder.encode(text)
    read = {r.intent: r.confidence for r in model.readings(text, (), sentence=sentence)}
    assert read["thanks"] > max(plain["thanks"], 0.5)
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path).readings(text, (), sentence=sentence)[0]
    assert loaded.confidence == pytest.approx(read["thanks"], abs=1e-2)


def _meant(intent: str) -> str:
    return {"book_visit": "umów", "cancel_visit": "odwołaj", "thanks": "merci"}[intent]


def test_all_messages_or_none_have_a_vector() -> None:
    first, *rest = examples()
    with pytest.raises(ValueError, match="left out"):
        IntentModel.train(
            [first._replace(vector=np.ones(3, dtype=np.float32)), *rest], ModelSettings(folds=3)
        )


def test_a_pipeline_with_an_encoder(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.model_training import train_nlu

    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in MESSAGES.items()
    ]
    encoder = {"name": "bot.nlu.encoder_component.OnnxSentenceFeaturizer", "path": str(folder)}
    pipeline = [PIPELINE[0], encoder, *PIPELINE[1:]]
    config = {"recipe": "default.v1", "assistant_id": "test", "language": "pl", "pipeline": pipeline}
    (tmp_path / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (tmp_path / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dictionaries, "_HOLDER", DictionaryHolder())
    dictionaries.set_dictionaries(world())
    trained = train_nlu("config.yml", "nlu.yml", str(tmp_path))
    assert trained is not None
    parsed = Understanding(Path(trained)).parse("odwołaj moją wizytę")
    assert parsed["intent"]["name"] == "cancel_visit"


def test_without_an_encoder_nothing_changes() -> None:
    assert Example("tak", (), "affirm").vector is None
