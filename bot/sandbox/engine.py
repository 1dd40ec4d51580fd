"""One sandbox portal: its store, clock, keys, faults and log. Requests go through `bot.sandbox.pipeline`."""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.catalogue import catalogue
from bot.sandbox.clock import SandboxClock, parse_moment, rfc3339
from bot.sandbox.events import EventSender
from bot.sandbox.faults import Fault, FaultBoard
from bot.sandbox.happenings import happen
from bot.sandbox.relative import date_of
from bot.sandbox.seeding import base_world, named_patients, patched, patient_id, patient_rows, slot_of
from bot.sandbox.store import Doc, Row, Session, Store, dump
from bot.sandbox.tokens import CHAT_LIFETIME, Signer

_CALLS_KEPT = 10_000
# Fields of a patient that live in the account itself, and what they are called there.
_ACCOUNT_FIELDS = {
    "level": "level", "packages": "packages", "partner": "partner", "preferential": "preferential",
    "born": "birth_date", "age": "birth_date", "first_name": "first_name", "last_name": "last_name",
}  # fmt: skip
_PATCH_FIELDS = {"patients", "slots", "settings"}
_SETTINGS = {"late_cancel_policy": ("refuse", "warn")}
_STATE = {
    "account": "accounts", "dependant": "dependants", "reservation": "reservations", "hold": "holds",
    "prereservation": "prereservations", "referral": "referrals", "attachment": "attachments",
    "watch": "watches",
    "complaint": "complaints", "opinion": "opinions", "question": "questions",
    "prescription": "prescriptions",
    "result": "results", "recommendation": "recommendations", "refund": "refunds",
}  # fmt: skip


@dataclass
class Engine:
    """Everything a running sandbox portal consists of."""

    store: Store
    clock: SandboxClock
    signer: Signer = field(default_factory=Signer)
    board: FaultBoard = field(default_factory=FaultBoard)
    log: deque[Doc] = field(default_factory=lambda: deque(maxlen=_CALLS_KEPT))
    events: EventSender = field(default_factory=EventSender)
    levels: dict[str, str] = field(default_factory=dict)

    async def reset(self, now: datetime | None = None, patch: Doc | None = None) -> None:
        """A fresh world as of `now` (the current sandbox time when missing); ValueError for a wrong patch."""
        moment = (now or self.clock.now()).astimezone(UTC)
        rows = world_rows(moment, patch or {})
        await self.store.transact(lambda session: _seed(session, rows))
        self.clock.set(now=moment)
        self.levels = initial_levels(patch or {})
        self.board.rules.clear()
        self.log.clear()

    async def state(self) -> Doc:
        """All that requests can change, in a canonical order; expired holds left out."""
        now = self.clock.now()
        state = await self.store.transact(
            lambda session: {name: session.every(kind) for kind, name in _STATE.items()}
        )
        state["holds"] = [hold for hold in state["holds"] if parse_moment(hold["expires_at"]) > now]
        return {"server_time": rfc3339(now), **state}

    def set_faults(self, entries: Iterable[Doc]) -> None:
        """Replace the faults in force; ValueError for a wrong one."""
        self.board.rules[:] = [Fault.parse(entry) for entry in entries]

    async def open(self) -> None:
        """Go on with the world a store already has, or make one."""
        await self._read_levels()
        if not self.levels:
            await self.reset()

    async def apply(self, patch: Doc) -> None:
        """Change a running world. Account fields alone keep the patient's visits, others seed anew."""
        moment = self.clock.now()
        rows = patch_rows(moment, patch)
        await self.store.transact(lambda session: _apply(session, patch, rows))
        await self._read_levels()

    def token(self, key: str, *, step_up: bool = False, lifetime: timedelta = CHAT_LIFETIME) -> str:
        """Chat token of a patient; KeyError for one without an account."""
        level = self.levels.get(key, "none")
        if level == "none":
            raise KeyError(key)
        return self.signer.chat_token(
            patient_id(key), level, self.clock.now(), stepped_up=step_up, lifetime=lifetime
        )

    async def _read_levels(self) -> None:
        accounts = await self.store.transact(lambda session: session.every("account"))
        self.levels = {account["key"]: account["level"] for account in accounts}

    async def patients(self) -> list[Doc]:
        """Named patients of this world and what each shows."""
        accounts = await self.store.transact(lambda session: session.every("account"))
        fields = ("id", "key", "first_name", "last_name", "gender", "level", "shows")
        return [{name: account[name] for name in fields} for account in accounts]

    async def emit(self, kind: str, key: str, data: Doc) -> Doc:
        """Make something happen to a patient and tell the assistant; returns the event that was sent."""
        now = self.clock.now()
        event = await self.store.transact(lambda session: happen(session, kind, patient_id(key), data, now))
        await self.events.send(event, now)
        return event


