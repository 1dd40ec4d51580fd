"""What operators see: which part is down, how many turns, and nothing of a patient."""

from __future__ import annotations

import io
import json
import logging
import random
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import structlog
from sanic import Sanic

from bot.channels.counting import count_reply
from bot.channels.messages import Outgoing
from bot.dialogue.texts import load_responses
from bot.operations.health import health_blueprint
from bot.operations.logs import JsonFormatter, configure, redact
from bot.operations.metrics import METRICS, Metrics
from bot.operations.replies import KINDS
from bot.sandbox.app import ready_for_asgi
from bot.settings import PROJECT

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


def test_a_stage_is_timed_also_when_it_fails() -> None:
    metrics = Metrics()
    with pytest.raises(RuntimeError), metrics.stage("action"):
        raise RuntimeError
    assert 'asystent_stage_seconds_count{stage="action"} 1.0' in metrics.text()


def test_a_message_waits_once() -> None:
    metrics = Metrics()
    begun, other = metrics.waits(), metrics.waits()
    begun()
    begun()
    assert "asystent_turns_waiting 1.0" in metrics.text()
    other()
    assert "asystent_turns_waiting 0.0" in metrics.text()


@pytest.mark.parametrize(
    ("response", "kind", "rule"),
    [
        ("utter_refused_R42", "refused", "R42"),
        ("utter_change_refused_R6", "refused", "R6"),
        ("utter_prescription_refused", "refused", "prescription"),
        ("utter_why_refused_R54", "said", None),
        ("utter_not_understood", "not_understood", None),
        ("utter_which_did_you_mean", "asked_back", None),
        ("utter_human", "person", None),
        ("utter_ask_arrival/document", "said", None),
        ("", "said", None),
    ],
)
def test_replies_are_counted_by_kind(response: str, kind: str, rule: str | None) -> None:
    before = _counted(METRICS.replies, kind), rule and _counted(METRICS.refusals, rule)
    count_reply(Outgoing("x", meta={"response": response}))
    assert _counted(METRICS.replies, kind) == before[0] + 1
    if rule is not None:
        assert _counted(METRICS.refusals, rule) == (before[1] or 0) + 1


def _counted(counter: Any, label: str) -> float:
    return float(counter.labels(label)._value.get())


def test_kinds_are_names_of_replies_that_there_are() -> None:
    assert set(KINDS) - set(load_responses(PROJECT)) == set()


DASHBOARD = PROJECT / "deploy" / "grafana" / "asystent.json"
NAMED = re.compile(r"asystent_\w+")


def test_the_dashboard_shows_metrics_that_there_are_and_all_of_them() -> None:
    there = {
        sample.name
        for metric in METRICS.registry.collect()
        for sample in [*metric.samples, *_of_no_sample(metric)]
    }
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    shown = {
        name
        for panel in panels
        for target in panel.get("targets", ())
        for name in NAMED.findall(target["expr"])
    }
    assert shown <= there
    families = {metric.name for metric in METRICS.registry.collect()}
    assert {name for name in families if not any(one.startswith(name) for one in shown)} == set()


def _of_no_sample(metric: Any) -> list[Any]:
    """Names that a metric with labels will have once something was counted."""
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(metric.type, ("",))
    return [SimpleNamespace(name=metric.name + end) for end in ends]


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
            raise ValueError(f"bad value {canary}") from KeyError(SYMPTOM)
        except ValueError:
            log.exception("failed")
    written = lines()
    assert len(written) == 5 * len(planted)
    text = json.dumps(written, ensure_ascii=False)
    for canary in [*planted, SYMPTOM]:
        assert canary not in text


def test_what_the_machine_says_stays_readable(lines: Any) -> None:
    try:
        try:
            raise ConnectionRefusedError("Connect call failed ('127.0.0.1', 6379)")
        except ConnectionRefusedError as error:
            raise RuntimeError(SYMPTOM) from error
    except RuntimeError:
        logging.getLogger("bot.some").exception("failed")
    (line,) = lines()
    assert "Connect call failed" in line["error"]
    assert "RuntimeError: [its text is left out]" in line["error"]
    assert SYMPTOM not in line["error"]


def test_dates_hours_and_counts_stay_readable() -> None:
    text = "2026-11-20T14:05:33.123456+00:00 turn 17 took 12 ms, 3 of 20, port 5005, seq 100234"
    assert redact(text) == text


def test_a_line_is_one_json_object() -> None:
    record = logging.LogRecord("a", logging.INFO, "", 1, "dwa\nwiersze %s", ("ż",), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "dwa\nwiersze ż"
