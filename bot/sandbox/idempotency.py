"""Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): kept 24 hours, per account."""

import hashlib
import json
from datetime import datetime, timedelta

from bot.sandbox.context import Answer
from bot.sandbox.problems import Problem
from bot.sandbox.store import Session, dump

_KEPT = timedelta(hours=24)
# A request that left no answer for so long died with its process; its key may be tried again.
_ABANDONED = timedelta(seconds=60)


def fingerprint(method: str, path: str, body: object) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(f"{method} {path} {dump(body)}".encode()).hexdigest()


def begin(session: Session, account: str, key: str, print_: str, now: datetime) -> Answer | None:
    """The stored answer, or None after taking the key.

    Problem IDEMPOTENCY_KEY_REUSED for another request, IDEMPOTENCY_IN_PROGRESS while it is being processed.
    """
    session.db.execute("DELETE FROM idempotency WHERE started <= ?", ((now - _KEPT).timestamp(),))
    row = session.db.execute(
        "SELECT fingerprint, started, status, answer FROM idempotency WHERE account = ? AND key = ?",
        (account, key),
    ).fetchone()
    if row is None:
        session.db.execute(
            "INSERT INTO idempotency (account, key, fingerprint, started) VALUES (?, ?, ?, ?)",
            (account, key, print_, now.timestamp()),
        )
        return None
    known, started, status, answer = row
    if known != print_:
        raise Problem("IDEMPOTENCY_KEY_REUSED")
    if status is None:
        if now.timestamp() - started < _ABANDONED.total_seconds():
            raise Problem("IDEMPOTENCY_IN_PROGRESS", retry_after=1)
        return None
    return Answer(int(status), json.loads(answer), {"Idempotency-Replayed": "true"})


def finish(session: Session, account: str, key: str, answer: Answer) -> None:
    """Keep the answer, in the transaction of its effect."""
    session.db.execute(
        "UPDATE idempotency SET status = ?, answer = ? WHERE account = ? AND key = ?",
        (answer.status, dump(answer.body), account, key),
    )


def abandon(session: Session, account: str, key: str) -> None:
    """Forget a key whose request failed on our side."""
    session.db.execute(
        "DELETE FROM idempotency WHERE account = ? AND key = ? AND status IS NULL", (account, key)
    )
