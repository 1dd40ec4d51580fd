"""No regular expression of the assistant can be made to run away by what somebody writes.

Every pattern that is compiled when `bot` is imported meets runs of the very characters it looks for, alone, in pairs
and with an ending that does not fit. Its cost may grow with the square of the length at most (a message has 2,000
characters at most): the next power, or an exponential, is what hangs a process. Growth is compared, never a time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PROBE = Path(__file__).with_name("expressions_probe.py")


@pytest.mark.timeout(600)
def test_no_expression_runs_away() -> None:
    command = [sys.executable, "-W", "ignore", str(PROBE)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=540, check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["patterns"] > 200
    assert report["runaway"] == []
    assert report["found_in_the_bad"] == report["bad"]
