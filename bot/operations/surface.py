"""The exact list of what the patient port serves.

Written down a second time on purpose: a library that mounts a route of its own, or a route added without a
thought for who can reach it, stops the start and not the night's sleep.
"""

from __future__ import annotations

from collections.abc import Iterator

from sanic import Sanic

Route = tuple[str, str]
"""Method and path, parameters as `<name:type>`."""

_CONVERSATION = "/api/v1/conversations/<conversation:str>"
_CHAT = frozenset(
    {
        ("POST", "/api/v1/conversations"),
        ("POST", f"{_CONVERSATION}/messages"),
        ("GET", f"{_CONVERSATION}/messages"),
        ("GET", f"{_CONVERSATION}/events"),
        ("DELETE", f"{_CONVERSATION}/session"),
        ("GET", f"{_CONVERSATION}/attachments"),
        ("POST", f"{_CONVERSATION}/attachments"),
        ("GET", f"{_CONVERSATION}/files/<seq:str>"),
        ("POST", f"{_CONVERSATION}/read"),
        ("POST", "/api/v1/devices"),
        ("DELETE", "/api/v1/devices/<device:str>"),
        ("POST", "/api/v1/links"),
        ("GET", "/api/v1/links/<link:str>"),
        ("DELETE", "/api/v1/links/<link:str>"),
    }
)
ALLOWED: frozenset[Route] = (
    _CHAT
    | {("OPTIONS", path) for _, path in _CHAT}
    | {
        ("GET", "/webhooks/<channel:str>"),
        ("POST", "/webhooks/<channel:str>"),
        ("POST", "/portal/events"),
        ("POST", "/handoff/<name:str>"),
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
    }
)
DEMO: frozenset[Route] = frozenset(
    {
        ("GET", "/"),
        ("GET", "/demo/strona.css"),
        ("GET", "/demo/strona.js"),
        ("GET", "/widget/asystent.js"),
        ("GET", "/demo/patients"),
        ("POST", "/demo/token"),
    }
)
"""Only beside the sandbox portal."""


class SurfaceError(RuntimeError):
    """The application would serve something that is not on the list."""


def routes_of(app: Sanic) -> Iterator[Route]:
    """Every method and path the application answers, whoever mounted it."""
    for route in app.router.routes:
        for method in route.methods:
            yield str(method), f"/{str(route.path).lstrip('/')}"


def keep_to_the_list(app: Sanic, *, demo: bool) -> None:
    """Raises SurfaceError for a route too many. Call it when everything is mounted."""
    extra = set(routes_of(app)) - ALLOWED - (DEMO if demo else set())
    if extra:
        named = ", ".join(f"{method} {path}" for method, path in sorted(extra))
        raise SurfaceError(f"not on the list of routes (bot/operations/surface.py): {named}")
