"""Tables: which stretches of a page's text are cells, and in which row and column they stand.

Why: a plan of financing is read by its columns; a researcher wants to sum them.
Idea: a ruled table is what its rules enclose (``ruled.py``). A table without upright rules is found in the lines of the
text: neighbouring lines whose pieces stand in common columns, one of them of figures; a line without
figures that stands closer than a row is the rest of a wrapped cell. Cells are views into the raw text, never copies.
Limits: a table of words alone needs rules, or three columns; a merged cell counts where it begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from pipeline.extract.glyphs import BoolArray, FloatArray, IntArray
from pipeline.extract.ruled import NEAR, Grid, find_grids
from pipeline.extract.runs import is_space
from pipeline.extract.textlines import text_lines
from pipeline.extract.unruled import Cells, is_figure, unruled_tables
from pipeline.records import Cell, Cut, Glyphs, Span

_LEAST_TABS = 3  # in a text that may hold a table without rules
_LEAST_FILLED = 0.2  # share of the cells: a chart's grid is nearly empty


def find_cells(
    text: str, glyphs: Glyphs, cuts: Sequence[Cut], rules: FloatArray, before: Grid | None = None
) -> tuple[tuple[Cell, ...], Grid | None]:
    """The cells of every table of a page, and the grid of its last table for the next page (``None`` without one).

    ``rules`` as ``PageGlyphs.rules``. ``before``: the grid of the last table of the page before, whose columns a table
    that goes on here keeps.
    """
    kept = _kept(len(text), cuts)
    centres: FloatArray = (glyphs.boxes[:, :2] + glyphs.boxes[:, 2:]) * np.float32(0.5)
    tables: list[Cells] = []
    taken = np.zeros(len(text), bool)
    last: Grid | None = None
    grids = find_grids(rules)
    ink = _ink(text) if grids else np.zeros(0, np.int64)
    for grid in grids:
        wide = _continued(grid, before)
        inside = _inside(grid, centres) & kept & ~taken
        cells = _split(_cells_of(wide, ink, centres, inside), text, centres)
        if _is_table(cells):
            tables.append(cells)
            taken |= inside
            last = wide
    lines = text_lines(text, glyphs.boxes, kept & ~taken) if text.count("\t") >= _LEAST_TABS else []
    if lines:
        level = rules[rules[:, 1] == rules[:, 3]] if len(rules) else rules
        tables += unruled_tables(text, lines, level)
    tables.sort(key=lambda cells: min(spans[0][0] for _, _, spans in cells if spans))
    found = tuple(
        Cell(table_no=number, row_no=row, column_no=column, spans=spans)
        for number, cells in enumerate(tables, 1)
        for row, column, spans in cells
    )
    return found, last


def _ink(text: str) -> IntArray:
    """For each place in a text, and its end, how many signs that are no white space come before."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return np.concatenate(([0], np.cumsum(~is_space(codes) & (codes != 0x0A))))


def _kept(length: int, cuts: Sequence[Cut]) -> BoolArray:
    kept = np.ones(length, bool)
    for cut in cuts:
        if cut.family != "fake-bold":
            kept[cut.start : cut.end] = False
    return kept


def _continued(grid: Grid, before: Grid | None) -> Grid:
    """The grid with the columns of the table it goes on with, where every line of it is a line of that one."""
    if before is None or len(before.xs) <= len(grid.xs):
        return grid
    near = np.abs(before.xs[:, None] - grid.xs).argmin(axis=0)
    ends = [0, len(before.xs) - 1]
    if near[[0, -1]].tolist() != ends or (np.abs(before.xs[near] - grid.xs) > NEAR).any():
        return grid
    cells = grid.cells.copy()
    cells[:, [0, 2]] = near[cells[:, [0, 2]]]
    return Grid(xs=before.xs, ys=grid.ys, cells=cells)


def _inside(grid: Grid, centres: FloatArray) -> BoolArray:
    x, y = centres[:, 0], centres[:, 1]
    return np.asarray((x >= grid.xs[0]) & (x <= grid.xs[-1]) & (y >= grid.ys[0]) & (y <= grid.ys[-1]))


