"""Arrays on disk as they are in memory: loading maps them, and only what is looked at is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]


def save_arrays(folder: Path, name: str, arrays: Arrays) -> None:
    """One native file for each array."""
    for key, array in arrays.items():
        np.save(folder / f"{name}.{key}.npy", np.ascontiguousarray(array), allow_pickle=False)


def load_arrays(folder: Path, name: str) -> Arrays:
    """What `save_arrays` wrote under that name, read-only.

    The files may be deleted (Rasa unpacks a model into a folder for the moment): what is mapped stays.
    """
    return {
        file.name.removeprefix(f"{name}.").removesuffix(".npy"): _mapped(file)
        for file in sorted(folder.glob(f"{name}.*.npy"))
    }


def _mapped(file: Path) -> npt.NDArray[Any]:
    # A plain array over the map: numpy's own class for maps slows every step with it down.
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
