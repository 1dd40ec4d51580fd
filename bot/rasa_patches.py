"""What plain Rasa 3.6.21 does at run time that we cannot configure away; each with a test of the stock class.

`apply()` is called once, before an agent is loaded. It refuses another version of Rasa: the patches
would have to be looked at again. None changes an answer; each does the same work with less.
"""

from __future__ import annotations

import copy
import itertools
import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, TypeVar

import rasa
import rasa.core.policies.rule_policy
import rasa.core.processor
from jsonschema import Draft7Validator  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot import rasa_loading

RASA = "3.6.21"
T = TypeVar("T")


class WrongRasaError(RuntimeError):
    """The patches are written for one version of Rasa."""


def apply() -> None:
    """Puts the patches in place. Raises WrongRasaError."""
    if rasa.__version__ != RASA:
        raise WrongRasaError(f"patches are for Rasa {RASA}, this is {rasa.__version__}")
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(_resolve_by_type)
    DialogueStateTracker.copy = _copy_of_tracker
    rasa.core.processor.DaskGraphRunner = StraightGraphRunner
    RulePolicy._prediction_states = _recent_states
    RulePolicy._find_action_from_rules = _find_action_from_rules
    RulePolicy._get_possible_keys = _possible_keys
    rasa_loading.apply()
    for module in (rasa.core.processor, rasa.core.policies.rule_policy):
        module.copy = SimpleNamespace(deepcopy=_for_the_log, copy=copy.copy)


# --- Answers of actions: same schema, same errors; stock checks the constant schema itself at every call.


def _validate_action_result(_action: RemoteAction, result: dict[str, Any]) -> bool:
    _validator().validate(result)
    return True


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


# --- Types of events: stock lists all subclasses of Event for every event that is read.

_OLD_TOPIC = "topic"
"""A type that Rasa ignores."""


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    found = _event_types().get(type_name)
    if found is None:  # a class defined since, or an unknown name
        _event_types.cache_clear()
        found = _event_types().get(type_name)
    if found is not None or type_name == _OLD_TOPIC:
        return found
    if default is not None:
        return default
    raise ValueError(f"Unknown event name '{type_name}'.")


@lru_cache(maxsize=1)
def _event_types() -> Mapping[str, type[Event]]:
    types: dict[str, type[Event]] = {}
    for cls in all_subclasses(Event):
        types.setdefault(cls.type_name, cls)  # the first wins, as in stock
    return types


# --- Copies of a tracker, one for each action: stock builds a new one and replays every event.


