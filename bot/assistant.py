"""The assistant in one process: Rasa's agent with our actions run in place of an action server."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot import rasa_patches
from bot.operations.metrics import METRICS

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


class InProcessActions(EndpointConfig):  # type: ignore[misc]  # Rasa ships no types
    """Rasa's action endpoint without HTTP: the call goes to the SDK's executor.

    It never raises: an action that fails is answered with an apology, and the conversation's state
    stays as it was, because a failed call in Rasa ends the turn in silence.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        super().__init__(url="http://actions.invalid", selective_domain=True)
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Runs the action named in the call; the answer has the shape of an action server's."""
        call = kwargs["json"]
        try:
            with METRICS.stage("action"):
                return await self._executor.run(call) or {"events": [], "responses": []}
        except Exception:
            log.exception("action %s failed", call.get("next_action"))
            METRICS.actions_failed.labels(str(call.get("next_action"))).inc()
            return {"events": [], "responses": [{"response": "utter_internal_error"}]}


def load_agent(
    model: Path,
    actions: Iterable[Action],
    responses: dict[str, list[dict[str, Any]]],
    tracker_store: TrackerStore | None = None,
    lock_store: LockStore | None = None,
) -> Agent:
    """A trained model with its actions. Raises RasaException when the model does not fit this code.

    `responses` are read from the files at start: an edited reply needs a restart, not a training.
    A `tracker_store` is used as it is: Rasa's wrapper would answer a store that is down with an empty
    conversation, and the patient would begin again without being told.
    """
    rasa_patches.apply()
    generator = TemplatedNaturalLanguageGenerator(responses)
    agent = Agent.load(
        model,
        generator=generator,
        tracker_store=tracker_store,
        lock_store=lock_store,
        action_endpoint=InProcessActions(actions),
    )
    generator.responses = responses  # loading a model puts its own there
    if tracker_store is not None:
        agent.tracker_store = agent.processor.tracker_store = tracker_store
    _time_parts(agent)
    return agent


def _time_parts(agent: Agent) -> None:
    """Understanding, and the keeping of a conversation, in the latency by stage."""
    processor = agent.processor
    processor.parse_message = _timed("understanding", processor.parse_message)
    processor.save_tracker = _timed("saving", processor.save_tracker)
    processor.fetch_tracker_and_update_session = _timed("loading", processor.fetch_tracker_and_update_session)


def _timed(stage: str, work: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    @wraps(work)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with METRICS.stage(stage):
            return await work(*args, **kwargs)

    return run
