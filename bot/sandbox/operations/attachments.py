"""Files for the doctor: announced, sent, listed, deleted (R77-R83)."""

import hashlib
from datetime import timedelta

from bot.sandbox.clock import parse_moment, rfc3339
from bot.sandbox.context import Answer, Call, Context
from bot.sandbox.paging import page
from bot.sandbox.problems import Problem
from bot.sandbox.registry import operation
from bot.sandbox.store import Doc
from bot.sandbox.views import attach_code, attachment

FILE_LIMIT = 5
MAX_BYTES = 8 * 1024 * 1024
_TICKET_LIFETIME = timedelta(minutes=10)
# A kind of file is what its first bytes say, whatever its name (R78).
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_TYPES = tuple(kind for _, kind in _SIGNATURES)
_DECLARED = {"image/jpg": "image/jpeg"}
_EXTENSIONS = (".jpg", ".jpeg", ".pdf", ".png")


def files_used(ctx: Context) -> int:
    """Stored files and tickets that may still become one (R80: on the whole account)."""
    return sum(1 for doc in ctx.all_mine("attachment") if not _expired(ctx, doc))


@operation("listAttachments", scope="attachments:read")
def list_attachments(ctx: Context, call: Call) -> Answer:
    ctx.require_full()
    docs = [attachment(doc) for doc in ctx.all_mine("attachment") if not _expired(ctx, doc)]
    docs.sort(key=lambda doc: (doc["created_at"], doc["id"]))
    return Answer(200, page(docs, call.query))


@operation("createUploadTicket", scope="attachments:write")
def create_upload_ticket(ctx: Context, call: Call) -> Answer:
    """All that can be refused is refused before a byte is sent."""
    ctx.require_full()
    body = call.body
    declared = _DECLARED.get(body["content_type"].lower(), body["content_type"].lower())
    if declared not in _TYPES or not body["file_name"].lower().endswith(_EXTENSIONS):
        raise Problem("ATTACHMENT_TYPE_NOT_ALLOWED", {"content_type": body["content_type"]})
    _check_size(body["size"])
    if "reservation_id" in body:
        _check_target(ctx, body["reservation_id"])
    _make_room(ctx)
    expires = ctx.now + _TICKET_LIFETIME
    doc: Doc = {
        "id": ctx.session.new_id("file"),
        "account": ctx.account_id,
        "file_name": body["file_name"],
        "content_type": declared,
        "size": body["size"],
        "description": body["description"],
        "status": "pending",
        "reservation_id": body.get("reservation_id"),
        "created_at": rfc3339(ctx.now),
        "expires_at": rfc3339(expires),
    }
    ctx.save("attachment", doc)
    return Answer(
        201,
        {
            "id": doc["id"],
            "upload_url": f"/v1/attachments/{doc['id']}/content",
            "expires_at": doc["expires_at"],
            "max_size": MAX_BYTES,
        },
    )


@operation("uploadAttachment", scope="attachments:write")
def upload_attachment(ctx: Context, call: Call) -> Answer:
    """Only facts about the bytes are kept, not the bytes."""
    ctx.require_full()
    doc = ctx.mine("attachment", call.path["attachment_id"])
    if doc["status"] == "stored":
        raise Problem("UPLOAD_DONE", {"attachment_id": doc["id"]})
    if _expired(ctx, doc):
        raise Problem("UPLOAD_EXPIRED", {"attachment_id": doc["id"]})
    _check_size(len(call.raw))
    kind = next((kind for start, kind in _SIGNATURES if call.raw.startswith(start)), None)
    if kind is None:
        raise Problem("ATTACHMENT_TYPE_NOT_ALLOWED", {"attachment_id": doc["id"]})
    doc |= {
        "status": "stored",
        "content_type": kind,
        "size": len(call.raw),
        "sha256": hashlib.sha256(call.raw).hexdigest(),
        "expires_at": None,
    }
    ctx.save("attachment", doc)
    return Answer(200, attachment(doc))


@operation("deleteAttachment", scope="attachments:write")
def delete_attachment(ctx: Context, call: Call) -> Answer:
    ctx.require_full()
    doc = ctx.mine("attachment", call.path["attachment_id"])
    ctx.session.delete("attachment", doc["id"])
    return Answer(204, None)


def _check_size(size: int) -> None:
    """8 MB = 8 388 608 bytes (A12)."""
    if size > MAX_BYTES:
        raise Problem("ATTACHMENT_TOO_LARGE", {"size": size, "max": MAX_BYTES})


def _check_target(ctx: Context, reservation_id: str) -> None:
    code = attach_code(ctx, ctx.mine("reservation", reservation_id))
    if code is not None:
        raise Problem(code, {"reason": "attachment_kind", "reservation_id": reservation_id})


def _make_room(ctx: Context) -> None:
    if files_used(ctx) >= FILE_LIMIT:
        raise Problem("ATTACHMENT_COUNT_LIMIT", {"used": files_used(ctx), "max": FILE_LIMIT})


def _expired(ctx: Context, doc: Doc) -> bool:
    return doc["expires_at"] is not None and parse_moment(doc["expires_at"]) <= ctx.now
