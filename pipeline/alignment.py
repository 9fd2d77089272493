"""Offsets between a raw text and its mended form.

Why: a mention is found in the mended text but shown on the page, whose boxes belong to the raw text; a table cell is a
view into the raw text but read in the mended one.
Idea: edits cut both texts into the same sequence of pieces. Inside an unchanged piece offsets move one to one; inside a
changed piece every offset maps to the whole piece, so a span never loses a character it depends on.
Limits: edits must be sorted and must not overlap; ``apply`` checks both.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from pipeline.records import Box, Edit, Glyphs, Span


def apply(raw: str, edits: Sequence[Edit]) -> str:
    """Return ``raw`` with ``edits`` made. Raises ``ValueError`` where an edit does not fit the text or its neighbour."""
    pieces: list[str] = []
    done = 0
    for edit in edits:
        if edit.start < done or raw[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit at {edit.start} does not fit: {edit.before!r}")
        pieces += (raw[done : edit.start], edit.after)
        done = edit.end
    pieces.append(raw[done:])
    return "".join(pieces)


def undo(text: str, edits: Sequence[Edit]) -> str:
    """Return the raw text from which ``edits`` made ``text``. Raises ``ValueError`` where they do not fit."""
    pieces: list[str] = []
    done = shift = 0
    for edit in edits:
        start = edit.start + shift
        end = start + len(edit.after)
        if start < done or text[start:end] != edit.after:
            raise ValueError(f"edit at {edit.start} does not fit: {edit.after!r}")
        pieces += (text[done:start], edit.before)
        done = end
        shift += len(edit.after) - len(edit.before)
    pieces.append(text[done:])
    return "".join(pieces)


class Alignment:
    """Maps spans both ways between a raw text and the text its edits give."""

    __slots__ = ("_edits", "_raw_starts", "_text_starts")

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = tuple(edits)
        self._raw_starts = [edit.start for edit in self._edits]
        self._text_starts: list[int] = []
        shift = 0
        for edit in self._edits:
            self._text_starts.append(edit.start + shift)
            shift += len(edit.after) - len(edit.before)

    def to_raw(self, start: int, end: int) -> Span:
        """The raw span a span of the mended text came from, widened over every edit it touches."""
        first = self._move(start, self._text_starts, self._raw_starts, raw_side=False, at_end=False)
        return first, max(first, self._move(end, self._text_starts, self._raw_starts, raw_side=False, at_end=True))

    def to_text(self, start: int, end: int) -> Span:
        """The span of the mended text that a raw span became, widened over every edit it touches."""
        first = self._move(start, self._raw_starts, self._text_starts, raw_side=True, at_end=False)
        return first, max(first, self._move(end, self._raw_starts, self._text_starts, raw_side=True, at_end=True))

    def _move(self, offset: int, here: list[int], there: list[int], *, raw_side: bool, at_end: bool) -> int:
        index = bisect_right(here, offset - 1 if at_end else offset) - 1
        if index < 0:
            return offset
        edit = self._edits[index]
        size_here = len(edit.before if raw_side else edit.after)
        size_there = len(edit.after if raw_side else edit.before)
        inside = offset - here[index]
        if inside < size_here or (at_end and inside == size_here):
            return there[index] + (size_there if at_end else 0)
        return there[index] + size_there + inside - size_here


def box_of(glyphs: Glyphs | None, span: Span) -> Box | None:
    """The smallest box around the glyphs of a raw span, or ``None`` where no glyph drew it."""
    if glyphs is None or span[0] >= span[1]:
        return None
    boxes = glyphs.boxes[span[0] : span[1]]
    if not len(boxes):
        return None
    low, high = np.fmin.reduce(boxes).tolist(), np.fmax.reduce(boxes).tolist()  # NaN marks a code point without a glyph
    return None if math.isnan(low[0]) else (low[0], low[1], high[2], high[3])
