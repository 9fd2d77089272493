"""From glyphs to runs: stretches of one line, with their spaces decided.

Why: a PDF draws glyphs, not words; spaces may be missing, drawn, or drawn where there is no gap, and a column's gutter
looks like a wide space.
Idea: in drawing order, a run goes on while the baseline holds and the gap stays a word's gap; a space is believed where
there is a gap to hold it, and made where the gap is wider than kerning. Everything is array arithmetic over the page.
Limits: glyphs drawn in a scattered order make many small runs, which lines then put together by position alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.glyphs import MADE_SPACE, BoolArray, FloatArray, IntArray, PageGlyphs

# all in ems; measured on real pages: kerning stays under 0.1, a justified line's narrowest space is about 0.15
OVERLAP = -0.12  # a space drawn where glyphs overlap more than this is none
OBJECT_GAP = 0.11  # between two text objects, where a space is often left undrawn
LETTER_GAP = 0.14  # between letters that are objects each, which are set less evenly
MADE_SPACE_GAP = 0.17  # within an object
SPACED_GAP = 0.28  # within an object of a font that draws its spaces
CELL_GAP = 0.85  # what parts two cells, or columns
BACKWARD = -0.6  # a step back that begins another line
BASELINE_SHIFT = 0.12
_SPACES = np.zeros(0x3002, bool)  # by code point; what lies beyond is no space
_SPACES[[0x09, 0x20, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000]] = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """The runs of one text direction, turned upright. Row i is a run: ``sequence[starts[i]:ends[i]]`` are its glyphs
    (indices into the page's glyphs, whose code points are ``codes``; -1 is a made space), ``edges`` (2, n) their left and
    right edges, not a number for spaces; the other arrays are its place: ``x0``, ``x1``, ``y`` (baseline), ``size``;
    ``glyph_count``, ``digit_count``; ``font`` of its first glyph; ``first_word`` is its first word's width.
    ``cells``: the ruled table cell it begins in, or -1.
    ``rows`` holds the same run by run, for loops: start, end, x0, x1, y, size, glyph_count, font, first_word.
    """

    codes: NDArray[np.uint32]
    sequence: IntArray
    edges: FloatArray
    starts: IntArray
    ends: IntArray
    x0: FloatArray
    x1: FloatArray
    y: FloatArray
    size: FloatArray
    glyph_count: IntArray
    digit_count: IntArray
    font: NDArray[np.int16]
    first_word: FloatArray
    cells: IntArray
    rows: list[tuple[int, int, float, float, float, float, int, int, float]]

    def __len__(self) -> int:
        return len(self.starts)


def upright(page: PageGlyphs, members: IntArray, quadrant: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Left edge, right edge and baseline of glyphs, with the page turned so that their text reads left to right."""
    boxes, base = page.boxes[members], page.baseline[members]
    if quadrant == 1:
        return boxes[:, 1], boxes[:, 3], page.width - base[:, 0]
    if quadrant == 2:
        return page.width - boxes[:, 2], page.width - boxes[:, 0], page.height - base[:, 1]
    if quadrant == 3:
        return page.height - boxes[:, 3], page.height - boxes[:, 1], base[:, 0]
    return boxes[:, 0], boxes[:, 2], base[:, 1]


def is_space(codes: NDArray[np.uint32]) -> BoolArray:
    """Which code points are spaces of some width."""
    return _SPACES.take(codes, mode="clip")


_LIGATURE = 3  # letters of the longest ligature


def doubled(page: PageGlyphs) -> IntArray:
    """For each glyph the index of the earlier glyph it is printed over (fake bold), or -1."""
    twin = np.full(len(page), -1, np.int64)
    if len(page) < 2:
        return twin
    x, y = page.boxes[:, 0], page.boxes[:, 1]
    # one number a glyph, that sorts by code point, height and left edge, and ends in the glyph's index
    height, left = np.rint(y / 2).astype(np.int64) & 0xFFF, (x * 32).astype(np.int64) & 0x3FFFF
    keys = ((page.codes.astype(np.int64) & 0xFFFF) << 48) | (height << 36) | (left << 18) | np.arange(len(page))
    order = np.sort(keys.view(np.uint64)).view(np.int64) & 0x3FFFF
    one, two = order[:-1], order[1:]
    width = np.minimum(page.boxes[one, 2] - x[one], page.boxes[one, 3] - y[one])
    over = (np.abs(x[two] - x[one]) < 0.3 * width) & (np.abs(y[two] - y[one]) < 0.1 * page.size[one])
    over &= (page.codes[one] == page.codes[two]) & ~is_space(page.codes[one])
    if over.any():
        glyph = np.cumsum((page.boxes[1:] != page.boxes[:-1]).any(axis=1))  # a ligature's letters share their box
        glyph = np.concatenate(([0], glyph))
        letters = np.bincount(glyph)[glyph]
        over &= (glyph[one] != glyph[two]) & (np.maximum(letters[one], letters[two]) <= _LIGATURE)  # no « (cid:88) »
        pairs = np.stack([one[over], two[over]])
        twin[pairs.max(axis=0)] = pairs.min(axis=0)
    return twin


def find_runs(page: PageGlyphs, members: IntArray, quadrant: int, cells: IntArray) -> Runs:
    """Runs of the glyphs ``members`` (drawing order), which all read in direction ``quadrant``.

    ``cells``: for each of them the number of the ruled table cell it lies in, or -1.
    """
    left, right, base = upright(page, members, quadrant)
    spaces = is_space(page.codes[members])
    ink = np.flatnonzero(~spaces)  # never empty: the caller sees to it
    x0, x1, y, size = left[ink], right[ink], base[ink], page.size[members][ink]
    gap, em, drawn_spaces = x0[1:] - x1[:-1], np.maximum(size[1:], size[:-1]), np.diff(ink) - 1
    new_line = (np.abs(np.diff(y)) > BASELINE_SHIFT * np.minimum(size[1:], size[:-1])) | (gap < BACKWARD * em)
    objects, cell = page.objects[members[ink]], cells[ink]
    # one object's one space, justified
    stretched = (objects[1:] == objects[:-1]) & (drawn_spaces == 1) & (gap < 6 * em)
    breaks = new_line | (_cell_gaps(gap, em, new_line, drawn_spaces) & ~stretched)
    if cells.max() >= 0:  # a word that runs over its cell's rule is one object; a new cell begins another
        breaks |= (cell[1:] != cell[:-1]) & ((objects[1:] != objects[:-1]) | (gap > SPACED_GAP * em))
    starts = np.flatnonzero(np.concatenate(([True], breaks)))
    space = _spaces(page, members, ink, gap, em, breaks, drawn_spaces, starts)
    ends = np.append(starts[1:], len(ink))
    sequence, offsets = _sequence(members, ink, space, drawn_spaces, page.codes)
    edges = np.full((2, len(sequence)), np.nan, np.float32)
    edges[:, offsets] = x0, x1
    digits = (page.codes[members[ink]] >= 0x30) & (page.codes[members[ink]] <= 0x39)
    word_ends = np.flatnonzero(np.append(space != 0, True))
    first_end = np.minimum(word_ends[np.searchsorted(word_ends, starts)], ends - 1)
    begins, finishes = offsets[starts], offsets[ends - 1] + 1
    widest, largest = np.maximum.reduceat(x1, starts), np.maximum.reduceat(size, starts)
    font, first_word = page.font_ids[members[ink]][starts], x1[first_end] - x0[starts]
    columns = (begins, finishes, x0[starts], widest, y[starts], largest, ends - starts, font, first_word)
    return Runs(
        codes=page.codes,
        sequence=sequence,
        edges=edges,
        starts=begins,
        ends=finishes,
        x0=x0[starts],
        x1=widest,
        y=y[starts],
        size=largest,
        glyph_count=ends - starts,
        digit_count=np.add.reduceat(digits.astype(np.int64), starts),
        font=font,
        first_word=first_word,
        cells=cells[ink][starts],
        rows=list(zip(*(column.tolist() for column in columns), strict=True)),
    )


def _cell_gaps(gap: FloatArray, em: FloatArray, new_line: BoolArray, drawn_spaces: IntArray) -> BoolArray:
    """Gaps too wide for a space between words; in a justified line, wide is well above its other spaces."""
    wide = (gap > CELL_GAP * em) & ~new_line
    doubtful = wide & (gap < 2.5 * em) & (drawn_spaces == 1)
    if doubtful.any():
        line = np.cumsum(new_line)
        words = (drawn_spaces > 0) & ~new_line & ((gap < 2.5 * em) | ~wide)
        count = np.bincount(line[words], minlength=int(line[-1]) + 1)
        usual = np.bincount(line[words], weights=gap[words], minlength=int(line[-1]) + 1) / np.maximum(count, 1)
        wide &= ~(doubtful & (count[line] > 4) & (gap < 1.6 * usual[line]))
    return wide


def _spaces(
    page: PageGlyphs,
    members: IntArray,
    ink: IntArray,
    gap: FloatArray,
    em: FloatArray,
    breaks: BoolArray,
    drawn_spaces: IntArray,
    starts: IntArray,
) -> NDArray[np.int8]:
    """For each pair of neighbours: 0 no space, 1 a drawn space, 2 a space the gap asks for."""
    fonts = page.font_ids[members]
    count = int(fonts.max(initial=-1)) + 1
    inked = np.bincount(fonts[ink], minlength=count)
    drawn = np.bincount(fonts, minlength=count) - inked
    spaced = drawn > 0.06 * inked  # this font draws its spaces: a gap alone means less
    objects = page.objects[members[ink]]
    within = np.where(spaced[fonts[ink[1:]]], SPACED_GAP, MADE_SPACE_GAP)
    apart = objects[1:] != objects[:-1]
    letters = apart.copy()  # each of the two is an object by itself
    letters[1:] &= apart[:-1]
    letters[:-1] &= apart[1:]
    wanted = np.where(apart, np.where(letters, LETTER_GAP, OBJECT_GAP), within) * em
    wanted = wanted + _tracking(gap, em, drawn_spaces, starts)
    space = np.where(gap > wanted, 2, 0)
    space = np.where((drawn_spaces > 0) & (gap > OVERLAP * em), 1, space)
    return np.where(breaks, 0, space).astype(np.int8)


def _tracking(gap: FloatArray, em: FloatArray, drawn_spaces: IntArray, starts: IntArray) -> FloatArray:
    """Extra letter spacing of each pair's run (spaced-out headings), 0 for nearly all text."""
    extra = np.zeros_like(gap)
    inner = np.append(gap / em, 0.0)
    inner[starts[1:] - 1] = 0.0
    letters = np.append(np.where(drawn_spaces > 0, 0.0, gap / em), 0.0)  # a drawn space says nothing of the letters
    letters[starts[1:] - 1] = 0.0
    means = np.add.reduceat(letters, starts) / np.maximum(np.diff(np.append(starts, len(inner))) - 1, 1)
    for index in np.flatnonzero(means > 0.08).tolist():
        start, end = int(starts[index]), int(starts[index + 1]) if index + 1 < len(starts) else len(inner)
        if end - start > 3:
            typical = float(np.median(inner[start : end - 1]))
            extra[start : end - 1] = max(0.0, typical - 0.02) * em[start : end - 1]
    return extra


def _sequence(
    members: IntArray, ink: IntArray, space: NDArray[np.int8], drawn_spaces: IntArray, codes: NDArray[np.uint32]
) -> tuple[IntArray, IntArray]:
    """Glyph indices with a space (drawn, or -1) where one belongs, and the place of each inked glyph in them."""
    offsets = np.arange(len(ink)) + np.concatenate(([0], np.cumsum(space > 0)))
    sequence = np.full(int(offsets[-1]) + 1, MADE_SPACE, np.int64)
    sequence[offsets] = members[ink]
    drawn = np.flatnonzero(space == 1)
    glyphs = members[ink[drawn] + 1]
    second = (drawn_spaces[drawn] > 1) & (codes[glyphs] == 0x20)  # of two spaces, the non-breaking one says more
    last = members[ink[drawn + 1] - 1]
    sequence[offsets[drawn] + 1] = np.where(second & (codes[last] == 0xA0), last, glyphs)
    return sequence, offsets
