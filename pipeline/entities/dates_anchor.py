"""The missing half of a date: its year, from the text around it, never from today.

Why: « le 17 mai » in a report on 2009, « dimanche » in a newspaper and « le 15 décembre » in a January letter are dates a
reader completes without thinking.
Idea: witnesses in a fixed order, the first that speaks wins: the date that opens the line (« 6 mai 1994 : … »), the only year
of the heading, the document's own day with the tense of the clause (letters, minutes, press), the dates of the sentence, then
of the paragraph, then the document's year, then the last date read. A weekday checks the choice. The further the witness,
the lower the confidence.
Limits: tense is read from verb endings near the date, without a parser; a flashback without a year of its own is missed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.entities.dates_calendar import Partial, Unit, days, interval
from pipeline.entities.dates_compose import lists
from pipeline.entities.dates_grammar import grammar
from pipeline.records import DateValue

FLASHBACK = 3  # years: a dated sentence at least so far from the document's own day tells of that time, not of now
LEANS_ON = {"day": {"day"}, "week": {"day"}, "month": {"day", "month"}}  # how precise a date must be for such a step
FAR = 270  # days: without any tense the same year is believed, unless it is this far off
_SENTENCE = re.compile(
    r"(?<!\bm)(?<!\bart)(?<!\bp)(?<! \w)[.!?](?=[ \n]+[^a-z ])|;|\n\s*\n|\n(?=\s*[-•*▪]|\s*\d+[.)] )"
)
_CLAUSE = re.compile(r"[.;:!?()\n]|,? et (?=\w)|, (?=qui|dont|mais|alors|puis)")
_HEADING = re.compile(r"^[ ]*(?![-•*▪ ])([^\n]{2,110}?)[ ]*$", re.MULTILINE)
_TOLD = re.compile(
    r"(?<!\w)(?:lors|suite|(?:a )?l'issue|depuis|apres|votre|vos|notre|mon|ma)(?!\w)(?![^,.;:]*(?<!\w)prochain)[^,.;:]{0,60}"
    r"[ \n](?:du|en date du)[ \n]\Z"
)
_WRITTEN = re.compile(r"(?<!\w)(?:redigee?|etablie?|dressee?|fait|signee?)[ ](?:a|par|en)[ ][^.;:\n]*\Z")
_CONDITIONAL = re.compile(r"(?<!\w)(?:que|qu')[^.;:]*[a-z]rai(?:en)?t(?!\w)")
_SINCE = re.compile(r"(?<!\w)depuis[ \n](?:la[ \n]|le[ \n]|l')?\Z")
_FRAMED = re.compile(r"(?:du|de|entre le)[ \n]")
_ITEM = re.compile(r"^[ ]*(?:[-•*▪][ ]*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateContext:
    """What is known of time outside the page.

    ``day``: the day the document speaks from (letter, minutes, press), so that tense points from it. ``years``: the years it
    is about or of. ``account``: the year it gives an account of (an annual report). ``last``: the last date of the pages
    before; ``heading_year``: the year of the heading still open; ``written``: the day it was written or put online, where
    it does not speak from there (a report, a page of history): only « prochain », « dernier » and « hier » point from it.
    """

    day: date | None = None
    years: tuple[int, int] | None = None
    account: int | None = None
    last: DateValue | None = None
    heading_year: int | None = None
    written: date | None = None


class _Read(NamedTuple):
    start: int
    value: DateValue
    explicit: bool


class _Page(NamedTuple):
    key: str
    text: str
    sentences: list[int]
    paragraphs: list[int]
    headings: list[tuple[int, int | None]]
    items: list[tuple[int, int, int]]


def resolve(
    key: str, text: str, items: Sequence[Partial], context: DateContext
) -> list[tuple[Partial, DateValue, float]]:
    """Every partial date that the text fixes, with its interval and a confidence; what nothing fixes is left out."""
    items = [_century(item, context) for item in items]
    listed = lists(key, items)
    page = _page(key, text, items)
    ahead = [_Read(item.start, value, True) for item in items if item.dated and (value := interval(item)) is not None]
    done: list[_Read] = []
    out: list[tuple[Partial, DateValue, float]] = []
    for index, (item, in_list) in enumerate(zip(items, listed, strict=True)):
        owner = items[index + 1] if index + 1 < len(items) else None
        if out and item.start < out[-1][0].end:
            continue  # the year of the part just read
        if owner and _of_year(key, item, owner):
            year, sure = _relative(owner, page, done, context)
            value = interval(item, year.date_from.year) if year else None
            item = replace(item, end=owner.end)
        elif item.dated:
            value, sure = interval(item), item.sure
            if value and item.weekday is not None and value.date_from.weekday() != item.weekday:
                sure = 0.85
        elif in_list and out and out[-1][1].date_from.year:
            value, sure = interval(item, _checked(item, out[-1][1].date_to.year)), out[-1][2]
        else:
            value, sure = _complete(item, page, done, ahead, context)
        if value is not None:
            done.append(_Read(item.start, value, item.dated))
            out.append((item, value, round(min(sure, item.sure), 3)))
    return out


def _of_year(key: str, item: Partial, owner: Partial) -> bool:
    """Whether ``owner`` is the year of ``item``: « 1er trimestre de l'année prochaine »."""
    leaning = owner.unit == "relative" and "annee" in key[owner.start : owner.end] and "tard" not in key[owner.start : owner.end]
    parts = item.unit in ("month", "quarter", "half", "season", "part") and not item.dated
    return leaning and parts and re.fullmatch(r"[ \n]de[ \n]", key[item.end : owner.start]) is not None


