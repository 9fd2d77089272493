"""Tables without upright rules, found in the lines of a page's text.

Why: accounts and financing plans are often set with white space alone, or with level rules only.
Idea: neighbouring lines of several pieces make a zone; the strips of white that nearly all of them leave free part its
columns; at least one column must hold figures (or there must be three full columns of words). A line without figures
that stands closer to a row than rows stand apart is the rest of a wrapped cell; where level rules stand between the
rows, each band between two of them is one row.
Limits: two columns of words without rules are taken for text; so are tables of contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from pipeline.extract.glyphs import FloatArray
from pipeline.extract.textlines import Piece, TextLine
from pipeline.records import Span

Cells = list[tuple[int, int, tuple[Span, ...]]]

_FIGURE = re.compile(
    r"[-+–−(]?\s*\d[\d\s.,'’]*\s*(?:[%€]|[kKM]€|MF|KF|F|euros?|millions?|ha|m²|km²|logements?|lgts?|habitants?)?\)?"
    r"|[-–—]|néant|n\.?\s?[ac]\.?",
    re.IGNORECASE,
)
_LAST_FIGURE = re.compile(r"\S\s+(\d{1,3}(?:[\s.]\d{3})*(?:,\d+)?\s?[€%]?)\Z")
_LEADERS = re.compile(r"[._…]{4,}|(?:[._…]\s){4,}")
_LEAST_ROWS = 3
_LEAST_WORDY = 4  # rows of words alone: those who sign side by side take three lines
_FURTHEST = 3.2  # line heights between two lines of one zone
_GUTTER = 4.0  # points: the least white strip between two columns


class _Zone(NamedTuple):
    """Lines that may be a table, and the columns (left, right edge) they stand in."""

    lines: list[TextLine]
    columns: list[tuple[float, float]]


def unruled_tables(text: str, lines: Sequence[TextLine], level: FloatArray) -> list[Cells]:
    """The cells (row, column, spans) of every table among ``lines``; ``level``: the page's level rules."""
    tables = []
    for zone in _zones(lines):
        columns = _columns(zone)
        if len(columns) < 2:
            continue
        rows = _rows(text, _Zone(zone, columns), level)
        if _is_table(text, rows, len(columns)):
            tables.append(
                [
                    (number, column, tuple(row[column - 1]))
                    for number, row in enumerate(rows, 1)
                    for column in range(1, len(columns) + 1)
                ]
            )
    return tables


def _zones(lines: Sequence[TextLine]) -> Iterator[list[TextLine]]:
    """Stretches of lines that follow each other down the page, from a line of several pieces to the last such line."""
    zone: list[TextLine] = []
    for line in lines:
        if zone and not 0 < line.y - zone[-1].y < _FURTHEST * max(line.height, zone[-1].height):
            yield from _trimmed(zone)
            zone = []
        if zone or len(line.pieces) > 1:
            zone.append(line)
        if len(zone) > 2 and all(len(last.pieces) == 1 for last in zone[-3:]):
            yield from _trimmed(zone)
            zone = []
    yield from _trimmed(zone)


def _trimmed(zone: list[TextLine]) -> Iterator[list[TextLine]]:
    """The zone with, after its last line of several pieces, only a line that goes on with it."""
    several = [number for number, line in enumerate(zone) if len(line.pieces) > 1]
    if len(several) >= _LEAST_ROWS:
        last = several[-1]
        steps = [two.y - one.y for one, two in pairwise(zone)]
        follows = last + 1 < len(zone) and steps[last] < 0.9 * float(np.median(steps))
        yield zone[: last + 1 + follows]


def _columns(zone: Sequence[TextLine]) -> list[tuple[float, float]]:
    """Left and right edge of every column: between them, white that nearly no line of several pieces crosses."""
    several = [line for line in zone if len(line.pieces) > 1]
    left = min(piece.box[0] for line in several for piece in line.pieces)
    right = max(piece.box[2] for line in several for piece in line.pieces)
    cover = np.zeros(int(right - left) + 2, np.int64)
    for line in several:
        for piece in line.pieces:
            cover[max(int(np.ceil(piece.box[0] - left)), 0) : int(piece.box[2] - left) + 1] += 1
    free = cover <= 0.1 * len(several)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], free, [True])).astype(np.int8)))
    inked = [(float(a), float(b)) for a, b in edges.reshape(-1, 2).tolist()]
    columns: list[tuple[float, float]] = []
    for start, end in inked:
        if columns and start - columns[-1][1] < _GUTTER:
            columns[-1] = (columns[-1][0], end)
        else:
            columns.append((start, end))
    return [(left + start, left + end) for start, end in columns]


def _rows(text: str, zone: _Zone, level: FloatArray) -> list[list[list[Span]]]:
    """For each row, the spans of each column's cell."""
    numbers = _row_numbers(text, zone, level)
    rows: list[list[list[Span]]] = [[[] for _ in zone.columns] for _ in range(numbers[-1] + 1)]
    for line, number in zip(zone.lines, numbers, strict=True):
        for piece in line.pieces:
            column = _column_of(piece, zone.columns)
            cut = _cut(text, piece, zone.columns)
            if cut is None:
                rows[number][column].append((piece.start, piece.end))
            else:
                rows[number][column].append((piece.start, cut[0]))
                rows[number][cut[1]].append((cut[0], piece.end))
    return rows


