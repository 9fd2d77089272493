"""A clause without its date: the date stands before the line, so it leaves the sentence with its preposition.

Idea: it leaves only where French lets it go: at the head, between two commas, in brackets, at the end, before a new group of
words; not after « depuis » or « jusqu’en », not out of a list of dates, not where a participle would be left hanging.
Limits: rules of form, without a parse; where none fits, the date stays, which is never wrong.
"""

from __future__ import annotations

import re

from pipeline.chronology.dates import MONTHS

_BEFORE_DATE = re.compile(
    r"(?:^|[\s,]+|(?<=\W))"
    r"(?:le|en|aux?|dans les|au cours d(?:es|u)|au mois d(?:e|[’'])|à l[’']|l[’']|dès(?: le)?|courant)?\s*$",
    re.I,
)
_WITH_PREPOSITION = re.compile(
    r"[\s,]+(?:le|en|au|à l[’']|courant|(?:datée?s?|en date|au cours) du|au mois d(?:e|[’']))\s*$", re.I
)
_LISTED = re.compile(r"\s*(?:et|ou|à|au|-|–)\s+(?:le\s+)?(?:en\s+)?\d|\s*,\s*\d", re.I)
_OF_LIST = re.compile(r"\d\s*(?:et|ou|à|au|-|–|,)\s*(?:en |le )?$")
_SITTING = re.compile(r"\b(?:s[ée]ance|r[ée]union|session)\s+du\s*$", re.I)
_OF_SITTING = re.compile(
    r"(?:^\W*|,\s*)(?:dans|lors de|au cours de|en) (?:sa |la |une )?(?:séance|réunion|session)\s+"
    r"(?:du|en date du|tenue le)\s*$",
    re.I,
)
_STATUTE = re.compile(r"\b(?:loi|décret|ordonnance|circulaire|arrêté)\b[^,;()]{0,40}?\d{4}", re.I)
_OTHER_DATE = re.compile(
    rf"\b(?:en|depuis|dès) (?:19|20)\d\d\b|\b\d{{1,2}}(?:er)? (?:{'|'.join(MONTHS)})\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b",
    re.I,
)
_SUBJECT = re.compile(
    r"\s+(?:voit|vit|verra|marque|marqua|marquera|fut|est|sera|reste)\b"
)  # « 1959 voit l'achèvement »
_WORD = re.compile(r"\w")
_LATER = re.compile(r"[\w’' -]{3,40} (?:plus tard|après|auparavant)[\s,]*", re.I)
_TIED = re.compile(
    r"\b(?:depuis|jusqu[’'](?:en|au|à)?|jusque|dès|avant|après|pour|entre|de|du|des|d[’']|et|vers|fin|début|mi-?|au|à|que|est|sont"
    r"|partir|compter|l[ae]s?|l[’']|plus tard,?|jour pour jour,?)\s*$",
    re.I,
)
_AUXILIARY = re.compile(
    r"(?:a|ont|est|sont|été|fut|furent|était|étaient|avait|avaient|aura|auront|sera|seront|soit|ayant|étant)"
)
_PAST = re.compile(
    r"(?:é|ée|és|ées|ie|ies|orti|ortis|âti|âtis|ue|ues|uite?s?|erte?s?|aite?s?|inscrite?s?|prise?s?|mise?s?)$", re.I
)
_TAKES_PLACE = re.compile(
    r"\b(?:lieu|déroul[ée]\w*|intervenue?s?|tenue?s?|fixée?s?|datée?s?|arrêtée?s?|convoquée?s?|prévue?s?|programmée?s?)$",
    re.I,
)
_AFTER_COMMA = re.compile(r",\s*(?:(?:dont|qui|que)\b[^,]*\s)?\w+(?:é|ée|és|ées|ie|ies|ue|ues|us|is|it|u)$", re.I)
_GOES_ON = re.compile(
    r"\s*(?:[;.:)»]|$|(?:par|à|au|aux|avec|entre|dans|en|sur|pour|afin|l[’']|la|le|les|un|une|des|de|du|d[’']|\w+ant)\b)",
    re.I,
)


def undated(text: str, start: int, end: int, *, whole: bool) -> str:
    """``text`` without the date at ``start``, where its sentence stands without it; else the text as it is.

    ``whole``: the words are a whole group, so that a participle may end them.
    """
    before, after = text[:start], text[end:]
    if before[-1:] in ("", "\t", "\n") and after[:1] in ("", "\t", "\n"):
        return before.rstrip() + (after if before.strip() else after.lstrip())  # a cell of its own
    if _LISTED.match(after) or _OF_LIST.search(before):
        return text  # one date of a list: the sentence needs it
    head = _BEFORE_DATE.search(before)
    if (
        head
        and not _SUBJECT.match(after)
        and (not _WORD.search(before, 0, head.start()) or _LATER.fullmatch(before, 0, head.start()))
    ):
        return after.lstrip(" \n,:;–—-.)\t")
    sitting = _OF_SITTING.search(before)
    if sitting and (not sitting.start() or after.lstrip().startswith(",")):
        return f"{before[: sitting.start()]} {after.lstrip(' ,')}".lstrip()
    if _SITTING.search(before):
        return before.rstrip()[:-2].rstrip() + after
    preposition = _WITH_PREPOSITION.search(before)
    bare = before[: preposition.start()] if preposition else before.rstrip()
    if _beside_another(before, after) or _TIED.search(bare) or _hanging(bare, after, whole=whole):
        return text
    if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        return f"{before.rstrip()[:-1].rstrip()} {after.lstrip()[1:].lstrip()}"
    if before.rstrip().endswith(",") and not after.strip(" .;"):
        return before.rstrip()[:-1]
    if ((preposition and "," in preposition[0]) or bare.endswith(",")) and after.lstrip().startswith(","):
        return f"{bare.rstrip(', ')} {after.lstrip()[1:].lstrip()}"  # between two commas
    if preposition and (preposition[0].strip(" ,\n") == "en" or _GOES_ON.match(after)):
        return f"{bare} {after.lstrip()}" if after[:1].isspace() else bare + after
    if not preposition and not after.strip(" .;") and bare[-1:].isalpha():
        return bare
    return text


def _beside_another(before: str, after: str) -> bool:
    """Whether another date stands in the words, outside a statute's name: the reader must see which is the event's."""
    return any(_OTHER_DATE.search(_STATUTE.sub("", words)) for words in (before, after))


def _hanging(bare: str, after: str, *, whole: bool) -> bool:
    """« décidés en 2004, forment … », « l'avis, rendu le 3 mai », « l'enquête s'est déroulée du 2 au 16 avril »: without its
    date the participle would hang in the air.
    """
    if not after.strip(" .;") and (_TAKES_PLACE.search(bare) or _AFTER_COMMA.search(bare)):
        return True
    words = [word.lower() for word in bare.split() if not word.endswith("ment")]
    closed = not after.strip(" .;") or after.lstrip()[:1] in ",;:)"
    hangs = closed and words and is_past(words[-1]) and not _AUXILIARY.fullmatch("".join(words[-2:-1]))
    return bool(hangs and not whole)


def is_past(word: str) -> bool:
    """Whether a word may be a past participle."""
    return _PAST.search(word.lower()) is not None
