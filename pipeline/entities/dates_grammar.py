"""The wordings of dates: from text to partial dates, in order, not overlapping.

Why: no library at hand reads French archive dates (of 25 forms the best got 6 right).
Idea: one quick pattern finds where a date may begin (a figure, a month, a season…); there the wordings of ``dates.toml`` are
tried in order, and a small function a wording turns the match into partial dates. Most matches give one, lists give several.
Limits: no wording looks beyond its own words; what a year is not, and what a partial date lacks, is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from pipeline.entities.dates_calendar import Partial
from pipeline.entities.dates_match import Reader
from pipeline.entities.dates_readers import READERS
from pipeline.entities.dates_words import either, table
from pipeline.entities.folding import led
from pipeline.entities.numerals import LETTERS, letters

_YEAR = r"(?:1[0-9]\d\d|20\d\d)(?!\d)"
_CENTURIES = {
    f"x{''.join(rest)}{end}" for size in range(5) for rest in product("vix", repeat=size) for end in ("e", "eme")
}
_DAY = (  # « 1erjuillet » too, where the space is lost
    r"(?:3[01]|[12]\d|0?[1-9])"
    r"(?: ?er(?![a-z])|er(?=janv|fevr|mars|avri|mai|juin|juil|aout|sept|octo|nove|dece)|ere|°)?(?![\d%])"
)
_DAYGAP = r"(?:,?[ \n]?(?:et|ou|au|a|puis|&)[ \n](?:le[ \n]|du[ \n]|les[ \n])?|,[ \n]?(?:le[ \n])?| ?[-/] ?)"
_TAIL = (
    rf"(?:(?:,?[ \n](?:(?:de[ \n])?l'annee[ \n]|de[ \n]l'an[ \n]|de[ \n]|an[ \n])?|(?<=[a-z]{{3}}))(?P<y>{_YEAR})"
    r"|[ \n](?P<yy>'\d\d|\d\d)(?![\d\w°%€/]|[.,]\d|-\d| \d|[ \n](?:[a-z]+s|ha|h|m²|m2|%|€|k€|m€"
    r"|euros|bis|rue|et \d\d? [a-z]+s)(?!\w)))?"
)


FINAL = ("iso", "numeric", "days of a month")
"""Wordings with a whole day: where the day does not exist (31/04), nothing else is read there either."""
STEPS = {
    "jour": "day", "jours": "day", "semaine": "week", "semaines": "week", "mois": "month",
    "an": "year", "ans": "year", "annee": "year", "annees": "year",
}  # fmt: skip
"""Words of time, and the step each names."""


class Wording(NamedTuple):
    """One row of the table of wordings."""

    name: str
    pattern: re.Pattern[str]
    read: Reader


class Relative(NamedTuple):
    """One row of the table of relative dates."""

    base: str
    unit: str
    shift: int


class Grammar(NamedTuple):
    """The patterns of the room's dates; ``wordings`` by what they open with."""

    anchor: re.Pattern[str]
    openers: frozenset[str]
    wordings: dict[str, tuple[Wording, ...]]
    relatives: tuple[Relative, ...]
    leaning_openers: frozenset[str]
    leaning_opening: re.Pattern[str]
    leaning: re.Pattern[str]
    later: tuple[int, re.Pattern[str]]
    counted: re.Pattern[str]
    day_alone: re.Pattern[str]
    today: re.Pattern[str]
    not_year_before: re.Pattern[str]
    not_year_after: re.Pattern[str]
    codes: frozenset[str]
    names: re.Pattern[str]
    narrated: re.Pattern[str]
    future: re.Pattern[str]
    not_future: re.Pattern[str]
    past: re.Pattern[str]
    done: re.Pattern[str]


