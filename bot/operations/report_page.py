"""The report of a day as one HTML page for operators: no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml

from bot.operations.journeys import OUTCOMES

_WORDS = Path(__file__).with_name("report_words.yml")
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } p { color: #4a5361; }
table { border-collapse: collapse; } th, td { padding: .25rem .8rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr:nth-child(even) { background: #f3f5f9; }
.bar { fill: #3a5fcd; } text { font: 11px system-ui, sans-serif; fill: #4a5361; }
"""
_BAR, _HIGH, _FOOT = 26, 120, 18


@cache
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return words


def page(figures: Mapping[str, Any], trend: Sequence[Mapping[str, Any]]) -> str:
    """The whole page; `trend`: figures of earlier days and of this one, oldest first."""
    words = _words()
    title = escape(words["title"].format(day=figures["day"]))
    parts = [f"<h1>{title}</h1>", f"<p>{escape(words['note'])}</p>"]
    if not figures["sessions"]:
        parts.append(f"<p>{escape(words['nothing'])}</p>")
    sections = {
        "totals": _table((), _totals(figures)),
        "tasks": _table(("task", "begun", *OUTCOMES, "share", "lost"), _tasks(figures["tasks"])),
        "hours": _bars(list(figures["by_hour"].items())),
        "trend": _table(("day", "sessions", "contained", "completion"), map(_of_a_day, trend)),
        "topics": _counts("topic", figures["topics"]),
        "refusals": _counts("rule", figures["refusals"]),
        "channels": _counts("channel", figures["channels"]),
    }
    parts += [
        f"<h2>{escape(words['sections'][name])}</h2>\n{html}" for name, html in sections.items() if html
    ]
    return (
        f"<!doctype html>\n<html lang='pl'><head><meta charset='utf-8'><title>{title}</title>"
        f"<style>{_STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _totals(figures: Mapping[str, Any]) -> Iterable[Sequence[str]]:
    for name, label in _words()["totals"].items():
        seconds = figures["answer_seconds"].get(name) if name in figures["answer_seconds"] else None
        if name in figures["answer_seconds"]:
            yield label, "–" if seconds is None else f"{seconds:.2f} s".replace(".", ",")
        elif name in {"contained", "logged_in"}:
            yield label, f"{figures[name]} ({share(figures[name], figures['sessions'])} %)"
        else:
            yield label, str(figures[name])


def _tasks(tasks: Mapping[str, Mapping[str, int]]) -> Iterable[Sequence[str]]:
    for name, row in tasks.items():
        cells = [str(row[column]) for column in ("begun", *OUTCOMES)]
        yield (
            str(_words()["tasks"].get(name, name)),
            *cells,
            share(row["done"], row["begun"]),
            share(row["left"], row["begun"]),
        )


def _of_a_day(figures: Mapping[str, Any]) -> Sequence[str]:
    begun, done = (sum(row[name] for row in figures["tasks"].values()) for name in ("begun", "done"))
    contained = share(figures["contained"], figures["sessions"])
    return str(figures["day"]), str(figures["sessions"]), contained, share(done, begun)


def share(part: int, whole: int) -> str:
    """Per cent, a dash of nothing."""
    return f"{100 * part / whole:.0f}" if whole else "–"


def _counts(name: str, counts: Mapping[str, int]) -> str:
    return _table((name, "number"), ((label, str(number)) for label, number in counts.items()))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Empty without rows."""
    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    head = "".join(f"<th>{escape(_words()['columns'][name])}</th>" for name in columns)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>{f'<tr>{head}</tr>' if head else ''}{body}</table>" if lines else ""


def _bars(counts: Sequence[tuple[str, int]]) -> str:
    most = max((number for _, number in counts), default=0)
    if not most:
        return ""
    parts = []
    for place, (label, number) in enumerate(counts):
        high, left = _HIGH * number / most, place * _BAR
        top = _HIGH + _FOOT - high
        box = f"x='{left + 3}' y='{top:.1f}' width='{_BAR - 6}' height='{high:.1f}'"
        parts.append(f"<rect class='bar' {box}/>")
        middle = f"x='{left + _BAR / 2:.0f}' text-anchor='middle'"
        parts.append(f"<text {middle} y='{_HIGH + 2 * _FOOT - 4}'>{escape(label)}</text>")
        if number:
            parts.append(f"<text {middle} y='{top - 4:.1f}'>{number}</text>")
    size = f"width='{_BAR * len(counts)}' height='{_HIGH + 2 * _FOOT}'"
    return f"<svg role='img' {size}>{''.join(parts)}</svg>"
