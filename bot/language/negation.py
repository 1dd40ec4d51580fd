"""What a „nie” reaches."""

from typing import Literal, NamedTuple

ScopeKind = Literal["not", "except", "instead", "statement"]


class Scope(NamedTuple):
    """A stretch of text under a cue: „not” and „except” exclude, „instead” is what is wanted in their
    place, „statement” is a negated fact that excludes nothing („nie wiem, czy ...”)."""

    kind: ScopeKind
    start: int
    end: int
    cue: str


def scopes(text: str) -> list[Scope]:
    """Scopes in order of their start."""
    raise NotImplementedError
