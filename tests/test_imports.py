"""The table of rooms in docs/architecture.md holds for every file of `bot/`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from bot.settings import PROJECT

BOT = PROJECT / "bot"
TABLE = PROJECT / "docs" / "architecture.md"
RASA = frozenset({"rasa", "rasa_sdk"})
EVERYTHING = "everything"
ONLY_READER = "bot/settings.py"
SETS_DEFAULTS = frozenset({"bot/__main__.py", "bot/nlu/training.py"})
"""Set defaults for Rasa and its libraries before those are imported; they read nothing."""


@dataclass(frozen=True, slots=True)
class Room:
    """One line of the table: rooms that may import each other, `allowed`, and Rasa or not."""

    names: frozenset[str]
    allowed: frozenset[str]
    rasa: bool

    def may_import(self, room: str) -> bool:
        return room in self.names or room in self.allowed or EVERYTHING in self.allowed


def table(text: str) -> dict[str, Room]:
    """Rooms by name, as the document lists them."""
    rooms: dict[str, Room] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != 4 or not cells[0].startswith("`bot/"):
            continue
        names = frozenset(
            name.removesuffix(".py") for name in re.findall(r"`bot/(\w+(?:\.py)?)/?`", cells[0])
        )
        everything = {EVERYTHING} if cells[2] == EVERYTHING else set()
        room = Room(names, frozenset(re.findall(r"`(\w+)`", cells[2])) | everything, cells[3] == "yes")
        rooms |= dict.fromkeys(names, room)
    return rooms


def imported(source: str) -> Iterator[str]:
    """Dotted names of all modules a source imports, also inside functions and by importlib."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            whole = module == "bot"  # `from bot import x` imports the room x
            yield from (f"bot.{alias.name}" for alias in node.names) if whole else [module]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            yield ast.unparse(node.args[0]).removeprefix("f").strip("'\"")


def modules(source: str) -> Iterator[str]:
    """Modules that a source imports when it is loaded: `from bot.x import y` may import `bot.x.y`."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def violations(room_name: str, source: str, rooms: Mapping[str, Room]) -> list[str]:
    """What a file of the room imports although the table does not allow it."""
    room, wrong = rooms[room_name], []
    for name in imported(source):
        first, _, rest = name.partition(".")
        if name.startswith("."):
            wrong.append(f"relative import {name}")
        elif first in RASA and not room.rasa:
            wrong.append(f"Rasa: {name}")
        elif first == "bot" and not room.may_import(rest.partition(".")[0]):
            wrong.append(name)
    return wrong


def reads_environment(source: str) -> list[str]:
    """Uses of the process's environment other than setting a default."""
    tree = ast.parse(source)
    defaults = {
        id(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setdefault"
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "getenvb"}:
            found += [] if id(node) in defaults else [ast.unparse(node)]
        if isinstance(node, ast.ImportFrom) and node.module == "os":
            found += [alias.name for alias in node.names if alias.name.startswith(("environ", "getenv"))]
    return found


ROOMS = table(TABLE.read_text(encoding="utf-8"))
FILES = sorted(path for path in BOT.rglob("*.py") if path != BOT / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(BOT).parts[0].removesuffix(".py")


def test_every_room_is_in_the_table_and_nothing_else() -> None:
    assert sorted(ROOMS) == sorted({room_of(path) for path in FILES})


@pytest.mark.parametrize("name", sorted(ROOMS))
def test_room_imports_only_what_the_table_allows(name: str) -> None:
    wrong = {
        str(path.relative_to(PROJECT)): found
        for path in FILES
        if room_of(path) == name and (found := violations(name, path.read_text("utf-8"), ROOMS))
    }
    assert wrong == {}


def test_imports_of_rooms_point_down() -> None:
    """No circle in the table (raises CycleError), and no name in it that is not a room."""
    group = {name: min(room.names) for name, room in ROOMS.items()}
    graph = {
        group[name]: {group[other] for other in room.allowed - {EVERYTHING}} for name, room in ROOMS.items()
    }
    assert set(TopologicalSorter(graph).static_order()) == set(group.values())


def test_modules_import_each_other_without_circles() -> None:
    """Raises CycleError. Packages count as their `__init__`, names imported from them as modules."""
    sources = {".".join(path.relative_to(PROJECT).with_suffix("").parts): path for path in FILES}
    graph = {
        name: {other for other in modules(path.read_text("utf-8")) if other in sources and other != name}
        for name, path in sources.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(sources)


@pytest.mark.parametrize("name", ["language", "portal", "sandbox"])
def test_rooms_that_stand_alone(name: str) -> None:
    assert not ROOMS[name].allowed
    assert not ROOMS[name].rasa


def test_safety_needs_language_only() -> None:
    assert ROOMS["safety"].allowed == {"language"}
    assert not ROOMS["safety"].rasa


def test_only_settings_read_the_environment() -> None:
    reading = {
        name: found
        for path in FILES
        if (name := str(path.relative_to(PROJECT))) != ONLY_READER
        and (found := reads_environment(path.read_text("utf-8")))
    }
    assert reading == {}


def test_defaults_are_set_where_the_document_says() -> None:
    setting = {
        str(path.relative_to(PROJECT)) for path in FILES if "environ.setdefault" in path.read_text("utf-8")
    }
    assert setting == SETS_DEFAULTS
    text = TABLE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in setting)


@pytest.mark.parametrize(
    ("room", "source", "wrong"),
    [
        ("portal", "from bot.language.text import fold", ["bot.language.text"]),
        ("sandbox", "def f():\n    import bot.portal.models", ["bot.portal.models"]),
        ("language", "from rasa.shared.core.domain import Domain", ["Rasa: rasa.shared.core.domain"]),
        ("dialogue", "from bot import actions", ["bot.actions"]),
        ("safety", "import importlib\nimportlib.import_module('bot.channels.core')", ["bot.channels.core"]),
        ("storage", "from .local import LocalLocks", ["relative import .local"]),
        ("actions", "from bot.portal.client import PortalClient\nimport rasa_sdk", []),
        ("server", "from bot.channels.core import FrontDesk", []),
    ],
)
def test_a_wrong_import_is_found(room: str, source: str, wrong: list[str]) -> None:
    assert violations(room, source, ROOMS) == wrong


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nx = os.environ['HOME']", ["os.environ"]),
        ("import os\nx = os.getenv('HOME')", ["os.getenv"]),
        ("from os import environ", ["environ"]),
        ("import os\nos.environ.setdefault('A', 'b')", []),
    ],
)
def test_a_look_at_the_environment_is_found(source: str, found: list[str]) -> None:
    assert reads_environment(source) == found
