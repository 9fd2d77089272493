"""Readers of days: one, a list (« les 14 et 21 octobre 2009 »), a span (« 3 au 5 mai »), a weekday, a feast, a day in words.

Why: a wording may hold several days, and only its reader knows where each begins.
Idea: one small function for each ``make`` of ``dates.toml`` that gives days; ``DAYS`` names them.
Limits: an impossible day (31/04) yields nothing: it is refused, not mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pipeline.entities.dates_calendar import Partial
from pipeline.entities.dates_match import Match, Reader, first_number, roman, short_year, whole, year_of
from pipeline.entities.dates_words import either, words
from pipeline.entities.numerals import letters


def _day(
    start: int, end: int, rule: str, day: int, month: int, year: int | None, short: bool, **more: Any
) -> Partial | None:
    """A day, or ``None`` where the month has no such day (31/04 is refused, not mended)."""
    longest = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if not (1 <= month <= 12 and 1 <= day <= longest):
        return None
    if year is not None and not short and month == 2 and day == 29 and (year % 4 or (year % 100 == 0 and year % 400)):
        return None
    return Partial(
        start=start, end=end, unit="day", rule=rule, day=day, month=month, year=year, short_year=short, **more
    )


def _numeric(match: Match, rule: str) -> Iterator[Partial]:
    year, short = short_year(match["y"])
    made = _day(match.start(), match.end(), rule, int(match["d"]), int(match["m"]), year, short)
    if made and (short or 1000 <= (year or 0) <= 2099):
        yield made


@lru_cache(maxsize=1)
def _day_marks() -> re.Pattern[str]:
    """The days in a list of days, each perhaps with its weekday."""
    return re.compile(rf"(?:(?P<wd>{either(words().weekdays)})[ \n])?(?P<d>\d{{1,2}})(?:er|ere|°)?")


def _days(match: Match, rule: str) -> Iterator[Partial]:
    """One day, a list of days or a span of days of one month, as the words between them say."""
    groups = match.groupdict()
    month = int(groups["mf"]) if groups.get("mf") else words().months[match["m"].rstrip(".")]
    year, short = year_of(match)
    base = match.start("days")
    marks = list(_day_marks().finditer(match["days"]))
    made: list[Partial] = []
    for number, mark in enumerate(marks):
        last = number == len(marks) - 1
        weekday = words().weekdays.get(mark["wd"]) if mark["wd"] else None
        end = match.end() if last else base + mark.end()
        way = groups.get("way")
        day = _day(base + mark.start("d"), end, rule, int(mark["d"]), month, year, short, weekday=weekday, way=way)
        if day is None:
            return
        made.append(day)
    between = [match["days"][a.end() : b.start()].strip() for a, b in pairwise(marks)]
    if len(made) == 2 and re.fullmatch(r"-|a|au(?: le)?|a le", between[0]) and made[0].day < made[1].day:  # type: ignore[operator]
        yield Partial(start=made[0].start, end=match.end(), unit="range", rule=rule, first=made[0], last=made[1])
    else:
        yield from made


def _weekday(match: Match, rule: str) -> Iterator[Partial]:
    weekday = words().weekdays[match["wd"] or match["wds"]]
    if match["d"]:
        year, short = short_year(match["y2"]) if match["y2"] else (None, False)
        made = _day(match.start(), match.end(), rule, int(match["d"]), int(match["m2"]), year, short, weekday=weekday)
        if made:
            yield made
        return
    for number, item in enumerate(_days(match, rule)):
        if number == 0 and item.unit == "day":
            yield Partial(start=match.start(), end=item.end, unit="day", rule=rule, day=item.day, month=item.month,
                          year=item.year, short_year=item.short_year, weekday=weekday, way=item.way)  # fmt: skip
        else:
            yield item


def _spaced(way: str | None) -> str | None:
    return " ".join(way.split()) if way else None


def _weekday_alone(match: Match, rule: str) -> Iterator[Partial]:
    weekday = words().weekdays[match["wd"]]
    yield whole(match, rule, "weekday", weekday=weekday, way=_spaced(match["way"]), sure=0.8)


def _weekday_day(match: Match, rule: str) -> Iterator[Partial]:
    yield whole(match, rule, "weekday", weekday=words().weekdays[match["wd"]], day=first_number(match["d"]), sure=0.8)


def _same_month(match: Match, rule: str) -> Iterator[Partial]:
    way = "own" if match["own"] else "ecoule" if match["gone"] else match["step"]
    yield whole(match, rule, "relative", day=first_number(match["days"]), way=way, sure=0.85)


def _day_alone(match: Match, rule: str) -> Iterator[Partial]:
    yield whole(match, rule, "relative", day=first_number(match["d"]), sure=0.8)


def _day_figures(match: Match, rule: str) -> Iterator[Partial]:
    made = _day(match.start(), match.end(), rule, int(match["d"]), int(match["m"]), None, False, sure=0.85)
    if made:
        yield made


def _feast(match: Match, rule: str) -> Iterator[Partial]:
    """A feast: one day each year, or so many days from Easter (kept in ``index``)."""
    name = " ".join(match["feast"].split())
    year, short = year_of(match)
    if name in words().moving:
        shift = words().moving[name]
        yield whole(match, rule, "day", index=shift, year=year, short_year=short, way=match["way"], sure=0.9)
        return
    month, day = words().feasts[name]
    yield whole(match, rule, "day", month=month, day=day, year=year, short_year=short, way=match["way"], sure=0.9)


def _roman_month(match: Match, rule: str) -> Iterator[Partial]:
    year, short = short_year(match["y"])
    made = _day(match.start(), match.end(), rule, int(match["d"]), roman(match["rm"]), year, short, sure=0.9)
    if made:
        yield made


def _letters(match: Match, rule: str) -> Iterator[Partial]:
    """« L'an deux mille dix-huit, le quinze février », « le quinze février deux mille dix-huit »."""
    groups = match.groupdict()
    year = None
    if groups.get("yl"):
        written = match["yl"]
        year = int(written) if written.isdigit() else letters(written)
        if year is None or not 1000 <= year <= 2099:
            return
    if not groups.get("dl"):
        if year is not None:
            yield whole(match, rule, "year", year=year)
        return
    written = match["dl"]
    day = (
        1
        if written == "premier"
        else first_number(written)
        if written[0].isdigit()
        else letters(" ".join(written.split()))
    )
    made = _day(match.start(), match.end(), rule, day or 0, words().months[match["m"]], year, False)
    if made:
        yield made


DAYS: dict[str, Reader] = {
    "numeric": _numeric,
    "days": _days,
    "weekday": _weekday,
    "weekday_alone": _weekday_alone,
    "weekday_day": _weekday_day,
    "same_month": _same_month,
    "day_alone": _day_alone,
    "day_figures": _day_figures,
    "feast": _feast,
    "roman_month": _roman_month,
    "letters": _letters,
}
