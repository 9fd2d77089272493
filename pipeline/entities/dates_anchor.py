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

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.entities.dates_calendar import TIMELESS, Partial, days, interval
from pipeline.entities.dates_compose import lists
from pipeline.entities.dates_grammar import grammar
from pipeline.entities.dates_page import DateContext, Page, Read, heading_year, read_page, sentence_start
from pipeline.entities.dates_relative import beside, relative, weekday
from pipeline.entities.dates_tense import nearest, tense
from pipeline.records import DateValue
from pipeline.wordings import wordings

SAYS = wordings(__file__, "dates_around.toml")
FLASHBACK = 3  # years: a dated sentence at least so far from the document's own day tells of that time, not of now
OVER = 120  # days: so far back, the next date of a list is of the year after
FAR = 270  # days: without any tense the same year is believed, unless it is this far off


def resolve(
    key: str,
    text: str,
    items: Sequence[Partial],
    contexts: Sequence[tuple[int, DateContext]],
    cited: Sequence[Partial] = (),
) -> list[tuple[Partial, DateValue, float]]:
    """Every partial date that the text fixes, with its interval and a confidence; what nothing fixes is left out.

    ``contexts``: what is known of time outside the text, from offset 0 on; each serves up to where the next begins.
    ``cited``: the days of the laws of the text, no dates themselves, but « la même année » may mean theirs.
    """
    begun = [start for start, _ in contexts]
    known = [contexts[bisect_right(begun, item.start) - 1][1] for item in items]
    items = [_century(item, context) for item, context in zip(items, known, strict=True)]
    listed = lists(key, items)
    page = read_page(key, text, items)
    ahead = [Read(item.start, value, True) for item in items if item.dated and (value := interval(item)) is not None]
    laws = [Read(item.start, value, True) for item in cited if item.dated and (value := interval(item)) is not None]
    done: list[Read] = []
    out: list[tuple[Partial, DateValue, float]] = []
    for index, (item, in_list, context) in enumerate(zip(items, listed, known, strict=True)):
        owner = items[index + 1] if index + 1 < len(items) else None
        if out and item.start < out[-1][0].end:
            continue  # the year of the part just read
        if owner and _of_year(key, item, owner):
            year, sure = relative(owner, page, _with_law(owner, page, done, laws), context)
            value = interval(item, year.date_from.year) if year else interval(item)
            item = replace(item, end=owner.end)
        elif owner and (said := beside(key, item, owner)):
            value, sure = said, 0.9
        elif item.dated:
            value, sure = interval(item), item.sure
            if value and item.weekday is not None and value.date_from.weekday() != item.weekday:
                sure = 0.85
        elif in_list and out and out[-1][1].date_from.year:
            value, sure = interval(item, _checked(item, _going_on(item, out[-1][1]))), out[-1][2]
        elif item.unit == "relative":
            value, sure = relative(item, page, _with_law(item, page, done, laws), context)
        else:
            value, sure = _complete(item, page, done, ahead, context)
        if value is not None:
            done.append(Read(item.start, value, item.dated))
            out.append((item, value, round(min(sure, item.sure), 3)))
    return out


def _going_on(item: Partial, before: DateValue) -> int:
    """The year of a date that goes on a list: the next one, where « les 12/12 et 23/01 » pass over New Year."""
    year = before.date_to.year
    stretch = days(item, year)
    return year + 1 if stretch and (before.date_from - stretch[0]).days > OVER else year


def _with_law(item: Partial, page: Page, done: list[Read], laws: list[Read]) -> list[Read]:
    """``done``, with the law just before where the story goes on from it: « créé par décret du … ; la même année »."""
    told = done[-1] if done else None
    paragraph = page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
    near = [law for law in laws if paragraph <= law.start < item.start and (told is None or law.start > told.start)]
    if not near or (told and near[-1].value.date_from < told.value.date_from):
        return done
    aside = page.key.rfind("(", paragraph, near[-1].start) > page.key.rfind(")", paragraph, near[-1].start)
    return done if aside else [*done, near[-1]]


