"""Relations a document states: who pays, who owns, what became of whom, what lies where.

Why: a chronology says when; the relations say how bodies, sites and programmes hang together.
Idea: each predicate has a few wordings between two names; one function a predicate, each a generator over sentences. A
relation is told once for the document, under the names it uses most: the acronym where the text defines one.
Limits: what a gazetteer knows (a commune's department) is not repeated here; a site without any place beside it lies in
the document's own commune, if it has one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.records import Mention, Predicate, Relation

from . import formulas
from .clauses import Clause, Parsed
from .dating import leading_verbs, negated, words_of
from .lexis import Lexis, bare, plain
from .participants import antecedent, has_pronoun, recalls, subject
from .places import located

ROLE = (
    "président|présidente|directeur|directrice|vice-président|vice-présidente|adjoint|adjointe|chargé|chargée|chef|cheffe"
    "|responsable|représentant|représentante|secrétaire|délégué|déléguée|membre|architecte|urbaniste|ingénieur|conseiller"
    "|conseillère|élu|élue|porte-parole|gardien|gardienne|préfet|sous-préfet|animateur|animatrice|administrateur|trésorière?"
)
FILL = "général|générale|technique|adjoint|adjointe|association|société|agence|bureau|d'études|pour|de mission|de projet|de|du|des|d'|la|le|les|l'|à|au|et"
ROLE_WORDS = re.compile(rf"\s*(?:,\s*(?:pour |association |société )?|\(\s*|,\s*(?:de |du )?(?:l'association |la société )?|,\s*(?:{ROLE})(?:\s+|(?<='))(?:(?:{ROLE}|{FILL})(?:\s+|(?<=')))*)")
FORMER = re.compile(r"\s*\(\s*(?:anciennement|autrefois|naguère|ex[- ]?|successeur de|issue? de)\s*(?:l'|la |le |les )?")
BECOMES = frozenset({"devenir", "dénommer", "prendre le nom", "transformer", "laisser place", "effacer", "céder la place", "renommer", "rebaptiser", "disparaître"})
TAKES_OVER = frozenset({"succéder", "remplacer", "absorber", "substituer", "réunir", "regrouper", "reprendre"})
PAYS = frozenset({"apporter", "débloquer", "verser", "accorder", "financer", "subventionner", "allouer", "octroyer", "cofinancer", "attribuer", "participer", "contribuer", "doter", "garantir", "prêter", "mobiliser", "couvrir", "soutenir", "abonder"})
GRANT = re.compile(r"\b(?:subventions?|aides?|prêts?|crédits?|soutien|concours|participations?|contributions?|dotations?|fonds)\b(?: \w+){0,2} (?:de |du |des |d')(?:la |le |les |l')?$")
SHARE = re.compile(r"^\s*(?:de|par|du|des|provenant|attendus? de|attribués? par|versés? par|apportés? par|accordés? par|financés? par)?\s*(?:de |par )?(?:des |un |une )?(?:prêts? |subventions? |aides? )?(?:de |du |d')?(?:la |le |les |l')?$")
UNDER = re.compile(
    r"\b(?:au titre|dans le cadre|inscri\w+|reten\w+|parmi|conventions?|relèv\w+|relevant|fait l'objet|font l'objet|faire l'objet"
    r"|bénéfici\w+|figur\w+|propos\w+|éligible|lauréat\w*|sélectionn\w+|classé\w*|quartiers? (?:du|de la|d')|périmètre|retient|avenant"
    r"|contrat|protocole|dossier|candidature|annonc\w+|se décline|prioritaires?|intérêt (?:national|régional))\b"
)
ZONE = re.compile(r"(?:zones?\b|z\.?[ufr]\.?[sapu]|quartiers? prioritaires?|qpv|politique de la ville)")
PURSE = re.compile(r"\b(?:feder|fse|fnadt|fisac|fgts|logement|plan de relance|cper|contrats? de (?:plan|projets)|dsu)\b")
BACK = frozenset({"leur", "leurs", "son", "sa", "ses", "il", "elle", "ils", "elles", "ce", "cette", "ces", "y"})
COST = re.compile(r"\b(?:projet|opérations?|investissements?|coût|programme|plan de financement|dépenses)\b")
PARTNERS = re.compile(r"(?:en (?:partenariat|association|lien|groupement|coopération) avec|aux côtés de|avec le concours de|conjointement avec)\b")
PROJECT = re.compile(r"projets? (?:de |du |d')?(?:re)?(?:rénovation|renovation|renouvellement|nouvellement) urbaine?", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """A document as relations need it: parsed sentences, page texts, names by identity, what it is about."""

    parsed: list[Parsed]
    texts: dict[int, str]
    mentions: list[Mention]
    title: str
    pieces: formulas.Pieces
    lexis: Lexis
    short: dict[str, str] = field(default_factory=dict)

    def name(self, mention: Mention) -> str:
        """The name to state: the acronym the text defines, or for a bare « office » the full name it stands for."""
        key = mention.entity_id or mention.surface
        if key in self.short:
            return self.short[key]
        if formulas.GENERIC.match(plain(mention.surface)) and mention.entity_id:
            same = [m for m in self.mentions if m.entity_id == mention.entity_id]
            return next((m.surface for m in same if not formulas.GENERIC.match(plain(m.surface))), mention.surface)
        return mention.surface

    def between(self, first: Mention, second: Mention) -> str:
        """Plain text from the end of one mention to the start of another on the same page."""
        return plain(self.texts[first.page][first.end : second.start])

    def project(self) -> str | None:
        """« projet de rénovation urbaine » as the title or a heading writes it."""
        for parsed in self.parsed[:8]:
            sentence = parsed.sentence
            match = PROJECT.search(self.texts[sentence.page][sentence.start : sentence.end])
            if match and len(sentence.tokens) < 25:
                return match.group()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A relation before it has an id."""

    subject: str
    predicate: Predicate
    object: str
    parsed: Parsed
    subject_id: str | None = None
    object_id: str | None = None


