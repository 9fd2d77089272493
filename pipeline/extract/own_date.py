"""The date of the document itself, as it states it: signature, sitting, dateline, title.

Why: a researcher orders documents by their date, and « hier » or « cette année » mean nothing without it.
Idea: few formulas, each of which dates the paper and not its subject: « Séance du … », « Fait à …, le … », « Reims, le
22 novembre 2004 » on a line of its own, a date alone on a line at the head, a date in the title that is not that of a
law, a decree or a convention it speaks of. The interval is as wide as the words: a day, a month, a year.
Limits: numbers written in letters are not read. Where no formula stands, there is no date: none is better than a wrong one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date

from pipeline.lexicon import MONTHS
from pipeline.wordings import wordings

SAYS = wordings(__file__, "own_date.toml")
HEAD = 1500
_LAST_WORDS = 400  # characters in which a paper ends with its place and year
Interval = tuple[date | None, date | None]

_PLAIN = str.maketrans("éû", "eu")
_MONTHS = {name: number for number, month in enumerate(MONTHS, 1) for name in (month, month.translate(_PLAIN))}
_MONTH = "|".join(_MONTHS)
_DAY = rf"(?:\w+di\s+|dimanche\s+)?(?P<day>\d{{1,2}}|1\s?er)\s+(?P<month>{_MONTH})\s+(?P<year>[12]\d{{3}})"
_DIGITS = r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d{2})"
_YEAR = r"(?:1[89]|20)\d{2}"
_EXACT = rf"(?:{_DAY}|{_DIGITS}|(?P<only_month>{_MONTH})\s+(?P<month_year>{_YEAR}))"
_ANY = rf"(?:{_EXACT}|(?P<only_year>{_YEAR}))"
_PLACE = r"(?-i:[A-ZÀ-Ý])[^\W\d_]+(?:[ ’'-][^\W\d_]+){0,4}(?: \([^()\n]{2,30}\))?"
_AFTER_PLACE = r"(?:,\s*(?:le\s+)?|\s+le\s+)"
_FLAGS = re.IGNORECASE | re.MULTILINE

_SITTING = re.compile(f"{SAYS['sitting'].pattern}(?:{_DAY}|{_DIGITS})", _FLAGS)
_TITLED_SITTING = re.compile(SAYS["titled_sitting"].pattern + _EXACT, _FLAGS)
_EARLIER = re.compile(SAYS["earlier"].pattern, _FLAGS)
_DONE = re.compile(SAYS["done"].pattern + _ANY, _FLAGS)
_DATELINE = re.compile(rf"^\s*{_PLACE}{_AFTER_PLACE}{_EXACT}\s*\.?\s*$", _FLAGS)
_LAST_LINE = re.compile(rf"^\s*{_PLACE}{_AFTER_PLACE}{_ANY}\s*\.?\s*$", _FLAGS)
_ALONE = re.compile(rf"^[\s(–-]*(?:le\s+|version\s+du\s+|date\s*:\s*)?{_EXACT}[\s).–-]*$", _FLAGS)
_NUMBERED = re.compile(rf"^[^\n]{{0,60}}\bn[°o]\s?\d+\s*[–,-]\s*{_EXACT}\s*$", _FLAGS)
_IN_TITLE = re.compile(rf"\b{_ANY}\b", _FLAGS)
_OF_ANOTHER = re.compile(SAYS["of_another"].pattern, re.IGNORECASE)


def own_date(title: str, pages: Sequence[str], *, is_report: bool) -> Interval:
    """First and last day the document may be of, both ``None`` where it does not say. ``pages``: their texts in order."""
    head = f"{title}\n{pages[0][:HEAD]}" if pages else title
    tail = "\n".join(pages[-2:])[-2 * HEAD :] if pages else ""
    formulas = (
        _TITLED_SITTING.search(title),
        next((found for found in _SITTING.finditer(head) if not _EARLIER.search(head[: found.start()])), None),
        _last(_DONE, tail),
        _DATELINE.search(head),
        _NUMBERED.search(head),
        _ALONE.search(head),
        _last(_LAST_LINE, tail[-_LAST_WORDS:]),
    )
    for found in formulas:
        if found and (interval := _interval(found)):
            return interval
    return _of_title(title, is_report=is_report)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 (the last one is wanted)
        pass
    return found


def _of_title(title: str, *, is_report: bool) -> Interval:
    """The only date in a title, unless it is that of what the title speaks of; a year alone dates a report."""
    found = list(_IN_TITLE.finditer(title))
    if len(found) != 1:
        return None, None
    before, after = title[: found[0].start()].rstrip(), title[found[0].end() :].lstrip()
    in_range = before.endswith(("-", "–")) or after.startswith(("-", "–"))
    if found[0]["only_year"]:
        return (_interval(found[0]) or (None, None)) if is_report and not in_range else (None, None)
    return (None, None) if _OF_ANOTHER.search(before) else (_interval(found[0]) or (None, None))


def _interval(found: re.Match[str]) -> tuple[date, date] | None:
    told = found.groupdict()
    try:
        if told.get("day"):
            day = date(int(told["year"]), _MONTHS[told["month"].lower()], int(re.sub(r"\D", "", told["day"])))
            return day, day
        if told.get("d"):
            day = date(int(told["y"]), int(told["m"]), int(told["d"]))
            return day, day
        if told.get("only_month"):
            year, month = int(told["month_year"]), _MONTHS[told["only_month"].lower()]
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        if told.get("only_year"):
            return date(int(told["only_year"]), 1, 1), date(int(told["only_year"]), 12, 31)
    except ValueError:
        return None  # the 31st of a month of thirty days: no date
    return None
