"""What a proper name looks like on the page, where no list knows it.

Why: most quarters, landlords and consultancies are in no gazetteer; their capitals are what shows them.
Idea: a name is capitalised words with their small words between (« Mas de Mingue », « Croix-du-Sud/Université »). Heads
and cues then say what it names.
Limits: a line set in capitals shows no names this way; a name that opens a sentence looks like any word there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording, words
from pipeline.lexicon import zipf
from pipeline.records import Span

UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
LOWER = "a-zà-öø-ÿœ"
WORD = (
    rf"(?:(?:[{UPPER}]\.-?){{2,}}[{UPPER}]?|[a-z](?:\d[{UPPER}]|[{UPPER}]{{2}})\w*|(?:[LDMN]')?[{UPPER}][\w+]*(?:(?<=\w\w)(?<!Qu)'(?=[{LOWER}{UPPER}])\w+)?(?:-(?:[ldLD]')?\w+)*"
    rf"(?:(?<=[{LOWER}])\+)?)"
)
LINK = r"(?:de la |de l'|de |du |des |d'|en |sur |sous |lès |aux |au |di i |di )"
JOIN = rf"(?:/|[ ]&[ ]|[ ](?:{LINK})?|[ ]d'|(?<=\w)/)"
LOOSE = (
    r"(?:[ ](?:de la |de l'|de |du |des |d'|au |aux |à la |à |pour |et |la |le |les |l'|contre |avec |en |sur |& |di i "
    r"|di |sur la |sur le |sur les |dans la |dans le |sous le )?)"
)
ARTICLE = rf"(?:(?:L[ae]s?|L')[ ]?(?=[{UPPER}]))?"
NAME = re.compile(rf"(?<!\w){ARTICLE}{WORD}(?:{JOIN}(?:{WORD}|\d{{1,2}}(?![\w,.%€]| [a-zà-ÿ])))*")
LOOSE_NAME = re.compile(rf"(?<!\w){ARTICLE}{WORD}(?:{LOOSE}{WORD})*(?: \d{{1,3}}(?![\w,.%€]| [a-zà-ÿ]))?")
_ELIDED_ACRONYM = re.compile(rf"L'[{UPPER}]{{2}}")
_ARTICLED = re.compile(r"(?:L[ae]s? |L'|Une? )")  # « Le Quai des voisins », « Un toit pour tous »
_TITLE_TAIL = wording("title_tail")
_ASSOCIATION_TAIL = wording("association_tail")
_COMMON_TAIL = wording("common_tail")
_PEOPLE = wording("people")
_TITLE_ADJECTIVE = wording("title_adjective")
_NAME_NUMBER = wording("name_number")
_GRAND = wording("grand")
LIST_JOIN = re.compile(
    r"(?:[ ]\([^()\n]{1,60}\))?(?:[ ]?,[ ]|[ ]et[ ]|[ ]ou[ ]|[ ]?[–;/][ ]|[ ]?,[ ]et[ ])"
    rf"(?:de la |de l'|de |du |des |d'|à la |à |aux |au |la |le |les |l')?(?:«[ ]?)?(?=[{UPPER}])"
)
_OF = r"(?:de la|du|des|de)"
_GROUND = r"(?:région|département|commune|ville|canton|pays|bassin|val|arrondissement)"
OF = re.compile(  # in capitals or not, but « de La Rouvière » holds a name that begins with its article
    rf"[ ]+(?:(?:de l'|d'|DE L'|D')[ ]?|(?:{_OF}|{_OF.upper()})[ ]+(?:(?i:{_GROUND})[ ]+(?i:de la|de|du|des|d')[ ]*)?)"
)
APPOSED = re.compile(r"[ ]+(?:dit[ ]|dite[ ]|dénommée?[ ]|nommée?[ ]|appelée?[ ])?")
QUOTED = re.compile(r"[ ]*(?:[«“\"][ ]?)([^«»”\"\n]{2,80}?)[ ]?[»”\"]")
_QUOTED_ARTICLE = re.compile(rf"(?:la |le |les |l')(?=[{UPPER}])")  # « quartier dit « la Cité rouge » »
DIGITS = re.compile(r"[ ]+(?:n°[ ]?)?(\d{1,3}(?:-\d{1,3})?|[A-Z]\d{0,2})(?![\w%€'’])")
NOUN_ENDINGS = tuple(words("noun_endings"))
_BODY_NOUN = wording("body_noun")
_OF_TOWN = wording("before_town")
_NUMBERED = re.compile(r"(?:^|\n)[ ]*\(?(?:[\dIVX]{1,3}[.)°] ?|\d{1,2}(?:\.\d{1,2})+[.)]? )$")
_OPENING_NOUN = wording("opening_noun")
_COMPOUND = re.compile(r"[-']")
ADDRESS_AFTER = wording("address_after")
_ADJECTIVE = wording("name_adjective")
_SITE_NOUN = wording("site_noun")
OPENING_ZIPF = 2.0
_LINKS = frozenset(
    ("de", "du", "des", "la", "le", "les", "l", "d", "sur", "sous", "en", "lès", "lez", "au", "aux", "et", "à")
)
PLAIN_ZIPF = 3.0  # a capitalised form rarer than this in lower case is a name before it is a word
COMMON_ZIPF = 4.0  # a form this frequent in lower case is a word before it is a name


@lru_cache(maxsize=1 << 6)  # asked for again when the page's lists are read
def names(reading: Reading) -> tuple[Span, ...]:
    """Every capitalised name of the page outside lines set in capitals, in order, none overlapping; no townsfolk.

    A few common nouns of bodies belong to the name even in lower case: « Brest métropole océane ».
    """
    found = []
    folk = {
        match.end() for match in _PEOPLE.finditer(reading.flat) if not match["plain"] or zipf(match["folk"].lower())
    }
    for match in NAME.finditer(reading.flat):
        if match.end() not in folk and not reading.in_capitals(match.start()):
            more = _BODY_NOUN.match(reading.flat, match.end())
            elided = 2 if _ELIDED_ACRONYM.match(match.group()) else 0  # « L'INSA », at the head of a sentence
            found.append((match.start() + elided, more.end() if more else match.end()))
    return tuple(found)


def opens_sentence(flat: str, start: int) -> bool:
    """Whether a capital at ``start`` may be there for the sentence's sake."""
    return (
        _before(flat, start, " «\"'“(-–•") in ".:;!?\n…|"  # which holds the empty string too
        or _before(flat, start, " ") in ("\n", "\t", "-", "–", "•")
        or bool(_NUMBERED.search(flat[max(0, start - 8) : start]))
    )


