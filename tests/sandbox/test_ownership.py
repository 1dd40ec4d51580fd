"""Whose is it: tokens, scopes, and a matrix of everybody else's objects."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.sandbox.contract import operations
from bot.sandbox.registry import HANDLERS
from tests.sandbox.conftest import World, exchange

Json = dict[str, Any]

_COMPLAINT = {"description": "Opóźnienie", "reply": {"channel": "email", "contact": "ktos@example.org"}}
# Method, path and body that name an object of the owner; {} is its id.
FOREIGN = [
    ("GET", "/v1/reservations/{visit}", None),
    ("POST", "/v1/reservations/{visit}/cancellation", None),
    ("GET", "/v1/holds/{hold}", None),
    ("POST", "/v1/holds/{hold}/extend", None),
    ("POST", "/v1/reservations", {"hold_id": "{hold}", "valuation_id": "package"}),
    ("POST", "/v1/prereservations/{kept}/hold", None),
    ("DELETE", "/v1/attachments/{file}", None),
    ("PUT", "/v1/attachments/{ticket}/content", b"%PDF-1.7"),
    ("DELETE", "/v1/watches/{watch}", None),
    ("POST", "/v1/prescriptions/renewals", {"prescription_id": "{prescription}"}),
    ("POST", "/v1/questions", {"reservation_id": "{visit}", "text": "Czy mogę biegać?"}),
    ("POST", "/v1/complaints", {**_COMPLAINT, "reservation_id": "{visit}"}),
    ("POST", "/v1/opinions", {"subject": "service", "rating": 5, "reservation_id": "{visit}"}),
    ("POST", "/v1/holds", {"slot_id": "{slot}", "patient_id": "{patient}"}),
    ("POST", "/v1/holds", {"slot_id": "{slot}", "patient_id": "{child}"}),
    ("POST", "/v1/watches", {"service_id": "tsh", "patient_id": "{child}", "expires_on": "2026-12-31"}),
    ("GET", "/v1/slots?service_id=tsh&patient_id={child}", None),
    ("GET", "/v1/coverage?service_id=tsh&patient_id={patient}", None),
    ("GET", "/v1/reservations?patient_id={child}", None),
    ("GET", "/v1/prereservations?patient_id={patient}", None),
    ("GET", "/v1/referrals?patient_id={patient}", None),
    ("GET", "/v1/results?patient_id={patient}", None),
    ("GET", "/v1/prescriptions?patient_id={patient}", None),
    ("GET", "/v1/recommendations?patient_id={patient}", None),
]
OWNER: Json = {
    "dependants": [{"key": "child", "first_name": "Iga", "gender": "f", "age": 5}],
    "visits": [{"service": "internista-phone", "at": "+3d 10:00"}],
    "prereservations": [{"service": "kardiolog-control", "suggested": "+40d", "city": "krakow"}],
    "files": [{"name": "a.pdf", "type": "application/pdf", "size": 10}],
    "prescriptions": [{"issued": "-9d", "expires": "+9d"}],
}


async def owned(world: World) -> dict[str, str]:
    """Ids of things that belong to the owner."""
    owner = await world.login("owner", step_up=True)
    slot = (await owner.slots("okulista-onsite", city_id="krakow"))[1]
    hold = (await owner.hold(slot["id"])).json()
    watch = (await owner.post("/v1/watches", {"service_id": "tsh", "expires_on": "2026-12-31"})).json()
    upload = {"file_name": "b.pdf", "content_type": "application/pdf", "size": 9, "description": ""}
    ticket = (await owner.post("/v1/attachments", upload)).json()
    spare = (await owner.slots("dermatolog-onsite", city_id="krakow"))[0]
    return {
        "patient": owner.id, "child": f"{owner.id}-child", "visit": f"res-{owner.id}-1", "hold": hold["id"],
        "kept": f"prereservation-{owner.id}-1", "file": f"attachment-{owner.id}-1", "ticket": ticket["id"],
        "watch": watch["id"], "prescription": f"prescription-{owner.id}-1", "slot": spare["id"],
    }  # fmt: skip


def fill(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**ids)
    if isinstance(value, dict):
        return {name: fill(item, ids) for name, item in value.items()}
    return value


async def send(patient: Any, method: str, path: str, body: Any, key: str) -> Any:
    content = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
    return await patient.http.request(method, path, headers={"Idempotency-Key": key}, **content)


@pytest.mark.parametrize(("method", "path", "body"), FOREIGN)
async def test_not_yours_is_not_there(make: Any, method: str, path: str, body: Any) -> None:
    """Same answer, but for the clock, as for an id nobody has; and nothing changes."""
    world = make(patch={"patients": {"owner": OWNER, "thief": {}}})
    ids = await owned(world)
    thief = await world.login("thief", step_up=True)
    before = await world.sandbox.state()
    missing = dict.fromkeys(ids, "never-existed") | {"slot": ids["slot"]}
    foreign = await send(thief, method, fill(path, ids), fill(body, ids), "foreign-key")
    unknown = await send(thief, method, fill(path, missing), fill(body, missing), "unknown-key")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    assert await world.sandbox.state() == before


async def test_the_owner_reaches_all_of_them(make: Any) -> None:
    """The matrix above would prove nothing if its requests were wrong."""
    for method, path, body in FOREIGN:
        world = make(patch={"patients": {"owner": OWNER}})
        ids = await owned(world)
        owner = await world.login("owner", step_up=True)
        answer = await send(owner, method, fill(path, ids), fill(body, ids), "owner-key")
        # The question and the prescription are judged by their rules, which is also not a 404.
        assert answer.status_code != 404, (method, path, answer.text)


async def test_releasing_somebody_elses_hold_does_nothing(make: Any) -> None:
    world = make(patch={"patients": {"owner": OWNER, "thief": {}}})
    ids = await owned(world)
    thief = await world.login("thief")
    assert (await thief.http.delete(f"/v1/holds/{ids['hold']}")).status_code == 204
    assert [hold["id"] for hold in (await world.sandbox.state())["holds"]] == [ids["hold"]]


async def test_lists_hold_only_ones_own(make: Any) -> None:
    world = make(patch={"patients": {"owner": OWNER, "thief": {}}})
    await owned(world)
    thief = await world.login("thief", step_up=True)
    for name in ("reservations", "prereservations", "referrals", "attachments", "watches", "prescriptions"):
        assert (await thief.get(f"/v1/{name}")).json()["items"] == [], name


class TestTokens:
    async def test_expires_after_ten_minutes(self, world: World) -> None:
        full = await world.login("full")
        world.sandbox.set_clock(advance=timedelta(minutes=9, seconds=59))
        assert (await full.get("/v1/me")).status_code == 200
        world.sandbox.set_clock(advance=timedelta(seconds=1))
        answer = await full.get("/v1/me")
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_EXPIRED")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    async def test_chat_token_expires_after_fifteen_minutes(self, world: World) -> None:
        token = world.sandbox.token("full")
        http = world.client()
        world.sandbox.set_clock(advance=timedelta(minutes=14, seconds=59))
        assert (await exchange(http, token)).status_code == 200
        world.sandbox.set_clock(advance=timedelta(seconds=1))
        refused = await exchange(http, token)
        assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_GRANT")

    async def test_chat_token_is_not_an_access_token(self, world: World) -> None:
        http = world.client()
        answer = await http.get("/v1/me", headers={"Authorization": f"Bearer {world.sandbox.token('full')}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID")

    async def test_access_token_cannot_be_exchanged(self, world: World) -> None:
        full = await world.login("full")
        token = full.http.headers["Authorization"].removeprefix("Bearer ")
        assert (await exchange(full.http, token)).json()["code"] == "INVALID_GRANT"

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc"])
    async def test_missing(self, world: World, header: str) -> None:
        answer = await world.client().get("/v1/me", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_MISSING")

    @pytest.mark.parametrize(
        "change", ["none", "hs256", "other-key", "no-jti", "wrong-audience", "wrong-issuer"]
    )
    async def test_forged(self, world: World, change: str) -> None:
        full = await world.login("full")
        token = full.http.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, options={"verify_signature": False})
        key: Any = world.sandbox.engine.signer.key
        algorithm = "ES256"
        if change == "none":
            key, algorithm = None, "none"
        elif change == "hs256":
            key, algorithm = "x" * 32, "HS256"
        elif change == "other-key":
            key = ec.generate_private_key(ec.SECP256R1())
        elif change == "no-jti":
            del claims["jti"]
        else:
            claims["aud" if change == "wrong-audience" else "iss"] = "elsewhere"
        forged = jwt.encode(claims, key, algorithm=algorithm)
        answer = await world.client().get("/v1/me", headers={"Authorization": f"Bearer {forged}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID")

    async def test_published_key_verifies_the_chat_token(self, world: World) -> None:
        keys = (await world.client().get("/.well-known/jwks.json")).json()["keys"]
        token = world.sandbox.token("basic_10")
        key = jwt.PyJWK(keys[0])
        options = {"verify_exp": False, "verify_iat": False}
        claims = jwt.decode(token, key.key, algorithms=["ES256"], audience="assistant", options=options)
        assert jwt.get_unverified_header(token)["kid"] == keys[0]["kid"]
        assert (claims["sub"], claims["level"]) == ("pat-basic-10", "basic")
        assert claims["exp"] - claims["iat"] == 900
        assert claims["jti"]

    async def test_narrow_scope(self, world: World) -> None:
        http = world.client()
        answer = await exchange(http, world.sandbox.token("full"), scope="slots:read profile:read")
        assert answer.json()["scope"] == "profile:read slots:read"
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        assert (await http.get("/v1/me")).status_code == 200
        refused = await http.get("/v1/reservations")
        assert (refused.status_code, refused.json()["code"]) == (403, "INSUFFICIENT_SCOPE")

    async def test_unknown_scope(self, world: World) -> None:
        answer = await exchange(world.client(), world.sandbox.token("full"), scope="everything")
        assert answer.status_code == 400

    def test_nobody_without_account_gets_a_token(self, world: World) -> None:
        for key in ("no_account", "nobody-at-all"):
            with pytest.raises(KeyError):
                world.sandbox.token(key)

    async def test_every_patient_operation_needs_a_token(self, world: World) -> None:
        http = world.client()
        for operation in operations().values():
            if operation.public:
                continue
            path = operation.path.replace("{", "").replace("}", "")
            answer = await http.request(operation.method, path)
            assert answer.status_code == 401, operation.id
            assert HANDLERS[operation.id].scope
