"""Labels: an event in a line, in the document's own words.

Why: « qui lance en mars 2007 l’expérimentation… » is a quotation, not a line of a chronology.
Idea: take the excerpt, take out the date (it stands before), write a name one way where the document spells it another
(« D.I.A.C.T. »), and put in square brackets, as editors do, what the clause needs and its neighbours say. Nothing else.
Limits: no verb is conjugated and no article is made up, so that every word outside brackets is the document's.
"""

from __future__ import annotations

import re

from pipeline.chronology.tellings import Actor, Telling, folded

LONGEST = 200
_PRONOUN = re.compile(
    r"(?:qui|ils?|elles?|celui-ci|celle-ci|ceux-ci|celles-ci|lequel|laquelle|lesquels|lesquelles)\s+", re.I
)
_PARTICIPLE = re.compile(
    r"\w+(?:ée?s?|[iu]e?s?|ise?s?|ite?s?|erte?s?)\s+(?:par|en|le|à|au|aux|avec|auprès|dans|de|du|sur)\b", re.I
)
_MID_SENTENCE = re.compile(
    r"(?:de|du|des|d[’']|que|qu[’']|dont|où|à|aux?|pour|par|sur|dans|a|ont|est|sont|fut|furent|sera|seront|aura|auront|était"
    r"|étaient|avait|avaient)\b",
    re.I,
)
_OPENING = re.compile(r"^(?:[\s\-–—•●▪·*,;:.)\]/|]+|(?:et|puis|mais|or|car|ainsi que|alors que)\s+)+", re.I)
_BEFORE_DATE = re.compile(
    r"(?:^|[\s,]+|(?<=\W))(?:le|en|au|aux|dans les|au cours des|à l[’']|l[’']|dès le|courant)?\s*$", re.I
)
_WITH_PREPOSITION = re.compile(r"[\s,]+(?:le|en|au|à l[’']|courant)\s*$", re.I)
_LISTED = re.compile(r"\s*(?:et|ou|à|au|-|–)\s+(?:le\s+)?(?:en\s+)?\d|\s*,\s*\d", re.I)
_GOES_ON = re.compile(
    r"\s*(?:[;.:)»]|$|(?:par|à|au|aux|avec|entre|dans|en|sur|pour|afin|l[’']|la|le|les|un|une|des|de|du|d[’'])\b)",
    re.I,
)
_IMPERSONAL = re.compile(
    r"il (?:a|avait|est|était|fut|sera) (?:été )?(?:proposé|décidé|prévu|procédé|convenu|demandé|donné|rendu|question)\b",
    re.I,
)
_ITEM = re.compile(r"(?:de |d[’'])(?:ne pas )?(?:s[’']|se )?\w+(?:er|ir|re)\b", re.I)
_SHEET_DATE = re.compile(
    r"(?:dates?|périodes?|années?|durée|calendrier|réalisation|mission)(?: (?:d[eu]s?|de l[a’']) ?[\w’' ]{0,30})?\s*:?",
    re.I,
)
_TIED = re.compile(
    r"\b(?:depuis|jusqu[’'](?:en|au|à)?|jusque|dès|avant|après|pour|entre|de|du|et|vers|fin|début|mi-?|jusqu[’']"
    r"|plus tard,?|jour pour jour,?)\s*$",
    re.I,
)
_AUXILIARY = re.compile(
    r"(?:a|ont|est|sont|été|fut|furent|était|étaient|avait|avaient|aura|auront|sera|seront|soit|ayant|étant)"
)
_PAST = re.compile(r"(?:é|ée|és|ées|ie|ies|ue|ues|uite?s?|erte?s?|aite?s?|inscrite?s?|prise?s?|mise?s?)$", re.I)
_BOUND = re.compile(r"^(?:(?:par|de|d[’']|du|des|à|au|aux|pour|dans|sur|avec|en)\s*)+(?:(?:la|le|les|l[’'])\s*)?", re.I)
_NAMED_ROLES = ("body", "programme", "site", "place")
_MOST_ADDED = 3
_ADJACENT = 4  # code points: « ), »


