"""Which thing a mention means: entity linking within a document, and from a document to the gazetteers.

Why: DIACT, D.I.A.C.T. and its full name in capitals are one; two Bellevue are two; « la Ville » is some town.
Idea: a chain of answers, the first that fits: what brackets defined here, the gazetteer entry alive at the mention's
date, an entity of the corpus under a canonical name (the same in every document), a near name already met here.
Limits: only names are compared, never what is said about them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from pipeline.entities.claims import Claim
from pipeline.entities.folding import fold
from pipeline.entities.gazetteer import Entry
from pipeline.entities.knowledge import Knowledge, words_key
from pipeline.entities.near import NearNames
from pipeline.entities.places import Home
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording
from pipeline.records import DateValue, Entity, Kind, Predicate, Relation

UNVERIFIED = 0.5  # confidence in a fact of general knowledge that nobody has checked
LINKED = ("programme", "body", "site", "place", "person", "law")
_TOWN = wording("town_body")
_ARTICLE = wording("opening_article")
_TOWN_AFTER = wording("town_after")
_TOWN_REACH = 80  # code points: neither pattern reaches further
_TOWN_BEFORE = wording("town_before")
_DE = wording("of_folded")
_BACK_TO = {
    "ville": ("ville ",),
    "municipalite": ("ville ",),
    "commune": ("ville ",),
    "office": ("office ", "oph", "opac"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Who is known of a document by now: entities, what acronyms and names stand for, the town beside a site."""

    entities: Mapping[str, Entity] = field(default_factory=dict)
    acronyms: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    names: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    towns: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Linker:
    """Links the claims of one document, page by page, in order of the text."""

    knowledge: Knowledge
    home: Home
    entities: dict[str, Entity] = field(default_factory=dict)
    acronyms: dict[tuple[Kind, str], str] = field(default_factory=dict)
    _bodies: list[str] = field(default_factory=list)
    _last_body: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    _keys: dict[Kind, dict[str, str]] = field(default_factory=dict)
    _near: dict[Kind, NearNames] = field(default_factory=dict)
    _towns: dict[str, str] = field(default_factory=dict)

    def take_up(self, known: Identities) -> None:
        """Go on from what earlier pages of the document have shown."""
        self.entities |= known.entities
        self.acronyms |= known.acronyms
        self._towns |= known.towns
        for (kind, key), entity_id in known.names.items():
            self._remember(kind, key, entity_id)

    def known(self) -> Identities:
        """Who is known of the document by now."""
        names = {(kind, key): known for kind, keys in self._keys.items() for key, known in keys.items()}
        return Identities(
            entities=dict(self.entities), acronyms=dict(self.acronyms), names=names, towns=dict(self._towns)
        )

    def define(self, reading: Reading, full: Claim, acronym: str) -> None:
        """Let an acronym stand for its full name (on the page ``reading``) wherever the document uses it."""
        key = words_key(acronym)
        kind: Kind = full.kind  # type: ignore[assignment]  # brackets define bodies, programmes and sites only
        known = [entry for entry in self._gazetteer(key, kind) if entry not in full.entity_ids]
        target = self._resolve(reading, full, [])
        alike = [
            item
            for item in known
            if fuzz.ratio(fold(self.knowledge.entries[item].name), fold(reading.text[full.start : full.end])) > 85
        ]
        if alike and target and not full.entity_ids:
            self._rename(target, alike[0])
            target = alike[0]
        if target and len(self._gazetteer(key, kind)) < 2 and (kind, key) not in self.acronyms:
            self.acronyms[kind, key] = target
            entity = self.entities[target]
            if entity.acronym is None and entity.source == "corpus":
                self.entities[target] = replace(entity, acronym=acronym.replace(".", ""))

    def _gazetteer(self, key: str, kind: Kind) -> tuple[str, ...]:
        return self.knowledge.acronyms.get((kind, key), ())

    def _rename(self, old: str, new: str) -> None:
        entity = self.entities.pop(old, None)
        self.entities[new] = self.knowledge.entries[new].entity()
        self.acronyms = {key: new if known == old else known for key, known in self.acronyms.items()}
        for kind, keys in self._keys.items():
            self._keys[kind] = {key: new if known == old else known for key, known in keys.items()}
        if entity:
            self._remember(entity.kind, words_key(entity.name), new)

    def link(self, reading: Reading, claim: Claim, dates: Sequence[tuple[int, DateValue]]) -> str | None:
        """The entity a claim means; creates it where it is new. ``None`` for dates, figures and loose back references."""
        if claim.kind not in LINKED or claim.kind == "nothing":
            return None
        kind: Kind = claim.kind
        surface = reading.text[claim.start : claim.end]
        if claim.method.startswith("back"):
            return self._back(fold(surface))
        if kind == "law":
            return self._law(claim, surface)
        found = self._resolve(reading, claim, dates)
        if kind == "body":
            self._bodies.append(found)
        return found

    def _resolve(self, reading: Reading, claim: Claim, dates: Sequence[tuple[int, DateValue]]) -> str:
        kind: Kind = claim.kind  # type: ignore[assignment]  # callers have dropped « nothing »
        surface = reading.text[claim.start : claim.end]
        key = words_key(_ARTICLE.sub("", surface))
        return self.acronyms.get((kind, key)) or self._known(claim, dates) or self._corpus(kind, claim.name or surface)

    def _law(self, claim: Claim, surface: str) -> str:
        entity_id = f"law:{claim.entity_ids[0]}" if claim.entity_ids else f"law:{slug(surface)}"
        self.entities.setdefault(entity_id, Entity(entity_id=entity_id, kind="law", name=claim.name or surface))
        return entity_id

    def _known(self, claim: Claim, dates: Sequence[tuple[int, DateValue]]) -> str | None:
        ids = [entry_id for entry_id in claim.entity_ids if entry_id in self.knowledge.entries]
        if not ids:
            return next((entry_id for entry_id in claim.entity_ids if entry_id in self.entities), None)
        entries = [self.knowledge.entries[entry_id] for entry_id in ids]
        when = _nearest(claim.start, dates)
        best = min(
            entries,
            key=lambda entry: (
                _away(entry.valid_from, entry.valid_to, when),
                -self.home.share(entry),
                ids.index(entry.entry_id),
            ),
        )
        self.entities.setdefault(best.entry_id, best.entity())
        return best.entry_id

    def _corpus(self, kind: Kind, name: str) -> str:
        """An entity that no gazetteer has, under the id its canonical name gives it."""
        key = canonical_key(kind, name, self.knowledge.grammar)
        keys = self._keys.setdefault(kind, {})
        if key in keys:
            return keys[key]
        near = self._near[kind].first_near(key) if kind in self._near else None
        if near:
            self._remember(kind, key, keys[near])
            return keys[near]
        insee = self._commune_code(kind, key)
        entity_id = f"{kind}:{slug(key)}" + (f"@{insee}" if insee else "")
        self._remember(kind, key, entity_id)
        self.entities.setdefault(
            entity_id, Entity(entity_id=entity_id, kind=kind, name=display(name), insee_code=insee)
        )
        return entity_id

    def _remember(self, kind: Kind, key: str, entity_id: str) -> None:
        keys = self._keys.setdefault(kind, {})
        if key not in keys:
            self._near.setdefault(kind, NearNames()).add(key)
        keys[key] = entity_id

    def locate(self, reading: Reading, chosen: Sequence[Claim]) -> None:
        """Note the town that stands right beside a site (« Les Buis, à Valentigney »); the first one said counts."""
        towns = [claim for claim in chosen if claim.kind == "place" and claim.entity_ids]
        starts = [town.start for town in towns]
        for site in (claim for claim in chosen if claim.kind == "site"):
            first, last = (bisect_left(starts, at) for at in (site.start - _TOWN_REACH, site.end + _TOWN_REACH))
            for town in towns[first:last]:
                entry = self.knowledge.entries.get(town.entity_ids[0])
                if entry and entry.insee and _beside(reading.flat, site, town):
                    key = canonical_key("site", reading.text[site.start : site.end], self.knowledge.grammar)
                    self._towns.setdefault(key, entry.insee)

    def _commune_code(self, kind: Kind, key: str) -> str | None:
        if kind != "site":
            return None
        if key in self._towns:
            return self._towns[key]
        if not self.home.communes:
            return None
        return self.knowledge.entries[self.home.communes[0]].insee

    def _back(self, noun: str) -> str | None:
        """The body linked last, whose name begins with the noun; only those since the noun was last met are looked at."""
        wanted = _BACK_TO.get(noun, (f"{noun} ",))
        seen, last = self._last_body.get(noun, (0, None))
        recent = (body for body in reversed(self._bodies[seen:]) if fold(self.entities[body].name).startswith(wanted))
        last = next(recent, last)
        self._last_body[noun] = len(self._bodies), last
        if last:
            return last
        if noun == "ville" and self.home.communes:
            return self._corpus("body", "Ville de " + self.knowledge.entries[self.home.communes[0]].name)
        return None


