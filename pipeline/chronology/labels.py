"""Labels: an event in a line, in the document's own words.

Why: « qui lance en mars 2007 l’expérimentation… » is a quotation, not a line of a chronology.
Idea: read the words that tell the event one after another, those from elsewhere in square brackets, as editors do; take out
the date (it stands before), what ties the clause to others and the formulas of every vote (``reading.toml``), write a name
one way where the document spells it another (« D.I.A.C.T. »), and add in brackets what the clause needs and its neighbours
say. Nothing else.
Limits: no verb is conjugated and no article is made up: but for « [est] » before a bare participle, every word is a
document's own.
"""

from __future__ import annotations

import re

from pipeline.chronology.reading import cost, says, without_idle, without_opening
from pipeline.chronology.tellings import Actor, Piece, Telling, folded
from pipeline.chronology.undated import is_past, undated
from pipeline.wordings import word_table, wordings

SAYS = wordings(__file__, "labels.toml")
LONGEST = 240
_FEW_CELLS = 2
_LONGEST_PAPER = 90
_LONG = 160  # two printed lines
_NAMED_ROLES = ("body", "programme", "site", "place")
_MOST_ADDED = 3
_ENOUGH_NAMES = 2
_ENOUGH_WORDS = 3
_SHORT = 3  # letters of a word that says nothing
_STRIPPED: dict[str, str] = word_table(__file__, "labels.toml")["stripped"]["accents"]
_SUPPLIED: dict[str, str] = word_table(__file__, "labels.toml")["supplied"]


def label_of(telling: Telling) -> str:
    """« La DIACT lance l’appel à expérimentation « 20 villes moyennes témoins » »; the date is set before it."""
    if telling.mission and _only_dated(telling):
        return telling.mission
    text = _joined([_shown(piece, telling) for piece in _read(telling)]).replace("] [", " ")
    text = text or " ".join(telling.excerpt.split())  # nothing but its date
    text = _unquoted(without_idle(without_opening(_unquoted(text)).rstrip(" ,;:–—-.")))
    if text.find(")") >= 0 and (text.find("(") < 0 or text.find(")") < text.find("(")):
        text = text.replace(")", "", 1)  # the clause begins inside brackets
    absent = _absent(telling)
    text = _voted(text, absent)
    text = _told(_begun(text), telling)
    text = _closed(_shortened(text))
    if telling.heading and _needs_heading(text, telling):
        return _headed(text, telling)
    names = list(dict.fromkeys(actor.short for actor in absent if not says("office", actor.short)))[:_MOST_ADDED]
    if telling.own_paper:
        names.insert(0, telling.own_paper)
    if not names and (SAYS["bare"].match(text) or says("unnamed_meeting", text)):
        names = [name for name in (telling.antecedent, _shortened(telling.paper, _LONGEST_PAPER)) if name][:1]
    if names:
        text = f"{text} [{', '.join(names)}]"
    return _capital(text)


def _needs_heading(text: str, telling: Telling) -> bool:
    """Whether a line says too little without the heading it stands under: it points back, or is one item of a vote."""
    if "\t" in telling.excerpt:
        return not SAYS["finite"].search(text) and not says("idle_title", telling.heading)
    if says("pointing", text) or says("unnamed_meeting", text):
        return True
    known = f" {folded(text)} "
    told = [word for word in folded(telling.heading).split() if len(word) > _SHORT]
    new = [word for word in told if f" {word} " not in known]
    return text.startswith("[") and not telling.dates and len(text) <= _LONG and len(new) * 2 > len(told)


def _headed(text: str, telling: Telling) -> str:
    """A row behind the title of its table; any other line before its heading."""
    heading = f"[{_closed(_shortened(without_opening(telling.heading), _LONGEST_PAPER))}]"
    return f"{heading} {_capital(text)}" if "\t" in telling.excerpt else f"{_capital(text)} {heading}"


def _capital(text: str) -> str:
    """The line with a capital, behind the bracket that may open it."""
    first = text.startswith("[")
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def hardness(telling: Telling, label: str) -> int:
    """How badly a label reads beside another of the same event: its words, and how little of what took part it names."""
    named = {actor.key for actor in telling.actors if actor.role in _NAMED_ROLES and _stands_in(actor, telling)}
    return cost(label) + max(0, _ENOUGH_NAMES - len(named))


def _only_dated(telling: Telling) -> bool:
    """« Date : 2016 – 2017 »: a line that says when, and nothing of what."""
    text = telling.excerpt
    for start, end in sorted(telling.dates, reverse=True):
        text = text[: start - telling.start] + text[end - telling.start :]
    return SAYS["sheet_date"].fullmatch(text.strip(" \n-–—•*·.;")) is not None


def _read(telling: Telling) -> tuple[Piece, ...]:
    """The words to read; the whole excerpt where they begin with a participle whose noun it holds."""
    first, whole = telling.pieces[0], Piece(start=telling.start, text=telling.excerpt)
    bare = first.start > telling.start and first.text[:1].islower() and is_past(first.text.split()[0])
    return (whole,) if bare and len(telling.pieces) == 1 else telling.pieces


def _shown(piece: Piece, telling: Telling) -> str:
    """A piece in canonical names and without the date; in brackets where it stands outside the clause."""
    cells = SAYS["row"].split(_levelled(piece, telling, _spelled(piece, telling)))
    told = [cell for cell in cells if SAYS["telling_cell"].search(cell)] if len(cells) > _FEW_CELLS else cells
    text = " ".join(" – ".join(told or cells).split()).strip(" ,;:–—-.")
    return f"[{text}]" if piece.added and text else text


