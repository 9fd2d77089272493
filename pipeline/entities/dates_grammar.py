"""The wordings of dates: from text to partial dates, in order, not overlapping.

Why: no library at hand reads French archive dates (of 25 forms the best got 6 right).
Idea: one quick pattern finds where a date may begin (a figure, a month, a season…); there the wordings of ``dates.toml`` are
tried in order, and a small function a wording turns the match into partial dates. Most matches give one, lists give several.
Limits: no wording looks beyond its own words; what a year is not, and what a partial date lacks, is decided elsewhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.entities.dates_calendar import Partial, Unit
from pipeline.entities.numerals import LETTERS, letters

Match = re.Match[str]
ROMAN = {"i": 1, "v": 5, "x": 10}
_YEAR = r"(?:1[0-9]\d\d|20\d\d)(?!\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:er|ere|°)?(?![\d%])"
_DAYGAP = r"(?:,?[ \n]?(?:et|ou|au|a|puis|&)[ \n](?:le[ \n]|du[ \n]|les[ \n])?|,[ \n]?(?:le[ \n])?| ?[-/] ?)"
_TAIL = (
    rf"(?:,?[ \n](?:(?:de[ \n])?l'annee[ \n]|de[ \n]l'an[ \n]|de[ \n]|an[ \n])?(?P<y>{_YEAR})"
    r"|[ \n](?P<yy>'\d\d|\d\d)(?![\d\w°%€/]|[.,]\d|-\d| \d|[ \n](?:[a-z]+s|ha|h|m²|m2|%|€|k€|m€|euros|bis|rue|et \d\d? [a-z]+s)(?!\w)))?"
)


class Wording(NamedTuple):
    name: str
    pattern: re.Pattern[str]
    make: Callable[[Match, str], Iterator[Partial]]


class Words(NamedTuple):
    """The tables of ``dates.toml``, with their patterns compiled."""

    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    parts: dict[str, int]
    ordinals: dict[str, int]
    decades: dict[str, int]
    feasts: dict[str, list[int]]


class Relative(NamedTuple):
    """One row of the table of relative dates."""

    base: str
    unit: str
    shift: int


class Grammar(NamedTuple):
    anchor: re.Pattern[str]
    wordings: dict[str, tuple[Wording, ...]]
    relatives: tuple[Relative, ...]
    leaning: re.Pattern[str]
    later: tuple[int, re.Pattern[str]]
    count: re.Pattern[str]
    not_year_before: re.Pattern[str]
    not_year_after: re.Pattern[str]
    codes: frozenset[str]
    names: re.Pattern[str]
    future: re.Pattern[str]
    not_future: re.Pattern[str]
    past: re.Pattern[str]
    done: re.Pattern[str]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("dates.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of dates with what they are worth."""
    table = _table()
    months = table["months"] | table["short_months"]
    return Words(
        months,
        table["weekdays"],
        table["seasons"],
        table["parts"],
        table["ordinals"],
        table["decades"],
        table["feasts"],
    )


def _either(names: Any) -> str:
    return (
        "(?:"
        + "|".join(re.escape(name).replace("\\ ", "[ \\n]") for name in sorted(names, key=len, reverse=True))
        + ")"
    )


