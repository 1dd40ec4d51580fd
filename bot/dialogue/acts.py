"""Intents by what they do in a conversation, whatever the task."""

from __future__ import annotations

from bot.dialogue.turn import FALLBACK

ACTS = frozenset(
    {
        "affirm", "affirm_weak", "deny", "cancel_task", "correct", "repeat", "wait", "go_back", "skip", "why",
        "no_preference", "choose_option", "inform", "resume", "start_over", "show_earlier", "show_later",
        "show_more", "other_doctor", "other_day", "other_place", "gibberish", FALLBACK,
    }
)  # fmt: skip
"""Acts of conversation: inside a task they belong to it, whatever it is."""

TELLING = frozenset({"inform", "correct", "choose_option", "no_preference", FALLBACK})
"""Intents that only carry facts: they start a task when the facts name what the task is about."""

POLITE = frozenset({"thanks", "goodbye"})
"""What may stand beside a yes: "tak, dziękuję", "tak, do widzenia"."""

REFINING = frozenset({"show_earlier", "show_later", "show_more", "other_doctor", "other_day", "other_place"})
"""Intents that ask for something else than what was shown."""

ANSWERS = frozenset({"affirm", "affirm_weak", "deny"})

ALWAYS_ANSWERED = frozenset(
    {"emergency", "crisis", "human", "foreign_language", "insult", "medical_question"}
)
"""Never taken for the answer to a question."""

MOVES = frozenset({"reschedule_visit", "cancel_visit"})
"""Intents that change a booked visit, and are heard in "wolę w piątek" too."""

SURE = 0.6
"""Below this confidence, something that fits the open question is taken as its answer."""

THINGS = frozenset({"service", "specialty", "unlisted"})
"""Kinds of things that stand for a question of their own even in the middle of another task."""

OF_VISITS = ("service", "specialty", "doctor")
"""What names a booked visit in the middle of another task."""
