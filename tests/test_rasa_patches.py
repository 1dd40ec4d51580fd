"""The patches do what the stock class does, without its cost."""

from __future__ import annotations

import copy
import logging
import random
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
import rasa
import rasa.core.processor
import rasa.shared.utils.io
from jsonschema import ValidationError
from rasa.core.actions import action as rasa_action
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import (
    ExecutionContext,
    GraphComponent,
    GraphModelConfiguration,
    GraphSchema,
    SchemaNode,
)
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.data import TrainingType
from rasa.shared.utils.common import all_subclasses

from bot import rasa_loading, rasa_patches

STOCK_COPY: FunctionType = DialogueStateTracker.__dict__["copy"]

DOMAIN_NODE = Resource("domain_provider")
DOMAIN_WITH_RESPONSES = """
version: "3.1"
intents: [greet, {deny: {use_entities: []}}]
entities: [city]
slots:
  town: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: city}]}
responses:
  utter_hello:
  - text: "Dzień dobry: nie o 15:30"
    buttons: [{title: "Tak", payload: /affirm}]
actions: [action_x]
session_config: {session_expiration_time: 30, carry_over_slots_to_new_session: true}
"""

GOOD = {"events": [{"event": "slot", "name": "x", "value": 1}], "responses": [{"text": "a"}]}
BAD = [
    {"events": [], "responses": {}},
    {"events": {}, "responses": []},
    {"events": [{"name": "x"}], "responses": []},
]


@pytest.fixture
def remote() -> rasa_action.RemoteAction:
    rasa_patches.apply()
    return rasa_action.RemoteAction("action_x", None)


def test_good_answers_pass(remote: rasa_action.RemoteAction) -> None:
    assert remote._validate_action_result(GOOD)


@pytest.mark.parametrize("answer", BAD)
def test_bad_answers_are_refused(remote: rasa_action.RemoteAction, answer: dict) -> None:
    with pytest.raises(ValidationError):
        remote._validate_action_result(answer)


