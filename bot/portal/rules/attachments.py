"""Section I: files for the doctor."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.portal.models import Me, Reservation, ReservationStatus, ServiceKind
from bot.portal.rules.accounts import Capability, may_use
from bot.portal.rules.decisions import DEFAULT_DECISIONS, Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Outcome, Refused, Warned, strictest


class FileType(StrEnum):
    """Allowed types by their MIME name (R78; newer documents add pdf and png to jpg)."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


#: What a file of this type is called (R78).
EXTENSIONS = {str(FileType.JPEG): ".jpg", str(FileType.PNG): ".png", str(FileType.PDF): ".pdf"}

#: At offset 0 only: a marker further in is how one file passes for another.
_MAGIC = (
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"%PDF-", FileType.PDF),
)


def file_type(head: bytes) -> FileType | None:
    """R78, R90 [S2 S4]: the type by content, never by name; None when not allowed."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def may_add_file(me: Me | None, now: datetime, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R77, R80 [S0-S4]: full account; at most 5 files on the account, whatever visits they are for."""
    return strictest(may_use(me, Capability.ATTACHMENTS, now, decisions), _room(me, decisions))


def places_left(me: Me, decisions: Decisions = DEFAULT_DECISIONS) -> int:
    """R80: how many files more the account takes."""
    limit = me.limits.attachments
    return max(min(limit.max, decisions.attachment_max_files) - limit.used, 0)


def _room(me: Me | None, decisions: Decisions) -> Outcome:
    if me is None or places_left(me, decisions):
        return Allowed()
    limit = me.limits.attachments
    most = min(limit.max, decisions.attachment_max_files)
    return Refused(
        "R80",
        "ATTACHMENT_COUNT_LIMIT",
        {"used": limit.used, "max": most},
        (NextStep.DELETE_ATTACHMENT,),
    )


def check_file(head: bytes, size: int, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R78, R79, A12: type by content and at most 8 x 1024^2 bytes, before anything is stored."""
    too_large = check_size(size, decisions)
    if isinstance(too_large, Refused):
        return too_large
    kind = file_type(head)
    if kind is None:
        allowed = tuple(str(each) for each in FileType)
        return Refused("R78", "ATTACHMENT_TYPE_NOT_ALLOWED", {"allowed": allowed})
    return Allowed({"content_type": str(kind)})


def check_size(size: int, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R79, A12: at most 8 x 1024^2 bytes."""
    most = decisions.attachment_max_bytes
    if size <= most:
        return Allowed()
    return Refused("R79", "ATTACHMENT_TOO_LARGE", {"size": size, "max_size": most})


def may_attach_to(reservation: Reservation, decisions: Decisions = DEFAULT_DECISIONS) -> Outcome:
    """R83, R88 [S0 S1 S2 S3 S4], A13: phone consultations always, other visits when the portal allows it."""
    if reservation.status != ReservationStatus.BOOKED:
        return Refused("R88", "NOT_ACTIVE", {"status": reservation.status.raw})
    if reservation.slot.kind == ServiceKind.PHONE:
        return Allowed()
    flag = reservation.actions.get("attach")
    portal_allows = reservation.can_attach or (flag is not None and flag.allowed)
    if portal_allows and decisions.attach_to_onsite == "portal_flag":
        return Allowed()
    params = {"kind": reservation.slot.kind.raw}
    return Refused("R83", "NOT_ELIGIBLE", params, (NextStep.BOOK_PHONE_CONSULTATION,))


def description_notice(description: str) -> Outcome:
    """R82 [S2 S4]: whoever describes a file must know that the doctor reads the description."""
    return Warned("R82", {"visible_to": "doctor"}) if description.strip() else Allowed()
