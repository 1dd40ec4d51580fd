"""Neutral messages to and from what is kept in the outbox and shown on the web."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.channels.messages import Link, LinkKind, Option, OptionKind, Outgoing

_SHOWN = ("client_message_id", "text", "options", "card", "links")
CARD_KINDS = frozenset({"slots", "confirmation", "list", "file", "date"})
IssueToken = Callable[[str, str, OptionKind], Awaitable[str]]
"""(payload, label, kind) -> opaque token"""

_LINK_KINDS: dict[str, LinkKind] = {"https": "https", "tel": "tel", "mailto": "mailto"}


def link_kind(href: str) -> LinkKind | None:
    """Kind of an address that may be shown, else None."""
    parts = urlsplit(href)
    if parts.scheme == "https" and not parts.hostname:
        return None
    return _LINK_KINDS.get(parts.scheme)


async def to_body(message: Outgoing, issue: IssueToken) -> dict[str, Any]:
    """What is kept: like the neutral message, but every payload replaced by an issued token."""
    body: dict[str, Any] = {"text": message.text}
    # What the card offers already is not offered twice.
    shown = set(_payloads(message.card))
    options = [option for option in message.options if option.payload not in shown]
    if options:
        body["options"] = [await _option(option, issue) for option in options]
    if message.card is not None:
        if message.card.get("kind") not in CARD_KINDS:
            raise ValueError(f"unknown card kind: {message.card.get('kind')!r}")
        body["card"] = await _tokens(message.card, issue)
    if links := _shown_links(message.links):
        body["links"] = links
    if message.meta:
        body["meta"] = message.meta  # for audit; never shown
    return body


async def _option(option: Option, issue: IssueToken) -> dict[str, Any]:
    token = await issue(option.payload, option.label, option.kind)
    return {"label": option.label, "token": token, "kind": option.kind}


def _shown_links(links: Iterable[Link]) -> list[dict[str, Any]]:
    return [
        {"label": link.label, "href": link.href, "kind": kind}
        for link in links
        if (kind := link_kind(link.href))
    ]


async def _tokens(value: Any, issue: IssueToken) -> Any:
    """Copy of a card in which `payload` became `token` and links outside the allow-list are gone."""
    if isinstance(value, Mapping):
        copy = {key: await _tokens(item, issue) for key, item in value.items() if key != "payload"}
        if "links" in copy:
            copy["links"] = _shown_links(Link(link["label"], link["href"]) for link in copy["links"])
        if "payload" in value:
            kind: OptionKind = "act" if value.get("act") else "reply"
            copy["token"] = await issue(str(value["payload"]), spoken(value), kind)
        return copy
    if isinstance(value, list | tuple):
        return [await _tokens(item, issue) for item in value]
    return value


def _payloads(value: Any) -> Iterator[str]:
    """Every payload inside a card."""
    if isinstance(value, Mapping):
        if "payload" in value:
            yield str(value["payload"])
        for item in value.values():
            yield from _payloads(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _payloads(item)


def spoken(item: Mapping[str, Any]) -> str:
    """What the patient is shown to have said by tapping a card's item."""
    if item.get("label"):
        return str(item["label"])
    parts = [str(item[name]) for name in ("title", "day", "hour", "doctor") if item.get(name)]
    return ", ".join(parts)


def on_the_web(conversation: str, seq: int, author: str, at: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Schema `Message` of docs/chat-api.yaml; a file's content stays behind its own address."""
    message: dict[str, Any] = {"seq": seq, "author": author, "at": at}
    message |= {name: body[name] for name in _SHOWN if name in body}
    card = body.get("card")
    if card and card["kind"] == "file":
        shown = {key: value for key, value in card.items() if key != "content"}
        message["card"] = shown | {"href": f"/api/v1/conversations/{conversation}/files/{seq}"}
    return message
