"""Log-in and log-out of a conversation: what begins, goes on and ends with the patient's session."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channels import texts
from bot.channels.core import FrontDesk
from bot.channels.identity import Identity, IdentityError
from bot.channels.messages import Incoming, Outgoing, Visitor
from bot.channels.push.devices import Devices
from bot.storage.protocols import Entry, PatientSession, StorageError

_log = logging.getLogger(__name__)
KEEP_ENDED = timedelta(hours=25)
"""Longer than any token lives: a visitor's 24 hours."""
KEEP_ADOPTED = timedelta(days=30)
MOST_CARRIED = 100
BEFORE_LOGIN = "before-login"
"""Kind of a record: as which visitors a patient wrote before, so that those words are erased too."""
MOST_VISITORS = 50
NEEDS_LOGIN = "utter_login_required"
"""Responses whose names begin so ask a visitor to log in."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The patient's side of the portal's session."""

    desk: FrontDesk

    async def check(self, sender: str, identity: Identity) -> None:
        """Raises IdentityError (token_revoked) when this token's session was ended.

        A token issued before the last log-out of its patient is over too, whatever its id: the portal
        gives out several during one session.
        """
        try:
            ended = await self.desk.stores.revocations.get(sender)
        except StorageError:
            return  # nothing can be read or kept either; an emergency is still answered
        if ended is None:
            return
        # Tokens carry whole seconds.
        if identity.token_id in ended.tokens or identity.issued_at.timestamp() < math.floor(
            ended.at.timestamp()
        ):
            raise IdentityError("token_revoked")

    async def keep(self, visitor: Visitor, identity: Identity) -> None:
        """Keep the patient's token where actions find it; a visitor has none."""
        if not identity.authenticated:
            return
        session = PatientSession(
            sub=identity.subject,
            token=identity.token,
            level=identity.level or "basic",
            channel=visitor.channel,
            expires_at=identity.expires_at,
        )
        try:
            await self.desk.stores.sessions.put(visitor.sender, session)
        except StorageError:
            # Whether storage is needed is decided later: an emergency is answered without it.
            _log.warning("session not kept")

    async def end(self, visitor: Visitor, identity: Identity) -> None:
        """Log-out: the token is worth nothing from now on, and what was being arranged is forgotten."""
        stores, now = self.desk.stores, self.desk.clock()
        await stores.revocations.end(visitor.sender, identity.token_id, now, KEEP_ENDED)
        await stores.sessions.end(visitor.sender)
        await Devices(stores).forget(visitor.conversation)
        await self.desk.forget(visitor)

    async def adopt(self, patient: Visitor, visitor: Visitor, identity: Identity) -> None:
        """A visitor logged in: the words go with the patient, and what needed the log-in is taken up.

        `identity` is the visitor's; its conversation ends here, since the patient's goes on.
        """
        stores, now = self.desk.stores, self.desk.clock()
        if not await stores.dedupe.first("adopted", visitor.sender, now, KEEP_ADOPTED):
            return
        await self._remember(patient, visitor)
        said = await stores.outbox.latest(visitor.conversation, MOST_CARRIED)
        wish = _wish(said)
        for entry in said:
            if wish is None or entry.seq not in wish.turn:
                once = f"adopted:{entry.conversation}:{entry.seq}"
                await stores.outbox.append(
                    patient.conversation, entry.author, _words(entry), entry.at, once=once
                )
        await self.end(visitor, identity)
        if wish is not None:
            welcome = Outgoing(text=texts.message("welcome_back"))
            await self.desk.say(patient.conversation, welcome)
            again = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{visitor.conversation}:{wish.seq}"))
            await self.desk.receive(patient, Incoming(patient.conversation, again, text=wish.text))

    async def _remember(self, patient: Visitor, visitor: Visitor) -> None:
        records, kept = self.desk.stores.records, patient.conversation
        async with self.desk.stores.locks.hold(f"{BEFORE_LOGIN}-{kept}"):
            known = (await records.get(BEFORE_LOGIN, kept) or {}).get("visitors", [])
            known.append({"sender": visitor.sender, "conversation": visitor.conversation})
            await records.put(BEFORE_LOGIN, kept, {"visitors": known[-MOST_VISITORS:]}, KEEP_ADOPTED)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a visitor asked for that needs a log-in; `turn`: numbers of the message and its answers."""

    seq: int
    text: str
    turn: frozenset[int]


def _wish(said: Sequence[Entry]) -> _Wish | None:
    """The last thing a visitor asked for that could not be done without a log-in."""
    found: _Wish | None = None
    asked: Entry | None = None
    answers: set[int] = set()
    for entry in said:
        if entry.author == "patient":
            asked, answers = entry, {entry.seq}
            continue
        answers.add(entry.seq)
        response = str(entry.body.get("meta", {}).get("response", ""))
        if asked is not None and asked.body.get("text") and response.startswith(NEEDS_LOGIN):
            found = _Wish(asked.seq, str(asked.body["text"]), frozenset(answers))
    return found


def _words(entry: Entry) -> dict[str, Any]:
    """What was said, without buttons: those were offered to somebody who was not logged in."""
    return {name: entry.body[name] for name in ("text", "links") if name in entry.body}
