"""Whether the chart's values (deploy/helm) carry a site that tools/sizing.py worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.sizing import Costs, Size


def chart_carries(values: Mapping[str, Any], costs: Costs, row: Size) -> list[str]:
    """What of a chart's values is too small for a site; nothing when it fits."""
    assistant, redis = values["assistant"], values["redis"]
    asked, limits = assistant["resources"]["requests"], assistant["resources"]["limits"]
    scaled = amount(asked["cpu"]) * assistant["scaling"]["cpu"] / 100 * assistant["maxReplicas"]
    checks = {
        "assistant: memory that is asked for": amount(asked["memory"]) >= costs.memory_mb * 2**20,
        "assistant: limit of memory, with half as much again": (
            amount(limits["memory"]) >= 1.5 * costs.memory_mb * 2**20
        ),
        "assistant: replicas": assistant["replicas"] >= 2,
        "assistant: maxReplicas, processes": assistant["maxReplicas"] >= row.processes,
        "assistant: maxReplicas at the scaling's CPU": scaled >= row.cores,
        "redis: memory": amount(redis["memory"]) >= row.redis * 2**20,
        "redis: memory that is asked for": amount(redis["resources"]["requests"]["memory"])
        >= row.redis * 2**20,
        "redis: limit of memory": amount(redis["resources"]["limits"]["memory"]) >= amount(redis["memory"]),
        "redis: storage, twice what is kept": amount(redis["storage"]) >= 2 * row.redis * 2**20,
    }
    return [name for name, fits in checks.items() if not fits]


_UNITS = {"m": 1e-3, "Mi": 2**20, "Gi": 2**30, "mb": 2**20, "gb": 2**30}


def amount(written: str | float) -> float:
    """Of Kubernetes (`500m`, `320Mi`) or Redis (`1gb`): cores or bytes. Another unit: ValueError."""
    text = str(written)
    unit = next((unit for unit in _UNITS if text.endswith(unit)), "")
    return float(text.removesuffix(unit)) * _UNITS.get(unit, 1)
