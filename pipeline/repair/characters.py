"""Characters that are right but badly written: private-use bullets, ligature code points, accents apart, doubled glyphs.

Why: extraction gives what the font drew, not what a reader types: ``ﬁnancement``, U+F0B7 for a bullet, ``é`` as two code
points, an accent put on a letter that has it already, each glyph twice where bold was faked.
Idea: each is a local rewriting that needs no French, save doubled glyphs, whose runs are found like any broken run.
What looks like mojibake after all else goes to ftfy (R. Speer), believed only where the French gets better.
Limits: a private-use character that ``private_use.csv`` does not list is left as it is.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import ftfy
from ftfy.badness import is_bad
from rapidfuzz.distance import Levenshtein

from pipeline.repair.changes import Change
from pipeline.repair.likelihood import French, text_score
from pipeline.repair.runs import best_path
from pipeline.repair.sound import TOKEN, is_sound

PRIVATE_USE = Path(__file__).with_name("private_use.csv")
_ODD = re.compile("[\\x00\\u0300-\\u036f\\u200b\\u2060\\ue000-\\uf8ff\\ufb00-\\ufb06\\ufeff]")
_FTFY_GAIN = 8.0  # nats
_GLYPH_SPACE = "\x03"  # the space's number in Apple's standard order of glyphs
_INVISIBLE = frozenset("\x00\u200b\u2060\ufeff")
_CLUSTER = re.compile(r"([^\W\d_])([\u0300-\u036f]+)")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@lru_cache(maxsize=1)
def private_use() -> Mapping[str, str]:
    """What a private-use character stands for."""
    with PRIVATE_USE.open(encoding="utf-8", newline="") as file:
        return {chr(int(row["code"], 16)): row["after"] for row in csv.DictReader(file)}


def tidy(text: str) -> list[Change]:
    """Changes that write badly written characters as a reader would."""
    if text.count(_GLYPH_SPACE) > 0.02 * len(text):
        places = [match.start() for match in re.finditer(_GLYPH_SPACE, text)]
        return [Change(place, place + 1, " ", "glyph number of the space", 0.95) for place in places]
    if _ODD.search(text) is None:
        return []
    changes = [change for match in _CLUSTER.finditer(text) for change in _compose(match)]
    table = private_use()
    for match in _ODD.finditer(text):
        char = match[0]
        if (
            char in _LIGATURES
            and not (text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]).isspace()
        ):
            changes.append(Change(match.start(), match.end(), _LIGATURES[char], "ligature code point", 1.0))
        elif char in table:
            changes.append(Change(match.start(), match.end(), table[char], "private-use sign", 0.95))
        elif char in _INVISIBLE:
            changes.append(Change(match.start(), match.end(), "", "invisible character", 1.0))
    return changes


def _compose(match: re.Match[str]) -> list[Change]:
    """One letter for a letter and its combining marks; a mark the letter bears already goes."""
    base = match[1]
    parts = unicodedata.normalize("NFD", base)
    marks = "".join(mark for place, mark in enumerate(match[2]) if mark not in parts and mark not in match[2][:place])
    made = unicodedata.normalize("NFC", base + marks)
    if made == match[0] or len(made) > 1:
        return []
    if made == base:
        return [Change(match.start(2), match.end(2), "", "accent put twice", 1.0)]
    return [Change(match.start(), match.end(), made, "combining accent", 1.0)]


def last_resort(text: str, strange: Sequence[str]) -> list[Change]:
    """Changes ftfy would make to lines that still look like mojibake, where they make better French.

    ``strange``: the words one of which such a line holds.
    """
    changes: list[Change] = []
    for start, line in sorted(_lines_with(text, strange)):
        if not is_bad(line):
            continue
        fixed = ftfy.fix_encoding(line)
        if fixed != line and text_score(fixed) > text_score(line) + _FTFY_GAIN:
            changes += _by_ftfy(line, fixed, start)
    return changes


def _lines_with(text: str, words: Sequence[str]) -> set[tuple[int, str]]:
    """The lines of a text that hold one of some words, by their place."""
    lines: set[tuple[int, str]] = set()
    for word in words:
        place = text.find(word)
        while place >= 0:
            start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            end = len(text) if end < 0 else end
            lines.add((start, text[start:end]))
            place = text.find(word, end)
    return lines


def second_opinion(text: str, ours: str) -> list[Change] | None:
    """What ftfy makes of a text where fewer suspicious words are left than in ``ours``; ``None`` where not."""
    theirs = ftfy.fix_encoding(text)
    if _suspicious(theirs) >= _suspicious(ours):
        return None
    return _by_ftfy(text, theirs, 0)


def _suspicious(text: str) -> int:
    return sum(not is_sound(token) for token in text.split())


def _by_ftfy(before: str, after: str, start: int) -> list[Change]:
    return [
        Change(start + op.src_start, start + op.src_end, after[op.dest_start : op.dest_end], "ftfy", 0.9)
        for op in Levenshtein.opcodes(before, after)
        if op.tag != "equal"
    ]


def is_doubled(token: str) -> bool:
    """Whether every character of a token is written twice (a row of one character is no token drawn twice)."""
    return len(token) % 2 == 0 and token[::2] == token[1::2] and (len(token) == 2 or len(set(token)) > 1)


def _tells_doubling(token: str) -> bool:
    """Whether a token is no word as it stands and one when halved."""
    return (
        len(token) >= 6 and is_doubled(token) and not is_sound(token) and is_sound(token[::2]) and token[::2].isalpha()
    )


def halve_doubled(text: str, french: French) -> list[Change]:
    """Changes that write once what a fake bold wrote twice, run by run."""
    tokens = list(TOKEN.finditer(text))
    if not any(_tells_doubling(match[0]) for match in tokens):
        return []
    rows = []
    for match in tokens:
        token = match[0]
        rows.append((french.text(token), french.text(token[::2]) if is_doubled(token) else french.text(token) - 12.0))
    changes: list[Change] = []
    for match, state in zip(tokens, best_path(rows, 4.0), strict=True):
        if state and is_doubled(match[0]):
            places = range(match.start() + 1, match.end(), 2)
            changes += (Change(place, place + 1, "", "doubled glyphs", 0.95) for place in places)
    return changes
