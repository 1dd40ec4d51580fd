"""Parts of a message become messages of their own."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.requests import NextRequest
from bot.dialogue.state import CONVERSATION_SLOT, Conversation, Waiting
from bot.dialogue.texts import Texts

TEXTS = Texts(
    {
        "utter_label_intent_cancel_visit": "Odwołać wizytę",
        "utter_label_intent_book_visit": "Umówić wizytę",
        "utter_several_requests": "Po kolei:\n{things}",
        "utter_next_task": "Teraz następna sprawa.",
    }
)
CANCEL = {"text": "odwołaj", "intent": {"name": "cancel_visit", "confidence": 0.9}, "entities": []}
BOOK = {"text": "umów", "intent": {"name": "book_visit", "confidence": 0.9}, "entities": []}
METADATA = {"now": "2026-11-23T09:00:00+01:00"}


async def run(message: dict[str, Any], conversation: Conversation) -> tuple[list[Any], list[str]]:
    """Events of the action, and names of what it said."""
    latest = {"message_id": "m1", "metadata": METADATA, "input_channel": "web", **message}
    slots = {CONVERSATION_SLOT: conversation.to_json()}
    tracker = Tracker("me", slots, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await NextRequest(TEXTS).run(dispatcher, tracker, {})
    return events, [str(said["response"]) for said in dispatcher.messages]


async def test_the_first_part_is_said_and_the_second_waits() -> None:
    whole = {"text": "odwołaj i umów", "intent": CANCEL["intent"], "requests": [CANCEL, BOOK]}
    (slot, listen, said), spoken = await run(whole, Conversation())
    assert spoken == ["utter_several_requests"]
    assert listen["name"] == "action_listen"
    assert (said["text"], said["message_id"], said["input_channel"]) == ("odwołaj", "m1.1", "web")
    assert said["metadata"] == {**METADATA, "part": 1}
    assert said["parse_data"]["intent"]["name"] == "cancel_visit"
    waiting = Conversation.from_json(slot["value"]).waiting
    assert [one.message["text"] for one in waiting] == ["umów"]


async def test_what_waits_is_announced() -> None:
    conversation = Conversation(waiting=[Waiting(dict(BOOK), 0)])
    (slot, _, said), spoken = await run(dict(CANCEL), conversation)
    assert spoken == ["utter_next_task"]
    assert said["text"] == "umów"
    assert Conversation.from_json(slot["value"]).waiting == []


async def test_nothing_waiting_is_the_end() -> None:
    events, spoken = await run(dict(CANCEL), Conversation())
    assert (len(events), spoken) == (1, [])