def _century(item: Partial, context: DateContext) -> Partial:
    """Two-figure years: the century that puts them nearest to the document, else 1930 to 2029."""
    if item.unit == "range" and item.first is not None and item.last is not None:
        return replace(item, first=_century(item.first, context), last=_century(item.last, context))
    if not item.short_year or item.year is None or item.year >= 100:
        return item
    own = context.day.year if context.day else context.years[1] if context.years else None
    if own is None:
        return replace(item, year=item.year + (2000 if item.year < 30 else 1900), sure=min(item.sure, 0.9))
    choices = [century + item.year for century in (1800, 1900, 2000)]
    return replace(item, year=min(choices, key=lambda year: abs(year - own) if year <= own + 15 else 1000 + year))


def _page(key: str, text: str, items: Sequence[Partial]) -> _Page:
    """Where sentences, paragraphs, dated headings and dated list items begin."""
    sentences = [0, *(match.end() for match in _SENTENCE.finditer(key))]
    paragraphs = [0, *(match.end() for match in re.finditer(r"\n\s*\n", key))]
    starts = [item.start for item in items]
    headings: list[tuple[int, int | None]] = []
    for match in _HEADING.finditer(key):
        if not _is_heading(key, match):
            continue
        low, high = bisect_right(starts, match.start() - 1), bisect_right(starts, match.end())
        inside = [item for item in items[low:high] if item.start >= match.start()]
        years = {item.year for item in inside if item.dated and item.unit in ("year", "part", "half", "quarter")}
        single = years.pop() if len(years) == 1 and all(item.dated and item.unit == "year" for item in inside) else None
        headings.append((match.start(), single))
    opened = []
    for item in items:
        line = key.rfind("\n", 0, item.start) + 1
        if (
            item.dated
            and _ITEM.match(key[line : item.start])
            and re.match(r"[ ]*(?::|-|,? [a-z]|\n|\|)", key[item.end : item.end + 4])
        ):
            value = interval(item)
            if (
                value
                and value.date_from.year == value.date_to.year
                and re.match(r"[ ]*[:\n|-]", key[item.end : item.end + 3])
            ):
                close = key.find("\n", item.end + 1)
                opened.append((item.start, len(key) if close < 0 else close, value.date_from.year))
    return _Page(key, text, sentences, paragraphs, headings, opened)


def _is_heading(key: str, match: re.Match[str]) -> bool:
    """A short line alone, without a full stop, numbered or after a blank line."""
    line = match[1]
    if line[-1] in ".,;:!?" or line.count(" ") > 14:
        return False
    alone = match.start() < 2 or key[match.start() - 2 : match.start()] == "\n\n"
    followed = key[match.end() : match.end() + 2]
    return (alone and (followed in ("", "\n", "\n\n") or followed[:1] == "\n")) or bool(
        re.match(r"(?:\d+\.)+\d*\.? \w|[ivx]+\. |annees? \d", line)
    )


