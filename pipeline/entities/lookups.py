"""Programmes, bodies and sites that a gazetteer knows, as claims.

Why: national names are few and sure; what the lists know need not be guessed.
Idea: a hit counts as it is written: an acronym in its own letters, a company with its capital, a mere legal form
(« OPH », « SEM ») only where an article or brackets make it one body.
Limits: a name in a list is believed whatever surrounds it, save what the joint decision prefers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pipeline.entities.claims import Claim
from pipeline.entities.gazetteer import Entry
from pipeline.entities.knowledge import Hit, Knowledge
from pipeline.entities.names import grand_of, is_common
from pipeline.entities.places import Home
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording
from pipeline.records import Kind

LEAST_TITLE = 4  # letters of an acronym that may be written as a name
SHORT = 2  # words that a short name has at most
_ONE = wording("one_of_all")
_BREAK = re.compile(r"[;:!?()«»\n\t]|\.\s")
_LONGER = wording("longer_name")
DEPARTMENT = wording("department_code")
_TRADE = wording("company_trade")
ANY = re.compile(r" d(?:e |')(?!l')[a-zà-ÿ]")  # « SEM d'aménagement »: any of the sort
_FILED = re.compile(r" \d{4}")
_YEAR = re.compile(r" (?:19|20)\d\d(?![\d.])")
_LETTERS_MORE = re.compile(r"-[A-Z]{1,4}(?![\w-])")
_LOCAL = wording("of_town")


def lookup_claims(
    reading: Reading, hits: Iterable[Hit], knowledge: Knowledge, home: Home, territories: Mapping[int, int]
) -> list[Claim]:
    """One claim for each known name of the page and kind, with every entry it may be.

    ``territories``: start and end of départements and régions named on the page: « CNL du Cher » is a branch of its own.
    """
    found: dict[tuple[int, int, Kind], dict[str, float]] = defaultdict(dict)
    claims: list[Claim] = []
    for hit in hits:
        entry = knowledge.entries.get(hit.pattern.entry_id)
        if entry is None or entry.kind == "place":
            continue
        span = _span(reading, hit)
        score = _score(reading, hit, entry, home, span)
        if score <= 0:
            continue
        acronym = entry.kind == "programme" and hit.pattern.acronym
        if acronym and (longer := _LETTERS_MORE.match(reading.flat, span[1])):
            found.pop((*span, entry.kind), None)  # « OPAH-RU » is another programme than OPAH
            claims.append(_made_of(span[0], longer.end(), "programme", "longer acronym"))
            continue
        found[*span, entry.kind][entry.entry_id] = score
        if end := _branch_end(reading, hit, entry, span[1], home, territories):
            claims.append(_made_of(span[0], end, "body", "local branch"))
    for (start, end, kind), scores in sorted(found.items()):
        top = max(scores.values())
        ids = tuple(sorted(entry_id for entry_id, score in scores.items() if score > top - 0.05))
        short = grand_of(reading.flat[start:end]) if kind == "body" else None
        claims.append(
            Claim(
                start=start,
                end=end,
                kind=kind,
                score=top,
                method=f"gazetteer:{kind}",
                entity_ids=ids,
                short=short,
                lasting=kind == "site" or short is not None,
            )
        )
    return claims


def _made_of(start: int, end: int, kind: Kind, how: str) -> Claim:
    """A known name that goes on and so is another's: linked to no entry."""
    return Claim(start=start, end=end, kind=kind, score=0.85, method=f"gazetteer:{how}", lasting=True)


def _branch_end(
    reading: Reading, hit: Hit, entry: Entry, end: int, home: Home, territories: Mapping[int, int]
) -> int | None:
    """Where a local branch's name ends (« CNL du Cher », « DDTM 62 », a firm with its trade); ``None`` where it is none."""
    if entry.kind != "body":
        return None
    if hit.pattern.capital and (trade := _TRADE.match(reading.flat, end)):
        return trade.end()
    coded = hit.pattern.acronym and reading.flat[end + 1 : end + 3] in home.departments
    if coded and (code := DEPARTMENT.match(reading.flat, end)):
        return code.end()
    branch = _LOCAL.match(reading.flat, end) if _has_branches(entry, hit) else None
    return territories.get(branch.end()) if branch else None


def _has_branches(entry: Entry, hit: Hit) -> bool:
    """Whether « … du Cher » after the name makes a local branch of it: of acronyms, short names and kinds of bodies."""
    short = bool(hit.pattern.acronym) or hit.last - hit.first < SHORT or entry.scope in ("local", "form")
    return entry.kind == "body" and short


def _span(reading: Reading, hit: Hit) -> tuple[int, int]:
    return reading.starts[hit.first], reading.ends[hit.last]


def _score(reading: Reading, hit: Hit, entry: Entry, home: Home, span: tuple[int, int]) -> float:
    start, end = span
    surface = reading.text[start:end]
    capital = surface[0].isupper()
    dated = entry.kind == "programme" and _YEAR.match(reading.flat, end)  # « CPER 2007-2013 »
    filed = surface.isupper() and not dated and _FILED.match(reading.flat, end)  # « INSEE 30189 »: a file number
    if filed or _BREAK.search(reading.flat[start:end]):
        return 0.0
    if hit.pattern.acronym:
        return _acronym_score(reading, hit, entry, start, surface)
    if hit.pattern.capital and not capital and not surface[0].isdigit():
        return 0.0
    single = hit.first == hit.last
    if single and reading.in_capitals(start) and is_common(surface):
        return 0.0
    if entry.scope == "form":
        if re.match(r" [A-ZÀ-Ý]", reading.flat[end : end + 2]) or ANY.match(reading.flat, end):
            return 0.0
        return 0.6 if capital and _ONE.search(reading.flat[max(0, start - 8) : start]) else 0.0
    if entry.kind == "site":
        if not reading.text[reading.starts[hit.last]].isupper() or (single and is_common(surface)):
            return 0.0
        sure = 0.6 if single else 0.85
        return sure if home.share(entry) or not entry.department else 0.35
    if entry.scope == "intercommunal" and _LONGER.match(reading.flat, end):
        return 0.0
    if entry.scope in ("landlord", "agency"):
        return 0.78 if single and is_common(surface) else 0.92
    return 0.85 if single else 0.95


def _acronym_score(reading: Reading, hit: Hit, entry: Entry, start: int, surface: str) -> float:
    span_end = start + len(surface)
    letters = re.sub(r"[.\s-]", "", surface)
    meant = re.sub(r"[.\s-]", "", hit.pattern.acronym)
    like_a_name = letters.istitle() and len(letters) >= LEAST_TITLE and not is_common(letters)  # « Sivom », « Opac »
    if letters != meant and not (letters.isupper() or like_a_name):
        return 0.0
    if reading.in_capitals(start) and is_common(surface):
        return 0.0
    if entry.scope == "form":
        if re.match(r"[ -][A-ZÀ-Ý]", reading.flat[span_end : span_end + 2]) or ANY.match(reading.flat, span_end):
            return 0.0
        return 0.7 if _ONE.search(reading.flat[max(0, start - 8) : start]) else 0.0
    return 0.9
