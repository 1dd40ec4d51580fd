"""Asking about a thing, as opposed to wanting it: „jak działa...?” and „poproszę...”."""

from __future__ import annotations

from bot.language.text import folded_words

_ASKING = frozenset(
    "jak jaki jaka jakie jakich kiedy co czym czy ile dlaczego czemu gdzie kto komu skad dokad ktory"
    " ktora ktore kogo czego roznica dziala dzialaja polega zasady znaczy mozliwe mozna wiedziec"
    " informacje informacji".split()
)
_WANTING = frozenset(
    "umow umowic umowcie zapisz zapisac zarezerwuj zarezerwowac rezerwuje chce chcialbym chcialabym"
    " chcialem chcialam potrzebuje poprosze prosze szukam znajdz termin terminu terminy wolne".split()
)


def asks(text: str) -> bool:
    """True for a question about how things are, False for a wish or a bare name of a thing."""
    said = set(folded_words(text))
    if said & _WANTING and not said & {"jak", "co", "dlaczego", "czemu", "kto", "polega"}:
        return False
    return "?" in text or bool(said & _ASKING)


def wants(text: str) -> bool:
    """True for a message that asks for something to be done: „umów mnie”, „poproszę termin”."""
    return bool(set(folded_words(text)) & _WANTING)