def _copy_of_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Independent in what a tracker changes: its list of events, its slots, its active loop."""
    twin = copy.copy(tracker)
    twin.events = copy.copy(tracker.events)
    twin.slots = type(tracker.slots)((name, copy.copy(slot)) for name, slot in tracker.slots.items())
    twin.active_loop = copy.copy(tracker.active_loop)
    twin.model_id = twin.assistant_id = None  # as in stock: the temporary tracker does not mark events
    return twin


# --- The component graph: stock asks dask's scheduler, which plans the same few nodes anew each time.


class StraightGraphRunner(DaskGraphRunner):  # type: ignore[misc]  # Rasa ships no types
    """Runs the nodes one after another in an order worked out once."""

    def run(
        self, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Same results and errors as the stock runner."""
        wanted = tuple(targets or self._graph_schema.target_names)
        results: dict[str, Any] = {}
        order = self._order(wanted)
        for name, value in (inputs or {}).items():
            if isinstance(value, str) and value in order:
                raise GraphRunError(f"Input value '{value}' clashes with a node name.")
            results[name] = (name, value)
        try:
            for name, needs in order.items():
                results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: results[name][1] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Nodes in an order in which each comes after those it needs."""
        orders: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = self.__dict__.setdefault("_orders", {})
        if targets not in orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            order: dict[str, tuple[str, ...]] = {}

            def add(name: str) -> None:
                if name in order or name not in nodes:
                    return
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    add(need)
                order[name] = needs

            for name in nodes:
                add(name)
            orders[targets] = order
        return orders[targets]


# --- Rules: stock builds the states of all turns and tries every rule on them, up to four times a turn.

_stock_find_action = RulePolicy._find_action_from_rules
_stock_possible_keys = RulePolicy._get_possible_keys


def _find_action_from_rules(
    policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> Any:
    """Rules on the words of a message (end-to-end) are looked for only when there are any."""
    if use_text_for_last_user_input and not tracker.active_loop_name and not _rules(policy).on_text:
        return None, None, False
    return _stock_find_action(policy, tracker, domain, use_text_for_last_user_input)


def _recent_states(
    policy: RulePolicy, tracker: DialogueStateTracker, domain: Domain, *args: Any, **options: Any
) -> Any:
    """As many states as the longest rule has; all of them where slots or loops are part of a state."""
    recent = _recent(tracker, domain, _rules(policy).longest)
    if recent is None:
        return Policy._prediction_states(policy, tracker, domain, *args, **options)
    return Policy._prediction_states(policy, recent, domain, *args, **options)[1:]  # the first has no past


def _recent(tracker: DialogueStateTracker, domain: Domain, length: int) -> DialogueStateTracker | None:
    if tracker.active_loop_name or any(slot.has_features() for slot in domain.slots):
        return None
    events = tracker.applied_events()
    actions = 0
    for index in range(len(events) - 2, 0, -1):
        if not isinstance(events[index], ActionExecuted):
            continue
        actions += 1
        if actions > length and isinstance(events[index + 1], UserUttered):
            recent = tracker.init_copy()
            for event in events[index:]:
                recent.update(event)
            return recent
    return None


def _possible_keys(policy: RulePolicy, lookup: Mapping[str, str], states: list[Any]) -> Any:
    """Only rules for the latest intent and action are tried; each exactly as in stock."""
    if states:
        rules = _rules(policy).of(lookup)
        named = itertools.product(*({value, None} for value in _names(states[-1])))
        lookup = {key: lookup[key] for pair in named for key in rules.get(pair, ())}
    return _stock_possible_keys(policy, lookup, states)


def _names(state: Mapping[str, Mapping[str, Any]]) -> tuple[Any, Any]:
    """Intent and previous action of a state."""
    return (state.get("user") or {}).get("intent"), (state.get("prev_action") or {}).get("action_name")


class _Rules:
    """What is true of a policy's rules whatever the conversation."""

    def __init__(self, lookup: Mapping[str, Any]) -> None:
        self._by_names: dict[int, dict[tuple[Any, Any], list[str]]] = {}
        keys = [key for table in lookup.values() if isinstance(table, dict) for key in table]
        read = [states for key in keys if (states := RulePolicy._rule_key_to_state(key))]
        self.longest = max(map(len, read), default=1)
        self.on_text = any(_names(states[-1]) == (None, ACTION_LISTEN_NAME) for states in read)

    def of(self, lookup: Mapping[str, str]) -> dict[tuple[Any, Any], list[str]]:
        found = self._by_names.get(id(lookup))
        if found is None:
            found = self._by_names[id(lookup)] = {}
            for key in lookup:
                found.setdefault(_names(RulePolicy._rule_key_to_state(key)[-1]), []).append(key)
        return found


def _rules(policy: RulePolicy) -> _Rules:
    kept: tuple[Any, _Rules] | None = policy.__dict__.get("_rules_known")
    if kept is None or kept[0] is not policy.lookup:
        kept = policy.__dict__["_rules_known"] = (policy.lookup, _Rules(policy.lookup))
    return kept[1]


# --- Debug lines: stock copies what it would log, deeply, also when nobody reads the log.


def _for_the_log(value: T) -> T:
    return copy.deepcopy(value) if logging.getLogger().isEnabledFor(logging.DEBUG) else value
