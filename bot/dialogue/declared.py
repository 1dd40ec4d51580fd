"""What config.yml declares of the tasks: what starts each of them, and what belongs to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bot.dialogue.turn import Turn

_CUE = "cue:"


class Declared:
    """The declared tasks, `{task: {intents, about, wishes, inside}}` (see config.yml):

    `intents` start it (one fact of an intent too: "ask_online_consultation/now"), `about` are kinds of
    things whose mention starts it, `wishes` are intents that start it unless the message asks how things
    are, `inside` are intents that belong to it while open, `shouted` are intents that start it as one word
    in capitals with nothing open ("NIE" to the reminder), `again` are kinds of things whose mere
    mention puts its question again right after it ("a kardiolog?"),
    `claims` are intents of others that are its own when a cue is heard ("book_visit with at_a_partner"),
    `follows` are kinds of things (and words, "cue:child_patient") whose bare mention goes on with the answer
    that was set aside, facts kept.
    """

    def __init__(self, tasks: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.starts = {intent: task for task, spec in tasks.items() for intent in spec.get("intents", ())}
        self.about = {task: frozenset(spec.get("about", ())) for task, spec in tasks.items()}
        self.wishes = {intent: task for task, spec in tasks.items() for intent in spec.get("wishes", ())}
        self.shouted = {intent: task for task, spec in tasks.items() for intent in spec.get("shouted", ())}
        self.again = {task: frozenset(spec["again"]) for task, spec in tasks.items() if spec.get("again")}
        self.follows: dict[str, frozenset[str]] = {}
        self.follows_words: dict[str, frozenset[str]] = {}
        for task, spec in tasks.items():
            kinds = set(spec.get("follows", ()))
            self.follows_words[task] = frozenset(k.removeprefix(_CUE) for k in kinds if k.startswith(_CUE))
            if kinds:
                self.follows[task] = frozenset(k for k in kinds if not k.startswith(_CUE))
        self.claims: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for task, spec in tasks.items():
            for claim in spec.get("claims", ()):
                intent, _, word = claim.partition(" with ")
                self.claims[intent].append((word, task))
        self.inside = {task: frozenset(spec.get("inside", ())) for task, spec in tasks.items()}

    def named(self, turn: Turn) -> str | None:
        """The task whose things are named, whatever the intent."""
        return next((task for task, kinds in self.about.items() if turn.has(*kinds)), None)
