"""From runs to lines, and from lines to blocks: paragraphs, headings, list items, rows.

Why: what follows reads sentences; a line's end inside a paragraph must be told from the end of a paragraph.
Idea: a paragraph ends where the next line's first word would still have fitted, where the gap, the size or the font
changes, where an indent or a list marker begins; a line of cells stands alone.
Limits: ragged text set very loosely may lose a paragraph's end, verse gains some.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipeline.extract.glyphs import MADE_SPACE, TAB, IntArray, PageGlyphs
from pipeline.extract.runs import Runs

# a bullet (also private-use ones), a dash, « 1. », « 2) », « a) », « IV - », « Article 3 »
_MARKER = re.compile(
    r"(?:[•●○◦▪■□‣⁃➢➔►▶✓✔❖\uf000-\uf0ff·o§Ø](?=\s)|[•●▪■➢➔►✓❖\uf0a7\uf0b7\uf0d8\uf0fc]|[-–—*](?=\s)"
    r"|(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-zA-Z]|[IVX]{1,5})\s?(?:[.)°/]|[-–—]\s)+(?=\s|\D)|article \d)",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ][^\W\d_’']|[LD][’']")
_ABOUT, _MOSTLY = 4, 0.75  # lines looked at on each side of one; share of them that end early in a list
_SMALL = 0.8  # of the body's size: smaller type beside a line is a raised or lowered figure
_TAB, _SPACE = np.array([TAB]), np.array([MADE_SPACE])


class Line(NamedTuple):
    """One line in reading order. ``sequence``: glyph indices, with -1 for a made space and -3 for a tab between cells.
    Edges and baseline are in the upright text direction, in points; ``font`` is that of its longest run. ``rows``: of
    the ruled table it is a row of, 0 outside tables.
    """

    sequence: IntArray
    x0: float
    x1: float
    y: float
    size: float
    font: int
    cells: int
    first_word: float
    quadrant: int = 0
    rows: int = 0

    def text(self, page: PageGlyphs, limit: int | None = None) -> str:
        """The line as text (its first ``limit`` characters)."""
        return page.text(self.sequence[:limit])


def lines_of(runs: Runs, part: list[int], quadrant: int) -> list[Line]:
    """The lines of one part of a page, from top to bottom; raised and lowered figures belong to the line they touch."""
    if len(part) < 2:
        return [_line(runs, [index], quadrant) for index in part]
    rows = runs.rows
    order = sorted(part, key=lambda index: rows[index][4])
    small = _SMALL * rows[max(part, key=lambda index: rows[index][6])][5]
    groups = _level([index for index in order if rows[index][5] >= small], runs)
    groups += _level([index for index in order if rows[index][5] < small and not _joins(runs, index, groups)], runs)
    return sorted((_line(runs, group, quadrant) for group in groups), key=lambda line: line.y)


def _level(order: list[int], runs: Runs) -> list[list[int]]:
    """Runs (sorted by height) gathered where they stand on one baseline."""
    groups: list[list[int]] = []
    base = em = 0.0
    for index in order:
        _, _, _, _, y, size, _, _, _ = runs.rows[index]
        if groups and y - base <= 0.3 * min(em, size):
            groups[-1].append(index)
            if size > 1.1 * em:
                base, em = y, size
        else:
            groups.append([index])
            base, em = y, size
    return groups


def _joins(runs: Runs, small: int, groups: list[list[int]]) -> bool:
    """Put a small run into the line it is raised or lowered beside, if there is one."""
    _, _, x0, x1, y, _, glyphs, _, _ = runs.rows[small]
    for group in groups:
        for index in group:
            _, _, left, right, base, em, _, _, _ = runs.rows[index]
            if not -0.3 * em <= base - y <= 0.6 * em:
                continue
            bullet = glyphs == 1 and 0 <= left - x1 < 2.5 * em
            if bullet or min(abs(x0 - right), abs(left - x1)) < 0.4 * em:
                group.append(small)
                return True
    return False


def _line(runs: Runs, group: list[int], quadrant: int) -> Line:
    rows = runs.rows
    if len(group) == 1:
        start, end, x0, x1, y, size, _, font, first_word = rows[group[0]]
        sequence = runs.sequence[start:end]
        return Line(
            sequence=sequence,
            x0=x0,
            x1=x1,
            y=y,
            size=size,
            font=font,
            cells=1,
            first_word=first_word,
            quadrant=quadrant,
        )
    group.sort(key=lambda index: rows[index][2])
    pieces: list[IntArray] = []
    cells, right = 1, 0.0
    _, _, _, _, y, size, _, font, _ = max((rows[index] for index in group), key=lambda row: row[6])
    for index in group:
        start, end, x0, x1, *_ = rows[index]
        if pieces and x0 - right > 1.15 * size:
            pieces.append(_TAB)
            cells += 1
        elif pieces and x0 - right > 0.14 * size:
            pieces.append(_SPACE)
        pieces.append(runs.sequence[start:end])
        right = max(right, x1) if len(pieces) > 1 else x1
    return Line(
        sequence=np.concatenate(pieces),
        x0=rows[group[0]][2],
        x1=right,
        y=y,
        size=size,
        font=font,
        cells=cells,
        first_word=rows[group[0]][8],
        quadrant=quadrant,
    )


def block_starts(page: PageGlyphs, lines: Sequence[Line]) -> list[bool]:
    """For each line of one part, whether it begins a block."""
    if not lines:
        return []
    left, right = min(line.x0 for line in lines), sorted(line.x1 for line in lines)[int(0.9 * (len(lines) - 1))]
    steps = [(b.y - a.y) / max(a.size, b.size) for a, b in pairwise(lines)]
    tight = sorted(step for step in steps if 0.8 < step < 2.6)
    pitch = tight[int(0.3 * len(tight))] if tight else 1.2
    marks = _marked(page, lines)
    starts, marker = [True], marks[0]
    fonts = _fonts_part(page, lines)
    listed = _listed(page, lines, right)
    for (previous, line), marked, other_font, item in zip(pairwise(lines), marks[1:], fonts, listed, strict=True):
        marked = marked and not _runs_on(page, previous, line, right, pitch)
        start = marked or item or _parted(previous, line, left, right, pitch, in_item=marker, fonts_part=other_font)
        marker = marked or (marker and not start)
        starts.append(start)
    return starts


def _marked(page: PageGlyphs, lines: Sequence[Line]) -> list[bool]:
    """Whether each line begins with a list marker."""
    return [_MARKER.match(line.text(page, 12)) is not None for line in lines]


def _runs_on(page: PageGlyphs, previous: Line, line: Line, right: float, pitch: float) -> bool:
    """Whether a number only happens to begin a line: the line above is full, and its sentence unfinished."""
    em = max(previous.size, line.size)
    if previous.x1 + line.first_word + 0.9 * em < right or (line.y - previous.y) / em > pitch * 1.3 + 0.05:
        return False
    last, first = (chr(page.codes[index]) if index >= 0 else " " for index in (previous.sequence[-1], line.sequence[0]))
    return first.isdigit() and (last.islower() or last == ",")


def _listed(page: PageGlyphs, lines: Sequence[Line], right: float) -> list[bool]:
    """For each line but the first, whether it is one of a list of names: nearly all lines about it end early, and it
    begins with a capital where the line above does. The longest name of a list fills its line, and goes on no more."""
    early = [above.x1 + line.first_word + 0.9 * line.size < right for above, line in pairwise(lines)]
    near = [early[max(index - _ABOUT, 0) : index + _ABOUT + 1] for index in range(len(early))]
    listed = [len(some) > _ABOUT and sum(some) >= _MOSTLY * len(some) for some in near]
    if any(listed):
        capital = [_CAPITAL.match(line.text(page, 2)) is not None for line in lines]
        listed = [item and one and two for item, (one, two) in zip(listed, pairwise(capital), strict=True)]
    return listed


def _fonts_part(page: PageGlyphs, lines: Sequence[Line]) -> list[bool]:
    """For each line but the first, whether it begins in another font than the line above ends in, with no small letter."""
    firsts = np.array([line.sequence[0] for line in lines[1:]], np.int64)
    lasts = np.array([line.sequence[-1] for line in lines[:-1]], np.int64)
    small = (page.codes[firsts] >= 0x61) & (page.codes[firsts] <= 0x7A)
    parted: list[bool] = ((page.font_ids[firsts] != page.font_ids[lasts]) & ~small).tolist()
    return parted


def _parted(
    previous: Line, line: Line, left: float, right: float, pitch: float, *, in_item: bool, fonts_part: bool
) -> bool:
    em = max(previous.size, line.size)
    step = (line.y - previous.y) / em
    if step > pitch * 1.3 + 0.05 or step < 0.3 or line.cells > 1 or previous.cells > 1 + in_item:
        return True  # in a list item, the first gap is the marker's
    if abs(previous.size - line.size) > 0.12 * em:
        return True
    centred = all(abs((ln.x0 + ln.x1) - (left + right)) < 3 * em and ln.x0 > left + 2 * em for ln in (previous, line))
    if centred:
        return previous.font != line.font
    if fonts_part and previous.x1 < right - 0.6 * em:
        return True
    if previous.x1 + line.first_word + 0.9 * em < right:
        return True
    indent = line.x0 - previous.x0
    return indent > 0.8 * em and not in_item and previous.x0 < left + 0.5 * em
