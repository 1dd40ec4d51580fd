"""A stock Rasa project for the same task: FAQ answered by rules, a booking form, an HTTP action server.

Its training messages are the first ones of our own intents, its pipeline is Rasa's default (DIET, TED;
needs TensorFlow in the environment that runs it), or `light`: the same features with Rasa's own
LogisticRegressionClassifier, Memoization and rules, which needs none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bench.machine import PROJECT
from bench.talk import CITIES, FAQ, SPECIALTIES

FAQ_INTENTS = ("ask_attachments", "ask_contact", "create_account", "renew_prescription", "ask_reminders")
OTHER_INTENTS = ("greet", "goodbye", "affirm", "deny", "thanks", "inform")
START = "book_visit"
EXAMPLES = 25
SLOTS = ("specialty", "city", "day", "agreed")

_FEATURES: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_FALLBACK = {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}
PIPELINES: dict[str, dict[str, list[dict[str, Any]]]] = {
    "default": {
        "pipeline": [
            *_FEATURES,
            {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
            _FALLBACK,
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
            {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
        ],
    },
    "light": {
        "pipeline": [
            *_FEATURES,
            {"name": "LogisticRegressionClassifier"},
            {"name": "CRFEntityExtractor"},
            {"name": "EntitySynonymMapper"},
            _FALLBACK,
        ],
        "policies": [{"name": "MemoizationPolicy"}, {"name": "RulePolicy"}],
    },
}
_ACTIONS = """
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.forms import FormValidationAction


class ValidateBookingForm(FormValidationAction):
    def name(self):
        return "validate_booking_form"

    def validate_agreed(self, value, dispatcher, tracker, domain):
        return {"agreed": value}


class ActionBook(Action):
    def name(self):
        return "action_book"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Zapisano.")
        return [SlotSet(slot, None) for slot in ("specialty", "city", "day", "agreed")]
"""


def examples(intent: str, extra: tuple[str, ...] = ()) -> list[str]:
    """Plain messages of one of our intents, at most EXAMPLES."""
    found = list(extra)
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for item in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if str(item.get("intent", "")).partition("/")[0] == intent:
                found += [line[2:] for line in str(item["examples"]).splitlines() if "[" not in line]
    return [text for text in found if text.strip()][:EXAMPLES]


def write(folder: Path, pipeline: str, redis_port: int, action_port: int) -> bool:
    """The project's files. True when there is a model that was trained from the same ones."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = any((folder / "models").glob("*.tar.gz"))
    intents = [*FAQ_INTENTS, *OTHER_INTENTS, START]
    asked = dict(zip(FAQ_INTENTS, FAQ, strict=True))
    known = {
        "affirm": ("tak",),
        "inform": (*SPECIALTIES, *CITIES, "w przyszłym tygodniu"),
        START: ("chcę umówić wizytę",),
    }
    nlu = [
        {
            "intent": intent,
            "examples": "".join(
                f"- {text}\n"
                for text in examples(intent, (asked[intent],) if intent in asked else known.get(intent, ()))
            ),
        }
        for intent in intents
    ]
    plain = [intent for intent in intents if intent != START]
    rules: list[dict[str, Any]] = [
        {"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in plain
    ]
    form = "booking_form"
    rules.append(
        {
            "rule": "start booking",
            "steps": [{"intent": START}, {"action": form}, {"active_loop": form}],
        }
    )
    rules.append(
        {
            "rule": "book",
            "condition": [{"active_loop": form}],
            "steps": [
                {"action": form},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}]},
                {"action": "action_book"},
            ],
        }
    )
    talk = (
        {"intent": "greet"},
        {"action": "utter_greet"},
        {"intent": "goodbye"},
        {"action": "utter_goodbye"},
    )
    story = {"story": "talk", "steps": list(talk)}
    slots = {
        slot: {
            "type": "text",
            "influence_conversation": False,
            "mappings": [
                {"type": "from_text", "conditions": [{"active_loop": form, "requested_slot": slot}]}
            ],
        }
        for slot in SLOTS
    }
    responses = {f"utter_{intent}": [{"text": f"Odpowiedź o {intent}."}] for intent in plain}
    responses |= {f"utter_ask_{slot}": [{"text": f"Proszę podać: {slot}."}] for slot in SLOTS}
    domain = {
        "version": "3.1",
        "intents": intents,
        "slots": slots,
        "responses": responses,
        "forms": {form: {"required_slots": list(SLOTS)}},
        "actions": ["validate_booking_form", "action_book"],
    }
    redis = {"url": "127.0.0.1", "port": redis_port}
    endpoints = {
        "action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"},
        "tracker_store": {"type": "redis", **redis, "db": 0},
        "lock_store": {"type": "redis", **redis, "db": 1},
    }
    config = {"recipe": "default.v1", "assistant_id": "stock", "language": "pl", **PIPELINES[pipeline]}
    for name, content in {
        "config.yml": config,
        "domain.yml": domain,
        "endpoints.yml": endpoints,
        "credentials.yml": {"rest": None},
        "data/nlu.yml": {"version": "3.1", "nlu": nlu},
        "data/rules.yml": {"version": "3.1", "rules": rules},
        "data/stories.yml": {"version": "3.1", "stories": [story]},
    }.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        if name != "endpoints.yml" and not (path.exists() and path.read_text(encoding="utf-8") == text):
            trained = False  # ports are no part of a model
        path.write_text(text, encoding="utf-8")
    (folder / "actions.py").write_text(_ACTIONS, encoding="utf-8")
    return trained
