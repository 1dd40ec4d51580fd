"""Write docs/rules.md: every rule of the portal, its tests that let through and stop, its dialogues.

`problems()` is what a test asserts on: nothing may be uncovered.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from bot.language.text import fold
from bot.portal.rules.decisions import Decisions

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "bot" / "portal" / "rules" / "catalogue.yml"
DECIDED = ROOT / "tests" / "portal" / "rules" / "decisions.yml"
SHOWN = ROOT / "tests" / "portal" / "rules" / "rules.yml"
ASKED = ROOT / "tests" / "portal" / "rules" / "asked.yml"
TABLE = ROOT / "docs" / "rules.md"
DECIDES = frozenset({"gate", "warn", "form"})
"""Rules that let through or stop: each needs a test of both, or a reason why there is no such case."""
WORDINGS = 3
"""Ways in which a fact is asked for at least, in tests/facts or asked.yml."""
_SIDES = ("allow", "deny", "boundary")
_HEAD = """# The rules of the portal and where they are shown

Written by `python tools/rule_table.py` out of [catalogue.yml](../bot/portal/rules/catalogue.yml),
[rules.yml](../tests/portal/rules/rules.yml), the dialogues and the tasks;
`tests/portal/rules/test_catalogue.py` fails when a rule is uncovered. *Gate* and *form* rules have a test
in which they let through and one in which they stop, *route* rules the contact they lead to, *info* rules
the words that carry them. Wordings: how many sentences of `tests/facts` and
[asked.yml](../tests/portal/rules/asked.yml) ask for it; every *info* rule has three at least, and the answer
carries its words (`tests/facts/test_facts.py`).

| rule | is | what | lets through | stops | at the edge | said by | wordings | dialogues | tasks |
|---|---|---|---|---|---|---|---|---|---|
"""

_DECISIONS = """
## What the documents leave open

Each decision is a field of `Decisions` ([decisions.py](../bot/portal/rules/decisions.py)), or fixed.

