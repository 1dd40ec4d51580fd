"""A new session carries what is known, once; stock Rasa carries every SlotSet there ever was."""

from __future__ import annotations

from rasa.core.actions.action import ActionSessionStart
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.session import SessionStart

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "slots": {
            "conversation": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
        },
    }
)


def long_conversation() -> DialogueStateTracker:
    tracker = DialogueStateTracker("a", DOMAIN.slots)
    for number in range(200):
        tracker.update(UserUttered(f"wiadomość {number}"))
        tracker.update(SlotSet("conversation", {"turns": number}))
    tracker.update(SlotSet("session_started_metadata", {"sender": "s", "text": "boli"}))
    return tracker


async def test_current_values_go_on_once() -> None:
    tracker = long_conversation()
    stock = await ActionSessionStart().run(CollectingOutputChannel(), None, tracker, DOMAIN)
    assert len(stock) > 200

    seen = Tracker.from_dict(tracker.current_state(EventVerbosity.ALL))
    ours = await SessionStart().run(CollectingDispatcher(), seen, {})
    assert [event["event"] for event in ours] == ["session_started", "slot", "action"]
    assert (ours[1]["name"], ours[1]["value"]) == ("conversation", {"turns": 199})


async def test_the_metadata_of_a_message_does_not_go_on() -> None:
    seen = Tracker.from_dict(long_conversation().current_state(EventVerbosity.ALL))
    ours = await SessionStart().run(CollectingDispatcher(), seen, {})
    assert "boli" not in str(ours)
