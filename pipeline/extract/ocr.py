"""Optical reading, for the pages that have no text of their own.

Why: scans, and slides made of pictures, are a good part of any archive.
Idea: the page is drawn at 300 dots an inch, turned upright and set level, and read by Tesseract with its French model.
What comes out are glyphs like those of a text layer, so that columns, paragraphs, margins and tables are found by the
same code; their boxes are turned back onto the page as it lies, each with the confidence of its word.
Limits: printed text only. A box inside a word is its share of the word's box. Without Tesseract, or without its French
data, nothing is read (with the English data 28 % of accented letters are wrong): ``missing`` says what to install.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from pipeline.extract.glyphs import FloatArray, FontTable, PageGlyphs
from pipeline.records import Glyphs

DPI = 300
MOST_PIXELS = 30_000_000  # an A3 sheet has 17 million at 300 dots an inch; larger sheets are drawn coarser
ENGINE = "tesseract"
_FONT = "ocr"
_PLACES = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata",
           "/opt/homebrew/share/tessdata")  # fmt: skip
_WIDEST_SKEW, _LEAST_SKEW = 6.0, 0.1  # degrees
_POOR = 0.65  # of ``certainty``: upright pages had 0.85 and more, pages on their side or head 0.3 at most
_SPECK = 0.5  # of confidence: marks that are no letters need more


class _Word(NamedTuple):
    """A word as Tesseract saw it; pixels of the upright picture. ``line``: which line it stands in."""

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    line: int
    baseline: float
    height: float


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


def missing() -> str:
    """What has to be installed before pages can be read optically; empty where nothing is missing."""
    try:
        import tesserocr  # noqa: F401
    except ImportError:
        return "the Python package tesserocr (pip install tesserocr) and Tesseract's French data (Debian: tesseract-ocr-fra)"
    return (
        "" if _tessdata() else "Tesseract's French data (Debian: apt-get install tesseract-ocr-fra tesseract-ocr-osd)"
    )


@lru_cache(maxsize=1)
def _tessdata() -> Path | None:
    """The folder that holds the French data."""
    told = os.environ.get("TESSDATA_PREFIX")
    folders = [Path(told), Path(told) / "tessdata"] if told else []
    for place in map(Path, _PLACES):
        folders += sorted(Path(place.anchor).glob(str(place.relative_to(place.anchor))), reverse=True)
    return next((folder for folder in folders if (folder / "fra.traineddata").is_file()), None)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Tesseract, loaded once a process: its French model takes longer to load than a short page to read."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # workers share the machine already; more threads slow each other
    import tesserocr

    return tesserocr.PyTessBaseAPI(
        path=str(_tessdata()), lang="fra", psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
    )


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
    for quarters in _orientations(picture):
        other = _read_turned(picture, scale, quarters, fonts)
        if other.certainty > best.certainty:
            best = other
    return best


def _orientations(picture: Image.Image) -> list[int]:
    """Quarter turns, counter-clockwise, that may put the picture upright; empty where its text is upright already."""
    import tesserocr

    folder = _tessdata()
    if folder is None or not (folder / "osd.traineddata").is_file():
        return [2, 1, 3]
    with tesserocr.PyTessBaseAPI(path=str(folder), lang="osd", psm=tesserocr.PSM.OSD_ONLY) as osd:
        osd.SetImage(picture)
        found = osd.DetectOrientationScript()
    if not found:  # too few letters to tell
        return []
    quarters = int(found["orient_deg"]) // 90 % 4
    return [quarters] if quarters else []


def _read_turned(picture: Image.Image, scale: float, quarters: int, fonts: FontTable) -> OpticalReading:
    lying = (picture.width / scale, picture.height / scale)
    turned = picture.rotate(90 * quarters, expand=True) if quarters else picture
    angle = skew_of(turned)
    if abs(angle) >= _LEAST_SKEW:
        ground = int(np.argmax(turned.histogram()[:256]))
        turned = turned.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
    else:
        angle = 0.0
    words = list(_words(turned, scale))
    upright = (turned.width / scale, turned.height / scale)
    letters = sum(len(word.text) for word in words)
    return OpticalReading(
        glyphs=_glyphs(words, scale, upright, fonts),
        text="\n".join(" ".join(word.text for word in line) for _, line in groupby(words, key=lambda word: word.line)),
        certainty=sum(word.confidence * len(word.text) for word in words if _is_level(word)) / max(letters, 1),
        turn=_Turn(quarters=quarters, angle=angle, lying=lying, upright=upright),
    )


def _is_level(word: _Word) -> bool:
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


def _words(picture: Image.Image, scale: float) -> Iterator[_Word]:
    """Every word of an upright picture, in Tesseract's order; specks read as marks are left out."""
    import tesserocr

    level, of_line = tesserocr.RIL.WORD, tesserocr.RIL.TEXTLINE
    api = _engine()
    api.SetImage(picture)
    api.SetSourceResolution(max(70, round(scale * 72)))
    if not api.Recognize():
        return
    found = api.GetIterator()
    line = -1
    try:
        for word in tesserocr.iterate_level(found, level) if found else ():
            if word.IsAtBeginningOf(of_line):
                line += 1
            text, box = word.GetUTF8Text(level), word.BoundingBox(level)
            text = "".join((text or "").split())
            confidence = word.Confidence(level) / 100
            if not text or box is None or (confidence < _SPECK and not any(map(str.isalnum, text))):
                continue
            baseline = word.Baseline(of_line)
            base = (baseline[0][1] + baseline[1][1]) / 2 if baseline else float(box[3])
            height = max(float(word.RowAttributes()["row_height"]), 1.0)
            yield _Word(text, box, confidence, line, base, height)
    finally:
        api.Clear()


def _glyphs(words: list[_Word], scale: float, size: tuple[float, float], fonts: FontTable) -> PageGlyphs:
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
