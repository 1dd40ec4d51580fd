"""scipy's sparse matrices, loaded when training first uses one: serving needs none of it (12 MB, a third of a
second). Import the module, not names from it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix, hstack, vstack

    __all__ = ["csr_matrix", "hstack", "vstack"]


def __getattr__(name: str) -> Any:
    return getattr(import_module("scipy.sparse"), name)
