"""Lines made paragraphs again.

Why: names, dates and sentences run over line ends; whoever reads the text next should meet them whole.
Idea: where the layout was seen (``blocks``) a single break is a space. In plain text the lines themselves tell whether
they were wrapped: many of one length, or many that stop in mid-sentence; a text that is not wrapped is left alone. A
line that ends short, opens a list, or is a label or a heading stays a line.
Limits: plain text set in columns or tables is not wrapped text, and is left as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from pipeline.repair.changes import Change

FAMILY = "line break"
_GAP = re.compile(r"\n(?:[ \t\r\n]*\n)?[ \t]*")  # from the first line end on, which is found fast
_MARK = re.compile(
    r"(?:[-–—•▪➢→●■*·]\s|\(?\d{1,2}[.)]\s|\d+(?:\.\d+)+\.?\s|[a-z]\)\s|[IVX]+\s?[.)–-]\s|[A-Z]\s?[.)–-]\s)"
)
_LABEL = re.compile(r"[A-ZÉÈÀÎÔ][^.;:!?\n]{1,40}\s?:\s")
_ITEM = re.compile(r"[^.;:!?\n]{1,50}\s?:\s\S.{0,30}")  # « dont travaux : 48 215 k€ »
_FORMULA = re.compile(r"(?:VU|Vu|CONSID[EÉ]RANT|Considérant|ARTICLE|Article)\b")
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_DOUBLED = re.compile(r"(?<=\S) {2,}(?=\S)")
_LEAST_LINES = 5
_WIDEST = 140
_FULL = 0.6  # share of the width that a wrapped line fills


class _Line(NamedTuple):
    """A line that is not blank: its place without white space at either end, and the blank lines before it."""

    start: int
    end: int
    text: str
    blanks: int


def reflow(text: str, flow: str) -> list[Change]:
    """Changes of white space that make lines paragraphs. ``flow``: what a line break means, see ``Page``."""
    if flow == "blocks":
        return _blocks(text)
    if "\n" not in text:
        return []
    lines = _lines(text)
    if len(lines) < _LEAST_LINES:
        return []
    usual = _usual_gap(lines)
    width = _width(lines, usual)
    if width is None:
        return []
    changes = [_between(one, two, usual, width) for one, two in pairwise(lines)]
    changes += [
        Change(line.start + m.start(), line.start + m.end(), " ", FAMILY, 1.0)
        for line in lines
        for m in _SPACES.finditer(line.text)
    ]
    return [change for change in changes if text[change.start : change.end] != change.after]


def _blocks(text: str) -> list[Change]:
    """Paragraphs of a page whose layout was seen; a font's own spaces beside the extractor's are one (tabs part cells)."""
    breaks = []
    for match in _GAP.finditer(text):
        start, end = len(text[: match.start()].rstrip(" \t\r")), match.end()
        after = "\n\n" if match[0].count("\n") > 1 else " "
        if after != text[start:end] and start > 0 and end < len(text):
            breaks.append(Change(start, end, after, FAMILY, 1.0))
    doubled = _DOUBLED.finditer(text) if "  " in text else ()
    return breaks + [Change(m.start(), m.end(), " ", FAMILY, 1.0) for m in doubled]


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    blanks = place = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = place + len(raw) - len(raw.lstrip())
            lines.append(_Line(start, start + len(stripped), stripped, blanks))
            blanks = 0
        else:
            blanks += 1
        place += len(raw) + 1
    return lines


def _usual_gap(lines: list[_Line]) -> int:
    """Blank lines between two lines of a paragraph: one where a text is double-spaced, none otherwise."""
    cut = Counter(two.blanks for one, two in pairwise(lines) if _in_mid_sentence(one, two))
    return cut.most_common(1)[0][0] if cut else 0


def _in_mid_sentence(one: _Line, two: _Line) -> bool:
    if one.text[-1] in ".;:!?" or not two.text[0].islower() or _MARK.match(two.text):
        return False
    return not (_ITEM.fullmatch(one.text) and _ITEM.fullmatch(two.text))


def _width(lines: list[_Line], usual: int) -> int | None:
    """The width lines were wrapped at; ``None`` where they were not wrapped."""
    pairs = [(one, two) for one, two in pairwise(lines) if two.blanks == usual]
    cut = [len(one.text) for one, two in pairs if _in_mid_sentence(one, two)]
    lengths = sorted(len(one.text) for one, _ in pairs)
    if len(cut) < 3 or len(cut) < 0.2 * len(lines):
        return None
    width = lengths[int(0.9 * (len(lengths) - 1))]
    full = sum(length > _FULL * width for length in cut)  # lines of a list stop anywhere
    return width if width <= _WIDEST and full > 0.5 * len(cut) else None


def _between(one: _Line, two: _Line, usual: int, width: int) -> Change:
    """What stands between two lines: a space, a line end, or a blank line."""
    if two.blanks > usual:
        after = "\n\n"
    elif _MARK.match(two.text) or _FORMULA.match(two.text) or (_LABEL.match(two.text) and one.text[-1] in ".;:!?"):
        after = "\n"
    elif _in_mid_sentence(one, two):
        after = " "
    elif len(one.text) + 1 + len(two.text.split(maxsplit=1)[0]) < 0.85 * width:
        after = "\n"
    else:
        after = " "
    return Change(one.end, two.start, after, FAMILY, 1.0)
