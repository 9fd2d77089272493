"""Optical reading, for the pages that have no text of their own.

Why: scans, and slides made of pictures, are a good part of any archive.
Idea: the page is drawn at 300 dots an inch, turned upright and set level, and read by Tesseract with its French model.
What comes out are glyphs like those of a text layer, so that columns, paragraphs, margins and tables are found by the
same code; their boxes are turned back onto the page as it lies, each with the confidence of its word.
Limits: printed text only. A box inside a word is its share of the word's box. Without Tesseract, or without its French
data, nothing is read (with the English data 28 % of accented letters are wrong).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from pipeline.extract.drawn_rules import find_rules
from pipeline.extract.glyphs import FloatArray, FontTable, PageGlyphs
from pipeline.extract.ruled_rows import ruled_tables
from pipeline.extract.tesseract import Word, orientations, words_of
from pipeline.records import Glyphs

DPI = 300
MOST_PIXELS = 30_000_000  # an A3 sheet has 17 million at 300 dots an inch; larger sheets are drawn coarser
ENGINE = "tesseract"
_FONT = "ocr"
_RULE = 1.4  # points: half a rule and a little paper, left out around a cell
_WIDEST_SKEW, _LEAST_SKEW = 6.0, 0.1  # degrees
_POOR = 0.65  # of ``certainty``: upright pages had 0.85 and more, pages on their side or head 0.3 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """How a picture was made upright: quarter turns counter-clockwise, then ``angle`` degrees, both about the centre.

    Sizes are in points: of the page as it lies, and of the upright picture.
    """

    quarters: int
    angle: float
    lying: tuple[float, float]
    upright: tuple[float, float]

    def back(self, boxes: FloatArray) -> FloatArray:
        """Boxes (n, 4) of the upright picture, as the smallest upright boxes around them on the page as it lies."""
        corners = np.stack([boxes[:, [0, 2, 0, 2]], boxes[:, [1, 1, 3, 3]]], axis=2) - np.array(self.upright) / 2
        whole = np.radians(self.angle + 90 * self.quarters)
        cos, sin = float(np.cos(whole)), float(np.sin(whole))
        x = corners[:, :, 0] * cos - corners[:, :, 1] * sin + self.lying[0] / 2
        y = corners[:, :, 0] * sin + corners[:, :, 1] * cos + self.lying[1] / 2
        return np.stack([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpticalReading:
    """The glyphs of a page made upright, and the way back to the page as it lies.

    ``certainty``: 0 to 1, the mean confidence of a letter, taken as 0 in words that stand on end.
    """

    glyphs: PageGlyphs
    text: str
    certainty: float
    turn: _Turn

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as it lies, in points."""
        return self.turn.lying

    def on_page(self, drawn: Glyphs) -> Glyphs:
        """Composed glyphs with their boxes on the page as it lies."""
        return replace(drawn, boxes=self.turn.back(drawn.boxes))


def read_page(page: pdfium.PdfPage, fonts: FontTable) -> OpticalReading:
    """Draw and read one page; ``missing()`` must be empty. Raises ``pypdfium2.PdfiumError`` where it cannot be drawn."""
    width, height = page.get_size()
    scale = min(DPI / 72, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True, optimize_mode=None).to_pil()
    return read_picture(picture, scale, fonts)


def read_picture(picture: Image.Image, scale: float, fonts: FontTable) -> OpticalReading:
    """Read a grey picture of ``scale`` pixels a point, upright or not."""
    best = _read_turned(picture, scale, 0, fonts)
    if best.certainty >= _POOR:
        return best
    for quarters in orientations(picture):
        other = _read_turned(picture, scale, quarters, fonts)
        if other.certainty > best.certainty:
            best = other
    return best


def _read_turned(picture: Image.Image, scale: float, quarters: int, fonts: FontTable) -> OpticalReading:
    lying = (picture.width / scale, picture.height / scale)
    turned = picture.rotate(90 * quarters, expand=True) if quarters else picture
    angle = skew_of(turned)
    if abs(angle) >= _LEAST_SKEW:
        ground = int(np.argmax(turned.histogram()[:256]))
        turned = turned.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
    else:
        angle = 0.0
    rules = find_rules(turned, scale)
    words = _cell_by_cell(turned, scale, list(words_of(turned, scale)), rules)
    upright = (turned.width / scale, turned.height / scale)
    letters = sum(len(word.text) for word in words)
    return OpticalReading(
        glyphs=replace(_glyphs(words, scale, upright, fonts), rules=rules),
        text="\n".join(" ".join(word.text for word in line) for _, line in groupby(words, key=lambda word: word.line)),
        certainty=sum(word.confidence * len(word.text) for word in words if _is_level(word)) / max(letters, 1),
        turn=_Turn(quarters=quarters, angle=angle, lying=lying, upright=upright),
    )


