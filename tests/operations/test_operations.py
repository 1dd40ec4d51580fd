"""What operators see: which part is down, how many turns, and nothing of a patient."""

from __future__ import annotations

import io
import json
import logging
import random
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from sanic import Sanic

from bot.operations.health import health_blueprint
from bot.operations.logs import JsonFormatter, configure, redact
from bot.operations.metrics import Counter, Histogram
from bot.sandbox.app import ready_for_asgi

PESEL, PHONE, MAIL = "44051401359", "601 234 567", "jan.kowalski@example.pl"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwMSJ9.abcdef"
SYMPTOM = "krwawienie z dróg rodnych"


async def fine() -> None:
    """A part that is up."""


async def broken() -> None:
    raise RuntimeError("no")


async def test_the_part_that_is_down_is_named() -> None:
    app = Sanic(f"health-{random.random()}".replace(".", ""))
    app.blueprint(health_blueprint({"store": fine, "portal": broken}))
    ready_for_asgi(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://a") as http:
        ready, live, metrics = [
            await http.get(path) for path in ("/health/ready", "/health/live", "/metrics")
        ]
    assert ready.status_code == 503
    assert ready.json() == {"status": "down", "parts": {"store": "up", "portal": "down"}}
    assert live.status_code == 200
    assert "asystent_turns_total" in metrics.text


def test_metrics_are_in_prometheus_format() -> None:
    counter, times = Counter("a_total", "A."), Histogram("b_seconds", "B.", (0.1, 1.0))
    counter.add(outcome="answered")
    counter.add(2, outcome="failed")
    for seconds in (0.05, 0.5, 5.0):
        times.observe(seconds)
    assert 'a_total{outcome="failed"} 2' in counter.lines()
    assert times.lines()[2:] == [
        'b_seconds_bucket{le="0.1"} 1',
        'b_seconds_bucket{le="1"} 2',
        'b_seconds_bucket{le="+Inf"} 3',
        "b_seconds_sum 5.550000",
        "b_seconds_count 3",
    ]


@pytest.fixture
def lines() -> Iterator[Callable[[], list[Any]]]:
    before = (logging.getLogger().handlers[:], logging.getLogger().level)
    written = io.StringIO()
    configure(logging.DEBUG, written)
    yield lambda: [json.loads(line) for line in written.getvalue().split("\n") if line]
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def test_canaries_are_in_no_line(lines: Any) -> None:
    rng = random.Random(1)
    planted = [PESEL, PHONE, PHONE.replace(" ", ""), f"+48{PHONE.replace(' ', '')}", MAIL, TOKEN]
    for number in range(300):
        planted.append(f"{rng.randrange(10**10, 10**11)}")
        planted.append(f"{rng.randrange(500, 900)} {number:03d} {rng.randrange(100, 1000)}")
    log, structured = logging.getLogger("bot.some"), structlog.get_logger()
    for canary in planted:
        log.warning("portal said %s", canary)
        log.error(f"for {canary}: refused")
        structured.error("rest.message.received.failure", text=SYMPTOM, user_message=canary)
        structured.warning(f"event {canary}")
        try:
            raise ValueError(f"bad value {canary}")
        except ValueError:
            log.exception("failed")
    written = lines()
    assert len(written) == 5 * len(planted)
    text = json.dumps(written, ensure_ascii=False)
    for canary in [*planted, SYMPTOM]:
        assert canary not in text


def test_dates_hours_and_counts_stay_readable() -> None:
    text = "2026-11-20T14:05:33.123456+00:00 turn 17 took 12 ms, 3 of 20, port 5005, seq 100234"
    assert redact(text) == text


def test_a_line_is_one_json_object() -> None:
    record = logging.LogRecord("a", logging.INFO, "", 1, "dwa\nwiersze %s", ("ż",), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "dwa\nwiersze ż"
