"""Words whose letters stand apart: ``M u n i c i p a l i t é``, ``C O N S E I L  M U N I C I P A L``.

Why: typists and printers spaced out a heading for emphasis, and a reader gives each letter as a word of its own.
Idea: a row of single letters is one word, or several, if the list knows it; where the gap between its words is no wider
than that between its letters, the row is cut where it makes the most frequent words.
Limits: a spaced name that the list does not know stays apart, and so do rows of fewer than four letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import word_score

LETTERSPACED = "letter-spaced"
_ROW = re.compile(r"(?<![^\s«(’'])(?:[^\W\d_][ \u00a0])(?:(?:[^\W\d_]|[-’'])[ \u00a0]){2,}[^\W\d_](?![^\s.,;:!?»)])")
_HINT = re.compile(r" [^\W\d_] [^\W\d_] ")  # a quick look: two letters between spaces
_WORD = 3.0  # zipf score of a whole row
_PART = 3.5  # of each part of one
_ROW_OF_WORDS = 8  # letters of a row that may be several words
_LONGEST = 20


def close_letters(text: str) -> list[Change]:
    """Changes that take the spaces out of words set with their letters apart."""
    if _HINT.search(text) is None:
        return []
    return [change for row in _ROW.finditer(text) for change in _closed(row)]


def _closed(row: re.Match[str]) -> Iterator[Change]:
    words = _words(re.sub(r"\s", "", row[0]))
    if not words:
        return
    kept = set(accumulate(map(len, words[:-1])))  # after so many letters a word ends
    done = 0
    for place, char in enumerate(row[0], row.start()):
        if not char.isspace():
            done += 1
        elif done not in kept:
            yield Change(place, place + 1, "", LETTERSPACED, 0.9)


def _words(letters: str) -> list[str]:
    """The words a row of letters holds, in their order; empty where it holds none for sure."""
    if all(lexicon.zipf(part) >= _WORD for part in re.split("[-’']", letters) if len(part) > 1):
        return [letters]
    if len(letters) < _ROW_OF_WORDS or not letters.isalpha():
        return []
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(letters) + 1):
        ways = [(float("-inf"), list[str]())]
        for start in range(max(0, end - _LONGEST), end - 1):
            word = letters[start:end]
            if lexicon.zipf(word) >= _PART:
                score, words = best[start]
                ways.append((score + word_score(word.lower()), [*words, word]))
        best.append(max(ways))
    return best[-1][1]
