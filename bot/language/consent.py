"""An explicit "tak": what it takes to act on somebody's word. A bare "no" leans to yes and is not one."""

from __future__ import annotations

from bot.language.text import fold, words

_YES = frozenset(
    "tak taak taaak potwierdzam potwierdz potwierdzic potwierdzamy potwierdzony zgadzam zgoda zgadza rezerwuj rezerwuje"
    " rezerwujemy rezerwujmy zarezerwuj oczywiscie jasne pewnie poprosze prosze ok okej okay oki dobrze dobra pasuje"
    " biore bierzemy umawiaj umawiam umawiamy umow super swietnie doskonale akceptuje owszem zdecydowanie koniecznie"
    " naturalnie zapisz zapisuj zapisuje spoko git yes idealnie".split()
)
_DOUBT = frozenset(
    "nie chyba moze raczej jednak czekaj poczekaj chwila chwile moment zaraz ale niby zastanowie czy ile kiedy gdzie"
    " dlaczego czemu inny inna inne zmien zmienic niech".split()
)
_SIGNS = ("👍", "✅", "👌")


def explicit_yes(text: str) -> bool:
    """True for words that plainly agree and nothing that takes it back, doubts or asks."""
    said = {word.folded for word in words(fold(text))}
    if not said:
        return any(sign in text for sign in _SIGNS)
    if "?" in text or said & _DOUBT:
        return False
    return bool(said & _YES)
