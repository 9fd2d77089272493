"""Which sign a glyph is, from its outline alone.

Why: a subset may have lost its names and its maps, and its ToUnicode map lies; what it draws cannot lie, or nobody could
read the page. And some signs (an É that occurs once) are too rare for the text to tell.
Idea: é is drawn as e and something over it. A glyph one of whose parts is exactly the outline of a letter of the same font,
whose reading nobody doubts (ASCII), is that letter with an accent, told by the shape of what is left: one that leans right
is acute, left grave, a peak circumflex, two dots a diaeresis, a tail below a cedilla. Nothing
else is guessed.
Limits: fonts that draw each accented letter anew tell nothing, nor do ligatures, dashes and quotation marks; no outline
is read as a picture. What a glyph is in another font, whose outline is the same to the point, is the witness's to say.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fontTools.pens.recordingPen import DecomposingRecordingPen

_BASES = "aceinouyACEINOUY"
_MARKS = {"acute": "\u0301", "grave": "\u0300", "peak": "\u0302", "dots": "\u0308", "tail": "\u0327"}
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ")
_NARROW = 0.5  # of its foot: a peak's top is narrower

Place = tuple[float, float]


class Contour(NamedTuple):
    """One closed line: its shape from its first point on, and where its points are."""

    shape: tuple[tuple[str, tuple[Place, ...]], ...]
    points: tuple[Place, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)


Outline = tuple[Contour, ...]


def contours(outlines: Mapping[str, Any], glyph: str) -> Outline:
    """The closed lines of a glyph, components resolved; whatever fontTools stumbles on is raised."""
    pen = DecomposingRecordingPen(outlines)
    outlines[glyph].draw(pen)
    made: list[Contour] = []
    steps: list[tuple[str, tuple[Place, ...]]] = []
    for step, points in pen.value:
        if step in ("closePath", "endPath"):
            flat = [point for _, some in steps for point in some]
            if flat:
                x0, y0 = flat[0]
                shape = tuple((name, tuple((x - x0, y - y0) for x, y in some)) for name, some in steps)
                made.append(Contour(shape, tuple(flat)))
            steps = []
        else:
            steps.append((step, tuple(point for point in points if point is not None)))
    return tuple(made)


def signs_of_outlines(drawn: Mapping[int, Outline], read: Mapping[int, str]) -> dict[int, str]:
    """What the outlines of a font's codes are, where they say; ``read``: what the codes are taken for so far."""
    letters: dict[str, Outline] = {}
    for code, sign in sorted(read.items()):
        if sign in _BASES and code in drawn:
            letters.setdefault(sign, drawn[code])
    signs: dict[int, str] = {}
    for code, parts in drawn.items():
        found = {sign for letter, base in letters.items() if (sign := _accented(letter, base, parts))}
        if len(found) == 1:
            signs[code] = found.pop()
    return signs


def _accented(letter: str, base: Outline, parts: Outline) -> str:
    """The letter that ``parts`` are, if they are ``base`` and an accent; nothing else."""
    if letter == "i":  # its dot gives way
        base = tuple(sorted(base, key=lambda contour: contour.box[1])[:1])
    left = Counter(contour.shape for contour in parts)
    left.subtract(contour.shape for contour in base)
    if not base or any(count < 0 for count in left.values()):
        return ""
    body = [contour for contour in parts if not left[contour.shape]]
    extra = [contour for contour in parts if left[contour.shape]]
    if len(body) != len(base) or not extra:
        return ""
    made = unicodedata.normalize("NFC", letter + _MARKS.get(_mark(body, extra), ""))
    return made if made in _FRENCH else ""


def _mark(body: Iterable[Contour], extra: list[Contour]) -> str:
    """Which mark stands over, or hangs under, a letter's body."""
    top, bottom = max(contour.box[3] for contour in body), min(contour.box[1] for contour in body)
    boxes = [contour.box for contour in extra]
    middle = (top + bottom) / 2
    if len(boxes) == 2 and all(box[1] > middle for box in boxes):
        (one, two) = sorted(boxes)
        level = abs(one[1] - two[1]) < 0.2 * (one[3] - one[1]) and one[2] < two[0]
        return "dots" if level and not any(map(_leaning, extra)) else ""
    if len(boxes) != 1:
        return ""
    _, low, _, high = boxes[0]
    if low < bottom and high < middle:
        return "tail"
    return _leaning(extra[0]) if low > middle and high > top else ""


def _leaning(accent: Contour) -> str:
    """Whether an accent's top stands beyond its foot, to a side, or is a peak over it; a dot or a caron is neither."""
    _, low, _, high = accent.box
    third = (high - low) / 3
    upper = [x for x, y in accent.points if y >= high - third]
    lower = [x for x, y in accent.points if y <= low + third]
    middle = (max(upper) + min(upper)) / 2
    if not min(lower) <= middle <= max(lower):
        return "acute" if middle > max(lower) else "grave"
    return "peak" if max(upper) - min(upper) < _NARROW * (max(lower) - min(lower)) else ""