def _of_year(key: str, item: Partial, owner: Partial) -> bool:
    """Whether ``owner`` is the year of ``item``: « 1er trimestre de l'année prochaine »."""
    leaning = (
        owner.unit == "relative"
        and "annee" in key[owner.start : owner.end]
        and "tard" not in key[owner.start : owner.end]
    )
    parts = item.unit in ("day", "month", "quarter", "half", "season", "part")
    return leaning and parts and SAYS["of_year"].fullmatch(key[item.end : owner.start]) is not None


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


def _complete(
    item: Partial, page: Page, done: list[Read], ahead: list[Read], context: DateContext
) -> tuple[DateValue | None, float]:
    if item.unit == "weekday":
        return weekday(item, page, done, context)
    own = context.day or context.written
    if item.way in ("dernier", "passe", "prochain") and own:
        return nearest(item, own, -1 if item.way != "prochain" else 1), 0.9
    before = done[-1] if done else None
    if item.way in ("suivant", "precedent") and before:
        after = item.way == "suivant"
        return nearest(item, before.value.date_to if after else before.value.date_from, 1 if after else -1), 0.88
    if item.way == "same year" and before:
        return interval(item, before.value.date_to.year), 0.88
    year, sure = _witness(item, page, done, ahead, context)
    if year is None:
        return None, 0.0
    return interval(item, _checked(item, year)), sure


def _witness(
    item: Partial, page: Page, done: list[Read], ahead: list[Read], context: DateContext
) -> tuple[int | None, float]:
    """The year of a date without one, and how far it can be believed."""
    done = [read for read in done if read.value.precision not in TIMELESS and not _background(read, page)]
    framed = _framed(item, page, done, ahead, context)
    if framed[0] is not None:
        return framed
    sentence = sentence_start(page, item)
    same = [read for read in done if read.start >= sentence]
    if context.day:
        told = [read for read in done if read.start >= _full_stop(page, item)]
        paragraph = page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
        if grammar().narrated.search(page.key, max(sentence, item.start - 120), item.end + 60):
            told = told or [read for read in done if read.start >= paragraph and read.explicit]
            if told and told[-1].value.date_to <= context.day:
                return _after(item, page, told[-1].value), 0.8
        again = [read.value.date_from.year for read in done if _same_day(item, read.value)]
        if again and abs(again[-1] - context.day.year) <= 1:
            return again[-1], 0.85
        told = same if tense(page.key, page.text, item.start, item.end) else told
        return _beside_own_day(item, page, told, sentence, context.day)
    if same:
        return _after(item, page, same[-1].value), 0.88
    following = (
        page.sentences[bisect_right(page.sentences, item.start)] if page.sentences[-1] > item.start else len(page.key)
    )
    later = [read for read in ahead if item.start < read.start < following and read.value.precision not in TIMELESS]
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


def _background(read: Read, page: Page) -> bool:
    """Whether a bare year only says since when (« maire depuis 2010 »): the story does not pass through it."""
    since = SAYS["since"].search(page.key, max(0, read.start - 12), read.start)
    return read.value.precision == "year" and since is not None


def _same_day(item: Partial, value: DateValue) -> bool:
    """Whether a day without a year was read before: « au 19 mai prochain … la date du 19 mai »."""
    day = value.date_from
    return item.unit == "day" and value.precision == "day" and (day.month, day.day) == (item.month, item.day)


def _framed(
    item: Partial, page: Page, done: list[Read], ahead: list[Read], context: DateContext
) -> tuple[int | None, float]:
    """The year of what stands around a date: the date that opens its line, its heading, the dates on both sides."""
    for start, end, year in page.items:
        if start < item.start < end:
            return year, 0.93
    heading = heading_year(item, page, context)
    if heading is not None:
        return heading, 0.9
    return _sandwiched(item, page, done, ahead), 0.85


