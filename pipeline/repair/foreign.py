"""Letters of other languages in names: where they are at home.

Why: « Simões » and « Poznań » are sound, « Sim»es » and « lõhabitat » are not; French alone cannot tell which of these signs
are letters here.
Idea: ``foreign_letters.csv`` holds, for each letter French lacks, the letters it stands between in the languages that have
it, counted on their most frequent words by ``tools/count_foreign_letters.py``: ``usual`` neighbours, and those ``seen``.
Limits: one letter on either side; which language a word is of is not asked.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FOREIGN_LETTERS = Path(__file__).with_name("foreign_letters.csv")
EDGE = "_"  # of a word
_BARE = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "ß": "s", "ð": "d", "þ": "t", "œ": "o"}
_USUAL, _SEEN, _LIKELY, _UNSEEN = -2.5, -5.0, -7.0, -10.0  # nats beside the letter without its accent
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu)[^\W\d_a-z][aeiouyhàâéèêëîïôœ]")  # « Líeau » for « L’eau »


@lru_cache(maxsize=4096)
def bare(letter: str) -> str:
    """A small letter without its accent; empty where that is none of a to z."""
    plain = _BARE.get(letter) or unicodedata.normalize("NFD", letter)[0]
    return plain if plain.isascii() and plain.isalpha() else ""


@lru_cache(maxsize=1)
def _homes() -> Mapping[str, Mapping[str, float]]:
    """Nats of each letter by its neighbours, bare, as one string of two."""
    homes: dict[str, dict[str, float]] = {}
    with FOREIGN_LETTERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            home = homes.setdefault(row["letter"], {})
            for nats, afters in ((_USUAL, row["usual"]), (_SEEN, row["seen"])):
                home |= {row["before"] + after: nats for after in afters}
    return homes


@lru_cache(maxsize=128)
def _sides(letter: str) -> tuple[frozenset[str], frozenset[str]]:
    """What stands before a letter anywhere, and after it."""
    around = _homes()[letter]
    return frozenset(pair[0] for pair in around), frozenset(pair[1] for pair in around)


def is_foreign(letter: str) -> bool:
    """Whether a small letter is one of another language, known here."""
    return letter in _homes()


def nats_of(word: str, place: int) -> float:
    """Log likelihood of a foreign letter at ``place`` of a small-letter word, beside its bare one, by its neighbours."""
    before = bare(word[place - 1]) if place else EDGE
    after = bare(word[place + 1]) if place + 1 < len(word) else EDGE
    if (nats := _homes()[word[place]].get(before + after)) is not None:
        return nats
    befores, afters = _sides(word[place])
    return _LIKELY if before in befores and after in afters else _UNSEEN


@lru_cache(maxsize=1 << 12)
def is_foreign_name(word: str) -> bool:
    """Whether a word may be a name of another language: a capital, then letters each of which is at home where it stands."""
    lower = word.lower()
    if not word[:1].isupper() or not (word[1:].islower() or word.isupper()) or _ELIDED.match(lower):
        return False
    homes = _homes()
    foreign = [place for place, letter in enumerate(lower) if letter in homes]
    return bool(foreign) and all(nats_of(lower, place) > _UNSEEN for place in foreign)
