"""How fast the lexicon of names is built and searched: `python -m bench.names`."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.language.lexicon import Lexicon, PersonName, Term, standing_terms

_MATRIX = Path(__file__).parents[1] / "tests" / "language" / "names_matrix.yml"
_KINDS = {"cities": "city", "specialties": "specialty", "exams": "service"}
_FIRST_NAMES = {"men": ("Jan", "Piotr", "Adam", "Tomasz"), "women": ("Anna", "Ewa", "Maria", "Zofia")}
_MESSAGE = (
    "Dzień dobry, chciałabym umówić moją córkę do ginekologa w Łodzi na przyszły wtorek "
    "po szesnastej u doktor Ziemby"
)
_ROUNDS = 2000


def _terms() -> list[Term]:
    terms = standing_terms()
    for group, names in yaml.safe_load(_MATRIX.read_text(encoding="utf-8")).items():
        for name in names:
            if group not in _FIRST_NAMES:
                terms.append(Term(_KINDS[group], name, name))
                continue
            for first in _FIRST_NAMES[group]:
                person = PersonName("dr", first, name, "m" if group == "men" else "f")
                terms.append(Term("doctor", f"{first} {name}", f"{first} {name}", person=person))
    return terms


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    """Print build time (cold and warm) and the distribution of search times."""
    terms = _terms()
    print(f"{len(terms)} terms")
    print(f"build, first:  {_seconds(lambda: Lexicon.build(terms)) * 1e3:7.0f} ms")
    print(f"build, again:  {_seconds(lambda: Lexicon.build(terms)) * 1e3:7.0f} ms")
    lexicon = Lexicon.build(terms)
    print(f"find, first:   {_seconds(lambda: lexicon.find(_MESSAGE)) * 1e3:7.2f} ms")
    times = sorted(_seconds(lambda: lexicon.find(_MESSAGE)) * 1e3 for _ in range(_ROUNDS))
    print(f"find, median:  {statistics.median(times):7.2f} ms   p95 {times[int(_ROUNDS * 0.95)]:.2f} ms")


if __name__ == "__main__":
    main()