def _sandwiched(item: Partial, page: Page, done: list[Read], ahead: list[Read]) -> int | None:
    """The only year that puts a date between a whole day told just before it, in its paragraph, and one that follows.

    « … le 12 juillet 1977. Renvoyé à l'automne, le dossier a été retenu le 24 janvier 1978 »: a story in its order.
    """
    paragraph = page.paragraphs[bisect_right(page.paragraphs, item.start) - 1]
    following = bisect_right(page.sentences, item.start)
    end = page.sentences[following] if following < len(page.sentences) else len(page.key)
    before = [read for read in done if read.start >= paragraph and read.explicit][-1:]
    after = [read for read in ahead if item.start < read.start < end][:1]
    if not before or not after or before[0].value.date_to >= after[0].value.date_from:
        return None
    first, last = before[0].value, after[0].value
    if "day" not in (first.precision, last.precision) or last.date_from.year - first.date_from.year > 1:
        return None
    between = [
        year
        for year in range(first.date_from.year, last.date_from.year + 1)
        if (stretch := days(item, year)) and first.date_to <= stretch[0] and stretch[1] <= last.date_from
    ]
    return between[0] if len(between) == 1 else None


def _full_stop(page: Page, item: Partial) -> int:
    """Where the sentence of ``item`` begins, a semicolon not counted as its end."""
    position = bisect_right(page.sentences, item.start) - 1
    while position and page.key[page.sentences[position] - 1] == ";":
        position -= 1
    return page.sentences[position]


def _beside_own_day(item: Partial, page: Page, same: list[Read], sentence: int, own: date) -> tuple[int | None, float]:
    """The year in a letter, minutes or an article, where tense counts; ``same``: what was read before in the sentence."""
    if same and SAYS["conditional"].search(page.key, max(sentence, item.start - 60), item.start):
        # « on a dit l'an passé que les travaux commenceraient en avril »
        value = nearest(item, same[-1].value.date_to, 1)
        return (value.date_from.year, 0.75) if value else (None, 0.0)
    past = same[-1].value if same else None
    flash = past and abs(past.date_to.year - own.year) >= FLASHBACK and not past.date_from <= own <= past.date_to
    if past and flash and not _of_now(item, page, same[-1]):
        return past.date_to.year, 0.75
    return _by_tense(item, page, own), 0.85


def _between(item: Partial, before: DateValue, after: DateValue) -> bool:
    """Whether a date, in the year of the one read before it, goes on from that towards the one that follows."""
    stretch = days(item, before.date_to.year)
    return stretch is not None and before.date_from <= stretch[0] <= after.date_from


def _of_now(item: Partial, page: Page, told: Read) -> bool:
    """Whether a date beside one of another time is of the document's own (« Fondée en 1979, elle aura 25 ans en mai »)."""
    between = page.key[told.start : item.start]
    if SAYS["reported"].search(between):
        return False
    return SAYS["since"].search(between) is not None or tense(page.key, page.text, item.start, item.end) > 0


def _after(item: Partial, page: Page, value: DateValue) -> int:
    """The year of the date before, or the next one after « puis en mars »."""
    year = value.date_to.year
    stretch = days(item, year)
    then = SAYS["then"].search(page.key[max(0, item.start - 30) : item.start])
    return year + 1 if then and stretch and stretch[1] < value.date_from else year


def _by_tense(item: Partial, page: Page, own: date) -> int:
    """The year that puts the date on the side of the document's day that the clause's tense says."""
    since = SAYS["since"].search(page.key, max(0, item.start - 12), item.start)
    direction = -1 if since else tense(page.key, page.text, item.start, item.end)
    if direction:
        value = nearest(item, own, direction, within=True)
        if value:
            return value.date_from.year
    stretch = days(item, own.year)
    if stretch is None:
        return own.year
    middle = stretch[0] + (stretch[1] - stretch[0]) / 2
    gap = (middle - own).days
    return own.year - 1 if gap > FAR else own.year + 1 if gap < -FAR else own.year


def _checked(item: Partial, year: int) -> int:
    """The nearest year in which the weekday falls on that day."""
    if item.unit != "day" or item.weekday is None:
        return year
    for shift in (0, -1, 1, -2, 2, -3, 3):
        stretch = days(item, year + shift)
        if stretch and stretch[0].weekday() == item.weekday:
            return year + shift
    return year
