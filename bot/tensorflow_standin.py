"""A stand-in for TensorFlow, so that Rasa can be imported without it.

Rasa imports TensorFlow from almost everywhere, even when no component of the pipeline uses it. The
stand-in satisfies those imports with empty classes; whoever really uses one gets `TensorFlowMissingError`.
It serves Rasa only, and only while the real packages are absent.
"""

from __future__ import annotations

import abc
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import Any

STOOD_IN = frozenset({"tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text"})
_SERVED = ("rasa", *STOOD_IN)


class StandInUsedError(ImportError):
    """Something called into a package that only a stand-in answers for."""

    in_definitions = False
    """Whether Rasa's modules may call it while they are imported, for tables that nobody will use."""
    bases: tuple[type, ...] = ()
    """Of the stand-in classes."""


class TensorFlowMissingError(StandInUsedError):
    """Something called into TensorFlow, which is not installed."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} needs TensorFlow, which is not installed here (a stand-in lets Rasa start without it). "
            "Use a pipeline without TensorFlow components, or install it: "
            "pip install 'tensorflow==2.12.0' 'tensorflow-text==2.12.0' 'tensorflow-hub<0.14'"
        )


class _StandInMeta(abc.ABCMeta):
    """Class whose every attribute is another stand-in class, and whose every call is refused.

    A class (not a plain object), because Rasa subclasses what it imports and names it in annotations.
    """

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_") or not cls.__dict__.get("_stands_in", False):
            raise AttributeError(name)
        child = _stand_in_class(f"{cls._path}.{name}", cls._error)
        setattr(cls, name, child)
        return child

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls._error.in_definitions and _defines():
            return _stand_in_class(f"{cls._path}()", cls._error)
        raise cls._error(str(cls._path))


def _stand_in_class(path: str, error: type[StandInUsedError]) -> _StandInMeta:
    name = path.rpartition(".")[2]
    content = {"_path": path, "_error": error, "_stands_in": True, "__module__": __name__}
    return _StandInMeta(name, error.bases, content)


class StandInModule(ModuleType):
    """Module whose public attributes are stand-in classes."""

    def __init__(self, name: str, error: type[StandInUsedError]) -> None:
        super().__init__(name)
        self._error = error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = _stand_in_class(f"{self.__name__}.{name}", self._error)
        setattr(self, name, value)
        return value


class StandInLoader(importlib.abc.Loader):
    """Makes stand-in modules; whoever uses one gets the error."""

    def __init__(self, error: type[StandInUsedError]) -> None:
        self._error = error

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """A module without content (importlib's interface)."""
        return StandInModule(spec.name, self._error)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: attributes appear when they are asked for."""


class StandInFinder(importlib.abc.MetaPathFinder):
    """Last finder on `sys.meta_path`: reached only for packages nothing else could find."""

    def __init__(self) -> None:
        self._loader = StandInLoader(TensorFlowMissingError)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        root, _, rest = fullname.partition(".")
        if root not in STOOD_IN or not asked_by_rasa():
            return None
        if rest and not isinstance(sys.modules.get(root), StandInModule):
            return None  # the real package is here and lacks this submodule: its own error is the right one
        if root != "tensorflow" and _is_real("tensorflow"):
            return None
        return importlib.machinery.ModuleSpec(fullname, self._loader, is_package=True)


def _is_real(package: str) -> bool:
    loaded = sys.modules.get(package)
    if loaded is not None:
        return not isinstance(loaded, StandInModule)
    return importlib.machinery.PathFinder.find_spec(package) is not None


def asked_by_rasa() -> bool:
    """Whether the import that is going on is Rasa's (called by a finder's `find_spec`).

    Other libraries probe for a package to decide what they offer; they must keep finding what there is.
    """
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name != __name__ and not name.startswith("importlib") and name != "_frozen_importlib":
            return name.partition(".")[0] in _SERVED
        frame = frame.f_back
    return False


def _defines() -> bool:
    """Whether the call that is going on stands at the top of one of Rasa's modules, or in a class there."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] in _SERVED:
        if frame.f_code.co_name == "<module>":
            return True
        frame = frame.f_back
    return False


def install() -> None:
    """Offer the stand-in to imports of this process. Calling it again changes nothing."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())


def installed() -> bool:
    """Whether a stand-in (not the real package) answers for TensorFlow in this process."""
    return isinstance(sys.modules.get("tensorflow"), StandInModule)