def _openings(table: dict[str, Any], macros: dict[str, str]) -> tuple[dict[str, tuple[Wording, ...]], str]:
    """The wordings by what they open with, and the one pattern that finds all openings."""
    tables = ("months", "short_months", "weekdays", "seasons", "parts", "ordinals", "feasts")
    openers = {name: list(table[name]) for name in tables} | {"numerals": table["numerals"]["words"]}
    wordings: dict[str, list[Wording]] = {}
    for row in table["wording"]:
        wording = Wording(row["name"], re.compile(row["pattern"].format(**macros)), MAKERS[row["make"]])
        opened = [word for start in row["starts"].split() for word in openers.get(start, [start])]
        for first in dict.fromkeys(re.split(r"[ -]", word)[0] for word in opened):
            wordings.setdefault(first, []).append(wording)
    plain = _either({first for first in wordings if first not in ("year", "few", "roman", "sign")})
    few = (
        r"\d\d?(?:er|ere|eme|ieme|e|nde?|d|°)?(?:[/.-]\d|[ts][ \n/-]?[12]|[ \n]?(?:,|et|ou|au|a|puis|&|-)[ \n]?(?:\d|le |du |les "
        rf"|{macros['weekday']})|[ \n]?(?:{macros['month']}|{macros['short']}|trim|sem|siecle|du |de ce |courant))"
    )
    anchor = (
        rf"\b(?:(?P<year>{_YEAR})|(?P<few>(?={few})\d)|(?P<roman>x[vix]{{0,4}}e(?:me)?\b)|(?P<sign>[ts][1-4]\b)"
        rf"|(?P<plain>{plain})(?![a-z]))"
    )
    return {first: tuple(rows) for first, rows in wordings.items()}, anchor


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Every pattern of the room's dates, compiled once."""
    table = _table()
    macros = {
        "year": _YEAR, "day": _DAY, "daygap": _DAYGAP, "tail": _TAIL, "letters": LETTERS, "_": r"[ \n]",
        "month": _either(table["months"]) + r"(?![a-z])", "short": _either(table["short_months"]) + r"(?![a-z])",
        "weekday": _either(table["weekdays"]), "part": _either(table["parts"]), "ordinal": _either(table["ordinals"]),
        "decade": _either(table["decades"]), "feast": _either(table["feasts"]),
    }  # fmt: skip
    wordings, anchor = _openings(table, macros)
    rows = [(row, row["pattern"].format(**macros)) for row in table["relative"]]
    leaning = "|".join(f"(?P<r{i}>{pattern})" for i, (row, pattern) in enumerate(rows) if row["unit"] != "span")
    later = next((i, pattern) for i, (row, pattern) in enumerate(rows) if row["unit"] == "span")
    guard, tense = table["not_a_year"], table["tense"]
    return Grammar(
        anchor=re.compile(anchor),
        wordings=wordings,
        relatives=tuple(Relative(row["base"], row["unit"], row["shift"]) for row, _ in rows),
        leaning=re.compile(rf"\b(?<!-)(?:{leaning})(?!\w)(?!-\w)"),
        later=(later[0], re.compile(rf"\b(?:{later[1]})")),
        count=re.compile(rf"(?P<n>(?<!\w)\d\d?|{LETTERS})[ \n]\Z"),
        not_year_before=re.compile(rf"(?<![a-z])(?:{guard['before']})[ \n]?\Z"),
        not_year_after=re.compile(guard["after"].format(_=r"[ \n]")),
        codes=frozenset(guard["codes"].split("|")),
        names=re.compile(
            rf"(?<![a-z])(?:{table['names']['before']})[ \n]du[ \n](?:(?:{_either(table['weekdays'])})[ \n])?\Z"
        ),
        future=re.compile(r"(?<!\w)(?:" + tense["future"].format() + ")"),
        not_future=re.compile(tense["not_future"]),
        past=re.compile(r"(?<!\w)(?:" + tense["past"].format() + ")"),
        done=re.compile(tense["done"].format()),
    )


def scan(key: str) -> list[Partial]:
    """Every partial date of a folded text, relative ones included, in order."""
    rules = grammar()
    found: list[Partial] = []
    end = 0
    for anchor in rules.anchor.finditer(key):
        if anchor.start() < end:
            continue
        for wording in rules.wordings[anchor["plain"] or anchor.lastgroup or ""]:
            match = wording.pattern.match(key, anchor.start())
            if match is None:
                continue
            made = [item for item in wording.make(match, wording.name)]
            if made:
                found += made
                end = match.end()
                break
            if wording.name in ("iso", "numeric", "days of a month"):  # 31/04: no such day, and no other reading either
                end = match.end()
                break
    taken = [(item.start, item.end) for item in found]
    leaning = [item for item in _relatives(key) if not any(item.start < high and low < item.end for low, high in taken)]
    return sorted([*found, *leaning], key=lambda item: item.start)


