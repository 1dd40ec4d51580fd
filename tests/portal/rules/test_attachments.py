from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.portal.models import AttachmentLimit, Level, Limits, Me, Patient
from bot.portal.rules.attachments import (
    FileType,
    check_file,
    check_size,
    description_notice,
    file_type,
    may_add_file,
    may_attach_to,
    places_left,
)
from bot.portal.rules.decisions import Decisions
from bot.portal.rules.outcome import Allowed, NextStep, Refused, Warned

MEGABYTES_8 = 8_388_608
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
PDF = b"%PDF-1.7\n"
HEIC = b"\x00\x00\x00\x18ftypheic"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (JPEG, FileType.JPEG),
        (PNG, FileType.PNG),
        (PDF, FileType.PDF),
        (HEIC, None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90", None),
        (b"\n%PDF-1.7", None),
        (b"<svg>%PDF-", None),
        (b"\x89PNG", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_r78_the_type_is_judged_by_content(head: bytes, kind: FileType | None) -> None:
    assert file_type(head) is kind


def test_r79_a12_eight_megabytes_to_the_byte() -> None:
    assert check_file(PDF, MEGABYTES_8) == Allowed({"content_type": "application/pdf"})
    outcome = check_file(PDF, MEGABYTES_8 + 1)
    assert outcome == Refused(
        "R79", "ATTACHMENT_TOO_LARGE", {"size": MEGABYTES_8 + 1, "max_size": MEGABYTES_8}
    )
    assert not check_file(PDF, 11, Decisions(attachment_max_bytes=10)).ok


def test_r78_the_refusal_names_what_is_allowed() -> None:
    outcome = check_file(HEIC, 1000)
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R78", "ATTACHMENT_TYPE_NOT_ALLOWED")
    assert set(outcome.reason_params["allowed"]) == {"image/jpeg", "image/png", "application/pdf"}


def test_an_empty_file_is_no_file() -> None:
    assert not check_file(b"", 0).ok


@pytest.mark.parametrize(("files", "ok"), [(0, True), (4, True), (5, False), (6, False)])
def test_r80_five_files_on_the_account(files: int, ok: bool, build: Any, now: datetime) -> None:
    outcome = may_add_file(build.me("full", files=files), now)
    assert outcome.ok is ok
    if not ok:
        assert outcome == Refused(
            "R80", "ATTACHMENT_COUNT_LIMIT", {"used": files, "max": 5}, (NextStep.DELETE_ATTACHMENT,)
        )


def test_r77_full_accounts_only_said_before_the_count(build: Any, now: datetime) -> None:
    outcome = may_add_file(build.me("basic", files=5), now)
    assert isinstance(outcome, Refused)
    assert outcome.rule == "R77"


def test_not_logged_in(now: datetime) -> None:
    assert not may_add_file(None, now).ok


def test_r83_phone_consultations_always(build: Any) -> None:
    assert may_attach_to(build.reservation(kind="phone")).ok


@pytest.mark.parametrize("fields", [{"can_attach": True}, {"actions": {"attach": {"allowed": True}}}])
def test_a13_other_visits_when_the_portal_allows(fields: dict[str, Any], build: Any) -> None:
    assert may_attach_to(build.reservation(kind="onsite", **fields)).ok
    assert not may_attach_to(
        build.reservation(kind="onsite", **fields), Decisions(attach_to_onsite="never")
    ).ok


def test_a13_other_visits_when_the_portal_does_not(build: Any) -> None:
    outcome = may_attach_to(build.reservation(kind="onsite"))
    assert isinstance(outcome, Refused)
    assert (outcome.rule, outcome.code) == ("R83", "NOT_ELIGIBLE")


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_r88_only_to_a_booked_visit(status: str, build: Any) -> None:
    assert not may_attach_to(build.reservation(kind="phone", status=status)).ok


def test_r82_whoever_describes_a_file_is_told_who_reads_it() -> None:
    assert description_notice("zdjęcie znamienia") == Warned("R82", {"visible_to": "doctor"})
    assert description_notice("  ") == Allowed()


@pytest.mark.parametrize(("used", "left"), [(0, 5), (4, 1), (5, 0), (6, 0)])
def test_r80_places_left(used: int, left: int) -> None:
    me = Me(
        patient=Patient(id="p", first_name="Anna"),
        level=Level.FULL,
        limits=Limits(attachments=AttachmentLimit(used=used)),
    )
    assert places_left(me) == left


def test_r79_the_size_alone() -> None:
    assert check_size(MEGABYTES_8).ok
    assert not check_size(MEGABYTES_8 + 1).ok
