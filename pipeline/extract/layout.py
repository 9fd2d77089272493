"""One page's glyphs laid out: lines in reading order, and the raw text composed of them.

Why: everything downstream reads ``Page.raw_text``; order, line ends and blocks are decided here, and only here.
Idea: each text direction is turned upright and laid out alone, the page's main direction first; what is printed twice,
lies off the page or runs aslant is kept, after the glyph or at the end, and marked as a cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.extract.glyphs import LINE_END, MADE_SPACE, FloatArray, FontTable, IntArray, PageGlyphs
from pipeline.extract.grid import cells_of, flow
from pipeline.extract.lines import Line
from pipeline.extract.notes import notes_last
from pipeline.extract.ruled_rows import ruled_tables
from pipeline.extract.runs import MADE_SPACE_GAP, doubled, find_runs, is_space
from pipeline.records import Cut, Glyphs

_NARROWEST = 0.25  # ems: an « i » with the white beside it
_ENDS = {start: np.full(1 + start, LINE_END) for start in (False, True)}  # of a line, before another or a new block


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """A page's glyphs and its lines in reading order.

    ``starts``: for each line, whether it begins a block; ``families``: what cuts it ("" for text so far);
    ``twins``: for each glyph the earlier one it is printed over, or -1.
    """

    page: PageGlyphs
    lines: tuple[Line, ...]
    starts: tuple[bool, ...]
    families: tuple[str, ...]
    twins: IntArray

    def text(self) -> str:
        """The text of its lines, one a line, for judging it."""
        ends = np.array([LINE_END])
        pieces = [piece for line in self.lines for piece in (line.sequence, ends)]
        return self.page.text(np.concatenate(pieces)) if pieces else ""


def lay_out(page: PageGlyphs) -> Layout:
    """Put the glyphs of a page into lines in reading order."""
    twins = doubled(page)
    boxes = page.boxes
    off = (boxes[:, 2] < 0) | (boxes[:, 3] < 0) | (boxes[:, 0] > page.width) | (boxes[:, 1] > page.height)
    if off.any():  # what is mostly off the page is off it with its first letters too
        off |= (np.bincount(page.objects, weights=off) > 0.5 * np.bincount(page.objects))[page.objects]
    seen = (twins < 0) & ~off
    plain = seen & ~page.slanted
    found: list[tuple[Line, bool, str]] = []
    for quadrant in np.argsort(-np.bincount(page.quadrant[plain], minlength=4), kind="stable").tolist():
        members = np.flatnonzero(plain & (page.quadrant == quadrant))
        found += [(line, start, "") for line, start in _directed_lines(page, members, quadrant)]
    found += [(line, True, "slanted") for line in _slanted_lines(page, np.flatnonzero(seen & page.slanted))]
    hidden = np.flatnonzero((twins < 0) & off)
    found += [(line, start, "off-page") for line, start in _directed_lines(page, hidden, 0)]
    lines, starts, families = zip(*found, strict=True) if found else ((), (), ())
    starts = tuple(start and not _goes_on(page, lines, index) for index, start in enumerate(starts))
    return Layout(page=page, lines=lines, starts=starts, families=families, twins=twins)


def _goes_on(page: PageGlyphs, lines: Sequence[Line], index: int) -> bool:
    """Whether a line at a column's top goes on with the sentence at the foot of the column before it."""
    line, above = lines[index], lines[index - 1]
    if index == 0 or line.y >= above.y or line.quadrant != above.quadrant or line.cells + above.cells > 2:
        return False
    first, last = page.codes[line.sequence[0]], page.codes[above.sequence[-1]]
    unfinished = chr(last).isalpha() or last in (0x2C, 0x2D)
    return bool(unfinished and 0x61 <= first <= 0x7A and abs(line.size - above.size) < 0.1 * line.size)


def _directed_lines(page: PageGlyphs, members: IntArray, quadrant: int) -> Iterator[tuple[Line, bool]]:
    if not len(members) or is_space(page.codes[members]).all():
        return
    boxes, height = page.boxes[members], page.baseline[members, 1] - 0.3 * page.size[members]
    tables = ruled_tables(page.rules) if quadrant == 0 else []
    cells = cells_of(tables, (boxes[:, 0] + boxes[:, 2]) / 2, height)
    placed = list(flow(page, find_runs(page, members, quadrant, cells), quadrant))
    yield from notes_last(page, placed, float(np.median(page.size[members]))) if quadrant == 0 else placed


