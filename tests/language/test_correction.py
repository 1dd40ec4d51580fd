import pytest

from bot.language.correction import Corrector

_VOCABULARY = {
    "umówić": 50,
    "dermatologa": 20,
    "wizytę": 40,
    "proszę": 30,
    "skierowanie": 5,
    "termin": 9,
    "odwołać": 20,
}


@pytest.fixture(scope="module")
def corrector() -> Corrector:
    return Corrector(_VOCABULARY, protected=lambda word: word.lower() == "dermatolga")


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("prosze umowic wizyte", "proszę umówić wizytę"),
        ("PROSZE", "PROSZĘ"),
        ("Skirowanie, trmin!", "Skierowanie, termin!"),
        ("odwoalc", "odwołać"),
        ("zeby", "zeby"),  # „żeby” or „zęby”: both are Polish
        ("zadzwonic", "zadzwonić"),
        ("kotek ma kota", "kotek ma kota"),
        ("dermatolga", "dermatolga"),  # protected
        ("termin15 te mn", "termin15 te mn"),
        ("", ""),
    ],
)
def test_correct(corrector: Corrector, text: str, corrected: str) -> None:
    assert corrector.correct(text).text == corrected


def test_changes_point_into_the_original(corrector: Corrector) -> None:
    text = "o  skirowanie do prosze"
    for change in corrector.correct(text).changes:
        assert text[change.start : change.end] == change.before != change.after


def test_two_candidates_of_one_weight_change_nothing() -> None:
    assert Corrector(["kartotka", "kartotki"]).word("kartotkx") == "kartotkx"


def test_the_far_more_frequent_candidate_wins() -> None:
    assert Corrector({"kartotka": 9, "kartotki": 1}).word("kartotkx") == "kartotka"
