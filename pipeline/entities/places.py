"""Which places a document is about, and how likely a place name is a place here.

Why: Lens, Sens, Avion, Vienne are words; there are six Saint-Denis and twenty Bellevue. A list alone says nothing.
Idea: the document's own large towns, départements and postcodes make a home; a homonym at home is believed, a hamlet of
another région is not. Size, the word before and the frequency of the plain word do the rest.
Limits: a document without any large town or département has no home; then size decides alone.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.entities.claims import Claim
from pipeline.entities.gazetteer import Entry
from pipeline.entities.knowledge import Hit, Knowledge
from pipeline.entities.names import LIST_JOIN, opens_sentence
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording
from pipeline.records import Span

POSTCODE = re.compile(r"(?<!\d)(\d{2})(\d)\s?\d{2}(?= [A-ZÀ-Ý])")
SURE_SIZE = 10_000  # inhabitants: a town this large is meant before any homonym
LARGE = 50_000  # inhabitants: a smaller town far from the document's home needs « à » or « de » to be meant
SAID = 0.15  # what a town gains that the document calls one
MEANT = 0.4  # what a name gains of which what follows says that it is a town's
AWAY = 0.25  # what a town of fewer than SURE_SIZE loses far from home: of 80 such names 5 were the town, the others quarters
GREAT_SIZE = 1_000_000  # Paris is the town before it is the département
RIVER_SCORE = 0.85  # of « le long de la Marne » being no place
TERRITORIES = frozenset(("region", "department"))
HOME_SHARE = 0.2  # of the strongest département's evidence
_LOCATIVE = wording("locative")
_ARTICLE = re.compile(r"\b(?:l[aes]+|les|du|des|aux?) $|\b[lL]'$")
_AT = re.compile(r"(?:^|[\s(«])(?:à|À)\s$")
_DATELINE = wording("dateline")
_TOWN_SAID = wording("town_said")
_TOWN_MEANT = wording("town_meant")
_TOWN_MEANT_AFTER = wording("town_meant_after")
_TERRITORY = wording("territory")
_BARE_TERRITORY = re.compile(r"(?:dans|en|du|de la|de l'|le|la|l'|des|les|d')\s?$", re.IGNORECASE)


_RIVER = wording("river")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a document is at home: département codes with their weight (1 for the strongest), and its first commune.

    ``said``: communes of any size that the document calls a town (« la ville de X », « maire de X »).
    """

    departments: dict[str, float]
    communes: tuple[str, ...]
    said: frozenset[str] = frozenset()

    def share(self, entry: Entry) -> float:
        """How much of the document's home an entry lies in, 0 to 1."""
        return max((self.departments.get(code, 0.0) for code in entry.department.split()), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePlaces:
    """What other finders ask of a page's place names.

    ``ends``: start of each name, and the end of its longest form; ``home_towns``: end and start of communes of the document's
    own départements; ``territories``: start and end of départements and régions; ``large``: spans of those and of large towns.
    """

    ends: dict[int, int]
    home_towns: dict[int, int]
    territories: dict[int, int]
    large: frozenset[Span]


def page_places(found: Mapping[Span, Sequence[Entry]], home: Home) -> PagePlaces:
    """The place names of a page (see ``place_hits``) as other finders need them."""
    return PagePlaces(
        ends=dict(sorted(found)),  # of the forms that start alike the longest comes last
        home_towns={end: start for (start, end), entries in found.items() if any(at_home(e, home) for e in entries)},
        territories={
            start: end for (start, end), entries in found.items() if any(e.scope in TERRITORIES for e in entries)
        },
        large=frozenset(
            span
            for span, entries in found.items()
            if any(e.population >= SURE_SIZE or e.scope in TERRITORIES for e in entries)
        ),
    )


def place_hits(reading: Reading, hits: Iterable[Hit], knowledge: Knowledge) -> dict[tuple[int, int], list[Entry]]:
    """Place names of the page by span, with the entries each may be; only those written with a capital."""
    found: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    hits = list(hits)
    nouns = {(hit.first, hit.last) for hit in hits if hit.pattern.section == "back"}  # « la Ville » is no commune
    for hit in hits:
        entry = knowledge.entries.get(hit.pattern.entry_id)
        if entry is None or entry.kind != "place" or (hit.first, hit.last) in nouns:
            continue
        start, end = reading.starts[hit.first], reading.ends[hit.last]
        if _written_as_name(reading, hit, start, end, region=entry.scope == "region"):
            found[start, end].append(entry)
    return found


def _written_as_name(reading: Reading, hit: Hit, start: int, end: int, *, region: bool) -> bool:
    text = reading.flat[start:end]
    inner = [reading.text[reading.starts[index]] for index in (hit.first, hit.last)]
    joined = not re.search(r"[.;:!?()«»\n\t,/]" if region else r"[.;:!?()«»\n\t,/]| - | – ", text)
    whole = reading.flat[end : end + 1] != "-" and reading.flat[max(0, start - 1) : start] not in ("-", "_")
    shouted = text.isupper() and len(text) < 5 and not reading.in_capitals(start)  # « la SEM 71 » is no commune of Sem
    shouted = shouted and not (
        _AT.search(reading.flat[max(0, start - 3) : start]) or _DATELINE.match(reading.flat, end)
    )
    return joined and whole and not shouted and len(text) > 1 and all(char.isupper() for char in inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What pages show of a document's home: weights of départements by code, of communes by id, and towns called so."""

    departments: Mapping[str, float] = field(default_factory=dict)
    communes: Mapping[str, float] = field(default_factory=dict)
    said: frozenset[str] = frozenset()


def signs_of_home(
    pages: Sequence[dict[tuple[int, int], list[Entry]]], readings: Sequence[Reading], title: str, before: Signs
) -> Signs:
    """The signs of a document's home on these pages (the words of its title count three times), and on those ``before``."""
    weights: dict[str, float] = defaultdict(float, before.departments)
    communes: dict[str, float] = defaultdict(float, before.communes)
    said: set[str] = set(before.said)
    for spans, reading in zip(pages, readings, strict=True):
        list_end = -1
        for (start, end), entries in sorted(spans.items()):
            best = max(entries, key=lambda entry: (entry.scope != "commune", entry.population))
            word = reading.text[start:end]
            called = best.scope == "commune" and _called(reading.flat, start, list_end)
            if called:
                said.add(best.entry_id)
                list_end = end
            if best.scope == "department" and not _is_word(best, word):
                weights[best.department] += 3
            if (
                best.scope != "commune"
                or (best.population < SURE_SIZE and not called)
                or re.search(r"\brue (?:de |d')?$", reading.flat[max(0, start - 8) : start])
            ):
                continue
            doubt = 0.3 if _is_word(best, word) and not _AT.search(reading.flat[max(0, start - 4) : start]) else 1.0
            gain = doubt * math.log10(max(best.population, 10)) * (3 if word.lower() in title.lower() else 1)
            weights[best.department] += gain
            communes[best.entry_id] += gain
        for match in POSTCODE.finditer(reading.flat):
            code = match[1] + match[2] if match[1] == "97" else match[1]
            weights["2A" if code == "20" else code] += 4
    return Signs(departments=weights, communes=communes, said=frozenset(said))


def home_of(signs: Signs) -> Home:
    """The home that all the signs seen speak for."""
    top = max(signs.departments.values(), default=0.0)
    kept = {code: value / top for code, value in sorted(signs.departments.items()) if value >= HOME_SHARE * top}
    order = sorted(signs.communes.items(), key=lambda item: (-item[1], item[0]))
    return Home(departments=kept, communes=tuple(entry_id for entry_id, _ in order), said=signs.said)


def _called(flat: str, start: int, list_end: int) -> bool:
    """Whether a town stands behind « villes de », or next in a list that does (whose last town ends at ``list_end``)."""
    join = LIST_JOIN.match(flat, list_end) if list_end >= 0 else None
    listed = join is not None and join.end() == start
    return listed or _TOWN_SAID.search(flat, max(0, start - 40), start) is not None


def place_claims(reading: Reading, spans: dict[tuple[int, int], list[Entry]], home: Home) -> list[Claim]:
    """One claim for each place name, for the entry most likely meant."""
    claims = []
    for (start, end), entries in sorted(spans.items()):
        best = max(
            entries,
            key=lambda entry: (entry.population > GREAT_SIZE, _prior(entry, home), entry.population, entry.entry_id),
        )
        river = (
            best.scope == "department"
            and "-" not in best.name
            and _RIVER.search(reading.flat, max(0, start - 40), start)
        )
        if river:
            claims.append(Claim(start=start, end=end, kind="nothing", score=RIVER_SCORE, method="river"))
            continue
        prior = _prior(best, home) - (AWAY if _stranger(reading, start, best, home) else 0.0)
        if best.scope not in TERRITORIES and _TOWN_MEANT_AFTER.match(reading.flat, end):
            prior += MEANT
        score = _in_context(reading, start, end, best, prior, away=home.share(best) == 0)
        claims.append(
            Claim(
                start=start,
                end=end,
                kind="place",
                score=score,
                method="gazetteer:place",
                entity_ids=(best.entry_id,),
                lasting=at_home(best, home),
            )
        )
    return claims


def _stranger(reading: Reading, start: int, entry: Entry, home: Home) -> bool:
    """Whether a small town lies away from a home that is known, and nothing in the document calls it a town."""
    small = entry.scope not in TERRITORIES and entry.scope != "country" and entry.population < SURE_SIZE
    away = bool(home.departments) and home.share(entry) == 0 and entry.entry_id not in home.said
    return small and away and not _TOWN_MEANT.search(reading.flat, max(0, start - 40), start)


def at_home(entry: Entry, home: Home) -> bool:
    """Whether an entry is a commune of the document's own départements."""
    return entry.scope == "commune" and home.share(entry) > 0


def _is_word(entry: Entry, written: str) -> bool:
    return (
        entry.also_a_word
        and entry.population < GREAT_SIZE
        and (entry.scope == "region" or not re.search(r"[ -]", written))
    )


def _prior(entry: Entry, home: Home) -> float:
    """How likely the name means this entry, before its words' neighbours are seen."""
    if entry.scope == "country":
        return 0.85
    if entry.scope in TERRITORIES:
        return 0.68 + 0.16 * home.share(entry)
    size = min(1.0, math.log10(max(entry.population, 10)) / 5)
    return 0.04 + 0.56 * size + 0.3 * math.sqrt(home.share(entry)) + (SAID if entry.entry_id in home.said else 0.0)


def _in_context(reading: Reading, start: int, end: int, entry: Entry, score: float, *, away: bool) -> float:
    before = reading.flat[max(0, start - 40) : start]
    word = reading.text[start:end]
    common = _is_word(entry, word)
    opens = opens_sentence(reading.flat, start)
    if common and reading.in_capitals(start) and not re.search(r"(?:DE |D'|À |A |DE L'|DU |DE LA )$", before):
        return 0.0
    if entry.scope in TERRITORIES:
        if _TERRITORY.search(reading.key, max(0, start - 40), start):
            return 0.9
        if re.search(r"\b[Ee]n $", before):
            return 0.88
        return score - (0.3 if common and not _BARE_TERRITORY.search(before) else 0.0)
    if re.search(r"(?<!\d)\d{5} $", before):
        score += 0.5
    elif _DATELINE.match(reading.flat, end):
        score += 0.4
        common = False
    elif _AT.search(before):
        score += 0.2
    elif _LOCATIVE.search(before):
        score += 0.08
    elif common and (opens or entry.population < LARGE or _ARTICLE.search(before)):
        score -= 0.25
    elif away and entry.population < LARGE:
        score -= 0.12
    if common and opens and not reading.in_capitals(start):
        score -= 0.15
    return max(0.0, min(0.95, score))
