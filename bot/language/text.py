"""Text as patients write it: cleaning, folding of Polish letters, words with offsets."""

import re
import unicodedata
from typing import NamedTuple

_STROKED = {"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "s", "æ": "a", "œ": "o"}
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "”": '"', "“": '"', "„": '"', "«": '"', "»": '"'}
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_WORD = re.compile(r"[^\W_]+")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


class Word(NamedTuple):
    """A run of letters and digits; offsets are into the text that was split."""

    text: str
    folded: str
    start: int
    end: int


class _FoldTable(dict[int, int]):
    """Maps a code point to one folded code point, filled as letters are met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        lower = char.lower()
        if len(lower) != 1:  # a few capitals lower to two characters: keep the length
            lower = lower[0]
        base = _STROKED.get(lower) or unicodedata.normalize("NFD", lower)[0]
        self[code] = ord(base)
        return self[code]


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Lower-case with Polish letters folded („Łódź” -> „lodz”); same length, so offsets stay valid."""
    return text.translate(_TABLE)


def clean(text: str) -> str:
    """Composed letters, plain quotes and blanks, nothing invisible; line breaks kept, ends stripped."""
    composed = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\u2028", "\n"))
    visible = "".join(
        char if char == "\n" or unicodedata.category(char) not in _INVISIBLE else _blank(char)
        for char in composed.translate(_QUOTES)
    )
    return _LINES.sub("\n", _BLANKS.sub(" ", visible)).strip()


def _blank(char: str) -> str:
    # A tab separates words; a zero-width character hides inside one.
    return " " if char in "\t\v\f\r" else ""


def words(text: str) -> list[Word]:
    """Words of the text in order; „e-wizyta” is two words, „3miasto” one."""
    folded = fold(text)
    return [
        Word(match.group(), folded[match.start() : match.end()], match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def folded_words(text: str) -> list[str]:
    """The words of the text, folded, in order: what lists of words are compared with."""
    return _WORD.findall(fold(text))
