"""Every date of a page as a closed interval of days, from « 30/06/2004 » to « six mois plus tard » and « XIXe siècle ».

Why: events hang on dates, and archives write them in forty ways, half of them without a year.
Idea: five steps, each a module: the wordings (``dates_grammar``, ``dates_readers``, words in ``dates.toml``), what is no date
(``dates_guard``), what belongs together (``dates_compose``), the year it lacks (``dates_anchor``, from ``dates_page``,
``dates_tense`` and ``dates_relative``), its days (``dates_calendar``).
Limits: no pattern reads the clock; a partial date that nothing in the document fixes is left out; an impossible day (31/04)
is refused, not mended; the Republican calendar is not read.
Measured against: HeidelTime's published value F1 on French, 73.6 (TimeBank) and 89.6 (AncientTimes).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.entities.candidate import Candidate
from pipeline.entities.dates_anchor import resolve
from pipeline.entities.dates_calendar import Partial, Unit, interval
from pipeline.entities.dates_compose import compose
from pipeline.entities.dates_grammar import scan
from pipeline.entities.dates_guard import not_a_date
from pipeline.entities.dates_own import HEAD, day_after, own_day, own_words, parts, speaking_from
from pipeline.entities.dates_page import DateContext, open_heading
from pipeline.entities.folding import fold
from pipeline.entities.laws import find_laws
from pipeline.entities.quantities import noun_follows
from pipeline.records import DateValue, DocumentInfo, Span

__all__ = ["DateContext", "carry", "date_context", "find_dates"]


def _outside(scanned: Sequence[Partial], closed: Sequence[Span]) -> list[Partial]:
    """Those that no closed stretch, a law's name, holds."""
    return [item for item in scanned if not any(item.start < end and start < item.end for start, end in closed)]


def _partials(text: str, key: str, kept: Sequence[Partial]) -> list[Partial]:
    """Of what looks like a date, what is one, joined, its year perhaps missing."""
    refused = {
        index
        for index, item in enumerate(kept)
        if not_a_date(key, text, item, counted=lambda offset: noun_follows(key, offset))
    }
    for index, item in enumerate(
        kept[:-1]
    ):  # « de 1500 à 2000 logements », « 45 W 1999-2010 », « G 1764, 1766 »: one refuses the other
        near = re.fullmatch(r" ?(?:a|-|et|/|,) ?", key[item.end : kept[index + 1].start])
        if near and item.rule == kept[index + 1].rule == "year" and (index in refused or index + 1 in refused):
            refused |= {index, index + 1}
    listed = [item for index, item in enumerate(kept) if index not in refused]
    return compose(key, listed)


def find_dates(
    text: str, *, context: DateContext | None = None, closed: Sequence[Span] | None = None
) -> list[Candidate]:
    """Every date of ``text`` that the text (with its context) fixes, in order, not overlapping.

    ``closed``: stretches where no date is marked; by default the laws of the text, whose dates are their own. A letter or
    minutes that open within the text speak from their own day up to the next.
    """
    key = fold(text)
    if closed is None:
        closed = [(law.start, law.end) for law in find_laws(text)]
    scanned = scan(key)
    items = _partials(text, key, _outside(scanned, closed))
    cited = [item for item in scanned if item.unit == "day" and any(low < item.start < high for low, high in closed)]
    resolved = resolve(key, text, items, [(0, context or DateContext()), *parts(key, text, items)], cited)
    return [
        Candidate(
            start=item.start, end=item.end, kind="date", method=f"date: {item.rule}", confidence=sure, value=value
        )
        for item, value, sure in resolved
    ]


def carry(text: str, found: Sequence[Candidate], context: DateContext) -> DateContext:
    """The context for the page after ``text``, in which ``found`` are the dates."""
    values = [(item, item.value) for item in found if isinstance(item.value, DateValue)]
    stated = []
    for item, value in values:
        unit: Unit = "day" if value.precision == "day" else "year" if value.precision == "year" else "month"
        day = value.date_from
        stated.append(
            Partial(start=item.start, end=item.end, unit=unit, rule="", year=day.year, month=day.month, day=day.day)
        )
    key = fold(text)
    heading = open_heading(key, stated, context)
    for _, opened in parts(key, text, stated):
        context, heading = opened, None
    return replace(context, last=values[-1][1] if values else context.last, heading_year=heading)


def date_context(texts: Sequence[str], info: DocumentInfo | None = None) -> DateContext:
    """When the document speaks: from what is known of it, else from its head (dateline, « séance du … », title), else its end.

    ``texts``: the pages' texts, in order.
    """
    known = info or DocumentInfo()
    head = texts[0][:HEAD] if texts else ""
    day = own_day(head) or (known.date_from if known.date_from and known.date_from == known.date_to else None)
    if day:
        return speaking_from(day)
    end = texts[-1][-3000:] if texts else ""
    written = day_after(end, "updated") or day_after(head, "updated") or day_after(end, "done_at")
    title = " ".join([known.title or "", head[:300]])
    stated = own_words()["account of"].search(fold(title))
    years = _years(known.title or "") or _years(head[:300])
    if stated and not years:
        years = (int(stated["year"]), int(stated["year"]))
    if years and own_words()["account"].search(fold(title)):
        return DateContext(years=years, account=years[0], written=written)
    if known.date_from and known.date_to:
        return DateContext(years=(known.date_from.year, known.date_to.year), written=written)
    signed = day_after(end, "done_at")
    if not years and signed:
        years = (signed.year, signed.year)
    return DateContext(years=years, written=written)


def _years(text: str) -> tuple[int, int] | None:
    """The only year a title or an opening names."""
    key = fold(text)
    kept = _outside(scan(key), [(law.start, law.end) for law in find_laws(text)])
    years = {value.date_from.year for item in _partials(text, key, kept) if item.dated and not item.short_year
             and item.unit not in ("decade", "century", "range") and (value := interval(item))}  # fmt: skip
    only = years.pop() if len(years) == 1 else None
    return (only, only) if only else None
