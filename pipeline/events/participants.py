"""Who and what took part: the names of the event's own clause, and those it leans on.

Why: a chronology by body, site or programme is only as good as the links of its lines.
Idea: the clause's own names; the noun a participle or a relative clause is about; the subject a second verb shares, or a
pronoun recalls; descriptions without a date (« présidée par », « confiée à ») go with what they describe. Each identity
once, under its full name where an acronym follows in brackets.
Limits: « il » recalls the subject of the sentence before, whatever its gender.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.records import Mention, Participant, Role

from .clauses import Clause, Parsed
from .lexis import Lexis, plain
from .triggers import law_date, negated

ROLES: dict[str, Role] = {
    "body": "body",
    "programme": "programme",
    "site": "site",
    "place": "place",
    "person": "person",
    "law": "law",
    "amount": "amount",
}
SINGULAR_IN_S = ("prendre", "mettre", "quérir")
LISTING = frozenset({"figurer", "concerner"})
BESIDE = re.compile(
    r"(?:nord|sud|est|ouest|nord-est|nord-ouest|sud-est|sud-ouest|centre|proximité|environs|km) (?:de |d'|du )(?:la |l')?$"
)
CAUSE = re.compile(r"(?:à la suite|suite|consécutive?ment)$")
DEICTIC = frozenset({"vos", "ces", "cet", "cette", "ce", "ses", "leurs", "son", "sa", "leur", "nos"})
STREET = re.compile(r"(?:rue|avenue|boulevard|bd|quai|route|impasse)\.? ")
ZONE = re.compile(r"(?:zones?\b|z\.?[ufr]\.?[sapu]\b|quartiers? prioritaires?|qpv|politique de la ville)")


def root(clause: Clause) -> Clause:
    """The independent clause a clause hangs on."""
    while clause.parent:
        clause = clause.parent
    return clause


def dated(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether a clause tells an event of its own: it holds a date, or a founding statute."""
    if any(mention.kind == "date" for mention in parsed.mentions(clause)):
        return True
    founding = any(form.lemma in lexis.verbs["setting"] for form in clause.verbs.values())
    return founding and any(m.kind == "law" and law_date(m) for m in parsed.mentions(clause))


def own_mentions(parsed: Parsed, clause: Clause, lexis: Lexis) -> list[Mention]:
    """Names of the clause, of the undated descriptions inside it, and of the undated participles beside it."""
    found = parsed.mentions(clause)
    for child in parsed.clauses:
        inside = child.parent is clause and not (child.shares and dated(parsed, child.shares, lexis))
        beside = child.shares is clause and clause.kind == "participle"
        if child is clause or child.kind != "participle" or not (inside or beside) or dated(parsed, child, lexis):
            continue
        lemmas = {form.lemma for form in child.verbs.values()}
        if not lemmas & (lexis.verbs["aside"] | (lexis.verbs["state"] - {"porter", "établir"})):
            found += own_mentions(parsed, child, lexis)
    return sorted(found, key=lambda m: m.start)


def segment(parsed: Parsed, clause: Clause, at: int) -> list[Mention]:
    """In a list of nouns with several dates (« étude de X (1978), subvention de Y (1979) »), the names of one of them."""
    tokens = parsed.sentence.tokens
    dates = [i for i in clause.tokens if (m := tokens[i].mention) and m.kind == "date"]
    start = max((i for i in dates if i < at), default=-1)
    stop = min((i for i in dates if i > at), default=len(tokens))
    if start >= 0:
        start = next((i for i in range(start, at) if tokens[i].text == ","), -1)
    if stop < len(tokens):
        stop = next((i for i in range(stop, at, -1) if tokens[i].text == ","), len(tokens))
    return [m for m in parsed.mentions(clause, start=start + 1, end=stop) if m.kind != "date"]