def _relatives(key: str) -> Iterator[Partial]:
    """Dates that lean on another: « l'année suivante », « six mois plus tard »."""
    rules = grammar()
    for match in rules.leaning.finditer(key):
        number = int((match.lastgroup or "r0")[1:])
        row = rules.relatives[number]
        yield Partial(
            start=match.start(), end=match.end(), unit="relative", rule="relative", way=row.unit, relative=number,
            index=row.shift, sure=0.9,
        )  # fmt: skip
    number, pattern = rules.later
    for match in pattern.finditer(key):
        before = rules.count.search(key, max(0, match.start() - 40), match.start())
        count = None if before is None else int(before["n"]) if before["n"].isdigit() else letters(before["n"])
        if before is None or count is None:
            continue
        shift = -count if match["dir"].split()[-1] in ("auparavant", "tot", "avant") else count
        way = {"jour": "day", "semaine": "week", "moi": "month", "an": "year", "annee": "year"}[
            match["span"].rstrip("s")
        ]
        yield Partial(
            start=before.start(), end=match.end(), unit="relative", rule="relative", way=way, relative=number, index=shift,
            sure=0.85,
        )  # fmt: skip


def _short(text: str) -> tuple[int | None, bool]:
    """A year of two or four figures, and whether its century is still to be chosen."""
    digits = text.lstrip("'")
    return (int(digits), len(digits) == 2)


def _tail(match: Match) -> tuple[int | None, bool]:
    groups = match.groupdict()
    written = groups.get("y") or groups.get("yy")
    return _short(written) if written else (None, False)


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


def _days(match: Match, rule: str) -> Iterator[Partial]:
    """One day, a list of days or a span of days of one month, as the words between them say."""
    month = words().months[match["m"].rstrip(".")]
    year, short = _tail(match)
    base = match.start("days")
    marks = list(
        re.finditer(rf"(?:(?P<wd>{_either(words().weekdays)})[ \n])?(?P<d>\d{{1,2}})(?:er|ere|°)?", match["days"])
    )
    made: list[Partial] = []
    for number, mark in enumerate(marks):
        last = number == len(marks) - 1
        weekday = words().weekdays.get(mark["wd"]) if mark["wd"] else None
        end = match.end() if last else base + mark.end()
        way = match.groupdict().get("way")
        day = _day(base + mark.start("d"), end, rule, int(mark["d"]), month, year, short, weekday=weekday, way=way)
        if day is None:
            return
        made.append(day)
    between = [match["days"][a.end() : b.start()].strip() for a, b in zip(marks, marks[1:], strict=False)]
    if len(made) == 2 and re.fullmatch(r"-|a|au(?: le)?|a le", between[0]) and made[0].day < made[1].day:  # type: ignore[operator]
        yield Partial(start=made[0].start, end=match.end(), unit="range", rule=rule, first=made[0], last=made[1])
    else:
        yield from made


def _weekday(match: Match, rule: str) -> Iterator[Partial]:
    weekday = words().weekdays[match["wd"]]
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


def _weekday_alone(match: Match, rule: str) -> Iterator[Partial]:
    weekday = words().weekdays[match["wd"]]
    yield Partial(
        start=match.start(), end=match.end(), unit="weekday", rule=rule, weekday=weekday, way=match["way"], sure=0.8
    )


def _same_month(match: Match, rule: str) -> Iterator[Partial]:
    yield Partial(
        start=match.start(),
        end=match.end(),
        unit="relative",
        rule="day of month",
        day=_number(match["days"]),
        sure=0.85,
    )


def _month(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _tail(match)
    way = match.groupdict().get("way")
    month = words().months[match["m"]]
    yield Partial(
        start=match.start(), end=match.end(), unit="month", rule=rule, month=month, year=year, short_year=short, way=way
    )


def _month_figures(match: Match, rule: str) -> Iterator[Partial]:
    yield Partial(
        start=match.start(),
        end=match.end(),
        unit="month",
        rule=rule,
        month=int(match["m"]),
        year=int(match["y"]),
        sure=0.9,
    )


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
            made.append(
                Partial(
                    start=match.start(), end=match.end(), unit=unit, rule=rule, index=index, year=year, short_year=short
                )
            )
    if len(made) == 2 and groups.get("join") != "et":
        yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=made[0], last=made[1])
    elif len(made) == 2:
        cut = match.end("ord2") if groups.get("ord2") else match.end("ordw2")
        cut = match.start("join")
        yield Partial(
            start=match.start(), end=cut, unit=unit, rule=rule, index=made[0].index, year=year, short_year=short
        )
        yield Partial(
            start=match.end("join"),
            end=match.end(),
            unit=unit,
            rule=rule,
            index=made[1].index,
            year=year,
            short_year=short,
        )
    else:
        yield from made


