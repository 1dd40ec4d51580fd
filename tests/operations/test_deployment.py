"""The files of `deploy/` agree with the code: settings, ports, paths, routes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.web import ROUTES
from bot.settings import PROJECT, from_environment
from bot.storage.redis_client import check_address

DEPLOY = PROJECT / "deploy"
CHART = DEPLOY / "helm" / "asystent"
SETTING = re.compile(r"\bASYSTENT_[A-Z_]+\b")
LOCATION = re.compile(r"^location (=|~)? ?(\S+) \{", re.MULTILINE)


def texts() -> list[Path]:
    return sorted(path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc")


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_only_settings_that_exist_are_named(path: Path) -> None:
    known = set(SETTING.findall((PROJECT / "bot" / "settings.py").read_text("utf-8")))
    assert set(SETTING.findall(path.read_text("utf-8"))) <= known


def test_compose_gives_settings_that_can_be_used() -> None:
    values = {"REDIS_PASSWORD": "pw", "ASYSTENT_SECRET": "s", "ASYSTENT_CONTENT_KEYS": "k"}
    environment = {
        name: re.sub(r"\$\{(\w+):?[?-]?[^}]*\}", lambda found: values.get(found[1], ""), value)
        for name, value in compose()["services"]["assistant"]["environment"].items()
    }
    settings = from_environment(environment)
    assert settings.storage is not None
    check_address(settings.storage)
    assert settings.proxies == 1


def test_every_part_is_locked_down_and_only_the_proxy_is_reached() -> None:
    for name, service in compose()["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert bool(service.get("ports")) == (name == "proxy"), name


def test_the_image_runs_what_the_readme_says() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    for path in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE):
        for source in path.split():
            assert (PROJECT / source).exists(), source
    assert "USER 10001" in text


@pytest.mark.parametrize("path", sorted({path for _, path, _ in ROUTES.values()}))
def test_the_proxy_knows_every_route_of_the_chat(path: str) -> None:
    called = re.sub(r"<\w+:str>", "c-1", path)
    locations = LOCATION.findall((DEPLOY / "nginx" / "routes.conf").read_text("utf-8"))
    for kind, place in locations:
        if kind == "~" and re.search(place, called):
            return
        if kind != "~" and place != "/" and (called == place if kind == "=" else called.startswith(place)):
            return
    raise AssertionError(f"{called} would be answered 404")


@pytest.mark.parametrize("path", ["/health/ready", "/metrics", "/demo/token", "/webhooks/rest/webhook"])
def test_the_proxy_hides_the_rest(path: str) -> None:
    locations = LOCATION.findall((DEPLOY / "nginx" / "routes.conf").read_text("utf-8"))
    matching = [
        place
        for kind, place in locations
        if (re.search(place, path) if kind == "~" else path.startswith(place))
    ]
    assert matching == ["/"]


def test_the_chart_uses_only_values_that_there_are() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    used = {
        name
        for template in (CHART / "templates").iterdir()
        for name in re.findall(r"\.Values\.([\w.]+)", template.read_text("utf-8"))
    }
    assert used
    for name in used:
        place = values
        for part in name.split("."):
            assert part in place, name
            place = place[part]


def test_the_chart_probes_the_paths_that_there_are() -> None:
    text = (CHART / "templates" / "assistant.yaml").read_text("utf-8")
    health = (PROJECT / "bot" / "operations" / "health.py").read_text("utf-8")
    for path in re.findall(r"httpGet: \{path: (\S+),", text):
        assert f'"{path}"' in health
