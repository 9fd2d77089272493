"""Labels: an event in a line, in the document's own words.

Why: « qui lance en mars 2007 l’expérimentation… » is a quotation, not a line of a chronology.
Idea: read the words that tell the event one after another, those from elsewhere in square brackets, as editors do; take out
the date (it stands before), write a name one way where the document spells it another (« D.I.A.C.T. »), and add in brackets
what the clause needs and its neighbours say. Nothing else.
Limits: no verb is conjugated and no article is made up, so that every word is a document's own.
"""

from __future__ import annotations

import re

from pipeline.chronology.tellings import Actor, Piece, Telling, folded

LONGEST = 240
_MID_SENTENCE = re.compile(
    r"(?:de|du|des|d[’']|que|qu[’']|dont|où|aux?|par|a|ont|est|sont|fut|furent|sera|seront|aura|auront|était|étaient|avait"
    r"|avaient|qui|ils?|elles?)\b",
    re.I,
)
_OPENING = re.compile(r"^(?:[\s\-–—•●▪·*,;:.)\]/|]+|(?:et|puis|mais|or|car|ainsi que|alors que)\s+)+", re.I)
_BEFORE_DATE = re.compile(
    r"(?:^|[\s,]+|(?<=\W))(?:le|en|au|aux|dans les|au cours des|à l[’']|l[’']|dès le|courant)?\s*$", re.I
)
_WITH_PREPOSITION = re.compile(r"[\s,]+(?:le|en|au|à l[’']|courant|(?:datée?s?|en date) du)\s*$", re.I)
_LISTED = re.compile(r"\s*(?:et|ou|à|au|-|–)\s+(?:le\s+)?(?:en\s+)?\d|\s*,\s*\d", re.I)
_OF_LIST = re.compile(r"\d\s*(?:et|ou|à|au|-|–|,)\s*(?:en |le )?$")
_ROW = re.compile(r"\s*\t\s*|(?<=\w)\n+(?=[A-ZÀ-Ý])")  # cells of a row, lines of a heading
_IMPERSONAL = re.compile(
    r"il (?:a|avait|est|était|fut|sera) (?:été )?(?:proposé|décidé|prévu|procédé|convenu|demandé|donné|rendu|question)\b",
    re.I,
)
_ITEM = re.compile(r"(?:de |d[’'])(?:ne pas )?(?:s[’']|se )?\w+(?:er|ir|re)\b", re.I)
_SITTING = re.compile(r"\b(?:séance|réunion|session)\s+du\s*$", re.I)
_TIED = re.compile(
    r"\b(?:depuis|jusqu[’'](?:en|au|à)?|jusque|dès|avant|après|pour|entre|de|du|d[’']|et|vers|fin|début|mi-?|au|à|que|est|sont"
    r"|partir|compter|l[ae]s?|l[’']|plus tard,?|jour pour jour,?)\s*$",
    re.I,
)
_AUXILIARY = re.compile(
    r"(?:a|ont|est|sont|été|fut|furent|était|étaient|avait|avaient|aura|auront|sera|seront|soit|ayant|étant)"
)
_PAST = re.compile(r"(?:é|ée|és|ées|ie|ies|ue|ues|uite?s?|erte?s?|aite?s?|inscrite?s?|prise?s?|mise?s?)$", re.I)
_SHEET_DATE = re.compile(
    r"(?:dates?|périodes?|années?|durée|calendrier|réalisation|mission)(?: (?:d[eu]s?|de l[a’']) ?[\w’' ]{0,30})?\s*:?",
    re.I,
)
_BESIDE = re.compile(r"[\s,(]*(?:jour pour jour|soit|presque)?[\s,]*(?:le|en|au|à l[’']|l[’'])?\s*", re.I)
_GOES_ON = re.compile(
    r"\s*(?:[;.:)»]|$|(?:par|à|au|aux|avec|entre|dans|en|sur|pour|afin|l[’']|la|le|les|un|une|des|de|du|d[’'])\b)",
    re.I,
)
_OWN_PAPER = re.compile(
    r"\bfait (?:à|en)\b|\bprésente?s? (?:avenant|convention|protocole|contrat|charte|accord|délibération|dossier|marché)\b",
    re.I,
)
_NAMED_ROLES = ("body", "programme", "site", "place")
_MOST_ADDED = 3


def label_of(telling: Telling) -> str:
    """« La DIACT lance l’appel à expérimentation « 20 villes moyennes témoins » »; the date is set before it."""
    if telling.mission and _only_dated(telling):
        return telling.mission
    text = " ".join(filter(None, (_shown(piece, telling) for piece in telling.pieces)))
    text = _OPENING.sub("", text).rstrip(" ,;:–—-.")
    if text.find(")") >= 0 and (text.find("(") < 0 or text.find(")") < text.find("(")):
        text = text.replace(")", "", 1)  # the clause begins inside brackets
    absent = _absent(telling)
    text = _voted(text, absent)
    if text[:1].islower() and _MID_SENTENCE.match(text) and not _IMPERSONAL.match(text):
        text = f"… {text}"
    text = _closed(_shortened(text))
    names = list(dict.fromkeys(actor.short for actor in absent))[:_MOST_ADDED]
    if telling.paper and _OWN_PAPER.search(" ".join(piece.text for piece in telling.pieces)):
        names.insert(0, telling.paper)
    if names:
        text = f"{text} [{', '.join(names)}]"
    first = text.startswith("[")
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def _only_dated(telling: Telling) -> bool:
    """« Date : 2016 – 2017 »: a line that says when, and nothing of what."""
    text = telling.excerpt
    for start, end in sorted(telling.dates, reverse=True):
        text = text[: start - telling.start] + text[end - telling.start :]
    return _SHEET_DATE.fullmatch(text.strip(" \n-–—•*·.;")) is not None