def world_rows(now: datetime, patch: Doc) -> list[Row]:
    """Documents of the seeded world with a patch applied; ValueError for an unknown field."""
    accounts = {patient_id(key) for key in patch.get("patients", {})}
    rows = [row for row in base_world(now) if row[2] not in accounts]
    rows += patch_rows(now, patch)
    rows.append(("world", "settings", "", dump(_settings(patch.get("settings", {})))))
    return rows


def patch_rows(now: datetime, patch: Doc) -> list[Row]:
    """Documents a patch stands for, without its settings; ValueError for an unknown field."""
    unknown = set(patch) - _PATCH_FIELDS
    if unknown:
        raise ValueError(f"unknown field of a patch: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for key, change in patch.get("patients", {}).items():
        rows += patient_rows(key, patched(key, change), now)
    rows += _slot_rows(patch.get("slots", {}), now)
    return rows


def initial_levels(patch: Doc) -> dict[str, str]:
    """Account levels of a fresh world."""
    return {key: entry["level"] for key, entry in named_patients().items()} | levels_of(patch)


def levels_of(patch: Doc) -> dict[str, str]:
    """Account levels of the patients a patch names."""
    return {key: patched(key, change)["level"] for key, change in patch.get("patients", {}).items()}


def _settings(settings: Doc) -> Doc:
    for name, value in settings.items():
        if value not in _SETTINGS.get(name, ()):
            raise ValueError(f"unknown setting: {name} = {value}")
    return {"id": "settings", **settings}


def _slot_rows(slots: Doc, now: datetime) -> Iterable[Row]:
    """`replace`: only these exist; `add`; `remove`: rules by service_id, kind, city_id, doctor_id,
    facility_id, slot_id, from, to (all that are given must agree; `{}` removes everything)."""
    unknown = set(slots) - {"replace", "add", "remove"}
    if unknown:
        raise ValueError(f"unknown field of slots: {', '.join(sorted(unknown))}")
    rules = [*slots.get("remove", []), *([{}] if "replace" in slots else [])]
    for number, rule in enumerate(rules):
        doc = {"id": str(number), **_dated(rule, now)}
        yield "slot_rule", doc["id"], "", dump(doc)
    for number, spec in enumerate([*slots.get("replace", []), *slots.get("add", [])]):
        slot = slot_of(spec, now)
        yield "slot_extra", f"{number:05d}", "", dump({"id": f"{number:05d}", "slot": slot.wire()})


def _dated(rule: Doc, now: datetime) -> Doc:
    known = {"service_id", "kind", "city_id", "doctor_id", "facility_id", "slot_id", "from", "to"}
    if set(rule) - known:
        raise ValueError(f"unknown field of a slot rule: {', '.join(sorted(set(rule) - known))}")
    if rule.get("service_id") not in (None, *catalogue().services):
        raise ValueError(f"unknown service: {rule['service_id']}")
    dates: dict[str, Any] = {
        name: date_of(rule[name], now).isoformat() for name in ("from", "to") if rule.get(name)
    }
    return {**rule, **dates}


def _seed(session: Session, rows: list[Row]) -> None:
    session.wipe()
    _insert(session, rows)


def _insert(session: Session, rows: list[Row]) -> None:
    session.put_rows(rows)
    claims = []
    for kind, object_id, account, data in rows:
        if kind in ("reservation", "hold"):
            doc = json.loads(data)
            expires = parse_moment(doc["expires_at"]).timestamp() if kind == "hold" else None
            if doc.get("status") != "cancelled":
                claims.append((doc["claim"], object_id, account, expires))
    # Two seeded visits may share a term by accident of the data; the first has it.
    session.db.executemany("INSERT OR IGNORE INTO claims VALUES (?, ?, ?, ?)", claims)


def _apply(session: Session, patch: Doc, rows: list[Row]) -> None:
    changes: Doc = patch.get("patients", {})
    kept = {patient_id(key): change for key, change in changes.items() if set(change) <= set(_ACCOUNT_FIELDS)}
    for account in {patient_id(key) for key in changes} - set(kept):
        session.forget(account)
    if "slots" in patch:
        session.db.execute("DELETE FROM objects WHERE kind IN ('slot_rule', 'slot_extra')")
    if "settings" in patch:
        rows = [*rows, ("world", "settings", "", dump(_settings(patch["settings"])))]
    for kind, account, _, data in rows:
        if kind == "account" and account in kept:
            _change_account(session, account, json.loads(data), kept[account])
    _insert(session, [row for row in rows if row[2] not in kept])


def _change_account(session: Session, account: str, wanted: Doc, change: Doc) -> None:
    current = session.get("account", account) or wanted
    current |= {name: wanted[name] for name in (_ACCOUNT_FIELDS[field] for field in change)}
    session.put("account", account, current)
