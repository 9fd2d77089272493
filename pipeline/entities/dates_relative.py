"""Dates that lean on another one: « l'année suivante », « six mois plus tard », « dimanche », « le 9 du mois suivant ».

Why: a narrative gives a year once and counts from it.
Idea: the words say what they lean on (the date read last, or the document's own day) and how far they move from it.
Limits: a step of days or months needs a date as precise, in the same paragraph.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

from pipeline.entities.dates_calendar import Partial, Unit, interval
from pipeline.entities.dates_grammar import Relative, grammar
from pipeline.entities.dates_page import DateContext, Page, Read, sentence_start
from pipeline.entities.dates_tense import tense
from pipeline.records import DateValue
from pipeline.wordings import wordings

LEANS_ON = {"day": {"day"}, "week": {"day"}, "month": {"day", "month"}}  # how precise a date must be for such a step

SAYS = wordings(__file__, "dates_around.toml")


def weekday(item: Partial, page: Page, done: list[Read], context: DateContext) -> tuple[DateValue | None, float]:
    """« Dimanche »: the last one before the document's day, or the next where the clause is in the future.

    « Le vendredi suivant » counts from the day told just before.
    """
    if item.way in ("suivant", "precedent"):
        told = _told_before(item, page, done, LEANS_ON["day"])
        return (_next_weekday(told.date_from, item, 1 if item.way == "suivant" else -1), 0.8) if told else (None, 0.0)
    if context.day is None or item.weekday is None:
        return None, 0.0
    if item.day is not None:
        near = [context.day + timedelta(days=shift) for shift in sorted(range(-60, 61), key=abs)]
        fits = [day for day in near if day.day == item.day and day.weekday() == item.weekday]
        return (DateValue(date_from=fits[0], date_to=fits[0], precision="day") if fits else None), 0.85
    if page.key[max(0, item.start - 3) : item.start] == "ce " and context.day.weekday() == item.weekday:
        return DateValue(date_from=context.day, date_to=context.day, precision="day"), 0.85
    forward = item.way in ("prochain", "en huit") or (
        item.way is None and tense(page.key, page.text, item.start, item.end) > 0
    )
    start = context.day + timedelta(days=7 if item.way == "en huit" else 0)
    return _next_weekday(start, item, 1 if forward else -1), 0.8


def _next_weekday(start: date, item: Partial, step: int) -> DateValue:
    """The first such weekday after ``start``, or before it where ``step`` is -1."""
    day = start + timedelta(days=step)
    while day.weekday() != item.weekday:
        day += timedelta(days=step)
    return DateValue(date_from=day, date_to=day, precision="day")


def _told_before(item: Partial, page: Page, done: list[Read], precise: set[str]) -> DateValue | None:
    """The last date so precise that was read in the paragraph of ``item``."""
    paragraph = page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
    told = [read.value for read in done if read.start >= paragraph and read.value.precision in precise]
    return told[-1] if told else None


def relative(item: Partial, page: Page, done: list[Read], context: DateContext) -> tuple[DateValue | None, float]:
    """A date that leans on the one before it, or on the document's own day."""
    near = bool(done) and done[-1].start >= page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
    last = done[-1].value if done else context.last
    if item.rule == "days of a month named before":
        if item.way in ("own", "prochain", "dernier", "passe", "ecoule"):
            last = own_day(context, "day") or last
        known = last is not None and last.precision in ("day", "month")
        step = {"suivant": 1, "prochain": 1, "precedent": -1, "dernier": -1, "passe": -1, "ecoule": -1}.get(
            item.way or "", 0
        )
        return (_shifted(last, "month", step, item.day), 0.8) if last and known else (None, 0.0)
    if item.rule == "day alone":
        return _day_of(item, page, done)
    row = grammar().relatives[item.relative or 0]
    unit = item.way or row.unit
    if row.base == "last" and unit in LEANS_ON and near:
        last = _told_before(item, page, done, LEANS_ON[unit]) or last
    elif row.base == "last" and unit == "year" and done and not done[-1].explicit:
        stated = [read for read in done if read.explicit and read.start >= sentence_start(page, item)]
        last = stated[-1].value if stated else last
    if row.base == "own":
        last = own_day(context, unit)
    elif unit == "year" and item.index and context.account and not _said_here(item, page, done, near):
        last = _whole_year(context.account)
    elif (
        not near
        and unit == "day"
        and context.day
        and SAYS["written"].search(page.key, max(0, item.start - 60), item.start)
    ):
        last = own_day(context, "day")
    elif not near and unit != "year":
        return None, 0.0
    if last is None or last.precision not in LEANS_ON.get(unit, {last.precision}):
        return None, 0.0
    return _stepped(last, item, row, unit), 0.85 if near else 0.7


