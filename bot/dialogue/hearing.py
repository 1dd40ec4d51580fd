"""What a message is besides its intent: unsure, free text, an order, nothing but a name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.dialogue.acts import ALWAYS_ANSWERED, MOVES, POLITE, REFINING, SURE, TELLING
from bot.dialogue.state import Conversation, Prompt
from bot.dialogue.turn import FALLBACK, Turn
from bot.language.amounts import find_amounts
from bot.language.consent import explicit_yes, only_yes
from bot.language.contact import has_contact
from bot.language.cues import cue
from bot.language.putting_off import only_later, puts_off
from bot.language.questions import asks, elliptical, looks_like_question, wants
from bot.language.telling import tells
from bot.language.text import folded_words

_NEVER_TEXT = ALWAYS_ANSWERED - {"medical_question"}
_SHORT_ACTS = frozenset(
    {
        "affirm", "deny", "cancel_task", "repeat", "wait", "go_back", "skip", "why", "resume", "start_over",
        "no_preference", "thanks", "goodbye", "greet", "help",
    }
)  # fmt: skip
_OF_RECORDS = frozenset({"doctor", "specialty", "service", "unlisted", "relation"})
"""What tells results and prescriptions apart."""
_REQUESTS = MOVES | {"book_visit", "list_visits", "renew_prescription", "watch_slot"}
_TALK = frozenset({"chitchat", "out_of_scope", "complaint_about_bot"})
_GREETING = 3
"""A greeting alone has no more words than this."""
_LIKELY = 0.15
_ACT_WORDS = 5
"""An act of conversation in more words than this is a text that only begins like one."""
_ASIDE_WORDS = 16
_FIRST_WORDS = 3
"""An order stands here ("proszę odwołać", "przełóż mi"); later in a message it may be part of a story."""


def unsure(turn: Turn) -> bool:
    """Whether the intent may be something else as well."""
    return turn.confidence < SURE and turn.intent not in ALWAYS_ANSWERED


def greeted(turn: Turn, starts: Collection[str]) -> Turn:
    """A request behind "dzień dobry" that was heard as the greeting alone: the likeliest request instead."""
    if turn.intent != "greet" or not unsure(turn) or len(folded_words(turn.text)) <= _GREETING:
        return turn
    for name, confidence in turn.ranking:
        if name != "greet":
            heard = name in starts and confidence >= _LIKELY
            return replace(turn, intent=name, confidence=confidence) if heard else turn
    return turn


def told_freely(turn: Turn, prompt: Prompt) -> bool:
    """Whether a message is the free text that was asked for, and no request, question or emergency."""
    if not prompt.free_text or turn.pressed or not turn.text or turn.has(*prompt.not_of):
        return False
    if turn.intent in prompt.text_of:
        return True
    if turn.intent in _NEVER_TEXT and turn.confidence >= SURE:
        return False
    if turn.intent in _SHORT_ACTS and turn.confidence >= SURE:
        return len(turn.text.split()) > _ACT_WORDS or has_contact(turn.text)
    if has_contact(turn.text):
        return True
    if _bare_question(turn.text):
        return False
    if tells(turn.text):  # "zapisałam się na jutro, chcę to odwołać" only begins as a story
        return unsure(turn) or turn.intent not in _REQUESTS or not wants(turn.text)
    return unsure(turn) or not (asks(turn.text) or wants(turn.text))


def _bare_question(text: str) -> bool:
    """ "A kto to czyta": too short a question to be somebody's story or opinion."""
    return len(folded_words(text)) <= _ACT_WORDS and asks(text) and not tells(text)


def gives_datum(turn: Turn, prompt: Prompt) -> bool:
    """Whether a message is a sum, a number or an address, where one of them was asked for last."""
    if not prompt.free_text or turn.has("service", "specialty", "doctor"):
        return False
    more = cue("adds_up").among(folded_words(turn.text)[:_FIRST_WORDS])  # "a jeszcze 120 za leki"
    fits = more or unsure(turn) or turn.intent in TELLING | set(prompt.text_of) or elliptical(turn.text)
    return fits and bool(has_contact(turn.text) or find_amounts(turn.text, bare=True))


