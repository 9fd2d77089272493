"""Marks and no-break spaces that became U+FFFD with the letters: cp1252 read as UTF-8 loses all that is not ASCII.

Why: in ``l\ufffdANRU`` or ``17\ufffdmars`` a gap is no letter, but an apostrophe, a space or a quotation mark.
Idea: what stands on both sides tells most of them (``lost_marks.csv``, tried in order); a quotation that closes was opened;
the rest are whatever stands there most often (``solve_alone.standing``).
Limits: a bullet is read as a dash; two bytes that begin one sign of UTF-8 (an « é » and its no-break space) leave one gap.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.accented import ELIDED, GONE, by_remains
from pipeline.repair.likelihood import word_score
from pipeline.repair.solve_alone import standing

LOST_MARKS = Path(__file__).with_name("lost_marks.csv")
ORDINALS = re.compile(r"(?<=\d)\ufffd(?=mes?\b)|(?<=\b1)\ufffd(?=res?\b)")  # 2�me, 1�re
_CLOSED = re.compile(r"([\w’]+)\ufffd\ufffd(?![\w\ufffd])")
_BOUND_QUOTE = re.compile("«\u00a0|\u00a0»")  # where quotation marks have their spaces, one alone is none
_CLOSING = re.compile(r"(?<=[ \u00a0])\ufffd(?=[.,;:)]|\s*$)", re.MULTILINE)  # no word: only a quote stands there
_OPENING = re.compile(r"(?<![^\s(])\ufffd(?=[ \u00a0])")
_WORD_END = re.compile(r"(?:[^\W\d_]|\ufffd)+$")
_PIECES = re.compile(r"[’'\d_]")
_ELISION_GONE = re.compile("^(?:[cdjlmnst]|qu)\ufffd", re.IGNORECASE)
_SENTENCE_END = frozenset("!?.")
_SHORT_QUOTE = 160  # letters looked back for what a quotation mark closes,
_QUOTED = 300  # and for whether one is open
_LONGEST_WORD = 40
_BITABLE = 2  # letters of a word that may have lost another
_BITTEN = 2.0  # nats
_NO_WORD = -30.0
_COMMON = 3.0  # zipf score

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    """The rows of the table; each keeps the length of the text."""
    with LOST_MARKS.open(encoding="utf-8", newline="") as file:
        return tuple(
            (
                re.compile(row["pattern"], re.MULTILINE),
                _unless_bitten if row["unless"] else row["mark"].replace(r"\u00a0", "\u00a0"),
            )
            for row in csv.DictReader(file)
        )


def fill_marks(text: str) -> str:
    """``text`` with the gaps filled that are marks and spaces by what stands beside them; its length is kept."""
    text = ORDINALS.sub("è", text)
    for pattern, mark in _rules():
        text = pattern.sub(mark, text)
    text = _CLOSED.sub(_closed, text)
    if _BOUND_QUOTE.search(text):
        return text
    for match in _CLOSING.finditer(text):
        start = max(0, match.start() - _SHORT_QUOTE, text.rfind("\n", 0, match.start()))
        openings = [m.start() for m in _OPENING.finditer(text, start, match.start())]
        if openings:
            place = max(reversed(openings), key=lambda place, text=text: _opens_quote(text, place))  # type: ignore[misc]
            text = text[:place] + "«" + text[place + 1 : match.start()] + "»" + text[match.end() :]
    return text


def mark_alone(text: str, place: int) -> str:
    """What a gap between spaces is."""
    if text[place - 1 : place] in _SENTENCE_END and (mark := mark_after(text, place)) == "»":
        return mark
    signs = "àÀ–" if _BOUND_QUOTE.search(text) else "àÀ–«»"
    return max(signs, key=lambda sign: standing(text, place, place + 1, sign) or 0.0)


def ends_in_a_mark(token: str) -> bool:
    """Whether the last gap of a token stands after a whole word, that no letter would make another word."""
    last = _PIECES.split(token)[-1]
    if not (last.endswith(GONE) and len(last) > _BITABLE and last[:-1].replace(GONE, "").islower()):
        return False
    if by_remains().get(last) or last.rstrip(GONE) in ELIDED:
        return False
    stem = last[:-1]
    return bool(by_remains().get(stem)) if GONE in stem else lexicon.zipf(stem) >= _COMMON


def mark_after(text: str, place: int) -> str:
    """What follows a whole word: a quotation closed where one is open, points of suspension elsewhere."""
    before = text[max(0, place - _QUOTED) : place]
    return "»" if before.rfind("«") > before.rfind("»") else "…"


def _closed(match: re.Match[str]) -> str:
    """A quotation closed, unless one of the gaps, or both, were likelier letters of the word before."""
    word = _PIECES.split(match[1])[-1]
    letters = max(_likeliest(word + GONE), _likeliest(word + GONE * 2))
    return match[0] if word.lower() in ELIDED or _likeliest(word) <= letters + _BITTEN else match[1] + "\u00a0»"


def _opens_quote(text: str, place: int) -> float:
    """Log odds that a gap alone is an opening quotation mark and no « à » or dash."""
    mark, letter, dash = (standing(text, place, place + 1, sign) or 0.0 for sign in "«à–")
    return mark - max(letter, dash)


def _unless_bitten(match: re.Match[str]) -> str:
    """A no-break space, unless the gap took an é with it, as the two bytes begin one sign of UTF-8."""
    word = _WORD_END.search(match.string, max(0, match.start() - _LONGEST_WORD), match.start())
    if word is None or len(word[0]) < _BITABLE:
        return "\u00a0"
    ends = {word[0], _ELISION_GONE.sub("", word[0])}
    bitten = any(_likeliest(end + GONE) > max(map(_likeliest, ends)) + _BITTEN for end in ends)
    return match[0] if bitten else "\u00a0"


def _likeliest(remains: str) -> float:
    """Nats of the likeliest word that leaves some remains."""
    words = by_remains().get(remains.lower(), ()) if GONE in remains else (remains,)
    return max(map(word_score, words), default=_NO_WORD)
