"""A key of a text on which grammars are written, position for position the same as the text.

Why: « DÉCEMBRE », « Decembre » and « décembre » are one word; offsets found on the key must hold in the text.
Idea: every code point maps to exactly one: lower case, no accent, straight apostrophe and hyphen, plain space.
Limits: accents written as combining marks stay (repair composes them); « œ » and « æ » stay, being one letter each;
line breaks stay, because a number never crosses one.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

APOSTROPHES = "’‘ʼ´`′"
HYPHENS = "‐‑‒–—―−"
SPACES = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
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