def test_the_schema_is_checked_once_and_not_with_every_answer(
    remote: rasa_action.RemoteAction, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[object] = []
    original = rasa_patches.Draft7Validator.check_schema

    def counted(schema: object, *args: object, **kwargs: object) -> None:
        checks.append(schema)
        original(schema, *args, **kwargs)

    monkeypatch.setattr(rasa_patches.Draft7Validator, "check_schema", counted)
    rasa_patches._validator.cache_clear()
    for _ in range(20):
        remote._validate_action_result(GOOD)
    assert len(checks) == 1


def test_another_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    with pytest.raises(rasa_patches.WrongRasaError):
        rasa_patches.apply()


# --- events


def test_types_of_events_are_those_of_stock_rasa_and_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rasa_patches.apply()
    for cls in all_subclasses(Event):
        assert Event.resolve_by_type(cls.type_name) is next(
            other for other in all_subclasses(Event) if other.type_name == cls.type_name
        )
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("unknown", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("unknown")

    listed: list[object] = []
    monkeypatch.setattr(rasa_patches, "all_subclasses", lambda cls: listed.append(cls) or all_subclasses(cls))
    rasa_patches._event_types.cache_clear()
    for _ in range(50):
        Event.from_parameters({"event": "slot", "name": "a", "value": 1})
    assert len(listed) == 1


# --- copies of a tracker


def said(number: int, intent: str = "greet") -> list[Event]:
    return [
        UserUttered(f"wiadomość {number}", {"name": intent, "confidence": 0.9}),
        SlotSet("conversation", {"turns": number}),
        ActionExecuted("action_clarify"),
        BotUttered(f"odpowiedź {number}"),
        ActionExecuted("action_listen"),
    ]


SMALL = Domain.from_dict(
    {
        "slots": {
            "conversation": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
        }
    }
)


def tracker_of(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("a", SMALL.slots)
    tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], SMALL)
    tracker.update(ActionExecuted("action_listen"))
    for number in range(turns):
        tracker.update_with_events(said(number), SMALL)
    return tracker


def test_a_copy_is_equal_to_stock_and_independent(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = tracker_of(6)
    tracker.model_id = "m"
    stock, ours = STOCK_COPY(tracker), rasa_patches._copy_of_tracker(tracker)
    assert ours == stock
    assert ours.current_state() == stock.current_state()
    ours.update_with_events([*said(9), SlotSet("conversation", "x")], SMALL)
    ours.change_loop_to("loop")
    assert tracker.get_slot("conversation") == {"turns": 5}
    assert tracker.active_loop is None
    assert len(tracker.events) == len(stock.events)

    replayed: list[Event] = []
    monkeypatch.setattr(SlotSet, "apply_to", lambda event, _tracker: replayed.append(event))
    STOCK_COPY(tracker)
    assert len(replayed) == 6  # stock: every one there ever was
    rasa_patches._copy_of_tracker(tracker)
    assert len(replayed) == 6


# --- the component graph


class Adds(GraphComponent):
    """A graph component."""

    @classmethod
    def create(cls, *_: Any, **__: Any) -> Adds:
        return cls()

    def add(self, left: int, right: int) -> int:
        return left + right

    def fail(self, left: int) -> int:
        raise RuntimeError("broken")


def graph(runner: type[DaskGraphRunner]) -> DaskGraphRunner:
    def node(fn: str, **needs: str) -> SchemaNode:
        return SchemaNode(needs=needs, uses=Adds, fn=fn, constructor_name="create", config={}, eager=True)

    schema = GraphSchema(
        {
            "last": node("add", left="middle", right="first"),
            "middle": node("add", left="first", right="__in__"),
            "first": node("add", left="__in__", right="__in__"),
            "broken": node("fail", left="first"),
        }
    )
    return runner(schema, None, ExecutionContext(schema))


@pytest.mark.parametrize("runner", [DaskGraphRunner, rasa_patches.StraightGraphRunner])
def test_the_graph_gives_what_dask_gives(runner: type[DaskGraphRunner]) -> None:
    made = graph(runner)
    for number in (1, 7):
        assert made.run({"__in__": number}, ["last"]) == {"last": number * 5}
    assert made.run({"__in__": 1}, ["middle", "first"]) == {"middle": 3, "first": 2}
    with pytest.raises(GraphRunError):
        made.run({"__in__": "first"}, ["last"])
    with pytest.raises(Exception, match="broken"):
        made.run({"__in__": 1}, ["broken"])


def test_the_graph_is_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[object] = []
    original = GraphSchema.minimal_graph_schema
    monkeypatch.setattr(
        GraphSchema, "minimal_graph_schema", lambda *a, **k: planned.append(a) or original(*a, **k)
    )
    for runner, times in ((DaskGraphRunner, 10), (rasa_patches.StraightGraphRunner, 1)):
        made = graph(runner)
        planned.clear()
        for _ in range(10):
            made.run({"__in__": 1}, ["last"])
        assert len(planned) == times


# --- debug lines


def test_what_nobody_logs_is_not_copied() -> None:
    rasa_patches.apply()
    value = {"a": [1]}
    assert rasa.core.processor.copy.deepcopy(value) is value
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        assert rasa.core.processor.copy.deepcopy(value) is not value
    finally:
        logging.getLogger().setLevel(logging.WARNING)


# --- rules: the trained model's own


@pytest.fixture
def rules(stage: Any) -> RulePolicy:
    nodes = stage._agent.processor.graph_runner._instantiated_nodes
    return next(node._component for node in nodes.values() if isinstance(node._component, RulePolicy))


@pytest.fixture
def stock_rules() -> Iterator[None]:
    """Rasa's own methods, as long as the test asks for them."""
    names = ("_prediction_states", "_find_action_from_rules", "_get_possible_keys")
    patched = {name: RulePolicy.__dict__[name] for name in names}
    RulePolicy._prediction_states = Policy._prediction_states
    RulePolicy._find_action_from_rules = rasa_patches._stock_find_action
    RulePolicy._get_possible_keys = rasa_patches._stock_possible_keys
    yield
    for name, method in patched.items():
        setattr(RulePolicy, name, method)


def conversations(domain: Domain) -> Iterator[DialogueStateTracker]:
    """Random talks that stop at every step a policy is asked at."""
    rng = random.Random(7)
    actions = [name for name in domain.action_names_or_texts if name.startswith(("utter_", "action_"))]
    for _ in range(12):
        tracker = DialogueStateTracker("a", domain.slots)
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], domain)
        tracker.update(ActionExecuted("action_listen"))
        for turn in range(rng.randrange(1, 14)):
            intent = rng.choice(domain.intents)
            tracker.update(UserUttered("a", {"name": intent, "confidence": 0.9}, []))
            yield tracker
            for name in rng.sample(actions, rng.randrange(1, 3)):
                tracker.update(ActionExecuted(name))
                tracker.update(SlotSet("conversation", {"turns": turn}))
                yield tracker
            tracker.update(ActionExecuted("action_listen"))


