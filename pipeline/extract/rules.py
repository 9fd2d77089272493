"""The lines drawn on a page, and the table rows they close.

Why: a cell's second line belongs to its cell, not to the line beside it; where a table is ruled, its rules say so.
Idea: thin rectangles, rectangle edges and straight strokes become level and upright rules, pieces on one line are joined;
two level rules with upright rules standing between them close a row.
Limits: rules inside form objects and those drawn as pictures are not seen; a page with thousands of them is a drawing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise, repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from pipeline.extract.glyphs import BoolArray, Displayed, FloatArray, bind, reference

_MAX_OBJECTS = 6_000
_SEGMENTS = 6  # of a path: a rectangle's, closed; one of more is looked at stroke by stroke
_THIN, _LONG, _NEAR = 3.0, 8.0, 1.6  # points: a rule's width, its least length, what counts as one line
_ROOM = 5.0  # points: a cell's least width and height
_ASIDE, _APART = 12.0, 4.0  # points between two rules, along and down the page, from which they are two tables
_WHITE = 250  # of 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row: its height on the page and the upright rules that part its cells, from left to right.

    ``joined``: its columns that no level rule parts from the same column of the row above.
    """

    top: float
    bottom: float
    edges: tuple[float, ...]
    joined: frozenset[int]


def find_rules(page: pdfium.PdfPage) -> FloatArray:
    """Rules of a page as displayed, (n, 4): x0, top, x1, bottom; a level rule has top == bottom."""
    calls = _calls()
    count = calls["count"](page.raw)
    if count > _MAX_OBJECTS:
        return np.zeros((0, 4), np.float32)
    shapes = list(map(calls["object"], repeat(reference(page.raw)), range(count)))
    paths = [
        shape
        for shape, kind in zip(shapes, map(calls["type"], shapes), strict=True)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH
    ]
    if not paths:
        return np.zeros((0, 4), np.float32)
    long = np.fromiter(map(calls["segments"], paths), np.int64, len(paths)) > _SEGMENTS
    strokes = [stroke for index in np.flatnonzero(long).tolist() for stroke in _strokes(calls, paths[index])]
    simple = [paths[index] for index in np.flatnonzero(~long).tolist()]
    bounds = _bounds(calls, simple)
    broad = (bounds[:, 2:] - bounds[:, :2]).min(axis=1) >= _THIN
    shows = ~broad
    shows[broad] = [_shows(calls, simple[index]) for index in np.flatnonzero(broad).tolist()]
    boxes = Displayed.of(page).boxes(np.concatenate((np.array(strokes, np.float32).reshape(-1, 4), bounds)))
    shows = np.concatenate((np.ones(len(strokes), bool), shows))
    return _as_rules(boxes if shows.all() else boxes[shows | _stacked(boxes)])


def _bounds(calls: dict[str, Any], shapes: list[int]) -> FloatArray:
    """Left, bottom, right and top of each shape, (n, 4); those that have none are left without breadth."""
    bounds = np.zeros((len(shapes), 4), np.float32)
    first, size = bounds.ctypes.data, bounds.nbytes
    sides = [range(first + 4 * side, first + 4 * side + size, 16) for side in range(4)]
    list(map(calls["bounds"], shapes, *sides))
    return bounds


def _stacked(boxes: FloatArray) -> BoolArray:
    """Which boxes are cells of a table, not the ground of some words: half their row stands on or under boxes as wide."""
    rows, columns = _chains(boxes), _chains(boxes[:, [1, 0, 3, 2]])
    stands = (np.bincount(columns) > 1)[columns]
    return np.asarray((np.bincount(rows, weights=stands) >= 0.5 * np.bincount(rows))[rows])