def _before(flat: str, at: int, skipped: str) -> str:
    """The last character before ``at`` that is none of ``skipped``; empty where the page begins."""
    while at and flat[at - 1] in skipped:
        at -= 1
    return flat[at - 1 : at] if at else ""


def is_plain(word: str) -> bool:
    """Whether a word with a capital, where a sentence or a cell opens, is rather there as a plain word."""
    parts = _COMPOUND.split(word)
    if len(parts) > 1:
        return any(part.islower() and part not in _LINKS for part in parts[1:])
    return is_common(word) or zipf(word.lower()) >= OPENING_ZIPF


@lru_cache(maxsize=1 << 14)  # the same names come back, and several finders ask
def is_common(word: str) -> bool:
    """Whether a capitalised word is better known as a plain word."""
    lower = word.lower()
    bare = "é" + lower[1:] if word[:1] == "E" else lower  # « Etudes », typed without the accent of its capital
    return max(zipf(lower), zipf(bare)) >= COMMON_ZIPF or lower.endswith(NOUN_ENDINGS)


def name_at(reading: Reading, at: int, *, loose: bool = False, title: bool = False) -> Span | None:
    """The name that starts exactly at ``at`` (after an opening inverted comma, if there is one), or ``None``.

    ``loose``: small words of any sort may join its parts (« Vivre au Marais »). ``title``: a plain word that opens it takes
    a complement in lower case (« Passagers des villes »).
    """
    quoted = QUOTED.match(reading.flat, at)
    if quoted and (opened := _QUOTED_ARTICLE.match(quoted.group(1))):
        return quoted.start(1) + opened.end(), quoted.end(1)
    if quoted and quoted.group(1)[0].isupper():
        return quoted.span(1)
    match = (LOOSE_NAME if loose else NAME).match(reading.flat, at)
    if not match:
        return None
    common = _COMMON_TAIL.match(reading.flat, match.end()) if loose and _ARTICLED.match(match.group()) else None
    opening = match.group().removeprefix("Le ").removeprefix("La ").removeprefix("Les ")
    if loose:
        common = common or _ASSOCIATION_TAIL.match(reading.flat, match.end())
    if title and not common and " " not in opening and is_plain(opening):
        common = _TITLE_TAIL.match(reading.flat, match.end())
        if not common and is_common(opening):
            common = _TITLE_ADJECTIVE.match(reading.flat, match.end())
    firm = _BODY_NOUN.match(reading.flat, match.end())
    if firm and firm.group().startswith((" et ", " & ")):  # « Lepic et associés »
        return match.start(), firm.end()
    return match.start(), common.end() if common else adjective_end(reading.flat, match.span())


def adjective_end(flat: str, span: Span) -> int:
    """Where a name ends that takes the adjective behind it: « Foyer bragard », « Village olympique »; else its own end.

    Only a plain word does: of any noun an adjective of a town or a province, of a quarter's noun any adjective.
    """
    start, end = span
    last = re.split(r"[ '-]", flat[start:end])[-1]
    found = _ADJECTIVE.match(flat, end)
    if not found or not last[:1].isupper() or last.isupper() or zipf(last.lower()) < PLAIN_ZIPF:
        return end
    site = _SITE_NOUN.search(flat[start:end])
    return found.end() if site or found["folk"] else end


def grand_of(name: str) -> str | None:
    """« Grand Cognac », by which « communauté d'agglomération du Grand Cognac » is called."""
    found = _GRAND.fullmatch(name)
    return found[1] if found else None


def number_end(flat: str, end: int) -> int:
    """Where a body's name that ends at ``end`` ends with the number behind it (« Habitat 77 »), where one belongs to it."""
    number = _NAME_NUMBER.match(flat, end)
    return number.end() if number else end


def after_of(key: str) -> str:
    """What « x de y » and « x y » are of: « y »; folded words in and out."""
    return _OPENING_NOUN.sub("", key)


def without_town(reading: Reading, name: Span, home_towns: Mapping[int, int]) -> Span:
    """The name without the commune of the document's own départements that « de » hangs on it: « République d'Avion ».

    ``home_towns``: end of each such commune on the page, and its start.
    """
    start = home_towns.get(name[1], 0)
    of = _OF_TOWN.search(reading.flat, max(name[0], start - 4), start) if start > name[0] else None
    return (name[0], of.start()) if of else name
