"""Which figures are no dates, and which dates belong together: spans and lists.

Why: « 45 W 1999-2010 » is a shelfmark and « 2000 logements » a count; « de 1971 à 1977 » is one date, « 2003 et 2006 » two,
and « les 12/03, 19/03 et 02/04/2015 » lend one another their year.
Idea: neighbours are joined by the words between them; a span keeps its frame (« de … à », « entre … et »); what stands just
before and after a bare year tells whether it is one.
Limits: looks at neighbours only, never at the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.entities.dates_calendar import Partial, interval
from pipeline.entities.dates_grammar import grammar

OLDEST, LATEST = 1700, 2049  # a bare number outside is a year only after « en », « vers », « l'an »…
_TO = re.compile(
    r"(?: ?- ?|(?:,? |[ \n]?)(?:a|au|jusqu'(?:en|a|au)|et jusqu'(?:en|a|au))[ \n])(?:la[ \n]|l'|le[ \n]|les[ \n]|du[ \n]|en[ \n])?(?:annees?[ \n])?"
)
_AND = re.compile(
    r"[ \n]?(?:,|et|ou|puis|,?[ \n]puis|, et|&|/)[ \n]?(?:a[ \n])?(?:(?:le|les|du|de|des|en|au|la|dans)[ \n]|l'|d'|de[ \n]l')?(?:l'annee |annees? )?"
)
_FRAME = re.compile(r"(?<!\w)(?:de|du|d'|des|depuis)[ \n]?(?:le[ \n]|la[ \n]|l'|l'annee[ \n]|les[ \n]annees[ \n])?\Z")
_BETWEEN = re.compile(r"(?<!\w)entre[ \n](?:le[ \n]|la[ \n]|l'|les[ \n])?\Z")
_JOINED = {"day", "month", "quarter", "half", "season", "part", "year"}
_GLUED = re.compile(
    r"[-/](?!(?:1[0-9]|20)\d\d(?!\d))\d{3}|-[a-z]{1,2}(?!\w)|[.,]\d|/(?!(?:1[0-9]|20)\d\d(?!\d))\w|-\d\d?(?!\d)"
)
_CUE = re.compile(
    r"(?<![a-z])(?:le|les|du|des|au|aux|jusqu'au|ce|date|entre)[ ]?:?[ ]?\Z|\d[/.]\d\d?(?:,? et|,| au| a| -)[ ]\Z"
)


def not_a_date(key: str, text: str, item: Partial, *, counted: Callable[[int], bool]) -> bool:
    """Whether what stands around a partial date shows it to be another number, or a name.

    ``counted(offset)`` says whether a quantity's noun begins there (« 2000 logements »).
    """
    start, end = item.start, item.end
    before, after = key[max(0, start - 32) : start], key[end : end + 24]
    rules = grammar()
    if re.match(r"[ \n](?:de[ \n])?chaque[ \n](?:annee|exercice|mois)", after):
        return True
    if item.unit in ("day", "month", "range") and rules.names.search(before):
        return True
    if item.rule in ("month", "season", "weekday alone") and item.year is None:
        return _is_only_a_word(key, text, item, before, after)
    if item.rule == "day and month in figures":
        return not _CUE.search(before)
    if (
        item.rule == "year"
        and text[start].isdigit()
        or item.rule in ("two years, the second shortened", "month and year in figures")
    ):
        return _is_only_a_number(key, text, item, before, after, counted)
    if item.rule in ("numeric", "iso"):
        return bool(re.search(r"[\w/.-]$|(?<![a-z])(?:n ?°|tel\.?|fax)[ \n]?\Z", before))
    if item.rule == "part of a year" and not re.search(r"\d{4}\Z", key[start:end]):
        return re.match(r"(?:debut|fin|mi|milieu)[ \n-]\d", key[start:end]) is not None and counted(end)
    return False


def _is_only_a_number(
    key: str, text: str, item: Partial, before: str, after: str, counted: Callable[[int], bool]
) -> bool:
    rules = grammar()
    after_year = re.search(r"(?<![\w.,/-])(?:1[0-9]|20)\d\d ?[-/] ?\Z", before)
    glued = re.search(r"(?:\d[-/.,]|[\w/.]|(?<![a-z])[a-z]{1,2}-)\Z", before)
    if glued and not after_year and not re.search(r"(?<![a-z])mi-\Z", before):
        return True
    if rules.not_year_before.search(before) or re.search(r"(?<!\w)w[ \n]\Z", before):
        return True
    if re.search(r"[*+=][ ]?\Z", before):
        return True
    code = re.search(r"(?<![\w'’])([A-Z]{1,2})[ \n]\Z", text[max(0, item.start - 4) : item.start])
    if code and code[1] != "A" and code[1].lower() not in rules.codes:
        return True
    if rules.not_year_after.match(after) or _GLUED.match(after):
        return True
    if re.match(r" \d{3}(?!\d)", after) and not re.match(r" \d{3} (?:logements|habitants|menages|familles)", after):
        return True
    capital_a = re.search(r"(?<!\w)A[ \n]\Z", text[max(0, item.start - 3) : item.start])
    if capital_a and not re.search(r"\d[ \n]a[ \n]\Z", before):
        return True
    dated = re.search(
        r"(?<!\w)(?:en|vers|avant|apres|jusqu'en|depuis|l'annee|annee|annees|l'an|l'exercice|exercice|fin|debut|des)[ \n]\Z",
        before,
    )
    if not dated and not OLDEST <= (item.year or OLDEST) <= LATEST:
        return True
    return not dated and counted(item.end)


def _is_only_a_word(key: str, text: str, item: Partial, before: str, after: str) -> bool:
    """« mars » and « été » without a year are dates only where an article or a preposition makes them so."""
    if item.rule == "weekday alone":
        habit = re.search(r"(?<!\w)(?:le|les|tous les|chaque|du|au|des|un|et|a|,)[ \n]\Z", before) and not item.way
        return bool(habit) or bool(re.match(r"s(?!\w)|[ \n](?:de|au|et|matin et)[ \n]|[ \n]\d", after))
    word = text[item.start : item.end]
    if item.rule == "season":
        if item.way:
            return False
        if key[item.start : item.end] == "ete":
            return word not in ("été", "Été", "ÉTÉ", "ETE", "Eté") or not re.search(
                r"(?:(?<!\w)(?:l'|d'|cet |en |debut |fin |mi-|plein |cet\n))\Z", before
            )
        return (
            word[0].isupper()
            and len(before) > 1
            and before[-2] not in ".:\n-"
            or not re.search(r"(?:(?<!\w)(?:le|au|ce|du|en|l'|cet|d'|a l'|des|fin|debut|mi|prochain)[ \n-]?)\Z", before)
        )
    led = re.search(
        r"(?:(?<!\w)(?:en|de|d'|depuis|des|fin|debut|mi|mi-|courant|a|jusqu'en|jusqu'a|au mois de|mois de|mois d'|entre|et|ou|du|vers|avant|apres|le|ce|sauf|puis|pour|debut de|fin de)"
        r"[ \n]?|[-,(/:] ?|^|\n *)\Z", before)  # fmt: skip
    if not led or (led.group().strip() in ("du", "le") and not re.search(r"mois", before)):
        return True
    if word[0].isupper() and not word.isupper() and led.group().strip() not in ("", "en", "depuis", ":", "-"):
        return True
    bare = not re.search(r"\w", led.group())
    return (
        bare
        and not re.match(r"[ \n]?(?:[-/:,]|et |a |\Z)", after)
        or bool(re.match(r"[ \n]\d+(?:er)?[ \n](?:rue|bis)", after))
    )


def compose(key: str, items: list[Partial]) -> list[Partial]:
    """Joins neighbours into spans, then lends the years of lists. Same order, fewer items."""
    spans: list[Partial] = []
    position = 0
    while position < len(items):
        here = items[position]
        joined = _span(key, here, items[position + 1]) if position + 1 < len(items) else None
        if joined:
            spans.append(joined)
            position += 2
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
    if here.unit not in _JOINED or there.unit not in _JOINED or here.dated and not there.dated and there.unit == "day":
        return None
    between, before = key[here.end : there.start], key[max(0, here.start - 16) : here.start]
    entre = _BETWEEN.search(before)
    frame = entre or _FRAME.search(before)
    if entre and re.fullmatch(r"[ \n]et[ \n](?:le[ \n]|la[ \n]|l'|les[ \n])?", between):
        pass
    elif between == "/" and here.unit == there.unit == "year":
        pass
    elif not _TO.fullmatch(between):
        return None
    elif between.strip() in ("-", "a") and here.unit != there.unit and not frame:
        return None
    elif "au" in between.split() and not frame and here.unit != there.unit:
        return None
    start = (
        frame.start() + max(0, here.start - 16) if frame and not re.match(r"depuis|des", frame.group()) else here.start
    )
    made = Partial(
        start=start, end=there.end, unit="range", rule="span", first=here, last=there, sure=min(here.sure, there.sure)
    )
    return made if not made.dated or interval(made) else None


def _framed(key: str, item: Partial) -> Partial:
    """A span found whole (« 3 au 5 mai 2010 ») takes its frame (« du … ») into its surface."""
    if item.unit != "range":
        return item
    window = max(0, item.start - 16)
    frame = re.search(r"(?<!\w)(?:du|de|entre le)[ \n]\Z", key[window : item.start])
    return replace(item, start=window + frame.start()) if frame else item


def _like(one: Partial, other: Partial) -> bool:
    kinds = {"range" if item.unit == "range" else item.unit for item in (one, other)}
    return len(kinds) == 1 or kinds <= {"day", "range"} or kinds <= {"quarter", "half"} or kinds <= {"month", "season"}


def _year_of(item: Partial, end: bool) -> int | None:
    if item.unit == "range":
        side = item.last if end else item.first
        other = item.first if end else item.last
        return (side.year if side else None) or (other.year if other else None)
    return item.year


def _lend_back(key: str, here: Partial, there: Partial) -> Partial:
    """« 14 janvier et 3 mars 2008 »: the first takes the year of the last."""
    year = _year_of(there, end=False)
    if here.dated or year is None or not _like(here, there) or here.unit in ("relative", "weekday"):
        return here
    return _with_year(here, year) if _AND.fullmatch(key[here.end : there.start]) else here


def _lend_on(key: str, here: Partial, there: Partial) -> Partial:
    """« le 12 mars 2004 et le 3 avril »: the second takes the year of the first."""
    year = _year_of(here, end=True)
    if there.dated or year is None or not _like(here, there) or there.unit in ("relative", "weekday"):
        return there
    between = key[here.end : there.start]
    if not _AND.fullmatch(between):
        return there
    lent, before = _with_year(there, year), interval(here)
    value = interval(lent)
    later = "puis" in between and value and before and value.date_to < before.date_from
    return _with_year(there, year + 1) if later else lent


def _with_year(item: Partial, year: int) -> Partial:
    if item.unit == "range" and item.first is not None and not item.dated:
        return replace(item, first=replace(item.first, year=year), last=_same(item.last, year))
    return replace(item, year=year)


def _same(item: Partial | None, year: int) -> Partial | None:
    return replace(item, year=year) if item is not None and item.year is None else item


def lists(key: str, items: list[Partial]) -> list[bool]:
    """For each item, whether it goes on a list of its like whose year is still to be found (« les 30/04 et 05/11 »)."""
    out = [False] * len(items)
    for index in range(1, len(items)):
        here, there = items[index - 1], items[index]
        if not here.dated and not there.dated and here.unit == there.unit and here.unit in ("day", "month", "quarter"):
            out[index] = _AND.fullmatch(key[here.end : there.start]) is not None
    return out