def _complete(
    item: Partial, page: _Page, done: list[_Read], ahead: list[_Read], context: DateContext
) -> tuple[DateValue | None, float]:
    if item.unit == "weekday":
        return _weekday(item, page, context)
    if item.unit == "relative":
        return _relative(item, page, done, context)
    own = context.day or context.written
    if item.way in ("dernier", "passe", "prochain") and own:
        return _nearest(item, own, -1 if item.way != "prochain" else 1), 0.9
    before = done[-1] if done else None
    if item.way in ("suivant", "precedent") and before:
        return _nearest(item, before.value.date_from, 1 if item.way == "suivant" else -1), 0.88
    if item.way == "same year" and before:
        return interval(item, before.value.date_to.year), 0.88
    year, sure = _witness(item, page, done, ahead, context)
    if year is None:
        return None, 0.0
    return interval(item, _checked(item, year)), sure


def _witness(
    item: Partial, page: _Page, done: list[_Read], ahead: list[_Read], context: DateContext
) -> tuple[int | None, float]:
    """The year of a date without one, and how far it can be believed."""
    for start, end, year in page.items:
        if start < item.start < end:
            return year, 0.93
    heading = _heading(item, page, context)
    sentence = _sentence(page, item)
    same = [read for read in done if read.start >= sentence]
    if heading is not None:
        return heading, 0.9
    if context.day and same and _CONDITIONAL.search(page.key, max(sentence, item.start - 60), item.start):
        value = _nearest(item, same[-1].value.date_to, 1)  # « on a dit l'an passé que les travaux commenceraient en avril »
        return (value.date_from.year, 0.75) if value else (None, 0.0)
    if context.day:
        flash = same and same[-1].explicit and abs(same[-1].value.date_to.year - context.day.year) >= FLASHBACK
        if flash and _of_now(item, page, same[-1]):
            return _by_tense(item, page, context.day), 0.7
        return (same[-1].value.date_to.year, 0.75) if flash else (_by_tense(item, page, context.day), 0.85)
    if same:
        return _after(item, page, same[-1].value), 0.88
    following = (
        page.sentences[bisect_right(page.sentences, item.start)] if page.sentences[-1] > item.start else len(page.key)
    )
    later = [read for read in ahead if item.start < read.start < following]
    paragraph = page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
    near = [read for read in done if read.start >= paragraph]
    if later and not (near and _between(item, near[-1].value, later[0].value)):
        return later[0].value.date_from.year, 0.8
    if near:
        return _after(item, page, near[-1].value), 0.82
    if context.years and context.years[0] == context.years[1]:
        return context.years[0], 0.75
    if done:
        return _after(item, page, done[-1].value), 0.65
    if context.last:
        return context.last.date_to.year, 0.55
    return (context.years[1], 0.5) if context.years else (ahead[0].value.date_from.year, 0.45) if ahead else (None, 0.0)


def _between(item: Partial, before: DateValue, after: DateValue) -> bool:
    """Whether a date, in the year of the one read before it, goes on from that towards the one that follows."""
    stretch = days(item, before.date_to.year)
    return stretch is not None and before.date_from <= stretch[0] <= after.date_from


def _of_now(item: Partial, page: _Page, told: _Read) -> bool:
    """Whether a date beside one of another time (« Fondée en 1979, elle fêtera ses 25 ans en mai ») is of the document's own."""
    between = page.key[told.start : item.start]
    if re.search(r"(?<!\w)(?:que|qu')", between):
        return False
    return _SINCE.search(between) is not None or tense(page.key, page.text, item.start, item.end) > 0


def _after(item: Partial, page: _Page, value: DateValue) -> int:
    """The year of the date before, or the next one after « puis en mars »."""
    year = value.date_to.year
    stretch = days(item, year)
    then = re.search(
        r"(?<!\w)(?:puis|ensuite|enfin)[ \n](?:\w+[ \n]){0,2}\Z", page.key[max(0, item.start - 30) : item.start]
    )
    return year + 1 if then and stretch and stretch[1] < value.date_from else year


def _heading(item: Partial, page: _Page, context: DateContext) -> int | None:
    position = bisect_right([start for start, _ in page.headings], item.start) - 1
    opened = page.headings[position][1] if position >= 0 else context.heading_year
    return context.account if opened is None else opened


def open_heading(key: str, text: str, items: Sequence[Partial], context: DateContext) -> int | None:
    """The year of the heading still open at the end of the page."""
    page = _page(key, text, items)
    return page.headings[-1][1] if page.headings else context.heading_year


