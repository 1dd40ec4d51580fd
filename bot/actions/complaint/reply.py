"""How the patient wants to be answered, and the one datum it needs (R141)."""

from __future__ import annotations

from bot.actions.booking.steps import Ctx
from bot.actions.complaint.slots import CHANNEL, CONTACT, PARTIAL, SLOTS
from bot.dialogue.slots import forget
from bot.language.choices import find_choice
from bot.language.contact import (
    PostalAddress,
    find_address,
    find_email,
    find_phone,
    has_contact,
    spoken_phone,
)
from bot.language.cues import cue
from bot.language.text import folded_words
from bot.portal.records import ReplyChannel
from bot.portal.rules.complaints import check_contact
from bot.portal.rules.outcome import Allowed

LETTER, EMAIL, PHONE = "letter", "email", "phone"
_SHORT = 3
"""Words of an answer that only counts."""
_CUES = {LETTER: "reply_by_letter", EMAIL: "reply_by_email", PHONE: "reply_by_phone"}


def named_channel(text: str) -> str | None:
    """The one way of answering that is wanted.

    "Nie listem, tylko mailem" wants an e-mail, "nie mam telefonu, daj list" a letter.
    """
    for reach in (1, 2, 3):
        wanted = _named(folded_words(text), reach)
        if len(wanted) == 1:
            return wanted.pop()
    return None


def _named(said: list[str], reach: int) -> set[str]:
    """Ways that are named with no "nie" among the `reach` words before them."""
    return {
        channel
        for at, word in enumerate(said)
        for channel, name in _CUES.items()
        if cue(name).matches(word) and not cue("instead_of_this").among(said[max(0, at - reach) : at])
    }


def counted(ctx: Ctx) -> bool:
    """ "Ten drugi": a way of answering by its place on the list."""
    short = len(folded_words(ctx.turn.text)) <= _SHORT and not has_contact(ctx.turn.text)
    choice = find_choice(ctx.turn.text, len(_CUES)) if short else None
    if choice is None or choice.index is None or choice.index >= len(_CUES):
        return False
    ctx.facts[CHANNEL] = list(_CUES)[choice.index]
    return True


def read(ctx: Ctx, *, asked: bool) -> bool:
    """Takes the way of answering and its datum out of the turn; `asked`: the open question is about them."""
    text = ctx.turn.text
    if not asked and not (cue("of_the_reply").heard(text) or find_email(text)):
        return False
    email = find_email(text)
    channel = EMAIL if email else named_channel(text)
    changed = False
    if channel and channel != ctx.facts.get(CHANNEL):
        _switch(ctx, channel)
        changed = True
    if email:
        return _put(ctx, email) or changed
    return _datum(ctx, text) or changed


def _datum(ctx: Ctx, text: str) -> bool:
    """The datum of the way that was chosen; one of another way, a number for an e-mail, chooses that way."""
    phone, address = find_phone(text), find_address(text)
    channel = ctx.facts.get(CHANNEL)
    whole = address is not None and address.missing is None
    if whole and channel != LETTER:
        channel = _switch(ctx, LETTER)
    elif phone and channel != PHONE and not (channel == LETTER and address):
        channel = _switch(ctx, PHONE)
    if channel == PHONE:
        return _put(ctx, phone) if phone else False
    return _address(ctx, text, address) if channel == LETTER else False


def _switch(ctx: Ctx, channel: str) -> str:
    forget(ctx.facts, CHANNEL, SLOTS)
    ctx.data.pop(PARTIAL, None)
    ctx.facts[CHANNEL] = channel
    return channel


def _address(ctx: Ctx, text: str, address: PostalAddress | None) -> bool:
    """A whole address, or a piece that makes the one before whole."""
    before = ctx.data.get(PARTIAL)
    if before and (address is None or address.missing):
        address = find_address(f"{before}, {text}") or address
    if address is None:
        return False
    if address.missing:
        ctx.data[PARTIAL] = address.text
        return True
    ctx.data.pop(PARTIAL, None)
    return _put(ctx, address.text)


def _put(ctx: Ctx, datum: str) -> bool:
    """Sets the datum when it passes the rule."""
    allowed = check_contact(ReplyChannel(ctx.facts[CHANNEL]), datum)
    if not isinstance(allowed, Allowed):
        return False
    ctx.facts[CONTACT] = allowed.params["contact"]
    return True


def known(ctx: Ctx) -> tuple[str | None, str | None]:
    """The way of answering and its datum, as far as they were told."""
    return ctx.facts.get(CHANNEL), ctx.facts.get(CONTACT)


def question(ctx: Ctx, *, again: bool) -> str:
    """Which datum to ask for, or what an address still lacks."""
    channel = ctx.facts[CHANNEL]
    partial = find_address(str(ctx.data.get(PARTIAL) or "")) if channel == LETTER else None
    if partial is not None and partial.missing:
        return f"utter_ask_complaint_address_{partial.missing}"
    return f"utter_ask_complaint_{channel}" + ("_again" if again else "")


def in_words(ctx: Ctx) -> str:
    """ "e-mailem na adres ...", "telefonicznie pod numerem 601 234 567"."""
    channel, contact = str(ctx.facts[CHANNEL]), str(ctx.facts[CONTACT])
    shown = spoken_phone(contact[-9:]) if channel == PHONE else contact
    return ctx.speaker.texts.get(f"utter_piece_complaint_{channel}", contact=shown)
