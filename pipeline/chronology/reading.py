"""How a line reads: words it does without, words that must not end it, and which of two lines reads better.

Why: the words of a clause were written for the sentence before them (« Cependant, trois ans plus tard, … ») or for a form
(« Vu l’arrêté… », « … comme suit : »); a chronology has neither.
Idea: ``reading.toml`` lists such openings, ends and formulas, and what makes a line read badly, each with its reason. Words
are only left out, never changed, and the whole excerpt stands beside the line.
Limits: a list of costs is no judgement of style; it only puts a sentence before a form and a whole before a part.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.wordings import word_table

_MOST_HEADS = 6


@cache
def _table() -> dict[str, list[tuple[re.Pattern[str], int]]]:
    """Patterns by the name of their list, each with its cost, if any."""
    lists = word_table(__file__, "reading.toml")
    return {
        name: [(re.compile(row["pattern"], re.I), row.get("cost", 0)) for row in rows] for name, rows in lists.items()
    }


def says(name: str, text: str) -> bool:
    """Whether one of the patterns of a list stands in ``text``."""
    return any(pattern.search(text) for pattern, _ in _table()[name])


def without_opening(text: str) -> str:
    """``text`` without what ties its beginning to words that are not read; as it was where nothing would be left."""
    for _ in range(_MOST_HEADS):
        shorter = next(
            (text[m.end() :] for pattern, _ in _table()["head"] if (m := pattern.match(text)) and m[0]), None
        )
        if not shorter:
            return text
        text = shorter
    return text


def without_idle(text: str) -> str:
    """``text`` without the formulas of every vote and without an end that announces what is not there."""
    for pattern, _ in _table()["idle"]:
        text = pattern.sub("", text)
    for pattern, _ in _table()["tail"]:
        text = pattern.sub("", text)
    return text


def cost(line: str) -> int:
    """How badly a line reads, 0 for well; only good for comparing two lines of one event."""
    return sum(price for pattern, price in _table()["cost"] if pattern.search(line))
