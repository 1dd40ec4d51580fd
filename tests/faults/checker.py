"""Did what the patient was told happen, and was what happened told? Over transcript, ledger and calls.

I1 a slot has at most one live booking       I2 a booking that was told exists
I3 a booking that exists was told            I4 no booking without a "tak" just before it
I5 told to be cancelled is cancelled         I6 every accepted message has an answer
I7 answers come in the order of the messages
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.storage.protocols import Entry

LIVE = frozenset({"booked"})
CONSENT = ("tak", "tak, rezerwuję", "tak, odwołuję")
BOOKED = "utter_booked"
CANCELLED = "utter_cancelled"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The portal's reservations before and after a run."""

    before: Mapping[str, Mapping[str, Any]]
    after: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, before: Mapping[str, Any], after: Mapping[str, Any]) -> Ledger:
        """From two answers of the sandbox's state."""
        return cls(*({item["id"]: item for item in state["reservations"]} for state in (before, after)))

    def made(self) -> list[Mapping[str, Any]]:
        """Reservations made in the run."""
        return [item for name, item in self.after.items() if name not in self.before]

    def cancelled(self) -> list[str]:
        """Slots of visits that were live before, or made, and are so no more."""
        known = {**self.before, **{item["id"]: item for item in self.made()}}
        return [
            item["slot"]["id"]
            for name, item in known.items()
            if (item["status"] in LIVE or name not in self.before) and self.after[name]["status"] not in LIVE
        ]


def violations(transcripts: Sequence[Sequence[Entry]], ledger: Ledger) -> list[str]:
    """What does not hold, in words; empty when all does. One transcript a conversation."""
    found: list[str] = []
    live = Counter(item["slot"]["id"] for item in ledger.after.values() if item["status"] in LIVE)
    found += [f"I1 {slot} has {count} live bookings" for slot, count in live.items() if count > 1]
    told = [slot for entries in transcripts for slot in _told_booked(entries)]
    made = [item["slot"]["id"] for item in ledger.made()]
    found += [f"I2 told and not there: {slot}" for slot in set(told) - set(made)]
    found += [f"I3 there and not told: {slot}" for slot in set(made) - set(told)]
    for entries in transcripts:
        found += _consented(entries)
        found += _cancelled(entries, ledger)
        found += _answered(entries)
    return found


def _response(entry: Entry) -> str:
    return str((entry.body.get("meta") or {}).get("response") or "")


def _told_booked(entries: Sequence[Entry]) -> list[str]:
    """Slots of the visits told to be booked: the calendar entry carries them."""
    slots = []
    for entry in entries:
        content = str((entry.body.get("card") or {}).get("content") or "").replace("\r\n ", "")
        for line in content.splitlines():
            if line.startswith("UID:"):
                slots.append(line[4:].partition("@")[0])
    return slots


def _consented(entries: Sequence[Entry]) -> list[str]:
    """Since the visit was read back there was a "tak", at the latest in the message that is answered."""
    asked = {entry.seq: str(entry.body.get("text")).lower() for entry in entries if entry.author == "patient"}
    read_back, found = 0, []
    for entry in entries:
        if (entry.body.get("card") or {}).get("status") == "proposed":
            read_back = entry.seq
        if entry.author == "assistant" and _told_booked([entry]):
            turn = int(entry.body.get("turn") or 0)
            if not any(text in CONSENT for seq, text in asked.items() if read_back < seq <= turn):
                found.append(f"I4 booked after {asked.get(turn)!r}")
    return found


def _cancelled(entries: Sequence[Entry], ledger: Ledger) -> list[str]:
    told = sum(_response(entry).startswith(CANCELLED) for entry in entries)
    return ["I5 told to be cancelled and is not"] if told > len(ledger.cancelled()) else []


def _answered(entries: Sequence[Entry]) -> list[str]:
    turns = [entry.body["turn"] for entry in entries if entry.author == "assistant" and "turn" in entry.body]
    asked = [entry.seq for entry in entries if entry.author == "patient"]
    silent = [f"I6 message {seq} has no answer" for seq in asked if seq not in turns]
    return silent + (["I7 answers out of order"] if turns != sorted(turns) else [])
