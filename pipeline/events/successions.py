"""What became of a body or a programme: who took whose place, and what it was called before.

Why: the same office has four names in forty years; a history of bodies is first a history of their names.
Idea: verbs of becoming and of replacing with their two sides; former names after « ex- » or « anciennement »; mergers.
Limits: a succession told over two sentences without a pronoun is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .identities import each_once, key_of
from .reading import Claim, Reading, claim, is_office
from .subjects import antecedent, has_pronoun, objects, subject
from .triggers import leading_verbs, negated, words_of

SAYS = wordings(__file__, "successions.toml")


def successions(reading: Reading, parsed: Parsed, topic: list[Mention]) -> Iterator[Claim]:
    """A body or programme that takes the place of another."""
    yield from former_names(reading, parsed)
    yield from born(reading, parsed)
    becomes, takes_over = reading.lexis.verbs["becomes"], reading.lexis.verbs["takes_over"]
    for clause in parsed.clauses:
        if not any(form.lemma in becomes or form.lemma in takes_over for form in clause.verbs.values()):
            continue
        leading = leading_verbs(clause, reading.lexis)
        verbs = [(i, form.lemma) for i, form in leading if form.lemma in becomes | takes_over]
        wished = any(form.lemma in reading.lexis.verbs["proposes"] for _, form in leading)
        if not verbs or wished or negated(parsed, clause, reading.lexis):
            continue
        at, lemma = verbs[0]
        before = bodies_before(parsed, clause, at, topic, reading)
        after = [m for m in parsed.mentions(clause, start=at) if m.kind in ("body", "programme")]
        after = each_once(after)
        words = words_of(parsed, clause)
        passive = "par" in words.split() and clause.verbs[at].tense == "participle" and lemma in takes_over
        inverted = bool({"laquelle", "auquel", "auxquels", "auxquelles"} & set(words.split()))
        if lemma == "succéder" and inverted and not after:
            old = [m for m in antecedent(parsed, clause, reading.lexis) if m.kind in ("body", "programme")]
            yield from chain(reading, parsed, [*old[-1:], *before[-1:]])
        after = after or [m for m in objects(parsed, clause) if m.kind in ("body", "programme")]
        if not before or not after or (lemma in reading.lexis.verbs["unites"] and not joins(after)):
            continue
        if lemma == "succéder" and words.startswith(("à ", "au ", "aux ")):
            yield from chain(reading, parsed, [before[0], *after])
            continue
        new_first = (lemma in takes_over) != (passive or inverted)
        for other in after if new_first else after[:1]:
            pair = (before[-1], other) if new_first else (other, before[-1])
            if pair[0].kind == pair[1].kind and key_of(pair[0]) != key_of(pair[1]):
                yield claim(reading, parsed, pair[0], "successor_of", pair[1])


def joins(names: list[Mention]) -> bool:
    """« réunit X et Y » makes one of two; « le ministre réunit un comité » is a sitting."""
    return len(names) > 1 and not any(is_office(m) for m in names)


def former_names(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« X (ex-Y) », « X, anciennement Y », « X, issue de la fusion de Y et de Z »."""
    found = [m for m in parsed.sentence.named if m.kind in ("body", "programme")]
    for i, (first, second) in enumerate(pairwise(found)):
        if first.kind != second.kind:
            continue
        gap = reading.between(first, second)
        if SAYS["former"].fullmatch(gap):
            yield claim(reading, parsed, first, "successor_of", second)
        elif SAYS["merged"].fullmatch(gap):
            yield claim(reading, parsed, first, "successor_of", second)
            for other, another in pairwise(found[i + 1 :]):
                if not SAYS["also"].fullmatch(reading.between(other, another)):
                    break
                yield claim(reading, parsed, first, "successor_of", another)


def born(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« Née en 2014 de la fusion de X et de Y, Z … »: Z takes their place."""
    opening = next((c for c in parsed.clauses if c.kind == "participle" and c.tokens and c.tokens[0] <= 1), None)
    if opening is None or opening.parent is None or not SAYS["merging"].search(words_of(parsed, opening)):
        return
    old = [m for m in parsed.mentions(opening) if m.kind == "body"]
    new = [m for m in subject(parsed, opening.parent) if m.kind == "body" and m not in old] or old[2:]
    for former in [m for m in old if m not in new[:1]]:
        yield from chain(reading, parsed, [former, *new[:1]])


def chain(reading: Reading, parsed: Parsed, names: list[Mention]) -> Iterator[Claim]:
    """« Aux X ont succédé les Y, puis les Z »: each takes the place of the one before."""
    for older, newer in pairwise(names):
        if older.kind == newer.kind:
            yield claim(reading, parsed, newer, "successor_of", older)


def bodies_before(parsed: Parsed, clause: Clause, at: int, topic: list[Mention], reading: Reading) -> list[Mention]:
    """Who a clause is about: its subject, its antecedent, or what its pronoun recalls."""
    found = [m for m in parsed.mentions(clause, end=at) if m.kind in ("body", "programme")]
    for inner in parsed.clauses:
        if (
            inner.parent is clause
            and inner.tokens
            and inner.tokens[0] < at
            and any(f.lemma == "devenir" for f in inner.verbs.values())
        ):
            found += [m for m in parsed.mentions(inner) if m.kind == "body"][:1]
    if not found and clause.kind in ("participle", "relative"):
        found = antecedent(parsed, clause, reading.lexis)
    if not found and clause.shares:
        found = subject(parsed, clause.shares)
    if not found and has_pronoun(parsed, clause, reading.lexis):
        found = topic
    return [m for m in found if m.kind in ("body", "programme")]
