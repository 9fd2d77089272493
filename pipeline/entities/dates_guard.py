"""Which figures and words are no dates, for all that they look like one.

Why: « 45 W 1999-2010 » is a shelfmark, « 2000 logements » a count, « rue du 8 mai 1945 » an address, « a été » a verb.
Idea: what stands just before and just after decides; the words that do are in ``dates.toml``.
Limits: looks 32 characters back and 24 on, never at the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.entities.dates_calendar import Partial
from pipeline.entities.dates_grammar import grammar
from pipeline.entities.laws_grammar import MONTHS
from pipeline.wordings import wordings

SAYS = wordings(__file__, "dates_around.toml")
OLDEST, LATEST = 1700, 2049
"""A bare number outside is a year only after « en », « vers », « l'an »…"""

_BARE_YEAR = {
    "two years, the second shortened",
    "two years, the second shortened, in words",
    "month and year in figures",
}
_QUOTED = (re.compile(r"[«“\"] ?\Z"), re.compile(r" ?[»”\"]"))  # a title: the exhibition « 1972 »
_CODE = re.compile(r"(?<![\w'’-])([A-Z]{1,2})[ \n]\Z")
_MONTHS_JOINED = re.compile(r" ?[-/] ?(?:" + "|".join(MONTHS) + r")(?![a-z])")  # « mars-mai 2015 »


def not_a_date(key: str, text: str, item: Partial, *, counted: Callable[[int], bool]) -> bool:
    """Whether what stands around a partial date shows it to be another number, a name or a habit.

    ``counted(offset)`` says whether a quantity's noun begins there (« 2000 logements »).
    """
    start, end = item.start, item.end
    before, after = key[max(0, start - 32) : start], key[end : end + 24]
    if (
        item.year is None
        and SAYS["label"].search(before)
        and SAYS["colon"].match(after)
        and item.unit in ("day", "month", "season")
    ):
        return False
    if SAYS["each"].match(after) or (item.unit in ("day", "month", "range") and grammar().names.search(before)):
        return True
    if item.unit == "weekday":
        return not item.way and text[max(0, start - 4) : start].lower() != "dès " and _is_a_habit(item, before, after)
    if item.unit == "relative":
        return _is_no_day(key, item, before)
    if item.rule == "season" and item.year is None:
        return _season_is_a_word(text[start:end], key[start:end], item, before, after)
    if item.rule in ("feast", "return to school") and item.year is None:
        return _feast_is_a_word(text[start:end], item, before, text[end : end + 2])
    if item.rule == "month" and item.year is None:
        return _month_is_a_word(text[start:end], before, after)
    if item.rule == "day and month in figures":
        return _figures_are_no_day(key[start:end], before, after)
    if item.rule in ("numeric", "iso"):
        return bool(SAYS["glued_day"].search(before))
    if item.rule in _BARE_YEAR or (item.rule == "year" and text[start].isdigit()):
        numbered = SAYS["map"].fullmatch(key[start:end]) or _year_is_a_number(
            text[max(0, start - 4) : start], item, before, after
        )
        return bool(numbered) or (counted(end) and not SAYS["year_cue"].search(before))
    if item.rule == "part of a year" and item.short_year:  # « Début – Fin⏎01 – Démolition » heads a column
        return counted(end) or "\n" in text[start:end]
    return False


def _is_no_day(key: str, item: Partial, before: str) -> bool:
    """Whether « le 12 » or « aujourd'hui » stands behind no word that makes it a day."""
    if item.rule == "day alone":
        return not grammar().day_alone.search(before)
    return bool(SAYS["today"].match(key, item.start)) and not grammar().today.search(before)


def _is_a_habit(item: Partial, before: str, after: str) -> bool:
    """Whether a weekday comes back every week: « le mardi », « tous les jeudis », « du lundi au vendredi »."""
    return bool((item.day is None and SAYS["habit_before"].search(before)) or SAYS["habit_after"].match(after))


def _figures_are_no_day(figures: str, before: str, after: str) -> bool:
    """Whether « 1/2 » is a share or a scale rather than the first of February."""
    cue = SAYS["day_cue"].search(before) or SAYS["days_listed"].match(after)
    return (
        not cue
        or bool(SAYS["scale"].match(after))
        or bool(SAYS["share"].fullmatch(figures) and SAYS["of"].match(after))
    )


def _year_is_a_number(written_before: str, item: Partial, before: str, after: str) -> bool:
    """Whether a bare year is a number of another kind; ``written_before`` is not folded, so that capitals show."""
    rules = grammar()
    if (
        SAYS["glued_before"].search(before)
        and not SAYS["year_before"].search(before)
        and not SAYS["series"].search(before)
    ):
        return True
    if rules.not_year_before.search(before) or rules.not_year_after.match(after) or SAYS["glued_after"].match(after):
        return True
    if _QUOTED[0].search(before) and _QUOTED[1].match(after):
        return True
    code = _CODE.search(written_before)
    if code and code[1].lower() not in rules.codes and not (code[1] == "A" and SAYS["from_a_year"].search(before)):
        return True
    return not OLDEST <= (item.year or OLDEST) <= LATEST and not SAYS["year_cue"].search(before)


def _season_is_a_word(word: str, folded: str, item: Partial, before: str, after: str) -> bool:
    """« été » without a year is a season after « l' », « cet », « en »; the others after an article."""
    if item.way or SAYS["seasons_joined"].match(after):
        return False
    if folded == "ete":
        return word == "ete" or not SAYS["summer_cue"].search(before)
    if SAYS["of_a_name"].match(after) or SAYS["feast_of"].search(before):
        return True
    named = word[0].isupper() and not word.isupper() and len(before) > 1 and before[-2] not in ".:\n-"
    return named or not SAYS["season_cue"].search(before)


def _feast_is_a_word(word: str, item: Partial, before: str, after: str) -> bool:
    """A feast or the return to school without a year is a date as « à Noël », « depuis la rentrée », « le lundi de Pâques »."""
    if item.rule == "return to school":
        return not (SAYS["feast_cue"].search(before) or item.way)
    named = bool(re.match(r"[ -][A-ZÀ-Ý]", after))  # « à Noël Mamère »
    cue = SAYS["feast_day_cue"] if word[0].islower() else SAYS["feast_cue"]
    return named or not (word[0].isupper() or " " in word) or not cue.search(before)


def _month_is_a_word(word: str, before: str, after: str) -> bool:
    """A month without a year is a date only where an article, a preposition or a list makes it so."""
    if SAYS["day_in_a_name"].search(before) or _MONTHS_JOINED.match(after):
        return _MONTHS_JOINED.match(after) is None
    led = SAYS["month_cue"].search(before)
    if led is None:
        return True
    cue = led.group().strip()
    if cue in ("du", "le") or (word[0].isupper() and not word.isupper() and cue not in ("", "en", "depuis", ":", "-")):
        return True
    bare = not re.search(r"\w", cue)
    return bool((bare and not SAYS["after_bare_month"].match(after)) or SAYS["address_after"].match(after))