def _chains(boxes: FloatArray) -> NDArray[np.int64]:
    """For each box the number of its row: boxes as high, side by side, that touch."""
    order = np.lexsort((boxes[:, 0], np.rint(boxes[:, 3]), np.rint(boxes[:, 1])))
    left, right = boxes[order[:-1]], boxes[order[1:]]
    parted = (np.abs(right[:, [1, 3]] - left[:, [1, 3]]) >= _NEAR).any(axis=1) | (right[:, 0] - left[:, 2] >= _THIN)
    chains = np.zeros(len(boxes), np.int64)
    chains[order[1:]] = np.cumsum(parted)
    return chains


@lru_cache(maxsize=1)
def _calls() -> dict[str, Any]:
    pointer, integer = ctypes.c_void_p, ctypes.c_int
    return {
        "count": bind("FPDFPage_CountObjects", integer, pointer),
        "object": bind("FPDFPage_GetObject", ctypes.c_size_t),
        "type": bind("FPDFPageObj_GetType", integer, pointer),
        "bounds": bind("FPDFPageObj_GetBounds", integer, pointer, pointer, pointer, pointer, pointer),
        "matrix": bind("FPDFPageObj_GetMatrix", integer, pointer, pointer),
        "drawn": bind("FPDFPath_GetDrawMode", integer, pointer, pointer, pointer),
        "fill": bind("FPDFPageObj_GetFillColor", integer, pointer, pointer, pointer, pointer, pointer),
        "segments": bind("FPDFPath_CountSegments", integer, pointer),
        "segment": bind("FPDFPath_GetPathSegment", ctypes.c_size_t, pointer, integer),
        "point": bind("FPDFPathSegment_GetPoint", integer, pointer, pointer, pointer),
        "kind": bind("FPDFPathSegment_GetType", integer, pointer),
    }


def _shows(calls: dict[str, Any], shape: int) -> bool:
    """Whether a box can be seen: one neither drawn nor filled, or filled with white alone, encloses nothing."""
    values = (ctypes.c_uint * 6)()
    at = [ctypes.addressof(values) + 4 * i for i in range(6)]
    if not calls["drawn"](shape, at[0], at[1]) or values[1]:
        return True
    return bool(values[0] and calls["fill"](shape, *at[2:]) and min(values[2:5]) < _WHITE and values[5])


def _strokes(calls: dict[str, Any], shape: int) -> list[tuple[float, float, float, float]]:
    """The straight level and upright strokes of one path of many segments."""
    matrix, point = (ctypes.c_float * 6)(), (ctypes.c_float * 2)()
    calls["matrix"](shape, ctypes.addressof(matrix))
    a, b, c, d, e, f = matrix
    where = ctypes.addressof(point)
    strokes: list[tuple[float, float, float, float]] = []
    previous: tuple[float, float] | None = None
    for index in range(min(calls["segments"](shape), _MAX_OBJECTS)):
        segment = calls["segment"](shape, index)
        calls["point"](segment, where, where + 4)
        here = a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f
        if previous and calls["kind"](segment) == pdfium_c.FPDF_SEGMENT_LINETO:
            across, along = abs(here[0] - previous[0]), abs(here[1] - previous[1])
            if min(across, along) < 0.5:
                strokes.append((previous[0], previous[1], here[0], here[1]))
        previous = here
    return strokes


def _as_rules(boxes: FloatArray) -> FloatArray:
    """Thin boxes as rules along their middle, others as their four edges."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    level, upright = (height < _THIN) & (width >= _LONG), (width < _THIN) & (height >= _LONG)
    broad = (height >= _THIN) & (width >= _THIN)
    x0, top, x1, bottom = boxes[broad].T
    pieces = [
        np.stack([boxes[level, 0], middle_y[level], boxes[level, 2], middle_y[level]], axis=1),
        np.stack([middle_x[upright], boxes[upright, 1], middle_x[upright], boxes[upright, 3]], axis=1),
        np.stack([x0, top, x1, top], axis=1),
        np.stack([x0, bottom, x1, bottom], axis=1),
        np.stack([x0, top, x0, bottom], axis=1),
        np.stack([x1, top, x1, bottom], axis=1),
    ]
    return np.concatenate(pieces).astype(np.float32)


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
