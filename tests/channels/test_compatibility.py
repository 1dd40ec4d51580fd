"""What worked with an earlier version of the Chat API works with this one: nothing taken away, nothing newly required.

`contracts/` holds every version as it was released; a change of docs/chat-api.yaml gets a new number and a copy there.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
NOW = yaml.safe_load((HERE.parents[1] / "docs/chat-api.yaml").read_text("utf-8"))
RELEASED = {
    path.stem.removeprefix("chat-api-"): yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((HERE / "contracts").glob("chat-api-*.yaml"))
}
Node = Mapping[str, Any]


def _seen(document: Node, node: Node) -> Node:
    """The node behind a reference, parts of `allOf` put together."""
    while "$ref" in node:
        found: Any = document
        for name in str(node["$ref"]).removeprefix("#/").split("/"):
            found = found[name]
        node = found
    if "allOf" not in node:
        return node
    whole: dict[str, Any] = {"type": "object", "required": [], "properties": {}}
    for part in node["allOf"]:
        seen = _seen(document, part)
        whole["required"] += seen.get("required", [])
        whole["properties"] |= seen.get("properties", {})
    return whole


def _schema(old: Node, new: Node, before: Node, after: Node, where: str, *, sent: bool) -> Iterator[str]:
    """Breaches of a schema; `sent` by the client, else received."""
    one, two = _seen(old, before), _seen(new, after)
    if one.get("type") != two.get("type"):
        yield f"{where}: type {one.get('type')} became {two.get('type')}"
    gone = set(map(str, one.get("enum", ()))) - set(map(str, two.get("enum", ())))
    if gone and "enum" in two:
        yield f"{where}: values gone: {sorted(gone)}"
    if sent and "enum" in two and "enum" not in one:
        yield f"{where}: values were free"
    required = (set(one.get("required", ())), set(two.get("required", ())))
    missing = required[1] - required[0] if sent else required[0] - required[1]
    if missing:
        yield f"{where}: {'newly' if sent else 'no longer'} required: {sorted(missing)}"
    if sent and two.get("maxLength", 10**9) < one.get("maxLength", 10**9):
        yield f"{where}: shorter"
    for name, field in one.get("properties", {}).items():
        if name not in two.get("properties", {}):
            yield f"{where}.{name}: gone"
        else:
            yield from _schema(old, new, field, two["properties"][name], f"{where}.{name}", sent=sent)
    if "items" in one and "items" in two:
        yield from _schema(old, new, one["items"], two["items"], f"{where}[]", sent=sent)
    kinds = [{str(item["$ref"]): item for item in side.get("oneOf", ())} for side in (one, two)]
    for name, kind in kinds[0].items():
        if name not in kinds[1]:
            yield f"{where}: {name} gone"
        else:
            yield from _schema(old, new, kind, kinds[1][name], name, sent=sent)


def _content(node: Node) -> Node:
    return next(iter(node.get("content", {}).values()), {}).get("schema", {})


def _operation(old: Node, new: Node, before: Node, after: Node, where: str) -> Iterator[str]:
    names = [{_seen(doc, p)["name"]: _seen(doc, p) for p in op.get("parameters", ())} for doc, op in
             ((old, before), (new, after))]  # fmt: skip
    yield from (f"{where}: parameter {name} gone" for name in names[0].keys() - names[1].keys())
    fresh = names[1].keys() - names[0].keys()
    yield from (f"{where}: {name} newly required" for name in fresh if names[1][name].get("required"))
    if "requestBody" in before:
        bodies = before["requestBody"], after.get("requestBody", {})
        yield from _schema(old, new, _content(bodies[0]), _content(bodies[1]), f"{where} request", sent=True)
    for status, answer in before["responses"].items():
        if status not in after["responses"]:
            yield f"{where}: answer {status} gone"
            continue
        both = _seen(old, answer), _seen(new, after["responses"][status])
        yield from _schema(old, new, _content(both[0]), _content(both[1]), f"{where} {status}", sent=False)


def breaches(old: Node, new: Node) -> list[str]:
    """Everything that would break a client of `old`."""
    found: list[str] = []
    for path, item in old["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            after = new["paths"].get(path, {}).get(method)
            where = f"{method.upper()} {path}"
            found += [f"{where}: gone"] if after is None else _operation(old, new, operation, after, where)
    return found


@pytest.mark.parametrize("version", sorted(RELEASED))
def test_clients_of_an_earlier_version_still_work(version: str) -> None:
    assert breaches(RELEASED[version], NOW) == []


def test_this_version_is_kept_as_it_is_released() -> None:
    version = NOW["info"]["version"]
    assert RELEASED.get(version) == NOW, "give the changed document a new version, and contracts/ a copy"
    assert all(known.split(".")[0] == version.split(".")[0] for known in RELEASED)


def _without_answer_field(document: Any) -> None:
    del document["components"]["schemas"]["Message"]["allOf"][1]["properties"]["author"]


def _newly_required(document: Any) -> None:
    document["components"]["schemas"]["NewMessage"]["required"].append("text")


def _without_route(document: Any) -> None:
    del document["paths"]["/conversations/{conversation}/events"]


def _without_value(document: Any) -> None:
    document["components"]["schemas"]["Link"]["properties"]["kind"]["enum"].remove("tel")


def _other_type(document: Any) -> None:
    document["components"]["schemas"]["Conversation"]["properties"]["cursor"]["type"] = "string"


@pytest.mark.parametrize(
    "change", [_without_answer_field, _newly_required, _without_route, _without_value, _other_type]
)
def test_a_breach_is_found(change: Callable[[Any], None]) -> None:
    changed = copy.deepcopy(NOW)
    change(changed)
    assert breaches(NOW, changed)
