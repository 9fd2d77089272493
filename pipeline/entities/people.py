"""Persons: by title, by role, by first name, as claims.

Why: « M. Pont », « Mme Place », « Marie Sens » are persons, and no list of names can say so; their neighbours can.
Idea: a title is proof; a first name before a capital is strong; a role needs one of the two or a two-word name.
Limits: a person named by surname alone, without title, is found only where the document gave the full name before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.entities.claims import Claim
from pipeline.entities.folding import fold
from pipeline.entities.knowledge import Hit, Knowledge
from pipeline.entities.names import LOWER, UPPER, without_town
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording, words

PART = rf"(?:[{UPPER}](?:[\w'’]|-(?=\w)){{1,30}}|[{UPPER}]\.(?:-?[{UPPER}]\.){{0,3}})"
PARTICLE = r"(?:de la |de |du |des |d'|Van de |Van der |van |von |Le |La |El |Al |Ben |Aït |Da |Dos |De )"
PERSON = re.compile(
    rf"(?!M(?:m|M)(?:e|E)[sS]?\b|M(?:lle|LLE)[sS]?\b|MM\b)"
    rf"(?:[dD]e |[dD]u |[dD]')?(?:L[ea] (?=[{UPPER}]))?{PART}(?: {PARTICLE}?{PART}){{0,3}}"
)
FULL = re.compile(rf"(?<![\w-]){PART}(?: {PARTICLE}?{PART}){{1,3}}")
_AND = wording("and_person")
_AFTER_TITLE = re.compile(r"\.?[ ]+")
_AFTER_ROLE = wording("after_role")
_INITIALS = re.compile(r"(?:[A-ZÀ-Ý]\.-?)+")
_NO_INITIAL = frozenset(("M.", "I.", "V.", "X."))  # Monsieur, numbered headings
_LISTED = re.compile(
    rf"([{UPPER}](?<![\w.'-][{UPPER}])[{UPPER}]+(?:[ -][{UPPER}]{{2,}}){{0,2}})[ \t]"
    rf"([{UPPER}][{LOWER}]+(?:-[{UPPER}][{LOWER}]+)?)(?![\w-]| [{UPPER}])"
)
_FUNCTIONS = words("offices_in_plural")
_TRADES = words("trades")
_TWO_NAMES = re.compile(rf"[{UPPER}][{LOWER}]+(?:-[{UPPER}][{LOWER}]+)? [{UPPER}][\w'-]+")
_OFFICE = wording("title_opens_office")
_CIVIL = words("civil_titles")
_FAMILIAR = wording("familiar")
_FILED = re.compile(r"\d ?$")  # « 1109 W. Copropriétés »: a shelfmark, no initial
_HONOURED = wording("honoured")
_OFFICES = words("offices_before_name")
_TITLES = {"m": ("M",), "me": ("Me",), "pr": ("Pr",), "general": ("Général",)}


def person_claims(
    reading: Reading, hits: Iterable[Hit], knowledge: Knowledge, home_towns: Mapping[int, int]
) -> list[Claim]:
    """Every claim that a stretch of the page is a person's name (without a town of the document's own after « de »)."""
    claims = [
        *_surname_first(reading, knowledge),
        *_by_first_name(reading, knowledge, home_towns),
        *_first_names_alone(reading, knowledge),
    ]
    for hit in hits:
        if hit.pattern.section == "person":
            claims += _by_title(reading, hit)
        elif hit.pattern.section == "role":
            claims += _by_role(reading, hit, knowledge)
    return claims


def _by_title(reading: Reading, hit: Hit) -> Iterator[Claim]:
    start, end = reading.starts[hit.first], reading.ends[hit.last]
    written = _TITLES.get(reading.words[hit.first])
    office = reading.words[hit.first] in _OFFICES and _HONOURED.search(reading.flat[max(0, start - 4) : start])
    if not office and (not reading.text[start].isupper() or (written and reading.text[start:end] not in written)):
        return
    at = _AFTER_TITLE.match(reading.flat, end)
    while at and (match := PERSON.match(reading.flat, at.end())):
        if fold(match.group()) in _FUNCTIONS or _OFFICE.match(fold(match.group())):
            return
        yield _claim(match.start(), match.end(), 0.95, "title", reading)
        if reading.words[hit.first] not in ("mm", "mmes", "messieurs", "mesdames", "mlles"):
            return
        at = _AND.match(reading.flat, match.end())


def _by_role(reading: Reading, hit: Hit, knowledge: Knowledge) -> Iterator[Claim]:
    gap = _AFTER_ROLE.match(reading.flat, reading.ends[hit.last])
    match = PERSON.match(reading.flat, gap.end()) if gap else None
    if not match or reading.in_capitals(match.start()):
        return
    if reading.words[hit.last].endswith("s"):  # « aux architectes A et B »
        while match and first_name(match.group(), knowledge):
            yield _claim(match.start(), match.end(), 0.9, "role", reading)
            more = _AND.match(reading.flat, match.end())
            match = PERSON.match(reading.flat, more.end()) if more else None
        return
    trade = reading.words[hit.last] in _TRADES and gap is not None and gap.group() == " "
    if first_name(match.group(), knowledge) or (trade and _TWO_NAMES.fullmatch(match.group())):
        yield _claim(match.start(), match.end(), 0.9, "role", reading)


def _by_first_name(reading: Reading, knowledge: Knowledge, home_towns: Mapping[int, int]) -> Iterator[Claim]:
    for match in FULL.finditer(reading.flat):
        end = without_town(reading, match.span(), home_towns)[1]
        words = reading.flat[match.start() : end].split(" ")
        for index in range(min(2, len(words) - 1)):
            rest = " ".join(words[index:]).removeprefix("d'")
            start = end - len(rest)
            numbered = rest[1:2] == "." and (
                _FILED.search(reading.flat[max(0, start - 6) : start]) or reading.in_capitals(start)
            )
            if not numbered and first_name(rest, knowledge):
                yield _claim(start, end, 0.55 if rest[1] == "." else 0.7, "first name", reading)
                break


def _surname_first(reading: Reading, knowledge: Knowledge) -> Iterator[Claim]:
    """« ADNOT Philippe »: lists put the surname first, in capitals."""
    for match in _LISTED.finditer(reading.flat):
        known = all(part in knowledge.first_names for part in fold(match[2]).split("-"))
        if known and fold(match[1]) not in _CIVIL:
            yield _claim(*match.span(), 0.75, "surname first", reading)


def _first_names_alone(reading: Reading, knowledge: Knowledge) -> Iterator[Claim]:
    """« l'ami Lucien », « Contactez Josiane (02 …) », « Yvette et Roger Le Goff »."""
    for match in _FAMILIAR.finditer(reading.flat):
        slot = match.lastindex or 1
        if fold(match[slot]) in knowledge.first_names:
            yield _claim(*match.span(slot), 0.75, "first name alone", reading)


def first_name(name: str, knowledge: Knowledge) -> bool:
    """Whether a name opens with a French first name (each part of a compound) and has something after it."""
    first, _, rest = name.partition(" ")
    if _INITIALS.fullmatch(first):
        return len(rest) > 3 and "." not in rest and len(first) < 6 and first not in _NO_INITIAL
    return bool(rest) and all(part in knowledge.first_names for part in fold(first).split("-"))


def _claim(start: int, end: int, score: float, why: str, reading: Reading) -> Claim:
    surface = reading.flat[start:end]
    return Claim(
        start=start, end=end, kind="person", score=score, method=f"person:{why}",
        lasting=" " in surface and bool(re.search(rf"[{LOWER}]", surface)),
    )  # fmt: skip
