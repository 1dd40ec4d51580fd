"""Asking about a thing, as opposed to wanting it: „jak działa...?” and „poproszę...”."""

from __future__ import annotations

from bot.language.cues import cue
from bot.language.text import folded_words

_ELLIPTICAL = 7
"""A longer message says what it asks for itself."""
_NEAR = 3
"""Words between "ten" and the "co" that goes with it."""
_BARE = 4
"""So few words after "a" ask even without a question mark."""
_ASKING = frozenset(
    "jak jaki jaka jakie jakich kiedy co czym czy ile dlaczego czemu gdzie kto komu skad dokad ktory"
    " ktora ktore kogo czego roznica dziala dzialaja polega zasady znaczy mozliwe mozna wiedziec"
    " informacje informacji".split()
)
_WANTING = frozenset(
    "umow umowic umowcie zapisz zapisac zarezerwuj zarezerwowac rezerwuje chce chcialbym chcialabym"
    " chcialem chcialam potrzebuje poprosze prosze szukam znajdz termin terminu terminy wolne"
    " zaklep zaklepac zabukuj zabukowac zrobmy potwierdzmy zatwierdzmy".split()
)
_POINTING = frozenset("ta te ten to tego tej tym tych".split())


def asks(text: str) -> bool:
    """True for a question about how things are, False for a wish or a bare name of a thing."""
    said = _without_relatives(folded_words(text))
    if said & _WANTING and not said & {"jak", "co", "dlaczego", "czemu", "kto", "polega"}:
        return False
    return "?" in text or bool(said & _ASKING)


def _without_relatives(said: list[str]) -> set[str]:
    """The words but for a "co" that asks nothing: "ta kontrola, tę co doktor zaplanował", "... co mam"."""
    before = ["", *said]
    after = [*said[1:], ""]
    return {
        word
        for at, (word, last, following) in enumerate(zip(said, before, after, strict=False))
        if word != "co" or not (_points(said[:at]) or (at > 1 and _tells_what(last, following)))
    }


def _points(before: list[str]) -> bool:
    """Whether a "co" goes with a "ten" just before it: "tę co", "tego samego dnia co masaż"."""
    return bool(_POINTING & set(before[-_NEAR:]))


def looks_like_question(text: str) -> bool:
    """ "A ile się czeka", "kto to czyta?": begins with a question word, and asks for no yes or no."""
    said = [word for word in folded_words(text) if not cue("before_a_question").matches(word)]
    return cue("asks_for").among(said[:1])


def _tells_what(last: str, following: str) -> bool:
    """Whether a "co" between these words is a "which": "rezerwację co mam", but not "wiedzieć, co mam"."""
    return cue("is_there").matches(following) and not cue("to_know").matches(last)


def wants(text: str) -> bool:
    """True for a message that asks for something to be done: „umów mnie”, „poproszę termin”."""
    said = folded_words(text)
    return bool(set(said) & _WANTING) or ("bym" in said and bool({"chciala", "chcial"} & set(said)))


def elliptical(text: str) -> bool:
    """ "A kardiolog?", "a co z morfologią", "i dla Hani?": a question that says only what is different."""
    said = folded_words(text)
    if not said or len(said) > _ELLIPTICAL or not cue("and_then").matches(said[0]):
        return False
    if cue("wants_it").among(said):
        return False
    return "?" in text or cue("what_about").among(said[1:2]) or len(said) <= _BARE
