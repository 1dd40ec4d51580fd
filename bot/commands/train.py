"""Train the model when data, configuration or code changed.

The result lands in models/. Nothing is done when a model with the same fingerprint is there. With
ASYSTENT_MODEL_SIGNING_KEY it is signed; `--new-keys` makes a pair.
"""

from __future__ import annotations

import argparse

from bot.cli import CommandError
from bot.nlu.training import train
from bot.operations.model_signature import ModelSignatureError, new_keys, sign
from bot.settings import from_environment


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--force", action="store_true", help="train even when nothing changed")
    command.add_argument("--new-keys", action="store_true", help="print a new pair of keys; train nothing")


def execute(options: argparse.Namespace) -> int:
    """Trains and prints where the model is."""
    if options.new_keys:
        private, public = new_keys()
        print(f"ASYSTENT_MODEL_SIGNING_KEY={private}\nASYSTENT_MODEL_KEY={public}")
        return 0
    key = from_environment().signing_key
    model = train(force=options.force)
    if key:
        try:
            sign(model, key)
        except ModelSignatureError as error:
            raise CommandError(f"ASYSTENT_MODEL_SIGNING_KEY: {error}") from error
    print(model)
    return 0
