"""From runs to lines, and from lines to blocks: paragraphs, headings, list items, rows.

Why: what follows reads sentences; a line's end inside a paragraph must be told from the end of a paragraph.
Idea: a paragraph ends where the next line's first word would still have fitted, where the gap, the size or the font
changes, where an indent or a list marker begins; a line of cells stands alone.
Limits: ragged text set very loosely may lose a paragraph's end, verse gains some.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
_SMALL = 0.8  # of the size of the type: smaller type beside a line is a raised or lowered figure
_WORDS = 6  # letters of a run, from which it may be a line that smaller ones are raised beside
_REACH = 4.0  # of its own size: no line stands further above or below a figure raised beside it
_LARGEST = 2.5  # times its size: no type that much larger is of its line
_SAME = 0.1  # of its size: type of another size, anywhere on the line, stands no further above or below it
_TAB, _SPACE = np.array([TAB]), np.array([MADE_SPACE])
Stretch = tuple[int, int, float, float]  # of ``Runs.sequence``: from, to, left and right edge


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
    order = sorted(part, key=lambda index: runs.rows[index][4])
    return sorted((_line(runs, group, quadrant) for group in _groups(order, runs)), key=lambda line: line.y)


def _groups(order: list[int], runs: Runs) -> list[list[int]]:
    """Runs (sorted by height) gathered into lines, those in large type first: smaller ones may stand raised beside them."""
    rows = runs.rows
    sizes = [rows[index][5] for index in order]
    if min(sizes) >= _SMALL * max(sizes):
        return _level(order, runs)
    words = [rows[index][5] for index in order if rows[index][6] >= _WORDS]  # a brace as high as a paragraph is no line
    small = _SMALL * max(words or sizes)
    groups = _level([index for index in order if rows[index][5] >= small], runs)
    bases = [rows[group[0]][4] for group in groups]
    rest = [index for index in order if rows[index][5] < small and not _joins(runs, index, groups, bases)]
    return groups + _groups(rest, runs) if rest else groups


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


def _joins(runs: Runs, small: int, groups: list[list[int]], bases: list[float]) -> bool:
    """Put a small run into the line it stands nearest beside, level, raised or lowered; ``bases``: the lines' heights."""
    _, _, x0, x1, y, size, glyphs, _, _ = runs.rows[small]
    at = bisect_left(bases, y - _REACH * size)
    nearest, line = np.inf, -1
    for number in range(at, bisect_right(bases, y + _REACH * size, at)):
        for index in groups[number]:
            _, _, left, right, base, em, _, _, _ = runs.rows[index]
            hidden = glyphs > 2 and em > size and min(x1, right) - max(x0, left) > 0.5 * (x1 - x0)
            if hidden or em > _LARGEST * size:  # one text under another; a brace, or the first letter of a chapter
                continue
            apart, off = min(abs(x0 - right), abs(left - x1)), abs(base - y)
            bullet = glyphs == 1 and 0 <= left - x1 < 2.5 * em
            raised = (bullet or apart < 0.4 * em) and -0.3 * em <= base - y <= 0.6 * em
            if apart < nearest and (raised or off <= _SAME * size or (off <= 0.3 * size and apart < em)):
                nearest, line = apart, number
    if line >= 0:
        groups[line].append(small)
    return line >= 0


def _line(runs: Runs, group: list[int], quadrant: int) -> Line:
    rows = runs.rows
    if len(group) == 1:
        start, end, x0, x1, y, size, _, font, first_word = rows[group[0]]
        return Line(runs.sequence[start:end], x0, x1, y, size, font, 1, first_word, quadrant)
    group.sort(key=lambda index: rows[index][2])
    _, _, _, _, y, size, _, font, _ = max((rows[index] for index in group), key=lambda row: row[6])
    pieces: list[IntArray] = []
    cells, right, last = 1, 0.0, 0
    raised = {rows[index][0] for index in group if rows[index][5] < _SMALL * size and rows[index][4] < y - 0.1 * size}
    for start, end, x0, x1 in _placed(runs, group, 0.2 * size):
        if pieces and x0 - right > 1.15 * size:
            pieces.append(_TAB)
            cells += 1
        elif pieces and (x0 - right > 0.14 * size or (start in raised and _are_digits(runs, last, start))):
            pieces.append(_SPACE)  # a note's mark is no digit of the year it stands behind
        pieces.append(runs.sequence[start:end])
        last = end - 1
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


def _are_digits(runs: Runs, *places: int) -> bool:
    return all(0x30 <= runs.codes[runs.sequence[place]] <= 0x39 for place in places)


def _placed(runs: Runs, group: list[int], slack: float) -> list[Stretch]:
    """The stretches of a line's runs (sorted by left edge) from left to right: a run may fill the gap left in another."""
    placed: list[Stretch] = []
    for index in group:
        start, end, x0, x1, *_ = runs.rows[index]
        around = _cut(runs, placed[-1], x0 + slack, x1 - slack) if placed and x1 < placed[-1][3] + slack else None
        if around:
            placed[-1:] = around[0], (start, end, x0, x1), around[1]
        else:
            placed.append((start, end, x0, x1))
    return placed


def _cut(runs: Runs, whole: Stretch, left: float, right: float) -> tuple[Stretch, Stretch] | None:
    """A stretch cut in two about the place from ``left`` to ``right``, if nothing of it stands there."""
    start, end, x0, x1 = whole
    before = np.flatnonzero(runs.edges[1, start:end] <= left)
    after = np.flatnonzero(runs.edges[0, start:end] >= right)
    if (
        not len(before)
        or not len(after)
        or not np.isnan(runs.edges[0, start + before[-1] + 1 : start + after[0]]).all()
    ):
        return None
    middle, go_on = start + int(before[-1]) + 1, start + int(after[0])
    return (start, middle, x0, float(runs.edges[1, middle - 1])), (go_on, end, float(runs.edges[0, go_on]), x1)


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
    if sum(early) <= _MOSTLY * _ABOUT:  # too few for any line
        return [False] * len(early)
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
