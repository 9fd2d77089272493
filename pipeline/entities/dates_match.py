"""What the readers of dates take from a matched wording: its year, its numbers, the partial date of the whole.

Why: days and longer spans are read in two modules, from the same groups.
Idea: small pure functions; a match is over folded text.
Limits: a year of two figures keeps its century open; what stands around it decides (``dates_anchor.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.entities.dates_calendar import Partial, Unit

Match = re.Match[str]
Reader = Callable[[Match, str], Iterator[Partial]]
ROMAN = {"i": 1, "v": 5, "x": 10}


def short_year(text: str) -> tuple[int | None, bool]:
    """A year of two or four figures, and whether its century is still to be chosen."""
    digits = text.lstrip("'")
    return (int(digits), len(digits) == 2)


def year_of(match: Match) -> tuple[int | None, bool]:
    """The year a wording ends with (groups ``y`` or ``yy``), and whether its century is still to be chosen."""
    groups = match.groupdict()
    written = groups.get("y") or groups.get("yy")
    return short_year(written) if written else (None, False)


def whole(match: Match, rule: str, unit: Unit, **more: Any) -> Partial:
    """A partial date of the whole match."""
    return Partial(start=match.start(), end=match.end(), unit=unit, rule=rule, **more)


def first_number(text: str) -> int:
    """The figures that open a text, which must have some."""
    return int(re.match(r"\d+", text)[0])  # type: ignore[index]


def roman(text: str) -> int:
    """The value of a Roman numeral in small letters up to xxxix. Raises ``KeyError`` for another letter than i, v, x."""
    values = [ROMAN[char] for char in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
