"""When a model is trained, and what a failed training leaves behind."""

from pathlib import Path

import pytest

from bot.nlu import training
from bot.nlu.code import files_fingerprint
from bot.nlu.training import MODEL, TrainingError, is_current, train

FILES = {
    "config.yml": "language: pl\n",
    "domain.yml": 'version: "3.1"\n',
    "data/nlu/booking.yml": "nlu: []\n",
    "data/responses/booking.yml": "responses: {}\n",
    "data/stories/booking.yml": "rules: []\n",
    "bot/nlu/features.py": "ORDER = 1\n",
    "bot/language/data/words.yml": "wizyta: []\n",
    "bot/dialogue/policy.py": "PRIORITY = 7\n",
}


class FakeRasa:
    """Writes a model and counts how often."""

    def __init__(self) -> None:
        self.runs = 0
        self.fails = False
        self.again: list[bool] = []

    def __call__(self, folder: Path, project: Path, again: bool) -> Path:
        self.runs += 1
        self.again.append(again)
        if self.fails:
            raise TrainingError("contradicting rules")
        model = folder / MODEL.name
        model.write_text(f"model {self.runs}", encoding="utf-8")
        return model


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch) -> FakeRasa:
    fake = FakeRasa()
    monkeypatch.setattr(training, "_train_into", fake)
    return fake


def test_nothing_changed_nothing_trained(project: Path, rasa: FakeRasa) -> None:
    said: list[str] = []
    assert train(project=project, say=said.append) == project / MODEL
    assert train(project=project, say=said.append) == project / MODEL
    assert rasa.runs == 1
    assert said[-1] == "model: up to date"


@pytest.mark.parametrize("name", FILES)
def test_any_change_trains_again(project: Path, rasa: FakeRasa, name: str) -> None:
    train(project=project, say=lambda line: None)
    with (project / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not is_current(project)
    train(project=project, say=lambda line: None)
    assert rasa.runs == 2
    assert (project / MODEL).read_text(encoding="utf-8") == "model 2"


@pytest.mark.parametrize(
    ("name", "everything"), [("data/nlu/booking.yml", True), ("data/responses/booking.yml", False)]
)
def test_understanding_is_learned_again_only_when_it_must(
    project: Path, rasa: FakeRasa, name: str, everything: bool
) -> None:
    train(project=project, say=lambda line: None)
    (project / name).write_text("changed: true\n", encoding="utf-8")
    train(project=project, say=lambda line: None)
    assert rasa.again == [True, everything]


def test_a_new_topic_trains_again(project: Path, rasa: FakeRasa) -> None:
    train(project=project, say=lambda line: None)
    (project / "data/nlu/visits.yml").write_text("nlu: []\n", encoding="utf-8")
    assert not is_current(project)


def test_other_files_do_not(project: Path, rasa: FakeRasa) -> None:
    train(project=project, say=lambda line: None)
    (project / "data/evaluation.jsonl").write_text("{}\n", encoding="utf-8")
    (project / "bot/nlu/features.pyc").write_bytes(b"1")
    assert is_current(project)


def test_force_always_trains(project: Path, rasa: FakeRasa) -> None:
    for _ in range(2):
        train(True, project=project, say=lambda line: None)
    assert rasa.runs == 2


def test_a_failed_training_keeps_the_old_model(project: Path, rasa: FakeRasa) -> None:
    train(project=project, say=lambda line: None)
    (project / "config.yml").write_text("language: de\n", encoding="utf-8")
    rasa.fails = True
    with pytest.raises(TrainingError):
        train(project=project, say=lambda line: None)
    assert (project / MODEL).read_text(encoding="utf-8") == "model 1"
    assert not is_current(project)
    assert sorted(path.name for path in (project / "models").iterdir()) == [
        "assistant.fingerprint.json",
        "assistant.tar.gz",
    ]


def test_a_lost_model_is_made_again(project: Path, rasa: FakeRasa) -> None:
    train(project=project, say=lambda line: None)
    (project / MODEL).unlink()
    train(project=project, say=lambda line: None)
    assert rasa.runs == 2


def test_rasa_explains_what_is_wrong(project: Path) -> None:
    (project / "config.yml").write_text(
        "recipe: default.v1\nlanguage: pl\npipeline: [{name: Nobody}]\n", "utf-8"
    )
    messages = "- intent: {name}\n  examples: |\n    - {name} one\n    - {name} two\n"
    nlu = "".join(messages.format(name=name) for name in ("affirm", "deny"))
    (project / "data/nlu/booking.yml").write_text(f'version: "3.1"\nnlu:\n{nlu}', "utf-8")
    with pytest.raises(TrainingError, match="Nobody"):
        train(project=project, say=lambda line: None)


def test_fingerprints_see_names_and_contents(tmp_path: Path) -> None:
    one, two = tmp_path / "a.yml", tmp_path / "b.yml"
    one.write_text("x", encoding="utf-8")
    two.write_text("x", encoding="utf-8")
    assert files_fingerprint([one], tmp_path) != files_fingerprint([two], tmp_path)
    assert files_fingerprint([one, two], tmp_path) == files_fingerprint([two, one], tmp_path)
