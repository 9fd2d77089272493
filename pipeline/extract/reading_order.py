"""In which order the parts of a page are read: columns, also under a full-width title, and rows of cells.

Why: read straight across, two columns give sentences nobody wrote; read down, a table's figures lose their labels.
Idea: a gutter is a strip no run crosses, with runs on both sides. Its two sides are columns where both hold running
text, or where their lines do not stand on common baselines; otherwise they are cells of rows. Full-width white bands
that cut both sides alike are rows of a table of text: read row by row, each cell as a column; one far higher than an
empty line parts two sections, whose columns are read one section after the other. Parts are ordered
recursively: what is above a zone of columns, the columns from left to right, what is below.
Limits: a two-column page whose lines are shorter than some eighteen letters and stand on common baselines reads as a table.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.extract.glyphs import FloatArray, IntArray
from pipeline.extract.runs import Runs

_ASCENT, _DESCENT = 0.75, 0.22  # of an em: the height a line of text occupies about its baseline
_PROSE_LETTERS = 18  # glyphs a line, on average, of the narrowest column of running text
_MARK_LETTERS = 3.5
_SIDE_HEADS = 0.6  # of the lines of the text they stand beside, at most
_BAND, _SECTION = 0.55, 1.75  # ems of white: between two rows of a table of text; an empty line leaves 1.4
_NEIGHBOURS = 4
_MAX_DEPTH = 40
_MAX_CANDIDATES = 24


def reading_order(runs: Runs, part: IntArray) -> Iterator[IntArray]:
    """Yield the indices of the runs of each piece of ``part`` that is read line by line, in reading order."""
    yield from _Order(runs).parts(part, 0)


class _Order:
    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.top: FloatArray = runs.y - _ASCENT * runs.size
        self.bottom: FloatArray = runs.y + _DESCENT * runs.size
        sizes = np.sort(runs.size)
        self.em = float(sizes[(len(sizes) - 1) // 2] + sizes[len(sizes) // 2]) / 2

    def parts(self, part: IntArray, depth: int) -> Iterator[IntArray]:
        zone = self._columns(part) if len(part) >= 4 and depth < _MAX_DEPTH else None
        if zone is None:
            if len(part):
                yield part
            return
        above, bands, below = zone
        yield from self.parts(above, depth + 1)
        for left, right in bands:
            yield from self.parts(left, depth + 1)
            yield from self.parts(right, depth + 1)
        yield from self.parts(below, depth + 1)

    def _columns(self, part: IntArray) -> tuple[IntArray, list[tuple[IntArray, IntArray]], IntArray] | None:
        """The tallest zone of columns in ``part``: what is above, the (left, right) pairs to read, what is below."""
        part = part[np.argsort(self.runs.y[part], kind="stable")]
        tallest = 0.0
        best: list[tuple[IntArray, IntArray]] = []
        for x in self._gutter_candidates(part):
            for zone in self._free_zones(part, x):
                height = float(self.runs.y[zone[-1]] - self.runs.y[zone[0]])
                if height > tallest and (bands := self._as_columns(zone, x)):
                    tallest, best = height, bands
        if not best:
            return None
        kept = np.concatenate([side for pair in best for side in pair])
        rest = part[~np.isin(part, kept)]
        above = self.runs.y[rest] < float(self.runs.y[kept].min())
        return rest[above], best, rest[~above]

    def _gutter_candidates(self, part: IntArray) -> list[float]:
        """Places just left of a left edge that at least two runs share, and that is not the part's own left edge."""
        x0, x1 = self.runs.x0[part], self.runs.x1[part]
        beside = np.zeros(len(part), bool)  # has, among its neighbours by height, a run wholly on its left
        for step in range(1, min(_NEIGHBOURS, len(part) - 1) + 1):
            beside[step:] |= x1[:-step] <= x0[step:]
            beside[:-step] |= x1[step:] <= x0[:-step]
        left = np.sort(x0[beside & (x0 > float(x0.min()) + 2 * self.em)])
        if len(left) < 2:
            return []
        starts = np.flatnonzero(np.concatenate(([True], np.diff(left) > 2.0)))
        counts = np.diff(np.append(starts, len(left)))
        most = np.argsort(-counts, kind="stable")[:_MAX_CANDIDATES]
        return [float(left[starts[index]]) - 0.5 for index in most.tolist() if counts[index] >= 2]

    def _free_zones(self, part: IntArray, x: float) -> list[IntArray]:
        """The runs (sorted by height) between two neighbouring runs that cross ``x``, if some are on both its sides."""
        x0, y = self.runs.x0[part], self.runs.y[part]
        right = x0 >= x
        crossing = ~right & (self.runs.x1[part] > x)
        cuts = y[crossing]
        zone = np.searchsorted(cuts, y, side="right")
        free = ~crossing
        if len(cuts):
            free &= np.abs(cuts[np.minimum(zone, len(cuts) - 1)] - y) > 0.1
            free &= np.abs(cuts[np.maximum(zone - 1, 0)] - y) > 0.1
        rights = np.bincount(zone[free & right], minlength=len(cuts) + 1)
        lefts = np.bincount(zone[free & ~right], minlength=len(cuts) + 1)
        return [part[free & (zone == number)] for number in np.flatnonzero((rights >= 2) & (lefts >= 2)).tolist()]

    def _as_columns(self, part: IntArray, x: float) -> list[tuple[IntArray, IntArray]]:
        """The pairs of sides to read one after the other; empty where the two sides are cells on common lines."""
        is_right = self.runs.x0[part] >= x
        letters = self.runs.glyph_count[part]
        if letters[~is_right].mean() < _MARK_LETTERS or letters.max() < _PROSE_LETTERS:
            return []  # list markers and their items; figures
        left, right = self._beside(part[~is_right], part[is_right])
        if not len(left) or not len(right):
            return []
        if float(self.runs.x0[right].min() - self.runs.x1[left].max()) < 0.6 * self.em:
            return []
        lines = self._line_starts(left), self._line_starts(right)
        prose = self._is_prose(left, len(lines[0])), self._is_prose(right, len(lines[1]))
        if min(map(len, lines)) < 2 or not any(prose):
            return []
        if self._common_lines(left[lines[0]], right[lines[1]]) > 0.5 and not (
            self._are_words(left) and self._are_words(right) and (self._flows(left) or self._flows(right))
        ):
            return []
        bands = self._bands(left, right, _BAND)
        if len(bands) >= 3 and sum(bool(len(a) and len(b)) for a, b in bands) >= 0.7 * len(bands):
            return bands
        if min(map(len, lines)) < _SIDE_HEADS * max(map(len, lines)) and len(rows := self._beginning_level(bands)) >= 3:
            return rows
        sections = self._bands(left, right, _SECTION)
        return sections if all(len(a) and len(b) for a, b in sections) else [(left, right)]

    def _beside(self, left: IntArray, right: IntArray) -> tuple[IntArray, IntArray]:
        """Both sides without what lies above or below the other side, save text that goes on without a gap."""
        first = max(float(self.top[left].min()), float(self.top[right].min()))
        left, right = left[self.bottom[left] > first], right[self.bottom[right] > first]
        left = self._until_gap(left, right)
        return left, self._until_gap(right, left)

    def _until_gap(self, side: IntArray, other: IntArray) -> IntArray:
        """A side down to the first white band below the other side's last line."""
        if not len(side) or not len(other):
            return side
        y, last = self.runs.y[side], float(self.runs.y[other[-1]])
        after = int(np.searchsorted(y, last, side="right"))
        if after == len(y):
            return side
        steps = y[after:] - np.concatenate(([y[after - 1] if after else last], y[after:-1]))
        gaps = np.flatnonzero(steps > 2.2 * self.em)
        return side[: after + int(gaps[0])] if len(gaps) else side

    def _line_starts(self, side: IntArray) -> IntArray:
        """Where, in a side sorted by height, each of its lines begins."""
        y = self.runs.y[side]
        return np.concatenate(([0], np.flatnonzero(y[1:] - y[:-1] > 0.5 * self.em) + 1))

    def _common_lines(self, left: IntArray, right: IntArray) -> float:
        """Share of the shorter side's lines that stand on a baseline of the other side."""
        few, many = sorted((self.runs.y[left], self.runs.y[right]), key=len)
        return float(np.mean(np.abs(few[:, None] - many[None, :]).min(axis=1) < 0.2 * self.em))

    def _is_prose(self, side: IntArray, lines: int) -> bool:
        return bool(self.runs.glyph_count[side].sum() >= _PROSE_LETTERS * lines) and self._are_words(side)

    def _are_words(self, side: IntArray) -> bool:
        return bool(self.runs.digit_count[side].sum() < 0.4 * self.runs.glyph_count[side].sum())

    def _flows(self, side: IntArray) -> bool:
        """Whether a side is running text: most lines end only because the next word would not have fitted."""
        starts = self._line_starts(side)
        if len(starts) < 4 or not self._is_prose(side, len(starts)):
            return False
        ends = np.maximum.reduceat(self.runs.x1[side], starts)
        first = np.minimum.reduceat(self.runs.x0[side], starts)
        words = np.array(
            [self.runs.first_word[line[np.argmin(self.runs.x0[line])]] for line in np.split(side, starts[1:])]
        )
        full = ends[:-1] + words[1:] + 0.9 * self.em >= np.sort(ends)[int(0.9 * len(ends))]
        return bool(np.mean(full & (first[1:] < first.min() + 6 * self.em)) >= 0.6)

    def _beginning_level(self, bands: list[tuple[IntArray, IntArray]]) -> list[tuple[IntArray, IntArray]]:
        """The bands, with those on whose first line only one side stands joined to the band above: side heads and texts."""
        rows: list[list[tuple[IntArray, IntArray]]] = []
        for left, right in bands:
            level = len(left) and len(right) and abs(self.runs.y[left].min() - self.runs.y[right].min()) < 0.5 * self.em
            if level or not rows:
                rows.append([])
            rows[-1].append((left, right))
        return [(np.concatenate([a for a, _ in row]), np.concatenate([b for _, b in row])) for row in rows]

    def _bands(self, left: IntArray, right: IntArray, least: float) -> list[tuple[IntArray, IntArray]]:
        """Both sides cut at the white bands, at least so many ems high, that run through both."""
        part = np.concatenate([left, right])
        on_left = np.arange(len(part)) < len(left)
        order = np.argsort(self.top[part], kind="stable")
        part, on_left = part[order], on_left[order]
        white = self.top[part][1:] - np.maximum.accumulate(self.bottom[part])[:-1]
        cuts = np.flatnonzero(white > least * self.em) + 1
        return [(b[on], b[~on]) for b, on in zip(np.split(part, cuts), np.split(on_left, cuts), strict=True)]
