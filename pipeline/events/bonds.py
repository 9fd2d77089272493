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
from .lexis import plain
from .reading import ZONE, Claim, Reading, claim
from .triggers import negated

ROLE = (
    "président|présidente|directeur|directrice|vice-président|vice-présidente|adjoint|adjointe|chargé|chargée|chef|cheffe"
    "|responsable|représentant|représentante|secrétaire|délégué|déléguée|membre|architecte|urbaniste|ingénieur|conseiller"
    "|conseillère|élu|élue|porte-parole|gardien|gardienne|préfet|sous-préfet|animateur|animatrice|administrateur|trésorière?"
)
FILL = (
    "cabinet|entreprise|atelier|groupe|office|syndicat|comité|collectif|amicale|régie|direction|service|conseil|général"
    "|générale|technique|adjoint|adjointe|association|société|agence|bureau|d'études|pour|de mission|de projet|de|du|des|d'"
    "|la|le|les|l'|à|au|et"
)
ROLE_WORDS = re.compile(
    r"\s*(?:,\s*(?:pour |association |société )?|\(\s*(?:(?:représentante?|représentants|pour|au nom|au titre|élue?|déléguée?)"
    r" (?:de |du |des )?(?:la |le |les |l')?)?|\s[-–—|]\s"
    r"|,\s*(?:(?:de|du|pour) (?:la |l')?(?:association |société |entreprise |agence )?|l'association |la société )"
    rf"|,\s*(?:(?:nommée?|élue?|désignée?|recrutée?|alors|ancien(?:ne)?|futur)\s+)?(?:{ROLE})(?:\s+|(?<='))(?:(?:{ROLE}|{FILL})(?:\s+|(?<=')))*)"
)
FOR_BODY = re.compile(r"\s*(?:\([^()]*\)\s*)?:\s*(?:m\.|mm\.|mme|mmes|mlle)?\s*")
AND_PERSON = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:,|et|;)\s*(?:m\.|mm\.|mme|mmes|mlle)?\s*")
AFFILIATED = re.compile(
    r"\s*(?:\([^()]*\)|\))?\s*,?\s*(?:(?:est|qui est|étant) )?(?:(?:affiliée?|adhérente?|rattachée?) (?:à|au)|membre (?:de|du)"
    r"|filiale (?:de|du))\s*(?:la |le |l')?"
)
OFFICER = re.compile(
    r"(?:\)|»)?,\s*(?:(?:vice-)?présidente?|directeur|directrice|receveur|secrétaire(?: général\w*)?|trésorier\w*"
    r"|administrat\w+)(?: (?:général\w*|adjointe?|technique|financi\w+))*\s*(?=[,;.)]|et\b|$)"
)
CHOSEN = re.compile(r"\b(?:retenu|sélectionné|inscrit|désigné|choisi)e?s?\b|\bintérêt (?:national|régional)\b")
COVERS = re.compile(
    r"\b(?:convention|projet|protocole|contrat|candidature|dossier|avenant|périmètre)s?\b.{0,80}"
    r"\b(?:porte sur|concern\w+|couvr\w+|se décline|vise|comprend|intéresse|prévoit)\b"
    r"|\b(?:inscrit|retenu|intégré)e?s? (?:dans|à|au) (?:la |le |l')?"
    r"(?:convention|projet|protocole|contrat|avenant|programme)\b"
)
OFFICE = re.compile(
    r"(?:sous-)?préfets?|préfète|(?:premier )?ministre(?: d'état)?|maire|secrétaire d'état|président|conseil|comité\b"
)
UNDER = re.compile(
    r"\b(?:au titre|dans le cadre|inscri\w+|reten\w+|retient|parmi|conventions?|relèv\w+|relevant|(?:fait|font|faire) l'objet"
    r"|bénéfici\w+|figur\w+|propos\w+|éligible|lauréat\w*|sélectionn\w+|classé\w*|quartiers? (?:du|de la|d')"
    r"|périmètre|avenant|contrat|protocole|dossier|candidature|annonc\w+|se décline|prioritaires?"
    r"|intérêt (?:national|régional))\b"
)
PARTNERS = re.compile(
    r"(?:en (?:partenariat|association|lien|coopération|collaboration) avec|aux côtés de|avec le concours de"
    r"|conjointement avec)\b"
)


ACTORS = frozenset({"person", "body"})
LED = re.compile(
    r"\s*»?\s*(?:\([^()]*\)\s*)?,?\s*(?:que (?:préside|dirige|anime)(?:nt|it|ait)?"
    r"|que (?:présid|dirige|anim)\w+"
    r"|,? ?(?:animée?|présidée?|dirigée?|fondée?|créée?) (?:depuis [^,]{0,20} |jusqu'[^,]{0,20} )?par)"
    r"(?: l[ea] [a-zéè]+| l'[a-zéè]+)?\s*(?:m\.|mm\.|mme|mmes|mlle)?\s*"
)
DEPUTED = re.compile(
    rf"(?:\s*\([^()]*\))?\s*,\s*(?:[^,;:()]{{0,40}},\s*)?représentée? par (?:son |sa |le |la |l')?(?:(?:{ROLE}|{FILL})\s+)*"
    rf"(?:{ROLE})(?: (?:général|générale|adjoint|adjointe|délégué|déléguée|en exercice|du directoire))*"
    r",?\s*(?:m\.|mme|mlle)?\s*"
)


