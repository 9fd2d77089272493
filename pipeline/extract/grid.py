"""Ruled tables in the flow of a page: which cell a run stands in, and a table's rows as lines.

Idea: the glyphs between two level rules and two upright ones are a cell. A table is read row by row, its cells parted by
tabs, a cell's own lines by line ends; a row whose cells hold paragraphs is read cell by cell instead.
Limits: a cell over several rows is read in the row its text stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.glyphs import LINE_END, TAB, IntArray, PageGlyphs
from pipeline.extract.lines import Line, block_starts, lines_of
from pipeline.extract.reading_order import reading_order
from pipeline.extract.ruled_rows import Row
from pipeline.extract.runs import Runs

_COLUMNS = 256  # a cell's number is its row's times this, plus its column
# lines of a cell, by the number of cells in its row; with more, cells are read by themselves
_MOST_LINES = {1: 0, 2: 3, 3: 6}
_ENDS, _TAB = np.array([LINE_END]), np.array([TAB])
Placed = tuple[Line, bool]


def cells_of(tables: Sequence[Sequence[Row]], x: NDArray[Any], y: NDArray[Any]) -> IntArray:
    """The number of the cell each point lies in, or -1; between two tables row numbers leave a gap."""
    cells = np.full(len(x), -1, np.int64)
    first = 0
    for rows in tables:
        numbers = first + np.cumsum([0, *(1 + (below.top > above.bottom) for above, below in pairwise(rows))])
        row = np.searchsorted(np.array([r.top for r in rows]), y, side="right") - 1
        inside = (row >= 0) & (y < np.array([r.bottom for r in rows])[row])
        kinds = {edges: kind for kind, edges in enumerate(dict.fromkeys(r.edges for r in rows))}
        kind_of = np.where(inside, np.array([kinds[r.edges] for r in rows])[row], -1)
        for edges, kind in kinds.items():
            here = np.flatnonzero(kind_of == kind)
            column = np.searchsorted(np.array(edges), x[here], side="right") - 1
            within = (column >= 0) & (column < min(len(edges) - 1, _COLUMNS))
            cells[here[within]] = numbers[row[here[within]]] * _COLUMNS + column[within]
        if any(row.joined for row in rows):
            cells = _roots(rows, numbers)[cells]
        first = int(numbers[-1]) + 2
    return cells


def _roots(rows: Sequence[Row], numbers: IntArray) -> IntArray:
    """For each cell number the one it is part of: a cell over several rows belongs to the first; the last is for -1."""
    roots = np.arange((int(numbers[-1]) + 1) * _COLUMNS + 1)
    roots[-1] = -1
    for number, row in zip(numbers.tolist(), rows, strict=True):
        for column in row.joined:
            roots[number * _COLUMNS + column] = roots[(number - 1) * _COLUMNS + column]
    return roots


def flow(page: PageGlyphs, runs: Runs, quadrant: int) -> Iterator[Placed]:
    """Lines of one text direction in reading order, each with whether it begins a block; tables as rows."""
    tables = _tables(runs)
    if not tables:
        yield from _plain(page, runs, np.arange(len(runs)), quadrant)
        return
    stand_ins = {int(table[0]): table for table in tables}
    x0, x1 = runs.x0.copy(), runs.x1.copy()
    inside = np.concatenate(tables)
    for index, table in stand_ins.items():  # a table's first run stands for all of it, as wide as the table
        x0[index], x1[index] = runs.x0[table].min(), runs.x1[table].max()
    kept = np.ones(len(runs), bool)
    kept[inside] = False
    kept[list(stand_ins)] = True
    for part in reading_order(replace(runs, x0=x0, x1=x1), np.flatnonzero(kept)):
        part = part[np.argsort(runs.y[part], kind="stable")]
        places = [place for place, index in enumerate(part.tolist()) if index in stand_ins]
        done = 0
        for place in places:
            yield from _block(page, lines_of(runs, part[done:place].tolist(), quadrant))
            yield from _table(page, runs, stand_ins[int(part[place])], quadrant)
            done = place + 1
        yield from _block(page, lines_of(runs, part[done:].tolist(), quadrant))


def _tables(runs: Runs) -> list[IntArray]:
    """The runs of each table, the topmost first; rows that follow one another are one table."""
    if runs.cells.max() < 0:
        return []
    rows = runs.cells // _COLUMNS
    found = np.unique(rows[runs.cells >= 0])
    groups = np.split(found, np.flatnonzero(np.diff(found) > 1) + 1) if len(found) else []
    tables = [np.flatnonzero((runs.cells >= 0) & (rows >= group[0]) & (rows <= group[-1])) for group in groups]
    return [table[np.argsort(runs.y[table], kind="stable")] for table in tables]


def _plain(page: PageGlyphs, runs: Runs, part: IntArray, quadrant: int) -> Iterator[Placed]:
    for piece in reading_order(runs, part):
        yield from _block(page, lines_of(runs, piece.tolist(), quadrant))


def _block(page: PageGlyphs, lines: list[Line]) -> Iterator[Placed]:
    return zip(lines, block_starts(page, lines), strict=True)


def _table(page: PageGlyphs, runs: Runs, table: IntArray, quadrant: int) -> Iterator[Placed]:
    """A table's rows as lines; cells of paragraphs by themselves."""
    cell_of = runs.cells.tolist()
    ordered = groupby(sorted(table.tolist(), key=cell_of.__getitem__), key=cell_of.__getitem__)
    every = [(number, list(members)) for number, members in ordered]
    rows = {row: dict(cells) for row, cells in groupby(every, key=lambda cell: cell[0] // _COLUMNS)}
    for cells in rows.values():
        lines = {number: lines_of(runs, cell, quadrant) for number, cell in cells.items()}
        most = max(map(len, lines.values()))
        if most >= 3 and _is_many_rows(runs, cells, lines):
            yield from ((line, True) for line in lines_of(runs, list(chain.from_iterable(cells.values())), quadrant))
        elif most > _MOST_LINES.get(len(cells), 12):
            for cell in cells.values():
                yield from _plain(page, runs, np.array(cell), quadrant)
        else:
            yield _row(lines, len(rows)), True


def _is_many_rows(runs: Runs, cells: dict[int, list[int]], lines: dict[int, list[Line]]) -> bool:
    """Whether one ruled row holds several rows without rules: a column of figures, each level with a line beside it."""
    longest = max(lines, key=lambda number: len(lines[number]))
    heights = np.array([line.y for line in lines[longest]])
    for number, cell in cells.items():
        figures = runs.digit_count[cell].sum() > 0.4 * runs.glyph_count[cell].sum()
        if number != longest and figures and len(lines[number]) >= 3:
            return all(np.abs(heights - line.y).min() < 0.3 * line.size for line in lines[number])
    return False


def _row(cells: dict[int, list[Line]], rows: int) -> Line:
    pieces: list[IntArray] = []
    previous = next(iter(cells))
    for number, lines in cells.items():
        pieces += [_TAB] * (number - previous)
        previous = number
        for line in lines:
            pieces += [line.sequence, _ENDS]
        pieces.pop()
    every = [line for lines in cells.values() for line in lines]
    widest = max(every, key=lambda line: len(line.sequence))
    return widest._replace(
        sequence=np.concatenate(pieces),
        x0=min(line.x0 for line in every),
        x1=max(line.x1 for line in every),
        y=min(line.y for line in every),
        cells=len(cells),
        rows=rows,
    )
