"""Canaries through a whole run: a booking, a complaint, a file, a call for a person, and everything failing.

What a patient wrote of themselves is in no line of a log (the standard library's and structlog's), no metric,
no audit, no report, and nowhere in plain text in Redis or in the files.
"""

from __future__ import annotations

import importlib.util
import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
import structlog

from bot.actions.coverage.task import CheckCoverage
from bot.channels.handoff.model import DeskError
from bot.channels.handoff.switchboard import CALL, Switchboard
from bot.channels.messages import Incoming
from bot.commands.report import without_words
from bot.operations.day import ZONE, Span, count
from bot.operations.journeys import Meanings
from bot.operations.logs import TRACE, configure
from bot.operations.metrics import METRICS
from bot.operations.report_page import page
from bot.settings import PROJECT
from bot.storage.audit import AuditJournal, Auditor
from bot.storage.audit_logs import open_audit


def _load(name: str, path: Path) -> Any:
    """A helper beside the tests (pytest imports tests by path)."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


HERE = Path(__file__).parent
hospital = _load("faults_hospital", HERE / "hospital.py")
checker = _load("faults_checker", HERE / "checker.py")
corpus = _load("corpus_for_faults", HERE.parent / "channels" / "files" / "corpus.py")

PESEL, PHONE, MAIL = "44051401359", "601 234 567", "zenobia.brzeczyk@example.pl"
SYMPTOM, SURNAME, PLACE = "łuszcząca się skóra za uchem", "Brzęczyszczykiewicz", "Pcim Dolny"
CANARIES = (PESEL, PHONE, PHONE.replace(" ", ""), MAIL, SYMPTOM, SURNAME, PLACE)
ME = f"nazywam się {SURNAME}, PESEL {PESEL}, telefon {PHONE}, mieszkam we wsi {PLACE}, dokucza mi {SYMPTOM}"
WISH = "W czwartek albo w piątek po 15, Wrocław, na miejscu w przychodni, do neurologa"
STORY = (
    f"reklamacja: rejestratorka była niemiła 3 listopada, gdy mówiłam, że dokucza mi {SYMPTOM}, "
    f"i przekręciła nazwisko {SURNAME}; proszę o odpowiedź na {MAIL}"
)
FAILURES: Sequence[dict[str, Any]] = (
    {"kind": "status", "status": 500},
    {"kind": "malformed"},
    {"kind": "drop_response"},
    {"kind": "timeout"},
)
UPSET = f"Czy pakiet obejmuje dermatologa? Pytam, bo {ME}"


class NoPeople:
    """A desk where nobody is; it says in its error what it was told."""

    async def request(self, request: Any) -> str:
        raise DeskError(request.summary_pl)


async def _upset(self: Any, ctx: Any, *_: Any) -> None:
    raise KeyError(ctx.turn.text)


class Upset:
    """An assistant that fails over some messages, quoting them."""

    def __init__(self, inner: Any) -> None:
        self.finished, self.forget = inner.finished, inner.forget
        self._inner = inner

    async def handle(self, sender: str, text: str | None, *rest: Any) -> None:
        if text is not None and text.startswith("Wywróć"):
            structlog.get_logger("rasa").error("rest.message.received.failure", text=text)
            raise ValueError(f"cannot handle {text!r}")
        await self._inner.handle(sender, text, *rest)


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """All that is logged, at a level below that of an installation."""
    root, written = logging.getLogger(), io.StringIO()
    before = (
        root.handlers[:],
        root.level,
        {name: logging.getLogger(name).level for name in ("rasa", "httpx")},
    )
    configure(logging.INFO, written)
    yield written.getvalue
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(params=["redis", "files"])
async def clinic(request: pytest.FixtureRequest, stage: Any, tmp_path: Path) -> AsyncIterator[Any]:
    url = str(request.getfixturevalue("redis_url")).removesuffix("/0") + "/7"  # all of it is looked at
    redis.Redis.from_url(url).flushdb()
    files = request.param == "files"
    place = str(tmp_path / "audit.sqlite") if files else url
    auditor = Auditor(open_audit(place, "faults"), b"faults", lambda: datetime.now(UTC))
    journal = AuditJournal(auditor, TRACE.get)
    opened = hospital.Hospital(
        stage, url, patient="full", journal=journal, folder=tmp_path if files else None
    )
    kept = stage._agent.tracker_store
    yield opened
    await auditor.close()
    await opened.close()
    stage._agent.tracker_store = stage._agent.processor.tracker_store = kept


def dump(clinic: Any) -> str:
    """Every value of the stores as it is kept."""
    if clinic.folder is not None:
        return "".join(
            file.read_bytes().decode("utf-8", "replace") for file in clinic.folder.glob("*.sqlite*")
        )
    client = redis.Redis.from_url(clinic.redis_url)
    read: dict[bytes, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
    }
    return "".join(f"{key!r} {read[client.type(key)](key)!r}" for key in client.scan_iter())


def planted(text: str) -> list[str]:
    """Canaries in a text: as they are, escaped in JSON, or as bytes that Python prints."""
    forms = [(one, one, json.dumps(one)[1:-1], repr(one.encode())[2:-1]) for one in CANARIES]
    return [one for one, *written in forms if any(form in text for form in written)]


async def names(clinic: Any) -> list[str]:
    return [str((entry.body.get("meta") or {}).get("response")) for entry in await clinic.transcript()]


async def whole_run(clinic: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    process = await clinic.open()
    desk = process.desk
    desk._assistant = Upset(desk._assistant)
    desk.people = Switchboard(desk, NoPeople(), "desk")
    for text in (f"Dzień dobry, {ME}", WISH, "1", "tak"):
        assert await clinic.ask(process, text)
    for text in (STORY, "tak, wyślij"):
        assert await clinic.ask(process, text)
    for text in ("chciałabym podesłać lekarzowi wypis przed telefonem", f"wypis, {SYMPTOM}, {SURNAME}"):
        assert await clinic.ask(process, text)
    await clinic.give(process, f"{SURNAME} {PESEL}.pdf", corpus.pdf(1, f"{SURNAME} {PESEL}"), "file-1")
    await failures(clinic, process, monkeypatch)
    await call_a_person(clinic, process)
    return process


async def failures(clinic: Any, process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal, an action, the assistant and the safety check fail over what was written."""
    for fault in FAILURES:
        clinic.sandbox.faults([{**fault, "method": "GET", "path": "/v1/*", "times": 9}])
        assert await clinic.ask(process, f"Jakie mam wizyty? {ME}")
        clinic.sandbox.faults([])
    with monkeypatch.context() as patch:
        patch.setattr(CheckCoverage, "advance", _upset)
        patch.setattr(CheckCoverage, "respond", _upset)
        assert await clinic.ask(process, UPSET)
    assert await clinic.ask(process, f"Wywróć się, {ME}")

    def broken(text: str) -> None:
        raise ValueError(text)

    kept, process.desk._safety = process.desk._safety, broken
    assert await clinic.ask(process, f"Dziękuję, {ME}")
    process.desk._safety = kept


