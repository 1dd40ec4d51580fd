"""The policy above Rasa's RulePolicy: tasks first, and back to the open question after a digression.

Deterministic, no history: one prediction looks at the latest message and at one slot. Answers
that need no task stay ordinary Rasa rules (`data/stories/*.yml`).
"""

from __future__ import annotations

from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.aftermath import AFTER_ALARM, after_alarm
from bot.dialogue.asides import asides
from bot.dialogue.clarifying import chosen
from bot.dialogue.hearing import ails
from bot.dialogue.requests import takes_apart
from bot.dialogue.routing import Router
from bot.dialogue.state import CONVERSATION_SLOT, Conversation
from bot.dialogue.topic import asked_on
from bot.dialogue.turn import Turn

ANSWER_ACTION = "action_answer"
CLARIFY_ACTION = "action_clarify"
MEDICAL_ACTION = "action_medical_question"
RESUME_ACTION = "action_resume_task"
NEXT_REQUEST = "action_next_request"
PRIORITY = 7  # Rasa's RulePolicy has 6
_LEAVE_OPEN = frozenset({"utter_goodbye", "utter_emergency", "utter_crisis"})
"""Replies after which the open question is not put again at once."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class TaskPolicy(Policy):
    """Predicts `action_<task>` for what belongs to a task, `action_resume_task` after digressions, and
    `action_next_request` for messages that ask for several things."""

    @staticmethod
    def supported_data() -> SupportedData:
        """Nothing is learned from stories; rules are accepted so that Rasa trains without them."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`tasks`: what each task starts with, see routing.Router."""
        return {"priority": PRIORITY, "tasks": {}}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)
        self._tasks = frozenset(config["tasks"])
        self._router = Router(config["tasks"])

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing to train."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TaskPolicy:
        """Nothing was stored: the configuration is all there is."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """One action with certainty, or nothing at all."""
        probabilities = self._default_predictions(domain)
        action = self._next_action(tracker)
        if action is not None:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)

    def _next_action(self, tracker: DialogueStateTracker) -> str | None:
        executed = _actions_since_user(tracker)
        if executed is None or tracker.latest_message is None:
            return None
        conversation = Conversation.from_json(tracker.get_slot(CONVERSATION_SLOT))
        if not executed:
            turn = Turn.from_message(dict(tracker.latest_message.parse_data))
            calmed = after_alarm(turn, conversation)
            if calmed is not None:
                return calmed
            if chosen(turn, conversation, _message_before(tracker)) is not None:
                return CLARIFY_ACTION
            if asides(turn, conversation):
                return ANSWER_ACTION
            if takes_apart(turn, conversation, self._router.starts):
                return NEXT_REQUEST
            asked = asked_on(turn, conversation) is not None
            if asked and conversation.top is not None:
                return ANSWER_ACTION
            task = self._router.task_for(turn, conversation)
            if task is None and asked:
                return ANSWER_ACTION
            if task is None and ails(turn, conversation):
                return MEDICAL_ACTION
            return f"action_{task}" if task else None
        last = executed[-1]
        if last in AFTER_ALARM:
            return str(ACTION_LISTEN_NAME)
        if last == NEXT_REQUEST:  # it failed: it puts the next request in the patient's mouth otherwise
            return str(ACTION_LISTEN_NAME)
        if conversation.due and last not in _LEAVE_OPEN:
            return NEXT_REQUEST
        if last == RESUME_ACTION or last.removeprefix("action_") in self._tasks:
            return str(ACTION_LISTEN_NAME)
        if conversation.top is not None and last not in _LEAVE_OPEN:
            return RESUME_ACTION
        if last in {ANSWER_ACTION, MEDICAL_ACTION}:
            return str(ACTION_LISTEN_NAME)
        return None


def _message_before(tracker: DialogueStateTracker) -> str:
    """Id of the message before the latest one; empty for the first."""
    said = [event for event in tracker.events if isinstance(event, UserUttered)]
    return str(said[-2].message_id or "") if len(said) > 1 else ""


def _actions_since_user(tracker: DialogueStateTracker) -> list[str] | None:
    """Actions since the latest message, oldest first; None when the patient has said nothing yet."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return names[::-1]
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            names.append(event.action_name)
    return None
