"""Which task a message starts: claimed, ordered, wished for, or told by what is named."""

from __future__ import annotations

from bot.dialogue.acts import ACTS, ANSWERS, MOVES, OF_VISITS, REFINING, TELLING, THINGS
from bot.dialogue.declared import Declared
from bot.dialogue.hearing import (
    asks_or_sounds_so,
    asks_whether_in_time,
    bare_wish,
    cannot_come,
    drops_visit,
    first_order,
    ordered,
    orders_booking,
    sounds_like_moving,
    unsure,
)
from bot.dialogue.state import DONE, LISTED, Conversation
from bot.dialogue.turn import FALLBACK, Turn
from bot.language.cues import cue
from bot.language.questions import asks, looks_like_question, wants

_OF_ONE = ACTS | {"cancel_visit", "book_visit", "list_visits", "thanks"}
"""How it may be heard that one of the visits just listed is not wanted any more."""
_SURE_OF_A_MOVE = 0.75
"""A story without a word of a booked visit ("strzeliło mi w kolanie") has to be this sure to touch one."""
_SURE_WITHOUT_WORDS = 0.95
"""A move without a word of moving ("prezłóżmy to") has to be this sure."""
_NEEDS_A_LIST = frozenset({"choose_option", "go_back", "skip", "no_preference"})
_OF_A_VISIT = MOVES | {"list_visits", "visit_history", "book_visit"}
_POSSIBLE = 0.05
"""An act of conversation with nothing to act on is rather the next reading of the message, from here on."""
_SHORT = 4
"""Words: no longer message is a bare "a w Gdańsku?"."""
_FEW_WORDS = 2
_SAYS_SO = {"cancel_visit": "cancelling_words", "reschedule_visit": "moving_words"}
"""Words that name the change itself: "mam USG w piątek i chciałabym je przenieść"."""


def started(declared: Declared, turn: Turn, conversation: Conversation) -> str | None:
    """The task that the message starts; None when it starts none."""
    task = _ordered(declared, turn, conversation)
    if task is None and conversation.top is None:
        task = _with_nothing_open(declared, turn, conversation)
    if task is not None:
        return task
    return declared.named(turn) if _doubtful(turn) else _by_intent(declared, turn)


def _ordered(declared: Declared, turn: Turn, conversation: Conversation) -> str | None:
    """What words order, whatever is open: a claim, one of the visits just listed, an order."""
    claimed = next(
        (t for word, t in declared.claims.get(turn.intent, ()) if cue(word).heard(turn.text)), None
    )
    if claimed is not None:
        return claimed
    if _points_at_a_list(conversation) and turn.intent in _OF_ONE and drops_visit(turn):
        return declared.starts.get("cancel_visit")
    act = unsure(turn) or turn.intent in ACTS or len(turn.text.split()) <= _FEW_WORDS
    if act and _points_at_a_list(conversation):  # "odwołaj tę drugą", "to przełóż ją"
        changes = {"cancel_visit": "calling_off", "reschedule_visit": "putting_off"}
        heard = next((intent for intent, words in changes.items() if cue(words).heard(turn.text)), None)
        if heard is not None:
            return declared.starts.get(heard)
    order = ordered(turn)
    return declared.starts.get(order) if order is not None else None


def _with_nothing_open(declared: Declared, turn: Turn, conversation: Conversation) -> str | None:
    """What is an act of conversation, or a remark, while something is open."""
    if cannot_come(turn):
        return declared.starts.get("cancel_visit")
    if orders_booking(turn):
        return declared.starts.get("book_visit")
    if _calls_off(turn):  # nothing is open that could be stopped
        return declared.starts.get("cancel_visit")
    refines = turn.intent in REFINING and _of_a_visit(turn, conversation)
    if refines or sounds_like_moving(turn):
        return declared.starts.get("reschedule_visit")  # "a można ją przenieść na inny dzień"
    if asks_whether_in_time(turn):
        return declared.starts.get("cancel_visit")
    if _takes_the_offer(declared, turn, conversation):
        return declared.starts.get("book_visit")
    if turn.intent in REFINING and turn.has(*THINGS):
        return declared.named(turn)  # "macie psychiatrę? nie radzę sobie ostatnio"
    return None


