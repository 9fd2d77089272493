"""Tesseract and its French model: what is there, and the words it sees in a picture.

Why: one place knows the engine, where its data lie and what to install where they do not.
Idea: the engine is loaded once a process and asked for words with their boxes, lines, baselines and confidences; a cell
of a table can be read by itself, as a block.
Limits: one thread, since the workers share the machine already.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

_PLACES = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata", "/usr/local/share/tessdata",
           "/opt/homebrew/share/tessdata")  # fmt: skip
_SPECK = 0.5  # of confidence: marks that are no letters need more


class Word(NamedTuple):
    """A word as Tesseract saw it; pixels of the upright picture. ``line``: which line it stands in."""

    text: str
    box: tuple[int, int, int, int]
    confidence: float
    line: int
    baseline: float
    height: float


def missing() -> str:
    """What has to be installed before pages can be read optically; empty where nothing is missing."""
    try:
        import tesserocr  # noqa: F401
    except ImportError:
        return "the Python package tesserocr (pip install tesserocr) and Tesseract's French data (Debian: tesseract-ocr-fra)"
    return "" if tessdata() else "Tesseract's French data (Debian: apt-get install tesseract-ocr-fra tesseract-ocr-osd)"


@lru_cache(maxsize=1)
def tessdata() -> Path | None:
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
        path=str(tessdata()), lang="fra", psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
    )


def orientations(picture: Image.Image) -> list[int]:
    """Quarter turns, counter-clockwise, that may put the picture upright; empty where its text is upright already."""
    import tesserocr

    folder = tessdata()
    if folder is None or not (folder / "osd.traineddata").is_file():
        return [2, 1, 3]
    with tesserocr.PyTessBaseAPI(path=str(folder), lang="osd", psm=tesserocr.PSM.OSD_ONLY) as osd:
        osd.SetImage(picture)
        found = osd.DetectOrientationScript()
    if not found:  # too few letters to tell
        return []
    quarters = int(found["orient_deg"]) // 90 % 4
    return [quarters] if quarters else []


def words_of(
    picture: Image.Image, scale: float, box: tuple[int, int, int, int] | None = None, first_line: int = 0
) -> Iterator[Word]:
    """Every word of an upright picture of ``scale`` pixels a point, in Tesseract's order; specks are left out.

    ``box``: read only this part of it (pixels), as one block. Lines are numbered from ``first_line``.
    """
    import tesserocr

    level, of_line = tesserocr.RIL.WORD, tesserocr.RIL.TEXTLINE
    api = _engine()
    api.SetPageSegMode(tesserocr.PSM.AUTO if box is None else tesserocr.PSM.SINGLE_BLOCK)
    api.SetImage(picture)
    api.SetSourceResolution(max(70, round(scale * 72)))
    if box is not None:
        api.SetRectangle(box[0], box[1], box[2] - box[0], box[3] - box[1])
    if not api.Recognize():
        return
    found = api.GetIterator()
    line = first_line - 1
    try:
        for word in tesserocr.iterate_level(found, level) if found else ():
            if word.IsAtBeginningOf(of_line):
                line += 1
            text, box = _text_of(word, level), word.BoundingBox(level)
            confidence = word.Confidence(level) / 100
            if not text or box is None or (confidence < _SPECK and not any(map(str.isalnum, text))):
                continue
            baseline = word.Baseline(of_line)
            base = (baseline[0][1] + baseline[1][1]) / 2 if baseline else float(box[3])
            height = max(float(word.RowAttributes()["row_height"]), 1.0)
            yield Word(text, box, confidence, line, base, height)
    finally:
        api.Clear()


def _text_of(word: Any, level: int) -> str:
    try:
        return "".join((word.GetUTF8Text(level) or "").split())
    except RuntimeError:  # « No text returned »: the place holds a picture, no writing
        return ""