def _reported(words: str) -> str:
    """``words`` up to a reported clause (« ignorent encore s'ils seront relogés »)."""
    return re.split(r"(?<!\w)(?:s'ils?|si|que|qu')(?!\w)", words)[0]


def tense(key: str, text: str, start: int, end: int) -> int:
    """-1 where the clause around ``key[start:end]`` tells of the past, 1 of the future, 0 where it does not say."""
    low, high = max(0, start - 220), min(len(key), end + 220)
    framed = _FRAMED.match(key, start)  # « menée du 4 au 22 janvier »: the frame belongs to the date
    if grammar().done.search(text, max(0, start - 40), framed.end() if framed else start):
        return -1
    told = _TOLD.search(key, max(0, start - 90), start)
    if told and not re.match(r"[^.;:]{0,40}?(?<!\w)(?!s'|qu|si)\w+r(?:a|ont)(?!\w)", _reported(key[end : end + 60])):
        return -1
    cuts = [low, low, *(match.end() + low for match in _CLAUSE.finditer(key[low:start]))]
    ends = [match.start() for match in _CLAUSE.finditer(key, end, high)] + [high, high]
    if cuts[-1] > low and re.match(r"(?:qui|dont|que)(?!\w)", key[cuts[-1] : start]):
        comma = key.find(", ", end, ends[0])  # « la DEAL, qui a succédé à la DDE au 1er janvier, tiendra … »
        ends.insert(0, comma if comma >= 0 else ends[0])
    for first, last in ((cuts[-1], ends[0]), (cuts[-2], ends[0]), (cuts[-2], ends[1])):
        best = (10**6, 0)
        for pattern, sign in ((grammar().future, 1), (grammar().past, -1)):
            for match in pattern.finditer(key, first, last):
                if text[match.start()] in "àÀ" or (sign == 1 and grammar().not_future.fullmatch(match[0])):
                    continue  # « à défaut » is no auxiliary, « opéra » no future
                distance = start - match.end() if match.end() <= start else match.start() - end
                best = min(best, (max(distance, 0), sign), key=lambda pair: pair[0])
        if best[1]:
            return best[1]
    return 0


def _by_tense(item: Partial, page: _Page, own: date) -> int:
    """The year that puts the date on the side of the document's day that the clause's tense says."""
    since = _SINCE.search(page.key, max(0, item.start - 12), item.start)
    direction = -1 if since else tense(page.key, page.text, item.start, item.end)
    if direction:
        value = _nearest(item, own, direction, within=True)
        if value:
            return value.date_from.year
    stretch = days(item, own.year)
    if stretch is None:
        return own.year
    middle = stretch[0] + (stretch[1] - stretch[0]) / 2
    gap = (middle - own).days
    return own.year - 1 if gap > FAR else own.year + 1 if gap < -FAR else own.year


def _nearest(item: Partial, base: date, direction: int, within: bool = False) -> DateValue | None:
    """The first such stretch after ``base`` (or the last before it); ``within``: one that holds ``base`` will do."""
    for year in (base.year - 1, base.year, base.year + 1)[::direction]:
        value = interval(item, year)
        if value is None:
            continue
        if direction > 0 and (value.date_to >= base if within else value.date_from > base):
            return value
        if direction < 0 and (value.date_from <= base if within else value.date_to < base):
            return value
    return None


def _checked(item: Partial, year: int) -> int:
    """The nearest year in which the weekday falls on that day."""
    if item.unit != "day" or item.weekday is None:
        return year
    for shift in (0, -1, 1, -2, 2, -3, 3):
        stretch = days(item, year + shift)
        if stretch and stretch[0].weekday() == item.weekday:
            return year + shift
    return year


def _weekday(item: Partial, page: _Page, context: DateContext) -> tuple[DateValue | None, float]:
    """« Dimanche »: the last one before the document's day, or the next where the clause is in the future."""
    if context.day is None or item.weekday is None:
        return None, 0.0
    if item.day is not None:
        near = sorted((context.day + timedelta(days=shift) for shift in range(-60, 61)), key=lambda day: abs(day - context.day))
        fits = [day for day in near if day.day == item.day and day.weekday() == item.weekday]
        return (DateValue(date_from=fits[0], date_to=fits[0], precision="day") if fits else None), 0.85
    if page.key[max(0, item.start - 3) : item.start] == "ce " and context.day.weekday() == item.weekday:
        return DateValue(date_from=context.day, date_to=context.day, precision="day"), 0.85
    forward = item.way == "prochain" or (item.way is None and tense(page.key, page.text, item.start, item.end) > 0)
    step = 1 if forward else -1
    day = context.day + timedelta(days=step)
    while day.weekday() != item.weekday:
        day += timedelta(days=step)
    return DateValue(date_from=day, date_to=day, precision="day"), 0.8


