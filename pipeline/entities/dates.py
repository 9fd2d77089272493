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
from datetime import date, timedelta

from pipeline.entities.candidate import Candidate
from pipeline.entities.dates_anchor import resolve
from pipeline.entities.dates_calendar import Partial, Unit, interval
from pipeline.entities.dates_compose import compose
from pipeline.entities.dates_grammar import scan
from pipeline.entities.dates_guard import not_a_date
from pipeline.entities.dates_page import DateContext, open_heading
from pipeline.entities.folding import fold
from pipeline.entities.laws import find_laws
from pipeline.entities.quantities import noun_follows
from pipeline.records import DateValue, DocumentInfo, Span

__all__ = ["DateContext", "carry", "date_context", "find_dates"]

DAY = timedelta(days=1)
HEAD = 2500  # characters in which a document says its own day
_SPOKEN = re.compile(
    r"(?:^|\n)[ ]*[^\n.;]{0,40}(?<!\w)(?:(?:seance|reunion|conseil|assemblee|compte[ -]rendu|proces[ -]verbal|comite|edition|"
    r"courrier|lettre|journal|numero|releve de decisions?|j\.?o\.?|embargo)(?![^\n.;]*(?: a | ont | est | sont ))[^\n.;]{0,90}?"
    r"(?:du|en date du|tenue? le|jusqu'au|[,-])|reunie?s?(?: en[^\n.;]{0,60})?,? le)[ \n]\Z"
)
_DELIBERATED = re.compile(
    r"(?:^|\n)[ ]*(?:extrait [^\n.;]{0,60})?deliberations?(?: n ?°[^\n.;]{0,20})?[^\n.;]{0,60}? du[ \n]\Z"
)
_ADOPTED = re.compile(
    r"(?<!\w)(?:reglement|deliberation|document|charte|cahier des charges|plan) (?:\w+ )?(?:adoptee?|approuvee?|votee?)"
    r" (?:par|en)[^\n.;]{0,70} (?:du|le)[ \n]\Z"
)
_ANSWERED = re.compile(
    r"(?<!\w)reponse(?: du ministre)? publiee[^\n.;]{0,40}(?:j\.?o\.?|journal officiel)[^\n;]{0,30}? (?:du|le)[ \n]\Z"
)
_ISSUE = re.compile(
    r"n ?° ?\d+ ?(?:[-,(.:] ?|du |de )*\Z|(?:rapport (?:final|definitif)|numero \d+) ?[-,:(]? ?(?:de )?\Z"
)
_UPDATED = re.compile(
    r"(?<!\w)(?:mise? (?:a jour|en ligne)|maj|publie|version|etabli|imprime|edite|redige|date d'edition"
    r"|date limite[^\n:;.]{0,50}:)[ ]?:?(?: le| du|,)?[ ]\Z"
)
_DATELINE = re.compile(r"(?:^|\n)[ ]*(?:a[ \n])?[a-z][a-z' -]{1,40},?[ ](?:le[ ])?\Z")
_ACCOUNT = re.compile(
    r"(?<!\w)(?:rapport (?:annuel|d'activites?|moral|de gestion)|bilan|compte administratif|exercice|budget|annee \d{4}"
    r"|comptes?[ -]rendus? (?:annuel|d'activites?|financier)|crac[l]?(?!\w)|rapport du delegataire|etat d'avancement)"
)
_ACCOUNT_OF = re.compile(
    r"(?<!\w)(?:rapport (?:annuel|d'activites?)|comptes?[ -]rendus? annuel|cracl?|exercice|compte administratif)(?!\w)"
    r"[^\n.;]{0,60}?(?<!\d)(?P<year>(?:19|20)\d\d)(?![\d/-])"
)
_DONE_AT = re.compile(r"(?<!\w)fait a [^\n.;]{2,60}\Z")


