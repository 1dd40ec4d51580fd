"""Training a whole model (understanding and dialogue), only when something that goes into it changed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from bot import tensorflow_standin
from bot.nlu.code import PROJECT, files_fingerprint

MODEL = Path("models") / "assistant.tar.gz"
_FINGERPRINT = "assistant.fingerprint.json"
# What understanding is learned from; a change of anything else retrains only what depends on it.
_LEARNED = ("config.yml", "data/dictionaries.json", "data/nlu", "bot/nlu", "bot/language")
_OTHER = ("domain.yml", "data/responses", "data/stories", "bot/dialogue")
_LIBRARIES = ("rasa", "scikit-learn", "numpy", "morfeusz2")


TICK = 10.0
"""Seconds between signs of life while training."""


class TrainingError(RuntimeError):
    """Rasa refused the project; the text is its explanation."""


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def fingerprint(project: Path = PROJECT) -> str:
    """Digest of everything a model is made of: data, configuration, domain, code, versions of libraries."""
    return f"{_fingerprint(project, _LEARNED)} {_fingerprint(project, _OTHER)}"


def _fingerprint(project: Path, names: tuple[str, ...]) -> str:
    places = [project / name for name in names]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place])]
    versions = {name: version(name) for name in _LIBRARIES}
    return f"{files_fingerprint(files, project)} {json.dumps(versions)}"


def _learned(project: Path) -> str:
    return _fingerprint(project, _LEARNED)


def stored_fingerprint(project: Path = PROJECT) -> str:
    """Digest of what the model that is there was made of; empty when there is none."""
    stored = project / MODEL.parent / _FINGERPRINT
    if not stored.exists() or not (project / MODEL).exists():
        return ""
    return str(json.loads(stored.read_text(encoding="utf-8")))


def is_current(project: Path = PROJECT) -> bool:
    """Whether a model is there that was trained from exactly what is there now."""
    return stored_fingerprint(project) == fingerprint(project)


def train(force: bool = False, *, project: Path = PROJECT, say: Callable[[str], None] = _tell) -> Path:
    """Train when needed (or always, with `force`) and return the path of the model.

    The old model stays in place until the new one is complete.

    Raises:
        TrainingError: the project's files cannot make a model.
    """
    target = project / MODEL
    if not force and is_current(project):
        say("model: up to date")
        return target
    wanted = fingerprint(project)
    learned = _learned(project)
    again = force or not stored_fingerprint(project).startswith(learned)
    say("model: training, one to two minutes (data, configuration or code changed)")
    started = time.monotonic()
    target.parent.mkdir(exist_ok=True)
    with _progress(say), tempfile.TemporaryDirectory(dir=target.parent) as folder:
        os.replace(_train_into(Path(folder), project, again), target)
    (target.parent / _FINGERPRINT).write_text(json.dumps(wanted), encoding="utf-8")
    say(f"model: trained in {time.monotonic() - started:.0f} s")
    return target


@contextlib.contextmanager
def _progress(say: Callable[[str], None]) -> Iterator[None]:
    """Says every TICK seconds that training goes on: Rasa's own bars tell nothing of our components."""
    done = threading.Event()
    started = time.monotonic()

    def tick() -> None:
        while not done.wait(TICK):
            say(f"model: training, {time.monotonic() - started:.0f} s")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _train_into(folder: Path, project: Path, again: bool) -> Path:
    tensorflow_standin.install()
    # Nothing about this installation leaves it.
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    from rasa.model_training import train as train_with_rasa
    from rasa.shared.exceptions import RasaException

    from bot.nlu.importer import keep_replies_out_of_training

    keep_replies_out_of_training()
    # Rasa keeps its cache below the working folder.
    with contextlib.chdir(project), _collected_output() as output:
        try:
            result = train_with_rasa(
                domain="domain.yml",
                config="config.yml",
                training_files=["data/nlu", "data/stories"],
                output=str(folder),
                fixed_model_name=MODEL.name,
                # Rasa's cache knows a component by its class, not by the modules it uses: it may serve
                # only while nothing that understanding is learned from has changed.
                force_training=again,
            )
        except (RasaException, SystemExit) as error:
            raise TrainingError(f"{error}\n{output.getvalue()}".strip()) from error
    if result.model is None or result.code != 0:
        raise TrainingError(output.getvalue().strip() or "Rasa made no model")
    return Path(result.model)


@contextlib.contextmanager
def _collected_output() -> Iterator[io.StringIO]:
    """Rasa prints while it trains; only a failure needs that."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        yield output
