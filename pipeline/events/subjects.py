"""What a clause is about: its subject, the noun a relative or a participle takes up, whether it leans on what came before.

Why: who did it stands before the verb, or before the clause, or in the sentence before; each has its own signs.
Idea: names before the finite verb; for an embedded clause the name it stands beside, further up where that is none; a
pronoun or a pointing word says that the sentence before must be asked (``anaphora.py``).
Limits: the nearest name is taken for the antecedent, but where « et » joins two or the clause is plural.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Mention

from .clauses import Clause, Parsed
from .lexis import Lexis

SINGULAR_IN_S = ("prendre", "mettre", "quérir")


def root(clause: Clause) -> Clause:
    """The independent clause a clause hangs on."""
    while clause.parent:
        clause = clause.parent
    return clause


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
    found = [i for i in found if [token.text for token in tokens[i : i + 3]] != ["il", "y", "a"]]
    after_ce = lexis.words["after_ce"]
    found = [i for i in found if tokens[i].text != "ce" or i + 1 in clause.verbs or tokens[i + 1].text in after_ce]
    # « La Citadelle, elle, est livrée »: the pronoun only repeats its own subject
    return any(i == 0 or tokens[i - 1].text != "," or tokens[i + 1].text != "," for i in found)


def recalls(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether the clause leans on the sentence before: a pronoun, or « vos immeubles », « cet ensemble » as its subject."""
    tokens = parsed.sentence.tokens
    clitic = any(
        tokens[i].text == "lui" and tokens[i + 1 : i + 2] and tokens[i + 1].text[0].isalpha() for i in clause.tokens
    )
    if clitic or has_pronoun(parsed, clause, lexis) or (clause.shares and has_pronoun(parsed, clause.shares, lexis)):
        return True
    if clause.kind == "participle" and clause.tokens[:1] == [0] and clause.parent:  # « Engagée en 1959, elle … »
        return has_pronoun(parsed, clause.parent, lexis)
    main = root(clause)
    end = main.finite if main.finite is not None else 0
    points = any(tokens[i].text in lexis.words["deictic"] for i in main.tokens if i < end)
    return points and not subject(parsed, main)


def objects(parsed: Parsed, clause: Clause) -> list[Mention]:
    """What « l'a confirmé », « d'y renoncer », « lui a succédé » stand for: the subject of the clause before."""
    tokens = parsed.sentence.tokens
    verbs = set(clause.verbs)
    clitics = {tokens[i].text for i in clause.tokens if i + 1 in verbs} & {"l'", "y", "les", "le", "la", "lui", "leur"}
    mains = [c for c in parsed.clauses if c.kind in ("main", "complement")]
    if not clitics or clause not in mains or mains.index(clause) == 0:
        return []
    kinds = {"body", "person", "programme"} if clitics & {"lui", "leur"} else {"site", "programme"}
    before = mains[mains.index(clause) - 1]
    there = [m for m in parsed.mentions(before) if m.kind in kinds][-1:] if clitics == {"y"} else []
    return [m for m in subject(parsed, before) if m.kind in kinds] or there


def listed(rows: Sequence[Parsed], number: int) -> list[Mention]:
    """First site of each item of the list that sentence ``number`` opens."""
    out: list[Mention] = []
    for below in range(number + 1, len(rows)):
        row = rows[below]
        if not row.sentence.bullet:
            break
        out += [m for m in row.sentence.named if m.kind == "site"][:1] if row.sentence.first else []
    return out
