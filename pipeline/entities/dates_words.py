"""The words of dates and what they are worth, from ``dates.toml``.

Why: the grammar looks for these words, and the readers turn them into numbers; both need one copy.
Idea: the table is read once; patterns of words put the longest first.
Limits: words are folded (lower case, no accents).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.wordings import word_table


class Words(NamedTuple):
    """The tables of ``dates.toml``, with their patterns compiled."""

    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    parts: dict[str, int]
    ordinals: dict[str, int]
    decades: dict[str, int]
    feasts: dict[str, list[int]]
    moving: dict[str, int]


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The whole of ``dates.toml``."""
    return word_table(__file__, "dates.toml")


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of dates with what they are worth."""
    rows = table()
    months = rows["months"] | rows["short_months"]
    return Words(
        months,
        rows["weekdays"] | rows["short_weekdays"],
        rows["seasons"],
        rows["parts"],
        rows["ordinals"],
        rows["decades"],
        rows["feasts"],
        rows["moving_feasts"],
    )


def either(names: Iterable[str]) -> str:
    """A pattern for any of the words, a space of which may be a line break."""
    return (
        "(?:"
        + "|".join(re.escape(name).replace("\\ ", "[ \\n]") for name in sorted(names, key=len, reverse=True))
        + ")"
    )
