"""A pretrained sentence encoder (ONNX) from a local folder, optional. Knows no Rasa, downloads nothing.

The folder holds `encoder.onnx` and `vocab.txt` (WordPiece, a piece a line). The graph takes `input_ids` and,
if it has them, `attention_mask` and `token_type_ids`. Its first output is a vector a token (averaged here) or
one for the sentence. Needs the package `onnxruntime`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.language.text import words

Vector = npt.NDArray[np.float32]
MODEL, VOCABULARY = "encoder.onnx", "vocab.txt"
_FIRST, _LAST, _UNKNOWN, _INSIDE = "[CLS]", "[SEP]", "[UNK]", "##"
_LONGEST = 128
"""Pieces; what comes after them is not read."""


class EncoderError(RuntimeError):
    """The encoder cannot be used; the text says what is missing."""


class WordPiece:
    """Cuts words into the longest pieces that the vocabulary has."""

    def __init__(self, vocabulary: Mapping[str, int], *, lowercase: bool) -> None:
        missing = {_FIRST, _LAST, _UNKNOWN} - vocabulary.keys()
        if missing:
            raise EncoderError(f"{VOCABULARY} lacks {', '.join(sorted(missing))}")
        self._ids = vocabulary
        self._lowercase = lowercase

    @classmethod
    def load(cls, file: Path, *, lowercase: bool) -> WordPiece:
        """Read a vocabulary. Raises EncoderError."""
        pieces = file.read_text(encoding="utf-8").splitlines()
        return cls({piece: number for number, piece in enumerate(pieces)}, lowercase=lowercase)

    def ids(self, text: str) -> list[int]:
        """Numbers of the pieces, with those of the beginning and the end."""
        found = [self._ids[_FIRST]]
        for word in words(text.lower() if self._lowercase else text):
            found += self._pieces(word.text)
        return [*found[: _LONGEST - 1], self._ids[_LAST]]

    def _pieces(self, word: str) -> Iterator[int]:
        pieces: list[int] = []
        start = 0
        while start < len(word):
            inside = _INSIDE if start else ""
            end = next((e for e in range(len(word), start, -1) if inside + word[start:e] in self._ids), None)
            if end is None:
                yield self._ids[_UNKNOWN]
                return
            pieces.append(self._ids[inside + word[start:end]])
            start = end
        yield from pieces


class SentenceEncoder:
    """Texts to vectors of length one; safe to share between threads."""

    def __init__(self, session: Any, pieces: WordPiece) -> None:
        self._session = session
        self._pieces = pieces
        self._inputs = {item.name for item in session.get_inputs()}
        self.width = len(self.encode("a"))

    @classmethod
    def load(cls, folder: Path, *, lowercase: bool = False) -> SentenceEncoder:
        """Load a folder. Raises EncoderError: a file or `onnxruntime` is missing."""
        for name in (MODEL, VOCABULARY):
            if not (folder / name).is_file():
                raise EncoderError(f"the sentence encoder needs {folder / name}")
        try:
            import onnxruntime  # type: ignore[import-not-found, import-untyped, unused-ignore]
        except ImportError as error:
            raise EncoderError("the sentence encoder needs the package onnxruntime") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one message at a time, many conversations
        session = onnxruntime.InferenceSession(
            str(folder / MODEL), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, WordPiece.load(folder / VOCABULARY, lowercase=lowercase))

    def encode(self, text: str) -> Vector:
        """The vector of one text."""
        ids = np.array([self._pieces.ids(text)], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        known = {name: value for name, value in given.items() if name in self._inputs}
        output = np.asarray(self._session.run(None, known)[0], dtype=np.float32)[0]
        vector = output.mean(axis=0) if output.ndim > 1 else output
        return np.asarray(vector / (float(np.linalg.norm(vector)) or 1.0), dtype=np.float32)


def encoder_fingerprint(folder: Path) -> str:
    """Digest of the encoder's files; empty when they are not there."""
    digest = hashlib.sha256()
    for name in (MODEL, VOCABULARY):
        if not (folder / name).is_file():
            return ""
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
