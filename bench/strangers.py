"""Whether messages that are none of the portal's matters are acted on: what the assistant really replies.

`python -m bench.strangers FILE... [--model FILE]`: of JSON lines of `text` and `intent`, those that are out
of scope, gibberish or in another language are each said first, by a patient who is logged in, on the stand-in
portal. A message is acted on when the reply begins a task, gives an information of the portal's, names urgent
help or passes the patient on. A reply that says it was not understood, asks which of several things was
meant, or answers an act of conversation while nothing is open ("Dobrze", small talk) has done nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bench.machine import PROJECT
from bot import tensorflow_standin
from bot.language.times.model import WARSAW

STRANGE = ("out_of_scope", "gibberish", "foreign_language")
NOW = datetime(2026, 11, 23, 9, tzinfo=WARSAW)
PATIENT = "full"
SAYS_NO = ("utter_out_of_scope", "utter_gibberish", "utter_foreign_language")
ASKS = ("utter_not_understood", "utter_which_did_you_mean", "utter_did_you_mean")
DOES_NOTHING = (
    "utter_all_right",
    "utter_nothing_open",
    "utter_nothing_to_stop",
    "utter_nothing_to_repeat",
    "utter_chitchat",
    "utter_greet",
    "utter_thanks",
    "utter_goodbye",
    "utter_wait",
)
_QUIET = frozenset((*SAYS_NO, *ASKS, *DOES_NOTHING))


class Heard(NamedTuple):
    """A message, what it was taken for, and the names of the replies."""

    text: str
    intent: str
    taken_for: str
    replies: tuple[str, ...]


def acted_on(replies: Sequence[str]) -> bool:
    """Whether anything was done, told or begun; names of replies, with the fact after a stroke."""
    return any(reply.partition("/")[0] not in _QUIET for reply in replies)


async def hear(rows: Sequence[dict[str, str]], model: Path) -> list[Heard]:
    """What the assistant replies to each message, said first."""
    from bot.rehearsal.stage import Stage

    stage = Stage(model, PROJECT)
    heard = []
    for number, row in enumerate(rows):
        session = await stage.open(f"stranger-{number}", NOW, PATIENT, {}, "web")
        replies = tuple(reply.response for reply in await stage.turn(session, row["text"], None))
        taken_for = (await stage.understood(session)).partition(" ")[0]
        heard.append(Heard(row["text"], row["intent"], taken_for, replies))
        await stage.close(session)
    return heard


def main() -> None:
    """Print how many were acted on, by intent, and by what."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.strangers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, default=PROJECT / "models" / "assistant.tar.gz")
    parser.add_argument("--examples", action="store_true", help="print the messages that were acted on")
    options = parser.parse_args()
    tensorflow_standin.install()
    from bot.cli import quieten

    quieten(verbose=False)
    lines = [line for file in options.files for line in file.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in map(json.loads, lines) if row["intent"] in STRANGE]
    heard = asyncio.run(hear(rows, options.model))
    bad = [message for message in heard if acted_on(message.replies)]
    print(f"acted on: {len(bad)} of {len(heard)} ({len(bad) / max(1, len(heard)):.1%})")
    for intent, count in Counter(message.intent for message in heard).items():
        print(f"  {intent}: {sum(message.intent == intent for message in bad)} of {count}")
    for replies, count in Counter(message.replies for message in bad).most_common():
        print(f"{count} x {', '.join(replies)}")
    if options.examples:
        for message in bad:
            print(f"{message.intent} -> {message.taken_for}: {message.text}")


if __name__ == "__main__":
    main()