def _cut(text: str, piece: Piece, columns: Sequence[tuple[float, float]]) -> tuple[int, int] | None:
    """Where a label that runs up to the figure of the next column ends, and that column."""
    last = max(number for number, (start, _) in enumerate(columns) if start <= piece.box[2] or number == 0)
    if piece.box[0] >= columns[last][0] - _GUTTER or abs(piece.box[2] - columns[last][1]) > _GUTTER:
        return None
    figure = _LAST_FIGURE.search(text, piece.start, piece.end)
    return (figure.start(1), last) if figure else None


def _column_of(piece: Piece, columns: Sequence[tuple[float, float]]) -> int:
    """The column a piece stands in; one over several columns counts where it begins."""
    shared = [min(piece.box[2], end) - max(piece.box[0], start) for start, end in columns]
    touched = [number for number, width in enumerate(shared) if width > 0]
    if not touched:
        middle = (piece.box[0] + piece.box[2]) / 2
        return min(range(len(columns)), key=lambda n: abs(sum(columns[n]) / 2 - middle))
    wide = [number for number in touched if shared[number] > 0.25 * (columns[number][1] - columns[number][0])]
    return (wide or touched)[0]


def _row_numbers(text: str, zone: _Zone, level: FloatArray) -> list[int]:
    """The row each line belongs to."""
    banded = _bands(zone, level)
    if banded is not None:
        return banded
    lines = zone.lines
    figures = [any(is_figure(text[piece.start : piece.end]) for piece in line.pieces) for line in lines]
    if not any(figures):
        rests = [len(line.pieces) == 1 and text[line.start].islower() for line in lines]
        return list(accumulate((not rest for rest in rests[1:]), initial=0))
    rows = [line.y for line, has in zip(lines, figures, strict=True) if has]
    pitch = float(np.median(np.diff(rows))) if len(rows) > 1 else lines[0].height * 1.5
    numbers = [0]
    for index in range(1, len(lines)):
        numbers.append(numbers[-1] + (not _goes_on(text, lines, figures, index, pitch)))
    return numbers


def _goes_on(text: str, lines: Sequence[TextLine], figures: Sequence[bool], index: int, pitch: float) -> bool:
    """Whether a line belongs to the row of the line above it: one of the two holds no figures and stands close."""
    line, above = lines[index], lines[index - 1]
    if figures[index] and figures[index - 1]:
        return False
    step = line.y - above.y
    if step < 0.85 * pitch:
        below = lines[index + 1].y - line.y if index + 1 < len(lines) and not figures[index] else step
        return step <= below * 1.05 or (figures[index] and not _rests(lines, index - 1))
    first = text[line.start]
    return (
        step < 1.2 * pitch and not figures[index] and figures[index - 1] and len(line.pieces) == 1 and first.islower()
    )


def _rests(lines: Sequence[TextLine], index: int) -> bool:
    """Whether a line already stands closer to the one above it."""
    if index == 0:
        return False
    return lines[index].y - lines[index - 1].y < 0.95 * (lines[index + 1].y - lines[index].y)


def _bands(zone: _Zone, level: FloatArray) -> list[int] | None:
    """The band between two level rules each line stands in, where rules part most of the rows; else ``None``."""
    left, right = zone.columns[0][0], zone.columns[-1][1]
    if not len(level):
        return None
    along = np.minimum(level[:, 2], right) - np.maximum(level[:, 0], left) > 0.6 * (right - left)
    heights = np.unique(np.rint(level[along, 1]))
    bands = np.searchsorted(heights, [line.y for line in zone.lines])
    several = sum(len(line.pieces) > 1 for line in zone.lines)
    _, numbers = np.unique(bands, return_inverse=True)
    count = int(numbers.max()) + 1
    return [int(number) for number in numbers] if count >= _LEAST_ROWS and count >= 0.5 * several else None


def is_figure(text: str) -> bool:
    """Whether a cell's text is a figure, with or without its unit, or stands for one."""
    return _FIGURE.fullmatch(text.strip()) is not None


def _is_table(text: str, rows: Sequence[Sequence[Sequence[Span]]], columns: int) -> bool:
    """Whether a column of figures, or three full columns, make the zone a table; tables of contents are none."""
    filled = [[" ".join(text[slice(*span)] for span in cell).strip() for cell in row] for row in rows]
    if len(filled) < _LEAST_ROWS or any(_LEADERS.search(cell) for row in filled for cell in row):
        return False
    full = sum(bool(cell) for row in filled for cell in row) >= 0.8 * columns * len(filled)
    if columns >= 3 and full and len(filled) >= _LEAST_WORDY:
        return True
    for column in range(1, columns):
        cells = [row[column] for row in filled if row[column]]
        figures = [cell for cell in cells if is_figure(cell) and any(map(str.isdigit, cell))]
        if len(figures) >= _LEAST_ROWS and len(figures) >= 0.6 * len(cells):
            return columns > 2 or not _counts_pages(figures)
    return False


def _counts_pages(figures: Sequence[str]) -> bool:
    """Whether figures are small and never fall, as the page numbers of a table of contents."""
    if not all(figure.isdigit() and len(figure) < 4 for figure in figures):
        return False
    values = [int(figure) for figure in figures]
    return all(one <= two for one, two in pairwise(values))
