"""Other engines' glyphs, for the pages pdfium reads badly.

Why: on broken fonts engines differ and none is always right: one guesses an encoding where another gives up.
Idea: pdf_oxide (fast) and pdfplumber (slow, thorough) give the same arrays as pdfium, so that layout and everything
after it need not know; the reading that is better French wins.
Limits: pdf_oxide turns no rotated text, so that on a page that has some it only tells whether it reads the same letters.
On broken files the two raise whatever their parsers stumbled on, so whatever they raise only means that they have nothing
to say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pdf_oxide
import pdfplumber

from pipeline.extract.glyphs import LEFT_OUT, FontTable, IntArray, PageGlyphs, sound_codes
from pipeline.extract.runs import is_space

_ALIKE = 0.98  # of the letters of a page

pdf_oxide.disable_logging()
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # what is wrong with a file is told by the page's own problem


def alternatives(path: Path, number: int, believed: PageGlyphs, fonts: FontTable) -> Iterator[PageGlyphs]:
    """Page ``number`` as the other engines read it, fastest first; an engine that fails is passed over.

    Where the second reads the same letters as the first, the third has nothing to add: so on every page looked at.
    """
    upright = not believed.quadrant.any() and not believed.slanted.any()
    for other in _heard(from_oxide, path, number, believed, fonts):
        if upright:
            yield other
        if _likeness(_letters(believed), _letters(other)) > _ALIKE:
            return
    yield from _heard(from_plumber, path, number, believed, fonts)


def _letters(glyphs: PageGlyphs) -> IntArray:
    """How often a page shows each code point: its spaces left out, and what stands for glyphs that no map tells of."""
    codes = glyphs.codes
    shown = codes[~is_space(codes) & (codes > 0x20) & ((codes < 0x7F) | (codes > 0x9F)) & (codes != LEFT_OUT)]
    return np.bincount(shown)


def _likeness(one: IntArray, two: IntArray) -> float:
    """The share of the longer page that both show."""
    both = min(len(one), len(two))
    return float(np.minimum(one[:both], two[:both]).sum() / max(one.sum(), two.sum(), 1))


def _heard(
    read: Callable[[Path, int, PageGlyphs, FontTable], PageGlyphs],
    path: Path,
    number: int,
    believed: PageGlyphs,
    fonts: FontTable,
) -> Iterator[PageGlyphs]:
    """The page as one engine reads it, or nothing where it fails."""
    try:
        glyphs = read(path, number, believed, fonts)
    except BaseException as error:  # pyo3's panics, pdf_oxide's last word, are no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return
    yield glyphs


def from_oxide(path: Path, number: int, believed: PageGlyphs, fonts: FontTable) -> PageGlyphs:
    """Page ``number`` as pdf_oxide reads it. Raises whatever pdf_oxide raises."""
    document = pdf_oxide.PdfDocument(str(path))
    left, _, _, top = document.page_crop_box(number - 1) or document.page_media_box(number - 1)
    rows: list[tuple[str, tuple[float, ...], float, float, str]] = []
    for char in document.extract_chars(number - 1):
        x, y, width, height = char.bbox
        box = (x - left, top - y - height, x - left + width, top - y)
        rows.append((char.char, box, top - char.origin_y, char.font_size, char.font_name))
    return _glyphs(believed, "pdf_oxide", fonts, rows)


def from_plumber(path: Path, number: int, believed: PageGlyphs, fonts: FontTable) -> PageGlyphs:
    """Page ``number`` as pdfplumber reads it, its upright letters. Raises whatever pdfplumber raises."""
    with pdfplumber.open(path, pages=[number]) as document:
        page = document.pages[0]
        left, top = page.cropbox[0], page.cropbox[1]
        rows = [_plumber_row(char, left, top) for char in page.chars if char["upright"]]
        return _glyphs(believed, "pdfplumber", fonts, rows)


def _plumber_row(char: dict[str, Any], left: float, top: float) -> tuple[str, tuple[float, ...], float, float, str]:
    size = abs(float(char["size"]))
    box = (char["x0"] - left, char["top"] - top, char["x1"] - left, char["bottom"] - top)
    return char["text"], box, float(char["bottom"]) - top - 0.22 * size, size, char["fontname"]


def _glyphs(
    believed: PageGlyphs,
    engine: str,
    fonts: FontTable,
    rows: list[tuple[str, tuple[float, ...], float, float, str]],
) -> PageGlyphs:
    """Arrays of one engine's characters; one that stands for several code points gives each of them its box."""
    spread = [(ord(code), box, base, size, font) for text, box, base, size, font in rows for code in text]
    count = len(spread)
    names = {name: fonts.id_of(f"{name}", engine) for name in dict.fromkeys(row[4] for row in spread)}
    ids = np.array([names[row[4]] for row in spread], np.int16)
    base = np.zeros((count, 2), np.float32)
    base[:, 1] = [row[2] for row in spread]
    size = np.array([row[3] or 1.0 for row in spread], np.float32)
    return PageGlyphs(
        width=believed.width,
        height=believed.height,
        codes=sound_codes(np.array([row[0] for row in spread], np.uint32)),
        boxes=np.array([row[1] for row in spread], np.float32).reshape(count, 4),
        baseline=base,
        size=size,
        quadrant=np.zeros(count, np.int8),
        slanted=np.zeros(count, bool),
        font_ids=ids,
        objects=np.cumsum(np.concatenate(([0], np.diff(ids) != 0)))[:count].astype(np.int64),
        engine=engine,
        rules=believed.rules,
    )
