"""Dates as a French reader writes them, from an interval of days and how precisely it is known.

Idea: the words must give back the interval, so they are chosen by the interval's shape; the stated precision only decides
where one shape has two readings (June to August: « été » or « juin – août »).
"""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.lexicon import MONTHS

_SEASONS = {3: "printemps", 6: "été", 9: "automne", 12: "hiver"}
_PARTS = {1: "début", 5: "mi-", 9: "fin"}


def date_label(date_from: date, date_to: date, precision: str) -> str:
    """« mars 2007 », « fin 2008 », « 2e trimestre 2005 », « 15 décembre 2014 », « années 1970 », « hiver 2007-2008 »."""
    if date_from == date_to:
        return _day(date_from)
    if date_from.day == 1 and (date_to + timedelta(days=1)).day == 1:
        return _of_months(date_from, date_to, precision)
    if (date_from.year, date_from.month) == (date_to.year, date_to.month):
        return f"{_ordinal(date_from.day)}-{_day(date_to)}"
    if date_from.year == date_to.year:
        return f"{_ordinal(date_from.day)} {MONTHS[date_from.month - 1]} – {_day(date_to)}"
    return f"{_day(date_from)} – {_day(date_to)}"


def _of_months(start: date, end: date, precision: str) -> str:
    """An interval of whole months."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 1:
        return f"{MONTHS[start.month - 1]} {start.year}"
    if start.month == 1 and end.month == 12:
        return _of_years(start.year, end.year, precision)
    if months == 3 and precision == "season" and start.month in _SEASONS:
        year = str(start.year) if start.year == end.year else f"{start.year}-{end.year}"
        return f"{_SEASONS[start.month]} {year}"
    if start.year != end.year:
        return f"{MONTHS[start.month - 1]} {start.year} – {MONTHS[end.month - 1]} {end.year}"
    if months == 3 and start.month % 3 == 1:
        return f"{_nth(start.month // 3 + 1)} trimestre {start.year}"
    if months == 6 and start.month in (1, 7):
        return f"{_nth(start.month // 6 + 1)} semestre {start.year}"
    if months == 4 and precision == "part" and start.month in _PARTS:
        part = _PARTS[start.month]
        return f"{part}{'' if part.endswith('-') else ' '}{start.year}"
    return f"{MONTHS[start.month - 1]} – {MONTHS[end.month - 1]} {start.year}"


def _of_years(first: int, last: int, precision: str) -> str:
    if first == last:
        return str(first)
    if last - first == 9 and first % 10 == 0 and precision == "decade":
        return f"années {first}"
    if last - first == 99 and first % 100 in (0, 1) and precision == "century":
        return f"{_roman(last // 100 + (last % 100 != 0))}e siècle"
    return f"{first}–{last}"


def _day(day: date) -> str:
    return f"{_ordinal(day.day)} {MONTHS[day.month - 1]} {day.year}"


def _ordinal(day: int) -> str:
    return "1er" if day == 1 else str(day)


def _nth(number: int) -> str:
    return "1er" if number == 1 else f"{number}e"


def _roman(number: int) -> str:
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text
