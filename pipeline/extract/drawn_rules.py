"""Rules in the picture of a page: what closes a table's cells on a scan.

Why: a scanned financing plan has no drawing commands, only ink; without its rules the figures of two cells run together.
Idea: on a coarse picture, a rule is an unbroken run of ink much longer than a letter's stroke, with paper on one side at
least a little way off. Runs are found by sums over windows, for rows and for columns alike.
Limits: broken, dotted and faint rules are missed; a page with very many runs is a photograph or a drawing, and has none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.extract.glyphs import FloatArray

_DPI = 110  # of the coarse picture: a hairline still covers a third of a pixel's height
_LEVEL, _UPRIGHT = 0.45, 0.17  # inches: the shortest level and upright rule; a cell is at least one line high
_INK = 45  # grey levels below the paper's
_THICK = 5  # pixels: beyond this far from a rule, on either side, there is paper
_MOST = 3_000


def find_rules(picture: Image.Image, scale: float) -> FloatArray:
    """Rules of an upright, level picture of ``scale`` pixels a point, as ``rules.find_rules`` gives them: (n, 4) points."""
    factor = max(1, round(scale * 72 / _DPI))
    small = np.asarray(picture.reduce(factor)).astype(np.int16)
    paper = int(np.bincount(small.ravel(), minlength=256).argmax())
    ink = small < paper - _INK
    dots = 72 * scale / factor
    level = _runs(ink, round(_LEVEL * dots))
    upright = _runs(ink.T, round(_UPRIGHT * dots))
    if not level or not upright or len(level) + len(upright) > _MOST:
        return np.zeros((0, 4), np.float32)
    pixel = factor / scale
    rows = [(start, place, end, place) for place, start, end in level]
    columns = [(place, start, place, end) for place, start, end in upright]
    return (np.array(rows + columns, np.float32) + np.float32(0.5)) * np.float32(pixel)


def _runs(ink: NDArray[np.bool_], length: int) -> list[tuple[int, int, int]]:
    """(row, start, end) of the runs of ink at least ``length`` long in rows that have paper close by; one pixel may fail."""
    if ink.shape[1] <= length:
        return []
    sums = np.cumsum(np.pad(ink, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    full = sums[:, length:] - sums[:, :-length] >= length - 1
    rows = np.flatnonzero(full.any(axis=1))
    found = []
    for row in rows.tolist():
        edges = np.flatnonzero(np.diff(np.concatenate(([0], full[row].astype(np.int8), [0]))))
        for start, last in edges.reshape(-1, 2).tolist():
            end = last - 1 + length
            beside = [other for other in (row - _THICK, row + _THICK) if 0 <= other < len(ink)]
            if not beside or min(float(ink[other, start:end].mean()) for other in beside) < 0.3:
                found.append((row, start, end))
    return found
