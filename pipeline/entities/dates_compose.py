"""Which dates belong together: spans and lists.

Why: « de 1971 à 1977 » is one date, « 2003 et 2006 » two, and « les 12/03, 19/03 et 02/04/2015 » lend one another their year.
Idea: neighbours are joined by the words between them; a span keeps its frame (« de … à », « entre … et »).
Limits: looks at neighbours only, never at the sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.entities.dates_calendar import Partial, interval

_TO = re.compile(
    r"(?: ?- ?|(?:,? |[ \n]?)(?:a|au|jusqu'(?:en|a|au)|et jusqu'(?:en|a|au))[ \n])"
    r"(?:la[ \n]|l'|le[ \n]|les[ \n]|du[ \n]|en[ \n])?(?:annees?[ \n])?"
)
_AND = re.compile(
    r"[ \n]?(?:,|et|ou|puis|,?[ \n]puis|, et|&|/)[ \n]?(?:a[ \n])?"
    r"(?:(?:le|les|du|de|des|en|au|la|dans)[ \n]|l'|d'|de[ \n]l')?(?:l'annee |annees? )?"
)
_BRACKETS = re.compile(r"\??\]? ?\[?- ?\[?(?:vers |ca\.? ?|circa )?")  # « [vers 1910]-1975 », « 1974 [-1976] »
_AND_BETWEEN = re.compile(r"[ \n]et[ \n](?:le[ \n]|la[ \n]|l'|les[ \n])?")
_FRAME = re.compile(r"(?<!\w)(?:de|du|d'|des|depuis)[ \n]?(?:le[ \n]|la[ \n]|l'|l'annee[ \n]|les[ \n]annees[ \n])?\Z")
_BETWEEN = re.compile(r"(?<!\w)entre[ \n](?:le[ \n]|la[ \n]|l'|les[ \n])?\Z")
_JOINED = {"day", "month", "quarter", "half", "season", "part", "year"}


def compose(key: str, items: list[Partial]) -> list[Partial]:
    """Joins neighbours into spans, then lends the years of lists. Same order, fewer items."""
    spans: list[Partial] = []
    position = 0
    while position < len(items):
        here = items[position]
        joined = _span(key, here, items[position + 1]) if position + 1 < len(items) else None
        if joined:
            spans.append(joined)
            position += 2
        else:
            spans.append(_framed(key, here))
            position += 1
    for index in range(len(spans) - 2, -1, -1):
        spans[index] = _lend_back(key, spans[index], spans[index + 1])
    for index in range(1, len(spans)):
        spans[index] = _lend_on(key, spans[index - 1], spans[index])
    return spans


def _span(key: str, here: Partial, there: Partial) -> Partial | None:
    """One span of two neighbours, where the words between and before them say so; « 1964, 12 mars » is one day."""
    if here.unit == "year" and there.unit == "day" and not there.dated and key[here.end : there.start] == ", ":
        return replace(there, start=here.start, year=here.year)
    if not {here.unit, there.unit} <= _JOINED or (here.dated and not there.dated and there.unit == "day"):
        return None
    between, before = key[here.end : there.start], key[max(0, here.start - 16) : here.start]
    entre = _BETWEEN.search(before)
    frame = entre or _FRAME.search(before)
    years = here.unit == there.unit == "year" and between == "/"
    if here.unit == there.unit == "year":
        years = years or _BRACKETS.fullmatch(between) is not None
    if not years and not (entre and _AND_BETWEEN.fullmatch(between)):
        if not _TO.fullmatch(between):
            return None
        loose = between.strip() in ("-", "a") or "au" in between.split()
        if loose and here.unit != there.unit and not frame:
            return None
    framed = frame is not None and not re.match(r"depuis|des", frame.group()) and between.strip() not in ("-", "/")
    start = frame.start() + max(0, here.start - 16) if frame and framed else here.start
    made = Partial(
        start=start, end=there.end, unit="range", rule="span", first=here, last=there, sure=min(here.sure, there.sure)
    )
    return made if not made.dated or interval(made) else None


def _framed(key: str, item: Partial) -> Partial:
    """A span found whole (« 3 au 5 mai 2010 ») takes its frame (« du … ») into its surface."""
    if item.unit != "range":
        return item
    window = max(0, item.start - 16)
    frame = re.search(r"(?<!\w)(?:du|de|entre le)[ \n]\Z", key[window : item.start])
    return replace(item, start=window + frame.start()) if frame else item


def _like(one: Partial, other: Partial) -> bool:
    kinds = {"range" if item.unit == "range" else item.unit for item in (one, other)}
    return len(kinds) == 1 or kinds <= {"day", "range"} or kinds <= {"quarter", "half"} or kinds <= {"month", "season"}


def _year_of(item: Partial, end: bool) -> int | None:
    if item.unit == "range":
        side = item.last if end else item.first
        other = item.first if end else item.last
        return (side.year if side else None) or (other.year if other else None)
    return item.year


def _lend_back(key: str, here: Partial, there: Partial) -> Partial:
    """« 14 janvier et 3 mars 2008 »: the first takes the year of the last."""
    year = _year_of(there, end=False)
    if here.dated or year is None or not _like(here, there) or here.unit in ("relative", "weekday"):
        return here
    return _with_year(here, year) if _AND.fullmatch(key[here.end : there.start]) else here


def _lend_on(key: str, here: Partial, there: Partial) -> Partial:
    """« le 12 mars 2004 et le 3 avril »: the second takes the year of the first."""
    year = _year_of(here, end=True)
    if there.dated or year is None or not _like(here, there) or there.unit in ("relative", "weekday"):
        return there
    between = key[here.end : there.start]
    if not _AND.fullmatch(between):
        return there
    lent, before = _with_year(there, year), interval(here)
    value = interval(lent)
    later = "puis" in between and value and before and value.date_to < before.date_from
    return _with_year(there, year + 1) if later else lent


def _with_year(item: Partial, year: int) -> Partial:
    if item.unit == "range" and item.first is not None and not item.dated:
        return replace(item, first=replace(item.first, year=year), last=_same(item.last, year))
    return replace(item, year=year)


def _same(item: Partial | None, year: int) -> Partial | None:
    return replace(item, year=year) if item is not None and item.year is None else item


def lists(key: str, items: list[Partial]) -> list[bool]:
    """For each item, whether it goes on a list of its like whose year is still to be found (« les 30/04 et 05/11 »)."""
    out = [False] * len(items)
    for index in range(1, len(items)):
        here, there = items[index - 1], items[index]
        if not here.dated and not there.dated and here.unit == there.unit and here.unit in ("day", "month", "quarter"):
            out[index] = _AND.fullmatch(key[here.end : there.start]) is not None
    return out
