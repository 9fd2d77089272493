"""Words that ran together (``villesde``).

Why: an engine that misses a space makes one word of two, and neither is found again.
Idea: a word nobody knows that parts into a function word and a known word, both far likelier than the whole.
Limits: one such word in a document may be a name; two different ones show that spaces were lost. Two plain words run
together stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import word_score
from pipeline.repair.small_words import small_words

JOINED = "joined words"
_TOKEN = re.compile(r"[^ \t\n\r]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST = 2  # different words run together that a document must show
_FUNCTION_WORDS = small_words("function_words")
_BEHIND = _FUNCTION_WORDS - small_words("ends_of_names")


def mend_joined(text: str, suspicious: Mapping[str, int]) -> list[Change]:
    """Changes that part words run together, where a document has at least two of them."""
    places = {word: place for word in suspicious if (place := parting(word))}
    if len(places) < _LEAST:
        return []
    return [
        Change(match.start() + places[match[0]], match.start() + places[match[0]], " ", JOINED, 0.8)
        for match in _TOKEN.finditer(text)
        if match[0] in places
    ]


@lru_cache(maxsize=1 << 16)
def parting(token: str) -> int | None:
    """Where a token parts into a function word and a known word; ``None`` where it does not."""
    core = _LETTERS.search(token)
    if core is None or len(core[0]) < 6 or word_score(core[0].lower()) > -20.0 or core[0][0].isupper():
        return None
    word = core[0]
    found: list[tuple[float, int]] = []
    for cut in range(2, len(word) - 1):
        left, right = word[:cut], word[cut:]
        glued = (left in _FUNCTION_WORDS and len(right) > 3) or (right in _BEHIND and len(left) > 3)
        if glued and right[0].islower() and left.lower() in lexicon.zipf_scores() and right in lexicon.zipf_scores():
            score = word_score(left) + word_score(right)
            if score > word_score(word) + 10.0 and min(word_score(left), word_score(right)) > -13.0:
                found.append((score, core.start() + cut))
    return max(found)[1] if found else None
