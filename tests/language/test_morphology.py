from concurrent.futures import ThreadPoolExecutor

from bot.language.morphology import forms, known, lemmas, readings


def test_lemmas_of_a_form() -> None:
    assert "dermatolog" in lemmas("dermatologa")
    assert lemmas("qwrtpsd") == ()


def test_movable_endings_belong_to_the_verb() -> None:
    assert "chcieć" in lemmas("chciałbym")
    assert known("żebym")
    assert known("zrobiłem")
    assert not known("zrobiłemx")


def test_homonym_marks_are_removed() -> None:
    assert all(":" not in lemma for lemma in lemmas("Kowalskiego"))


def test_forms_have_tags_and_labels() -> None:
    by_text = {form.text: form for form in forms("Nowak")}
    assert by_text["Nowakowi"].tag == "subst:sg:dat:m1"
    assert "nazwisko" in by_text["Nowakowi"].labels


def test_known_ignores_case() -> None:
    assert known("DERMATOLOG")
    assert known("warszawie") is known("Warszawie") is True
    assert not known("dermatolok")


def test_one_dictionary_serves_many_threads() -> None:
    asked = ["dermatologa", "Zięby", "krwi", "wizytę", "umówić"] * 200
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(readings.__wrapped__, asked)) == [readings(word) for word in asked]
