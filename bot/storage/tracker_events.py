"""Rasa's events as bytes, and the few events that stand for everything before a moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST = 60
"""Events a working history may have before its older part is replaced by what it came to."""
KEPT = 24
"""At least so many stay: three or four turns, which "powtórz" and Rasa's rules look at."""


def to_bytes(events: Iterable[Event]) -> bytes:
    """JSON, UTF-8."""
    return json.dumps(
        [event.as_dict() for event in events], ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8", "surrogatepass")


def from_bytes(text: bytes) -> list[Event]:
    """What `to_bytes` wrote. Raises ValueError for an event Rasa does not know."""
    events: list[Event] = deserialise_events(json.loads(text.decode("utf-8", "surrogatepass")))
    return events


def standing_for(tracker: DialogueStateTracker) -> list[Event]:
    """The fewest events with which a new tracker is where this one is: current values, then listening."""
    at = tracker.events[-1].timestamp if tracker.events else None
    events: list[Event] = [
        SlotSet(slot.name, slot.value, timestamp=at)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value
    ]
    if tracker.active_loop is not None and tracker.active_loop.name:
        events.append(ActiveLoop(tracker.active_loop.name, timestamp=at))
    if tracker.is_paused():
        events.append(ConversationPaused(timestamp=at))
    events.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    return events


def cut(events: Sequence[Event], starts: Sequence[int]) -> int | None:
    """Which of `starts` (indexes where a batch begins) the kept part begins with; None: nothing to cut."""
    if len(events) <= LONGEST:
        return None
    found = None
    for number, start in enumerate(starts):
        kept = events[start:]
        if start == 0 or not any(isinstance(event, UserUttered) for event in kept):
            continue
        if found is None or len(kept) >= KEPT:
            found = number
    return found


def replay(sender: str, events: Iterable[Event], domain: Domain) -> DialogueStateTracker:
    """A tracker that has seen these events."""
    tracker = DialogueStateTracker(sender, domain.slots)
    for event in events:
        tracker.events.append(event)
    tracker.replay_events()
    return tracker