def _beside(flat: str, site: Claim, town: Claim) -> bool:
    if town.start >= site.end:
        return bool(_TOWN_AFTER.fullmatch(flat, site.end, town.start))
    return bool(_TOWN_BEFORE.fullmatch(flat, max(0, town.start - 2), site.start))


def slug(text: str) -> str:
    """A readable id part: folded words joined by hyphens."""
    return words_key(text).replace(" ", "-")


def display(name: str) -> str:
    """A name as the database shows it: one line, a capital first, capitals without accents left as they are."""
    flat = " ".join(name.split())
    return flat[:1].upper() + flat[1:]


def canonical_key(kind: Kind, name: str, grammar: Mapping[str, Any]) -> str:
    """The words by which two spellings are one: legal forms in short, towns by their name, no article."""
    key = words_key(_ARTICLE.sub("", name.strip()))
    if kind != "body":
        return key
    key = _TOWN.sub("ville ", key)
    for long, short in grammar["short_heads"].items():
        if key.startswith(long + " "):
            key = short + key[len(long) :]
    for head in grammar["identity"]["heads_before_de"]:
        if key.startswith(head + " "):
            return f"{head} {_DE.sub('', key[len(head) + 1 :])}"
    return key


def _nearest(start: int, dates: Sequence[tuple[int, DateValue]]) -> date | None:
    """The date standing nearest to ``start`` on its page, the earlier of two; ``dates`` are (offset, value), in order."""
    after = bisect_left(dates, start, key=lambda item: item[0])
    around = dates[max(0, after - 1) : after + 1]
    return min(around, key=lambda item: abs(item[0] - start))[1].date_from if around else None


