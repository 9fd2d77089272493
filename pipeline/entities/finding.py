"""The order of the finders: claims, first decision, memory, second decision, links, corrections.

Why: the sources of evidence know nothing of each other; here is the only place that knows them all.
Idea: two readings. The first finds what stands alone; what it establishes is sought again everywhere in the second.
Limits: nothing is carried from one document to the next; of a document read in parts, what a part teaches serves those
behind it, not those before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.alignment import Alignment, box_of
from pipeline.entities import (
    acronyms,
    back_references,
    columns,
    heads,
    identity,
    labels,
    lookups,
    memory,
    model,
    names,
    people,
    places,
    unknown,
)
from pipeline.entities.amounts import find_amounts
from pipeline.entities.candidate import Candidate
from pipeline.entities.claims import Claim, from_candidate
from pipeline.entities.corrections import correct
from pipeline.entities.dates import DateContext, carry, date_context, find_dates
from pipeline.entities.decide import decide
from pipeline.entities.knowledge import Hit, Knowledge, words_key
from pipeline.entities.laws import find_laws
from pipeline.entities.quantities import find_quantities
from pipeline.entities.reading import Reading, read
from pipeline.records import DateValue, Document, Entity, Found, Kind, Mention, RepairedPage

NO_PLACE = 0.3  # below it, a place name is as rare as any unknown one
SURE_PLACE = 0.7  # below it, a place name among quarters is rather one of them


@dataclass(slots=True)
class _Sheet:
    """One page on its way: its reading, what was met on it, what is claimed, what was chosen."""

    page: RepairedPage
    reading: Reading
    hits: list[Hit]
    claims: list[Claim]
    chosen: list[Claim]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a document has taught by some page: where it is at home, names with the claims that established them best, and
    who they are. It serves the pages that follow; the pages themselves need not be held.
    """

    home: places.Signs = field(default_factory=places.Signs)
    names: Mapping[str, Claim] = field(default_factory=dict)
    identities: identity.Identities = field(default_factory=identity.Identities)


def find_mentions(document: Document, knowledge: Knowledge) -> Found:
    """Mentions, entities and what the gazetteers say about them, for one document. Pure and deterministic."""
    return find_on(document, knowledge, Learned())[0]


def find_on(document: Document, knowledge: Knowledge, learned: Learned) -> tuple[Found, Learned]:
    """What is found in the next pages of a document of which earlier ones taught ``learned``; and what is learned by now."""
    sheets = [_sheet(page, knowledge) for page in document.pages]
    signs = _claim_all(sheets, document, knowledge, learned.home)
    names, pairs = _second_reading(sheets, knowledge, learned.names)
    linker = identity.Linker(knowledge=knowledge, home=places.home_of(signs))
    linker.take_up(learned.identities)
    uncorrected = _link_all(sheets, pairs, linker, document)
    identities = linker.known()  # before corrections, which are of a place in the text
    mentions = _corrected(uncorrected, document, knowledge, linker)
    used = {mention.entity_id for mention in mentions}
    entities = {key: entity for key, entity in linker.entities.items() if key in used}
    relations, beside = identity.known_relations(document.document_id, entities, knowledge)
    every = beside | entities
    found = Found(
        mentions=tuple(mentions),
        entities=tuple(every[key] for key in sorted(every)),
        relations=tuple(sorted(relations, key=lambda item: item.relation_id)),
        corrections=_changed(uncorrected, mentions) if knowledge.corrections else 0,
    )
    return found, Learned(home=signs, names=names, identities=identities)


def _changed(before: Sequence[Mention], after: Sequence[Mention]) -> int:
    """How many mentions corrections made, changed or took away."""
    found, kept = set(before), set(after)
    taken = {(mention.page, mention.start, mention.end) for mention in found - kept}
    made = {(mention.page, mention.start, mention.end) for mention in kept - found}
    return len(taken | made)


def _sheet(page: RepairedPage, knowledge: Knowledge) -> _Sheet:
    reading = read(page)
    return _Sheet(page=page, reading=reading, hits=knowledge.scan(reading), claims=[], chosen=[])


