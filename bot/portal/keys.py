"""Idempotency keys, computable again from state saved in an earlier turn."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

_NAMESPACE = UUID("5b2f7d0e-9c55-4f6e-8a43-6f1c1d3f0a77")


def idempotency_key(conversation: str, action: str, subject: str) -> str:
    """UUIDv5 of one action on one subject (slot, hold, reservation...) in one conversation."""
    return str(uuid5(_NAMESPACE, json.dumps([conversation, action, subject], ensure_ascii=False)))
