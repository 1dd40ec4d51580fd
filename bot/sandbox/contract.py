"""The OpenAPI document at work: routes come from it and requests are checked against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
    RefResolver,
)

from bot.sandbox.files import load_contract
from bot.sandbox.problems import Problem

_METHODS = ("get", "post", "put", "delete")
_FORMATS = FormatChecker(formats=("date",))


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    kind: str
    item_kind: str
    default: object
    validator: Draft202012Validator


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented operation."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body_type: str | None
    body: Draft202012Validator | None
    public: bool
    statuses: frozenset[int]

    @property
    def keyed(self) -> bool:
        """Needs an Idempotency-Key."""
        return any(p.name == "Idempotency-Key" for p in self.parameters)

    def query(self, values: Mapping[str, list[str]]) -> dict[str, Any]:
        """Typed query parameters; Problem INVALID_REQUEST when one does not fit."""
        known = {p.name: p for p in self.parameters if p.place == "query"}
        for name in values:
            if name not in known:
                raise Problem("INVALID_REQUEST", {"field": name})
        return {name: _read(parameter, values.get(name)) for name, parameter in known.items()}

    def check_path(self, values: Mapping[str, str]) -> None:
        """An id that cannot exist answers as one that does not."""
        for parameter in self.parameters:
            if parameter.place == "path" and not parameter.validator.is_valid(values[parameter.name]):
                raise Problem("NOT_FOUND")

    def check_body(self, body: object) -> None:
        """Problem INVALID_REQUEST with the offending field."""
        if self.body is None:
            return
        error = next(iter(self.body.iter_errors(body)), None)
        if error is not None:
            raise Problem(
                "INVALID_REQUEST", {"field": ".".join(str(part) for part in error.absolute_path) or "body"}
            )


@cache
def operations() -> dict[str, Operation]:
    """All documented operations by operationId."""
    document = load_contract()
    resolver = RefResolver.from_schema(document)
    return {op.id: op for op in _operations(document, resolver)}


def _operations(document: dict[str, Any], resolver: RefResolver) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            spec = item[method]
            listed = [*item.get("parameters", []), *spec.get("parameters", [])]
            content = spec.get("requestBody", {}).get("content", {})
            body_type = next(iter(content), None)
            schema = (
                content[body_type]["schema"]
                if body_type and body_type != "application/octet-stream"
                else None
            )
            yield Operation(
                id=spec["operationId"],
                method=method.upper(),
                path=path,
                parameters=tuple(_parameter(entry, resolver) for entry in listed),
                body_type=body_type,
                body=None if schema is None else _validator(schema, resolver),
                public=spec.get("security") == [],
                statuses=frozenset(int(code) for code in spec["responses"]),
            )


def _parameter(entry: dict[str, Any], resolver: RefResolver) -> Parameter:
    spec = _follow(entry, resolver)
    schema = _follow(spec["schema"], resolver)
    items = _follow(schema.get("items", {}), resolver)
    return Parameter(
        name=spec["name"],
        place=spec["in"],
        required=bool(spec.get("required", False)),
        kind=schema.get("type", "string"),
        item_kind=items.get("type", "string"),
        default=schema.get("default"),
        validator=_validator(schema, resolver),
    )


def _follow(entry: dict[str, Any], resolver: RefResolver) -> dict[str, Any]:
    while "$ref" in entry:
        entry = resolver.resolve(entry["$ref"])[1]
    return entry


def _validator(schema: dict[str, Any], resolver: RefResolver) -> Draft202012Validator:
    return Draft202012Validator(schema, resolver=resolver, format_checker=_FORMATS)


def _read(parameter: Parameter, values: list[str] | None) -> object:
    if not values:
        if parameter.required:
            raise Problem("INVALID_REQUEST", {"field": parameter.name})
        return [] if parameter.kind == "array" else parameter.default
    if parameter.kind != "array" and len(values) > 1:
        raise Problem("INVALID_REQUEST", {"field": parameter.name})
    value: object = (
        [_typed(v, parameter.item_kind, parameter.name) for v in values]
        if parameter.kind == "array"
        else _typed(values[0], parameter.kind, parameter.name)
    )
    if not parameter.validator.is_valid(value):
        raise Problem("INVALID_REQUEST", {"field": parameter.name})
    return value


def _typed(text: str, kind: str, name: str) -> object:
    if kind != "integer":
        return text
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 9:
        raise Problem("INVALID_REQUEST", {"field": name})
    return int(text)
