"""Labels: an event in a line, in the document's own words.

Why: « qui lance en mars 2007 l’expérimentation… » is a quotation, not a line of a chronology.
Idea: take the excerpt, take out the date (it stands before), write a name one way where the document spells it another
(« D.I.A.C.T. »), and put in square brackets, as editors do, what the clause needs and its neighbours say. Nothing else.
Limits: no verb is conjugated and no article is made up, so that every word outside brackets is the document's.
"""

from __future__ import annotations

import re

from pipeline.chronology.dates import date_label
from pipeline.chronology.tellings import Actor, Telling, folded

LONGEST = 200
_PRONOUN = re.compile(
    r"(?:qui|ils?|elles?|celui-ci|celle-ci|ceux-ci|celles-ci|lequel|laquelle|lesquels|lesquelles)\s+", re.I
)
_PARTICIPLE = re.compile(
    r"\w+(?:ée?s?|[iu]e?s?|ise?s?|ite?s?|erte?s?)\s+(?:par|en|le|à|au|aux|avec|auprès|dans|de|du|sur)\b", re.I
)
_BARE_VERB = re.compile(r"(?:a|ont|est|sont|fut|furent|sera|seront|aura|auront|était|étaient|avait|avaient)\s", re.I)
_MID_SENTENCE = re.compile(r"(?:de|du|des|d[’']|que|qu[’']|dont|où|à|aux?|pour|par|sur|dans)\b", re.I)
_OPENING = re.compile(r"^(?:[\s\-–—•●▪·*,;:.)\]/|]+|(?:et|puis|mais|or|car|ainsi que|alors que)\s+)+", re.I)
_BEFORE_DATE = re.compile(
    r"(?:^|[\s,]+|(?<=\W))(?:le|en|au|aux|dans les|au cours des|à l[’']|l[’']|dès le|courant)?\s*$", re.I
)
_WITH_PREPOSITION = re.compile(r"[\s,]+(?:le|en|au|à l[’']|courant)\s*$", re.I)
_NAMED_ROLES = ("body", "programme", "site", "place")
_MOST_ADDED = 3


def label_of(telling: Telling) -> str:
    """« Mars 2007 — La DIACT lance l’appel à expérimentation « 20 villes moyennes témoins » »."""
    when = date_label(telling.date_from, telling.date_to, telling.precision)
    return f"{when[0].upper()}{when[1:]} — {title_of(telling)}"


def title_of(telling: Telling) -> str:
    """The label without its date."""
    text = _spelled(telling)
    text = _OPENING.sub("", " ".join(text.split())).rstrip(" ,;:–—-.")
    absent = [actor for actor in telling.actors if actor.role in _NAMED_ROLES and not _stands_in(actor, telling)]
    pronoun = _PRONOUN.match(text)
    if absent and (pronoun or _PARTICIPLE.match(text) or _BARE_VERB.match(text)):
        text = f"[{absent.pop(0).short}] {text[pronoun.end() if pronoun else 0 :]}"
        text = re.sub(r"(?<=\] )[A-ZÀ-Ý](?=[a-zà-ÿ ])", lambda letter: letter.group().lower(), text, count=1)
    elif pronoun or _BARE_VERB.match(text) or _MID_SENTENCE.match(text):
        text = f"… {text}"
    text = _closed(_shortened(text))
    names = list(dict.fromkeys(actor.short for actor in absent))[:_MOST_ADDED]
    if names:
        text = f"{text} [{', '.join(names)}]"
    return text[:1].upper() + text[1:]


def _stands_in(actor: Actor, telling: Telling) -> bool:
    if actor.span and telling.start <= actor.span[0] and actor.span[1] <= telling.end:
        return True
    words = f" {folded(telling.excerpt)} "
    return any(f" {folded(name)} " in words for name in (actor.surface, actor.name, actor.short))


def _spelled(telling: Telling) -> str:
    """The excerpt without the words of its date, and with dotted or oddly spelled names written the canonical way."""
    changes: list[tuple[int, int, str]] = []
    for actor in telling.actors:
        if actor.span and telling.start <= actor.span[0] and actor.span[1] <= telling.end:
            name = next((n for n in (actor.short, actor.name) if _same_name(actor.surface, n)), None)
            if name is not None and name != actor.surface:
                changes.append((actor.span[0] - telling.start, actor.span[1] - telling.start, name))
    text = telling.excerpt
    for start, end in telling.dates[:1]:
        changes.append((start - telling.start, end - telling.start, ""))
    done = len(text)
    for start, end, name in sorted(changes, reverse=True):
        if end <= done:
            text = text[:start] + name + text[end:] if name else _undated(text, start, end)
            done = start
    return text


def _same_name(surface: str, name: str) -> bool:
    """Whether two spellings differ only by full stops, white space or the case of an acronym."""
    return folded(surface) == folded(name) and (name.isupper() or surface.casefold() == name.casefold())


def _undated(text: str, start: int, end: int) -> str:
    """``text`` without the date at ``start``, where its sentence stands without it; else the text as it is."""
    before, after = text[:start], text[end:]
    head = _BEFORE_DATE.search(before)
    if head and not before[: head.start()].strip(" \n-–—•*·("):
        return after.lstrip(" \n,:;–—-.)")
    if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        return f"{before.rstrip()[:-1].rstrip()} {after.lstrip()[1:].lstrip()}"
    preposition = _WITH_PREPOSITION.search(before)
    if preposition:
        return (
            f"{before[: preposition.start()]} {after.lstrip()}"
            if after[:1].isspace()
            else before[: preposition.start()] + after
        )
    if before.rstrip().endswith(",") and after.lstrip()[:1] in (",", ""):
        return before.rstrip()[:-1] + after.lstrip()
    return text


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:(«–-") + " …"


def _closed(text: str) -> str:
    """Close what was opened and cut off: a bracket, French quotation marks."""
    if text.count("(") > text.count(")"):
        text += ")"
    if text.count("«") > text.count("»"):
        text += " »"
    return text