def neighbours(parsed: Parsed) -> Iterator[tuple[Mention, Mention]]:
    """Each mention with the next one of the sentence."""
    found = parsed.sentence.mentions()
    yield from pairwise(found)


def members(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« Mme X, directrice de Y », « M. X (Y) », and in a list « Y : M. X, Mme Z »."""
    body: Mention | None = None
    led_by: Mention | None = None
    for first, second in neighbours(parsed):
        if first.kind not in ACTORS or second.kind not in ACTORS:
            body = None
            continue
        gap = reading.between(first, second)
        if first.kind == "person" and second.kind == "body" and ROLE_WORDS.fullmatch(gap):
            yield from membership(reading, parsed, first, second)
        led = first.kind == "body" and second.kind == "person"
        if led and (LED.fullmatch(gap) or DEPUTED.fullmatch(gap)):
            yield from membership(reading, parsed, second, first)
            led_by = first
        if led_by is not None and first.kind == second.kind == "person" and AND_PERSON.fullmatch(gap):
            yield from membership(reading, parsed, second, led_by)
        if first.kind == second.kind == "body" and AFFILIATED.fullmatch(gap):
            yield from membership(reading, parsed, reading.first_name(first), second)
        body = first if first.kind == "body" and second.kind == "person" and FOR_BODY.fullmatch(gap) else body
        goes_on = first.kind == second.kind == "person" and AND_PERSON.fullmatch(gap)
        if body is not None and second.kind == "person" and (first is body or goes_on):
            yield from membership(reading, parsed, second, body)
        elif not goes_on:
            body = None


def addressed(reading: Reading, number: int) -> Iterator[Claim]:
    """A name on one line and « Directeur général de l'X » on the next: an address, a signature."""
    if number + 1 >= len(reading.parsed):
        return
    named, below = reading.parsed[number].sentence, reading.parsed[number + 1].sentence
    if len(named.tokens) > 5 or len(below.tokens) > 12 or not below.first or not below.mentions():
        return
    person, body = named.mentions()[-1:], below.mentions()[0]
    if person and person[0].kind == "person" and person[0].end == named.end and body.kind == "body":
        words = plain(reading.texts[below.page][below.start : body.start])
        if ROLE_WORDS.fullmatch(", " + words):
            yield from membership(reading, reading.parsed[number + 1], person[0], body)


def officers(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« M. X, directeur, et M. Y, receveur » in the minutes of one body: they are that body's."""
    issuers = {
        m.entity_id or m.surface: m for m in reversed(reading.pieces.letterhead) if not OFFICE.match(plain(m.surface))
    }
    if len(issuers) != 1 or reading.pieces.sitting is None:
        return
    text, start = reading.text(parsed), parsed.sentence.start
    for person in parsed.sentence.mentions():
        if person.kind == "person" and OFFICER.match(text, person.end - start):
            yield from membership(reading, parsed, person, next(iter(issuers.values())))


def membership(reading: Reading, parsed: Parsed, person: Mention, body: Mention) -> Iterator[Claim]:
    """A person in a body, under the body's name as it stands, or in full where that is « l'office »."""
    if OFFICE.match(plain(body.surface)):
        return
    full = reading.full_name(body)
    yield Claim(
        subject=person.surface,
        predicate="member_of",
        object=full,
        parsed=parsed,
        subject_id=person.entity_id,
        object_id=body.entity_id,
    )


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
    if not UNDER.search(text):
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
        if (programme.entity_id or programme.surface) in named and not sited and CHOSEN.search(reading.text(parsed)):
            yield claim(reading, parsed, reading.titled_sites[0][0], "part_of_programme", programme)
            return


def covered(reading: Reading, number: int) -> Iterator[Claim]:
    """Sites a convention or an application is said to cover, when it is the document's own and names no programme."""
    parsed = reading.parsed[number]
    sentence = parsed.sentence
    text = reading.text(parsed)
    programme = reading.programme
    chosen = CHOSEN.search(text) is not None and not any(negated(parsed, c, reading.lexis) for c in parsed.clauses)
    if (
        programme is None
        or not (chosen or COVERS.search(text))
        or any(m.kind == "programme" for m in sentence.mentions())
    ):
        return
    sites = [m for m in sentence.mentions() if m.kind == "site"]
    if text.rstrip().endswith(":") and re.search(r"\b(?:sites|quartiers|secteurs|ensembles|cités)\b", text):
        sites += listed(reading, number)
    for site in sites:
        yield claim(reading, parsed, site, "part_of_programme", programme)


def listed(reading: Reading, number: int) -> list[Mention]:
    """First site of each item of the list a sentence opens."""
    out: list[Mention] = []
    for below in range(number + 1, len(reading.parsed)):
        parsed = reading.parsed[below]
        if not parsed.sentence.bullet:
            break
        out += [m for m in parsed.sentence.mentions() if m.kind == "site"][:1] if parsed.sentence.first else []
    return out


def partnerships(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« porté par X, en partenariat avec Y et Z »."""
    sentence = parsed.sentence
    text = reading.text(parsed)
    match = PARTNERS.search(text)
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
