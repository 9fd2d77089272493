"""Tables: which stretches of a page's text are cells, and in which row and column they stand.

Why: a plan of financing is read by its columns; a researcher wants to sum them.
Idea: a ruled table is what its rules enclose, found by pdfplumber's own finder on the rules that pdfium has read already
(parsing the page a second time would cost more than everything else). A table without upright rules is found in the
lines of the text: neighbouring lines whose pieces stand in common columns, one of them of figures; a line without
figures that stands closer than a row is the rest of a wrapped cell. Cells are views into the raw text, never copies.
Limits: a table of words alone needs rules, or three columns; a merged cell counts where it begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray
from pdfplumber.table import cells_to_tables, edges_to_intersections, merge_edges

from pipeline.extract.columned import Cells, columned_tables, is_figure
from pipeline.extract.glyphs import FloatArray, IntArray
from pipeline.extract.textlines import text_lines
from pipeline.records import Box, Cell, Cut, Glyphs, Span

_NEAR = 3.0  # points: pdfplumber's own tolerance for what meets
_MOST_RULES = 1_500  # joined; a page with more is a plan or a drawing, and the finder's cost grows with their square
_LEAST_TABS = 3  # in a text that may hold a table without rules
_LEAST_FILLED = 0.2  # share of the cells: a chart's grid is nearly empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The lines a table's cells stand between, and its cells' boxes. ``xs`` and ``ys`` ascend, in points."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]


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
    for grid in ruled_grids(rules):
        wide = _continued(grid, before)
        inside = _inside(grid, centres) & kept & ~taken
        cells = _split(_cells_of(wide, text, centres, inside), text, centres)
        if _is_table(cells):
            tables.append(cells)
            taken |= inside
            last = wide
    lines = text_lines(text, glyphs.boxes, kept & ~taken) if text.count("\t") >= _LEAST_TABS else []
    if lines:
        level = rules[rules[:, 1] == rules[:, 3]] if len(rules) else rules
        tables += columned_tables(text, lines, level)
    tables.sort(key=lambda cells: min(spans[0][0] for _, _, spans in cells if spans))
    found = tuple(
        Cell(table_no=number, row_no=row, column_no=column, spans=spans)
        for number, cells in enumerate(tables, 1)
        for row, column, spans in cells
    )
    return found, last


def _kept(length: int, cuts: Sequence[Cut]) -> NDArray[np.bool_]:
    kept = np.ones(length, bool)
    for cut in cuts:
        if cut.family != "fake-bold":
            kept[cut.start : cut.end] = False
    return kept


def ruled_grids(rules: FloatArray) -> list[Grid]:
    """The grids that level and upright rules make, from top to bottom; frames of one row or one column are none."""
    level = rules[:, 1] == rules[:, 3] if len(rules) else np.zeros(0, bool)
    if np.count_nonzero(level) < 3 or np.count_nonzero(~level) < 3:
        return []
    edges = [
        {
            "orientation": "h" if flat else "v",
            "x0": x0,
            "x1": x1,
            "top": top,
            "bottom": bottom,
            "width": x1 - x0,
            "height": bottom - top,
        }
        for flat, (x0, top, x1, bottom) in zip(level.tolist(), rules.tolist(), strict=True)
    ]
    merged = merge_edges(edges, _NEAR, _NEAR, _NEAR, _NEAR)
    if len(merged) > _MOST_RULES:
        return []
    grids = [_grid(boxes) for boxes in cells_to_tables(_closed(edges_to_intersections(merged, _NEAR, _NEAR)))]
    return sorted((grid for grid in grids if len(grid.xs) > 2 and len(grid.ys) > 2), key=lambda grid: grid.ys[0])


def _closed(crossings: dict[tuple[float, float], dict[str, list[dict[str, float]]]]) -> list[Box]:
    """The smallest closed cell right of and below each crossing, as pdfplumber's ``intersections_to_cells`` finds them.

    That function looks at every pair of crossings, and was half the time spent on tables; this one follows the rules.
    """
    upright = {place: {id(edge) for edge in edges["v"]} for place, edges in crossings.items()}
    level = {place: {id(edge) for edge in edges["h"]} for place, edges in crossings.items()}
    ys: dict[float, list[float]] = {}
    xs: dict[float, list[float]] = {}
    for x, y in sorted(crossings):
        ys.setdefault(x, []).append(y)
        xs.setdefault(y, []).append(x)

    def cell_at(x: float, y: float) -> Box | None:
        right = list(takewhile(lambda x1: level[x, y] & level[x1, y], xs[y][bisect_right(xs[y], x) :]))
        for y1 in takewhile(lambda y1: upright[x, y] & upright[x, y1], ys[x][bisect_right(ys[x], y) :]):
            for x1 in right:
                corner = (x1, y1)
                if corner in crossings and upright[corner] & upright[x1, y] and level[corner] & level[x, y1]:
                    return x, y, x1, y1
        return None

    return [cell for x, y in sorted(crossings) if (cell := cell_at(x, y))]


def _grid(boxes: Sequence[Box]) -> Grid:
    return Grid(
        xs=tuple(sorted({x for box in boxes for x in (box[0], box[2])})),
        ys=tuple(sorted({y for box in boxes for y in (box[1], box[3])})),
        boxes=tuple(sorted(boxes, key=lambda box: (box[1], box[0]))),
    )


def _continued(grid: Grid, before: Grid | None) -> Grid:
    """The grid with the columns of the table it goes on with, where every line of it is a line of that one."""
    if before is None or len(before.xs) <= len(grid.xs):
        return grid
    near = [min(before.xs, key=lambda other: abs(other - x)) for x in grid.xs]
    ends = abs(grid.xs[0] - before.xs[0]) <= _NEAR and abs(grid.xs[-1] - before.xs[-1]) <= _NEAR
    if not ends or any(abs(x - other) > _NEAR for x, other in zip(grid.xs, near, strict=True)):
        return grid
    moved = dict(zip(grid.xs, near, strict=True))
    boxes = tuple((moved[x0], top, moved[x1], bottom) for x0, top, x1, bottom in grid.boxes)
    return Grid(xs=before.xs, ys=grid.ys, boxes=boxes)


def _inside(grid: Grid, centres: FloatArray) -> NDArray[np.bool_]:
    x, y = centres[:, 0], centres[:, 1]
    return np.asarray((x >= grid.xs[0]) & (x <= grid.xs[-1]) & (y >= grid.ys[0]) & (y <= grid.ys[-1]))


def _cells_of(grid: Grid, text: str, centres: FloatArray, inside: NDArray[np.bool_]) -> Cells:
    """Every cell as (row, column, spans), rows and columns from 1."""
    owner = np.full((len(grid.ys) - 1, len(grid.xs) - 1), -1, np.int64)
    row_of, column_of = {y: n for n, y in enumerate(grid.ys)}, {x: n for n, x in enumerate(grid.xs)}
    for number, (x0, top, x1, bottom) in enumerate(grid.boxes):
        owner[row_of[top] : row_of[bottom], column_of[x0] : column_of[x1]] = number
    places = np.flatnonzero(inside)
    rows = np.searchsorted(grid.ys, centres[places, 1], side="right") - 1
    columns = np.searchsorted(grid.xs, centres[places, 0], side="right") - 1
    cell = owner[np.clip(rows, 0, len(grid.ys) - 2), np.clip(columns, 0, len(grid.xs) - 2)]
    spans = _spans(text, places[cell >= 0], cell[cell >= 0], len(grid.boxes))
    return [(row_of[box[1]] + 1, column_of[box[0]] + 1, spans[number]) for number, box in enumerate(grid.boxes)]


def _spans(text: str, places: IntArray, cells: IntArray, count: int) -> list[tuple[Span, ...]]:
    """For each cell the stretches of text its glyphs make; what no glyph drew between two of them joins them."""
    spans: list[list[Span]] = [[] for _ in range(count)]
    for cell, members in groupby(zip(cells.tolist(), places.tolist(), strict=True), key=lambda pair: pair[0]):
        run = [place for _, place in members]
        start = run[0]
        for previous, place in pairwise(run):
            if place > previous + 1 and text[previous + 1 : place].strip():
                spans[cell].append((start, previous + 1))
                start = place
        spans[cell].append((start, run[-1] + 1))
    return [tuple(span for span in found if text[slice(*span)].strip()) for found in spans]


def _split(cells: Cells, text: str, centres: FloatArray) -> Cells:
    """The cells with every ruled row whose cells are columns of many lines, some of figures, made one row a line."""
    if sum(len(spans) + sum(text.count("\n", *span) for span in spans) > 2 for _, _, spans in cells) < 2:
        return cells
    split: Cells = []
    for row, group in groupby(sorted(cells, key=lambda cell: cell[0]), key=lambda cell: cell[0]):
        whole = [(column, spans) for _, column, spans in group]
        first = max(row, split[-1][0] + 1) if split else row
        lines = [_lines_in(spans, text, centres) for _, spans in whole]
        starts = _row_starts(text, lines)
        if not starts:
            split += [(first, column, spans) for column, spans in whole]
        for number in range(len(starts)):
            for (column, _), found in zip(whole, lines, strict=True):
                here = [(a, b) for a, b, y in found if max(bisect_right(starts, y) - 1, 0) == number]
                split.append((first + number, column, tuple(here)))
    return split


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