def _cell_by_cell(picture: Image.Image, scale: float, words: list[Word], rules: FloatArray) -> list[Word]:
    """The words, with those of table rows of several lines read anew, each cell by itself.

    Read across, the first line of one cell runs into the middle line of the next.
    """
    for row in chain.from_iterable(ruled_tables(rules)) if len(rules) else ():
        top, bottom = row.top * scale, row.bottom * scale
        left, right = row.edges[0] * scale, row.edges[-1] * scale
        inside = [_is_inside(word, (left, top, right, bottom)) for word in words]
        heights = [word.height for word, within in zip(words, inside, strict=True) if within]
        if row.joined or not heights or bottom - top < 2 * float(np.median(heights)):
            continue
        words = [word for word, within in zip(words, inside, strict=True) if not within]
        inset = round(_RULE * scale)
        for start, end in pairwise(row.edges):
            cell = (round(start * scale) + inset, round(top) + inset, round(end * scale) - inset, round(bottom) - inset)
            if cell[2] - cell[0] > inset and cell[3] - cell[1] > inset:
                words += words_of(picture, scale, cell, max((word.line for word in words), default=-1) + 1)
    return words


def _is_inside(word: Word, box: tuple[float, float, float, float]) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_level(word: Word) -> bool:
    """Whether a word lies along its line: one of four letters and more is wider than high."""
    x0, top, x1, bottom = word.box
    return len(word.text) < 4 or x1 - x0 > bottom - top


def skew_of(picture: Image.Image) -> float:
    """Degrees, counter-clockwise, by which a picture must be turned to set its lines level.

    The method of Postl (1986): ink gathered along slanted rows is most uneven where the slant is that of the lines.
    """
    small = picture.reduce(max(1, round(max(picture.size) / 1200)))
    grey = np.asarray(small).astype(np.int16)
    ground = int(np.bincount(grey.ravel(), minlength=256).argmax())
    y, x = np.nonzero(np.abs(grey - ground) > 60)
    if len(x) < 200:
        return 0.0
    if len(x) > 60_000:
        step = len(x) // 60_000 + 1
        x, y = x[::step], y[::step]

    def unevenness(angle: float) -> float:
        rows = np.rint(y - x * np.tan(np.radians(angle))).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float(np.square(np.diff(counts)).sum())

    angles: list[float] = np.arange(-_WIDEST_SKEW, _WIDEST_SKEW + 0.1, 0.5).tolist()
    coarse = max(angles, key=unevenness)
    angles = np.arange(coarse - 0.5, coarse + 0.51, 0.1).tolist()
    fine = max(angles, key=unevenness)
    return round(fine, 2) if unevenness(fine) > 1.05 * unevenness(0.0) else 0.0


def _glyphs(words: list[Word], scale: float, size: tuple[float, float], fonts: FontTable) -> PageGlyphs:
    """Glyphs of the words, a space between two words of a line; type sizes that differ by chance are made one."""
    heights = _steady([word.height for word in words])
    rows: list[tuple[str, float, float, float, float, int]] = []
    for index, word in enumerate(words):
        x0, top, x1, bottom = word.box
        if index and words[index - 1].line == word.line:
            rows.append((" ", words[index - 1].box[2], top, x0, bottom, index))
        step = (x1 - x0) / len(word.text)
        rows += [(c, x0 + n * step, top, x0 + (n + 1) * step, bottom, index) for n, c in enumerate(word.text)]
    count = len(rows)
    of_word = np.array([row[5] for row in rows], np.int64)
    boxes = np.array([row[1:5] for row in rows], np.float32).reshape(count, 4) / np.float32(scale)
    base = np.array([word.baseline for word in words], np.float32)[of_word] / np.float32(scale)
    return PageGlyphs(
        width=size[0],
        height=size[1],
        codes=np.array([ord(row[0]) for row in rows], np.uint32),
        boxes=boxes,
        baseline=np.stack([boxes[:, 0], base], axis=1),
        size=np.maximum(np.array(heights, np.float32)[of_word] / np.float32(scale), 1.0),
        quadrant=np.zeros(count, np.int8),
        slanted=np.zeros(count, bool),
        font_ids=np.full(count, fonts.id_of(_FONT), np.int16),
        objects=of_word,
        engine=ENGINE,
        confidences=np.array([word.confidence for word in words], np.float32)[of_word],
    )


def _steady(heights: list[float]) -> NDArray[np.float64]:
    """Heights of lines, each set to the commonest height (by number of words) within a fifth of it."""
    values = np.array(heights, np.float64)
    left = np.ones(len(values), bool)
    while left.any():
        usual = float(np.sort(values[left])[np.count_nonzero(left) // 2])  # one of them, so that the loop ends
        near = left & (np.abs(values - usual) <= 0.2 * usual)
        values[near] = usual
        left &= ~near
    return values