async def call_a_person(clinic: Any, process: Any) -> None:
    replies = await clinic.ask(process, "chcę rozmawiać z konsultantem")
    buttons = [option["token"] for reply in replies for option in reply.body.get("options", ())]
    found = [
        token
        for token in buttons
        if (button := await process.stores.buttons.find(clinic.conversation, token, process.desk.clock()))
        and button.payload == CALL
    ]
    press = Incoming(clinic.conversation, "call", button=found[0])
    assert (await process.desk.receive(clinic.visitor(), press)).new


async def test_nothing_of_a_patient_leaves_the_sealed_stores(
    clinic: Any, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await clinic.sandbox.state()
    process = await whole_run(clinic, monkeypatch)
    told = await names(clinic)
    for done in ("utter_booked_onsite", "utter_complaint_filed", "utter_attachment_send_here", "apology"):
        assert done in told, told
    assert "utter_internal_error" in told
    ledger = checker.Ledger.of(before, await clinic.sandbox.state())
    assert checker.violations([await clinic.transcript()], ledger) == []
    written = log()
    for line in ("action action_coverage failed", "turn failed", "safety check failed", "desk of people"):
        assert line in written, line
    assert planted(written) == []
    assert planted(METRICS.text()) == []
    kept = dump(clinic)
    assert clinic.conversation in kept
    assert planted(kept) == []
    day = clinic.sandbox.engine.clock.now().astimezone(ZONE).date()
    span = Span.of(day)
    entries = process.stores.outbox.between(span.read_from, span.read_to)
    figures = await count(day, (without_words(entry) async for entry in entries), Meanings.load(PROJECT))
    assert figures["tasks"]["booking"]["done"] == 1
    assert figures["tasks"]["complaint"]["done"] == 1
    assert planted(json.dumps(figures, ensure_ascii=False) + page(figures, [figures])) == []


async def test_the_search_finds_what_is_there(clinic: Any) -> None:
    """The transcript, opened, has every canary: the search is not blind."""
    process = await clinic.open()
    await clinic.ask(process, f"{ME}, {MAIL}, {PHONE.replace(' ', '')}")
    body = json.dumps([entry.body for entry in await clinic.transcript()])
    assert set(planted(body)) == set(CANARIES)
