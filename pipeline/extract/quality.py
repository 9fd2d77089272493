"""How good a page's text is, and whether it needs optical reading.

Why: a page may only seem to have text: bullets under pictured slides, an empty layer, a bad old OCR.
Idea: quality is French likelihood, counted so that damage repair can mend costs little: what must be words, letters and
known ones. Pictures that cover a page with few glyphs over them speak for a scan.
Limits: a page in another language scores low though nothing is wrong with it.
"""

from __future__ import annotations

import re

from pipeline import lexicon

_LETTERS = re.compile(r"[^\W\d_]")
_LOST = re.compile("[\ufffd\x00-\x08\x0e-\x1f]|\\(cid:\\d+\\)")


def text_quality(text: str) -> float:
    """0 to 1: how much of a text is letters in words that are French, or would be after mending an accent or two."""
    solid = re.sub(r"\s+", "", text)
    if not solid:
        return 0.0
    letters = len(_LETTERS.findall(solid)) / len(solid)
    digits = sum(char.isdigit() for char in solid) / len(solid)
    lost = len(_LOST.findall(solid)) / len(solid)
    wordy = min(1.0, (letters + digits) / 0.6)
    known = lexicon.known_share(text) if letters > 0.05 else 0.9
    return round(max(0.0, min(1.0, wordy * min(1.0, known / 0.9) - 2 * lost)), 3)
