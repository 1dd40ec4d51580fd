"""How patients put things: wordings of acts, values in the forms they need, slips of the hand."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from bot.language.cases import Case
from bot.language.inflection import inflect
from bot.language.text import fold
from bot.language.times.model import WARSAW

LEAST = 8
"""Every act has at least so many wordings, so that four trials never share one."""
SETS = 4
_GROUP = re.compile(r"\[([^\]]*)\]")
_PLACE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_DAYS = ("days", "week")
STRIPPED, SLIPPED = 1, 3
"""Trials (modulo four) whose messages come without Polish letters, or with a slip of the hand."""
Values = Mapping[str, str]


class WordingError(ValueError):
    """An act or a value that has no words."""


@dataclass(slots=True)
class Wordings:
    """All wordings of `data/evaluation/tasks/wordings/`."""

    acts: dict[str, list[str]] = field(default_factory=dict)
    intents: dict[str, frozenset[str]] = field(default_factory=dict)
    """Intents an act may be understood as; an act without them says nothing about understanding."""
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Wordings:
        """Reads a folder of files. Raises WordingError when an act has too few wordings."""
        wordings = cls()
        for path in sorted(folder.glob("*.yml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            for act, entry in (content.get("acts") or {}).items():
                said = entry["say"] if isinstance(entry, Mapping) else entry
                wordings.acts[act] = [str(text) for text in said]
                if isinstance(entry, Mapping):
                    wordings.intents[act] = frozenset(entry.get("intents") or ())
                if len(set(wordings.acts[act])) < LEAST:
                    raise WordingError(f"{path.name}: {act} has fewer than {LEAST} wordings")
            for slot, known in (content.get("values") or {}).items():
                wordings.values.setdefault(slot, {}).update(known)
        return wordings

    def say(self, act: str, values: Values, number: int) -> str:
        """The wording of an act with this number (any integer), its values filled in. Raises WordingError."""
        fitting = [text for text in self.acts.get(act) or () if _fits(text, values)]
        if not fitting:
            raise WordingError(f"no wording for {act} with {sorted(values)}")
        return self._fill(fitting[number % len(fitting)], values, number)

    def means(self, slot: str, key: str, now: datetime) -> dict[str, Any]:
        """What a value asks of a slot, with days counted from the task's clock."""
        entry = self.values.get(slot, {}).get(key)
        means = dict(entry.get("means") or {}) if isinstance(entry, Mapping) else {}
        if slot == "what" and not means:
            means = {"specialty": key}
        if slot == "where" and not means:
            means = {"city": key}
        today = now.astimezone(WARSAW).date()
        for name in _DAYS:
            if name in means:
                first, last = _span(name, means.pop(name), today)
                means |= {"date_from": first.isoformat(), "date_to": last.isoformat()}
        return means

    def label(self, slot: str, key: str) -> str:
        """What a button for this value is called."""
        return self._form(slot, key, "label", 0)

    def expanded(self) -> Iterator[tuple[str, str]]:
        """(act, message) with each act's optional parts and three values of each slot: for the leak check."""
        for act, texts in self.acts.items():
            for number, text in enumerate(texts):
                slots = {match[1] for match in _PLACE.finditer(text)}
                yield act, self._fill(text, {}, number, bare=True)
                for turn in range(3):
                    filled = {slot: _rotating(self.values.get(slot) or {}, number + turn) for slot in slots}
                    yield act, self._fill(text, filled, number)

    def _fill(self, text: str, values: Values, number: int, *, bare: bool = False) -> str:
        def group(match: re.Match[str]) -> str:
            return match[1] if not bare and _fits(match[1], values) else ""

        text = _GROUP.sub(group, text)
        if bare:
            return _tidy(
                _PLACE.sub(
                    lambda m: self._form(m[1], next(iter(self.values.get(m[1]) or "…"), "…"), m[2], 0), text
                )
            )
        return _tidy(_PLACE.sub(lambda m: self._form(m[1], values[m[1]], m[2], number), text))

    def _form(self, slot: str, key: str, form: str | None, number: int) -> str:
        entry = self.values.get(slot, {}).get(key)
        if entry is None:
            return _derived(slot, key, form)
        if isinstance(entry, str | list):
            entry = {"say": entry}
        said = entry.get(form or "say", entry.get("say"))
        if said is None:
            return _derived(slot, key, form)
        return str(said[number % len(said)] if isinstance(said, list) else said)


def _rotating(known: Mapping[str, Any], number: int) -> str:
    keys = list(known) or ["…"]
    return keys[number % len(keys)]


def _derived(slot: str, key: str, form: str | None) -> str:
    """Forms of a specialty or a town out of its name."""
    if slot == "what":
        known = {
            "to": ("do ", Case.GEN),
            "at": ("u ", Case.GEN),
            "acc": ("", Case.ACC),
            "gen": ("", Case.GEN),
        }
        before, case = known.get(form or "", ("", Case.NOM))
        return before + inflect(key, case)
    if slot == "where" and form in {"loc", "gen"}:
        return inflect(key, Case.LOC if form == "loc" else Case.GEN)
    return key


def _fits(text: str, values: Values) -> bool:
    return all(match[1] in values for match in _PLACE.finditer(_GROUP.sub("", text)))


def _tidy(text: str) -> str:
    text = re.sub(r" +([,.?!])", r"\1", re.sub(r" {2,}", " ", text))
    return re.sub(r",\s*([.?!]|$)", r"\1", text).strip()


def _span(name: str, value: Any, today: date) -> tuple[date, date]:
    if name == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=int(value))
        return monday, monday + timedelta(days=6)
    first, last = value if isinstance(value, Sequence) else (value, value)
    return today + timedelta(days=int(first)), today + timedelta(days=int(last))


def seed_of(*parts: object) -> int:
    """A number out of any parts, the same on every machine."""
    digest = hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def perturbed(text: str, trial: int, rng: random.Random) -> str:
    """The message as this trial writes it: without Polish letters, or with one slip in half of them."""
    if trial % SETS == STRIPPED:
        return fold(text).replace(",", "").rstrip(".")
    if trial % SETS == SLIPPED and len(text.split()) >= 3 and rng.random() < 0.5:
        return _slip(text, rng)
    return text


def _slip(text: str, rng: random.Random) -> str:
    """One letter left out, doubled or swapped with the next, inside a word of six letters or more."""
    places = list(re.finditer(r"[^\W\d_]{6,}", text))
    if not places:
        return text
    match = rng.choice(places)
    at = rng.randrange(match.start() + 1, match.end() - 2)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def all_messages(folder: Path) -> list[tuple[str, str]]:
    """(place, message) of all wordings below a folder, expanded."""
    return list(chain(Wordings.read(folder).expanded()))