def _away(valid_from: date | None, valid_to: date | None, when: date | None) -> int:
    """Days between a date and a life; 0 inside, or where either is unknown."""
    if when is None:
        return 0
    if valid_from and when < valid_from:
        return (valid_from - when).days
    if valid_to and when >= valid_to:
        return (when - valid_to).days + 1
    return 0


def known_relations(
    document_id: str, entities: Mapping[str, Entity], knowledge: Knowledge
) -> tuple[list[Relation], dict[str, Entity]]:
    """What the gazetteers say about the entities a document mentions, and the entities they name beside them."""
    relations: list[Relation] = []
    beside: dict[str, Entity] = {}
    for old, new in knowledge.successions:
        if old in entities or new in entities:
            relations.append(
                _known_relation(document_id, knowledge.entries[new], "successor_of", knowledge.entries[old])
            )
            beside |= {item: knowledge.entries[item].entity() for item in (old, new)}
    for entity_id in sorted(entities):
        entry = knowledge.entries.get(entity_id)
        if entry and entry.parent in knowledge.entries:
            relations.append(_known_relation(document_id, entry, "member_of", knowledge.entries[entry.parent]))
            beside[entry.parent] = knowledge.entries[entry.parent].entity()
        if entry and entry.acronym and entry.kind in ("body", "programme"):
            relations.append(replace(_known_relation(document_id, entry, "alias_of", entry), subject=entry.acronym))
    return relations, beside


def _known_relation(document_id: str, subject: Entry, predicate: Predicate, known: Entry) -> Relation:
    return Relation(
        relation_id=f"{document_id}:gazetteer:{predicate}:{subject.entry_id}:{known.entry_id}",
        subject=subject.name,
        predicate=predicate,
        object=known.name,
        subject_id=subject.entry_id,
        object_id=known.entry_id,
        source=known.source,
        confidence=1.0 if subject.verified and known.verified else UNVERIFIED,
    )
