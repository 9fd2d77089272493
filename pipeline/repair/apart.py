"""Accents that stand apart from their letters: ``d ´eveloppement``, ``r´ enovation``, ``am ´ enagement``.

Why: old TeX fonts draw an accent as a sign of its own, and a reader that guesses spaces from distances puts one before it,
after it, or on both sides; the word is cut at each of its accents.
Idea: a row of letters, accents and spaces is read with every accent on the letter after it, and each space is one between
words or none, whichever makes the likelier French.
Limits: accents after their letter with spaces are not told apart; a text needs some such words that only one reading makes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import product

from pipeline import lexicon
from pipeline.repair.accented import differences
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import WORD, French

APART = "accent apart"
_MARKS = {"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "¨": "\u0308", "¸": "\u0327"}
_SPACED = re.compile("(?: [´`ˆ¨¸]|[´`ˆ¨¸] )[aeiouycAEIOUYC]|[´`ˆ¨¸] ı")
_WITHIN = re.compile(r"(?<=[^\W\d_])[´`ˆ¨¸](?=[^\W\d_])")
_WITHIN_SHARE = 0.3
_ROW = re.compile(r"[^\W\d_]*(?:(?: ?[´`ˆ¨¸] ?|(?<=’) ?[´`ˆ¨¸] ?)[aeiouycıAEIOUYC][^\W\d_]*)+")
_JOINT = re.compile(r"( ?)([´`ˆ¨¸]) ?(.)")
_MOST = 6  # accents of one row
_LEAST = 2  # different words of some length that show it,
_KNOWN = 0.6  # and the share of the words so read that must be known
_LETTERS = 4


def join_accents(text: str, french: French) -> list[Change]:
    """Changes that put accents standing apart on their letters; none where they do not make French words."""
    if not any(mark in text for mark in _MARKS):
        return []
    spaced = len(_SPACED.findall(text))
    if not spaced or len(_WITHIN.findall(text)) > _WITHIN_SHARE * spaced:
        return []  # where accents cling to their letters, a space before one is a space
    rows = [(row, _read(row[0], french)) for row in _ROW.finditer(text)]
    words = {word.lower() for _, read in rows for word in WORD.findall(read) if not word.isascii()}
    known = sum(lexicon.zipf(word) > 0 for word in words)
    telling = sum(lexicon.zipf(word) > 0 and len(word) >= _LETTERS for word in words)
    if telling < _LEAST or known < _KNOWN * (len(words) + sum(read == row[0] for row, read in rows)):
        return []
    return [change for row, read in rows for change in differences(row[0], read, row.start(), APART, 0.9)]


def _read(row: str, french: French) -> str:
    """The likeliest reading of a row; the spaces before its accents are kept or not, all ways tried."""
    places = [match for match in _JOINT.finditer(row) if match[1]][:_MOST]
    readings = (_joined(row, kept) for kept in _ways(match.start() for match in places))
    return max(readings, key=lambda reading: sum(map(french.text, reading.split())) - reading.count(" "))


def _ways(places: Iterable[int]) -> Iterable[frozenset[int]]:
    """Every choice of places whose space is kept."""
    order = list(places)
    for choice in product((False, True), repeat=len(order)):
        yield frozenset(place for place, kept in zip(order, choice, strict=True) if kept)


def _joined(row: str, kept: frozenset[int]) -> str:
    def compose(match: re.Match[str]) -> str:
        letter = unicodedata.normalize("NFC", match[3].replace("ı", "i") + _MARKS[match[2]])
        return (match[1] if match.start() in kept else "") + letter if len(letter) == 1 else match[0]

    return _JOINT.sub(compose, row)