| | decided | setting | shown by |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and everything that shows it."""

    id: str
    is_: str
    what: str
    shown: dict[str, Any]
    dialogues: tuple[str, ...]
    tasks: tuple[str, ...]


@dataclass(slots=True)
class Project:
    """What the table is made of."""

    root: Path = ROOT
    responses: dict[str, str] = field(default_factory=dict)
    """Name to all its texts, folded."""
    wordings: dict[str, int] = field(default_factory=dict)
    """Label of a fact (tests/facts), or rule (asked.yml), to the number of sentences that ask for it."""

    def __post_init__(self) -> None:
        for path in sorted((self.root / "data" / "responses").glob("*.yml")):
            for name, variants in (_read(path).get("responses") or {}).items():
                texts = [str(variant.get("text") or "") for variant in variants]
                self.responses[name] = fold("\n".join(texts))
        for path in sorted((self.root / "tests" / "facts").glob("*.yml")):
            for label, texts in _read(path).items():
                self.wordings[label] = len(texts)
        for rule, question in _read(ASKED).items():
            self.wordings[rule] = len(question["texts"])

    def rules(self) -> list[Rule]:
        """All rules of the catalogue, in order."""
        shown = _read(SHOWN)
        dialogues = _named(self.root / "tests" / "dialogues")
        tasks = _named(self.root / "data" / "evaluation" / "tasks")
        return [
            Rule(
                key,
                entry["is"],
                entry["what"],
                shown.get(key) or {},
                dialogues.get(key, ()),
                tasks.get(key, ()),
            )
            for key, entry in _read(CATALOGUE).items()
        ]

    def said(self, rule: Rule) -> list[str]:
        """Names of the responses that may carry the rule."""
        wanted = [f"utter_{rule.shown[key]}" for key in ("said", "or") if key in rule.shown]
        return [
            name
            for name in self.responses
            if any(name == base or name.startswith((f"{base}/", f"{base}_")) for base in wanted)
        ]

    def asked(self, rule: Rule) -> int:
        """Sentences that ask for what the rule says."""
        return sum(self.wordings.get(label, 0) for label in (rule.id, *_listed(rule.shown.get("asked"))))

    def problems(self) -> Iterator[str]:
        """What is uncovered, or points to nothing."""
        for rule in self.rules():
            yield from (f"{rule.id}: {problem}" for problem in self._problems(rule))

    def undecided(self) -> Iterator[str]:
        """Decisions whose setting, test or words are not there."""
        settings = {each.name for each in fields(Decisions)}
        for key, entry in _read(DECIDED).items():
            for name in _listed(entry.get("setting")):
                if name not in settings:
                    yield f"{key}: there is no setting {name}"
            for test in _listed(entry.get("test")):
                if not _exists(self.root / "tests", test):
                    yield f"{key}: there is no test {test}"
            if not {"test", "words"} & set(entry):
                yield f"{key}: nothing shows it"
            texts = [t for n, t in self.responses.items() if n.startswith(f"utter_{entry.get('said')}")]
            for words in entry.get("words") or ():
                if not any(fold(str(words)) in text for text in texts):
                    yield f"{key}: no response of {entry.get('said')} has {words!r}"

    def _problems(self, rule: Rule) -> Iterator[str]:
        if not rule.shown:
            yield "nothing shows it"
        for side in _SIDES:
            for test in _listed(rule.shown.get(side)):
                if not _exists(self.root / "tests", test):
                    yield f"there is no test {test}"
        yield from self._unasked(rule)
        if "see" in rule.shown:
            return
        if rule.is_ in DECIDES:
            for side in ("allow", "deny"):
                if side not in rule.shown and f"no_{side}" not in rule.shown:
                    yield f"no test in which it shows {side}, and no reason why"
            if not rule.dialogues:
                yield "no dialogue"
        if rule.is_ in {"route", "info"} and not {"said", "none"} & set(rule.shown):
            yield "no response says it"
        responses = [self.responses[name] for name in self.said(rule)]
        if "said" in rule.shown and not responses:
            yield f"there is no response {rule.shown['said']}"
        for words in rule.shown.get("words") or ():
            if not any(fold(str(words)) in text for text in responses):
                yield f"no response of {rule.shown['said']} has {words!r}"

    def _unasked(self, rule: Rule) -> Iterator[str]:
        """Whether it is asked for often enough, and what answers the question carries it."""
        labels = _listed(rule.shown.get("asked"))
        if (rule.is_ == "info" or labels) and "unasked" not in rule.shown and self.asked(rule) < WORDINGS:
            yield f"asked for in fewer than {WORDINGS} wordings"
        if rule.is_ != "info" or not labels:
            return
        answers = [self.responses.get(f"utter_{label}", "") for label in labels]
        if not told(rule.shown):
            yield "nothing says what the answer carries"
        for words in told(rule.shown):
            if not any(fold(words) in answer for answer in answers):
                yield f"no answer to {rule.shown['asked']} has {words!r}"

    def table(self) -> str:
        """The document."""
        rules = "".join(self._row(rule) for rule in self.rules())
        decided = "".join(_decision_row(key, entry) for key, entry in _read(DECIDED).items())
        return _HEAD + rules + _DECISIONS + decided

    def _row(self, rule: Rule) -> str:
        sides = [
            ", ".join(_test_name(test) for test in _listed(rule.shown.get(side)))
            or str(rule.shown.get(f"no_{side}") or "")
            for side in _SIDES
        ]
        said = str(rule.shown.get("said") or rule.shown.get("none") or rule.shown.get("see") or "")
        said = said or ("never said as current" if rule.shown.get("past") else "")
        cells = [
            rule.id,
            rule.is_,
            rule.what,
            *sides,
            said,
            str(self.asked(rule) or rule.shown.get("unasked") or ""),
            _some(rule.dialogues),
            _some(rule.tasks),
        ]
        return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"


def told(shown: dict[str, Any]) -> list[str]:
    """Words that an answer to who asks for the rule carries."""
    return _listed(shown.get("tells", shown.get("words")))


def _decision_row(key: str, entry: dict[str, Any]) -> str:
    setting = ", ".join(f"`{name}`" for name in _listed(entry.get("setting"))) or "fixed"
    shown = (
        ", ".join(_test_name(test) for test in _listed(entry.get("test"))) or f"`utter_{entry.get('said')}`"
    )
    return f"| {key} | {entry['what']} | {setting} | {shown} |\n"


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def _named(folder: Path) -> dict[str, tuple[str, ...]]:
    """Rule to the files (below the folder) whose `rules:` name it."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yml")):
        match = re.search(r"^rules: *\[([^\]]*)\]", path.read_text(encoding="utf-8"), re.MULTILINE)
        for rule in re.findall(r"R\d+", match[1]) if match else ():
            found.setdefault(rule, []).append(f"{path.parent.name}/{path.stem}")
    return {rule: tuple(names) for rule, names in found.items()}


def _exists(tests: Path, name: str) -> bool:
    file, _, function = name.partition("::")
    path = tests / file
    if not path.exists():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
        for node in ast.walk(tree)
    )


def _test_name(test: str) -> str:
    return f"`{test.rpartition('::')[2].removeprefix('test_')}`"


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _some(names: tuple[str, ...]) -> str:
    return "" if not names else f"{names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def main() -> int:
    project = Project()
    TABLE.write_text(project.table(), encoding="utf-8")
    uncovered = [*project.problems(), *project.undecided()]
    print("\n".join(uncovered) or "every rule is covered")
    return 1 if uncovered else 0


if __name__ == "__main__":
    raise SystemExit(main())
