"""Footnotes at the foot of a column, read after the text of their page.

Why: in two columns, a note at the foot of the first stands between two halves of a sentence.
Idea: a note's first line begins with its mark, in type smaller than the page's, in the lower half of the page, below a
gap; from there to the column's foot all is note. Where more text follows at the head of another column, the notes are
put behind it, before what stands lower still (the page's foot).
Limits: a note in type as large as the text stays in its column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.extract.glyphs import PageGlyphs
from pipeline.extract.lines import Line

Placed = tuple[Line, bool]

_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†]{1,3})[\])]?[.:]?\s?[^\W\d_]")
_SMALLER = 0.93  # of the size of the page's type
_LOW = 0.5  # of the page's height


def notes_last(page: PageGlyphs, placed: Sequence[Placed], size: float) -> Sequence[Placed]:
    """Lines in reading order with the notes at the feet of columns behind the text; ``size``: of the page's type, points."""
    columns = [0, *(n for n in range(1, len(placed)) if placed[n][0].y < placed[n - 1][0].y - size), len(placed)]
    if len(columns) < 3:
        return placed
    notes: list[Placed] = []
    text: list[Placed] = []
    for start, end in pairwise(columns):
        first = _first_note(page, placed[start:end], size)
        text += placed[start : start + first]
        notes += placed[start + first : end]
    if not notes:
        return placed
    lowest = max(line.y for line, _ in notes)
    feet = len(text)
    while feet and text[feet - 1][0].y > lowest:
        feet -= 1
    return [
        *text[:feet],
        *((line, True) if n == 0 else (line, start) for n, (line, start) in enumerate(notes)),
        *text[feet:],
    ]


def _first_note(page: PageGlyphs, column: Sequence[Placed], size: float) -> int:
    """Where in a column its notes begin; its length where it has none."""
    first = len(column)
    while first and column[first - 1][0].size < _SMALLER * size and column[first - 1][0].cells == 1:
        first -= 1
    for number in range(max(first, 1), len(column)):
        line, above = column[number][0], column[number - 1][0]
        below_gap = line.y - above.y > 1.4 * line.size
        if line.y > _LOW * page.height and below_gap and _MARK.match(line.text(page, 8)):
            return number
    return len(column)