def is_plural(parsed: Parsed, clause: Clause) -> bool:
    """Whether a participle or a relative clause is about several things."""
    for index, form in clause.verbs.items():
        text = parsed.sentence.tokens[index].text
        if clause.kind == "participle" and form.tense == "participle":
            return text.endswith("s") and not (text.endswith("is") and form.lemma.endswith(SINGULAR_IN_S))
        if clause.kind == "relative":
            return text.endswith("nt")
    return False


def antecedent(parsed: Parsed, clause: Clause, lexis: Lexis, depth: int = 0) -> list[Mention]:
    """Names of the noun a participle or relative clause is about; climbs where that noun is no name."""
    if depth > 4 or not clause.tokens:
        return []
    if clause.shares and clause.kind != "main":
        return antecedent(parsed, clause.shares, lexis, depth + 1)
    parent = clause.parent
    if parent is None:
        return []
    tokens, first = parsed.sentence.tokens, clause.tokens[0]
    earlier = [i for i in parent.tokens if i < first]
    if not any(tokens[i].text[0].isalnum() for i in earlier) or tokens[first - 1].text in (
        "ce",
        "ceux",
        "celles",
        "celle",
    ):
        return subject(parsed, parent)
    found = _noun_before(parsed, parent, earlier, is_plural(parsed, clause))
    if tokens[first].text in ("où", "dont"):
        found = _listed_with(parsed, parent, found) + found
    persons = found and all(m.kind == "person" for m in found)
    if (not found or persons) and parent.kind != "main":
        found = antecedent(parsed, parent, lexis, depth + 1) + found
    return found if clause.kind == "participle" else [m for m in found if m.kind not in ("law", "amount")]


def _noun_before(parsed: Parsed, parent: Clause, earlier: list[int], plural: bool) -> list[Mention]:
    """Walk back from an embedded clause to the name (if plural, the names) it stands beside."""
    tokens = parsed.sentence.tokens
    found: list[Mention] = []
    for i in reversed(earlier):
        mention = tokens[i].mention
        if i == parent.finite and i in parent.verbs:
            break
        if tokens[i].text in (",", ";", ":") and found and not plural and found[-1].kind != "place":
            break
        if mention and mention.kind not in ("date", "quantity"):
            other = found and not plural and mention.kind == found[-1].kind and not _same(mention, found[-1])
            if other:
                break
            found.append(mention)
    return found[::-1]


def _listed_with(parsed: Parsed, parent: Clause, found: list[Mention]) -> list[Mention]:
    """« les quartiers du Lac et de Torcy, où … »: the name that « et » joins to the antecedent, if of its kind."""
    tokens = parsed.sentence.tokens
    at = next((i for i in parent.tokens if found and tokens[i].mention is found[0]), 0)
    joined = [i for i in parent.tokens if at - 5 < i < at]
    words = [tokens[i].text for i in joined if tokens[i].mention is None]
    named = [m for i in joined if (m := tokens[i].mention) and m.kind == found[0].kind]
    return named[-1:] if "et" in words and "," not in words else []


def _same(first: Mention, second: Mention) -> bool:
    return first.entity_id is not None and first.entity_id == second.entity_id


def subject(parsed: Parsed, clause: Clause) -> list[Mention]:
    """Names before a clause's finite verb; where a participle opens the sentence, those after its comma."""
    found = [m for m in parsed.mentions(clause, end=clause.finite) if m.kind not in ("date", "quantity", "amount")]
    if found:
        return found
    for opening in parsed.clauses:
        if opening.parent is clause and opening.kind == "participle" and opening.tokens and opening.tokens[0] == 0:
            return _after_comma(parsed, opening)
    return []


def _after_comma(parsed: Parsed, clause: Clause) -> list[Mention]:
    comma = next((i for i in clause.tokens if parsed.sentence.tokens[i].text == ","), None)
    return (
        [] if comma is None else [m for m in parsed.mentions(clause, start=comma) if m.kind not in ("date", "quantity")]
    )