def _cells_of(grid: Grid, ink: IntArray, centres: FloatArray, inside: BoolArray) -> Cells:
    """Every cell as (row, column, spans), rows and columns from 1; ``ink``: how much of the text shows before each place."""
    left, top, right, bottom = grid.cells.T
    owner = np.full((len(grid.ys) - 1, len(grid.xs) - 1), -1, np.int64)
    one = (right - left == 1) & (bottom - top == 1)
    for number in np.flatnonzero(~one).tolist():
        owner[top[number] : bottom[number], left[number] : right[number]] = number
    owner[top[one], left[one]] = np.flatnonzero(one)  # of cells that overlap, the smallest
    places = np.flatnonzero(inside)
    rows = np.searchsorted(grid.ys, centres[places, 1], side="right") - 1
    columns = np.searchsorted(grid.xs, centres[places, 0], side="right") - 1
    cell = owner[np.minimum(rows, len(owner) - 1), np.minimum(columns, owner.shape[1] - 1)]
    spans = _spans(ink, places[cell >= 0], cell[cell >= 0], len(grid.cells))
    return list(zip((top + 1).tolist(), (left + 1).tolist(), spans, strict=True))


def _spans(ink: IntArray, places: IntArray, cells: IntArray, count: int) -> list[tuple[Span, ...]]:
    """For each cell the stretches of text its glyphs make; what no glyph drew between two of them joins them."""
    spans: list[list[Span]] = [[] for _ in range(count)]
    apart = (cells[1:] != cells[:-1]) | (ink[places[1:]] > ink[places[:-1] + 1])
    first = np.flatnonzero(np.concatenate((np.ones(min(len(places), 1), bool), apart)))
    starts, ends = places[first], places[np.append(first[1:], len(places))[: len(first)] - 1] + 1
    shown = ink[ends] > ink[starts]
    for cell, *span in zip(cells[first][shown].tolist(), starts[shown].tolist(), ends[shown].tolist(), strict=True):
        spans[cell].append((span[0], span[1]))
    return [tuple(found) for found in spans]


def _split(cells: Cells, text: str, centres: FloatArray) -> Cells:
    """The cells with every ruled row whose cells are columns of many lines, some of figures, made one row a line."""
    tall = Counter(row for row, _, spans in cells if _is_tall(spans, text))
    if max(tall.values(), default=0) < 2:
        return cells
    split: Cells = []
    for row, group in groupby(sorted(cells, key=lambda cell: cell[0]), key=lambda cell: cell[0]):
        whole = [(column, spans) for _, column, spans in group]
        first = max(row, split[-1][0] + 1) if split else row
        lines = [_lines_in(spans, text, centres) for _, spans in whole] if tall[row] > 1 else []
        starts = _row_starts(text, lines)
        if not starts:
            split += [(first, column, spans) for column, spans in whole]
        for number in range(len(starts)):
            for (column, _), found in zip(whole, lines, strict=True):
                here = [(a, b) for a, b, y in found if max(bisect_right(starts, y) - 1, 0) == number]
                split.append((first + number, column, tuple(here)))
    return split


def _is_tall(spans: Sequence[Span], text: str) -> bool:
    return len(spans) + sum(text.count("\n", *span) for span in spans) >= 3


def _lines_in(spans: Sequence[Span], text: str, centres: FloatArray) -> list[tuple[int, int, float]]:
    """The lines of a cell: start, end and middle height (of the first glyph) of each."""
    lines = []
    for start, end in spans:
        for line in re.finditer(r"[^\n]*\S[^\n]*", text[start:end]):
            a, b = start + line.start(), start + line.end()
            drawn = centres[a:b, 1]
            lines.append((a, b, float(drawn[drawn == drawn][0])))
    return lines


def _row_starts(text: str, cells: Sequence[Sequence[tuple[int, int, float]]]) -> list[float]:
    """Where the rows inside one ruled row begin; empty where it is one row."""
    tall = [cell for cell in cells if len(cell) >= 3]
    figures = [cell for cell in tall if all(is_figure(text[start:end]) for start, end, _ in cell)]
    if len(tall) < 2 or not figures:
        return []
    heights = sorted(y for _, _, y in max(figures, key=len))
    steps = np.diff(heights)
    return [y - 0.45 * float(steps.min()) for y in heights] if steps.min() > 2 else []


def _is_table(cells: Cells) -> bool:
    filled = [(row, column) for row, column, spans in cells if spans]
    rows, columns = {row for row, _ in filled}, {column for _, column in filled}
    return len(rows) > 1 and len(columns) > 1 and len(filled) >= _LEAST_FILLED * len(cells)