def _claim_all(
    sheets: Sequence[_Sheet], document: Document, knowledge: Knowledge, before: places.Signs
) -> places.Signs:
    """First reading: every finder's claims on every page, and the first decision. Returns what shows the document's home."""
    spans = [places.place_hits(sheet.reading, sheet.hits, knowledge) for sheet in sheets]
    signs = places.signs_of_home(spans, [sheet.reading for sheet in sheets], document.info.title or "", before)
    home = places.home_of(signs)
    context = date_context([sheet.reading.text for sheet in sheets], document.info)
    guessed: list[tuple[Reading, list[Claim]]] = []
    for sheet, found in zip(sheets, spans, strict=True):
        reading, hits = sheet.reading, sheet.hits
        known = places.page_places(found, home)
        numbers, context = _numbers(reading.text, context)
        sheet.claims = [
            *(from_candidate(candidate) for candidate in numbers),
            *places.place_claims(reading, found, home),
            *lookups.lookup_claims(reading, hits, knowledge, home, known.territories),
            *heads.head_claims(reading, hits, knowledge, known.ends, known.home_towns, known.large),
            *people.person_claims(reading, hits, knowledge, known.home_towns),
            *labels.label_claims(reading, knowledge),
            *back_references.back_claims(reading, hits, knowledge),
        ]
        first = decide(sheet.claims, reading.starts)
        busy = [(claim.start, claim.end) for claim in first if claim.kind != "place"]
        codes = tuple(home.departments)
        doubtful = {
            (claim.start, claim.end) for claim in sheet.claims if claim.kind == "place" and claim.score < NO_PLACE
        }
        guesses = unknown.unknown_claims(
            reading, busy, found, known.home_towns, codes, knowledge, known.large, doubtful
        )
        guessed.append((reading, guesses))
    opinions = model.model_claims(guessed)
    for sheet, found, (reading, guesses), persons in zip(sheets, spans, guessed, opinions, strict=True):
        sheet.claims += guesses + persons
        sheet.chosen = decide(sheet.claims, reading.starts)
        alike = [
            *_lists(sheet, knowledge),
            *columns.column_claims(reading, sheet.chosen, sheet.claims, found, knowledge),
        ]
        if alike:
            sheet.claims += alike
            sheet.chosen = decide(sheet.claims, reading.starts)
    return signs


def _lists(sheet: _Sheet, knowledge: Knowledge) -> list[Claim]:
    """Names beside a known one in a list take its kind, unless something surer than a small commune elsewhere says other."""
    guesses = [claim for claim in sheet.chosen if claim.method.startswith("cues:") and claim.kind != "programme"]
    guessed = {(claim.start, claim.end): claim.score for claim in guesses}
    busy = [
        (claim.start, claim.end)
        for claim in sheet.chosen
        if (claim.kind != "place" or claim.score > SURE_PLACE) and (claim.start, claim.end) not in guessed
    ]
    towns = [claim for claim in sheet.claims if claim.kind == "place"]
    stop = unknown.not_names(knowledge)
    named = [span for span in names.names(sheet.reading) if words_key(sheet.reading.flat[slice(*span)]) not in stop]
    return memory.listed(sheet.reading, sheet.chosen, [*named, *guessed], busy, towns, guessed)


def _numbers(text: str, context: DateContext) -> tuple[list[Candidate], DateContext]:
    """Laws, dates, amounts and quantities of a page, and the context for the next page's dates."""
    laws = find_laws(text)
    dates = find_dates(text, context=context, closed=[(law.start, law.end) for law in laws])
    return [*laws, *dates, *find_amounts(text), *find_quantities(text)], carry(text, dates, context)


def _acronym_words(knowledge: Knowledge) -> dict[str, list[str]]:
    """What reading a full name back from its letters needs."""
    return {**knowledge.grammar["acronyms"], "none": knowledge.grammar["no_names"]["acronyms"]}


def _second_reading(
    sheets: Sequence[_Sheet], knowledge: Knowledge, before: Mapping[str, Claim]
) -> tuple[dict[str, Claim], list[tuple[Reading, Claim, Claim]]]:
    """What the first decision established, here or ``before``, is sought everywhere; the second decision is the last.

    Returns the names established by now, and each full name with the acronym that brackets define.
    """
    words = _acronym_words(knowledge)
    defined = [acronyms.defined_acronyms(sheet.reading, sheet.chosen, words) for sheet in sheets]
    pairs = [(sheet.reading, *pair) for sheet, here in zip(sheets, defined, strict=True) for pair in here]
    established = [(sheet.reading, claim) for sheet in sheets for claim in sheet.chosen]
    established += [(reading, claim) for reading, full, acronym in pairs for claim in (full, acronym)]
    established += acronyms.spelled(established, words)
    remembered, grounds = _without_grounds(memory.surest(before, memory.remember(established)))
    known = memory.by_first_word(remembered)
    for sheet, here in zip(sheets, defined, strict=True):
        text = sheet.reading.text
        sheet.claims = [
            claim
            for claim in sheet.claims
            if claim.method != heads.YIELDING
            or text[claim.start].isupper()
            or words_key(text[claim.start : claim.end]) not in grounds
        ]
        sheet.claims += [*(claim for pair in here for claim in pair), *_recalled(sheet, known)]
        sheet.chosen = [claim for claim in decide(sheet.claims, sheet.reading.starts) if claim.kind != "nothing"]
    return remembered, pairs


