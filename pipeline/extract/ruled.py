"""The grids that a page's rules make: the closed cells between level and upright lines.

Why: a ruled table is what its rules enclose; asking every pair of lines for it costs more than reading the page.
Idea: as pdfplumber's finder does it, lines that nearly coincide are made one, pieces that nearly touch are joined, and a
cell is the smallest closed rectangle right of and below a crossing; cells that share corners are one grid. Here lines are
numbered and crossings are places in a matrix, so that the common case (the next crossing right and below close the
cell) is array arithmetic; only crossings where a merged cell begins are followed one by one.
Limits: slanted rules are none; a page with very many lines is a plan or a drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.glyphs import BoolArray, FloatArray, IntArray

NEAR = 3.0  # points: what is no further apart is one line, or touches
_MOST = 1_500  # joined lines
_FAR = 1e6  # points: beyond any page
Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """The lines a table's cells stand between, in points, ascending, and its cells.

    ``cells``: (n, 4), for each the number of its left, top, right and bottom line, from the topmost row down.
    """

    xs: Places
    ys: Places
    cells: IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """Lines of one direction, sorted: ``places`` of all; for each joined piece its line, and where it begins and ends."""

    places: Places
    line: IntArray
    start: Places
    end: Places


def find_grids(rules: FloatArray) -> list[Grid]:
    """The grids that level and upright rules make, from top to bottom; frames of one row or one column are none."""
    level = rules[:, 1] == rules[:, 3] if len(rules) else np.zeros(0, bool)
    if np.count_nonzero(level) < 3 or np.count_nonzero(~level) < 3:
        return []
    rules = rules.astype(np.float64)
    upright, flat = _lines(rules[~level][:, [0, 1, 3]]), _lines(rules[level][:, [1, 0, 2]])
    if len(upright.line) + len(flat.line) > _MOST:
        return []
    cells = _Crossings(upright, flat).cells()
    found = []
    for number in np.unique(groups := _groups(cells, len(flat.places))).tolist():
        some = cells[groups == number]
        xs, columns = np.unique(some[:, [0, 2]], return_inverse=True)
        ys, rows = np.unique(some[:, [1, 3]], return_inverse=True)
        if len(xs) > 2 and len(ys) > 2:
            columns, rows = columns.reshape(-1, 2), rows.reshape(-1, 2)
            some = np.stack([columns[:, 0], rows[:, 0], columns[:, 1], rows[:, 1]], axis=1)
            some = some[np.lexsort((some[:, 0], some[:, 1]))]
            found.append(Grid(xs=upright.places[xs], ys=flat.places[ys], cells=some))
    return sorted(found, key=lambda grid: float(grid.ys[0]))


def _lines(pieces: Places) -> _Lines:
    """Pieces (place, from, to) as lines: near places become their mean, pieces of a line that nearly touch one piece."""
    pieces = pieces[np.argsort(pieces[:, 0], kind="stable")]
    place = pieces[:, 0]
    line = np.concatenate(([0], np.cumsum(place[1:] - place[:-1] > NEAR)))
    places = np.bincount(line, weights=place) / np.bincount(line)
    order = np.lexsort((pieces[:, 1], line))
    line, start, end = line[order], pieces[order, 1], pieces[order, 2]
    reach = np.maximum.accumulate(end + _FAR * line)  # how far the pieces of a line have come
    first = np.concatenate(([True], start[1:] + _FAR * line[1:] > reach[:-1] + NEAR))
    starts = np.flatnonzero(first)
    return _Lines(places=places, line=line[starts], start=start[starts], end=np.maximum.reduceat(end, starts))


class _Crossings:
    """Where upright and level lines meet, as matrices (upright line, level line).

    A crossing may end one piece of a line and begin another: ``down`` and ``up`` are the pieces below and above it,
    ``right`` and ``left`` those beside it, -1 where no crossing is. Two crossings of one line are joined by a piece where
    the one's ``down`` is the other's ``up``.
    """

    def __init__(self, upright: _Lines, level: _Lines) -> None:
        x, y = upright.places[upright.line][:, None], level.places[level.line]
        tall = (upright.start[:, None] <= y + NEAR) & (upright.end[:, None] >= y - NEAR)
        wide = (level.start <= x + NEAR) & (level.end >= x - NEAR)
        stands, lies = np.nonzero(tall & wide)
        at = upright.line[stands], level.line[lies]
        back = at[0][::-1], at[1][::-1]
        shape = len(upright.places), len(level.places)
        self.down, self.up, self.right, self.left = (np.full(shape, -1, np.int64) for _ in range(4))
        self.down[at], self.right[at] = stands, lies  # of several, the last assigned stays
        self.up[back], self.left[back] = stands[::-1], lies[::-1]

    def cells(self) -> IntArray:
        """For each crossing that is a cell's upper left corner: the cell's left, top, right and bottom line."""
        there = self.down >= 0
        x, y = np.nonzero(there)
        x1, y1 = _next(there, axis=0)[x, y], _next(there, axis=1)[x, y]
        inside = (x1 < there.shape[0]) & (y1 < there.shape[1])
        x, y, x1, y1 = x[inside], y[inside], x1[inside], y1[inside]
        may = (self.right[x, y] == self.left[x1, y]) & (self.down[x, y] == self.up[x, y1])
        x, y, x1, y1 = x[may], y[may], x1[may], y1[may]
        closed = self._closes(x, y, x1, y1)
        cells = np.stack([x, y, x1, y1], axis=1)
        larger = [self._larger(*corner) for corner in zip(x[~closed].tolist(), y[~closed].tolist(), strict=True)]
        return np.concatenate([cells[closed], np.array([cell for cell in larger if cell], np.int64).reshape(-1, 4)])

    def _closes(self, x: IntArray | int, y: IntArray | int, x1: IntArray, y1: IntArray | int) -> BoolArray:
        """Whether rules run down from the upper right and right from the lower left corner to the lower right one."""
        below, beside = self.up[x1, y1], self.left[x1, y1]
        return np.asarray((below >= 0) & (self.down[x1, y] == below) & (self.right[x, y1] == beside))

    def _larger(self, x: int, y: int) -> tuple[int, int, int, int] | None:
        """The smallest closed cell, lowest first, whose right or lower side is not at the next crossing."""
        rights = x + 1 + np.flatnonzero(self.left[x + 1 :, y] == self.right[x, y])
        for y1 in (y + 1 + np.flatnonzero(self.up[x, y + 1 :] == self.down[x, y])).tolist():
            closed = np.flatnonzero(self._closes(x, y, rights, y1))
            if len(closed):
                return x, y, int(rights[closed[0]]), y1
        return None


def _next(there: BoolArray, *, axis: int) -> IntArray:
    """For each place in a matrix the next one along ``axis`` that is there; the matrix's length where none is."""
    length = there.shape[axis]
    numbers = np.arange(length).reshape((-1, 1) if axis == 0 else (1, -1))
    ahead = np.flip(np.minimum.accumulate(np.flip(np.where(there, numbers, length), axis), axis=axis), axis)
    return np.concatenate([ahead, np.full_like(ahead.take([0], axis), length)], axis).take(range(1, length + 1), axis)


def _groups(cells: IntArray, levels: int) -> IntArray:
    """A number for each cell, the same for cells joined by common corners."""
    corners = np.unique(cells[:, [0, 0, 2, 2]] * levels + cells[:, [1, 3, 1, 3]], return_inverse=True)[1].reshape(-1, 4)
    group = np.arange(int(corners.max(initial=-1)) + 1)
    while True:
        least = group.copy()
        np.minimum.at(least, corners.ravel(), np.repeat(group[corners].min(axis=1), 4))
        least = least[least]
        if np.array_equal(least, group):
            return np.asarray(group[corners[:, 0]])
        group = least
