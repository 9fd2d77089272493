"""What a page says of time by its layout: sentences, paragraphs, headings with a year, lines that open with a date.

Why: the year a date lacks is looked for in its sentence, then in its paragraph, then under its heading.
Idea: offsets where each begins, found once a page; a context carries what is still open from page to page.
Limits: a heading is a short line alone, and only its form is judged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities.dates_calendar import Partial, interval
from pipeline.records import DateValue, Span

_SENTENCE = re.compile(
    r"[.!?](?<!\bM.)(?<!\bMM.)(?<!\b[aA]rt.)(?<![ .][A-Za-z].)(?=[ \n]+[^a-zà-ÿ ])|;|\n\s*\n|\n(?=\s*[-–—•*▪]|\s*\d+[.)] )"
)
_HEADING = re.compile(r"^[ ]*(?![-•*▪ ])([^\n]{1,109}[^\n ])[ ]*$", re.MULTILINE)
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


class Read(NamedTuple):
    """A date already read: where it begins, its value, and whether its own words gave the year."""

    start: int
    value: DateValue
    explicit: bool


class Page(NamedTuple):
    """A page, and the offsets at which its sentences, paragraphs, headings (with their year) and dated lines begin."""

    key: str
    text: str
    sentences: list[int]
    paragraphs: list[int]
    headings: list[tuple[int, int | None]]
    items: list[tuple[int, int, int]]


def read_page(key: str, text: str, items: Sequence[Partial]) -> Page:
    """Where sentences, paragraphs, dated headings and dated list items begin."""
    sentences = [0, *(match.end() for match in _SENTENCE.finditer(text))]
    paragraphs = [0, *(match.end() for match in re.finditer(r"\n\s*\n", key))]
    headings = _headings(key, items)
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
    return Page(key, text, sentences, paragraphs, headings, opened)


def _headings(key: str, items: Sequence[Partial]) -> list[tuple[int, int | None]]:
    """Where headings begin, and the one year each names."""
    starts = [item.start for item in items]
    headings: list[tuple[int, int | None]] = []
    for start, end in _heading_lines(key):
        low, high = bisect_right(starts, start - 1), bisect_right(starts, end)
        inside = [item for item in items[low:high] if item.start >= start]
        years = {item.year for item in inside if item.dated and item.unit in ("year", "part", "half", "quarter")}
        single = years.pop() if len(years) == 1 and all(item.dated and item.unit == "year" for item in inside) else None
        headings.append((start, single))
    return headings


@lru_cache(maxsize=2)  # asked for again when the page's last heading is carried to the next
def _heading_lines(key: str) -> tuple[Span, ...]:
    """Where the headings of a page stand."""
    return tuple(match.span() for match in _HEADING.finditer(key) if _is_heading(key, match))


def _is_heading(key: str, match: re.Match[str]) -> bool:
    """A short line alone, without a full stop, numbered or after a blank line."""
    line = match[1]
    if line[-1] in ".,;:!?" or line.count(" ") > 14:
        return False
    alone = match.start() < 2 or key[match.start() - 2 : match.start()] == "\n\n"
    followed = key[match.end() : match.end() + 2]
    return (alone and followed[:1] in ("", "\n")) or bool(re.match(r"(?:\d+\.)+\d*\.? \w|[ivx]+\. |annees? \d", line))


def heading_year(item: Partial, page: Page, context: DateContext) -> int | None:
    """The year of the heading over ``item``, else of the account the document gives."""
    position = bisect_right([start for start, _ in page.headings], item.start) - 1
    opened = page.headings[position][1] if position >= 0 else context.heading_year
    return context.account if opened is None else opened


def open_heading(key: str, items: Sequence[Partial], context: DateContext) -> int | None:
    """The year of the heading still open at the end of the page."""
    headings = _headings(key, items)
    return headings[-1][1] if headings else context.heading_year


def sentence_start(page: Page, item: Partial) -> int:
    """Where the sentence of ``item`` begins."""
    return page.sentences[bisect_right(page.sentences, item.start) - 1]
