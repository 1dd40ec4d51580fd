"""Mentions marked by what a „nie” reaches: turned down, or wanted in place of another."""

from dataclasses import replace

from bot.language.negation import Scope, ScopeKind, cues
from bot.language.terms import Mention
from bot.language.text import words


def apply_scopes(text: str, mentions: list[Mention], found: list[Scope]) -> list[Mention]:
    """Mentions with `negated` and `contrast` set by the scopes that hold them."""
    marked = [_marked(mention, found) for mention in mentions]
    marked = _paired_instead_of(marked, found)
    marked = _changed(text, marked)
    if not found:
        return marked
    return [_settled(mention, marked, found) for mention in marked]


def _within(mention: Mention, scope: Scope) -> bool:
    return scope.start <= mention.start < scope.end


def _marked(mention: Mention, found: list[Scope]) -> Mention:
    kinds = {scope.kind for scope in found if scope.cue != "zamiast" and _within(mention, scope)}
    if kinds & {"not", "except"}:
        return replace(mention, negated=True)
    if "instead" in kinds:
        return replace(mention, contrast="instead")
    return mention


def _paired_instead_of(mentions: list[Mention], found: list[Scope]) -> list[Mention]:
    """„zamiast X Y”, „Y zamiast X”."""
    marked = list(mentions)
    for scope in found:
        if scope.cue != "zamiast":
            continue
        refused = next((index for index, one in enumerate(marked) if one.end > scope.start), None)
        if refused is None:
            continue
        marked[refused] = replace(marked[refused], negated=True, contrast="not")
        kind = marked[refused].kind
        others = [index for index, one in enumerate(marked) if one.kind == kind and index != refused]
        nearest = [index for index in others if index > refused] or others[::-1]
        if nearest:
            marked[nearest[0]] = replace(marked[nearest[0]], negated=False, contrast="instead")
    return marked


def _changed(text: str, mentions: list[Mention]) -> list[Mention]:
    """„zmień (z) X na Y”: X is left for Y."""
    text_words = words(text)
    if not any((word.folded,) in cues()["changing"] for word in text_words):
        return mentions
    marked = list(mentions)
    for index in range(1, len(marked)):
        one, other = marked[index - 1], marked[index]
        between = [word.folded for word in text_words if one.end <= word.start < other.start]
        if one.kind == other.kind and "na" in between and not (one.negated or other.negated):
            marked[index - 1] = replace(one, negated=True, contrast="not")
            marked[index] = replace(other, contrast="instead")
    return marked


def _settled(mention: Mention, marked: list[Mention], found: list[Scope]) -> Mention:
    """What is turned down and the one thing of its kind that is not are a contrast."""
    alike = [other for other in marked if other.kind == mention.kind]
    refused = [other for other in alike if other.negated]
    open_to = [other for other in alike if not other.negated and not _of_scope(other, found, "statement")]
    if mention in refused and mention.contrast is None:
        wanted = any(other.contrast == "instead" for other in alike)
        if wanted or (len(open_to) == 1 and _of_scope(mention, found, "not")):
            return replace(mention, contrast="not")
    alone = mention in open_to and mention.contrast is None and len(open_to) == 1
    if alone and any(_of_scope(other, found, "not") for other in refused):
        return replace(mention, contrast="instead")
    if mention.contrast == "instead" and not refused:
        explicit = any(scope.cue not in {",", "ale"} for scope in found if _holds(scope, mention, "instead"))
        nothing_refused = not any(other.negated for other in marked)
        turned_down = any(scope.kind == "not" for scope in found)
        return mention if explicit and turned_down and nothing_refused else replace(mention, contrast=None)
    return mention


def _holds(scope: Scope, mention: Mention, kind: ScopeKind) -> bool:
    return scope.kind == kind and _within(mention, scope)


def _of_scope(mention: Mention, found: list[Scope], kind: ScopeKind) -> bool:
    return any(_holds(scope, mention, kind) for scope in found)
