"""The files on the account in words, and which one is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.actions.booking.steps import Ctx
from bot.dialogue.state import Option
from bot.language.choices import find_choice
from bot.language.cues import cue
from bot.language.likeness import shared
from bot.language.speech import counted
from bot.portal.records import Attachment, AttachmentStatus
from bot.portal.rules.attachments import places_left

_KILO = 1024
_EXTENSION = re.compile(r"\.\w{2,4}$")
_NAME = re.compile(r"[\w-]+\.(?:pdf|jpe?g|png)\b", re.IGNORECASE)


async def stored(ctx: Ctx) -> list[Attachment]:
    """The files on the account, the oldest first; tickets without bytes are none. Raises PortalError."""
    page = await ctx.world.signed_in()[0].attachments()
    return [item for item in page.items if item.status != AttachmentStatus.PENDING]


async def left(ctx: Ctx) -> str:
    """ "można dodać jeszcze 2 pliki"; the account is read anew, for a file has just come or gone."""
    places = places_left(await ctx.world.signed_in()[0].me())
    texts = ctx.speaker.texts
    if not places:
        return texts.get("utter_piece_no_places")
    return texts.get("utter_piece_places", files=counted(places, texts.get("utter_piece_file_noun")))


def line(ctx: Ctx, item: Attachment) -> str:
    """ "morfologia.pdf – Morfologia z listopada (178 kB)"."""
    texts = ctx.speaker.texts
    size = texts.get("utter_piece_size", size=_size(item.size)) if item.size else ""
    name = texts.get("utter_piece_file", name=item.file_name, description=item.description)
    if not item.description:
        name = item.file_name
    return f"{name} {size}".strip()


def lines(ctx: Ctx, items: Sequence[Attachment]) -> str:
    """A numbered list."""
    return "\n".join(f"{number}. {line(ctx, item)}" for number, item in enumerate(items, 1))


def options(items: Sequence[Attachment]) -> list[Option]:
    """The files as buttons that choose one to delete."""
    return [
        Option(
            item.description or item.file_name,
            {"do": "fill", "facts": {"file": item.id}},
            [item.file_name, _EXTENSION.sub("", item.file_name), item.description],
        )
        for item in items
    ]


def meant(text: str, items: Sequence[Attachment]) -> list[Attachment]:
    """The files that the words may mean, best guess alone in front; all of them when the words tell none."""
    if not items:
        return []
    named = [item for item in items if _named(text, item)]
    if named:
        return named
    kind = _of_kind(text, items)
    scores = [(len(shared(text, f"{item.description} {_spaced(item.file_name)}")), item) for item in kind]
    best = max(score for score, _ in scores)
    if best:
        return _by_age(text, [item for score, item in scores if score == best])
    return _by_place(text, items) or _by_age(text, kind)


def every(text: str) -> bool:
    """ "Wszystkie pliki"."""
    return cue("every_one").heard(text)


def _named(text: str, item: Attachment) -> bool:
    said = {name.lower() for name in _NAME.findall(text)}
    return item.file_name.lower() in said


def _of_kind(text: str, items: Sequence[Attachment]) -> list[Attachment]:
    """ "Zdjęcie" and "pdf" leave only those, when there are any."""
    if cue("a_pdf").heard(text):
        found = [item for item in items if item.content_type == "application/pdf"]
    elif cue("a_picture").heard(text):
        found = [item for item in items if item.content_type.startswith("image/")]
    else:
        found = []
    return found or list(items)


def _by_age(text: str, items: list[Attachment]) -> list[Attachment]:
    if len(items) > 1 and cue("the_newest").heard(text):
        return items[-1:]
    if len(items) > 1 and cue("the_oldest").heard(text):
        return items[:1]
    return items


def _by_place(text: str, items: Sequence[Attachment]) -> list[Attachment]:
    choice = find_choice(text, len(items))
    return [items[choice.index]] if choice is not None and choice.index is not None else []


def _spaced(name: str) -> str:
    return re.sub(r"[._-]+", " ", _EXTENSION.sub("", name))


def _size(size: int) -> str:
    """ "178 kB", "2,3 MB"."""
    if size < _KILO * _KILO:
        return f"{max(round(size / _KILO), 1)} kB"
    return f"{size / _KILO / _KILO:.1f} MB".replace(".", ",")