def _slanted_lines(page: PageGlyphs, members: IntArray) -> Iterator[Line]:
    """Text aslant, in drawing order: a stamp or a watermark is a few words."""
    if not len(members):
        return
    x0, _, x1, bottom = page.boxes[members].T
    gaps = np.flatnonzero(_slanted_gaps(page.boxes[members], page.size[members]) > MADE_SPACE_GAP) + 1
    yield Line(
        sequence=np.insert(members, gaps, MADE_SPACE),
        x0=float(x0.min()),
        x1=float(x1.max()),
        y=float(bottom.max()),
        size=float(page.size[members].max()),
        font=int(page.font_ids[members[0]]),
        cells=1,
        first_word=0.0,
    )


def _slanted_gaps(boxes: FloatArray, size: FloatArray) -> FloatArray:
    """White between letters drawn one after the other aslant, in ems; their upright boxes overlap.

    A box about a letter of breadth b and height h, turned by a, is (b + h)(cos a + sin a) broad and high together.
    """
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    way = np.abs(middle[-1] - middle[0])
    both = (boxes[:, 2:] - boxes[:, :2]).sum(axis=1) * np.hypot(*way) / max(float(way.sum()), 1.0)
    breadth = both - both.min() + _NARROWEST * size
    step = np.hypot(*np.diff(middle, axis=0).T)
    return np.asarray((step - (breadth[1:] + breadth[:-1]) / 2) / size[1:], np.float32)


def compose(layout: Layout, fonts: FontTable, families: Sequence[str]) -> tuple[str, Glyphs, tuple[Cut, ...]]:
    """Raw text, its glyphs and its cuts; ``families`` names, for each line, the family that cuts it ("" keeps it)."""
    pieces: list[IntArray] = []
    cuts: list[Cut] = []
    length = 0
    partners = _partners(layout.twins)
    for line, start, family in zip(layout.lines, layout.starts, families, strict=True):
        if length:
            ends = _ENDS[start]
            pieces.append(ends)
            length += len(ends)
        sequence, doubles = _with_doubles(line.sequence, partners)
        pieces.append(sequence)
        if family:
            cuts.append(Cut(start=length, end=length + len(sequence), family=family))
        else:
            cuts += [Cut(start=length + at, end=length + at + 1, family="fake-bold") for at in doubles]
        length += len(sequence)
    order = np.concatenate(pieces) if pieces else np.zeros(0, np.int64)
    return layout.page.text(order), _glyphs(layout.page, order, fonts), tuple(cuts)


def _partners(twins: IntArray) -> dict[int, list[int]]:
    partners: dict[int, list[int]] = {}
    for double in np.flatnonzero(twins >= 0).tolist():
        root = int(twins[double])
        while twins[root] >= 0:
            root = int(twins[root])
        partners.setdefault(root, []).append(double)
    return partners


def _with_doubles(sequence: IntArray, partners: dict[int, list[int]]) -> tuple[IntArray, list[int]]:
    """A line's sequence with doubled glyphs put back after the glyph they cover, and where they are."""
    if not partners:
        return sequence, []
    whole: list[int] = []
    places: list[int] = []
    for index in sequence.tolist():
        whole.append(index)
        for double in partners.get(index, ()):
            places.append(len(whole))
            whole.append(double)
    return np.array(whole, np.int64), places


def _glyphs(page: PageGlyphs, order: IntArray, fonts: FontTable) -> Glyphs:
    drawn = order >= 0
    boxes = np.full((len(order), 4), np.nan, np.float32)
    font_ids = np.full(len(order), -1, np.int16)
    boxes[drawn] = page.boxes.take(order[drawn], axis=0)
    font_ids[drawn] = page.font_ids.take(order[drawn])
    confidences = None
    if page.confidences is not None:
        confidences = np.full(len(order), np.nan, np.float32)
        confidences[drawn] = page.confidences[order[drawn]]
    return Glyphs(fonts=tuple(fonts.keys), font_ids=font_ids, boxes=boxes, confidences=confidences)
