"""From a matched wording to partial dates: one small function for each ``make`` of ``dates.toml``.

Why: a wording may hold one date, a list (« années 1950 et 1960 ») or a span (« 1983-1986 »), and only its reader knows.
Idea: every reader takes a match over folded text and the wording's name, and yields partial dates; ``READERS`` names them.
Here are those of months and longer spans, in ``dates_days.py`` those of days.
Limits: a list has two quarters, halves or centuries at most.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline.entities.dates_calendar import Partial, Unit
from pipeline.entities.dates_days import DAYS
from pipeline.entities.dates_match import Match, Reader, roman, short_year, whole, year_of
from pipeline.entities.dates_words import either, words
from pipeline.entities.numerals import letters

_WAYS = {"derniere": "dernier", "prochaine": "prochain", "suivante": "suivant", "precedente": "precedent"}


def _month(match: Match, rule: str) -> Iterator[Partial]:
    year, short = year_of(match)
    way = match.groupdict().get("way")
    month = words().months[match["m"]]
    yield whole(match, rule, "month", month=month, year=year, short_year=short, way=way)


def _two_months(match: Match, rule: str) -> Iterator[Partial]:
    first, last = (
        Partial(
            start=match.start(slot), end=match.end(slot), unit="month", rule=rule, month=words().months[match[slot]]
        )
        for slot in ("m", "m2")
    )
    yield whole(match, rule, "range", first=first, last=replace(last, year=int(match["y"])))


def _month_figures(match: Match, rule: str) -> Iterator[Partial]:
    yield whole(match, rule, "month", month=int(match["m"]), year=int(match["y"]), sure=0.9)


def _division(match: Match, rule: str) -> Iterator[Partial]:
    """Quarters and halves, one or two (« 1er et 2e trimestres »)."""
    groups = match.groupdict()
    unit: Unit = "quarter" if match["unit"][0] == "t" else "half"
    top = 4 if unit == "quarter" else 2
    year, short = year_of(match)
    written = [groups.get("ord") or groups.get("ordw"), groups.get("ord2") or groups.get("ordw2")]
    made: list[Partial] = []
    for number in (word for word in written if word):
        index = int(number) if number.isdigit() else min(words().ordinals[number], top)
        if index <= top:
            made.append(whole(match, rule, unit, index=index, year=year, short_year=short))
    if len(made) == 2 and groups.get("join") != "et":
        yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=made[0], last=made[1])
    elif len(made) == 2:
        first, second = match.string[match.start() : match.start("join")], match.string[match.end("join") : match.end()]
        yield replace(made[0], end=match.start() + len(first.rstrip()))
        yield replace(made[1], start=match.end() - len(second.lstrip()))
    else:
        yield from made


def _part_of_month(match: Match, rule: str) -> Iterator[Partial]:
    """A half or a week of a month, as a range of its days; « dernière semaine » is the last seven."""
    year, short = year_of(match)
    month = words().months[match["m"]]
    index = int(match["ord"]) if match["ord"] else words().ordinals[match["ordw"]]
    longest = 29 if month == 2 and year and not year % 4 else monthrange(2001, month)[1]
    size, top = (15, 2) if match["unit"] == "quinzaine" else (7, 4)
    final = index > top or (size == 15 and index == top)
    low = (16 if size == 15 else longest - 6) if final else size * (index - 1) + 1
    first = whole(match, rule, "day", day=low, month=month, year=year, short_year=short)
    last = replace(first, unit="month", day=None) if final else replace(first, day=low + size - 1)
    yield whole(match, rule, "range", first=first, last=last, way=match["way"])


def _months_of_year(match: Match, rule: str) -> Iterator[Partial]:
    """« les six premiers mois de 2015 »: from January to June."""
    written, size = match["n"], 1 if match["unit"] == "mois" else 3
    count = (int(written) if written.isdigit() else letters(written) or 0) * size
    if not 0 < count < 12:
        return
    low, high = (1, count) if match["side"] == "premiers" else (13 - count, 12)
    first, last = (
        Partial(start=match.start(), end=match.end(), unit="month", rule=rule, month=month, year=int(match["y"]))
        for month in (low, high)
    )
    yield whole(match, rule, "range", first=first, last=last)


def _century(match: Match, rule: str) -> Iterator[Partial]:
    groups = match.groupdict()
    if groups.get("n"):
        yield whole(match, rule, "century", index=int(match["n"]))
        return
    numbers = [roman(text) for text in (match["roman"], match["roman2"]) if text]
    if any(not 10 <= number <= 21 for number in numbers):
        return
    first = Partial(start=match.start(), end=match.end("roman") + 1, unit="century", rule=rule, index=numbers[0])
    last = Partial(
        start=match.start("roman2") if match["roman2"] else match.start(),
        end=match.end(),
        unit="century",
        rule=rule,
        index=numbers[-1],
    )
    if len(numbers) == 2 and match["join"] != "et":
        yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=first, last=last)
    elif len(numbers) == 2:
        yield from (first, last)
    else:
        yield last


def _decade_year(text: str) -> int:
    digits = text.lstrip("'")
    if digits.isdigit():
        value = int(digits)
        return value if value >= 1000 else (2000 + value if value == 0 else 1900 + value)
    value = words().decades[" ".join(digits.split())]
    return value if value >= 1000 else 1900 + value


@lru_cache(maxsize=1)
def _decade_marks() -> re.Pattern[str]:
    """The decades in a list of decades."""
    return re.compile(rf"(?<!\w)(?:{either(words().decades)}|\d{{3}}0|'?\d0)(?!\w)")


def _decade(match: Match, rule: str) -> Iterator[Partial]:
    """One decade or several (« années 1950 et 1960 »); joined by « à » or a dash they are one stretch."""
    made = [
        Partial(start=match.start(), end=match.end("dec"), unit="decade", rule=rule, year=_decade_year(match["dec"]))
    ]
    gaps: list[str] = []
    end = 0
    for mark in _decade_marks().finditer(match["decs"]):
        gaps.append(match["decs"][end : mark.start()].strip())
        end = mark.end()
        start = match.start("decs") + mark.start()
        made.append(
            Partial(start=start, end=start + len(mark[0]), unit="decade", rule=rule, year=_decade_year(mark[0]))
        )
    if len(made) == 2 and gaps[0] in ("a", "-") and made[0].year < made[1].year:  # type: ignore[operator]
        yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=made[0], last=made[1])
    else:
        yield from made


def _short_range(match: Match, rule: str) -> Iterator[Partial]:
    year, last = int(match["y"]), int(match["yy"])
    to = year - year % 100 + last if last > year % 100 else year - year % 100 + 100 + last
    if not 0 < to - year <= {"-": 10, "/": 1, "a": 30}[match["sep"]]:
        return
    first = Partial(start=match.start(), end=match.end("y"), unit="year", rule=rule, year=year)
    second = Partial(start=match.start("yy"), end=match.end(), unit="year", rule=rule, year=to)
    yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=first, last=second, sure=0.9)


def _year(match: Match, rule: str) -> Iterator[Partial]:
    year, short = short_year(match["y"])
    yield whole(match, rule, "year", year=year, short_year=short, sure=0.95)


def _season(match: Match, rule: str) -> Iterator[Partial]:
    year, short = year_of(match)
    way, index = match.groupdict().get("way"), words().seasons[match["s"]]
    yield whole(match, rule, "season", index=index, year=year, short_year=short, way=way)


def _rentree(match: Match, rule: str) -> Iterator[Partial]:
    year, short = year_of(match)
    way = _WAYS.get(match["way"] or match["way2"] or "")
    yield whole(match, rule, "month", month=9, year=year, short_year=short, way=way, sure=0.85)


def _part(match: Match, rule: str) -> Iterator[Partial]:
    groups = match.groupdict()
    year, short = year_of(match)
    index = words().parts[" ".join(match["part"].split())] + 1
    way = "same year" if groups.get("back") else None
    yield whole(match, rule, "part", index=index, year=year, short_year=short, way=way)


def _moitie(match: Match, rule: str) -> Iterator[Partial]:
    index = min(words().ordinals[match["ordw"]], 2)
    yield whole(match, rule, "half", index=index, year=int(match["y"]))


def _two_figures(match: Match, rule: str) -> Iterator[Partial]:
    """« en 68 », « exercices 74 et 75 », « en 75-76 »: years in two figures."""
    made = [
        Partial(start=match.start(slot), end=match.end(slot), unit="year", rule=rule, year=int(match[slot]),
                short_year=True, sure=0.75)
        for slot in ("y", "y1", "y2") if match[slot]
    ]  # fmt: skip
    if len(made) == 2 and " et " not in match[0]:
        if made[0].year < made[1].year:  # type: ignore[operator]
            yield whole(match, rule, "range", first=made[0], last=made[1], sure=0.75)
    else:
        yield from made


READERS: dict[str, Reader] = DAYS | {
    "month": _month,
    "month_figures": _month_figures,
    "division": _division,
    "century": _century,
    "decade": _decade,
    "short_range": _short_range,
    "year": _year,
    "season": _season,
    "two_months": _two_months,
    "two_figures": _two_figures,
    "rentree": _rentree,
    "part": _part,
    "moitie": _moitie,
    "part_of_month": _part_of_month,
    "months_of_year": _months_of_year,
}
