"""Settings from the environment: the only module that reads it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SANDBOX_ISSUER = "sandbox-portal"


CHANNELS = (
    "ASYSTENT_TELEGRAM_TOKEN",
    "ASYSTENT_TELEGRAM_SECRET",
    "ASYSTENT_TELEGRAM_NAME",
    "ASYSTENT_META_SECRET",
    "ASYSTENT_META_VERIFY",
    "ASYSTENT_MESSENGER_TOKEN",
    "ASYSTENT_MESSENGER_PAGE",
    "ASYSTENT_WHATSAPP_TOKEN",
    "ASYSTENT_WHATSAPP_NUMBER_ID",
    "ASYSTENT_WHATSAPP_PHONE",
    "ASYSTENT_WHATSAPP_HEALTH",
    "ASYSTENT_PORTAL_SECRET",
    "ASYSTENT_DESK_URL",
    "ASYSTENT_DESK_SECRET",
    "ASYSTENT_CHATWOOT_URL",
    "ASYSTENT_CHATWOOT_TOKEN",
    "ASYSTENT_CHATWOOT_ACCOUNT",
    "ASYSTENT_CHATWOOT_INBOX",
    "ASYSTENT_CHATWOOT_SECRET",
    "ASYSTENT_PUSH_URL",
    "ASYSTENT_PUSH_SECRET",
)
"""Messengers, the portal's events, the desk of people, the push service; docs/channels.md."""


SECRETS = (
    "ASYSTENT_SECRET",
    "ASYSTENT_CONTENT_KEYS",
    "ASYSTENT_REDIS_URL",
    "ASYSTENT_MODEL_SIGNING_KEY",
    *(name for name in CHANNELS if name.endswith(("_TOKEN", "_SECRET", "_VERIFY"))),
)
"""May be given as a file instead: NAME_FILE is the path of one, as containers mount their secrets."""
REDIS = ("redis://", "rediss://", "redis+sentinel://", "rediss+sentinel://")
"""Beginnings of an address of Redis; `bot/storage/redis_client.py` reads the rest."""


class SettingsError(ValueError):
    """A setting that cannot be used; says which one and what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. Names of variables are in `from_environment`."""

    host: str = "127.0.0.1"
    port: int = 5005
    sandbox_port: int = 5056
    portal_url: str | None = None
    """Address of a real portal; None starts the sandbox portal."""
    portal_issuer: str = SANDBOX_ISSUER
    portal_audience: str = "assistant"
    state: Path = PROJECT / ".state"
    """Folder of everything that is written while running."""
    storage: str | None = field(default=None, repr=False)
    """A Redis address (`bot/storage/redis_client.py`), maybe with a password; None: SQLite below `state`."""
    secret: str = field(default="", repr=False)
    """Signs sender ids and anonymous tokens; the same in all processes of an installation."""
    content_keys: str = field(default="", repr=False)
    """Encrypt conversations at rest: `name:base64,...`, newest first; empty: a key made of `secret`."""
    allowed_origins: tuple[str, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Settings of CHANNELS that are there: names without the prefix, in small letters."""
    clamd: str | None = None
    """Virus scanner for patients' files: host:port or a socket's path."""
    proxies: int = 0
    """Reverse proxies in front; with 0, forwarded addresses are not believed."""
    project: Path = PROJECT
    model: Path | None = None
    """A trained model; None takes the one below `models/` and trains when it is out of date."""
    model_key: str = ""
    """Public key of who may have trained the model; empty: any model is loaded."""
    signing_key: str = field(default="", repr=False)
    """Private key that `python -m bot train` signs with; not needed where the model is only used."""

    @property
    def secrets(self) -> frozenset[str]:
        """Values that may be in no line of a log, whatever library writes it."""
        keys = (part.partition(":")[2] for part in self.content_keys.split(","))
        password = (self.storage or "").rpartition("@")[0].rpartition(":")[2]
        channels = (value for name, value in self.channels.items() if f"ASYSTENT_{name.upper()}" in SECRETS)
        return frozenset({self.secret, self.signing_key, password, *keys, *channels} - {""})

    @property
    def conversations_place(self) -> str:
        """Redis address, or path of the SQLite file of Rasa's conversations."""
        return self.storage or str(self.state / "conversations.sqlite")

    @property
    def audit_place(self) -> str:
        """Redis address, or path of the SQLite file of the audit."""
        return self.storage or str(self.state / "audit.sqlite")

    @property
    def storage_place(self) -> str:
        """Redis address, or path of the SQLite file."""
        return self.storage or str(self.state / "front_desk.sqlite")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Reads ASYSTENT_* variables. Raises SettingsError for a value that cannot be used."""
    env = _with_files(os.environ if environment is None else environment)
    state = Path(env.get("ASYSTENT_STATE") or PROJECT / ".state")
    portal = env.get("ASYSTENT_PORTAL_URL") or None
    storage = env.get("ASYSTENT_REDIS_URL") or None
    if storage is not None and not storage.startswith(REDIS):
        raise SettingsError(f"ASYSTENT_REDIS_URL must start with one of {', '.join(REDIS)}")
    return Settings(
        host=env.get("ASYSTENT_HOST") or "127.0.0.1",
        port=_number(env, "ASYSTENT_PORT", 5005),
        sandbox_port=_number(env, "ASYSTENT_SANDBOX_PORT", 5056),
        portal_url=portal,
        portal_issuer=env.get("ASYSTENT_PORTAL_ISSUER") or SANDBOX_ISSUER,
        portal_audience=env.get("ASYSTENT_PORTAL_AUDIENCE") or "assistant",
        state=state,
        storage=storage,
        secret=env.get("ASYSTENT_SECRET") or "",
        content_keys=env.get("ASYSTENT_CONTENT_KEYS") or "",
        allowed_origins=tuple((env.get("ASYSTENT_ALLOWED_ORIGINS") or "").split()),
        channels={name.removeprefix("ASYSTENT_").lower(): env[name] for name in CHANNELS if env.get(name)},
        clamd=env.get("ASYSTENT_CLAMD") or None,
        proxies=_count(env, "ASYSTENT_PROXIES"),
        model=Path(env["ASYSTENT_MODEL"]) if env.get("ASYSTENT_MODEL") else None,
        model_key=env.get("ASYSTENT_MODEL_KEY") or "",
        signing_key=env.get("ASYSTENT_MODEL_SIGNING_KEY") or "",
    )


def _with_files(env: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the content of files that NAME_FILE variables name."""
    read: dict[str, str] = {}
    for name in SECRETS:
        path = env.get(f"{name}_FILE")
        if not path:
            continue
        if env.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set")
        try:
            read[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE: {path} cannot be read ({type(error).__name__})") from None
        if not read[name]:
            raise SettingsError(f"{name}_FILE: {path} is empty")
    return {**env, **read}


def secret_of(settings: Settings) -> bytes:
    """The signing secret: the configured one, else one made once and kept (0600) below `state`.

    Raises SettingsError when several processes would each make their own.
    """
    if settings.secret:
        return settings.secret.encode()
    if settings.storage is not None:
        raise SettingsError("ASYSTENT_SECRET must be set when conversations are kept in Redis")
    path = settings.state / "secret"
    settings.state.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").encode()


def _count(env: Mapping[str, str], name: str) -> int:
    value = env.get(name) or "0"
    if not value.isdigit() or int(value) > 9:
        raise SettingsError(f"{name} must be a small number, not {value!r}")
    return int(value)


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name)
    if not value:
        return default
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise SettingsError(f"{name} must be a port number, not {value!r}")
    return int(value)
