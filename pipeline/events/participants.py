"""Who and what took part: the names of the event's own clause, and those it leans on.

Why: a chronology by body, site or programme is only as good as the links of its lines.
Idea: the clause's own names; the noun a participle or a relative clause is about; the subject a second verb shares, or a
pronoun recalls; descriptions without a date (« présidée par », « confiée à ») go with what they describe. Each identity
once, under its full name where an acronym follows in brackets.
Limits: « il » recalls the subject of the sentence before, whatever its gender.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.records import Mention, Participant, Role

from .clauses import Clause, Parsed
from .lexis import Lexis

ROLES: dict[str, Role] = {
    "body": "body",
    "programme": "programme",
    "site": "site",
    "place": "place",
    "person": "person",
    "law": "law",
    "amount": "amount",
}
ASIDE = frozenset({"ouvrir", "appartenir", "situer", "localiser", "composer", "comprendre"})


def dated(parsed: Parsed, clause: Clause) -> bool:
    """Whether a clause holds a date of its own."""
    return any(mention.kind == "date" for mention in parsed.mentions(clause))


def own_mentions(parsed: Parsed, clause: Clause, lexis: Lexis) -> list[Mention]:
    """Names of the clause and of the undated descriptions inside it."""
    found = parsed.mentions(clause)
    for child in parsed.clauses:
        if child.parent is clause and child is not clause and child.kind == "participle" and not dated(parsed, child):
            lemmas = {form.lemma for form in child.verbs.values()}
            if not lemmas & (ASIDE | lexis.verbs["state"]):
                found += own_mentions(parsed, child, lexis)
    return sorted(found, key=lambda m: m.start)


def is_plural(parsed: Parsed, clause: Clause) -> bool:
    """Whether a participle or a relative clause is about several things."""
    for index, form in clause.verbs.items():
        text = parsed.sentence.tokens[index].text
        if clause.kind == "participle" and form.tense == "participle":
            return (
                text.endswith("s") and not text.endswith(("is", "us")) or text.endswith(("us", "is")) and len(text) > 4
            )
        if clause.kind == "relative":
            return text.endswith("nt") or text in ("ont", "sont", "seront")
    return False


def antecedent(parsed: Parsed, clause: Clause, lexis: Lexis, depth: int = 0) -> list[Mention]:
    """Names of the noun a participle or relative clause is about; climbs where that noun is no name."""
    parent = clause.shares if clause.shares and clause.kind != "main" else clause.parent
    if clause.shares and clause.kind != "main":
        return antecedent(parsed, clause.shares, lexis, depth + 1) if depth < 4 else []
    if parent is None or not clause.tokens or depth > 4:
        return []
    tokens, first = parsed.sentence.tokens, clause.tokens[0]
    earlier = [i for i in parent.tokens if i < first]
    if not any(tokens[i].text[0].isalnum() for i in earlier):
        return subject(parsed, parent, lexis, after=clause)
    plural, found = is_plural(parsed, clause), list[Mention]()
    for i in reversed(earlier):
        mention = tokens[i].mention
        if i in parent.verbs and parent.verbs[i].tense not in ("infinitive", "gerund") and i == parent.finite:
            break
        if mention and mention.kind not in ("date", "quantity", "amount"):
            if found and not plural and not _same_group(found[-1], mention, tokens, i):
                break
            found.append(mention)
    if not found:
        return antecedent(parsed, parent, lexis, depth + 1) if parent.kind != "main" else []
    return found[::-1]


def _same_group(later: Mention, mention: Mention, tokens: Sequence[object], i: int) -> bool:
    """« le quartier X, à Y » and « le commissariat (CGET) » are one noun; « A, B » are two."""
    return later.kind == "place" or mention.kind != later.kind or mention.entity_id == later.entity_id is not None


def subject(parsed: Parsed, clause: Clause, lexis: Lexis, after: Clause | None = None) -> list[Mention]:
    """Names before a clause's finite verb (in a sentence that opens with a participle: also those after its comma)."""
    end = clause.finite
    found = [m for m in parsed.mentions(clause, end=end) if m.kind not in ("date", "quantity", "amount")]
    if after is None or not found:
        for opening in parsed.clauses:
            if opening.parent is clause and opening.kind == "participle" and opening is not after and not found:
                found = [] if opening.tokens[0] != 0 else _after_comma(parsed, opening)
    return found


def _after_comma(parsed: Parsed, clause: Clause) -> list[Mention]:
    comma = next((i for i in clause.tokens if parsed.sentence.tokens[i].text == ","), None)
    return [] if comma is None else [m for m in parsed.mentions(clause, start=comma) if m.kind != "date"]


def has_pronoun(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether the clause's subject is a pronoun."""
    end = clause.finite if clause.finite is not None else 0
    return any(parsed.sentence.tokens[i].text in lexis.words["pronouns"] for i in clause.tokens if i < end)


def gather(parsed: Parsed, clause: Clause, kind: str, topic: Sequence[Mention], lexis: Lexis) -> list[Mention]:
    """All names of an event told by ``clause``; ``topic`` is what a pronoun recalls."""
    found = own_mentions(parsed, clause, lexis)
    if clause.kind in ("participle", "relative", "subordinate"):
        found += antecedent(parsed, clause, lexis)
    if clause.kind == "participle" and kind == "signature":
        main = clause.parent
        while main and main.parent:
            main = main.parent
        if main:
            found += [m for m in own_mentions(parsed, main, lexis) if m.kind in ("site", "programme")]
    if clause.shares is not None:
        found += subject(parsed, clause.shares, lexis)
    elif clause.kind == "main" and not subject(parsed, clause, lexis):
        found += subject(parsed, clause, lexis)
    if has_pronoun(parsed, clause, lexis) or (clause.shares and has_pronoun(parsed, clause.shares, lexis)):
        found += topic
    if clause.kind == "main" and clause.finite is not None and parsed.clauses[0] is clause:
        opening = next((c for c in parsed.clauses if c.parent is clause and c.tokens and c.tokens[0] == 0), None)
        if opening is not None and not subject(parsed, clause, lexis):
            found += _after_comma(parsed, opening)
    return found


def participants(
    mentions: Iterable[Mention], aliases: frozenset[tuple[str, str]] = frozenset()
) -> tuple[Participant, ...]:
    """Participants in reading order, each identity once. ``aliases``: (mention id of an acronym, of its full name)."""
    shadowed = {short for short, _ in aliases}
    out: dict[tuple[str, str], Participant] = {}
    ordered = sorted({m.mention_id: m for m in mentions}.values(), key=lambda m: (m.start, m.mention_id))
    present = {m.mention_id for m in ordered}
    for mention in ordered:
        role = ROLES.get(mention.kind)
        if role is None or (
            mention.mention_id in shadowed and any(b in present for a, b in aliases if a == mention.mention_id)
        ):
            continue
        key = (role, mention.entity_id or mention.surface.casefold())
        if key not in out:
            out[key] = Participant(
                role=role, surface=mention.surface, mention_id=mention.mention_id, entity_id=mention.entity_id
            )
    return tuple(out.values())
