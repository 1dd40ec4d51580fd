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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jsst", "jest"),  # beside the key
        ("jets", "jest"),  # swapped
        ("chc", "chcę"),  # lost
        ("chcęę", "chcę"),  # doubled
        ("skeirowanje", "skierowanie"),  # two slips in a long word
    ],
)
def test_a_slip_in_a_common_short_word_is_mended(typed: str, meant: str) -> None:
    assert Corrector({"jest": 90, "chcę": 80, "skierowanie": 9}).word(typed) == meant


def test_a_rare_short_word_is_not_guessed() -> None:
    assert Corrector({"kura": 2}).word("kuta") == "kuta"
    assert Corrector({"kefir": 2}).word("kefr") == "kefr"


def test_the_usual_slip_wins_over_an_unusual_one() -> None:
    assert Corrector({"wynik": 5, "wynit": 9}).word("wynil") == "wynik"  # k is beside l


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wizytejutro", "wizytę jutro"),
        ("zwrotkosztow", "zwrot kosztów"),
        ("terminna", "termin na"),
        ("xyzjutro", "xyzjutro"),
    ],
)
def test_two_words_run_together_are_parted(typed: str, meant: str) -> None:
    vocabulary = {"wizytę": 40, "jutro": 30, "zwrot": 9, "kosztów": 9, "termin": 20, "na": 500}
    assert Corrector(vocabulary).word(typed) == meant


def test_forms_that_nobody_used_are_known_too_but_used_words_come_first() -> None:
    forms = {"zapisany", "zapisanych", "odejdzie"}
    corrector = Corrector({"zapisany": 9}, forms=lambda words: [word for word in words if word in forms])
    assert corrector.word("zapisanyvh") == "zapisanych"
    assert corrector.word("odejzdie") == "odejdzie"
    assert corrector.word("zapisanyy") == "zapisany"
