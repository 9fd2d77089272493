"""Bonds between bodies, persons, sites and programmes that sentences state: successions, members, partners, titles.

Why: « who became whom » and « which estate under which programme » are the spine of an institutional history.
Idea: each bond has a few wordings; the names come from the clause, its antecedent or what its pronoun recalls.
Limits: a bond told over two sentences without a pronoun is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .identities import each_once, key_of
from .reading import Claim, Reading, Side, as_written, claim, ground_of, is_office, is_zone
from .subjects import listed, recalls, root
from .triggers import negated, words_of

SAYS = wordings(__file__, "bonds.toml")

OPENING = 12  # letters into a paragraph, where what was told before it is still taken up


def memberships(reading: Reading, number: int, topic: Sequence[Mention]) -> Iterator[Claim]:
    """Sites in programmes, where the sentence says under what title; a programme inside another."""
    parsed = reading.parsed[number]
    mentions = [m for m in parsed.sentence.named if not is_zone(m)]
    text = reading.text(parsed)
    programmes = each_once(m for m in mentions if m.kind == "programme")
    for first, second in pairwise(programmes):
        gap = reading.between(first, second)
        plan = second.surface.lower().endswith("plan") and SAYS["plan_of"].fullmatch(gap)
        if plan or SAYS["within"].fullmatch(gap):
            yield claim(reading, parsed, first, "part_of_programme", second)
            programmes.remove(second)
            break
    sites = [m for m in mentions if m.kind == "site"]
    if not sites and text.endswith(":") and SAYS["grounds"].search(text):
        sites = listed(reading.parsed, number)
        for site, programme in product(sites, programmes[:1]):
            yield claim(reading, parsed, site, "part_of_programme", programme)
    if not programmes or not SAYS["under"].search(text):
        return
    stated = [programme for programme in programmes if not denied(reading, parsed, programme)]
    if not sites:
        for site, programme in product(taken_up(reading, number, topic), stated):
            yield claim(reading, parsed, site, "part_of_programme", programme)
    together = {id(p): [site for site in sites if _same_main(parsed, site, p)] for p in programmes}
    for programme in stated:
        near = [site for site in sites if ";" not in reading.between(*sorted((site, programme), key=lambda m: m.start))]
        leans = recalls(parsed, _root(parsed, programme), reading.lexis)
        apart = sites if leans else near if not any(together.values()) else []
        for site in together[id(programme)] or apart:
            yield claim(reading, parsed, site, "part_of_programme", programme)
    project = reading.project
    if not sites and project and SAYS["hangs_on"].search(text):
        yield Claim(Side(project), "part_of_programme", reading.side(programmes[0]), parsed)


def denied(reading: Reading, parsed: Parsed, programme: Mention) -> bool:
    """« ne relève pas du DSQ », « a été écarté du DSQ »: whether the programme's clause says that it was not given."""
    own = _clause(parsed, programme)
    around = [root(own)] if own.kind in ("participle", "relative") else []
    words = " ".join(words_of(parsed, c) for c in [own, *around])
    sought = SAYS["sought"].search(words) and not SAYS["chosen"].search(words)
    refused = SAYS["refused"].search(words) is not None
    return bool(sought) or refused or any(negated(parsed, c, reading.lexis) for c in [own, *around])


def taken_up(reading: Reading, number: int, topic: Sequence[Mention]) -> list[Mention]:
    """Sites that « il », « y » or « le quartier » of a sentence without any stands for: what was told of just before."""
    parsed = reading.parsed[number]
    found = SAYS["takes_up"].search(reading.text(parsed))
    if found is None or (parsed.sentence.first and found.start() > OPENING):
        return []
    sites = [m for m in topic if m.kind == "site"]
    others = [m for m in topic if m.kind in ("person", "body", "programme")]
    ground = [m for m in ground_of(reading, number) if m.kind == "site"] if not parsed.sentence.first else []
    return each_once(sites or ([] if others else ground))