def label_of(telling: Telling) -> str:
    """« La DIACT lance l’appel à expérimentation « 20 villes moyennes témoins » »; the date is set before it."""
    if telling.mission and _only_dated(telling):
        return telling.mission
    text = _spelled(telling)
    text = _OPENING.sub("", " ".join(text.split())).rstrip(" ,;:–—-.")
    if text.find(")") >= 0 and (text.find("(") < 0 or text.find(")") < text.find("(")):
        text = text.replace(")", "", 1)  # the clause begins inside brackets
    absent = [actor for actor in telling.actors if actor.role in _NAMED_ROLES and not _stands_in(actor, telling)]
    text = _voted(text, absent)
    pronoun = None if _IMPERSONAL.match(text) else _PRONOUN.match(text)
    clause = pronoun or _PARTICIPLE.match(text)
    subject = _antecedent(absent, telling)
    if subject and clause:
        absent.remove(subject)
        text = f"[{subject.short}] {text[pronoun.end() if pronoun else 0 :]}"
    elif text[:1].islower() and (clause or _MID_SENTENCE.match(text)):
        text = _unbound(text, telling) or f"… {text}"
    text = _closed(_shortened(text))
    names = list(dict.fromkeys(actor.short for actor in absent))[:_MOST_ADDED]
    if names:
        text = f"{text} [{', '.join(names)}]"
    return text[:1].upper() + text[1:]


def _only_dated(telling: Telling) -> bool:
    """« Date : 2016 – 2017 »: a line that says when, and nothing of what."""
    text = telling.excerpt
    for start, end in reversed(telling.dates):
        text = text[: start - telling.start] + text[end - telling.start :]
    return _SHEET_DATE.fullmatch(text.strip(" \n-–—•*·.;")) is not None


def _voted(text: str, absent: list[Actor]) -> str:
    """« d’attribuer les lots », an item of what an assembly decides: « [Conseil municipal décide] d’attribuer les lots »."""
    voter = next((actor for actor in absent if actor.role == "body"), None)
    if voter is None or not _ITEM.match(text):
        return text
    absent.remove(voter)
    return f"[{voter.short[:1].upper()}{voter.short[1:]} décide] {text}"


def _unbound(text: str, telling: Telling) -> str:
    """« par la SEM du Val, créée … » from the name on; empty where no body, programme or site opens the clause."""
    bound = _BOUND.match(text)
    rest = text[bound.end() :] if bound else ""
    named = [actor for actor in telling.actors if actor.role in ("body", "programme", "site")]
    opens = any(rest.startswith(name) for actor in named for name in (actor.surface, actor.name, actor.short))
    return rest if opens else ""


def _antecedent(absent: list[Actor], telling: Telling) -> Actor | None:
    """The body named right before the clause, which its relative or participle takes up; anything farther is a guess."""
    near = [
        actor
        for actor in absent
        if actor.role == "body" and actor.span and 0 <= telling.start - actor.span[1] <= _ADJACENT
    ]
    return max(near, key=lambda actor: actor.span or (0, 0)) if near else None


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
    if _LISTED.match(after) or re.search(r"\d\s*(?:et|ou|à|au|-|–|,)\s*(?:en |le )?$", before):
        return text  # one date of a list: the sentence needs it
    head = _BEFORE_DATE.search(before)
    if head and not before[: head.start()].strip(" \n-–—•*·("):
        return after.lstrip(" \n,:;–—-.)")
    if _needs_date(before, after):
        return text
    if before.rstrip().endswith("(") and after.lstrip().startswith(")"):
        return f"{before.rstrip()[:-1].rstrip()} {after.lstrip()[1:].lstrip()}"
    if before.rstrip().endswith(",") and not after.strip(" .;"):
        return before.rstrip()[:-1]
    preposition = _WITH_PREPOSITION.search(before)
    bare = before[: preposition.start()] if preposition else before.rstrip()
    if ((preposition and "," in preposition[0]) or bare.endswith(",")) and after.lstrip().startswith(","):
        return f"{bare.rstrip(', ')} {after.lstrip()[1:].lstrip()}"  # between two commas
    if preposition and (preposition[0].strip(" ,\n") == "en" or _GOES_ON.match(after)):
        return f"{bare} {after.lstrip()}" if after[:1].isspace() else bare + after
    return text


def _needs_date(before: str, after: str) -> bool:
    """« le finance depuis 2004 », « décidés en 2004, forment »: without its date the phrase would hang in the air."""
    preposition = _WITH_PREPOSITION.search(before)
    bare = before[: preposition.start()] if preposition else before.rstrip()
    if _TIED.search(bare):
        return True
    words = [word.lower() for word in bare.split() if not word.endswith("ment")]
    closed = not after.strip(" .;") or after.lstrip()[:1] in ",;:)"
    return bool(closed and words and _PAST.search(words[-1]) and not _AUXILIARY.fullmatch("".join(words[-2:-1])))


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
