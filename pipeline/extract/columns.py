"""In which order the parts of a page are read: columns, also under a full-width title, and rows of cells.

Why: read straight across, two columns give sentences nobody wrote; read down, a table's figures lose their labels.
Idea: a gutter is a strip no run crosses, with runs on both sides. Its two sides are columns where both hold running
text, or where their lines do not stand on common baselines; otherwise they are cells of rows. Full-width white bands
that cut both sides alike are rows of a table of text: read row by row, each cell as a column. Parts are ordered
recursively: what is above a zone of columns, the columns from left to right, what is below.
Limits: a two-column page whose lines are shorter than some eighteen letters and stand on common baselines reads as a table.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.extract.glyphs import BoolArray, FloatArray, IntArray
from pipeline.extract.runs import Runs

_ASCENT, _DESCENT = 0.75, 0.22  # of an em: the height a line of text occupies about its baseline
_PROSE_LETTERS = 18  # glyphs a line, on average, of the narrowest column of running text
_MAX_DEPTH = 40


def reading_order(runs: Runs) -> Iterator[IntArray]:
    """Yield the indices of the runs of each part of the page that is read line by line, in reading order."""
    yield from _Order(runs).parts(np.arange(len(runs)), 0)


class _Order:
    def __init__(self, runs: Runs) -> None:
        self.runs = runs
        self.top: FloatArray = runs.y - _ASCENT * runs.size
        self.bottom: FloatArray = runs.y + _DESCENT * runs.size

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
        """The largest zone of columns in ``part``: what is above, the (left, right) pairs to read, what is below."""
        best: tuple[float, BoolArray, list[tuple[IntArray, IntArray]]] | None = None
        for x in self._gutter_candidates(part):
            for inside in self._free_zones(part, x):
                height = float(np.ptp(self.runs.y[part[inside]]))
                if best is not None and height <= best[0]:
                    continue
                bands = self._as_columns(part[inside], x)
                if bands:
                    best = (height, inside, bands)
        if best is None:
            return None
        _, inside, bands = best
        kept = np.concatenate([np.concatenate(pair) for pair in bands])
        rest = part[~np.isin(part, kept)]
        above = self.runs.y[rest] < float(self.runs.y[kept].min())
        return rest[above], bands, rest[~above]

    def _gutter_candidates(self, part: IntArray) -> list[float]:
        """Places just left of a left edge that at least two runs share, and that is not the part's own left edge."""
        left = self.runs.x0[part]
        edges, counts = np.unique(np.rint(left / 4).astype(np.int64), return_counts=True)
        shared = counts + np.append(counts[1:], 0) * (np.diff(np.append(edges, edges[-1] + 9)) == 1) >= 2
        places = [float(left[np.rint(left / 4) == edge].min()) - 0.5 for edge in edges[shared].tolist()]
        margin = float(left.min()) + 2 * float(np.median(self.runs.size[part]))
        return [place for place in places if place > margin][:40]

    def _free_zones(self, part: IntArray, x: float) -> Iterator[BoolArray]:
        """Which runs lie between two neighbouring runs that cross ``x``, where there are some on both sides of it."""
        x0, x1, y = self.runs.x0[part], self.runs.x1[part], self.runs.y[part]
        crossing = (x0 < x) & (x1 > x)
        cuts = np.unique(y[crossing])
        zone = np.searchsorted(cuts, y, side="right")
        on_cut = np.isin(y, cuts)
        right = x0 >= x
        for number in np.unique(zone[right & ~crossing]).tolist():
            inside = (zone == number) & ~crossing & ~on_cut
            if np.count_nonzero(inside & right) >= 2 and np.count_nonzero(inside & ~right) >= 2:
                yield inside

    def _as_columns(self, part: IntArray, x: float) -> list[tuple[IntArray, IntArray]]:
        """The pairs of sides to read one after the other; empty where the two sides are cells on common lines."""
        is_right = self.runs.x0[part] >= x
        left, right = part[~is_right], part[is_right]
        if not len(left) or not len(right):
            return []
        left, right = self._beside(left, right)
        if not len(left) or not len(right):
            return []
        gutter = float(self.runs.x0[right].min() - self.runs.x1[left].max())
        if gutter < 0.6 * float(np.median(self.runs.size[part])):
            return []
        common = self._common_lines(left, right)
        prose = self._is_prose(left), self._is_prose(right)
        lines = min(self._line_count(left), self._line_count(right))
        if lines < 2 or not any(prose) or (common > 0.5 and not self._flow_beside(left, right)):
            return []
        bands = self._bands(left, right)
        if len(bands) >= 3 and sum(bool(len(a) and len(b)) for a, b in bands) >= 0.7 * len(bands):
            return bands
        return [(left, right)]

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
        lines, last = np.unique(self.runs.y[side]), float(self.runs.y[other].max())
        after = lines[lines > last]
        before = float(lines[lines <= last].max(initial=last))
        gaps = np.flatnonzero(np.diff(np.concatenate(([before], after))) > 2.2 * float(np.median(self.runs.size[side])))
        return side[self.runs.y[side] < after[gaps[0]]] if len(gaps) else side

    def _common_lines(self, left: IntArray, right: IntArray) -> float:
        """Share of the shorter side's lines that stand on a baseline of the other side."""
        y, size = self.runs.y, float(np.median(self.runs.size[right]))
        sides = sorted((np.unique(y[left]), np.unique(y[right])), key=len)
        nearest = np.abs(sides[0][:, None] - sides[1][None, :]).min(axis=1)
        return float(np.mean(nearest < 0.2 * size))

    def _line_count(self, side: IntArray) -> int:
        y = np.sort(self.runs.y[side])
        return int(1 + np.count_nonzero(np.diff(y) > 0.5 * float(np.median(self.runs.size[side]))))

    def _is_prose(self, side: IntArray) -> bool:
        glyphs, digits = self.runs.glyph_count[side].sum(), self.runs.digit_count[side].sum()
        return bool(glyphs >= _PROSE_LETTERS * self._line_count(side) and digits < 0.4 * glyphs)

    def _flow_beside(self, left: IntArray, right: IntArray) -> bool:
        """Whether a side is running text, line after line, though its lines stand level with the other side's."""
        if any(self.runs.digit_count[side].sum() > 0.4 * self.runs.glyph_count[side].sum() for side in (left, right)):
            return False
        return any(self._is_prose(side) and self._flows(side) for side in (left, right))

    def _flows(self, side: IntArray) -> bool:
        """Whether most lines end only because the next word would not have fitted."""
        order = side[np.lexsort((self.runs.x0[side], np.rint(self.runs.y[side])))]
        y, x1, em = self.runs.y[order], self.runs.x1[order], float(np.median(self.runs.size[side]))
        starts = np.flatnonzero(np.concatenate(([True], np.diff(y) > 0.5 * em)))
        if len(starts) < 4:
            return False
        ends, words = np.maximum.reduceat(x1, starts), self.runs.first_word[order][starts]
        full = ends[:-1] + words[1:] + 0.9 * em >= float(np.percentile(ends, 90))
        return bool(np.mean(full) >= 0.6)

    def _bands(self, left: IntArray, right: IntArray) -> list[tuple[IntArray, IntArray]]:
        """Both sides cut at the white bands that run through both."""
        part = np.concatenate([left, right])
        part = part[np.argsort(self.top[part])]
        reach = np.maximum.accumulate(self.bottom[part])
        white = self.top[part][1:] - reach[:-1]
        cuts = np.flatnonzero(white > 0.55 * float(np.median(self.runs.size[part]))) + 1
        return [(band[np.isin(band, left)], band[np.isin(band, right)]) for band in np.split(part, cuts)]
