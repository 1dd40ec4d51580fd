"""Serve the custom actions over HTTP for plain Rasa commands (`rasa shell`, `rasa run`).

A development tool: every sender is one sandbox patient, in a sandbox portal inside this process.
"""

from __future__ import annotations

import argparse
from datetime import datetime

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.actions.reception import PortalReception
from bot.actions.registry import all_actions
from bot.dialogue.texts import Texts
from bot.language.times.model import WARSAW
from bot.portal.clock import PortalClock
from bot.portal.transport import Wire
from bot.rehearsal.stage import Patient
from bot.sandbox import BASE_URL, Sandbox
from bot.settings import PROJECT


def arguments(command: argparse.ArgumentParser) -> None:
    """Options of the command."""
    command.add_argument("--patient", default="full", help="key of the sandbox patient everybody is")
    command.add_argument("--port", type=int, default=5055)


def execute(options: argparse.Namespace) -> int:
    """Serves until interrupted, on the loopback address only."""
    build_app(options.patient).run(host="127.0.0.1", port=options.port, access_log=False)
    return 0


def build_app(patient: str) -> Sanic:
    """`POST /webhook` as Rasa calls it. An error tells Rasa the action's name and nothing of the tracker."""
    sandbox = Sandbox(now=datetime.now(WARSAW), frozen=False)
    wire = Wire(BASE_URL, transport=sandbox.transport(), clock=PortalClock(sandbox.engine.clock.now))

    async def session_of(_: str) -> Patient:
        return Patient(sandbox.token(patient), "web")

    executor = ActionExecutor()
    for action in all_actions(PortalReception(wire, session_of), Texts.load(PROJECT)):
        executor.register_action(action)
    app = Sanic("asystent-actions", configure_logging=False)

    async def webhook(request: Request) -> HTTPResponse:
        try:
            return json(await executor.run(request.json))
        except ActionNotFoundException as error:
            return json({"error": str(error), "action_name": error.action_name}, status=404)

    async def health(_: Request) -> HTTPResponse:
        return json({"status": "ok"})

    app.add_route(webhook, "/webhook", methods=["POST"])
    app.add_route(health, "/health")
    return app
