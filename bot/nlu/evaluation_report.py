"""The evaluation as plain text tables."""

from __future__ import annotations

from collections.abc import Mapping

from bot.nlu.evaluation import Evaluation, Quality

_HEAD = f"{'':32}{'n':>6}{'top-1':>8}{'top-3':>8}{'F1':>8}{'asks':>8}{'wrong':>8}{'ECE':>8}"


def render(evaluation: Evaluation) -> str:
    """Tables by writing, group and intent, then the commonest confusions (all shares in per cent)."""
    lines = [f"{evaluation.name} (per cent; wrong: taken for something else without asking)"]
    if evaluation.entities:
        lines += ["", f"{'names and times':32}{'right':>8}{'extra':>8}{'missed':>8}{'F1':>8}"]
        lines += [
            f"{kind.kind:32}{kind.right:>8}{kind.extra:>8}{kind.missed:>8}{_share(kind.f1)}"
            for kind in evaluation.entities
        ]
    if not evaluation.by_writing:
        return "\n".join(lines)
    lines += [_HEAD, *_qualities(evaluation.by_writing)]
    if evaluation.by_group:
        lines += ["", _HEAD, *_qualities(evaluation.by_group)]
    lines += ["", f"{'intent, worst first':32}{'n':>6}{'prec.':>8}{'recall':>8}{'F1':>8}"]
    lines += [
        f"{item.intent:32}{item.messages:>6}{_share(item.precision)}{_share(item.recall)}{_share(item.f1)}"
        for item in evaluation.intents
    ]
    lines += ["", "commonest confusions"]
    for item in evaluation.confusions:
        lines.append(f"{item.messages:>4}  {item.intent} -> {item.taken_for or 'nothing'}")
        lines += [f"        {example}" for example in item.examples]
    if evaluation.unknown_intents:
        lines += ["", f"never found: {', '.join(evaluation.unknown_intents)}"]
    return "\n".join(lines)


def _qualities(qualities: Mapping[str, Quality]) -> list[str]:
    return [
        f"{name:32}{item.messages:>6}"
        + "".join(
            _share(value)
            for value in (
                item.accuracy,
                item.top3,
                item.macro_f1,
                item.asked,
                item.wrong_unasked,
                item.calibration_error,
            )
        )
        for name, item in qualities.items()
    ]


def _share(value: float) -> str:
    return f"{100 * value:>8.1f}"
