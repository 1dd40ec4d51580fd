"""What counts as a leak from training into evaluation."""

import json
from pathlib import Path

import pytest

from tools.check_leaks import Kept, Training, kept, main, tokens, trained

_TRAINED = "Zapisz mnie proszę jutro do dobrego dermatologa w Gdańsku"


def _leaks(text: str, trained: str = _TRAINED) -> float | None:
    leak = Training([tokens(trained)]).leak(Kept("file:1", tokens(text)))
    return leak.similarity if leak else None


def test_equal_whatever_the_letters_capitals_and_marks() -> None:
    assert _leaks("zapisz mnie PROSZE, jutro do dobrego dermatologa w gdansku!") == 1.0


def test_one_word_more_of_nine_is_nearly_equal() -> None:
    assert _leaks(f"{_TRAINED} dziękuję") == pytest.approx(0.9)


def test_another_message_about_the_same_is_no_leak() -> None:
    assert _leaks("jutro chcę do dermatologa, Gdańsk, zapisz mnie") is None


def test_same_words_in_another_order_leak_from_five_words_on() -> None:
    assert _leaks("jutro do okulisty w Gdyni", "w Gdyni do okulisty jutro") == 1.0
    assert _leaks("jutro do okulisty", "do okulisty jutro") is None


@pytest.mark.parametrize(("text", "leaks"), [("tak", False), ("no tak", False), ("no tak tak", True)])
def test_one_and_two_words_are_exempt(text: str, leaks: bool) -> None:
    assert (_leaks(text, text) is not None) is leaks


def _folders(tmp_path: Path, text: str) -> tuple[Path, Path]:
    training, evaluation = tmp_path / "nlu", tmp_path / "evaluation"
    training.mkdir()
    (evaluation / "nlu").mkdir(parents=True)
    (training / "booking.yml").write_text(
        f"nlu:\n- intent: book_visit\n  examples: |\n    - {_TRAINED}\n    - umów mnie\n", encoding="utf-8"
    )
    row = json.dumps({"id": "b1", "text": text})
    (evaluation / "nlu" / "booking.jsonl").write_text(f"{row}\n", encoding="utf-8")
    return training, evaluation


def test_reads_both_sides(tmp_path: Path) -> None:
    training, evaluation = _folders(tmp_path, "Dzień dobry!")
    assert list(trained(training)) == [tokens(_TRAINED), ("umow", "mnie")]
    assert list(kept(evaluation)) == [Kept("nlu/booking.jsonl:b1", ("dzien", "dobry"))]


@pytest.mark.parametrize(("text", "code"), [(_TRAINED, 1), ("szukam kogoś od oczu na Woli", 0)])
def test_exit_code_and_no_trained_text_in_the_output(
    text: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    training, evaluation = _folders(tmp_path, text)
    argv = ["check_leaks", "--training", str(training), "--evaluation", str(evaluation)]
    monkeypatch.setattr("sys.argv", argv)
    assert main() == code
    shown = capsys.readouterr().out
    assert ("nlu/booking.jsonl:b1: equal" in shown) is bool(code)
    assert "dermatologa" not in shown


def test_an_empty_side_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["x", "--training", str(tmp_path), "--evaluation", str(tmp_path)])
    assert main() == 2


def test_a_line_without_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "b1"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.jsonl:b1"):
        list(kept(tmp_path))