def _stepped(last: DateValue, item: Partial, row: Relative, unit: str) -> DateValue | None:
    """``last``, so many days, weeks, months or years on; a whole week runs from Monday to Sunday."""
    if unit == "week" and row.unit == "week":
        monday = last.date_from + timedelta(days=7 * row.shift - last.date_from.weekday())
        return DateValue(date_from=monday, date_to=monday + timedelta(days=6), precision="range")
    state = row.unit == "span" and last.precision == "day"  # « au 31 décembre, contre … un an plus tôt »: accounts
    if unit == "year" and state and (last.date_from.month, last.date_from.day) in ((12, 31), (1, 1)):
        day = last.date_from.replace(year=last.date_from.year + (item.index or 0))
        return DateValue(date_from=day, date_to=day, precision="day")
    return _shifted(last, unit, item.index or 0, None)


def _day_of(item: Partial, page: Page, done: list[Read]) -> tuple[DateValue | None, float]:
    """« … le 8 juin 1994 ; affiché le 10 »: the first such day after the day or month told just before, in its paragraph."""
    told = _told_before(item, page, done, LEANS_ON["month"])
    if told is None or item.day is None:
        return None, 0.0
    step = 1 if told.precision == "day" and item.day < told.date_from.day else 0
    return _shifted(told, "month", step, item.day), 0.8


def beside(key: str, item: Partial, following: Partial) -> DateValue | None:
    """The value of « onze ans plus tard, le 11 octobre 1994 »: what is counted is said again in full, so nothing is counted.

    A step of years stands for that year, one of months for that month; ``None`` where the two dates do not stand together.
    """
    if item.unit != "relative" or not following.dated or not SAYS["beside"].fullmatch(key, item.end, following.start):
        return None
    value, unit = interval(following), item.way
    if value is None or unit not in ("month", "year") or (value.date_to - value.date_from).days > 365:
        return value
    if unit == "month" and value.precision not in LEANS_ON["month"]:
        return value
    return _shifted(value, unit, 0, None)


def own_day(context: DateContext, unit: str) -> DateValue | None:
    """The document's own day; its year, where that is all that is known and a year all that is asked."""
    own = context.day or context.written
    if own:
        return DateValue(date_from=own, date_to=own, precision="day")
    single = context.years is not None and context.years[0] == context.years[1]
    return _whole_year(context.years[0]) if context.years and single and unit == "year" else None


def _whole_year(year: int) -> DateValue:
    return DateValue(date_from=date(year, 1, 1), date_to=date(year, 12, 31), precision="year")


def _said_here(item: Partial, page: Page, done: list[Read], near: bool) -> bool:
    """Whether a date was read before in the sentence of ``item``, or with its year in its paragraph."""
    return bool(done) and ((near and done[-1].explicit) or done[-1].start >= sentence_start(page, item))


def _shifted(base: DateValue, unit: str, shift: int, day: int | None) -> DateValue | None:
    start = base.date_from
    if unit in ("day", "week"):
        moved = start + timedelta(days=shift * (7 if unit == "week" else 1))
        return DateValue(date_from=moved, date_to=moved, precision="day")
    if unit == "month":
        number = start.year * 12 + start.month - 1 + shift
        kind: Unit = "month" if day is None else "day"
        return interval(Partial(start=0, end=0, unit=kind, rule="", year=number // 12, month=number % 12 + 1, day=day))
    return interval(Partial(start=0, end=0, unit="year", rule="", year=base.date_to.year + shift))