def _openings(tables: dict[str, Any], macros: dict[str, str]) -> tuple[dict[str, tuple[Wording, ...]], str]:
    """The wordings by what they open with, and the one pattern that finds all openings."""
    named = (
        "months",
        "short_months",
        "weekdays",
        "short_weekdays",
        "seasons",
        "parts",
        "ordinals",
        "feasts",
        "moving_feasts",
    )
    openers = {name: list(tables[name]) for name in named} | {"numerals": tables["numerals"]["words"]}
    wordings: dict[str, list[Wording]] = {}
    for row in tables["wording"]:
        wording = Wording(row["name"], re.compile(row["pattern"].format(**macros)), READERS[row["make"]])
        opened = [word for start in row["starts"].split() for word in openers.get(start, [start])]
        for first in dict.fromkeys(re.split(r"[ -]", word)[0] for word in opened):
            wordings.setdefault(first, []).append(wording)
    plain = either({first for first in wordings if first not in ("year", "few", "roman", "sign")})
    few = (
        r"\d\d?(?:er|ere|eme|ieme|e|nde?|d|°)?(?:[/.-]\d| ?[/.-] ?[ivx]{1,4}[ /.-]|(?<=en \d\d)[,.;)]|[ts][ \n/-]?[12]"
        r"|er[-/.]\d| er "
        r"|[ \n]?(?:,|et|ou|au|a|puis|&|-)[ \n]?(?:\d|le |du "
        rf"|les |{macros['weekday']})|[ \n-]?(?:{macros['month']}|{macros['short']}|trim|sem"
        r""
        r"|siecle|quinzaine|du |de ce |courant|ct\b|ecoule|expire|er |premiers |derniers )"
        r"|(?:(?<=\ble[ \n]\d\d)|(?<=\ble[ \n]\d))(?=[ ]?[.,;:)](?!\d)|\n|\Z|[ \n]et[ \n])"
        r"| (?:i{1,3}|i?v|vi{1,3}|ix|xi{1,2}) \d| x (?:1[89]|20)\d\d| / \d|(?:er|e|eme)? [ts] ?\d{4})"
    )
    anchor = (
        rf"\b(?:(?P<year>{_YEAR})|(?P<few>(?={few})\d)|(?P<roman>x[vix]{{0,4}}e(?:me)?\b)|(?P<sign>[ts][1-4]\b)"
        rf"|(?P<plain>{plain})(?![a-z]))"
    )
    return {first: tuple(rows) for first, rows in wordings.items()}, anchor


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Every pattern of the room's dates, compiled once."""
    tables = table()
    macros = {
        "year": _YEAR, "day": _DAY, "daygap": _DAYGAP, "tail": _TAIL, "letters": LETTERS, "_": r"[ \n]",
        "month": either(tables["months"]) + r"(?![a-z])", "short": either(tables["short_months"]) + r"(?![a-z])",
        "weekday": either(tables["weekdays"]), "short_weekday": either(tables["short_weekdays"]),
        "part": either(tables["parts"]), "ordinal": either(tables["ordinals"]),
        "decade": either(tables["decades"]), "feast": either([*tables["feasts"], *tables["moving_feasts"]]),
    }  # fmt: skip
    wordings, anchor = _openings(tables, macros)
    rows = [(row, row["pattern"].format(**macros)) for row in tables["relative"]]
    leaning = "|".join(f"(?P<r{i}>{pattern})" for i, (row, pattern) in enumerate(rows) if row["unit"] != "span")
    later = next((i, pattern) for i, (row, pattern) in enumerate(rows) if row["unit"] == "span")
    guard, tense = tables["not_a_year"], tables["tense"]
    return Grammar(
        anchor=re.compile(anchor),
        openers=frozenset((*wordings, *_CENTURIES)),
        wordings=wordings,
        relatives=tuple(Relative(row["base"], row["unit"], row["shift"]) for row, _ in rows),
        leaning_openers=frozenset(re.split(r"[ '-]", words)[0] for words in tables["relative_openings"]["words"]),
        leaning_opening=re.compile(rf"\b{either(tables['relative_openings']['words'])}\b"),
        leaning=re.compile(rf"(?:{leaning})(?!\w)(?!-\w)"),
        later=(later[0], re.compile(rf"\b(?:{later[1]})")),
        counted=re.compile(rf"(?P<n>(?<!\w)\d\d?|{LETTERS})[ \n]\Z"),
        day_alone=re.compile(tables["day_alone"]["before"]),
        today=re.compile(tables["today"]["before"]),
        not_year_before=re.compile(rf"(?<![a-z])(?<![a-z]\.)(?:{guard['before']})[ \n]?\Z"),
        not_year_after=re.compile(guard["after"].format(_=r"[ \n]")),
        codes=frozenset(guard["codes"].split("|")),
        names=re.compile(
            rf"(?<![a-z])(?:{tables['names']['before']})[ \n]du[ \n](?:(?:{either(tables['weekdays'])})[ \n])?\Z"
        ),
        narrated=re.compile(r"(?<!\w)" + tense["narrated"]),
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
    for anchor in led(rules.anchor, key, rules.openers, figures=True):
        if anchor.start() < end:
            continue
        for wording in rules.wordings[anchor["plain"] or anchor.lastgroup or ""]:
            match = wording.pattern.match(key, anchor.start())
            if match is None:
                continue
            made = list(wording.read(match, wording.name))
            found += made
            if made or wording.name in FINAL:
                end = match.end()
                break
    taken = [(item.start, item.end) for item in found]
    leaning = [item for item in _relatives(key) if not any(item.start < high and low < item.end for low, high in taken)]
    return sorted([*found, *leaning], key=lambda item: item.start)


def _relatives(key: str) -> Iterator[Partial]:
    """Dates that lean on another: « l'année suivante », « six mois plus tard »."""
    rules = grammar()
    end = 0
    for opening in led(rules.leaning_opening, key, rules.leaning_openers):
        match = rules.leaning.match(key, opening.start())
        if match is None or opening.start() < end or key[opening.start() - 1 : opening.start()] == "-":
            continue
        end = match.end()
        number = int((match.lastgroup or "r0")[1:])
        row = rules.relatives[number]
        way, shift = row.unit, row.shift
        if row.unit == "ago":
            count = match["ago"] or match["ahead"]
            times = int(count) if count.isdigit() else letters(count)
            if not times:
                continue
            way, shift = _unit(match["past"] or match["future"]), row.shift * times
        yield Partial(
            start=match.start(), end=match.end(), unit="relative", rule="relative", way=way, relative=number,
            index=shift, sure=0.9,
        )  # fmt: skip
    number, pattern = rules.later
    for match in led(pattern, key, STEPS):
        before = rules.counted.search(key, max(0, match.start() - 40), match.start())
        count = None if before is None else int(before["n"]) if before["n"].isdigit() else letters(before["n"])
        if before is None or count is None or key[max(0, before.start() - 5) : before.start()].strip() == "soit":
            continue  # « en 1967, soit sept ans plus tard » names the date just read
        shift = -count if match["dir"].split()[-1] in ("auparavant", "tot", "avant") else count
        yield Partial(
            start=before.start(), end=match.end(), unit="relative", rule="relative", way=_unit(match["span"]),
            relative=number, index=shift, sure=0.85,
        )  # fmt: skip


def _unit(word: str) -> str:
    """The step a word of time names: « ans » → ``year``."""
    return STEPS[word]