def _partials(text: str, key: str, closed: Sequence[Span]) -> list[Partial]:
    """What is a date on this page, joined, its year perhaps missing."""
    kept = [item for item in scan(key) if not any(item.start < end and start < item.end for start, end in closed)]
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

    ``closed``: stretches where no date is marked; by default the laws of the text, whose dates are their own.
    """
    key = fold(text)
    if closed is None:
        closed = [(law.start, law.end) for law in find_laws(text)]
    resolved = resolve(key, text, _partials(text, key, closed), context or DateContext())
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
        unit: Unit = "year" if value.precision == "year" else "day"
        stated.append(Partial(start=item.start, end=item.end, unit=unit, rule="", year=value.date_from.year))
    heading = open_heading(fold(text), stated, context)
    return replace(context, last=values[-1][1] if values else context.last, heading_year=heading)


def date_context(texts: Sequence[str], info: DocumentInfo | None = None) -> DateContext:
    """When the document speaks: from what is known of it, else from its head (dateline, « séance du … », title), else its end.

    ``texts``: the pages' texts, in order.
    """
    known = info or DocumentInfo()
    head = texts[0][:HEAD] if texts else ""
    day = _own_day(head) or (known.date_from if known.date_from and known.date_from == known.date_to else None)
    if day:
        return DateContext(day=day, years=(day.year, day.year), written=day)
    end = texts[-1][-3000:] if texts else ""
    written = _day_after(end, _UPDATED) or _day_after(head, _UPDATED) or _day_after(end, _DONE_AT)
    title = " ".join([known.title or "", head[:300]])
    stated = _ACCOUNT_OF.search(fold(title))
    years = _years(known.title or "") or _years(head[:300])
    if stated and not years:
        years = (int(stated["year"]), int(stated["year"]))
    if years and _ACCOUNT.search(fold(title)):
        return DateContext(years=years, account=years[0], written=written)
    if known.date_from and known.date_to:
        return DateContext(years=(known.date_from.year, known.date_to.year), written=written)
    signed = _day_after(end, _DONE_AT)
    if not years and signed:
        years = (signed.year, signed.year)
    return DateContext(years=years, written=written)


def _own_day(head: str) -> date | None:
    """The day a letter, a newspaper or minutes speak from: dateline, « séance du », or the year and day in letters.

    A review or a final report that names its month or its quarter speaks from the middle of it, an answer to a question
    from the day it was published.
    """
    key = fold(head)
    items = compose(key, scan(key))
    answered = [item for item in items if item.unit == "day" and item.dated and _ANSWERED.search(key[: item.start])]
    if answered and (value := interval(answered[0])):
        return value.date_from
    for item in items:
        before = key[max(0, item.start - 130) : item.start]
        if item.unit in ("month", "quarter", "season") and item.dated and item.start < 900 and _ISSUE.search(before):
            stretch = interval(item)
            return stretch.date_from + ((stretch.date_to - stretch.date_from) - DAY) // 2 if stretch else None
        if item.unit != "day" or not item.dated or item.short_year:
            continue
        value = interval(item)
        line_ends = re.match(r"[ ]*(?:[.,]?[ ]*(?:\n|$)| ?[-(|])", key[item.end : item.end + 6])
        if value and (
            item.rule == "year and day in letters"
            or (_dateline(head[: item.start][-130:], before) and line_ends and not _DONE_AT.search(before))
            or (item.start < 900 and (any(words.search(before) for words in (_SPOKEN, _DELIBERATED, _ADOPTED))))
            or (item.start < 400 and item.weekday is not None and before[-1:] in ("", "\n"))
        ):
            return value.date_from
    return None


def _dateline(written: str, before: str) -> bool:
    """Whether a place's name, with its capital, stands before the day: « Metz, le », but not « Marché notifié le »."""
    led = _DATELINE.search(before)
    last = re.search(r"([^\W\d_]+)(?P<comma>,?)[ ](?:le[ ])?\Z", written)
    return led is not None and last is not None and (bool(last["comma"]) or last[1][0].isupper())


def _years(text: str) -> tuple[int, int] | None:
    """The only year a title or an opening names."""
    key = fold(text)
    closed = [(law.start, law.end) for law in find_laws(text)]
    years = {value.date_from.year for item in _partials(text, key, closed) if item.dated and not item.short_year
             and item.unit not in ("decade", "century", "range") and (value := interval(item))}  # fmt: skip
    only = years.pop() if len(years) == 1 else None
    return (only, only) if only else None


def _day_after(text: str, words: re.Pattern[str]) -> date | None:
    """The last whole day of ``text`` that stands behind ``words`` (« Fait à …, le … », « Page mise à jour le … »)."""
    key = fold(text)
    days = [
        value.date_from
        for item in scan(key)
        if item.unit == "day" and item.dated and not item.short_year and words.search(key[max(0, item.start - 80) : item.start])
        and (value := interval(item))
    ]  # fmt: skip
    return days[-1] if days else None