def _without_grounds(remembered: dict[str, Claim]) -> tuple[dict[str, Claim], frozenset[str]]:
    """What is remembered, less « plaine de Bellevue » where Bellevue is a quarter of the document; and what was left out."""
    sites = {key for key, claim in remembered.items() if claim.kind == "site" and claim.method != heads.YIELDING}
    left = frozenset(
        key for key, claim in remembered.items() if claim.method == heads.YIELDING and names.after_of(key) in sites
    )
    return {key: claim for key, claim in remembered.items() if key not in left}, left


def _recalled(sheet: _Sheet, known: memory.ByFirstWord) -> list[Claim]:
    """What the document established, sought again; a surname alone yields to the town of that name."""
    towns = {(claim.start, claim.end) for claim in sheet.claims if claim.kind == "place" and claim.score > SURE_PLACE}
    again = memory.recalled(sheet.reading, known)
    return [claim for claim in again if claim.kind != "person" or (claim.start, claim.end) not in towns]


def _link_all(
    sheets: Sequence[_Sheet], pairs: Sequence[tuple[Reading, Claim, Claim]], linker: identity.Linker, document: Document
) -> list[Mention]:
    for sheet in sheets:
        linker.locate(sheet.reading, sheet.chosen)
    defined = [(reading, full, reading.text[acronym.start : acronym.end]) for reading, full, acronym in pairs]
    chosen = [(sheet.reading, claim) for sheet in sheets for claim in sheet.chosen]
    explained = frozenset(words_key(acronym) for _, _, acronym in defined) | {key for _, key in linker.acronyms}
    for reading, full, written in [*defined, *acronyms.explained(chosen, explained, _acronym_words(linker.knowledge))]:
        linker.define(reading, full, written)
    mentions = []
    for sheet in sheets:
        dates = [(claim.start, claim.value) for claim in sheet.chosen if isinstance(claim.value, DateValue)]
        alignment = Alignment(sheet.page.edits)
        for claim in sheet.chosen:
            link = linker.link(sheet.reading, claim, dates)
            mentions.append(_mention(sheet.page, alignment, claim, link, document))
    return mentions


def _mention(page: RepairedPage, alignment: Alignment, claim: Claim, link: str | None, document: Document) -> Mention:
    kind: Kind = claim.kind  # type: ignore[assignment]  # « nothing » was dropped by the second reading
    return Mention(
        mention_id=f"{document.document_id}:{page.number}:{claim.start}:{kind}",
        page=page.number,
        start=claim.start,
        end=claim.end,
        surface=page.text[claim.start : claim.end],
        kind=kind,
        method=claim.method,
        confidence=round(claim.score, 3),
        entity_id=link,
        box=box_of(page.page.glyphs, alignment.to_raw(claim.start, claim.end)),
        value=claim.value,
    )


def _corrected(
    mentions: list[Mention], document: Document, knowledge: Knowledge, linker: identity.Linker
) -> list[Mention]:
    if not knowledge.corrections:
        return mentions
    pages = {page.number: page for page in document.pages}

    def make(number: int, start: int, end: int, kind: Kind) -> Mention:
        page = pages[number]
        claim = Claim(start=start, end=end, kind=kind, score=1.0, method="correction:accept")
        return _mention(page, Alignment(page.edits), claim, None, document)

    return correct(mentions, knowledge.corrections, document, make, _chooser(knowledge, linker, document))


def _chooser(knowledge: Knowledge, linker: identity.Linker, document: Document) -> Callable[[str, str, bool], str]:
    def choose(name: str, kind: str, own: bool) -> str:
        """The entity of an id or a name; ``own``: one that only this document has."""
        if name in knowledge.entries:
            linker.entities[name] = knowledge.entries[name].entity()
            return name
        if name in linker.entities:
            return name
        entity_id = f"{kind}:{identity.slug(name)}" + (f"@{document.document_id}" if own else "")
        known: Kind = kind  # type: ignore[assignment]  # checked when the corrections were read
        linker.entities.setdefault(
            entity_id, Entity(entity_id=entity_id, kind=known, name=name, source="corrections.csv")
        )
        return entity_id

    return choose