def carries_facts(turn: Turn) -> bool:
    """Facts ("to dla mamy") in a message whose intent is not sure enough to mean anything else."""
    return turn.has_facts and (unsure(turn) or turn.intent in TELLING | REFINING)


def only_names(turn: Turn) -> bool:
    """ "A co z morfologią?": nothing is said but the thing, whatever intent that may be near to."""
    rest = turn.text
    for mention in turn.mentions:
        rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
    return bool(turn.mentions) and cue("asks_little").covers(folded_words(rest))


def agrees(turn: Turn, *own: str) -> bool:
    """An explicit "tak" to what was read back; `own` are the task's intents that say it ("tak, odwołuj")."""
    return explicit_yes(turn.text) and (turn.intent in {"affirm", *POLITE, *own} or only_yes(turn.text))


def not_a_yes(turn: Turn, unclear: str) -> str:
    """Response to what is no clear answer to a read-back: a question is said to be one, not passed over."""
    said = folded_words(turn.text)
    asked = ("?" in turn.text or asks(turn.text)) and not cue("if").among(said[:1])
    return "utter_question_not_understood" if asked else unclear


_THINGS = ("service", "specialty", "doctor", "facility", "city")


def put_off(turn: Turn, *, later: bool = True) -> bool:
    """ "Zrobię to później", "jeszcze się zastanowię": the open question waits for another day.

    `later`: whether a bare "później" says so too, and is no wish for a later time.
    """
    if turn.pressed or turn.has(*_THINGS) or (turn.intent in ALWAYS_ANSWERED and turn.confidence >= SURE):
        return False
    return puts_off(turn.text) or (later and only_later(turn.text))


def ordered(turn: Turn) -> str | None:
    """What is ordered outright about a booked visit, in the first words: "przełóż tę, co wczoraj ..." """
    if turn.intent in MOVES | ALWAYS_ANSWERED or "?" in turn.text:
        return None
    if turn.intent == "out_of_scope" and not unsure(turn):  # a table, a flight, the hairdresser
        return None
    if not (turn.has_facts or cue("booked_visit").heard(turn.text)):
        return None
    return first_order(turn.text)


def first_order(text: str) -> str | None:
    """The order about a booked visit that the first words are."""
    first = folded_words(text)[:_FIRST_WORDS]
    if cue("calls_off").among(first):
        return "cancel_visit"
    return "reschedule_visit" if cue("puts_off").nearly(" ".join(first)) else None


def drops_visit(turn: Turn) -> bool:
    """ "To ten internista niepotrzebny", "tego okulisty już nie chcę", right after visits were listed."""
    said = folded_words(turn.text)
    named = turn.has("service", "specialty", "doctor", "visit_kind") or cue("points_at_one").among(said)
    dropped = cue("not_needed").among(said) or (
        cue("refused").among(said) and cue("wanted_or_visited").among(said)
    )
    return named and dropped and not asks(turn.text) and len(said) <= _ASIDE_WORDS


def about_the_proof(turn: Turn) -> bool:
    """What is said of proving who one is: why, how, that it does not work; or only which thing was meant."""
    if turn.pressed or (turn.intent in ALWAYS_ANSWERED and turn.confidence >= SURE):
        return False
    if turn.intent in {"why", "confirm_identity"} or put_off(turn) or names_more(turn):
        return True
    few = len(folded_words(turn.text)) <= _GREETING * 2
    said = cue("where_to_look").heard(turn.text) or cue("refused").heard(turn.text)
    return few and (unsure(turn) or turn.intent == "help") and said and not turn.has_facts


def names_more(turn: Turn) -> bool:
    """ "Tamtą od kardiologa", "tylko morfologię", "te syna": which of what is waiting, no new wish."""
    kinds = {mention.kind for mention in turn.mentions}
    few = len(folded_words(turn.text)) <= _GREETING + 1
    pointed = cue("one_of_them").among(folded_words(turn.text)[:2]) or kinds <= {"service", "unlisted"}
    return bool(kinds) and few and kinds <= _OF_RECORDS and turn.intent in TELLING and pointed


