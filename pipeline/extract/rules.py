"""The level and upright lines drawn on a page.

Why: where a table is ruled, its rules say what its cells are; underlines and frames are rules too.
Idea: thin rectangles, the edges of visible broad ones and straight strokes become level and upright rules.
Limits: rules inside form objects and those drawn as pictures are not seen; a page with thousands of them is a drawing.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from pipeline.extract.glyphs import BoolArray, Displayed, FloatArray, bind, reference

_MAX_OBJECTS = 6_000
_SEGMENTS = 6  # of a path: a rectangle's, closed; one of more is looked at stroke by stroke
_THIN, _LONG, _NEAR = 3.0, 8.0, 1.6  # points: a rule's width, its least length, how unlike the heights of one row are
_WHITE = 250  # of 255


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
