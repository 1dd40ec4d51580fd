"""Whether a message goes on with the task that was set aside, or asks once more what was answered."""

from __future__ import annotations

from bot.dialogue.acts import ACTS, ALWAYS_ANSWERED, ANSWERS, REFINING, TELLING, THINGS
from bot.dialogue.declared import Declared
from bot.dialogue.hearing import (
    about_the_proof,
    answers_refusal,
    carries_facts,
    gives_datum,
    only_names,
    unsure,
)
from bot.dialogue.options import match_option, named_option, option_within
from bot.dialogue.state import DONE, LISTED, PROOF, REFUSED, Conversation
from bot.dialogue.turn import Turn
from bot.language.cues import cue
from bot.language.questions import elliptical

_RECKONS = frozenset({"reimbursement"})
"""Tasks that tell where their sum comes from when asked."""
_REFUSES = frozenset({"cancellation", "rescheduling"})
"""Tasks that tell why they refused when asked."""
_NAME_ONLY = 3
_LIKELY = 0.5
"""From here on an intent that starts another task is rather that than a bare "a w Gdańsku?"."""
_SHORT = 4
"""Words: no longer message is a bare "a w Gdańsku?"."""


def takes_up_at_once(declared: Declared, turn: Turn, conversation: Conversation) -> bool:
    """Its option, its datum, nothing but its things, or the proof that it waits for: before any new task."""
    return (
        _names_option(turn, conversation)
        or _gives_datum(turn, conversation)
        or _follows_up(declared, turn, conversation)
        or _of_the_proof(turn, conversation)
    )


def goes_on(declared: Declared, turn: Turn, conversation: Conversation) -> bool:
    """Whether a message takes up the task that was set aside: asked to, or answering its last word."""
    parked = conversation.parked
    if parked is None or turn.intent == "resume":
        return parked is not None
    if parked.prompt is None:
        return False
    if parked.prompt.about == DONE:  # "ok" to what was done is no wish to undo it
        named = named_option(parked.prompt, turn) or option_within(parked.prompt, turn)
        return named is not None and (turn.intent in ACTS or unsure(turn))
    if unsure(turn) and option_within(parked.prompt, turn) is not None:  # "napisz za mnie tę wiadomość"
        return True
    if parked.task in _REFUSES and parked.prompt.about == REFUSED and answers_refusal(turn):
        return True
    if turn.intent == "why" and parked.task in _RECKONS:
        return True
    if parked.prompt.about == LISTED or parked.task in declared.follows:  # an answer, no wish of its own
        return turn.intent in ANSWERS or match_option(parked.prompt, turn) is not None
    if turn.intent in ANSWERS or match_option(parked.prompt, turn) is not None:
        return True
    if turn.intent in ACTS and option_within(parked.prompt, turn) is not None:
        return True
    # "Dermatolog w Gdańsku" after a refused list of results is a new wish, not more of that.
    return carries_facts(turn) and declared.named(turn) in {None, parked.task}


def asks_the_same(declared: Declared, turn: Turn, conversation: Conversation) -> bool:
    """ "A kardiolog?", "a dla Hani?" after an answer: the same question about something else."""
    kinds = declared.again.get(conversation.answered)
    if kinds is None or turn.intent in ALWAYS_ANSWERED | ANSWERS or not elliptical(turn.text):
        return False
    about = {task for task, things in declared.about.items() if things}
    other = declared.starts.get(turn.intent) not in {conversation.answered, *about}
    acts = TELLING if conversation.top is not None else ACTS  # "a jutro?" with nothing open is no wish
    if other and not unsure(turn) and turn.intent not in acts and not only_names(turn):
        return False
    if unsure(turn) and not turn.has_facts and "relation" in kinds:
        return len(turn.text.split()) <= _NAME_ONLY  # "a Leon?": who that is the task knows
    if conversation.top is not None and conversation.top.task != conversation.answered:
        kinds = kinds & THINGS  # a time or a town in the middle of another task is that task's
    return (
        any(m.kind in kinds for m in turn.mentions)
        or ("when" in kinds and turn.when is not None)
        or ("relation" in kinds and cue("before_whom").heard(turn.text))
    )


def _names_option(turn: Turn, conversation: Conversation) -> bool:
    """Whether the message is word for word an option of the task that was set aside."""
    parked = conversation.parked
    return parked is not None and parked.prompt is not None and named_option(parked.prompt, turn) is not None


def _of_the_proof(turn: Turn, conversation: Conversation) -> bool:
    """Whether the message is about the proof that the task set aside waits for."""
    prompt = conversation.parked.prompt if conversation.parked else None
    return prompt is not None and prompt.about == PROOF and about_the_proof(turn)


def _gives_datum(turn: Turn, conversation: Conversation) -> bool:
    """Whether the message is the datum that the task set aside asked for last ("a za 300 zł?")."""
    prompt = conversation.parked.prompt if conversation.parked else None
    return prompt is not None and gives_datum(turn, prompt)


def _follows_up(declared: Declared, turn: Turn, conversation: Conversation) -> bool:
    """ "A w Gdańsku?" after an answer on a place: nothing but things that the answer was about."""
    parked = conversation.parked
    kinds = declared.follows.get(parked.task) if parked is not None else None
    if not kinds or parked is None:
        return False
    words = declared.follows_words[parked.task]
    heard = any(cue(word).heard(turn.text) for word in words)
    if not turn.has_facts and not heard:
        return False
    short = len(turn.text.split()) <= _SHORT
    other = declared.starts.get(turn.intent) not in (None, parked.task)
    if turn.confidence >= _LIKELY and other and not (heard and short):
        return False  # "a własne w Białymstoku gdzie macie?" asks for something else
    named = {mention.kind for mention in turn.mentions} | ({"when"} if turn.when is not None else set())
    if heard and short and turn.when is None:
        named -= THINGS  # "chirurg dla sześciolatka" after a duty site
    return named <= kinds and (short or turn.intent in TELLING | REFINING or unsure(turn))
