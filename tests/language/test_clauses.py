import pytest

from bot.language.clauses import is_request, split_clauses, split_sentences


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Umów mnie do dermatologa i odwołaj jutrzejszą", ["Umów mnie do dermatologa", "odwołaj jutrzejszą"]),
        ("umów mnie do dermatologa i okulisty", ["umów mnie do dermatologa i okulisty"]),
        (
            "odwołaj wizytę, a potem zapisz mnie do internisty na 15.30",
            ["odwołaj wizytę", "zapisz mnie do internisty na 15.30"],
        ),
        (
            "prosze umowic do kardiologa oraz przeslac wyniki",
            ["prosze umowic do kardiologa", "przeslac wyniki"],
        ),
        (
            "przełóż wizytę na piątek i umów jeszcze córkę do pediatry",
            ["przełóż wizytę na piątek", "umów jeszcze córkę do pediatry"],
        ),
        ("chcę wizytę u ortopedy i u chirurga w piątek", ["chcę wizytę u ortopedy i u chirurga w piątek"]),
        (
            "Dzień dobry, chciałabym umówić się do dr. Nowaka na 15.12. Dziękuję",
            ["Dzień dobry, chciałabym umówić się do dr. Nowaka na 15.12", "Dziękuję"],
        ),
        ("Mam pytanie. Czy mogę odwołać wizytę?", ["Mam pytanie", "Czy mogę odwołać wizytę?"]),
        (
            "czy mogę przyjść jutro i czy muszę być na czczo",
            ["czy mogę przyjść jutro", "czy muszę być na czczo"],
        ),
        ("wizyta o godz. 15 ul. Puławska 3", ["wizyta o godz. 15 ul. Puławska 3"]),
        ("w piątek, a ile to kosztuje?", ["w piątek", "ile to kosztuje?"]),
        (
            "zapisz mnie do hematologa a tę u internisty usuń",
            ["zapisz mnie do hematologa", "tę u internisty usuń"],
        ),
        ("jak się przygotować i o której otwieracie", ["jak się przygotować", "o której otwieracie"]),
        ("przełóż tę wizytę, którą wczoraj umówiłam", ["przełóż tę wizytę, którą wczoraj umówiłam"]),
        ("odwołaj wizytę, na którą nie pójdę", ["odwołaj wizytę, na którą nie pójdę"]),
        ("chcę się dowiedzieć, czy mam coś na jutro", ["chcę się dowiedzieć, czy mam coś na jutro"]),
        ("odwołaj wszystko, co mam na grudzień", ["odwołaj wszystko, co mam na grudzień"]),
        ("odwołaj wizytę, co z moimi wynikami", ["odwołaj wizytę", "co z moimi wynikami"]),
        ("jutro", ["jutro"]),
        ("", []),
        ("...", []),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    found = split_clauses(text)
    assert [clause.text for clause in found] == clauses
    assert all(text[clause.start : clause.end] == clause.text for clause in found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Do dr. n. med. Nowaka.", 1),
        ("Wizyta 15.12. o 17.30.", 1),
        ("Nie chcę. Proszę odwołać!", 2),
        ("pierwsza linia\ndruga linia", 2),
        ("Na ul. Długiej 5. Dziękuję.", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("umów mnie do okulisty", True),
        ("ile to kosztuje", True),
        ("zapłaciłam za usg 220 zł", False),
        ("jutro?", True),
        ("dziękuję bardzo", False),
    ],
)
def test_a_request_is_told_from_a_story(text: str, asked: bool) -> None:
    assert is_request(text) is asked