def has_pronoun(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether the clause's subject is a pronoun."""
    end = clause.finite if clause.finite is not None else 0
    tokens = parsed.sentence.tokens
    found = [i for i in clause.tokens if i < end and tokens[i].text in lexis.words["pronouns"]]
    # « La Citadelle, elle, est livrée »: the pronoun only repeats its own subject
    return any(i == 0 or tokens[i - 1].text != "," or tokens[i + 1].text != "," for i in found)


def recalls(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether the clause leans on the sentence before: a pronoun, or « vos immeubles », « cet ensemble » as its subject."""
    clitic = any(parsed.sentence.tokens[i].text == "lui" for i in clause.tokens)
    if clitic or has_pronoun(parsed, clause, lexis) or (clause.shares and has_pronoun(parsed, clause.shares, lexis)):
        return True
    if clause.kind == "participle" and clause.tokens[:1] == [0] and clause.parent:  # « Engagée en 1959, elle … »
        return has_pronoun(parsed, clause.parent, lexis)
    main = root(clause)
    end = main.finite if main.finite is not None else 0
    return any(parsed.sentence.tokens[i].text in DEICTIC for i in main.tokens if i < end) and not subject(parsed, main)


def objects(parsed: Parsed, clause: Clause) -> list[Mention]:
    """What « l'a confirmé », « d'y renoncer » stand for: the subject of the clause before."""
    tokens = parsed.sentence.tokens
    verbs = set(clause.verbs)
    clitic = any(tokens[i].text in ("l'", "y", "les", "le", "la") and i + 1 in verbs for i in clause.tokens)
    mains = [c for c in parsed.clauses if c.kind in ("main", "complement")]
    if not clitic or clause not in mains or mains.index(clause) == 0:
        return []
    return [m for m in subject(parsed, mains[mains.index(clause) - 1]) if m.kind in ("site", "programme")]


def _siblings(parsed: Parsed, clause: Clause, lexis: Lexis) -> list[Mention]:
    """« une convention évaluée à 459 M€, approuvée le … »: the undated description of the same noun just before."""
    found: list[Mention] = []
    for other in parsed.clauses:
        beside = other.kind == "participle" and other.parent is clause.parent and other is not clause
        if beside and other.tokens and other.tokens[-1] == clause.tokens[0] - 1 and not dated(parsed, other, lexis):
            lemmas = {form.lemma for form in other.verbs.values()}
            found += [] if lemmas & lexis.verbs["aside"] else parsed.mentions(other)
    return found


def _main_too(parsed: Parsed, clause: Clause, kind: str, lexis: Lexis) -> list[Mention]:
    """What the main clause adds to a participle: the sites of a convention, or those it lists (« figurent … »)."""
    main = root(clause)
    if main is clause or negated(parsed, main, lexis):
        return []
    lists = {form.lemma for form in main.verbs.values()} & LISTING
    if lists and main.finite is not None and clause.tokens[0] < main.finite:
        return own_mentions(parsed, main, lexis)
    return (
        [m for m in own_mentions(parsed, main, lexis) if m.kind in ("site", "programme", "amount")]
        if kind == "signature"
        else []
    )


def gather(
    parsed: Parsed, clause: Clause, kind: str, topic: Sequence[Mention], lexis: Lexis, at: int = -1
) -> list[Mention]:
    """All names of an event told by ``clause`` and dated at token ``at``; ``topic`` is what a pronoun recalls."""
    found = segment(parsed, clause, at) if not clause.verbs and at >= 0 else own_mentions(parsed, clause, lexis)
    if clause.kind in ("participle", "relative", "subordinate"):
        found += antecedent(parsed, clause, lexis)
    if clause.kind == "participle":
        found += _main_too(parsed, clause, kind, lexis)
        found += _siblings(parsed, clause, lexis)
    elif clause.shares is not None:
        found += subject(parsed, clause.shares)
    elif clause.kind == "main":
        found += subject(parsed, clause) if clause.verbs else []
        found += objects(parsed, clause)
    mains = [c for c in parsed.clauses if c.kind == "main" and c.tokens]
    earlier = _told_before(parsed, clause, mains, topic, lexis) if clause in mains[1:] else []
    earlier = [m for m in earlier if m.kind in ("body", "site", "programme", "place")]
    if earlier and (has_pronoun(parsed, clause, lexis) or not any(m.kind in ROLES for m in found)):
        found += earlier
    elif recalls(parsed, clause, lexis):
        sited = any(m.kind == "site" for m in found)
        found += [m for m in topic if m.kind != "site" or not sited]
    return without_brackets(parsed, without_places(parsed, found))


def _told_before(
    parsed: Parsed, clause: Clause, mains: Sequence[Clause], topic: Sequence[Mention], lexis: Lexis
) -> list[Mention]:
    """What the independent clause before tells of; for a pronoun its subject, or what its own pronoun stands for."""
    previous = mains[mains.index(clause) - 1]
    if not has_pronoun(parsed, clause, lexis):
        return own_mentions(parsed, previous, lexis)
    return (list(topic) if has_pronoun(parsed, previous, lexis) else []) or own_mentions(parsed, previous, lexis)


def without_places(parsed: Parsed, found: Sequence[Mention]) -> list[Mention]:
    """Names without places that only situate (« à l'ouest de Nîmes », « les usines Peugeot de Sochaux »), nor causes."""
    tokens, dropped, cause = parsed.sentence.tokens, set[str](), -1
    for i, token in enumerate(tokens):
        words = " ".join(t.text for t in tokens[max(0, i - 4) : i]).replace("' ", "'") + " "
        if CAUSE.search(words.rstrip()) and token.text in ("de", "du", "des", "d'", "à", "au"):
            cause = parsed.owner[i]
        if token.mention is None:
            cause = -1 if token.text in ",;." else cause
            continue
        maker = (
            i > 1
            and (m := tokens[i - 2].mention) is not None
            and m.kind == "body"
            and tokens[i - 1].text in ("de", "d'")
        )
        if (token.mention.kind == "place" and (maker or BESIDE.search(words))) or cause == parsed.owner[i]:
            dropped.add(token.mention.mention_id)
    return [m for m in found if m.mention_id not in dropped]


def without_brackets(parsed: Parsed, found: Sequence[Mention]) -> list[Mention]:
    """Names without the acronyms that only repeat in brackets the name before, and without zones, which are no actors."""
    tokens, out = parsed.sentence.tokens, {m.mention_id: m for m in found}
    for i in range(2, len(tokens)):
        mention, full = tokens[i].mention, tokens[i - 2].mention
        if mention is None or full is None or full.kind != mention.kind or full.mention_id not in out:
            continue
        short = len(mention.surface) < len(full.surface) and " " not in mention.surface
        if tokens[i - 1].text == "(" and short:
            out.pop(mention.mention_id, None)
    return [
        m for m in out.values() if not (m.kind == "programme" and ZONE.match(plain(m.surface))) and not is_street(m)
    ]


def is_street(mention: Mention) -> bool:
    """Whether a site is only an address: « rue des Farines » tells where, and takes part in nothing."""
    return mention.kind == "site" and STREET.match(plain(mention.surface)) is not None


def participants(mentions: Iterable[Mention]) -> tuple[Participant, ...]:
    """Participants in reading order, each identity once."""
    out: dict[tuple[str, str], Participant] = {}
    for mention in sorted(mentions, key=lambda m: (m.page, m.start, m.mention_id)):
        role = ROLES.get(mention.kind)
        if role is not None:
            key = (role, mention.entity_id or mention.surface.casefold())
            out.setdefault(
                key,
                Participant(
                    role=role, surface=mention.surface, mention_id=mention.mention_id, entity_id=mention.entity_id
                ),
            )
    return tuple(out.values())
