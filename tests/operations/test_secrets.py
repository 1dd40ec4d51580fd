"""Secrets come from the environment or from files, and are in no log, no error and no `repr`."""

from __future__ import annotations

import base64
import io
import logging
from pathlib import Path

import httpx
import pytest

from bot.channels.safety import safety_check
from bot.channels.setup import FrontDeskConfig
from bot.operations.logs import JsonFormatter, redact
from bot.settings import CHANNELS, SECRETS, Settings, SettingsError, from_environment
from bot.storage.sealing import Sealer

PASSWORD = "pasSw0rd-of-redis"
KEY = base64.b64encode(b"k" * 32).decode()
SECRET = "a signing secret of more than thirty-two bytes"
TELEGRAM = "7301234567:AAF-dXkq0cAqLeZ8mYhTq_xxZabcdefghij"
ENVIRONMENT = {
    "ASYSTENT_REDIS_URL": f"redis://:{PASSWORD}@redis.internal:6379/0",
    "ASYSTENT_SECRET": SECRET,
    "ASYSTENT_CONTENT_KEYS": f"two:{KEY}",
    "ASYSTENT_TELEGRAM_TOKEN": TELEGRAM,
    "ASYSTENT_TELEGRAM_NAME": "asystent",
}
VALUES = (PASSWORD, KEY, SECRET, TELEGRAM)


def as_files(folder: Path) -> dict[str, str]:
    found = {}
    for name, value in ENVIRONMENT.items():
        if name in SECRETS:
            (folder / name).write_text(f"{value}\n", "utf-8")
            found[f"{name}_FILE"] = str(folder / name)
        else:
            found[name] = value
    return found


def test_a_file_is_as_good_as_the_environment(tmp_path: Path) -> None:
    assert from_environment(as_files(tmp_path)) == from_environment(ENVIRONMENT)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_be_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "secret"
    path.write_text("redis://:of-a-file@one/0", "utf-8")
    settings = from_environment({f"{name}_FILE": str(path)})
    kept = (settings.secret, settings.content_keys, settings.storage, settings.signing_key, settings.channels)
    assert "of-a-file" in str(kept)


def test_a_setting_that_names_a_secret_is_among_them() -> None:
    assert {name for name in CHANNELS if name.endswith(("TOKEN", "SECRET", "VERIFY"))} <= set(SECRETS)


@pytest.mark.parametrize("content", [None, "", " \n"])
def test_a_file_that_is_not_there_or_empty_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="ASYSTENT_SECRET_FILE"):
        from_environment({"ASYSTENT_SECRET_FILE": str(path)})


def test_both_at_once_are_refused_and_neither_is_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment(ENVIRONMENT | as_files(tmp_path))
    assert not any(value in str(refused.value) for value in VALUES)


def test_no_repr_shows_a_secret() -> None:
    settings = from_environment(ENVIRONMENT)
    config = FrontDeskConfig(
        settings.secret.encode(), settings.storage_place, safety_check, content_keys=settings.content_keys
    )
    assert not any(value in f"{settings!r} {config!r}" for value in VALUES)
    assert "asystent" not in repr(Settings(channels={"telegram_token": "asystent"}))


@pytest.mark.parametrize("written", [KEY, f"two:{KEY[:-1]}!", f"two:{KEY},{KEY}"])
def test_an_error_about_keys_does_not_repeat_them(written: str) -> None:
    with pytest.raises(ValueError) as refused:
        Sealer.of(written, b"secret")
    assert KEY[:-1] not in str(refused.value)


def test_lines_of_libraries_do_not_show_them_either() -> None:
    settings = from_environment(ENVIRONMENT)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(settings.secrets))
    log = logging.Logger("library")
    log.addHandler(handler)
    for value in (*VALUES, ENVIRONMENT["ASYSTENT_REDIS_URL"]):
        log.error("cannot connect with %s", value)
        try:
            raise httpx.ConnectError(f"no route to {value}")
        except httpx.ConnectError:
            log.exception("failed")
    assert stream.getvalue().count("\n") == 2 * (len(VALUES) + 1)
    assert not any(value in stream.getvalue() for value in VALUES)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            f"GET https://api.vendor.example/bot{TELEGRAM}/sendMessage",
            "GET https://api.vendor.example/[token]/sendMessage",
        ),
        (f"rediss+sentinel://u:{PASSWORD}@one:26379", "rediss+sentinel://[secret]@one:26379"),
        ("see http://127.0.0.1:5005/health", "see http://127.0.0.1:5005/health"),
    ],
)
def test_credentials_in_addresses_are_hidden_without_being_known(line: str, shown: str) -> None:
    assert redact(line) == shown
