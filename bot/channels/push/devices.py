"""Devices that a patient wants to be woken: registered by the app, gone with the log-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from bot.storage.protocols import Stores

KEEP = timedelta(days=90)
"""The app registers at every start; a device that does not come back is forgotten."""
MOST = 10
"""Devices of one patient; the one registered first goes."""
PLATFORMS = frozenset({"android", "ios", "web"})
_OF_PATIENT, _OWNER = "devices", "device"
"""Kinds of records: a conversation's devices; a device's conversation."""


@dataclass(frozen=True, slots=True)
class Device:
    """`token`: what the push service knows it by; never logged."""

    id: str
    platform: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Devices:
    """Kept by conversation, since that is what messages have."""

    stores: Stores

    async def register(self, conversation: str, platform: str, token: str, now: datetime) -> Device:
        """The same device has the same id; one that another patient used before is theirs no more."""
        device = Device(_id_of(platform, token), platform, token)
        before = await self.stores.records.get(_OWNER, device.id)
        if before is not None and before["conversation"] != conversation:
            await self.remove(str(before["conversation"]), device.id)
        async with self.stores.locks.hold(f"devices-{conversation}"):
            kept = [other for other in await self.of(conversation) if other.id != device.id]
            await self._keep(conversation, [*kept, device][-MOST:])
        await self.stores.records.put(_OWNER, device.id, {"conversation": conversation}, KEEP)
        return device

    async def of(self, conversation: str) -> Sequence[Device]:
        """The devices of a conversation's patient."""
        record = await self.stores.records.get(_OF_PATIENT, conversation)
        return [Device(**device) for device in (record or {}).get("devices", ())]

    async def remove(self, conversation: str, device: str) -> bool:
        """False when the patient has no such device."""
        async with self.stores.locks.hold(f"devices-{conversation}"):
            known = await self.of(conversation)
            left = [other for other in known if other.id != device]
            if len(left) == len(known):
                return False
            await self._keep(conversation, left)
        await self.stores.records.take(_OWNER, device)
        return True

    async def forget(self, conversation: str) -> None:
        """Log-out: none of the patient's devices is woken any more."""
        for device in await self.of(conversation):
            await self.remove(conversation, device.id)

    async def _keep(self, conversation: str, devices: Sequence[Device]) -> None:
        rows = [{"id": one.id, "platform": one.platform, "token": one.token} for one in devices]
        if rows:
            await self.stores.records.put(_OF_PATIENT, conversation, {"devices": rows}, KEEP)
        else:
            await self.stores.records.take(_OF_PATIENT, conversation)


def _id_of(platform: str, token: str) -> str:
    return "d-" + sha256(f"{platform}\x00{token}".encode()).hexdigest()[:40]
