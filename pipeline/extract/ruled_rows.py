"""The table rows that a page's rules close.

Why: a cell's second line belongs to its cell, not to the line beside it; where a table is ruled, its rules say so.
Idea: pieces of rules on one line are joined; two level rules with upright rules standing between them close a row. Rules that
hang together are one table, so that tables side by side keep their rows apart.
Limits: a row is as wide as its table; cells merged across columns are known by the rules that are missing above them alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.glyphs import FloatArray

_NEAR = 1.6  # points: what counts as one line
_ROOM = 5.0  # points: a cell's least width and height
_ASIDE, _APART = 12.0, 4.0  # points between two rules, along and down the page, from which they are two tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row: its height on the page and the upright rules that part its cells, from left to right.

    ``joined``: its columns that no level rule parts from the same column of the row above.
    """

    top: float
    bottom: float
    edges: tuple[float, ...]
    joined: frozenset[int]


def ruled_tables(rules: FloatArray) -> list[list[Row]]:
    """The rows of two cells or more closed by rules, from top to bottom, table by table; tables may stand side by side."""
    level = rules[:, 1] == rules[:, 3]
    if np.count_nonzero(level) < 2 or np.count_nonzero(~level) < 3:
        return []
    lines = _joined(rules[level][:, [1, 0, 2]])
    stands = _joined(rules[~level][:, [0, 1, 3]])
    if len(stands) < 6:  # two tables have three each
        return [rows] if (rows := _rows(lines, stands)) else []
    groups = _groups(np.concatenate([lines[:, [1, 0, 2, 0]], stands[:, [0, 1, 0, 2]]]))
    of_lines, of_stands = groups[: len(lines)], groups[len(lines) :]
    if len(of_tables := np.unique(of_stands)) == 1:
        return [rows] if (rows := _rows(lines, stands)) else []
    whole = {n: _rows(lines[of_lines == n], stands[of_stands == n]) for n in of_tables.tolist()}
    whole = {n: rows for n, rows in whole.items() if len(rows) > 1}
    beside = [n for n, rows in whole.items() if any(_beside(rows, other) for other in whole.values())]
    # what is drawn in pieces that do not touch is one table all the same, unless another stands beside it
    rest = _rows(lines[~np.isin(of_lines, beside)], stands[~np.isin(of_stands, beside)])
    return [rows for rows in (rest, *(whole[n] for n in beside)) if rows]


def _beside(one: list[Row], two: list[Row]) -> bool:
    level = one[0].top < two[-1].bottom and two[0].top < one[-1].bottom
    return level and (one[0].edges[-1] < two[0].edges[0] or two[0].edges[-1] < one[0].edges[0])


def _groups(boxes: NDArray[Any]) -> NDArray[np.int64]:
    """A number for each rule (a box without breadth), the same for rules that hang together."""
    grown = boxes + np.array([-_ASIDE, -_APART, _ASIDE, _APART])
    meet = (grown[:, None, 0] <= boxes[:, 2]) & (grown[:, None, 2] >= boxes[:, 0])
    meet &= (grown[:, None, 1] <= boxes[:, 3]) & (grown[:, None, 3] >= boxes[:, 1])
    group = np.arange(len(boxes))
    while True:
        least = np.where(meet, group, len(boxes)).min(axis=1)
        if np.array_equal(least, group):
            return group
        group = least[least]


def _rows(lines: NDArray[Any], stands: NDArray[Any]) -> list[Row]:
    if len(lines) < 2 or len(stands) < 3:
        return []
    heights = np.unique(lines[:, 0])
    tops, bottoms = heights[:-1], heights[1:]
    slack = 0.3 * (bottoms - tops)
    across = (stands[:, 1] <= (tops + slack)[:, None]) & (stands[:, 2] >= (bottoms - slack)[:, None])
    closed = np.flatnonzero((bottoms - tops >= _ROOM) & (np.count_nonzero(across, axis=1) >= 3)).tolist()
    sides = {n: _apart(stands[across[n], 0].tolist()) for n in closed}
    closed = [n for n in closed if len(sides[n]) >= 3]
    follows = [n - 1 in sides and sides[n - 1] == sides[n] for n in closed]
    joined = _open_above(lines, [(float(tops[n]), sides[n]) for n, does in zip(closed, follows, strict=True) if does])
    return [
        Row(
            top=float(tops[n]),
            bottom=float(bottoms[n]),
            edges=sides[n],
            joined=next(joined) if does else frozenset(),
        )
        for n, does in zip(closed, follows, strict=True)
    ]


def _apart(places: list[float]) -> tuple[float, ...]:
    """Places of upright rules without those that leave no room for a letter beside the one before: shades of a drawing."""
    return tuple(here for before, here in pairwise([-np.inf, *places]) if here - before >= _ROOM)


def _open_above(lines: NDArray[Any], rows: list[tuple[float, tuple[float, ...]]]) -> Iterator[frozenset[int]]:
    """For each row (its top, its edges) that follows another, the columns whose upper side is not ruled."""
    for edges, alike in groupby(rows, key=lambda row: row[1]):
        tops = np.array([top for top, _ in alike])
        sides = np.array(edges)
        covers = (lines[:, 1:2] <= sides[:-1] + 3) & (lines[:, 2:3] >= sides[1:] - 3)
        ruled = (np.abs(lines[:, 0] - tops[:, None]) <= _NEAR).astype(np.int64) @ covers.astype(np.int64)
        merged = (ruled == 0).any(axis=1).tolist()
        yield from (
            frozenset(np.flatnonzero(row == 0).tolist()) if some else frozenset()
            for row, some in zip(ruled, merged, strict=True)
        )


def _joined(pieces: NDArray[Any]) -> NDArray[Any]:
    """Rules (place, from, to) with the pieces that lie on one line and touch made one; sorted by place."""
    pieces = pieces[np.lexsort((pieces[:, 1], np.rint(pieces[:, 0] / _NEAR)))]
    joined: list[list[float]] = []
    for place, start, end in pieces.tolist():
        near = joined and abs(joined[-1][0] - place) <= _NEAR and start <= joined[-1][2] + 2 * _NEAR
        if near and end >= joined[-1][1] - 2 * _NEAR:  # of two neighbouring places, the second begins anew from the top
            joined[-1][1], joined[-1][2] = min(joined[-1][1], start), max(joined[-1][2], end)
        else:
            joined.append([place, start, end])
    joined.sort()
    merged = [joined[0]]
    for place, start, end in joined[1:]:
        if place - merged[-1][0] <= _NEAR and start <= merged[-1][2] + 2 * _NEAR and end >= merged[-1][1] - 2 * _NEAR:
            merged[-1][1], merged[-1][2] = min(start, merged[-1][1]), max(end, merged[-1][2])
        else:
            merged.append([place, start, end])
    return np.array(merged)