def _clause(parsed: Parsed, mention: Mention) -> Clause:
    index = next(i for i, token in enumerate(parsed.sentence.tokens) if token.mention is mention)
    return parsed.clause_at(index)


def _around(parsed: Parsed, mention: Mention) -> str:
    """The words of a mention's independent clause and of all that hangs on it."""
    whole = _root(parsed, mention)
    return " ".join(words_of(parsed, clause) for clause in parsed.clauses if root(clause) is whole)


def _root(parsed: Parsed, mention: Mention) -> Clause:
    return root(_clause(parsed, mention))


def _same_main(parsed: Parsed, first: Mention, second: Mention) -> bool:
    """Whether two mentions stand in the same independent clause."""
    return _root(parsed, first) is _root(parsed, second)


def main_membership(reading: Reading) -> Iterator[Claim]:
    """The one site a title names, where a sentence without any site says that the document's programme took it in."""
    programme = reading.programme
    if programme and reading.titled_programme and len(reading.titled_sites) == 1:
        site, first = reading.titled_sites[0]
        yield claim(reading, first, site, "part_of_programme", programme)
    if programme is None or len(reading.titled_sites) != 1:
        return
    for parsed in reading.parsed:
        named = {key_of(m) for m in parsed.sentence.named if m.kind == "programme"}
        sited = any(m.kind == "site" for m in parsed.sentence.named)
        if key_of(programme) in named and not sited and SAYS["chosen"].search(reading.text(parsed)):
            yield claim(reading, parsed, reading.titled_sites[0][0], "part_of_programme", programme)
            return


def covered(reading: Reading, number: int) -> Iterator[Claim]:
    """Sites a convention or an application is said to cover, when it is the document's own and names no programme."""
    parsed = reading.parsed[number]
    sentence = parsed.sentence
    text = reading.text(parsed)
    programme = reading.programme
    sites = [m for m in sentence.named if m.kind == "site"]
    grounded = sites or text.endswith(":")
    if programme is None or not grounded or any(m.kind == "programme" for m in sentence.named):
        return
    chosen = SAYS["chosen"].search(text) is not None and not any(
        negated(parsed, c, reading.lexis) for c in parsed.clauses
    )
    if not (chosen or SAYS["covers"].search(text)):
        return
    if chosen and not SAYS["covers"].search(text):
        sites = [m for m in sites if SAYS["chosen"].search(_around(parsed, m))]
    if text.endswith(":") and SAYS["grounds"].search(text):
        sites += listed(reading.parsed, number)
    for site in sites:
        yield claim(reading, parsed, site, "part_of_programme", programme)


def partnerships(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« porté par X, en partenariat avec Y et Z »."""
    sentence = parsed.sentence
    text = reading.text(parsed)
    several = sum(m.kind == "body" for m in sentence.named) > 1
    match = SAYS["partners"].search(text) if several else None
    if match is None:
        return
    at = sentence.start + match.start()
    bearers = [m for m in sentence.named if m.kind == "body" and m.end <= at]
    if not bearers or bearers[-1] in reading.pieces.team:
        return
    bearer = next((m for m in bearers if m.entity_id == bearers[-1].entity_id and m.entity_id), bearers[-1])
    if is_office(bearer):  # « le conseil municipal » acts for the body that writes
        heads = [m for m in reading.pieces.letterhead if not is_office(m)]
        if not heads:
            return
        bearer = heads[0]
    known = {key_of(bearer)}
    for i, token in enumerate(sentence.tokens):
        if token.start > at and i and sentence.tokens[i].mention is None and parsed.owner[i] != parsed.owner[i - 1]:
            break
        if token.mention and token.mention.kind == "body" and token.start > at:
            if (key := key_of(token.mention)) in known:
                continue
            known.add(key)
            yield Claim(reading.in_full(bearer), "partner_of", as_written(token.mention), parsed)
