"""Relations a document states: who pays, who owns, what became of whom, what lies where.

Why: a chronology says when; the relations say how bodies, sites and programmes hang together.
Idea: each predicate has a few wordings between two names (``between.py``, ``bonds.py``, ``money.py``, ``places.py``); a
relation is told once for the document, under the names it uses most: the acronym where the text defines one.
Limits: what a gazetteer knows (a commune's department) is not repeated here; a site without any place beside it lies in
the document's own commune, if it has one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.records import Event, Mention, Relation
from pipeline.wordings import wordings

from .between import between, is_acronym
from .bonds import covered, main_membership, memberships, partnerships
from .clauses import Parsed
from .identities import each_once, key_of
from .lexis import bare, plain
from .members import addressed, its_officers, members, officers
from .money import fundings, money_table
from .places import larger_place, located, own_commune
from .reading import Claim, Reading, Side, as_written, claim, neighbours, takes_no_site
from .successions import successions

SAYS = wordings(__file__, "bonds.toml")
LATTER = ("celui-ci", "celle-ci", "ce dernier", "cette dernière")


def called(reading: Reading) -> Iterator[Claim]:
    """« l'Agence nationale de l'habitat, ci-après désignée « l'Anah » », « X, dit Y »."""
    for parsed in reading.parsed:
        for full, short in neighbours(parsed):
            if (
                full.kind == short.kind
                and is_acronym(short, full)
                and SAYS["called"].fullmatch(reading.between(full, short))
            ):
                reading.short.setdefault(key_of(full), short.surface)
                yield Claim(as_written(short), "alias_of", as_written(full), parsed)


def aliases(reading: Reading) -> Iterator[Claim]:
    """« Agence nationale … (ANRU) » and « ANRU (Agence nationale …) »."""
    for parsed in reading.parsed:
        if "(" not in parsed.sentence.low:
            continue
        tokens = [token for token in parsed.sentence.tokens if token.text not in ("«", "»")]
        for i in range(len(tokens) - 3):
            first, second = tokens[i].mention, tokens[i + 2].mention
            if not (
                first
                and second
                and first.kind == second.kind
                and tokens[i + 1].text == "("
                and tokens[i + 3].text == ")"
            ):
                continue
            pair = (
                (second, first) if is_acronym(second, first) else (first, second) if is_acronym(first, second) else None
            )
            if pair is None:
                continue
            for one in pair:
                reading.short.setdefault(key_of(one), pair[0].surface)
            yield Claim(as_written(pair[0]), "alias_of", as_written(pair[1]), parsed)


def commissions(reading: Reading) -> Iterator[Claim]:
    """Clients and team of a reference sheet; the object is the document's title."""
    pieces = reading.pieces
    if not reading.title or not pieces.clients or not (pieces.team or pieces.budget):
        return
    where = {m.mention_id: parsed for parsed in reading.parsed for m in parsed.sentence.named}
    for partner in pieces.partners:
        yield Claim(as_written(pieces.clients[0]), "partner_of", as_written(partner), where[partner.mention_id])
    for client in each_once(pieces.clients):
        yield Claim(as_written(client), "client", Side(reading.title), where[client.mention_id])
    for contractor in each_once(pieces.team):
        yield Claim(as_written(contractor), "contractor", Side(reading.title), where[contractor.mention_id])


def claims(reading: Reading) -> Iterator[Claim]:
    """All relations of a document, as met."""
    yield from [*aliases(reading), *called(reading)]
    yield from commissions(reading)
    topic: list[Mention] = []
    table: list[Mention] | None = None
    for number, parsed in enumerate(reading.parsed):
        table = money_table(reading, number, table)
        topic = latter(reading, number) or topic
        found = reading.told[number]
        if not parsed.sentence.named:  # most lines of minutes: nothing to relate
            topic = topic if found is None else found
            continue
        yield from successions(reading, parsed, topic)
        yield from members(reading, parsed)
        yield from between(reading, number, topic)
        yield from officers(reading, parsed)
        yield from its_officers(reading, number)
        yield from addressed(reading, number)
        yield from memberships(reading, number, topic)
        yield from covered(reading, number)
        yield from fundings(reading, number, topic, table)
        yield from partnerships(reading, parsed)
        topic = topic if found is None else found
    yield from main_membership(reading)
    home = own_commune(reading.parsed, reading.title, reading.communes)
    yield from nested_place(reading, home)
    towns = longest_names(reading)
    for site, place, parsed in located(reading.parsed, reading.texts, home, reading.communes):
        named = Side(towns.get(place.entity_id or "", place.name), place.entity_id)
        yield Claim(as_written(site), "located_in", named, parsed)