def _levelled(piece: Piece, telling: Telling, text: str) -> str:
    """« aux grands projets et aux opérations », begun without its « aux », goes on without it."""
    led = telling.excerpt[: max(0, piece.start - telling.start)].strip().lower()
    return re.sub(rf"(?<=\b(?:et|ou)) {led}(?= )", "", text) if SAYS["contracted"].fullmatch(led) else text


def _joined(pieces: list[str]) -> str:
    """The pieces one after another; after one from elsewhere, « Créée par … », « De retenir … » go on without their capital."""
    text = ""
    for piece in filter(None, pieces):
        goes_on = (
            text.endswith("]") and piece[:1].isupper() and (is_past(piece.split()[0]) or SAYS["item"].match(piece))
        )
        text = f"{text} {piece[:1].lower() if goes_on else piece[:1]}{piece[1:]}" if text else piece
    return text


def _unquoted(text: str) -> str:
    """Without the marks of a quotation that holds the whole line, or that has only one of them."""
    if text.endswith("»") and text.count("»") > text.count("«"):
        return text[:-1].rstrip()
    if not text.startswith("«"):
        return text
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "«") - (sign == "»")
        if depth == 0:
            return text[1:place].strip() if not text[place + 1 :].strip(" .") else text
    return text[1:].strip()


def _begun(text: str) -> str:
    """The line from its first noun: « de la liste des travaux » is « La liste … »; what begins inside a sentence says so."""
    if not text[:1].islower() or SAYS["impersonal"].match(text):
        return text
    if SAYS["inside"].match(text):
        return f"… {text}"
    if not SAYS["after_noun"].match(text):
        return text
    verb = SAYS["finite"].search(text)
    if verb and not SAYS["relative"].fullmatch(verb[0]):
        return text
    led = SAYS["led_in"].match(text)
    if led:
        return text[led.end() :]
    return text if SAYS["some"].match(text) else f"… {text}"


def _voted(text: str, absent: list[Actor]) -> str:
    """« d’attribuer les lots », an item of what an assembly decides: « [Conseil municipal décide] d’attribuer les lots »;
    « APPROUVE le projet »: « [Conseil municipal] approuve le projet ».
    """
    voter = next((actor for actor in absent if actor.role == "body"), None)
    item, verb = SAYS["item"].match(text), SAYS["decides"].match(text)
    if voter is None or not (item or verb):
        return text
    absent.remove(voter)
    name = f"{voter.short[:1].upper()}{voter.short[1:]}"
    if verb:
        return f"[{name}] {_STRIPPED.get(verb[0].lower(), verb[0].lower())}{text[verb.end() :]}"
    return f"[{name} {_SUPPLIED['votes']}] {text[:1].lower()}{text[1:]}"


def _told(text: str, telling: Telling) -> str:
    """« Les pôles décidés », all that a clause without a verb leaves: « Les pôles [sont] décidés », as editors supply it."""
    head, _, last = text.rpartition(" ")
    whole = head and "," not in head and not SAYS["finite"].search(text) and not is_past(head.split()[0])
    if not whole or telling.certainty != "happened" or last != telling.trigger or not is_past(last):
        return text
    auxiliary = _SUPPLIED["plural" if last.endswith("s") else "singular"]
    return f"{head} [{auxiliary}] {last}".replace("] [", " ")


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
            beside = text[actor.span[1] - piece.start :].lstrip().startswith(f"({actor.short}")
            if (
                piece.added
                and not beside
                and _names_fully(actor)
                and _keeps_article(text, actor.span[0] - piece.start, actor.short)
            ):
                name = actor.short
            if name is not None and name != actor.surface:
                changes.append((actor.span[0] - piece.start, actor.span[1] - piece.start, name))
    date = _date_words(piece, telling)
    if date is not None:
        changes.append((*date, ""))
    done = len(text)
    for start, end, name in sorted(changes, reverse=True):
        if end <= done:
            text = text[:start] + name + text[end:] if name else undated(text, start, end, whole=bool(telling.words))
            done = start
    return text


def _names_fully(actor: Actor) -> bool:
    """Whether an acronym may stand for the words: the name or most of it, not « le conseil municipal » of the youths'."""
    words, name = folded(actor.surface).split(), folded(actor.name).split()
    return actor.short.isupper() and (words == name or sum(len(word) > _SHORT for word in words) >= _ENOUGH_WORDS)


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
        if end <= first and SAYS["beside"].fullmatch(piece.text, end, first):
            first = start
        elif start >= last and SAYS["beside"].fullmatch(piece.text, last, start):
            last = end
    return first, last


def _same_name(surface: str, name: str) -> bool:
    """Whether two spellings differ only by full stops, white space or the case of an acronym."""
    return folded(surface) == folded(name) and (name.isupper() or surface.casefold() == name.casefold())


def _shortened(text: str, longest: int = LONGEST) -> str:
    """Cut where a group of words ends, if one ends in the line's second half; else between two words."""
    if len(text) <= longest:
        return text
    text = text[:longest].rsplit(" ", 1)[0]
    cut = max(text.rfind(sign) for sign in (", ", " ; ", " : ", " (", " – "))
    return text[: cut if cut > longest // 2 else None].rstrip(" ,;:(«–-") + " …"


def _closed(text: str) -> str:
    """Close what was opened and cut off: a bracket, French quotation marks."""
    if text.count("(") > text.count(")"):
        text += ")"
    if text.count("«") > text.count("»"):
        text += " »"
    return text + "]" * (text.count("[") - text.count("]"))
