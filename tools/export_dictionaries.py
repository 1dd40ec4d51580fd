"""Write `data/dictionaries.json`: the names that the model is trained to recognise.

The portal's lists at run time replace them. Taken from the sandbox portal; run again when its world changes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.sandbox.catalogue import catalogue

TARGET = Path(__file__).resolve().parent.parent / "data" / "dictionaries.json"
FIELDS = {
    "services": ("id", "name", "kind", "specialty", "aliases"),
    "cities": ("id", "name", "aliases", "districts"),
    "facilities": ("id", "name", "city_id", "address"),
    "doctors": ("id", "title", "first_name", "last_name", "gender"),
}


def dictionaries() -> dict[str, list[dict[str, Any]]]:
    """What is known by name, with the fields that names need."""
    world = catalogue()
    return {kind: [_only(row, fields) for row in world.dictionary(kind)] for kind, fields in FIELDS.items()}


def text(content: Mapping[str, Any]) -> str:
    """One row a line, so that changes can be read."""
    lists = (
        f'"{kind}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for kind, rows in content.items()
    )
    return "{\n" + ",\n".join(lists) + "\n}\n"


def _only(row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in fields if name in row}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the file is up to date")
    check = parser.parse_args().check
    wanted = text(dictionaries())
    if check:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted else 1
    TARGET.write_text(wanted, encoding="utf-8")
    print(f"wrote {TARGET.name}: {len(wanted)} characters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
