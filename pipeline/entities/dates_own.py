"""The day a document, or a part of it, speaks from: a dateline, « séance du … », the number of a review.

Why: « mardi soir » in an article and « le 3 septembre » in a letter count from that day, and a file may hold several letters.
Idea: what stands before a whole day tells (the wordings are in ``dates.toml``); a letter or minutes that open further down,
on a line of their own, speak from their own day up to the next.
Limits: a part is over only where another opens.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from pipeline.entities.dates_calendar import Partial, interval
from pipeline.entities.dates_compose import compose
from pipeline.entities.dates_grammar import scan
from pipeline.entities.dates_page import DateContext
from pipeline.entities.dates_words import table
from pipeline.entities.folding import fold

DAY = timedelta(days=1)
HEAD = 2500  # characters in which a document says its own day
OPENING = 200  # characters of a document that are its heading
_LINE_ENDS = re.compile(r"[ ]*[.,]?[ ]*(?:\n|$|[-(|])")
_SENTENCE_ON = re.compile(r"\.[ ]+[a-z]")  # « Gien, jeudi 3 mai 1984. Les habitants … »
_ALONE = re.compile(r"[ ]*[.,]?[ ]*(?:\n|$)")
_TOLD = re.compile(r"[a-z]{3}\)?\.[ \n]+[a-z]")
PROSE = 3
"""So many sentences before a dateline, and it opens a part of the document, not the whole."""


@lru_cache(maxsize=1)
def own_words() -> dict[str, re.Pattern[str]]:
    """The wordings around the day a document speaks from, by their names in ``dates.toml``."""
    return {row["name"]: re.compile(row["pattern"]) for row in table()["own_day"]}


def speaking_from(day: date) -> DateContext:
    """What is known of time in a text that speaks from ``day``."""
    return DateContext(day=day, years=(day.year, day.year), written=day)


def own_day(head: str) -> date | None:
    """The day a letter, a newspaper or minutes speak from: dateline, « séance du », or the year and day in letters.

    A review or a final report that names its month or its quarter speaks from the middle of it, an answer to a question
    from the day it was published.
    """
    key = fold(head)
    words = own_words()
    items = compose(key, scan(key))
    answered = [
        item for item in items if item.unit == "day" and item.dated and words["answered"].search(key[: item.start])
    ]
    if answered and (value := interval(answered[0])):
        return value.date_from
    for item in items:
        before = key[max(0, item.start - 130) : item.start]
        if (
            item.unit in ("month", "quarter", "season")
            and item.dated
            and item.start < 900
            and words["issue"].search(before)
        ):
            stretch = interval(item)
            return stretch.date_from + ((stretch.date_to - stretch.date_from) - DAY) // 2 if stretch else None
        if item.unit != "day" or not item.dated or item.short_year:
            continue
        if (value := interval(item)) and _speaks(key, head, item, before):
            return value.date_from
    return None


def _speaks(key: str, head: str, item: Partial, before: str) -> bool:
    """Whether the whole day ``item``, in the head of a document, is the one it speaks from."""
    words = own_words()
    if item.rule == "year and day in letters":
        return True
    opens = item.weekday is not None and item.start < OPENING and _SENTENCE_ON.match(key, item.end)
    if _is_dateline(head, before, item) and (opens or _LINE_ENDS.match(key, item.end)):
        return len(_TOLD.findall(key, 0, item.start)) < PROSE
    headed = words["spoken"].search(before) and (
        item.start < OPENING
        or words["heads a line"].match(head, item.end)  # the first lines are a heading, however long
    )
    spoken = headed or any(words[name].search(before) for name in ("met", "deliberated", "adopted", "rendered"))
    sat = words["minutes begin"].search(key, 0, item.start) and words["sat"].match(key, item.end)
    return (item.start < 900 and bool(spoken or sat)) or (
        item.start < 400 and item.weekday is not None and before[-1:] in ("", "\n")
    )


def _is_dateline(text: str, before: str, item: Partial) -> bool:
    """Whether a place's name, with its capital, stands before the day: « Metz, le », but not « Marché notifié le »."""
    led = own_words()["dateline"].search(before)
    if led is None or own_words()["done_at"].search(before):
        return False
    last = re.search(
        r"([^\W\d_]+)\)?(?P<stop>[,.]?)(?: ?[-–—])?[ ](?:le[ ])?\Z", text[max(0, item.start - 130) : item.start]
    )
    return last is not None and (bool(last["stop"]) or last[1][0].isupper())


def parts(key: str, text: str, items: Sequence[Partial]) -> list[tuple[int, DateContext]]:
    """Where letters and minutes open within a text, with what each knows of time: a dateline and a greeting, or a heading."""
    found = []
    words = own_words()
    for item in items:
        if item.unit != "day" or not item.dated or item.short_year or not _ALONE.match(key, item.end):
            continue
        before = key[max(0, item.start - 130) : item.start]
        greeted = _is_dateline(text, before, item) and words["greeting"].match(key, item.end)
        opens = greeted or words["opening"].search(before) or words["posted"].search(before)
        if opens and (value := interval(item)):
            found.append((item.start, speaking_from(value.date_from)))
    return found


def day_after(text: str, name: str) -> date | None:
    """The last whole day of ``text`` behind the words ``name`` (« Fait à …, le … », « Page mise à jour le … »)."""
    key = fold(text)
    words = own_words()[name]
    days = [
        value.date_from
        for item in scan(key)
        if item.unit == "day" and item.dated and not item.short_year and words.search(key[max(0, item.start - 80) : item.start])
        and (value := interval(item))
    ]  # fmt: skip
    return days[-1] if days else None
