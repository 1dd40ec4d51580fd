"""What the lock files install: names and versions of packages, for the bill of materials and the scan."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ("rasa.txt", "runtime.txt", "encoder.txt")
"""Of `requirements/`; what only tests need is not delivered."""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Package:
    """`ecosystem` is "PyPI" or "npm"; `hashes` are of the files that may be installed (SHA-256)."""

    ecosystem: str
    name: str
    version: str
    hashes: tuple[str, ...] = ()


def python_packages(root: Path = ROOT) -> list[Package]:
    """Everything that the assistant runs with. Raises OSError when a lock is missing."""
    found: dict[str, Package] = {}
    for lock in PYTHON:
        text = (root / "requirements" / lock).read_text(encoding="utf-8")
        pins = list(_PIN.finditer(text))
        ends = [pin.start() for pin in pins[1:]] + [len(text)]
        for pin, end in zip(pins, ends, strict=True):
            name = normal(pin[1])
            found[name] = Package("PyPI", name, pin[2], tuple(_HASH.findall(text, pin.end(), end)))
    return sorted(found.values(), key=lambda package: package.name)


def widget_packages(root: Path = ROOT) -> list[Package]:
    """What is built into the chat on the web page; tools of its build are not delivered."""
    lock = json.loads((root / "widget" / "package-lock.json").read_text(encoding="utf-8"))
    return [
        Package("npm", path.rpartition("node_modules/")[2], about["version"])
        for path, about in sorted(lock["packages"].items())
        if path and not about.get("dev") and not about.get("devOptional")
    ]


def normal(name: str) -> str:
    """A name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
