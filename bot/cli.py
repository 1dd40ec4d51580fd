"""Command line: `python -m bot COMMAND`, one module of `bot/commands` each."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import structlog

from bot.nlu.training import TrainingError
from bot.settings import SettingsError

COMMANDS = (
    "run",
    "train",
    "chat",
    "parse",
    "evaluate",
    "dialogue",
    "sandbox",
    "actions",
    "erase",
    "export",
    "audit",
    "report",
    "reseal",
)


class CommandError(RuntimeError):
    """Something the user of the command can put right; the text says how."""


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with one sub-command a module of bot.commands.

    Only the module of the command that is called is imported: a start does not wait for what the others need.
    """
    top = argparse.ArgumentParser(prog="python -m bot", description="Asystent Portalu Pacjenta")
    top.add_argument("--verbose", action="store_true", help="log what the assistant does")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    called = [name for name in arguments if name in COMMANDS][:1]
    for name in called or COMMANDS:
        module = importlib.import_module(f"bot.commands.{name}")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        module.arguments(command)
        command.set_defaults(execute=module.execute)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 the work failed, 2 it could not be started."""
    given = sys.argv[1:] if arguments is None else arguments
    options = parser(given).parse_args(given)
    quieten(verbose=options.verbose)
    try:
        return int(options.execute(options))
    except (CommandError, SettingsError, TrainingError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def quieten(*, verbose: bool) -> None:
    """Rasa used as a library logs every message it handles: not without being asked to."""
    level = logging.INFO if verbose else logging.ERROR
    if not verbose:
        warnings.simplefilter("ignore")
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger().setLevel(level)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))


def project_model(model: Path | None, *, train: bool = True) -> Path:
    """The model to use: the one named, else a trained one that is up to date."""
    if model is not None:
        if not model.exists():
            raise CommandError(f"there is no model at {model}")
        return model
    if not train:
        raise CommandError("name a model with --model")
    training = importlib.import_module("bot.nlu.training")
    return Path(training.train())