def _relative(item: Partial, page: _Page, done: list[_Read], context: DateContext) -> tuple[DateValue | None, float]:
    """A date that leans on the one before it, or on the document's own day."""
    near = bool(done) and done[-1].start >= page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
    last = done[-1].value if done else context.last
    if item.rule == "days of a month named before":
        if item.way in ("own", "prochain", "dernier", "passe", "ecoule"):
            last = _own(context, "day") or last
        known = last is not None and last.precision in ("day", "month")
        step = {"suivant": 1, "prochain": 1, "precedent": -1, "dernier": -1, "passe": -1, "ecoule": -1}.get(item.way or "", 0)
        return (_shifted(last, "month", step, item.day), 0.8) if last and known else (None, 0.0)
    row = grammar().relatives[item.relative or 0]
    unit = item.way or row.unit
    if row.base == "last" and unit in LEANS_ON and near:
        paragraph = page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
        precise = [read for read in done if read.start >= paragraph and read.value.precision in LEANS_ON[unit]]
        last = precise[-1].value if precise else last
    elif row.base == "last" and unit == "year" and done and not done[-1].explicit:
        stated = [read for read in done if read.explicit and read.start >= _sentence(page, item)]
        last = stated[-1].value if stated else last
    if row.base == "own":
        last = _own(context, unit)
    elif unit == "year" and item.index and context.account and not _said_here(item, page, done):
        last = _whole_year(context.account)
    elif not near and unit == "day" and context.day and _WRITTEN.search(page.key, max(0, item.start - 60), item.start):
        last = _own(context, "day")
    elif not near and unit != "year":
        return None, 0.0
    if last is None or last.precision not in LEANS_ON.get(unit, {last.precision}):
        return None, 0.0
    if unit == "week" and row.unit == "week":
        monday = last.date_from + timedelta(days=7 * row.shift - last.date_from.weekday())
        return DateValue(date_from=monday, date_to=monday + timedelta(days=6), precision="range"), 0.8
    return _shifted(last, unit, item.index or 0, None), 0.85 if near else 0.7


def _own(context: DateContext, unit: str) -> DateValue | None:
    """The document's own day; its year, where that is all that is known and a year all that is asked."""
    own = context.day or context.written
    if own:
        return DateValue(date_from=own, date_to=own, precision="day")
    single = context.years is not None and context.years[0] == context.years[1]
    return _whole_year(context.years[0]) if context.years and single and unit == "year" else None


def _whole_year(year: int) -> DateValue:
    return DateValue(date_from=date(year, 1, 1), date_to=date(year, 12, 31), precision="year")


def _said_here(item: Partial, page: _Page, done: list[_Read]) -> bool:
    """Whether a date was read before in the sentence of ``item``."""
    return bool(done) and done[-1].start >= _sentence(page, item)


def _sentence(page: _Page, item: Partial) -> int:
    """Where the sentence of ``item`` begins."""
    return page.sentences[bisect_right(page.sentences, item.start) - 1]


def _shifted(base: DateValue, unit: str, shift: int, day: int | None) -> DateValue | None:
    start = base.date_from
    if unit in ("day", "week"):
        moved = start + timedelta(days=shift * (7 if unit == "week" else 1))
        return DateValue(date_from=moved, date_to=moved, precision="day")
    if unit == "year" and base.precision == "day" and (start.month, start.day) in ((12, 31), (1, 1)) and shift:
        day_of = start.replace(year=start.year + shift)  # « au 31 décembre, contre … un an plus tôt »: the states of accounts
        return DateValue(date_from=day_of, date_to=day_of, precision="day")
    if unit == "month":
        number = start.year * 12 + start.month - 1 + shift
        kind: Unit = "month" if day is None else "day"
        return interval(Partial(start=0, end=0, unit=kind, rule="", year=number // 12, month=number % 12 + 1, day=day))
    return interval(Partial(start=0, end=0, unit="year", rule="", year=base.date_to.year + shift))
