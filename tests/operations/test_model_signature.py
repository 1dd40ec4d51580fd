"""A model that nobody we trust has signed is not loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import server
from bot.commands import train as command
from bot.operations.model_signature import ModelSignatureError, check, new_keys, sign, signature_path
from bot.settings import Settings, SettingsError

PRIVATE, PUBLIC = new_keys()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "assistant.tar.gz"
    path.write_bytes(bytes(range(256)) * 50)
    return path


def test_what_was_signed_is_accepted(model: Path) -> None:
    sign(model, PRIVATE)
    check(model, PUBLIC)


def test_an_altered_model_is_refused(model: Path) -> None:
    sign(model, PRIVATE)
    body = bytearray(model.read_bytes())
    body[6000] ^= 1
    model.write_bytes(body)
    with pytest.raises(ModelSignatureError, match="altered"):
        check(model, PUBLIC)


def test_somebody_elses_signature_is_refused(model: Path) -> None:
    sign(model, new_keys()[0])
    with pytest.raises(ModelSignatureError, match="another key"):
        check(model, PUBLIC)


@pytest.mark.parametrize("content", [b"", b"not base64!", b"YWJj", b"A" * 88, b"\xff\xfe"])
def test_what_is_no_signature_is_refused(model: Path, content: bytes) -> None:
    signature_path(model).write_bytes(content)
    with pytest.raises(ModelSignatureError):
        check(model, PUBLIC)


def test_the_signature_of_another_model_is_refused(model: Path) -> None:
    sign(model, PRIVATE)
    model.write_bytes(b"another")
    with pytest.raises(ModelSignatureError, match="altered"):
        check(model, PUBLIC)


@pytest.mark.parametrize(
    "key", ["", "short", PRIVATE + PRIVATE, "ż" * 44], ids=["empty", "short", "twice", "polish"]
)
def test_a_key_that_cannot_be_used_is_told_and_not_repeated(model: Path, key: str) -> None:
    for use in (sign, check):
        with pytest.raises(ModelSignatureError) as refused:
            use(model, key)
        assert not key or key not in str(refused.value)


def test_an_unsigned_model_stops_the_start_before_it_is_read(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*_: object, **__: object) -> None:
        raise AssertionError("the model was read")

    monkeypatch.setattr(server, "load_agent", load)
    settings = Settings(state=tmp_path, model_key=PUBLIC)
    with pytest.raises(SettingsError, match="is not signed"):
        server.build_app(settings, model, "http://127.0.0.1:1", demo=False)
    sign(model, PRIVATE)
    with pytest.raises(AssertionError, match="was read"):
        server.build_app(settings, model, "http://127.0.0.1:1", demo=False)


def test_training_signs_also_what_was_up_to_date(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "train", lambda force: model)
    monkeypatch.setattr(command, "from_environment", lambda: Settings(signing_key=PRIVATE))
    from bot.cli import parser

    options = parser(["train"]).parse_args(["train"])
    assert options.execute(options) == 0
    assert capsys.readouterr().out.strip() == str(model)
    check(model, PUBLIC)