def claim(reading: Reading, parsed: Parsed, first: Mention, predicate: Predicate, second: Mention) -> Claim:
    """A relation between two mentions."""
    return Claim(
        subject=reading.name(first),
        predicate=predicate,
        object=reading.name(second),
        parsed=parsed,
        subject_id=first.entity_id,
        object_id=second.entity_id,
    )


def is_acronym(short: Mention, full: Mention) -> bool:
    """Whether the first looks like an acronym of the second, or is known to be the same."""
    letters = [c for c in short.surface if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    compact = " " not in short.surface.strip() and len(short.surface) < len(full.surface) and len(letters) <= 12
    same = short.entity_id is not None and short.entity_id == full.entity_id
    return compact and (same or (capitals >= 2 and bare(letters[0]) == bare(full.surface)[0]))


def aliases(reading: Reading) -> Iterator[Claim]:
    """« Agence nationale … (ANRU) » and « ANRU (Agence nationale …) »."""
    for parsed in reading.parsed:
        tokens = parsed.sentence.tokens
        for i in range(len(tokens) - 3):
            first, second = tokens[i].mention, tokens[i + 2].mention
            if not (first and second and first.kind == second.kind and tokens[i + 1].text == "(" and tokens[i + 3].text == ")"):
                continue
            pair = (second, first) if is_acronym(second, first) else (first, second) if is_acronym(first, second) else None
            if pair is None:
                continue
            for one in pair:
                reading.short.setdefault(one.entity_id or one.surface, pair[0].surface)
            yield Claim(
                subject=pair[0].surface,
                predicate="alias_of",
                object=pair[1].surface,
                parsed=parsed,
                subject_id=pair[0].entity_id,
                object_id=pair[1].entity_id,
            )


def neighbours(parsed: Parsed) -> Iterator[tuple[Mention, Mention]]:
    """Each mention with the next one of the sentence."""
    found = parsed.sentence.mentions()
    yield from zip(found, found[1:], strict=False)


def successions(reading: Reading, parsed: Parsed, topic: list[Mention]) -> Iterator[Claim]:
    """A body or programme that takes the place of another."""
    for first, second in neighbours(parsed):
        if first.kind == second.kind == "body" and FORMER.fullmatch(reading.between(first, second)):
            yield claim(reading, parsed, first, "successor_of", second)
    for clause in parsed.clauses:
        verbs = [(i, form.lemma) for i, form in leading_verbs(clause) if form.lemma in BECOMES | TAKES_OVER]
        if not verbs or negated(parsed, clause, reading.lexis):
            continue
        at, lemma = verbs[0]
        before = bodies_before(parsed, clause, at, topic, reading)
        after = [m for m in parsed.mentions(clause, start=at) if m.kind in ("body", "programme")]
        after = list({m.entity_id or m.surface: m for m in reversed(after)}.values())[::-1]
        words = words_of(parsed, clause)
        passive = "par" in words.split() and clause.verbs[at].tense == "participle" and lemma in TAKES_OVER
        if not before or not after:
            continue
        inverted = bool({"laquelle", "auquel", "auxquels", "auxquelles"} & set(words.split()))
        new_first = (lemma in TAKES_OVER) != (passive or inverted)
        for other in after if new_first else after[:1]:
            pair = (before[-1], other) if new_first else (other, before[-1])
            if pair[0].kind == pair[1].kind and (pair[0].entity_id or pair[0].surface) != (pair[1].entity_id or pair[1].surface):
                yield claim(reading, parsed, pair[0], "successor_of", pair[1])


def bodies_before(parsed: Parsed, clause: Clause, at: int, topic: list[Mention], reading: Reading) -> list[Mention]:
    """Who a clause is about: its subject, its antecedent, or what its pronoun recalls."""
    found = [m for m in parsed.mentions(clause, end=at) if m.kind in ("body", "programme")]
    for inner in parsed.clauses:
        if inner.parent is clause and inner.tokens[0] < at and any(f.lemma == "devenir" for f in inner.verbs.values()):
            found += [m for m in parsed.mentions(inner) if m.kind == "body"][:1]
    if not found and clause.kind in ("participle", "relative"):
        found = antecedent(parsed, clause, reading.lexis)
    if not found and clause.shares:
        found = subject(parsed, clause.shares)
    if not found and has_pronoun(parsed, clause, reading.lexis):
        found = topic
    return [m for m in found if m.kind in ("body", "programme")]


def members(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« Mme X, directrice de Y », « M. X (Y) »."""
    for first, second in neighbours(parsed):
        if first.kind == "person" and second.kind == "body" and ROLE_WORDS.fullmatch(reading.between(first, second)):
            full = reading.name(second) if formulas.GENERIC.match(plain(second.surface)) else second.surface
            yield Claim(
                subject=first.surface,
                predicate="member_of",
                object=full,
                parsed=parsed,
                subject_id=first.entity_id,
                object_id=second.entity_id,
            )


def memberships(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """Sites in programmes, where the sentence says under what title; a programme inside another."""
    mentions = [m for m in parsed.sentence.mentions() if not (m.kind == "programme" and ZONE.match(plain(m.surface)))]
    text = plain(reading.texts[parsed.sentence.page][parsed.sentence.start : parsed.sentence.end])
    programmes = list({m.entity_id or m.surface: m for m in mentions if m.kind == "programme"}.values())
    for first, second in zip(programmes, programmes[1:], strict=False):
        if re.fullmatch(r"(?:\s*\([^()]*\))?\s*dans le (?:cadre du )?", reading.between(first, second)):
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
    project = reading.project()
    if not sites and programmes and project and re.search(r"s'inscri|relève|dans le cadre", text):
        yield Claim(
            subject=project,
            predicate="part_of_programme",
            object=reading.name(programmes[0]),
            parsed=parsed,
            object_id=programmes[0].entity_id,
        )


def main_membership(reading: Reading) -> Iterator[Claim]:
    """The site a title names belongs to the programme its document speaks of most."""
    found = [(m, p) for p in reading.parsed for m in p.sentence.mentions()]
    named = [m for m, _ in found if m.kind == "programme"]
    counts = Counter(
        m.entity_id or m.surface for m in named if not ZONE.match(plain(m.surface)) and not PURSE.search(plain(m.surface))
    )
    title = bare(plain(reading.title))
    if not counts or not title:
        return
    best = counts.most_common(1)[0][0]
    programme, parsed = next((m, p) for m, p in found if (m.entity_id or m.surface) == best)
    for site, _ in found:
        if site.kind == "site" and re.search(rf"\b{re.escape(bare(plain(site.surface)))}\b", title):
            yield claim(reading, parsed, site, "part_of_programme", programme)


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


def funders(reading: Reading, parsed: Parsed) -> list[Mention]:
    """Bodies a sentence says give money."""
    out: list[Mention] = []
    text, offset = plain(reading.texts[parsed.sentence.page]), parsed.sentence.start
    mentions = parsed.sentence.mentions()
    pays = any(form.lemma in PAYS for clause in parsed.clauses for form in clause.verbs.values())
    for i, mention in enumerate(mentions):
        if mention.kind != "body":
            continue
        previous = mentions[i - 1] if i else None
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        share = previous and previous.kind == "amount" and SHARE.match(reading.between(previous, mention))
        gap = reading.between(mention, following) if following and following.kind == "amount" else None
        bracket = pays and gap is not None and gap.strip() in ("", "(", ":")
        grant = (pays or any(m.kind == "amount" for m in mentions)) and GRANT.search(text[offset : mention.start])
        if share or bracket or grant:
            out.append(mention)
    return out + [m for m in payers(reading, parsed) if m not in out]


def payers(reading: Reading, parsed: Parsed) -> list[Mention]:
    """Subjects of paying verbs, and agents of their passives."""
    out: list[Mention] = []
    for clause in parsed.clauses:
        at = next((i for i, form in clause.verbs.items() if form.lemma in PAYS), None)
        if at is None or negated(parsed, clause, reading.lexis):
            continue
        names = parsed.mentions(clause)
        if not any(m.kind == "amount" for m in parsed.sentence.mentions()):
            continue
        if clause.verbs[at].tense == "participle" and not any(f.lemma == "avoir" for f in clause.verbs.values()):
            agents = [m for m in names if m.kind == "body" and re.search(r"\bpar (?:la |le |les |l')?$", plain(reading.texts[m.page][:m.start][-12:]))]
            out += agents
        else:
            out += [m for m in parsed.mentions(clause, end=at) if m.kind == "body"]
    return out


def fundings(reading: Reading, parsed: Parsed, topic: list[Mention]) -> Iterator[Claim]:
    """Who pays for what: the sentence's sites, else its programmes, else the subject before, else the project."""
    given = funders(reading, parsed)
    if not given:
        return
    mentions = parsed.sentence.mentions()
    targets = [m for m in mentions if m.kind == "site"] or [m for m in mentions if m.kind == "programme"]
    words = {token.text for token in parsed.sentence.tokens}
    recalled = bool(words & BACK)
    if not targets and recalled:
        targets = [m for m in topic if m.kind == "site"] or [m for m in topic if m.kind == "programme"]
    project = reading.project() if recalled or COST.search(" ".join(sorted(words))) else None
    targets = list({m.entity_id or m.surface: m for m in reversed(targets)}.values())[::-1]
    for body in given:
        for target in targets:
            yield Claim(
                subject=reading.name(body),
                predicate="funds",
                object=target.surface,
                parsed=parsed,
                subject_id=body.entity_id,
                object_id=target.entity_id,
            )
        if not targets and project:
            yield Claim(
                subject=reading.name(body), predicate="funds", object=project, parsed=parsed, subject_id=body.entity_id
            )


def partnerships(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« porté par X, en partenariat avec Y et Z »."""
    sentence = parsed.sentence
    text = plain(reading.texts[sentence.page][sentence.start : sentence.end])
    match = PARTNERS.search(text)
    if match is None:
        return
    at = sentence.start + match.start()
    bearers = [m for m in sentence.mentions() if m.kind == "body" and m.end <= at]
    if not bearers:
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


def commissions(reading: Reading) -> Iterator[Claim]:
    """Clients and team of a reference sheet; the object is the document's title."""
    if not reading.title or not reading.pieces.clients:
        return
    roles: tuple[tuple[Predicate, list[Mention]], ...] = (
        ("client", reading.pieces.clients),
        ("contractor", reading.pieces.team),
    )
    for predicate, mentions in roles:
        for mention in mentions:
            parsed = next(p for p in reading.parsed if mention in p.sentence.mentions())
            full = next(m for m in mentions if (m.entity_id or m.surface) == (mention.entity_id or mention.surface))
            if full is mention:
                yield Claim(
                    subject=mention.surface,
                    predicate=predicate,
                    object=reading.title,
                    parsed=parsed,
                    subject_id=mention.entity_id,
                )


def claims(reading: Reading) -> Iterator[Claim]:
    """All relations of a document, as met."""
    yield from list(aliases(reading))
    yield from commissions(reading)
    topic: list[Mention] = []
    for parsed in reading.parsed:
        yield from successions(reading, parsed, topic)
        yield from members(reading, parsed)
        yield from memberships(reading, parsed)
        yield from fundings(reading, parsed, topic)
        yield from partnerships(reading, parsed)
        for clause in parsed.clauses:
            if clause.kind == "main" and clause.finite is not None:
                if (found := subject(parsed, clause)) or not recalls(parsed, clause, reading.lexis):
                    topic = found
                break
    yield from main_membership(reading)
    for site, place, parsed in located(reading.parsed, reading.texts, reading.title):
        yield Claim(
            subject=site.surface,
            predicate="located_in",
            object=place.surface,
            parsed=parsed,
            subject_id=site.entity_id,
            object_id=place.entity_id,
        )


def relations_of(reading: Reading, document_id: str) -> tuple[Relation, ...]:
    """Relations of a document, each once, in the order first told."""
    out: dict[tuple[str, str, str], Relation] = {}
    counts: dict[str, int] = {}
    for row in claims(reading):
        key = (bare(plain(row.subject)), row.predicate, bare(plain(row.object)))
        if key in out or key[0] == key[2]:
            continue
        counts[row.predicate] = counts.get(row.predicate, 0) + 1
        sentence = row.parsed.sentence
        out[key] = Relation(
            relation_id=f"{document_id}:{row.predicate}:{counts[row.predicate]}",
            subject=row.subject,
            predicate=row.predicate,
            object=row.object,
            subject_id=row.subject_id,
            object_id=row.object_id,
            page=sentence.page,
            excerpt=reading.texts[sentence.page][sentence.start : sentence.end],
            confidence=0.7,
        )
    return tuple(out.values())
