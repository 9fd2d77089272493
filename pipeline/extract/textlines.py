"""The lines of a composed text with their places on the page.

Why: a table without rules shows only in how the pieces of its lines stand under one another.
Idea: a line of the raw text is cut at its tabs (gaps wider than a word's) and every piece gets the box of its glyphs.
Limits: text that no glyph drew has no place, and is left out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.glyphs import FloatArray
from pipeline.records import Box

_NEAR = 3  # lines: as many without a second piece end a table


class Piece(NamedTuple):
    """A stretch of a line between two tabs; ``box`` in points."""

    start: int
    end: int
    box: Box


class TextLine(NamedTuple):
    """One line of a text: its pieces from left to right, and its middle height."""

    pieces: tuple[Piece, ...]
    y: float
    height: float

    @property
    def start(self) -> int:
        """Where the line begins in the text."""
        return self.pieces[0].start


def text_lines(text: str, boxes: FloatArray, kept: NDArray[np.bool_]) -> list[TextLine]:
    """The lines of ``text`` near a line of several pieces, in the order of the text, where all of them is ``kept``."""
    spans: list[tuple[int, int]] = []
    start, whole = 0, bool(kept.all())
    for line in text.split("\n"):
        if line and (whole or kept[start : start + len(line)].all()):
            spans.append((start, start + len(line)))
        start += len(line) + 1
    several = [number for number, span in enumerate(spans) if text.find("\t", *span) >= 0]
    near = sorted({number + step for number in several for step in range(-_NEAR, _NEAR + 1)})
    lines: list[TextLine] = []
    for start, end in (spans[number] for number in near if 0 <= number < len(spans)):
        pieces = _pieces(text[start:end], start, boxes)
        if pieces:
            top = sorted(piece.box[1] for piece in pieces)[len(pieces) // 2]
            bottom = sorted(piece.box[3] for piece in pieces)[len(pieces) // 2]
            lines.append(TextLine(tuple(pieces), (top + bottom) / 2, bottom - top))
    return lines


def _pieces(line: str, start: int, boxes: FloatArray) -> list[Piece]:
    pieces = []
    for piece in line.split("\t"):
        end = start + len(piece)
        if piece.strip():
            left, top, _, _ = np.fmin.reduce(boxes[start:end]).tolist()  # what no glyph drew is not a number
            _, _, right, bottom = np.fmax.reduce(boxes[start:end]).tolist()
            if left == left:
                pieces.append(Piece(start, end, (left, top, right, bottom)))
        start = end + 1
    return pieces