def predicted(policy: RulePolicy, domain: Domain) -> list[tuple[list[float], bool]]:
    found = []
    for tracker in conversations(domain):
        prediction = policy.predict_action_probabilities(tracker, domain)
        found.append((list(prediction.probabilities), prediction.hide_rule_turn))
    return found


def test_rules_predict_what_stock_predicts(
    stage: Any, rules: RulePolicy, request: pytest.FixtureRequest
) -> None:
    ours = predicted(rules, stage._agent.domain)
    request.getfixturevalue("stock_rules")
    assert predicted(rules, stage._agent.domain) == ours
    assert sum(max(probabilities) == 1.0 for probabilities, _ in ours) > 20


def test_rules_cost_no_more_in_a_long_conversation(stage: Any, rules: RulePolicy) -> None:
    domain = stage._agent.domain

    def states(turns: int) -> tuple[int, int]:
        tracker = DialogueStateTracker("a", domain.slots)
        for number in range(turns):
            tracker.update_with_events(said(number), domain)
        tracker.update(UserUttered("a", {"name": "greet", "confidence": 0.9}, []))
        return (
            len(rules._prediction_states(tracker, domain)),
            len(Policy._prediction_states(rules, tracker, domain)),
        )

    (ours_short, stock_short), (ours_long, stock_long) = states(10), states(200)
    assert ours_long == ours_short
    assert stock_long > 15 * stock_short


def test_nothing_of_copy_is_lost_for_the_patched_modules() -> None:
    rasa_patches.apply()
    assert rasa.core.processor.copy.copy is copy.copy


def test_a_model_has_the_domain_of_its_metadata_without_reading_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa_patches.apply()
    domain = Domain.from_yaml(DOMAIN_WITH_RESPONSES)
    archive = _packed(tmp_path, domain)
    storage, _ = LocalModelStorage.from_model_archive(_folder(tmp_path / "patched"), archive)
    with monkeypatch.context() as patch:
        patch.setattr(rasa.shared.utils.io, "read_yaml", None)
        loaded = DomainProvider.load({}, storage, DOMAIN_NODE, None).provide_inference()
    stock_storage, _ = LocalModelStorage.from_model_archive(_folder(tmp_path / "stock"), archive)
    stock = rasa_loading._stock_load_domain(DomainProvider, {}, stock_storage, DOMAIN_NODE, None)
    assert loaded.as_dict() == stock.provide_inference().as_dict() == domain.as_dict()


def test_a_domain_that_is_not_out_of_an_archive_is_read_as_in_stock(tmp_path: Path) -> None:
    rasa_patches.apply()
    storage = LocalModelStorage(tmp_path)
    domain = Domain.from_yaml(DOMAIN_WITH_RESPONSES)
    DomainProvider(storage, DOMAIN_NODE)._persist(domain)
    loaded = DomainProvider.load({}, storage, DOMAIN_NODE, None).provide_inference()
    assert loaded.as_dict() == domain.as_dict()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _packed(folder: Path, domain: Domain) -> Path:
    """A model archive with nothing but a domain."""
    storage = LocalModelStorage(_folder(folder / "components"))
    DomainProvider(storage, DOMAIN_NODE)._persist(domain)
    schema = GraphSchema({})
    configuration = GraphModelConfiguration(schema, schema, TrainingType.BOTH, None, "pl", None, "nlu")
    storage.create_model_package(folder / "model.tar.gz", configuration, domain)
    return folder / "model.tar.gz"
