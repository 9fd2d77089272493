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

OLDEST, LATEST = 1700, 2049
"""A bare number outside is a year only after « en », « vers », « l'an »…"""

_BARE_YEAR = {
    "two years, the second shortened",
    "two years, the second shortened, in words",
    "month and year in figures",
}
_EACH = re.compile(r"[ \n](?:de[ \n])?chaque[ \n](?:annee|exercice|mois)")
_YEAR_BEFORE = re.compile(r"(?<![\w.,/-])(?:(?:\d\d?/)?(?:1[0-9]|20)\d\d ?[-/] ?)+\Z")
_GLUED_BEFORE = re.compile(
    r"(?:\d[-/.,]|[\w/.]|(?<![a-z])(?!mi-)[a-z]{1,2}-|[*+=][ ]?|(?<!\w)w[ \n](?:- )?"
    r"|n ?° ?\d{1,3}(?: \d{3})+ )\Z"
)
_SERIES = re.compile(r"(?<!\w)w[ \n]- \Z")
_GLUED_AFTER = re.compile(
    r"[-/](?!(?:1[0-9]|20)\d\d(?!\d))\d{3}|-[a-z]{1,2}(?!\w)|[.,]\d|/(?!(?:1[0-9]|20)\d\d(?!\d))\w|-\d\d?(?![\d/])"
    r"| \d{3}(?!\d)(?! (?:logements|habitants|menages|familles))"
)
_QUOTED = (re.compile(r"[«“\"] ?\Z"), re.compile(r" ?[»”\"]"))  # a title: the exhibition « 1972 »
_TODAY = re.compile(r"aujourd'hui|ce[ \n]jour(?!-la|[ \n]meme)")
_CODE = re.compile(r"(?<![\w'’-])([A-Z]{1,2})[ \n]\Z")
_FROM_A_YEAR = re.compile(r"(?<![\d/.])(?:1\d|20)\d\d[ \n]a[ \n]\Z")
_YEAR_CUE = re.compile(
    r"(?<!\w)(?:en|vers|avant|apres|jusqu'en|depuis|l'annee|annees?|l'an|l'exercice|exercice|fin|debut|des)[ \n]\Z"
)
_DAY_CUE = re.compile(
    r"(?<![a-z])(?:le|les|du|des|au|aux|jusqu'au|ce|date|entre)[ ]?:?[ ]?\Z|\d[/.]\d\d?(?:,? et|,| au| a| -)[ ]\Z"
)
_DAYS_LISTED = re.compile(r"(?:,| et|, et) \d\d?/[01]\d(?!\d)")
_SHARE = re.compile(r"[1-9]/[2-9]|1/10")
_MAP = re.compile(r"1/[125]0?00")  # « échelle 1/2000 »
_SCALE = re.compile(r" ?\d{3}(?!\d)")  # « plan au 1/2 000 »
_OF = re.compile(r"[ \n](?:de|du|des|d'|aux?|et)(?!\w)")
_GLUED_DAY = re.compile(r"[\w/.-]\Z|(?<![a-z])(?:n ?°|tel\.?|fax)[ \n]?\Z")
_HABIT_BEFORE = re.compile(r"(?<!\w)(?:le|les|tous les|chaque|du|au|des|un|et|a|,)[ \n]\Z")
_HABIT_AFTER = re.compile(r"s(?!\w)|[ \n](?:de|au|et|matin et)[ \n]|[ \n]\d")
_OF_A_NAME = re.compile(r"[ \n](?:des|du)(?!\w)(?![ \n](?:travaux|chantier))")  # « le Printemps des poètes »
_SEASONS_JOINED = re.compile(r" ?[-/] ?(?:printemps|ete|automne|hiver)(?!\w)")
_FEAST_OF = re.compile(r"(?<!\w)(?:fetes?|salons?|foires?|bals?|festivals?|braderies?)[ \n](?:de[ \n]l'|du[ \n]|d')\Z")
_SUMMER_CUE = re.compile(r"(?:(?<!\w)(?:l'|d'|cet |en |debut |fin |mi-|plein |cet\n))\Z")
_LABEL = re.compile(r"(?:^|\n)[ ]*(?:[-•*▪·>][ ]*)?\Z")  # « • Septembre : », « Été : » open a line of a chronology
_COLON = re.compile(r" ?:")
_SEASON_CUE = re.compile(r"(?:(?<!\w)(?:le|au|ce|du|en|l'|cet|d'|a l'|des|fin|debut|mi|prochain)[ \n-]?)\Z")
_MONTH_CUE = re.compile(
    r"(?:(?<!\w)(?:en|de|d'|depuis|des|fin|debut|mi|courant|a|jusqu'en|jusqu'a|mois de|mois d'|mi-|entre|et|ou|du|vers|avant"
    r"|apres|le|ce|sauf|puis|pour)[ \n]?|[-,(/:] ?|^|\n *)\Z"
)
_FEAST_CUE = re.compile(
    r"(?<!\w)(?:a|des|depuis|avant|apres|pour|vers|d'ici|jusqu'a|entre|fin|veille de|lendemain de)[ \n](?:la[ \n]|l')?\Z"
)
_FEAST_DAY_CUE = re.compile(r"(?<!\w)(?:le|du|au|ce)[ \n]\Z")
_AFTER_BARE_MONTH = re.compile(r"[ \n]?(?:[-/:,;.)]|et |ou |puis |a |\Z)")
_DAY_IN_A_NAME = re.compile(r"(?<!\w)du \d\d?(?:er)?-\Z")  # « avenue du 10-Août »
_MONTHS_JOINED = re.compile(r" ?[-/] ?(?:" + "|".join(MONTHS) + r")(?![a-z])")  # « mars-mai 2015 »
_ADDRESS_AFTER = re.compile(r"[ \n]\d+(?:er)?[ \n](?:rue|bis)")


