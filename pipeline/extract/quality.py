"""How good a page's text is, and whether it needs optical reading.

Why: a page may only seem to have text: bullets under pictured slides, an empty layer, a bad old OCR.
Idea: quality is French likelihood, counted so that damage repair can mend costs little: what must be words, letters and
known ones. Pictures that cover a page with few glyphs over them speak for a scan.
Limits: a page in another language scores low though nothing is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from pipeline import lexicon
from pipeline.extract.ink import Ink

_LETTERS = re.compile(r"[^\W\d_]")
_LEADERS = re.compile(r"[._…]{2,}|(?:[._…] ){3,}")  # of a table of contents, or to be filled in
# what begins with one sign of a set is found some eight times faster than one of several things
_LOST = re.compile("[\ufffd\x00-\x08\x0e-\x1f(](?:(?<=[^(])|cid:\\d+\\))")
_MISREAD = re.compile("[\ufffd\x00-\x08\x0e-\x1f(À-Þ](?:(?<=[^(À-Þ])|(?<=\\()cid:|(?<=[a-zà-ÿ][À-Þ])(?=[a-zà-ÿ]))")


# glyph numbers in place of letters: in most TrueType fonts the space is glyph 3, and the letters follow as in ASCII
_GLYPH_NUMBER = 29
_MENDED = 0.8  # of the quality a text would have once mended
_THIN = 150  # letters: fewer on a page, and its look is asked
POOR = 0.6  # the quality below which a page's text layer is doubted
_SURE = 0.9  # from here on too many words are known for the text to be garbled
_SCANNED = 0.7  # of the page's area: a picture as large is the page itself
_SOME_INK = 0.002  # of the page's area: a line or two of print


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is thought of a page's text layer."""

    quality: float
    needs_ocr: bool


def wants_a_look(text: str, quality: float) -> bool:
    """Whether a page's text layer is so thin or poor that its picture must be compared with it."""
    return _is_poor_or_thin(text, quality) or _is_garbled(text, quality)


def _is_poor_or_thin(text: str, quality: float) -> bool:
    return quality < POOR or sum(1 for _ in islice(filter(str.isalpha, text), _THIN)) < _THIN


def judge(text: str, quality: float, ink: Ink) -> Verdict:
    """Weigh a thin or poor text layer against the ink on its page; a blank page is perfectly read."""
    if not text.strip() and ink.uncovered < _SOME_INK / 4:
        return Verdict(quality=1.0, needs_ocr=False)
    if ink.picture > _SCANNED and _is_garbled(text, quality):  # what another reader saw in a scan, long ago
        return Verdict(quality=min(quality, round(known_letters(text), 3)), needs_ocr=True)
    if not _is_poor_or_thin(text, quality):  # words of another language, say, beside a picture
        return Verdict(quality=quality, needs_ocr=False)
    told = ink.covered / (ink.covered + ink.uncovered) if ink.covered + ink.uncovered else 1.0
    untold = ink.uncovered >= _SOME_INK and told < 0.5
    poor_scan = quality < 0.5 and ink.covered + ink.uncovered > 0
    return Verdict(quality=round(quality * told, 3) if untold else quality, needs_ocr=untold or poor_scan)


def known_letters(text: str) -> float:
    """The share of a text's letters that stand in words the list knows, 0 to 1: misread words fall into short pieces, and
    many of these are words too."""
    words = lexicon.WORD.findall(text.lower())
    scores = lexicon.zipf_scores()
    return sum(len(word) for word in words if word in scores) / max(sum(map(len, words)), 1)


def _is_garbled(text: str, quality: float) -> bool:
    return quality < _SURE and known_letters(text) < POOR


def is_doubtful(text: str, quality: float) -> bool:
    """Whether another engine should be heard: words are unknown, glyphs unmapped, capitals stand amid small letters."""
    return _LETTERS.search(text) is not None and (quality < 0.8 or _MISREAD.search(text) is not None)


def believable(text: str) -> float:
    """A figure to compare two readings of one page by: words the list knows, less what is certainly broken."""
    words = lexicon.WORD.findall(_LOST.sub(" ", text).lower())  # « cid » is itself a word the list knows
    return lexicon.known(words) - 0.5 * len(_MISREAD.findall(text))


def text_quality(text: str) -> float:
    """0 to 1: how much of a text is letters in words that are French, or would be after mending."""
    quality = _french_share(text)
    if quality >= POOR or not text.strip():
        return quality
    numbers = "".join(chr(ord(char) + _GLYPH_NUMBER) if char > "\n" or char < "\t" else char for char in text)
    return max(quality, round(_MENDED * _french_share(numbers), 3))


def mended_quality(text: str) -> float:
    """The quality of a page whose text will be ``text`` once mended."""
    return round(_MENDED * _french_share(text), 3)


def _french_share(text: str) -> float:
    if "..." in text or "___" in text or "…" in text or ". . ." in text:
        text = _LEADERS.sub(" ", text)
    solid = sum(map(len, text.split()))
    if not solid:
        return 0.0
    words = lexicon.WORD.findall(text.lower())
    letters = sum(map(len, words))
    lost = sum(map(len, _LOST.findall(text))) if _LOST.search(text) else 0
    digits = sum(map(text.count, "0123456789"))
    wordy = min(1.0, (letters + digits) / solid / 0.6)
    known = lexicon.known(words) / len(words) if letters > 0.05 * solid else 0.9
    return round(max(0.0, min(1.0, wordy * min(1.0, known / 0.9) - 2 * lost / solid)), 3)
