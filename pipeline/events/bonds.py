"""Bonds between bodies, persons, sites and programmes that sentences state: successions, members, partners, titles.

Why: « who became whom » and « which estate under which programme » are the spine of an institutional history.
Idea: each bond has a few wordings; the names come from the clause, its antecedent or what its pronoun recalls.
Limits: a bond told over two sentences without a pronoun is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.records import Mention

from .clauses import Parsed
from .lexis import plain, wordings
from .reading import ZONE, Claim, Reading, claim
from .subjects import listed
from .triggers import negated

SAYS = wordings("bonds")


def memberships(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """Sites in programmes, where the sentence says under what title; a programme inside another."""
    mentions = [m for m in parsed.sentence.mentions() if not (m.kind == "programme" and ZONE.match(plain(m.surface)))]
    text = reading.text(parsed)
    programmes = list({m.entity_id or m.surface: m for m in mentions if m.kind == "programme"}.values())
    for first, second in pairwise(programmes):
        gap = reading.between(first, second)
        plan = second.surface.lower().endswith("plan") and re.fullmatch(r"(?:\s*\([^()]*\))?\)?\s*du\s*", gap)
        if plan or re.fullmatch(r"(?:\s*\([^()]*\))?\)?\s*dans le (?:cadre du )?", gap):
            yield claim(reading, parsed, first, "part_of_programme", second)
            programmes.remove(second)
            break
    sites = [m for m in mentions if m.kind == "site"]
    if not SAYS["under"].search(text):
        return
    pairs = [(site, programme) for site in sites for programme in programmes]
    together = [pair for pair in pairs if _same_main(parsed, *pair)]
    for site, programme in together or pairs:
        yield claim(reading, parsed, site, "part_of_programme", programme)
    project = reading.project
    if not sites and programmes and project and re.search(r"s'inscri|relève|dans le cadre", text):
        yield Claim(
            subject=project,
            predicate="part_of_programme",
            object=reading.name(programmes[0]),
            parsed=parsed,
            object_id=programmes[0].entity_id,
        )


def _same_main(parsed: Parsed, first: Mention, second: Mention) -> bool:
    """Whether two mentions stand in the same independent clause."""
    roots = []
    for mention in (first, second):
        index = next(i for i, token in enumerate(parsed.sentence.tokens) if token.mention is mention)
        clause = parsed.clause_at(index)
        while clause.parent:
            clause = clause.parent
        roots.append(clause)
    return roots[0] is roots[1]


def main_membership(reading: Reading) -> Iterator[Claim]:
    """The one site a title names, where a sentence without any site says that the document's programme took it in."""
    programme = reading.programme
    if programme is None or len(reading.titled_sites) != 1:
        return
    for parsed in reading.parsed:
        named = {m.entity_id or m.surface for m in parsed.sentence.mentions() if m.kind == "programme"}
        sited = any(m.kind == "site" for m in parsed.sentence.mentions())
        if (
            (programme.entity_id or programme.surface) in named
            and not sited
            and SAYS["chosen"].search(reading.text(parsed))
        ):
            yield claim(reading, parsed, reading.titled_sites[0][0], "part_of_programme", programme)
            return


def covered(reading: Reading, number: int) -> Iterator[Claim]:
    """Sites a convention or an application is said to cover, when it is the document's own and names no programme."""
    parsed = reading.parsed[number]
    sentence = parsed.sentence
    text = reading.text(parsed)
    programme = reading.programme
    chosen = SAYS["chosen"].search(text) is not None and not any(
        negated(parsed, c, reading.lexis) for c in parsed.clauses
    )
    if (
        programme is None
        or not (chosen or SAYS["covers"].search(text))
        or any(m.kind == "programme" for m in sentence.mentions())
    ):
        return
    sites = [m for m in sentence.mentions() if m.kind == "site"]
    if text.rstrip().endswith(":") and re.search(r"\b(?:sites|quartiers|secteurs|ensembles|cités)\b", text):
        sites += listed(reading.parsed, number)
    for site in sites:
        yield claim(reading, parsed, site, "part_of_programme", programme)


def partnerships(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« porté par X, en partenariat avec Y et Z »."""
    sentence = parsed.sentence
    text = reading.text(parsed)
    match = SAYS["partners"].search(text)
    if match is None:
        return
    at = sentence.start + match.start()
    bearers = [m for m in sentence.mentions() if m.kind == "body" and m.end <= at]
    if not bearers or bearers[-1] in reading.pieces.team:
        return
    bearer = next((m for m in bearers if m.entity_id == bearers[-1].entity_id and m.entity_id), bearers[-1])
    for i, token in enumerate(sentence.tokens):
        if token.start > at and i and sentence.tokens[i].mention is None and parsed.owner[i] != parsed.owner[i - 1]:
            break
        if token.mention and token.mention.kind == "body" and token.start > at:
            yield Claim(
                subject=bearer.surface,
                predicate="partner_of",
                object=token.mention.surface,
                parsed=parsed,
                subject_id=bearer.entity_id,
                object_id=token.mention.entity_id,
            )