def _doubtful(turn: Turn) -> bool:
    """Whether the intent alone is too little: only the things that are named start something."""
    worded = cue("moving").heard(turn.text) or cue("puts_off").nearly(turn.text)
    unworded = not worded and turn.confidence < _SURE_WITHOUT_WORDS
    if turn.intent == "reschedule_visit" and unworded:
        return True
    if (
        turn.intent in MOVES
        and turn.confidence < _SURE_OF_A_MOVE
        and not cue("booked_visit").heard(turn.text)
        and not cue(_SAYS_SO[turn.intent]).heard(turn.text)
        and first_order(turn.text) != turn.intent
    ):
        return True
    # No danger was found in it, and a specialist is asked for.
    return turn.intent == "emergency" and turn.confidence < _SURE_OF_A_MOVE and wants(turn.text)


def _by_intent(declared: Declared, turn: Turn) -> str | None:
    """What the intent starts, or one fact of it; a wish only where it asks for something to be done."""
    if f"{turn.intent}/{turn.fact}" in declared.starts:
        return declared.starts[f"{turn.intent}/{turn.fact}"]
    wished = declared.wishes.get(turn.intent)
    if wished is not None and (turn.has(*declared.about[wished]) or wants(turn.text)):
        fact = turn.fact is not None and asks_or_sounds_so(turn.text)  # "a zapisać się mogę w aplikacji?"
        return None if fact or asks(turn.text) else wished
    return declared.starts.get(turn.intent)


def by_facts(declared: Declared, turn: Turn) -> str | None:
    """The task whose things are named where the intent says little."""
    if turn.intent == FALLBACK and looks_like_question(turn.text):
        return None  # "co lepsze, wizyta w gabinecie czy przez telefon": nothing is wanted yet
    best = turn.best_intent()
    for task, kinds in declared.about.items():
        if any(m.kind in kinds for m in turn.mentions) and (
            turn.intent in TELLING | ANSWERS or declared.starts.get(best) == task or bare_wish(turn)
        ):
            return task
    return None


def instead_of_an_act(declared: Declared, turn: Turn, conversation: Conversation) -> str | None:
    """With nothing open "pokaż, czy jest na liście" is no wish for more: the next likely task."""
    idle = conversation.top is None and not turn.pressed and turn.intent in REFINING | _NEEDS_A_LIST
    if not idle or turn.confidence >= _SURE_OF_A_MOVE or len(turn.text.split()) <= _SHORT:
        return None
    likely = (name for name, sure in turn.ranking if sure >= _POSSIBLE and name in _OF_A_VISIT)
    return next((declared.starts.get(name) for name in likely), None)


def alike(declared: Declared, turn: Turn) -> str | None:
    """The task that both of the likeliest readings start: between them nothing is unclear."""
    if turn.intent != FALLBACK:
        return None
    likely = [name for name, _ in turn.ranking if name != FALLBACK][:2]
    tasks = {declared.starts.get(name) for name in likely}
    return tasks.pop() if len(likely) > 1 and len(tasks) == 1 else None


def _takes_the_offer(declared: Declared, turn: Turn, conversation: Conversation) -> bool:
    """ "To potwierdźmy, a o której?" after an answer whose button books what it was about."""
    about = conversation.topic.partition("/")[0]
    yes = turn.intent in ANSWERS - {"deny"} and not turn.pressed
    return yes and bool(conversation.subject) and about in declared.wishes


def _points_at_a_list(conversation: Conversation) -> bool:
    """Whether visits were listed just now, so that "tę drugą" is one of them."""
    parked = conversation.parked
    listed = parked is not None and parked.prompt is not None and parked.prompt.about == LISTED
    return listed and conversation.top is None


def _of_a_visit(turn: Turn, conversation: Conversation) -> bool:
    """Another term for a visit there is: said so, or asked for right after it was booked."""
    parked = conversation.parked
    done = parked is None or (parked.prompt is not None and parked.prompt.about == DONE)
    just_booked = done and conversation.booked and turn.intent != "show_more"
    return cue("moving_words").heard(turn.text) or bool(just_booked and not turn.has(*OF_VISITS))


def _calls_off(turn: Turn) -> bool:
    """ "Dobra, to chociaż odwołaj wszystko": an order about visits, heard as an act of conversation."""
    text, order = turn.text, cue("calling_off")
    named = cue("visit_word").heard(text) or cue("every_one").heard(text)
    act = turn.intent == "cancel_task" or (turn.intent in ACTS and unsure(turn))
    return act and named and order.heard(text) and not cue("refused").heard(text)
