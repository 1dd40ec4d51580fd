"""What the groups of endpoints share: signed calls, typed answers, pages, query strings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.portal.answers import Answer
from bot.portal.clock import local_date
from bot.portal.dictionaries import DictionaryCache, Fetched
from bot.portal.errors import PortalUnavailable
from bot.portal.models import Page
from bot.portal.schema import Record
from bot.portal.transport import Call, TokenSource, Wire

R = TypeVar("R", bound=Record)
Params = tuple[tuple[str, str], ...]


class Endpoints:
    """Base of the endpoint groups: one patient's tokens over the shared wire."""

    _wire: Wire
    _tokens: TokenSource
    _dictionaries: DictionaryCache

    async def _send(self, call: Call) -> Answer:
        return await self._wire.send(call, self._tokens)

    async def _read(self, call: Call, model: type[R]) -> R:
        answer = await self._send(call)
        return parse(model, answer.body, call)

    async def _page(self, call: Call, model: type[R]) -> Page[R]:
        answer = await self._send(call)
        cursor = answer.body.get("next_cursor")
        return Page(items(model, answer.body, call), cursor if isinstance(cursor, str) else None)

    async def _dictionary(self, name: str, model: type[R]) -> tuple[R, ...]:
        async def fetch(etag: str | None) -> Fetched | None:
            headers = {"If-None-Match": etag} if etag else {}
            call = Call("GET", f"/v1/dictionaries/{name}", headers=headers)
            answer = await self._send(call)
            if answer.status == 304:
                return None
            return Fetched(items(model, answer.body, call), answer.headers.get("etag"))

        return await self._dictionaries.get(name, fetch)


def parse(model: type[R], body: Any, call: Call) -> R:
    """A record from JSON; ``PortalUnavailable`` when the answer breaks the contract."""
    try:
        return model.parse_obj(body)
    except ValidationError as error:
        # Where, not what: values may be the patient's.
        where = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
        reason = f"malformed {model.__name__}: {where}"
        raise PortalUnavailable(reason, maybe_committed=call.writes) from None


def items(model: type[R], body: Mapping[str, Any], call: Call) -> tuple[R, ...]:
    """The ``items`` of a list answer; a missing list is never an empty one."""
    raw = body.get("items")
    if not isinstance(raw, list):
        raise PortalUnavailable("malformed list: no items", maybe_committed=call.writes)
    return tuple(parse(model, item, call) for item in raw)


def given(**fields: Any) -> dict[str, Any]:
    """A JSON body of the fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None and value != ()}


def query(**fields: Any) -> Params:
    """A query string: None is left out, tuples repeat their name."""
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        values = value if isinstance(value, tuple) else (value,)
        pairs.extend((name, str(item)) for item in values if item is not None)
    return tuple(pairs)


def day(value: date | datetime | None) -> str | None:
    """A calendar day for the portal; an aware datetime stands for its day in Europe/Warsaw."""
    if isinstance(value, datetime):
        return local_date(value).isoformat()
    return value.isoformat() if value is not None else None
