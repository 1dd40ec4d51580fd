"""The gate for training messages finds what it is there to find."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from check_training import conflicts, growth, near_repeats, read, repeated


def messages(tmp_path: Path, **intents: list[str]) -> list:
    blocks = "".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in intents.items()
    )
    (tmp_path / "x.yml").write_text(f'version: "3.1"\nnlu:\n{blocks}', encoding="utf-8")
    return list(read(tmp_path))


def test_one_sentence_under_two_intents(tmp_path: Path) -> None:
    found = conflicts(messages(tmp_path, a=["Odwołaj wizytę!"], b=["odwolaj wizyte", "inne"]))
    assert found == [("odwolaj wizyte", {"a", "b"})]


def test_the_same_words_twice(tmp_path: Path) -> None:
    assert repeated(messages(tmp_path, a=["Tak.", "tak", "👍", "👌"])) == ["a: tak"]


def test_a_reworded_frame_is_a_near_repeat(tmp_path: Path) -> None:
    texts = [
        "chcę jutro rano umówić się do lekarza okulisty",
        "chcę jutro rano umówić się do lekarza okulisty proszę",
        "zupełnie inna wiadomość o czymś całkiem innym",
    ]
    assert len(near_repeats(messages(tmp_path, a=texts))) == 1


def test_new_words_are_counted_by_the_thousand(tmp_path: Path) -> None:
    texts = [f"słowo{number}" for number in range(1500)]
    assert growth(messages(tmp_path, a=texts)) == [1000, 500]