def _roman(text: str) -> int:
    values = [ROMAN[char] for char in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _century(match: Match, rule: str) -> Iterator[Partial]:
    groups = match.groupdict()
    if groups.get("n"):
        yield Partial(start=match.start(), end=match.end(), unit="century", rule=rule, index=int(match["n"]))
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


def _decade(match: Match, rule: str) -> Iterator[Partial]:
    """One decade or several (« années 1950 et 1960 »); joined by « à » or a dash they are one stretch."""
    made = [
        Partial(start=match.start(), end=match.end("dec"), unit="decade", rule=rule, year=_decade_year(match["dec"]))
    ]
    written = _either(words().decades) + r"|\d{3}0|'?\d0"
    gaps: list[str] = []
    end = 0
    for mark in re.finditer(rf"(?<!\w)(?:{written})(?!\w)", match["decs"]):
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
    if not 0 < to - year <= (10 if match["sep"] == "-" else 1):
        return
    first = Partial(start=match.start(), end=match.end("y"), unit="year", rule=rule, year=year)
    second = Partial(start=match.start("yy"), end=match.end(), unit="year", rule=rule, year=to)
    yield Partial(start=match.start(), end=match.end(), unit="range", rule=rule, first=first, last=second, sure=0.9)


def _year(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _short(match["y"])
    yield Partial(start=match.start(), end=match.end(), unit="year", rule=rule, year=year, short_year=short, sure=0.95)


def _season(match: Match, rule: str) -> Iterator[Partial]:
    year, short = _tail(match)
    way, index = match.groupdict().get("way"), words().seasons[match["s"]]
    yield Partial(
        start=match.start(),
        end=match.end(),
        unit="season",
        rule=rule,
        index=index,
        year=year,
        short_year=short,
        way=way,
    )


def _rentree(match: Match, rule: str) -> Iterator[Partial]:
    yield Partial(
        start=match.start(), end=match.end(), unit="month", rule=rule, month=9, year=int(match["y"]), sure=0.85
    )


def _part(match: Match, rule: str) -> Iterator[Partial]:
    groups = match.groupdict()
    year, short = _tail(match)
    index = words().parts[" ".join(match["part"].split())] + 1
    way = "same year" if groups.get("back") else None
    yield Partial(
        start=match.start(), end=match.end(), unit="part", rule=rule, index=index, year=year, short_year=short, way=way
    )


def _moitie(match: Match, rule: str) -> Iterator[Partial]:
    index = min(words().ordinals[match["ordw"]], 2)
    yield Partial(start=match.start(), end=match.end(), unit="half", rule=rule, index=index, year=int(match["y"]))


def _feast(match: Match, rule: str) -> Iterator[Partial]:
    month, day = words().feasts[" ".join(match["feast"].split())]
    yield Partial(
        start=match.start(),
        end=match.end(),
        unit="day",
        rule=rule,
        day=day,
        month=month,
        year=int(match["y"]),
        sure=0.9,
    )


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
            yield Partial(start=match.start(), end=match.end(), unit="year", rule=rule, year=year)
        return
    day = (
        1
        if match["dl"] == "premier"
        else _number(match["dl"])
        if match["dl"][0].isdigit()
        else letters(match["dl"].replace("\n", " "))
    )
    made = _day(match.start(), match.end(), rule, day or 0, words().months[match["m"]], year, False)
    if made:
        yield made


MAKERS: dict[str, Callable[[Match, str], Iterator[Partial]]] = {
    "numeric": _numeric, "days": _days, "weekday": _weekday, "weekday_alone": _weekday_alone, "same_month": _same_month,
    "month": _month, "month_figures": _month_figures, "day_figures": _day_figures, "division": _division,
    "century": _century, "decade": _decade, "short_range": _short_range, "year": _year, "season": _season,
    "rentree": _rentree, "part": _part, "moitie": _moitie, "feast": _feast, "letters": _letters,
}  # fmt: skip
