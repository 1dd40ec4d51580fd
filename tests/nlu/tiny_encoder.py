"""A sentence encoder of a few bytes: the mean of one vector a piece, written as ONNX by hand."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from bot.nlu.encoder import MODEL, VOCABULARY

_FLOAT, _INT64 = 1, 7
_OPSET, _IR = 13, 8


def write_encoder(folder: Path, vectors: dict[str, Sequence[float]]) -> Path:
    """Writes the folder: `vectors` are the pieces with what each of them means."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / VOCABULARY).write_text("\n".join(vectors), encoding="utf-8")
    (folder / MODEL).write_bytes(_model(list(vectors.values())))
    return folder


def _model(rows: Sequence[Sequence[float]]) -> bytes:
    width = len(rows[0])
    weights = b"".join(struct.pack(f"<{width}f", *row) for row in rows)
    table = _numbers(1, [len(rows), width]) + _number(2, _FLOAT) + _text(8, "table") + _field(9, weights)
    gather = _text(1, "table") + _text(1, "input_ids") + _text(2, "vectors") + _text(4, "Gather")
    graph = _field(1, gather) + _text(2, "tiny") + _field(5, table)
    graph += _field(11, _value("input_ids", _INT64, ["batch", "pieces"]))
    graph += _field(12, _value("vectors", _FLOAT, ["batch", "pieces", "width"]))
    return _number(1, _IR) + _field(7, graph) + _field(8, _number(2, _OPSET))


def _value(name: str, kind: int, axes: Sequence[str]) -> bytes:
    shape = b"".join(_field(1, _text(2, axis)) for axis in axes)
    tensor = _number(1, kind) + _field(2, shape)
    return _text(1, name) + _field(2, _field(1, tensor))


def _varint(number: int) -> bytes:
    found = b""
    while number > 0x7F:
        found += bytes([number & 0x7F | 0x80])
        number >>= 7
    return found + bytes([number])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _numbers(field: int, values: Sequence[int]) -> bytes:
    return b"".join(_number(field, value) for value in values)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _text(field: int, content: str) -> bytes:
    return _field(field, content.encode())