def longest_names(reading: Reading) -> dict[str, str]:
    """Each place by the fullest name the document gives it: of « Hérouville » and « Hérouville-Saint-Clair » the second."""
    out: dict[str, str] = {}
    for mention in reading.mentions:
        if mention.kind == "place" and mention.entity_id and len(mention.surface) > len(out.get(mention.entity_id, "")):
            out[mention.entity_id] = mention.surface
    return out


def latter(reading: Reading, number: int) -> list[Mention]:
    """« Celle-ci est devenue … », « Ce dernier est couvert par … »: the last body, programme or site named just before."""
    if not number or not reading.text(reading.parsed[number]).startswith(LATTER):
        return []
    return [m for m in reading.parsed[number - 1].sentence.named if m.kind in ("body", "programme", "site")][-1:]


def nested_place(reading: Reading, home: Side | None) -> Iterator[Claim]:
    """« Sedan (Ardennes) », and the document's commune in the department or region its head names."""
    for parsed in reading.parsed:
        for town, around in neighbours(parsed):
            if not town.kind == around.kind == "place" or around.entity_id in reading.communes:
                continue
            closed = reading.texts[around.page][around.end : around.end + 1] == ")"
            if closed and reading.between(town, around).strip() == "(":
                yield claim(reading, parsed, town, "located_in", around)
    larger = larger_place(reading.parsed, reading.communes)
    if home and larger:
        parsed = next(p for p in reading.parsed if larger in p.sentence.named)
        yield Claim(home, "located_in", as_written(larger), parsed)


def acted_on(reading: Reading, events: Iterable[Event]) -> Iterator[Claim]:
    """Sites on which something was done under one programme: they are part of it."""
    under = {kind.name for kind in reading.lexis.kinds if kind.under}
    by_id = {mention.mention_id: mention for mention in reading.mentions}
    for event in events:
        if event.kind not in under:
            continue
        taking = [by_id[one.mention_id] for one in event.participants if one.mention_id in by_id]
        programmes = each_once(m for m in taking if m.kind == "programme" and not takes_no_site(m))
        where = next((p for p in reading.parsed if _holds(p, event)), None)
        if where is None or len(programmes) != 1:
            continue
        for site in (m for m in taking if m.kind == "site"):
            yield claim(reading, where, site, "part_of_programme", programmes[0])


def _holds(parsed: Parsed, event: Event) -> bool:
    sentence = parsed.sentence
    return sentence.page == event.page and sentence.start <= event.start < sentence.end


def relations_of(reading: Reading, document_id: str, events: Iterable[Event] = ()) -> tuple[Relation, ...]:
    """Relations of a document, each once, in the order first told; ``events``: what happened in it."""
    out: dict[tuple[str, str, str], Relation] = {}
    counts: Counter[tuple[int, str]] = Counter()
    stated = list(claims(reading))
    known = {_ids(row) for row in stated if row.predicate == "part_of_programme"}
    implied = (row for row in acted_on(reading, events) if _ids(row) not in known)
    for row in [*stated, *implied]:
        key = (bare(plain(row.subject.name)), row.predicate, bare(plain(row.object.name)))
        if key in out or key[0] == key[2]:
            continue
        sentence = row.parsed.sentence
        counts[sentence.page, row.predicate] += 1
        out[key] = Relation(
            relation_id=f"{document_id}:{sentence.page}:{row.predicate}:{counts[sentence.page, row.predicate]}",
            subject=row.subject.name,
            predicate=row.predicate,
            object=row.object.name,
            subject_id=row.subject.entity_id,
            object_id=row.object.entity_id,
            page=sentence.page,
            excerpt=reading.texts[sentence.page][sentence.start : sentence.end],
            confidence=0.7,
        )
    return tuple(out.values())


def _ids(row: Claim) -> tuple[str | None, str | None]:
    return row.subject.entity_id, row.object.entity_id
