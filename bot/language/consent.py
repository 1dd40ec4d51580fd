"""An explicit "tak": what it takes to act on somebody's word. A bare "no" leans to yes and is not one."""

from __future__ import annotations

import re

from bot.language.cues import cue
from bot.language.questions import looks_like_question
from bot.language.text import folded_words, words

_SIGNS = ("👍", "✅", "👌")
_CLAUSE = re.compile(r"[,.;:!?–-]")


def explicit_yes(text: str) -> bool:
    """True for words that plainly agree and nothing that takes it back, doubts, asks or wants to be told."""
    said = folded_words(text)
    if not said:
        return any(sign in text for sign in _SIGNS)
    if "?" in text:
        return False
    if _of_course(said):
        return True
    if cue("plain_yes").matches(said[0]) and _lets_it_be(said[1:]):
        return True  # "tak, może być" doubts nothing, "może być" and "tak, może" do
    if cue("wants_to_be_told").among(said) or any(_asks(clause) for clause in _CLAUSE.split(text)):
        return False  # "dobra, to jaki jest ten numer"
    return cue("agrees").among(said) and not cue("doubts").among(said)


def leaning_yes(text: str) -> bool:
    """ "Niech będzie", "może być", "mhm" and nothing else: a yes to what can be put right again."""
    said = folded_words(text)
    bare = said in (["no"], ["dobrze"])
    return "?" not in text and bool(said) and not bare and cue("lets_happen").covers(said)


def spoken_no(text: str) -> bool:
    """ "A skąd", "broń Boże", "nie no co ty": a no as it is said aloud, and nothing else."""
    said = folded_words(text)
    exclaims = cue("exclaims_no").among(said) or {"co", "ty"} <= set(said)
    return "?" not in text and exclaims and cue("beside_a_no").covers(said)


def only_yes(text: str) -> bool:
    """Whether a yes is all that is said: then no reading of the words can be anything else."""
    said = folded_words(text)
    agrees, beside = cue("agrees"), cue("beside_of_course")
    return explicit_yes(text) and all(agrees.matches(word) or beside.matches(word) for word in said)


def behind_yes(text: str) -> tuple[int, int] | None:
    """Where a leading yes ends and the rest begins ("no dobrze, podaj ten numer"); None without a rest.

    Offsets in characters. "Tak nie może być" and "dobra pogoda" have no leading yes: a comma or a joining
    word has to part them.
    """
    said = words(text)
    at = 0
    while at < len(said) and cue("leading_yes").matches(said[at].folded):
        at += 1
    agreed = [word.folded for word in said[:at]]
    if not cue("agrees").among(agreed) or at == len(said):
        return None
    end = said[at - 1].end
    gap = text[end : said[at].start]
    joined = cue("behind_a_yes").matches(said[at].folded)
    if not (joined or any(mark in gap for mark in ",.;:!-–")):
        return None
    while at < len(said) - 1 and cue("behind_a_yes").matches(said[at].folded):
        at += 1
    return end, said[at].start


def _of_course(said: list[str]) -> bool:
    """ "A jakże", "no raczej", "oczywiście że tak", "jak najbardziej": stronger than a bare "tak"."""
    strong = cue("of_course").among(said) or said in (["no", "raczej"], ["no", "ba"], ["a", "jak"])
    return strong and cue("beside_of_course").covers(said)


def _asks(clause: str) -> bool:
    said = folded_words(clause)
    if cue("as_said").among(said[1:3]) or _of_course(said):  # "jak mówiłam", "jak najbardziej"
        return False
    return looks_like_question(clause)


def _lets_it_be(said: list[str]) -> bool:
    return cue("lets_it_be").among(said) and all(
        cue("lets_it_be").matches(word) or cue("beside_letting_be").matches(word) for word in said
    )
