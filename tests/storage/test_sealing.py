"""Content at rest is unreadable without the key, bound to its place, and keys can be changed."""

import base64

import pytest

from bot.storage.sealing import Sealer, SealError

TEXT = "Boli mnie głowa, PESEL 44051401359".encode() * 20


def key(name: str, letter: bytes) -> str:
    return f"{name}:{base64.b64encode(letter * 32).decode()}"


def test_sealed_and_opened() -> None:
    sealer = Sealer.of("", b"secret")
    sealed = sealer.seal(TEXT, "a/1")
    assert b"PESEL" not in sealed
    assert b"44051401359" not in sealed
    assert sealer.open(sealed, "a/1") == TEXT
    assert sealer.seal(TEXT, "a/1") != sealed


def test_it_opens_only_at_its_place_and_unaltered() -> None:
    sealer = Sealer.of("", b"secret")
    sealed = sealer.seal(TEXT, "a/1")
    with pytest.raises(SealError):
        sealer.open(sealed, "b/1")
    with pytest.raises(SealError):
        sealer.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "a/1")
    for broken in (b"", b"\x01", b"plain text", sealed[:20]):
        with pytest.raises(SealError):
            sealer.open(broken, "a/1")


def test_rotation() -> None:
    before = Sealer.of(key("1", b"a"), b"secret")
    old = before.seal(TEXT, "p")
    during = Sealer.of(f"{key('2', b'b')},{key('1', b'a')}", b"secret")
    assert during.open(old, "p") == TEXT
    new = during.seal(TEXT, "p")
    after = Sealer.of(key("2", b"b"), b"secret")
    assert after.open(new, "p") == TEXT
    with pytest.raises(SealError):
        after.open(old, "p")
    with pytest.raises(SealError):
        before.open(new, "p")


def test_from_a_derived_key_to_one_of_its_own() -> None:
    old = Sealer.of("", b"secret").seal(TEXT, "p")
    assert Sealer.of(key("1", b"a"), b"secret").open(old, "p") == TEXT


@pytest.mark.parametrize(
    "written", ["1:short", "1:c2hvcnQ=", f"{'n' * 33}:{base64.b64encode(bytes(32)).decode()}"]
)
def test_bad_keys_are_refused_at_start(written: str) -> None:
    with pytest.raises(ValueError):
        Sealer.of(written, b"secret")