def _shown(piece: Piece, telling: Telling) -> str:
    """A piece in canonical names and without the date; in brackets where it stands outside the clause."""
    text = " ".join(_ROW.sub(" – ", _spelled(piece, telling)).split()).strip(" ,;:–—-.")
    return f"[{text}]" if piece.added and text else text


def _voted(text: str, absent: list[Actor]) -> str:
    """« d’attribuer les lots », an item of what an assembly decides: « [Conseil municipal décide] d’attribuer les lots »."""
    voter = next((actor for actor in absent if actor.role == "body"), None)
    if voter is None or not _ITEM.match(text):
        return text
    absent.remove(voter)
    return f"[{voter.short[:1].upper()}{voter.short[1:]} décide] {text}"


def _absent(telling: Telling) -> list[Actor]:
    """Who and what took part and is not named in the line."""
    there = {actor.key for actor in telling.actors if _stands_in(actor, telling)}
    return [actor for actor in telling.actors if actor.role in _NAMED_ROLES and actor.key not in there]


def _stands_in(actor: Actor, telling: Telling) -> bool:
    if actor.span and any(p.start <= actor.span[0] and actor.span[1] <= p.end for p in telling.pieces):
        return True
    words = f" {folded(' '.join(piece.text for piece in telling.pieces))} "
    return any(f" {folded(name)} " in words for name in (actor.surface, actor.name, actor.short))


def _spelled(piece: Piece, telling: Telling) -> str:
    """The piece without the words of its date, and with dotted or oddly spelled names written the canonical way."""
    changes: list[tuple[int, int, str]] = []
    text = piece.text
    for actor in telling.actors:
        if actor.span and piece.start <= actor.span[0] and actor.span[1] <= piece.end:
            name = next((n for n in (actor.short, actor.name) if _same_name(actor.surface, n)), None)
            if piece.added and actor.short.isupper() and _keeps_article(text, actor.span[0] - piece.start, actor.short):
                name = actor.short
            if name is not None and name != actor.surface:
                changes.append((actor.span[0] - piece.start, actor.span[1] - piece.start, name))
    date = _date_words(piece, telling)
    if date is not None:
        changes.append((*date, ""))
    done = len(text)
    for start, end, name in sorted(changes, reverse=True):
        if end <= done:
            text = text[:start] + name + text[end:] if name else _undated(text, start, end, whole=bool(telling.words))
            done = start
    return text


def _keeps_article(text: str, start: int, short: str) -> bool:
    """Whether an acronym can stand for a full name after its article: « la DATAR », but no « l’SEM »."""
    return not text[:start].endswith(("’", "'")) or short[0] in "AEIOUYH"


def _date_words(piece: Piece, telling: Telling) -> tuple[int, int] | None:
    """Where a piece says the event's date, with a second wording of it right beside (« un an plus tard, le 3 mai »)."""
    inside = [
        (start - piece.start, end - piece.start) for start, end in telling.dates if piece.start <= start < piece.end
    ]
    if not inside:
        return None
    first, last = inside[0]
    for start, end in inside[1:]:
        if end <= first and _BESIDE.fullmatch(piece.text, end, first):
            first = start
        elif start >= last and _BESIDE.fullmatch(piece.text, last, start):
            last = end
    return first, last


def _same_name(surface: str, name: str) -> bool:
    """Whether two spellings differ only by full stops, white space or the case of an acronym."""
    return folded(surface) == folded(name) and (name.isupper() or surface.casefold() == name.casefold())


def _undated(text: str, start: int, end: int, *, whole: bool) -> str:
    """``text`` without the date at ``start``, where its sentence stands without it; else the text as it is.

    ``whole``: the words are a whole group, so that a participle may end them.
    """
    before, after = text[:start], text[end:]
    if _LISTED.match(after) or _OF_LIST.search(before):
        return text  # one date of a list: the sentence needs it
    head = _BEFORE_DATE.search(before)
    if head and not before[: head.start()].strip(" \n-–—•*·("):
        return after.lstrip(" \n,:;–—-.)\t")
    if _SITTING.search(before):
        return before.rstrip()[:-2].rstrip() + after
    preposition = _WITH_PREPOSITION.search(before)
    bare = before[: preposition.start()] if preposition else before.rstrip()
    if _TIED.search(bare) or (not whole and _hanging(bare, after)):
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


def _hanging(bare: str, after: str) -> bool:
    """« décidés en 2004, forment … »: without its date the participle would hang in the air."""
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
    return text + "]" * (text.count("[") - text.count("]"))