def ails(turn: Turn, conversation: Conversation) -> bool:
    """ "Boli mnie kolano od 3 tygodni", out of the blue: somebody to see is wanted, and no reading of it."""
    bare = turn.intent in {"inform", FALLBACK} and conversation.top is None and not turn.pressed
    return bare and cue("ails").heard(turn.text) and not turn.has("service", "specialty", "doctor")


def asks_why_not_here(turn: Turn) -> bool:
    """ "A tu się nie da?" after a refusal that names another way; a thing named is a question of its own."""
    few = len(folded_words(turn.text)) <= _ASIDE_WORDS
    return few and not turn.has_facts and cue("not_even_here").heard(turn.text) and asks(turn.text)


def cannot_come(turn: Turn) -> bool:
    """ "Nie zdążę dziś do ortopedy, co teraz": a booked visit will not be kept."""
    said = folded_words(turn.text)
    away = any(
        cue("comes").matches(word) and cue("refused").among(said[max(0, at - 2) : at])
        for at, word in enumerate(said)
    )
    named = turn.has("service", "specialty", "doctor") or cue("visit_word").among(said)
    return away and named and unsure(turn) and not cue("if").among(said)


def sounds_like_moving(turn: Turn) -> bool:
    """ "A da się tylko godzinę zmienić?", heard as a wish for other terms of a list that is not there."""
    moves = cue("moving_words").heard(turn.text)
    changes = cue("moving").heard(turn.text) and cue("time_of_visit").heard(turn.text)
    hardly = turn.intent in {"affirm_weak", "correct"} and (moves or asks(turn.text))
    return (turn.intent in REFINING or hardly) and (moves or changes) and not turn.has(*_THINGS)


def asks_whether_in_time(turn: Turn) -> bool:
    """ "Zdążę jeszcze odwołać dzisiejszego ortopedę?": answered by that visit, and not by the rule alone."""
    named = turn.has("service", "specialty", "doctor") and turn.fact == "deadline"
    return turn.intent == "ask_cancellation_rules" and named and cue("cancelling_words").heard(turn.text)


def orders_booking(turn: Turn) -> bool:
    """ "Dobra, to zapiszcie mnie", heard as a yes to nothing."""
    said = folded_words(turn.text)
    refused = cue("refused").among(said) or cue("if").among(said)
    return unsure(turn) and cue("books").among(said) and not refused and not asks(turn.text)


def bare_wish(turn: Turn) -> bool:
    """ "Okulista, mieszkam w Zamościu, ale do Lublina dojadę": a thing, a place or a time, no question."""
    thing = turn.has("service", "specialty") and (turn.has("city", "district", "facility") or turn.when)
    return bool(thing) and turn.intent.startswith("ask_") and unsure(turn) and not asks(turn.text)


def only_sounds_like_talk(turn: Turn) -> bool:
    """ "Dzisiaj przecież": a fact in so few words is an answer, however chatty it sounds."""
    return turn.intent in _TALK and turn.has_facts and len(folded_words(turn.text)) <= _GREETING


def answers_refusal(turn: Turn) -> bool:
    """What a refused change of a visit may be answered with: leaving it at that, or asking why."""
    return turn.intent in {"why", "cancel_task"} or asks_why_not_here(turn)


def does_not_follow(turn: Turn) -> bool:
    """ "Nie rozumiem", "nie kumam o co chodzi": what was said has to be put in other words."""
    said = folded_words(turn.text)
    lost = cue("refused").among(said) and cue("follows_what_is_said").among(said)
    return lost and len(said) <= _ACT_WORDS and turn.intent != "why"


def asks_or_sounds_so(text: str) -> bool:
    """A question mark, or words that a question begins with."""
    return "?" in text or looks_like_question(text)
