"""Responses sorted by topic become part of the domain."""

from pathlib import Path

import pytest
from rasa.shared.importers.importer import ResponsesSyncImporter, TrainingDataImporter

from bot.nlu.importer import ResponsesError, TopicImporter, keep_replies_out_of_training

DOMAIN = """\
version: "3.1"
intents: [greet]
responses:
  utter_hello:
  - text: "Dzień dobry"
"""
NLU = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - cześć
    - dzień dobry
"""
CONFIG = """\
recipe: default.v1
assistant_id: test
language: pl
importers:
- name: bot.nlu.importer.TopicImporter
"""


def responses(*names: str) -> str:
    lines = [f'  {name}:\n  - text: "{name}"' for name in names]
    return 'version: "3.1"\nresponses:\n' + "\n".join(lines) + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("data/responses", "data/nlu"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (tmp_path / "data/nlu/conversation.yml").write_text(NLU, encoding="utf-8")
    return tmp_path


def importer(project: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )


def add(project: Path, name: str, content: str) -> None:
    (project / "data/responses" / name).write_text(content, encoding="utf-8")


def test_every_topic_is_in_the_domain(project: Path) -> None:
    add(project, "booking.yml", responses("utter_ask_city"))
    add(project, "visits.yml", responses("utter_no_visits", "utter_visits"))
    domain = importer(project).get_domain()
    assert set(domain.responses) == {"utter_hello", "utter_ask_city", "utter_no_visits", "utter_visits"}
    assert {"utter_ask_city", "utter_visits"} <= set(domain.action_names_or_texts)
    assert domain.intents.count("greet") == 1


def test_responses_are_not_taken_for_messages(project: Path) -> None:
    add(project, "booking.yml", responses("utter_ask_city"))
    data = importer(project).get_nlu_data("pl")
    assert len(data.intent_examples) == 2
    assert data.responses == {}


@pytest.mark.parametrize("other", ["utter_hello", "utter_ask_city"])
def test_a_response_defined_twice_is_refused(project: Path, other: str) -> None:
    add(project, "booking.yml", responses("utter_ask_city"))
    add(project, "visits.yml", responses(other))
    with pytest.raises(ResponsesError, match=other):
        importer(project).get_domain()


def test_files_of_responses_hold_nothing_else(project: Path) -> None:
    add(project, "booking.yml", responses("utter_ask_city") + "slots: {}\n")
    with pytest.raises(ResponsesError, match="slots"):
        importer(project).get_domain()


def test_no_domain_stays_no_domain(project: Path) -> None:
    add(project, "booking.yml", responses("utter_ask_city"))
    assert TopicImporter(str(project / "config.yml")).get_domain().is_empty()


def test_a_label_with_a_fact_is_its_intent_with_a_property(project: Path) -> None:
    messages = NLU + "- intent: greet/evening\n  examples: |\n    - dobry wieczór\n"
    (project / "data/nlu/conversation.yml").write_text(messages, encoding="utf-8")
    add(project, "booking.yml", responses("utter_greet/evening"))
    rasa = importer(project)
    facts = {message.get("text"): message.get("fact") for message in rasa.get_nlu_data("pl").intent_examples}
    assert facts == {"cześć": None, "dzień dobry": None, "dobry wieczór": "evening"}
    assert {message.get("intent") for message in rasa.get_nlu_data("pl").intent_examples} == {"greet"}
    domain = rasa.get_domain()
    assert domain.retrieval_intents == []
    assert "utter_greet/evening" in domain.responses


def test_a_button_with_a_fact_is_one_that_rasa_reads(project: Path) -> None:
    button = (
        '    buttons:\n    - {title: "x", payload: /greet/evening}\n    - {title: "y", payload: /greet}\n'
    )
    add(project, "booking.yml", responses("utter_greet") + button)
    buttons = importer(project).get_domain().responses["utter_greet"][0]["buttons"]
    assert [b["payload"] for b in buttons] == ['/greet{"fact": "evening"}', "/greet"]


def test_replies_of_facts_stay_out_of_training(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(project, "booking.yml", responses("utter_greet/evening"))
    kept = ResponsesSyncImporter._get_nlu_data_with_responses
    assert importer(project).get_nlu_data("pl").responses  # what plain Rasa does
    monkeypatch.setattr(ResponsesSyncImporter, "_get_nlu_data_with_responses", staticmethod(kept))
    keep_replies_out_of_training()
    assert importer(project).get_nlu_data("pl").responses == {}


def test_what_is_kept_for_evaluation_trains_nothing(project: Path) -> None:
    kept = project / "data/evaluation"
    kept.mkdir()
    (kept / "messages.yml").write_text(NLU.replace("cześć", "siema"), encoding="utf-8")
    (kept / "task.yml").write_text("about: another format\nrules: [R1]\n", encoding="utf-8")
    rasa = importer(project)
    assert {m.get("text") for m in rasa.get_nlu_data("pl").intent_examples} == {"cześć", "dzień dobry"}
    assert rasa.get_stories().story_steps == []
