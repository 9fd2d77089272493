"""From a matched wording to partial dates: one small function for each ``make`` of ``dates.toml``.

Why: a wording may hold one date, a list (« les 14 et 21 octobre 2009 ») or a span (« 3 au 5 mai »), and only its reader knows.
Idea: every reader takes a match over folded text and the wording's name, and yields partial dates; ``READERS`` names them.
Limits: an impossible day (31/04) yields nothing: it is refused, not mended.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pipeline.entities.dates_calendar import Partial, Unit
from pipeline.entities.dates_words import either, words
from pipeline.entities.numerals import letters

Match = re.Match[str]
Reader = Callable[[Match, str], Iterator[Partial]]
ROMAN = {"i": 1, "v": 5, "x": 10}
_WAYS = {"derniere": "dernier", "prochaine": "prochain", "suivante": "suivant", "precedente": "precedent"}


def _short(text: str) -> tuple[int | None, bool]:
    """A year of two or four figures, and whether its century is still to be chosen."""
    digits = text.lstrip("'")
    return (int(digits), len(digits) == 2)


def _tail(match: Match) -> tuple[int | None, bool]:
    groups = match.groupdict()
    written = groups.get("y") or groups.get("yy")
    return _short(written) if written else (None, False)


def _whole(match: Match, rule: str, unit: Unit, **more: Any) -> Partial:
    """A partial date of the whole match."""
    return Partial(start=match.start(), end=match.end(), unit=unit, rule=rule, **more)


def _number(text: str) -> int:
    return int(re.match(r"\d+", text)[0])  # type: ignore[index]


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
    year, short = _short(match["y"])
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
    year, short = _tail(match)
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
        year, short = _short(match["y2"]) if match["y2"] else (None, False)
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
    yield _whole(match, rule, "weekday", weekday=weekday, way=_spaced(match["way"]), sure=0.8)


def _weekday_day(match: Match, rule: str) -> Iterator[Partial]:
    yield _whole(match, rule, "weekday", weekday=words().weekdays[match["wd"]], day=_number(match["d"]), sure=0.8)


def _same_month(match: Match, rule: str) -> Iterator[Partial]:
    way = "own" if match["own"] else match["step"]
    yield _whole(match, rule, "relative", day=_number(match["days"]), way=way, sure=0.85)


def _day_alone(match: Match, rule: str) -> Iterator[Partial]:
    yield _whole(match, rule, "relative", day=_number(match["d"]), sure=0.8)


def _month(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _tail(match)
    way = match.groupdict().get("way")
    month = words().months[match["m"]]
    yield _whole(match, rule, "month", month=month, year=year, short_year=short, way=way)


def _two_months(match: Match, rule: str) -> Iterator[Partial]:
    first, last = (
        Partial(
            start=match.start(slot), end=match.end(slot), unit="month", rule=rule, month=words().months[match[slot]]
        )
        for slot in ("m", "m2")
    )
    yield _whole(match, rule, "range", first=first, last=replace(last, year=int(match["y"])))


def _month_figures(match: Match, rule: str) -> Iterator[Partial]:
    yield _whole(match, rule, "month", month=int(match["m"]), year=int(match["y"]), sure=0.9)


def _day_figures(match: Match, rule: str) -> Iterator[Partial]:
    made = _day(match.start(), match.end(), rule, int(match["d"]), int(match["m"]), None, False, sure=0.85)
    if made:
        yield made


def _division(match: Match, rule: str) -> Iterator[Partial]:
    """Quarters and halves, one or two (« 1er et 2e trimestres »)."""
    groups = match.groupdict()
    unit: Unit = "quarter" if match["unit"][0] == "t" else "half"
    top = 4 if unit == "quarter" else 2
    year, short = _tail(match)
    written = [groups.get("ord") or groups.get("ordw"), groups.get("ord2") or groups.get("ordw2")]
    made: list[Partial] = []
    for number in (word for word in written if word):
        index = int(number) if number.isdigit() else min(words().ordinals[number], top)
        if index <= top:
            made.append(_whole(match, rule, unit, index=index, year=year, short_year=short))
    if len(made) == 2 and groups.get("join") != "et":
        yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=made[0], last=made[1])
    elif len(made) == 2:
        first, second = match.string[match.start() : match.start("join")], match.string[match.end("join") : match.end()]
        yield replace(made[0], end=match.start() + len(first.rstrip()))
        yield replace(made[1], start=match.end() - len(second.lstrip()))
    else:
        yield from made


def _roman(text: str) -> int:
    values = [ROMAN[char] for char in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _part_of_month(match: Match, rule: str) -> Iterator[Partial]:
    """A half or a week of a month, as a range of its days; « dernière semaine » is the last seven."""
    year, short = _tail(match)
    month, index = words().months[match["m"]], words().ordinals[match["ordw"]]
    longest = 29 if month == 2 and year and not year % 4 else monthrange(2001, month)[1]
    size, top = (15, 2) if match["unit"] == "quinzaine" else (7, 4)
    final = index > top or (size == 15 and index == top)
    low = (16 if size == 15 else longest - 6) if final else size * (index - 1) + 1
    first = _whole(match, rule, "day", day=low, month=month, year=year, short_year=short)
    last = replace(first, unit="month", day=None) if final else replace(first, day=low + size - 1)
    yield _whole(match, rule, "range", first=first, last=last, way=match["way"])


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
    yield _whole(match, rule, "range", first=first, last=last)


def _century(match: Match, rule: str) -> Iterator[Partial]:
    groups = match.groupdict()
    if groups.get("n"):
        yield _whole(match, rule, "century", index=int(match["n"]))
        return
    numbers = [_roman(text) for text in (match["roman"], match["roman2"]) if text]
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
    year, short = _short(match["y"])
    yield _whole(match, rule, "year", year=year, short_year=short, sure=0.95)


def _season(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _tail(match)
    way, index = match.groupdict().get("way"), words().seasons[match["s"]]
    yield _whole(match, rule, "season", index=index, year=year, short_year=short, way=way)


def _rentree(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _tail(match)
    way = _WAYS.get(match["way"] or match["way2"] or "")
    yield _whole(match, rule, "month", month=9, year=year, short_year=short, way=way, sure=0.85)


def _part(match: Match, rule: str) -> Iterator[Partial]:
    groups = match.groupdict()
    year, short = _tail(match)
    index = words().parts[" ".join(match["part"].split())] + 1
    way = "same year" if groups.get("back") else None
    yield _whole(match, rule, "part", index=index, year=year, short_year=short, way=way)


def _moitie(match: Match, rule: str) -> Iterator[Partial]:
    index = min(words().ordinals[match["ordw"]], 2)
    yield _whole(match, rule, "half", index=index, year=int(match["y"]))


def _feast(match: Match, rule: str) -> Iterator[Partial]:
    """A feast: one day each year, or so many days from Easter (kept in ``index``)."""
    name = " ".join(match["feast"].split())
    year, short = _tail(match)
    if name in words().moving:
        shift = words().moving[name]
        yield _whole(match, rule, "day", index=shift, year=year, short_year=short, way=match["way"], sure=0.9)
        return
    month, day = words().feasts[name]
    yield _whole(match, rule, "day", month=month, day=day, year=year, short_year=short, way=match["way"], sure=0.9)


def _roman_month(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _short(match["y"])
    made = _day(match.start(), match.end(), rule, int(match["d"]), _roman(match["rm"]), year, short, sure=0.9)
    if made:
        yield made


def _two_figures(match: Match, rule: str) -> Iterator[Partial]:
    """« en 68 », « exercices 74 et 75 », « en 75-76 »: years in two figures."""
    made = [
        Partial(start=match.start(slot), end=match.end(slot), unit="year", rule=rule, year=int(match[slot]),
                short_year=True, sure=0.75)
        for slot in ("y", "y1", "y2") if match[slot]
    ]  # fmt: skip
    if len(made) == 2 and " et " not in match[0]:
        if made[0].year < made[1].year:  # type: ignore[operator]
            yield _whole(match, rule, "range", first=made[0], last=made[1], sure=0.75)
    else:
        yield from made


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
            yield _whole(match, rule, "year", year=year)
        return
    written = match["dl"]
    day = (
        1 if written == "premier" else _number(written) if written[0].isdigit() else letters(" ".join(written.split()))
    )
    made = _day(match.start(), match.end(), rule, day or 0, words().months[match["m"]], year, False)
    if made:
        yield made


READERS: dict[str, Reader] = {
    "numeric": _numeric, "days": _days, "weekday": _weekday, "weekday_alone": _weekday_alone,
    "weekday_day": _weekday_day, "same_month": _same_month, "day_alone": _day_alone, "month": _month,
    "month_figures": _month_figures, "day_figures": _day_figures, "division": _division, "century": _century, "decade": _decade,
    "short_range": _short_range, "year": _year, "season": _season, "two_months": _two_months,
    "roman_month": _roman_month, "two_figures": _two_figures, "rentree": _rentree, "part": _part, "moitie": _moitie,
    "part_of_month": _part_of_month, "months_of_year": _months_of_year,
    "feast": _feast, "letters": _letters,
}  # fmt: skip