def not_a_date(key: str, text: str, item: Partial, *, counted: Callable[[int], bool]) -> bool:
    """Whether what stands around a partial date shows it to be another number, a name or a habit.

    ``counted(offset)`` says whether a quantity's noun begins there (« 2000 logements »).
    """
    start, end = item.start, item.end
    before, after = key[max(0, start - 32) : start], key[end : end + 24]
    if item.year is None and _LABEL.search(before) and _COLON.match(after) and item.unit in ("day", "month", "season"):
        return False
    if _EACH.match(after) or (item.unit in ("day", "month", "range") and grammar().names.search(before)):
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
        return bool(_GLUED_DAY.search(before))
    if item.rule in _BARE_YEAR or (item.rule == "year" and text[start].isdigit()):
        numbered = _MAP.fullmatch(key[start:end]) or _year_is_a_number(
            text[max(0, start - 4) : start], item, before, after
        )
        return bool(numbered) or (counted(end) and not _YEAR_CUE.search(before))
    if item.rule == "part of a year" and item.short_year:  # « Début – Fin⏎01 – Démolition » heads a column
        return counted(end) or "\n" in text[start:end]
    return False


def _is_no_day(key: str, item: Partial, before: str) -> bool:
    """Whether « le 12 » or « aujourd'hui » stands behind no word that makes it a day."""
    if item.rule == "day alone":
        return not grammar().day_alone.search(before)
    return bool(_TODAY.match(key, item.start)) and not grammar().today.search(before)


def _is_a_habit(item: Partial, before: str, after: str) -> bool:
    """Whether a weekday comes back every week: « le mardi », « tous les jeudis », « du lundi au vendredi »."""
    return bool((item.day is None and _HABIT_BEFORE.search(before)) or _HABIT_AFTER.match(after))


def _figures_are_no_day(figures: str, before: str, after: str) -> bool:
    """Whether « 1/2 » is a share or a scale rather than the first of February."""
    cue = _DAY_CUE.search(before) or _DAYS_LISTED.match(after)
    return not cue or bool(_SCALE.match(after)) or bool(_SHARE.fullmatch(figures) and _OF.match(after))


def _year_is_a_number(written_before: str, item: Partial, before: str, after: str) -> bool:
    """Whether a bare year is a number of another kind; ``written_before`` is not folded, so that capitals show."""
    rules = grammar()
    if _GLUED_BEFORE.search(before) and not _YEAR_BEFORE.search(before) and not _SERIES.search(before):
        return True
    if rules.not_year_before.search(before) or rules.not_year_after.match(after) or _GLUED_AFTER.match(after):
        return True
    if _QUOTED[0].search(before) and _QUOTED[1].match(after):
        return True
    code = _CODE.search(written_before)
    if code and code[1].lower() not in rules.codes and not (code[1] == "A" and _FROM_A_YEAR.search(before)):
        return True
    return not OLDEST <= (item.year or OLDEST) <= LATEST and not _YEAR_CUE.search(before)


def _season_is_a_word(word: str, folded: str, item: Partial, before: str, after: str) -> bool:
    """« été » without a year is a season after « l' », « cet », « en »; the others after an article."""
    if item.way or _SEASONS_JOINED.match(after):
        return False
    if folded == "ete":
        return word == "ete" or not _SUMMER_CUE.search(before)
    if _OF_A_NAME.match(after) or _FEAST_OF.search(before):
        return True
    named = word[0].isupper() and not word.isupper() and len(before) > 1 and before[-2] not in ".:\n-"
    return named or not _SEASON_CUE.search(before)


def _feast_is_a_word(word: str, item: Partial, before: str, after: str) -> bool:
    """A feast or the return to school without a year is a date as « à Noël », « depuis la rentrée », « le lundi de Pâques »."""
    if item.rule == "return to school":
        return not (_FEAST_CUE.search(before) or item.way)
    named = bool(re.match(r"[ -][A-ZÀ-Ý]", after))  # « à Noël Mamère »
    cue = _FEAST_DAY_CUE if word[0].islower() else _FEAST_CUE
    return named or not (word[0].isupper() or " " in word) or not cue.search(before)


def _month_is_a_word(word: str, before: str, after: str) -> bool:
    """A month without a year is a date only where an article, a preposition or a list makes it so."""
    if _DAY_IN_A_NAME.search(before) or _MONTHS_JOINED.match(after):
        return _MONTHS_JOINED.match(after) is None
    led = _MONTH_CUE.search(before)
    if led is None:
        return True
    cue = led.group().strip()
    if cue in ("du", "le") or (word[0].isupper() and not word.isupper() and cue not in ("", "en", "depuis", ":", "-")):
        return True
    bare = not re.search(r"\w", cue)
    return bool((bare and not _AFTER_BARE_MONTH.match(after)) or _ADDRESS_AFTER.match(after))
