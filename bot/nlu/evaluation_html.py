"""The evaluation as one HTML page with plots; no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from bot.nlu.evaluation import Bin, Evaluation, Quality
from bot.nlu.evaluation_compare import Change

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0 0 2rem; } th, td { padding: .25rem .7rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr:nth-child(even) { background: #f4f5f9; }
.bar { fill: #3a5fcd; } .line { stroke: #9aa0ae; stroke-dasharray: 4; } text { font-size: 12px; fill: #444; }
.worse { color: #b00020; font-weight: 600; } q { display: block; color: #555; }
"""
_SIZE, _EDGE, _ROW, _LABEL, _WIDTH = 260, 24, 20, 250, 420
_COLUMNS = ("messages", "top-1", "top-3", "macro F1", "asks back", "wrong", "ECE")


def page(evaluation: Evaluation, changes: Sequence[Change] = ()) -> str:
    """The whole page; `changes` are against an older report."""
    parts = [f"<h1>Understanding: {escape(evaluation.name)}</h1>"]
    if changes:
        parts += ["<h2>Against the older report</h2>", _changes(changes)]
    if evaluation.by_writing:
        parts += ["<h2>By writing (per cent)</h2>", _qualities(evaluation.by_writing.items())]
        parts += [_bars([(name, quality.accuracy) for name, quality in evaluation.by_writing.items()])]
        parts += ["<h2>How sure, and how often right</h2>", _reliability(evaluation.reliability)]
    if evaluation.entities:
        parts += [
            "<h2>Names and times, F1</h2>",
            _bars([(kind.kind, kind.f1) for kind in evaluation.entities]),
        ]
    if evaluation.by_group:
        parts += ["<h2>By topic and style</h2>", _qualities(evaluation.by_group.items())]
    if evaluation.intents:
        parts += ["<h2>By intent, worst first, F1</h2>"]
        parts += [_bars([(f"{item.intent} ({item.messages})", item.f1) for item in evaluation.intents])]
    if evaluation.confusions:
        parts += ["<h2>Confusions</h2>", _confusions(evaluation)]
    body = "\n".join(parts)
    title = escape(evaluation.name)
    return (
        f"<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>{title}</title>"
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _qualities(rows: Iterable[tuple[str, Quality]]) -> str:
    lines = []
    for name, item in rows:
        shares = (
            item.accuracy,
            item.top3,
            item.macro_f1,
            item.asked,
            item.wrong_unasked,
            item.calibration_error,
        )
        lines.append([name, str(item.messages), *(f"{100 * share:.1f}" for share in shares)])
    return _table(("", *_COLUMNS), lines)


def _changes(changes: Sequence[Change]) -> str:
    rows = []
    for change in changes:
        mark = " class='worse'" if change.worse else ""
        cells = f"<td>{100 * change.before:.1f}</td><td>{100 * change.after:.1f}</td>"
        rows.append(f"<tr{mark}><td>{escape(change.measure)}</td>{cells}</tr>")
    return f"<table><tr><th></th><th>before</th><th>now</th></tr>{''.join(rows)}</table>"


def _confusions(evaluation: Evaluation) -> str:
    rows = "".join(
        f"<tr><td>{escape(item.intent)} → {escape(item.taken_for or 'nothing')}"
        + "".join(f"<q>{escape(example)}</q>" for example in item.examples)
        + f"</td><td>{item.messages}</td></tr>"
        for item in evaluation.confusions
    )
    return f"<table><tr><th>taken for</th><th>messages</th></tr>{rows}</table>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table><tr>{cells}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _bars(shares: Sequence[tuple[str, float]]) -> str:
    """A horizontal bar for each share (0-1)."""
    height = _ROW * len(shares)
    lines = []
    for number, (name, share) in enumerate(shares):
        top = number * _ROW
        lines.append(
            f"<text x='{_LABEL - 8}' y='{top + 14}' text-anchor='end'>{escape(name)}</text>"
            f"<rect class='bar' x='{_LABEL}' y='{top + 3}' width='{share * _WIDTH:.0f}' height='{_ROW - 6}'/>"
            f"<text x='{_LABEL + share * _WIDTH + 6:.0f}' y='{top + 14}'>{100 * share:.1f}</text>"
        )
    return f"<svg width='{_LABEL + _WIDTH + 60}' height='{height}'>{''.join(lines)}</svg>"


def _reliability(bins: Sequence[Bin]) -> str:
    """Confidence from left to right, share of right answers upwards; a good model lies on the line."""
    most = max((item.messages for item in bins), default=1)
    dots = []
    for item in bins:
        across, down = _EDGE + item.confidence * _SIZE, _EDGE + (1 - item.accuracy) * _SIZE
        radius = 3 + 9 * (item.messages / most) ** 0.5
        dots.append(
            f"<circle class='bar' cx='{across:.0f}' cy='{down:.0f}' r='{radius:.1f}'>"
            f"<title>{item.messages} messages</title></circle>"
        )
    far = _EDGE + _SIZE
    frame = f"<rect x='{_EDGE}' y='{_EDGE}' width='{_SIZE}' height='{_SIZE}' fill='none' stroke='#ccc'/>"
    line = f"<line class='line' x1='{_EDGE}' y1='{far}' x2='{far}' y2='{_EDGE}'/>"
    label = f"<text x='{_EDGE + _SIZE / 2:.0f}' y='{far + 18}' text-anchor='middle'>confidence</text>"
    return f"<svg width='{far + _EDGE}' height='{far + _EDGE}'>{frame}{line}{''.join(dots)}{label}</svg>"
