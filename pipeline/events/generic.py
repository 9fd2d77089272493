"""Bodies a clause calls by their bare kind: « la chambre a arrêté », « achetée par la ville ».

Why: once named, a body is « la chambre » for the rest of the paper, and what it did is lost to its history.
Idea: a bare definite noun that acts (before the verb, or after « par ») stands for the last body of that kind named before;
the participant keeps the word as it stands and the identity of what it stands for.
Limits: two offices in one paper: the last one named is taken; without any named, nobody is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from pipeline.records import Mention

from .clauses import Clause, Parsed
from .drafts import State
from .lexis import Lexis, bare, plain
from .text import Token

TOWN = "ville"


def called_bodies(parsed: Parsed, clause: Clause, found: list[Mention], state: State) -> list[Mention]:
    """What the bare nouns that act in a clause stand for, under those nouns."""
    out = []
    for i in clause.tokens:
        if acts(parsed, clause, i, state.lexis) and (named := last_named(parsed, i, state)):
            token = parsed.sentence.tokens[i]
            surface = state.text(parsed.sentence.page)[token.start : token.end]
            out.append(replace(named, surface=surface, page=parsed.sentence.page, start=token.start, end=token.end))
    known = {m.entity_id for m in found}
    return [m for m in out if m.entity_id not in known or m.entity_id is None]


def acts(parsed: Parsed, clause: Clause, i: int, lexis: Lexis) -> bool:
    """Whether token ``i`` is a bare noun for a body, as the subject of its clause or who does it in the passive."""
    tokens = parsed.sentence.tokens
    if tokens[i].mention or tokens[i].text not in lexis.words["body_heads"] or i == 0:
        return False
    if tokens[i - 1].text not in ("la", "le", "l'") or not _ends(tokens, i + 1, clause, lexis):
        return False
    agent = i > 1 and tokens[i - 2].text == "par"
    opened = i == 1 or tokens[i - 2].text in (",", ":", ";", "et", "que", "qu'", "mais", "puis", "»", "-", "–", "•")
    dated = i > 1 and (m := tokens[i - 2].mention) is not None and m.kind == "date"
    return agent or ((opened or dated) and clause.finite is not None and i < clause.finite)


def _ends(tokens: tuple[Token, ...], i: int, clause: Clause, lexis: Lexis) -> bool:
    """Whether a noun phrase ends before token ``i``: « la ville », not « la ville nouvelle », « la chambre de commerce »."""
    if i >= len(tokens):
        return True
    text, mention = tokens[i].text, tokens[i].mention
    if mention is not None:
        return mention.kind == "date"
    clitic = text in lexis.words["clitics"] or text in (
        "ne",
        "n'",
        "se",
        "s'",
        "pour",
        "à",
        "au",
        "dans",
        "lors",
        "puis",
    )
    return i in clause.verbs or clitic or text in lexis.words["noun_ends"] or not text[0].isalnum()


def by_head(mentions: Iterable[Mention], lexis: Lexis) -> dict[str, list[Mention]]:
    """Bodies of several words by the noun they begin with, in reading order; towns under one noun, whatever it is."""
    out: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.kind == "body" and " " in mention.surface:
            out.setdefault(head_of(plain(mention.surface).split(" ")[0], lexis), []).append(mention)
    return out


def head_of(noun: str, lexis: Lexis) -> str:
    """A noun without its accents; the first of the words for a town, for all of them."""
    return TOWN if noun in lexis.words["town_heads"] else bare(noun)


def last_named(parsed: Parsed, i: int, state: State) -> Mention | None:
    """The last body of the noun's kind named before token ``i``; else the only one of the document."""
    bodies = state.heads_of_bodies.get(head_of(parsed.sentence.tokens[i].text, state.lexis), [])
    here = (parsed.sentence.page, parsed.sentence.tokens[i].start)
    at = bisect_left(bodies, here, key=lambda m: (m.page, m.start))
    if at:
        return bodies[at - 1]
    return bodies[0] if len({m.entity_id for m in bodies}) == 1 else None
