"""Which dates belong together: spans and lists.

Why: « de 1971 à 1977 » is one date, « 2003 et 2006 » two, and « les 12/03, 19/03 et 02/04/2015 » lend one another their year.
Idea: neighbours are joined by the words between them; a span keeps its frame (« de … à », « entre … et »).
Limits: looks at neighbours only, never at the sentence.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.entities.dates_calendar import Partial, interval
from pipeline.wordings import wordings

SAYS = wordings(__file__, "dates_around.toml")
_JOINED = {"day", "month", "quarter", "half", "season", "part", "year", "decade"}
_BY_SLASH = {"year", "part", "season"}  # « 2014/2020 », « fin 2014/début 2015 »; « mars/avril » may be two
CELLS = 4  # spaced dashes in a line: it is a row of a table
_FRAMES = 24  # characters before a date in which its frame begins


def compose(key: str, items: list[Partial]) -> list[Partial]:
    """Joins neighbours into spans, then lends the years of lists. Same order, fewer items."""
    spans: list[Partial] = []
    position = 0
    while position < len(items):
        here = items[position]
        joined = _span(key, here, items[position + 1]) if position + 1 < len(items) else None
        if joined:
            position += 2
            while position < len(items) and (longer := _run(key, joined, items[position])):
                joined, position = longer, position + 1
            spans.append(joined)
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
    between, before = key[here.end : there.start], key[max(0, here.start - _FRAMES) : here.start]
    entre = SAYS["between"].search(before)
    frame = entre or SAYS["frame"].search(before)
    years = here.unit == there.unit and here.unit in _BY_SLASH and between == "/"
    if here.unit == there.unit == "year":
        years = years or SAYS["brackets"].fullmatch(between) is not None
    if not years and not (entre and SAYS["and_between"].fullmatch(between)):
        to = SAYS["to"].fullmatch(between)
        if not to or (to["about"] and there.unit != "decade") or (to["part"] and there.unit != "month"):
            return None
        if here.unit == "decade" and between.strip() == "-" and not to["about"]:
            return None
        if between == " - " and _in_cells(key, here, there):
            return None
        loose = between.strip() in ("-", "a") or "au" in between.split()
        if loose and here.unit != there.unit and not frame and not (here.dated and between.strip() == "a"):
            return None
    framed = frame is not None and not SAYS["no_frame"].match(frame.group()) and between.strip() not in ("-", "/")
    start = frame.start() + max(0, here.start - _FRAMES) if frame and framed else here.start
    made = Partial(
        start=start, end=there.end, unit="range", rule="span", first=here, last=there, sure=min(here.sure, there.sure)
    )
    return made if not made.dated or interval(made) else None


def _in_cells(key: str, here: Partial, there: Partial) -> bool:
    """Whether a line is a row of a table whose cells a spaced dash keeps apart (« … – T4 2006 – T2 2007 »)."""
    start = key.rfind("\n", 0, here.start) + 1
    close = key.find("\n", there.end)
    return key.count(" - ", start, len(key) if close < 0 else close) >= CELLS


def _run(key: str, span: Partial, there: Partial) -> Partial | None:
    """« 2004-2005-2006 »: the year that goes on the run of a span of years."""
    last = span.last
    between = key[span.end : there.start]
    if last is None or last.unit != "year" or there.unit != "year" or between not in ("-", "/"):
        return None
    going_on = last.year is not None and there.year == last.year + 1 and key[last.start - 1] == between
    return replace(span, end=there.end, last=there) if going_on else None


def _framed(key: str, item: Partial) -> Partial:
    """A span found whole (« 3 au 5 mai 2010 ») takes its frame (« du … ») into its surface."""
    if item.unit != "range":
        return item
    window = max(0, item.start - 16)
    frame = SAYS["whole_frame"].search(key[window : item.start])
    return replace(item, start=window + frame.start()) if frame else item


def _like(one: Partial, other: Partial) -> bool:
    kinds = {"range" if item.unit == "range" else item.unit for item in (one, other)}
    return len(kinds) == 1 or kinds <= {"day", "range"} or kinds <= {"quarter", "half"} or kinds <= {"month", "season"}


def _dated_end(item: Partial, end: bool) -> Partial | None:
    """The part of ``item`` that says its year: of a range the end nearer to the neighbour, else the other."""
    sides = [item.last, item.first] if end else [item.first, item.last]
    parts = sides if item.unit == "range" else [item]
    return next((part for part in parts if part is not None and part.year is not None), None)


def _lend_back(key: str, here: Partial, there: Partial) -> Partial:
    """« 14 janvier et 3 mars 2008 »: the first takes the year of the last."""
    lender = _dated_end(there, end=False)
    if here.dated or lender is None or not _like(here, there) or here.unit in ("relative", "weekday"):
        return here
    return _with_year(here, lender) if SAYS["and"].fullmatch(key[here.end : there.start]) else here


def _lend_on(key: str, here: Partial, there: Partial) -> Partial:
    """« le 12 mars 2004 et le 3 avril »: the second takes the year of the first."""
    lender = _dated_end(here, end=True)
    if there.dated or lender is None or not _like(here, there) or there.unit in ("relative", "weekday"):
        return there
    between = key[here.end : there.start]
    if not SAYS["and"].fullmatch(between):
        return there
    lent, before = _with_year(there, lender), interval(here)
    value = interval(lent)
    later = "puis" in between and value and before and value.date_to < before.date_from
    return _with_year(there, lender, 1) if later else lent


def _with_year(item: Partial, lender: Partial, later: int = 0) -> Partial:
    """``item`` in the year of ``lender`` (whose century may still be to choose), or so many years later."""
    year, short = (lender.year or 0) + later, lender.short_year
    if item.unit == "range" and item.first is not None and item.last is not None and not item.dated:
        ends = [replace(part, year=year, short_year=short) for part in (item.first, item.last)]
        return replace(item, first=ends[0], last=ends[1])
    return replace(item, year=year, short_year=short)


def lists(key: str, items: list[Partial]) -> list[bool]:
    """For each item, whether it goes on a list of its like whose year is still to be found (« les 30/04 et 05/11 »)."""
    out = [False] * len(items)
    for index in range(1, len(items)):
        here, there = items[index - 1], items[index]
        if not here.dated and not there.dated and here.unit == there.unit and here.unit in ("day", "month", "quarter"):
            out[index] = SAYS["and"].fullmatch(key[here.end : there.start]) is not None
    return out
