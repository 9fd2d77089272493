"""A key of a text on which grammars are written, position for position the same as the text.

Why: « DÉCEMBRE », « Decembre » and « décembre » are one word; offsets found on the key must hold in the text.
Idea: every code point maps to exactly one: lower case, no accent, straight apostrophe and hyphen, plain space.
Limits: accents written as combining marks stay (repair composes them); « œ » and « æ » stay, being one letter each;
line breaks stay, because a number never crosses one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

APOSTROPHES = "’‘ʼ´`′"
HYPHENS = "‐‑‒–—―−"
SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
WORD = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.-?){2,}(?:[^\W\d_](?![^\W_]))?|[^\W_]+")
_SPLIT = re.compile(f"({WORD.pattern})")
# Superscript letters of « 1ᵉʳ », and the masculine ordinal typed for the degree sign of « n° ».
SIGNS = {"º": "°", "ᵉ": "e", "ʳ": "r", "ᵈ": "d", "ⁿ": "n", "ˢ": "s", "ᵗ": "t", "ᵐ": "m"}


class _Folds(dict[int, str]):
    """Translation table filled as code points are met, so a page pays for its own letters only."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_one(chr(code))
        return folded


def _fold_one(char: str) -> str:
    if char in APOSTROPHES:
        return "'"
    if char in HYPHENS:
        return "-"
    if char in SPACES:
        return " "
    if char in SIGNS:
        return SIGNS[char]
    lower = char.lower()
    if len(lower) != 1:
        return char
    base = unicodedata.normalize("NFD", lower)[0]
    return base if base.isalpha() else lower


_TABLE = _Folds()


@lru_cache(maxsize=1 << 12)  # every finder of the room asks for the key of the page, and for those of its names
def fold(text: str) -> str:
    """The key of ``text``: same length, so an offset in one is an offset in the other."""
    return text.translate(_TABLE)


class Words(NamedTuple):
    """The words of a key, an acronym with its dots being one, and where each begins and ends."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=1 << 6)  # several finders of the room ask for the words of the page
def words_of(key: str) -> Words:
    """The words of a folded text, in order."""
    pieces = _SPLIT.split(key)  # what is no word, a word, what is no word…
    offsets = tuple(accumulate(map(len, pieces)))
    return Words(tuple(pieces[1::2]), offsets[:-1:2], offsets[1::2])


def led(pattern: re.Pattern[str], key: str, words: Container[str], *, figures: bool = False) -> Iterator[re.Match[str]]:
    """The matches of a pattern in a folded text, in order, not overlapping, of those that open with one of ``words``.

    ``figures``: or with a word that holds figures. To look up the words of a page is quicker than to search it.
    """
    found, end = words_of(key), 0
    pairs = zip(found.words, found.starts, strict=True)
    for start in [start for word, start in pairs if word in words or (figures and not word.isalpha())]:
        if start >= end and (match := pattern.match(key, start)):
            end = match.end()
            yield match
