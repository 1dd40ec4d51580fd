"""Which of the slots on offer a message means: by number, hour, day, doctor or place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.booking.offer import offered
from bot.actions.booking.pointing import at_shown_day, pointing
from bot.actions.booking.slots import HOLD, SPECIALTY
from bot.actions.booking.steps import Ctx, slot_from_json
from bot.dialogue.acts import REFINING, SURE
from bot.dialogue.state import Option
from bot.dialogue.turn import Turn
from bot.language.choices import find_choice
from bot.language.cues import cue
from bot.language.text import folded_words
from bot.language.times import When
from bot.language.times.model import WARSAW
from bot.portal.models import Slot


async def choose(ctx: Ctx) -> Slot | None:
    """The one slot of the offer that the message means; None when it means none or several."""
    slots = offered(ctx)
    if not slots or none_of_them(ctx.turn):
        return None
    turn = await pointing(ctx, slots)
    if turn.intent == "affirm" and len(slots) == 1:
        return slots[0]
    picked = _by_position(turn, len(slots))
    if picked is not None and _agrees(ctx, turn, slots[picked]):
        return slots[picked]
    of_the_list = cue("of_the_list").heard(turn.text)  # "ta druga godzina z listy" is no two o'clock
    if picked is not None and of_the_list and _agrees(ctx, replace(turn, when=None), slots[picked]):
        return slots[picked]
    if picked is not None and turn.when is None:  # "trzeciego o 10:30" is a day, and no place in the list
        return None
    if (extreme := _extreme(turn)) is not None:
        return sorted(slots, key=lambda slot: slot.start)[extreme]
    if turn.intent == "no_preference" or (turn.when is not None and turn.when == When(asap=True)):
        return slots[0]
    fitting = [slot for slot in slots if _agrees(ctx, turn, slot) and _matches(ctx, turn, slot)]
    if not fitting and (whole := _any_minute(turn)) is not None:
        near = [slot for slot in slots if _agrees(ctx, whole, slot) and _matches(ctx, whole, slot)]
        fitting = near[:1]  # of several days the first: it is read back before anything is booked
    return fitting[0] if len(fitting) == 1 else None


def _extreme(turn: Turn) -> int | None:
    """ "Ten najwcześniejszy", "ten wcześniejszy" is the first in time, "ten późniejszy" the last."""
    said = folded_words(turn.text)
    pointed = cue("points_at").among(said)
    if turn.intent != "choose_option" and not (turn.intent in REFINING and pointed):
        return None
    if cue("the_earliest").among(said) or (pointed and cue("the_earlier").among(said)):
        return 0
    later = cue("the_latest").among(said) or (pointed and cue("the_later").among(said))
    return -1 if later else None


def _any_minute(turn: Turn) -> Turn | None:
    """ "Ten z dziewiątą" is the one at 9:20, too; None when no full hour was pointed at."""
    wish = turn.when
    hour = wish.exact_time if wish is not None else None
    if wish is None or hour is None or hour.minute or turn.intent != "choose_option":
        return None
    window = replace(wish, exact_time=None, time_from=hour, time_to=hour.replace(minute=59), ambiguous=())
    return replace(turn, when=window)


async def choose_instead(ctx: Ctx) -> Slot | None:
    """At the read-back: another slot of the same offer ("nie, ten o 10", "drugi"); a bare "2" is none."""
    turn, held = ctx.turn, ctx.data[HOLD]["slot"]
    if (beside := _beside(offered(ctx), slot_from_json(held), turn)) is not None:
        return beside
    digits = any(char.isdigit() for char in turn.text)  # of the answers, where they are numbered
    pointed = turn.intent == "choose_option" and (turn.when is not None or not digits)
    named = (await pointing(ctx, offered(ctx))).said("doctor")
    pointed = pointed or any(held.get("doctor_id") not in mention.ids for mention in named)
    if turn.intent not in {"deny", "correct"} and not pointed:
        return None
    slot = await choose(ctx)
    return slot if slot is not None and slot.id != held["id"] else None


def _beside(slots: Sequence[Slot], held: Slot, turn: Turn) -> Slot | None:
    """ "Nie, jednak wcześniejszy": the one shown just before the held one in time; None without any."""
    if turn.intent not in {"deny", "correct", "choose_option"} or turn.when is not None:
        return None
    said = folded_words(turn.text)
    if cue("the_earlier").among(said):
        return max((s for s in slots if s.start < held.start), key=lambda s: s.start, default=None)
    if cue("the_later").among(said):
        return min((s for s in slots if s.start > held.start), key=lambda s: s.start, default=None)
    return None


def same_day(turn: Turn, slot: Slot) -> Turn:
    """ "Za wcześnie, coś po 9" after a day that was named means other hours of that day."""
    wish = turn.when
    if wish is None or wish.has_day or not wish.has_hours:
        return turn
    day = slot.start.astimezone(WARSAW).date()
    return replace(turn, when=replace(wish, date_from=day, date_to=day))


def alternative(ctx: Ctx, options: Sequence[Option]) -> Option | None:
    """Of what is offered instead, the one that the message points at ("ten telefoniczny o 7:30")."""
    shown = [(o, slot_from_json(o.act["slot"])) for o in options if o.act.get("do") == "slot"]
    turn = at_shown_day(ctx.turn, [slot for _, slot in shown])
    fitting = []
    if len(shown) == 1 and turn.intent == "choose_option" and turn.confidence >= SURE and turn.when is None:
        return shown[0][0]  # "dobra, ten"
    for option, slot in shown:
        named = turn.says("visit_kind", str(slot.kind.value)) or _matches(ctx, turn, slot)
        if named and _agrees(ctx, turn, slot):
            fitting.append(option)
    return fitting[0] if len(fitting) == 1 else None


def none_of_them(turn: Turn) -> bool:
    """ "Żaden", "żadna z tych"."""
    return cue("none_of_them").heard(turn.text)


def _by_position(turn: Turn, count: int) -> int | None:
    choice = find_choice(turn.text, count)
    if choice is None:
        return None
    if choice.any:
        return 0
    return choice.index if choice.index is not None and choice.index < count else None


def _agrees(ctx: Ctx, turn: Turn, slot: Slot) -> bool:
    """Whether nothing that was said speaks against the slot ("piątek, ale w Krakowie" is a new wish)."""
    own = {
        "doctor": slot.doctor_id,
        "city": slot.city_id,
        "facility": slot.facility_id,
        "visit_kind": str(slot.kind.value),
        "specialty": ctx.facts.get(SPECIALTY),
    }
    if turn.unwanted(*own) or (turn.when is not None and not turn.when.allows(slot.start)):
        return False
    return all(own.get(m.kind) in {None, *m.ids} for m in turn.mentions)


def _matches(ctx: Ctx, turn: Turn, slot: Slot) -> bool:
    """Whether everything the turn says of time, doctor and place fits this slot; saying nothing fits none."""
    said = False
    if turn.when is not None:
        if not turn.when.allows(slot.start):
            return False
        said = _points(turn)
    doctors = turn.said("doctor")
    if doctors:
        if slot.doctor_id not in doctors[-1].ids:
            return False
        said = True
    facilities = turn.said("facility")
    if facilities:
        if slot.facility_id not in facilities[-1].ids:
            return False
        said = True
    return said


def _points(turn: Turn) -> bool:
    """Whether the time said points at a slot: "o 15", "w piątek"; "po południu" alone is a new wish."""
    wish = turn.when
    if wish is None or not (wish.has_day or wish.has_hours):
        return False
    one_day = wish.date_from is not None and wish.date_from == wish.date_to
    named = bool(wish.dates or wish.weekdays or wish.exact_time or one_day)
    return named or turn.intent == "choose_option"
