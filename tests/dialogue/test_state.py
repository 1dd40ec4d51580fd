"""The conversation's memory."""

import json

from bot.dialogue.state import REMEMBERED_PROMPTS, Conversation, Frame, Option


def asked(conversation: Conversation, about: str) -> str:
    prompt = conversation.open(about, [Option("Tak", {"do": "say", "intent": "affirm"})])
    return prompt.key(0)


def test_round_trip_is_plain_json() -> None:
    conversation = Conversation(stack=[Frame("booking", facts={"city": ["krakow"]})])
    asked(conversation, "kind")
    data = conversation.to_json()
    assert Conversation.from_json(json.loads(json.dumps(data))).to_json() == data


def test_reading_does_not_share_the_slots_value() -> None:
    data = Conversation(stack=[Frame("booking", facts={"city": ["krakow"]})]).to_json()
    copy = Conversation.from_json(data)
    copy.stack[0].facts["city"].append("gdansk")
    assert data["stack"][0]["facts"]["city"] == ["krakow"]


def test_an_open_button_is_found_and_an_old_one_is_not() -> None:
    conversation = Conversation(stack=[Frame("booking")])
    first = asked(conversation, "kind")
    assert conversation.find(first) is not None
    second = asked(conversation, "consent")
    assert conversation.find(first) is None
    assert conversation.old[first.partition(".")[0]] == "kind"
    assert conversation.find(second) is not None


def test_keys_from_outside_find_nothing() -> None:
    conversation = Conversation(stack=[Frame("booking")])
    asked(conversation, "kind")
    for key in ("", "1", "1.", "1.9", "1.-1", "x.0", "1.0.0", "²"):
        assert conversation.find(key) is None, key


def test_old_prompts_are_bounded() -> None:
    conversation = Conversation(stack=[Frame("booking")])
    for _ in range(40):
        asked(conversation, "offer")
    assert len(conversation.old) == REMEMBERED_PROMPTS


def test_buttons_of_a_parked_task_stay_alive() -> None:
    conversation = Conversation(stack=[Frame("booking")])
    key = asked(conversation, "refused")
    conversation.parked = conversation.stack.pop()
    found = conversation.find(key)
    assert found is not None
    assert found[0] is conversation.parked
