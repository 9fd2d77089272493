"""A clause without its date: the date stands before the line, so it leaves the sentence with its preposition.

Idea: it leaves only where French lets it go: at the head, between two commas, in brackets, at the end, before a new group of
words; not after « depuis » or « jusqu’en », not out of a list of dates, not where a participle would be left hanging.
Limits: rules of form, without a parse; where none fits, the date stays, which is never wrong.
"""

from __future__ import annotations

import re

from pipeline.lexicon import MONTHS
from pipeline.wordings import wordings

SAYS = wordings(__file__, "undated.toml")
_OTHER_DATE = re.compile(
    rf"\b(?:en|depuis|dès) (?:19|20)\d\d\b|\b\d{{1,2}}(?:er)? (?:{'|'.join(MONTHS)})\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b",
    re.I,
)
_WORD = re.compile(r"\w")


def undated(text: str, start: int, end: int, *, whole: bool) -> str:
    """``text`` without the date at ``start``, where its sentence stands without it; else the text as it is.

    ``whole``: the words are a whole group, so that a participle may end them.
    """
    before, after = text[:start], text[end:]
    if before[-1:] in ("", "\t", "\n") and after[:1] in ("", "\t", "\n"):
        return before.rstrip() + (after if before.strip() else after.lstrip())  # a cell of its own
    if SAYS["listed"].match(after) or SAYS["of_list"].search(before):
        return text  # one date of a list: the sentence needs it
    head = SAYS["opens"].search(before)
    if (
        head
        and not SAYS["subject"].match(after)
        and (not _WORD.search(before, 0, head.start()) or SAYS["later"].fullmatch(before, 0, head.start()))
    ):
        return after.lstrip(" \n,:;–—-.)\t")
    sitting = SAYS["at_sitting"].search(before)
    if sitting and (not sitting.start() or after.lstrip().startswith(",")):
        return f"{before[: sitting.start()]} {after.lstrip(' ,')}".lstrip()
    if SAYS["sitting"].search(before):
        return before.rstrip()[:-2].rstrip() + after
    preposition = SAYS["led_in"].search(before)
    bare = before[: preposition.start()] if preposition else before.rstrip()
    if _beside_another(before, after) or SAYS["tied"].search(bare) or _hanging(bare, after, whole=whole):
        return text
    if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        return f"{before.rstrip()[:-1].rstrip()} {after.lstrip()[1:].lstrip()}"
    if before.rstrip().endswith(",") and not after.strip(" .;"):
        return before.rstrip()[:-1]
    if ((preposition and "," in preposition[0]) or bare.endswith(",")) and after.lstrip().startswith(","):
        return f"{bare.rstrip(', ')} {after.lstrip()[1:].lstrip()}"  # between two commas
    if preposition and (preposition[0].strip(" ,\n") == "en" or SAYS["goes_on"].match(after)):
        return f"{bare} {after.lstrip()}" if after[:1].isspace() else bare + after
    if not preposition and not after.strip(" .;") and bare[-1:].isalpha():
        return bare
    return text


def _beside_another(before: str, after: str) -> bool:
    """Whether another date stands in the words, outside a statute's name: the reader must see which is the event's."""
    return any(_OTHER_DATE.search(SAYS["statute"].sub("", words)) for words in (before, after))


def _hanging(bare: str, after: str, *, whole: bool) -> bool:
    """« décidés en 2004, forment … », « l'avis, rendu le 3 mai », « l'enquête s'est déroulée du 2 au 16 avril »: without its
    date the participle would hang in the air.
    """
    if not after.strip(" .;") and (SAYS["takes_place"].search(bare) or SAYS["after_comma"].search(bare)):
        return True
    words = [word.lower() for word in bare.split() if not word.endswith("ment")]
    closed = not after.strip(" .;") or after.lstrip()[:1] in ",;:)"
    hangs = closed and words and is_past(words[-1]) and not SAYS["auxiliary"].fullmatch("".join(words[-2:-1]))
    return bool(hangs and not whole)


def is_past(word: str) -> bool:
    """Whether a word may be a past participle."""
    return SAYS["past"].search(word.lower()) is not None
