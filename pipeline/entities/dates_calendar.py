"""A date as its words give it, perhaps without a year, and the days it covers once the year is known.

Why: « 17 mai », « 1er trimestre » and « l'automne » are half a date; the other half stands elsewhere in the text.
Idea: a ``Partial`` keeps what the words say; ``interval`` turns it into a closed interval of days, given a year.
Limits: seasons are whole months (spring March to May; winter 2008 is December 2008 to February
2009), centuries run from 1 to 100.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.records import DateValue, Precision

Unit = Literal[
    "day", "month", "quarter", "half", "season", "part", "year", "decade", "century", "range", "weekday", "relative"
]
TIMELESS = {"decade", "century"}
PRECISION: dict[str, Precision] = {
    "day": "day", "month": "month", "quarter": "quarter", "half": "part", "season": "season", "part": "part",
    "year": "year", "decade": "decade", "century": "century", "range": "range",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """What the words ``text[start:end]`` say of a date. ``index`` counts quarters, halves, parts and centuries from 1
    and seasons from 0, and the days from Easter of a feast that moves; a decade's ``year`` is its first. A range has
    ``first`` and ``last``. ``way`` is what the words say of direction (``dernier``, ``suivant``…); ``relative`` is a row
    number of the table of relative dates. ``sure``: 0 to 1."""

    start: int
    end: int
    unit: Unit
    rule: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    index: int | None = None
    weekday: int | None = None
    way: str | None = None
    relative: int | None = None
    first: Partial | None = None
    last: Partial | None = None
    sure: float = 0.98
    short_year: bool = False

    @property
    def dated(self) -> bool:
        """Whether the words alone fix the interval."""
        if self.unit == "range":
            return any(end is not None and end.dated for end in (self.first, self.last))
        return self.year is not None or self.unit == "century"


def _months(first_year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    year, month = first_year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(first_year, first, 1), date(year, month, monthrange(year, month)[1])


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm published in Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + sunday - 7 * ((year % 19 + 11 * moon + 22 * sunday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


def days(partial: Partial, year: int | None = None) -> tuple[date, date] | None:
    """First and last day of ``partial`` in ``year`` (its own year where it has one); ``None`` where no such day exists."""
    year = partial.year if partial.year is not None else year
    if partial.unit == "century" and partial.index:
        return date(partial.index * 100 - 99, 1, 1), date(partial.index * 100, 12, 31)
    if partial.unit == "range":
        return _range_days(partial, year)
    if year is None or not 1 <= year <= 2999:
        return None
    if partial.unit == "day":
        day = _one_day(partial, year)
        return (day, day) if day else None
    index = partial.index or 1
    if partial.unit == "month" and partial.month:
        return _months(year, partial.month, 1)
    if partial.unit == "quarter":
        return _months(year, index * 3 - 2, 3)
    if partial.unit == "half":
        return _months(year, index * 6 - 5, 6)
    if partial.unit == "season":
        return _months(year, 3 * (partial.index or 0) + 3, 3)
    if partial.unit == "part":
        return _months(year, index * 4 - 3, 4)
    if partial.unit == "decade":
        return date(year, 1, 1), date(year + 9, 12, 31)
    return (date(year, 1, 1), date(year, 12, 31)) if partial.unit == "year" else None


def _one_day(partial: Partial, year: int) -> date | None:
    if partial.index is not None:
        return easter(year) + timedelta(days=partial.index)
    try:
        return date(year, partial.month or 0, partial.day or 0)
    except ValueError:
        return None


def _range_days(partial: Partial, year: int | None) -> tuple[date, date] | None:
    """A range's days; where only one end has a year the other takes it, stepping over New Year if it must."""
    if partial.first is None or partial.last is None:
        return None
    own = partial.first.year if partial.first.year is not None else partial.last.year
    low, high = days(partial.first, own or year), days(partial.last, own or year)
    if low and high and low[0] > high[1] and not (partial.first.dated and partial.last.dated):
        if partial.first.year is None and partial.last.year is not None:
            low = days(partial.first, low[0].year - 1)
        else:
            high = days(partial.last, high[0].year + 1)
    return (low[0], high[1]) if low and high and low[0] <= high[1] else None


def interval(partial: Partial, year: int | None = None) -> DateValue | None:
    """``partial`` as a value, in ``year`` where it has none of its own."""
    span = days(partial, year)
    if span is None:
        return None
    return DateValue(date_from=span[0], date_to=span[1], precision=PRECISION[partial.unit])
