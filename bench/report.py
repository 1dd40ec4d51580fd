"""Figures of a run as a page with tables and two pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

START = "<!-- measured: written by make bench -->"
END = "<!-- end of measured -->"
_CONVERSATIONS = (1, 8, 32)
_KINDS = {"faq": "FAQ", "answer": "form answer", "submit": "form submit"}
_PIPELINES = {
    "default": "its default pipeline (DIET, ResponseSelector; Memoization, rules, UnexpecTED, TED)",
    "light": "a light pipeline (LogisticRegression, CRF; Memoization, rules), without TensorFlow",
}


def write(result: dict[str, Any], docs: Path) -> None:
    """Puts the tables into docs/performance.md and the plots beside it."""
    page = docs / "performance.md"
    text = page.read_text(encoding="utf-8") if page.exists() else f"# How fast\n\n{START}\n{END}\n"
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{START}\n\n{tables(result)}\n{END}{after}", encoding="utf-8")
    pictures(result, docs / "pictures")


def tables(result: dict[str, Any]) -> str:
    """Everything measured, as Markdown."""
    return "\n\n".join(
        [
            f"Measured on {result['when']} by `make bench`. Stock is Rasa 3.6.21 with "
            f"{_PIPELINES[result['pipeline']]}, HTTP action server, stock Redis store and lock. Ours is the "
            "whole way through the front desk, with the sandbox portal asked over HTTP. "
            "Ratio: stock divided by ours.",
            _latency(result["cells"]),
            _rates(result["cells"]),
            _growth(result["growth"]),
            _rest(result),
        ]
    )


def _latency(cells: dict[str, Any]) -> str:
    lines = [
        "| conversations at once | turn | stock p50 / p95 ms | ours p50 / p95 ms | ratio p50 | ratio p95 |",
        "|---|---|---|---|---|---|",
    ]
    for patients in _CONVERSATIONS:
        for kind, name in _KINDS.items():
            stock, ours = cells[f"stock/{patients}/{kind}"], cells[f"ours/{patients}/{kind}"]
            lines.append(
                f"| {patients} | {name} | {stock['p50']:.0f} / {stock['p95']:.0f} | "
                f"{ours['p50']:.1f} / {ours['p95']:.1f} | **{stock['p50'] / ours['p50']:.1f}** | "
                f"**{stock['p95'] / ours['p95']:.1f}** |"
            )
    return "\n".join(lines)


def _rates(cells: dict[str, Any]) -> str:
    lines = [
        "| conversations at once | dialogue | stock messages/s | ours | ratio "
        "| stock CPU ms a message | ours | ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for patients in _CONVERSATIONS:
        for plan, name in (("faq", "FAQ"), ("form", "booking")):
            stock, ours = cells[f"stock/{patients}/{plan}"], cells[f"ours/{patients}/{plan}"]
            lines.append(
                f"| {patients} | {name} | {stock['rate']:.0f} | {ours['rate']:.0f} | "
                f"**{ours['rate'] / stock['rate']:.1f}** | {stock['cpu']:.1f} | {ours['cpu']:.1f} | "
                f"**{stock['cpu'] / ours['cpu']:.1f}** |"
            )
    return "\n".join(lines)


def _growth(growth: dict[str, dict[int, float]]) -> str:
    marks = [mark for mark in growth["ours"] if mark in growth["stock"]]
    lines = [
        "| CPU ms of a turn (FAQ), turn | " + " | ".join(str(mark) for mark in marks) + " | last / first |",
        "|---" * (len(marks) + 2) + "|",
    ]
    for name, row in growth.items():
        cells = " | ".join(f"{row[mark]:.1f}" for mark in marks)
        lines.append(f"| {name} | {cells} | **{row[marks[-1]] / row[marks[0]]:.2f}** |")
    return "\n".join(lines)


def _rest(result: dict[str, Any]) -> str:
    stock, ours = result["starts"]["stock"], result["starts"]["ours"]
    two, desk, memory = result["two_processes"], result["desk"], result["memory"]
    growth = (memory[-1][1] / memory[1][1] - 1) * 100
    return "\n".join(
        [
            "| what | stock | ours | ratio |",
            "|---|---|---|---|",
            f"| start to ready, s | {stock[0]:.1f} | {ours[0]:.1f} | {ours[0] / stock[0]:.2f} |",
            f"| CPU of the start, s | {stock[1]:.1f} | {ours[1]:.1f} | {ours[1] / stock[1]:.2f} |",
            f"| memory when ready, MB | {stock[2]:.0f} | {ours[2]:.0f} | {ours[2] / stock[2]:.2f} |",
            f"| memory after {memory[-1][0]} turns, MB (after the first {memory[1][0]}: "
            f"{memory[1][1]:.0f}) | | {memory[-1][1]:.0f} | growth {growth:.1f} % |",
            f"| CPU a message, two processes on one Redis, ms (one: {two['one']:.1f}) | "
            f"| {two['pair']:.1f} | {two['pair'] / two['one']:.2f} |",
            f"| front desk alone (numbering, safety, lock, keeping), p50 / p95 ms | | "
            f"{desk['p50']:.1f} / {desk['p95']:.1f} | |",
        ]
    )


def pictures(result: dict[str, Any], folder: Path) -> None:
    """Growth with the length of a conversation; throughput with their number."""
    folder.mkdir(exist_ok=True)
    plt.rcParams["svg.hashsalt"] = "performance"
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4))
    for name, row in result["growth"].items():
        axes[0].plot([int(mark) for mark in row], list(row.values()), marker="o", label=name)
    axes[0].set(xlabel="turn of one conversation", ylabel="CPU ms of the turn", yscale="log")
    for name in ("stock", "ours"):
        rates = [result["cells"][f"{name}/{patients}/form"]["rate"] for patients in _CONVERSATIONS]
        axes[1].plot([str(patients) for patients in _CONVERSATIONS], rates, marker="o", label=name)
    axes[1].set(xlabel="conversations at once", ylabel="booking messages a second", yscale="log")
    for axis in axes:
        axis.legend()
        axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(folder / "performance.svg", metadata={"Date": None})
