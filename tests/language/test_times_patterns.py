"""The pattern language: what a pattern can start with decides when its rule is tried at all."""

import pytest

from bot.language.times.patterns import code, compile_pattern, first_codes


@pytest.mark.parametrize(
    ("pattern", "starts"),
    [
        ("after num", {"after"}),
        ("at? num", {"at", "num"}),
        ("(?:at|in)? (num|ord_f) part", {"at", "in", "num", "ord_f"}),
        ("(?:at){0,6} (?:in)? num", {"at", "in", "num"}),
        ("()num", {"num"}),
        ("(?<=after) num", {"num"}),
        ("num (?=at|in)", {"num"}),
        ("(?:at num|in (?:part|num))", {"at", "in"}),
        ("((?:in|onto)?) wday", {"in", "onto", "wday"}),
        ("(?!at) (?:in|num)", {"in", "num"}),
    ],
)
def test_first_categories(pattern: str, starts: set[str]) -> None:
    assert first_codes(compile_pattern(pattern).pattern) == {code(name) for name in starts}


def test_names_are_whole_categories() -> None:
    compiled = compile_pattern("month_short|month")
    assert compiled.fullmatch(code("month"))
    assert compiled.fullmatch(code("month_short"))
    assert not compiled.fullmatch(code("wday"))
