"""What Rasa imports and a serving process never uses stays out of it: a third of the modules, 75 MB.

Rasa imports the libraries of all its chat channels, stores, brokers, charts and classifiers, whatever the
configuration. A process that serves the assistant has its own channel, store and classifier. `install()` is
called before Rasa is imported, by `python -m bot run` alone; imports of these packages *by Rasa* are then
answered with stand-ins (`bot/tensorflow_standin.py`). Training and Rasa's own commands see the real packages;
in a serving process whoever calls into one gets `NotInServingError`, so our code must not need them there.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import ModuleType

from bot.tensorflow_standin import StandInLoader, StandInUsedError, asked_by_rasa

SPARED = frozenset(
    {
        # charts of a model's evaluation, classifiers and featurizers that the pipeline does not have
        "matplotlib", "scipy", "sklearn",
        # reminders, Rasa's scheduler of components (`bot/rasa_patches.py` has another), its telemetry,
        # actions and models over HTTP, bars of progress
        "aiohttp", "apscheduler", "dask", "requests", "tqdm",
        # questions on the command line
        "questionary", "prompt_toolkit",
        # other stores and brokers of conversations
        "boto3", "botocore", "pymongo", "sqlalchemy",
        "aio_pika", "aiormq", "pamqp", "kafka", "confluent_kafka",
        # chat channels of Rasa's own
        "aiogram", "cachecontrol", "fbmessenger", "google.auth", "google.oauth2", "mattermostwrapper",
        "rocketchat_API", "slack_sdk", "socketio", "twilio", "webexteamssdk",
    }
)  # fmt: skip


_ORNAMENTS = ("rich",)
"""Colours for a terminal: libraries that find them missing do without (structlog, httpx)."""


class NotInServingError(StandInUsedError):
    """Something called into a package that a serving process leaves out."""

    in_definitions = True
    bases = (Exception,)  # `except aiohttp.ClientError` must stay an `except`: it just never applies

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not loaded in a process that serves the assistant (bot/lean_imports.py). "
            "Take its package out of SPARED there if a component needs it."
        )


class LeanFinder(importlib.abc.MetaPathFinder):
    """First finder on `sys.meta_path`; it answers only Rasa, and only for spared packages."""

    def __init__(self) -> None:
        self._loader = StandInLoader(NotInServingError)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A stand-in for a spared package (importlib's interface)."""
        if not _spared(fullname) or not asked_by_rasa():
            return None
        return importlib.machinery.ModuleSpec(fullname, self._loader, is_package=True)


def without_ornaments() -> None:
    """For every command, before anything else is imported: no colours, and Python's own `distutils`.

    Sanic wants one function of it; setuptools' takes 6 MB and 0.1 s.
    """
    for name in _ORNAMENTS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's way to say that there is none
    with suppress(ImportError):
        import _distutils_hack  # type: ignore[import-untyped]

        _distutils_hack.remove_shim()


def _spared(module: str) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:length]) in SPARED for length in (1, 2))


def install() -> None:
    """Spare this process those imports. Calling it again changes nothing."""
    if not any(isinstance(finder, LeanFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, LeanFinder())
