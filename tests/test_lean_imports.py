"""What a serving process leaves out of its imports; each case in an interpreter of its own."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
_LEAN = """
import sys
from bot import lean_imports, tensorflow_standin
tensorflow_standin.install()
lean_imports.install()
"""
_FULL = """
import sys
from bot import lean_imports, tensorflow_standin
tensorflow_standin.install()
"""
_REAL = """
import bot.server
real = [name for name in sorted(lean_imports.SPARED) if getattr(sys.modules.get(name), "__file__", None)]
print(*real, sep="\\n")
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=PROJECT,
        check=False,
    )


def printed(code: str) -> list[str]:
    result = run(code)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_a_serving_process_loads_none_of_the_spared_packages() -> None:
    assert printed(_LEAN + _REAL) == []


def test_without_it_rasa_loads_them() -> None:
    """Else the list would spare nothing."""
    assert {"matplotlib", "sklearn", "boto3", "pymongo", "aiogram", "slack_sdk"} <= set(
        printed(_FULL + _REAL)
    )


def test_whoever_uses_one_is_told_what_to_do() -> None:
    result = run(_LEAN + "from rasa.core.tracker_store import MongoTrackerStore\nMongoTrackerStore(None)")
    assert result.returncode != 0
    assert "pymongo.MongoClient is not loaded" in result.stderr.replace("mongo_client.", "")
    assert "bot/lean_imports.py" in result.stderr


def test_only_rasa_gets_stand_ins() -> None:
    """Our own code, in the same process, gets the real package when it comes first."""
    assert printed(_LEAN + "import matplotlib; print(bool(matplotlib.__file__))") == ["True"]


def test_an_error_of_a_spared_package_can_be_waited_for() -> None:
    """Rasa's `except aiohttp.ClientError` must not turn a cancelled turn into a TypeError."""
    code = """
    import asyncio
    from rasa.core import agent
    try:
        raise asyncio.CancelledError
    except agent.aiohttp.ClientError:
        print("caught")
    except asyncio.CancelledError:
        print("passed")
    """
    assert printed(textwrap.dedent(_LEAN) + textwrap.dedent(code)) == ["passed"]
