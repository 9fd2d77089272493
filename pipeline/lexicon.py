"""What a French word looks like: one word list for every room that must tell French from noise.

Why: choosing a reader, a charset, a mended form or an OCR page is each time the question « which of these is French? ».
Idea: wordfreq's large French list ranks forms (zipf scale, 0 to 8: log10 of occurrences in a billion words).
Limits: it ranks, it does not validate; it holds common misspellings and many English words.
Source: wordfreq 3.1.1 (code Apache-2.0, data CC BY-SA 4.0).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import filterfalse

import wordfreq

_COMMON = 4.0  # zipf: some seven thousand forms, eight words of ten in a text
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


@lru_cache(maxsize=1)
def zipf_scores() -> dict[str, float]:
    """Zipf score of every form of the French list (lower case; elided words without their article)."""
    return _scores("fr", "large")


@lru_cache(maxsize=4)
def frequent_words(language: str) -> dict[str, float]:
    """Zipf score of the some thirty thousand most frequent words of another language, by its code."""
    return _scores(language, "small")


def _scores(language: str, wordlist: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    for rank, words in enumerate(wordfreq.get_frequency_list(language, wordlist=wordlist)):  # by falling frequency
        scores |= dict.fromkeys(words, math.log10(wordfreq.cB_to_freq(-rank)) + 9)
    return scores


def zipf(word: str) -> float:
    """Zipf score of one word, case folded; 0 where the list does not hold it."""
    return zipf_scores().get(word.lower().replace("’", "'"), 0.0)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(word for word, score in zipf_scores().items() if score > _COMMON)


def known(words: Sequence[str]) -> int:
    """How many of some words, in lower case, the list knows; most are common, and found where memory is near."""
    rare = list(filterfalse(_common().__contains__, words))
    return len(words) - len(rare) + sum(map(zipf_scores().__contains__, rare))


def known_share(text: str) -> float:
    """Share of the text's words (runs of letters) that the list knows, 0 to 1; 0 for a text without words."""
    words = WORD.findall(text.lower())
    if not words:
        return 0.0
    return known(words) / len(words)
