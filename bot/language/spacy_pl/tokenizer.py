"""spaCy's Polish tokeniser with the habits of appointment messages."""

import re
from typing import Any

from spacy.language import Language

from bot.language.data import load

# Times („15:30”, „17.30”), dates („15.12”, „15.12.2026”, „15/12”), telephone numbers, „e-wizyta”, „w-wa”.
_WHOLE = re.compile(
    r"(?:\d{1,2}[.:/]\d{1,2}(?:[./](?:\d{4}|\d{2}))?|\+?\d{2,3}(?:-\d{2,3}){2,3}|[eE]-\w+|[wW]-w[aąieęy]+)\Z"
)


def customise(nlp: Language) -> None:
    """Teach the tokeniser of a pipeline: „dr”, „ul.”, „pon.” keep their full stop, times stay whole."""
    tokenizer: Any = nlp.tokenizer
    for abbreviation in load("tagging")["abbreviations"]:
        for spelling in {abbreviation, abbreviation.capitalize()}:
            tokenizer.add_special_case(f"{spelling}.", [{"ORTH": f"{spelling}."}])
    tokenizer.token_match = _WHOLE.match
