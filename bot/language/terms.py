"""What the lexicon knows (terms) and what it finds (mentions)."""

from dataclasses import dataclass
from typing import Literal

How = Literal["form", "typo", "sound"]
Contrast = Literal["not", "instead"]
Gender = Literal["f", "m"]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as the portal lists them; title as printed („dr n. med.”) or empty."""

    title: str
    first: str
    last: str
    gender: Gender


@dataclass(frozen=True, slots=True)
class Term:
    """One thing patients may name: `kind` and `id` are the portal's, names are Polish.

    An alias that starts with „=” is matched as written and not inflected.
    """

    kind: str
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    person: PersonName | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A term found in a text; several ids mean that the patient's words fit them all, best first."""

    kind: str
    ids: tuple[str, ...]
    start: int
    end: int
    text: str
    score: float
    how: How
    negated: bool = False
    contrast: Contrast | None = None
    age: int | None = None
    """Years of age said with a relation („trzylatek”)."""

    @property
    def ambiguous(self) -> bool:
        return len(self.ids) > 1
