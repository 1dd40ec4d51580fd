"""What booking needs to know (R22, R26), what depends on what, and every key its frame is kept under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue import slots
from bot.dialogue.slots import SlotSpec
from bot.language.times import When

# --- facts that are asked for

SERVICE = "service"
"""Id of the service."""
WHO = "who"
""" "self", or "dependant:<place in the portal's list>"; never the portal's id of a person."""
KIND = "kind"
""" "phone", "onsite", "online", or the kind of a service that is no consultation."""
CITY = "city"
"""List of ids, any of which will do."""
DOCTOR = "doctor"
"""List of ids, any of which will do; or dialogue.task.ANY."""
WHEN = "when"
"""The wished time (When as JSON)."""

# --- facts that are not asked for

SPECIALTY = "specialty"
"""Id of the specialty, known before the service is."""
CANDIDATES = "candidates"
"""Ids of the services that a word may mean, to choose from."""
WHO_CANDIDATES = "who_candidates"
"""The people a word may mean ("córka" of two), as in `WHO`."""
DISTRICT = "district"
"""Name of a district of the city."""
FACILITY = "facility"
"""List of ids, any of which will do."""
DOCTOR_GENDER = "doctor_gender"
""" "f" or "m": a woman or a man was wished for."""
NOT_DOCTOR = "not_doctor"
NOT_CITY = "not_city"
"""Lists of ids that the patient does not want."""
REFERRAL = "referral"
"""Id of the referral that the visit uses."""
PRERESERVATION = "prereservation"
"""Id of the kept control visit that is being confirmed (R61)."""
AT_ONCE = "at_once"
"""A call was asked for at once: it may be Konsultacja Online."""
CITO = "cito"
"""The referral is said to be urgent (R124)."""
ORDINARY = "ordinary"
"""A control visit is searched for like any other (R63, R65)."""
PREFERENTIAL = "preferential"
"""The preferential pool is due whatever the rules of priority say (R63)."""
BOOKED = "booked"
"""A visit of this task was booked already; this is the next procedure of the referral (R31)."""
MOVES = "moves"
"""The booked visit that the new one replaces, from the start: `id`, and `old` in words (R60)."""
INSTEAD = "instead"
"""Offered after a visit was cancelled: saying no to it stops nothing."""
ONLY_THIS = "only_this"
"""Looked for is the one slot that was given up a moment ago; when it is gone, any other will be offered."""

# --- what the task works with: frame.data

OFFERED = "offer"
"""The slots on offer, as JSON."""
FITTED = "fitted"
"""The facts of the last search that found something: where "cofnij" goes from nothing free."""
LEFT_TOLD = "left_told"
"""Whether it was said how many treatments the referral still has (R31)."""
WINDOW = "window"
"""Bounds of the next search beside the facts ("wcześniej", "inny dzień"): `from` and `to` (ISO),
`open` (the days asked for no longer bound it), `skip` (slots shown), `not_days` (ISO dates left out),
`what` (which wish it was, for the words that nothing more was found)."""
FAILED = "failed"
"""How many searches in a row found nothing (R50)."""
NEARBY = "nearby"
"""The calendar of the days that have something (day_card), when a search that named no day has told."""
WISH = "wish"
"""The facts as they were before an alternative was chosen: they hold again if it is not taken."""
FREED = "freed"
"""A term that the portal told of and the patient tapped: `slot`, and `notice` (least hours before it)."""
HOLD = "hold"
"""The held slot: `id`, `expires_at` (ISO), `slot`, `valuation`, `preparation`, `conflicts`; from the
read-back on also `who`, `number`, `full` (told after the booking) and `warned` (of R42)."""
TRIES = "tries"
"""How many holds were tried for these facts: a new one needs a new idempotency key."""
REPLACES = "replaces"
"""The visit that the portal moves to the held slot: `id`, and `old` in words (R60)."""
UNSURE = "unsure"
"""The outcome of the confirmation is not known (yet)."""
CLASH = "clash"
"""The slot collided with a booked visit (R44): stopping keeps that visit."""
PROBLEM = "problem"
"""What the portal refused last: `code`, `detail` (Polish), `params`."""
DAY_NAMED = "day_named"
"""The held slot was chosen by its day: other hours mean that day."""
MISSED = "missed"
"""The question is put again after a miss: in its second wording. Only within a turn."""
NOT_ON_ACCOUNT = "not_on_account"
"""Somebody was named whom the account does not have."""
STRANGER = "stranger"
"""Id of a doctor named who does not see patients in the specialty asked for."""
NO_FACILITY = "no_facility"
"""Name of a district asked for where the network has no facility; the whole town is searched."""
ELSEWHERE = "elsewhere"
"""Id of a doctor named earlier who does not see patients in the town named now."""
UNLISTED = "unlisted"
"""Name of a service asked for that the portal does not list."""
UNLISTED_CITY = "unlisted_city"
"""Name of a town asked for where the network has no facility."""

OF_OLD_FACTS = (OFFERED, NEARBY, WINDOW, TRIES, REPLACES, UNSURE, CLASH)
"""What no longer counts once the facts change; the hold is given back first."""

SLOTS: Mapping[str, SlotSpec] = {
    spec.name: spec
    for spec in (
        SlotSpec(SERVICE, dependants=(SPECIALTY, CANDIDATES, REFERRAL, PRERESERVATION, DOCTOR, KIND, MOVES)),
        SlotSpec(WHO, dependants=(REFERRAL, PRERESERVATION, WHO_CANDIDATES, MOVES)),
        SlotSpec(
            KIND,
            any_is="onsite",
            dependants=(CANDIDATES,),
            told_by=("visit_kind",),
            questions=("ask_phone_consultation", "ask_online_consultation"),
        ),
        SlotSpec(CITY, dependants=(DISTRICT, FACILITY), told_by=("city", "district", "facility")),
        SlotSpec(DOCTOR, optional=True, dependants=(DOCTOR_GENDER,)),
        SlotSpec(WHEN, optional=True),
    )
}


def forget(facts: dict[str, Any], slot: str) -> None:
    """Clears a fact and everything that depends on it."""
    slots.forget(facts, slot, SLOTS)


def take_back(facts: dict[str, Any], slot: str) -> None:
    """Clears an answer for "cofnij": the service that followed from "w placówce" goes with it."""
    if slot == KIND and facts.get(SPECIALTY):
        facts.pop(SERVICE, None)
    forget(facts, slot)


def when_of(facts: Mapping[str, Any]) -> When:
    """What is known of the time; an empty wish when nothing is."""
    value = facts.get(WHEN)
    return When.from_json(value) if isinstance(value, dict) else When()


def doctors_of(facts: Mapping[str, Any]) -> list[str]:
    """The doctors asked for; none when any will do."""
    value = facts.get(DOCTOR)
    return value if isinstance(value, list) else []


def who_index(facts: Mapping[str, Any]) -> int | None:
    """Place of the dependant in the portal's list, None for the patient."""
    who = str(facts.get(WHO) or "self")
    return int(who.partition(":")[2]) if who.startswith("dependant:") else None
