"""What booking needs to know (R22, R26), and what depends on what."""

from __future__ import annotations

from bot.dialogue.slots import SlotSpec

SERVICE = "service"
WHO = "who"
KIND = "kind"
CITY = "city"
DOCTOR = "doctor"
WHEN = "when"

SLOTS = {
    spec.name: spec
    for spec in (
        SlotSpec(SERVICE, dependants=("specialty", "candidates", "referral", "prereservation", DOCTOR, KIND)),
        SlotSpec(WHO, dependants=("referral", "prereservation", "who_candidates")),
        SlotSpec(
            KIND,
            dependants=("candidates",),
            told_by=("visit_kind",),
            questions=("ask_phone_consultation", "ask_online_consultation"),
        ),
        SlotSpec(CITY, dependants=("district", "facility"), told_by=("city", "district", "facility")),
        SlotSpec(DOCTOR, optional=True, dependants=("doctor_gender",)),
        SlotSpec(WHEN, optional=True),
    )
}
"""Facts kept in the frame:
service (id), specialty (id), candidates (service ids to choose from), who ("self" or "dependant:<n>"),
who_candidates, kind, city (list of ids), district, facility (list of ids), doctor (list of ids),
not_doctor, not_city, not_facility (lists of ids), when (When as JSON), referral, prereservation,
at_once (a call was asked for at once), doctor_gender ("f" or "m")."""
