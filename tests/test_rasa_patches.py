"""The patches do what the stock class does, without its cost."""

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core.actions import action as rasa_action

from bot import rasa_patches

GOOD = {"events": [{"event": "slot", "name": "x", "value": 1}], "responses": [{"text": "a"}]}
BAD = [
    {"events": [], "responses": {}},
    {"events": {}, "responses": []},
    {"events": [{"name": "x"}], "responses": []},
]


@pytest.fixture
def remote() -> rasa_action.RemoteAction:
    rasa_patches.apply()
    return rasa_action.RemoteAction("action_x", None)


def test_good_answers_pass(remote: rasa_action.RemoteAction) -> None:
    assert remote._validate_action_result(GOOD)


@pytest.mark.parametrize("answer", BAD)
def test_bad_answers_are_refused(remote: rasa_action.RemoteAction, answer: dict) -> None:
    with pytest.raises(ValidationError):
        remote._validate_action_result(answer)


def test_the_schema_is_checked_once_and_not_with_every_answer(
    remote: rasa_action.RemoteAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[object] = []
    original = rasa_patches.Draft7Validator.check_schema

    def counted(schema: object, *args: object, **kwargs: object) -> None:
        checks.append(schema)
        original(schema, *args, **kwargs)

    monkeypatch.setattr(rasa_patches.Draft7Validator, "check_schema", counted)
    rasa_patches._validator.cache_clear()
    for _ in range(20):
        remote._validate_action_result(GOOD)
    assert len(checks) == 1


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    with pytest.raises(rasa_patches.WrongRasaError):
        rasa_patches.apply()
