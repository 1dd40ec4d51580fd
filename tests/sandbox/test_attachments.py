"""Files: how many, how large, of what kind (R77-R83, A12, A13)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Patient, World

Json = dict[str, Any]
LARGEST = 8_388_608
JPEG = b"\xff\xd8\xff\xe0"
PNG = b"\x89PNG\r\n\x1a\n"


async def ticket(patient: Patient, **fields: Any) -> httpx.Response:
    body = {
        "file_name": "wynik.pdf",
        "content_type": "application/pdf",
        "size": 100,
        "description": "Wynik",
        **fields,
    }
    return await patient.post("/v1/attachments", body)


async def upload(patient: Patient, content: bytes, **fields: Any) -> httpx.Response:
    announced = await ticket(patient, **fields)
    assert announced.status_code == 201, announced.text
    headers = {"Content-Type": "application/octet-stream"}
    return await patient.http.put(announced.json()["upload_url"], content=content, headers=headers)


async def test_from_ticket_to_list(world: World) -> None:
    patient = await world.login("files_4")
    stored = await upload(patient, b"%PDF-1.7 ...", reservation_id="res-pat-files-4-1")
    assert stored.status_code == 200
    assert (stored.json()["status"], stored.json()["size"]) == ("stored", 12)
    files = (await patient.get("/v1/attachments")).json()["items"]
    assert files[-1]["id"] == stored.json()["id"]
    assert (await patient.get("/v1/me")).json()["limits"]["attachments"] == {"max": 5, "used": 5}


async def test_sixth_file(world: World) -> None:
    patient = await world.login("files_5")
    refused = await ticket(patient)
    assert (refused.status_code, refused.json()["code"]) == (422, "ATTACHMENT_COUNT_LIMIT")
    first = (await patient.get("/v1/attachments")).json()["items"][0]
    assert (await patient.http.delete(f"/v1/attachments/{first['id']}")).status_code == 204
    assert (await ticket(patient)).status_code == 201


async def test_unused_ticket_counts_until_it_expires(world: World) -> None:
    patient = await world.login("files_4")
    first = (await ticket(patient)).json()
    assert (await ticket(patient)).json()["code"] == "ATTACHMENT_COUNT_LIMIT"
    world.sandbox.set_clock(advance=timedelta(minutes=10))
    patient = await world.login("files_4")
    late = await patient.http.put(first["upload_url"], content=b"%PDF-")
    assert (late.status_code, late.json()["code"]) == (410, "UPLOAD_EXPIRED")
    assert (await ticket(patient)).status_code == 201


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 201), (LARGEST + 1, 413)])
async def test_announced_size_to_the_byte(world: World, size: int, status: int) -> None:
    answer = await ticket(await world.login("full"), size=size)
    assert answer.status_code == status
    if status == 413:
        assert answer.json()["code"] == "ATTACHMENT_TOO_LARGE"


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
async def test_real_size_to_the_byte(world: World, extra: int, status: int) -> None:
    content = b"%PDF-" + bytes(LARGEST - 5 + extra)
    answer = await upload(await world.login("full"), content)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("a.pdf", "application/pdf", 201),
        ("a.JPG", "image/jpeg", 201),
        ("a.jpeg", "image/jpg", 201),
        ("a.png", "image/png", 201),
        ("a.heic", "image/heic", 415),
        ("a.pdf.exe", "application/pdf", 415),
        ("a.pdf", "application/zip", 415),
        ("a.gif", "image/gif", 415),
    ],
)
async def test_announced_kind(world: World, name: str, kind: str, status: int) -> None:
    answer = await ticket(await world.login("full"), file_name=name, content_type=kind)
    assert answer.status_code == status
    if status == 415:
        assert answer.json()["code"] == "ATTACHMENT_TYPE_NOT_ALLOWED"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (JPEG + b"...", "image/jpeg"),
        (PNG, "image/png"),
        (b" %PDF-1.4", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"<svg/>", None),
        (b"", None),
        (PNG[:7], None),
    ],
)
async def test_kind_is_what_the_bytes_say(world: World, content: bytes, kind: str | None) -> None:
    """Always announced as a PDF."""
    answer = await upload(await world.login("full"), content)
    if kind is None:
        assert (answer.status_code, answer.json()["code"]) == (415, "ATTACHMENT_TYPE_NOT_ALLOWED")
    else:
        assert (answer.status_code, answer.json()["content_type"]) == (200, kind)


async def test_basic_account(world: World) -> None:
    basic = await world.login("basic_0")
    for answer in (await ticket(basic), await basic.get("/v1/attachments")):
        assert (answer.status_code, answer.json()["code"]) == (403, "ACCOUNT_LEVEL_REQUIRED")


async def test_only_to_phone_consultations(world: World) -> None:
    patient = await world.login("pregnant")
    refused = await ticket(patient, reservation_id="res-pat-pregnant-1")
    assert (refused.status_code, refused.json()["code"]) == (422, "NOT_ELIGIBLE")
    shown = (await patient.get("/v1/reservations/res-pat-pregnant-1")).json()
    assert shown["can_attach"] is False
    shown = (await (await world.login("files_4")).get("/v1/reservations/res-pat-files-4-1")).json()
    assert shown["can_attach"] is True


async def test_stored_file_is_not_replaced(world: World) -> None:
    patient = await world.login("full")
    stored = (await upload(patient, b"%PDF-1.7")).json()
    again = await patient.http.put(f"/v1/attachments/{stored['id']}/content", content=b"%PDF-2.0")
    assert (again.status_code, again.json()["code"]) == (409, "UPLOAD_DONE")


async def test_content_is_kept_nowhere(world: World) -> None:
    patient = await world.login("full")
    await upload(patient, b"%PDF-tajne wyniki", description="opis")
    assert "tajne" not in str(await world.sandbox.state())
    assert "tajne" not in str(world.sandbox.calls())
