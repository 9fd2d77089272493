"""Relations told by the few words between two names: « X, présidente de Y », « le DSQ du quartier X ».

Why: most of what administrations state of who belongs where stands right beside the two names, in wordings without number.
Idea: each wording is a row of ``between.toml``: the kinds of the two names, what stands before, between and after them, and
which side may be a list; adding one asks for no code.
Limits: the two names must be neighbours (dates and figures apart) in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise, product
from typing import get_args

from pipeline.records import Mention, Predicate
from pipeline.wordings import word_table, wordings

from .clauses import Parsed
from .identities import each_once, key_of
from .lexis import bare, holds, plain, word_list
from .reading import Claim, Reading, as_written, is_office, joined, takes_no_site

NAMES = frozenset({"person", "body", "site", "programme", "place"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One wording: a row of the table."""

    predicate: Predicate
    first: str
    second: str
    gap: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    clause: re.Pattern[str] | None
    each: str
    turned: bool
    acronym: bool
    spelt: bool
    alone: bool


@cache
def ways() -> tuple[Way, ...]:
    """The table, read once. Raises ``ValueError`` for a predicate that is none."""
    table = word_table(__file__, "between.toml")
    parts: dict[str, str] = {
        name: pattern.pattern for name, pattern in wordings(__file__, "members.toml").items()
    } | table["parts"]

    def whole(pattern: str) -> str:
        return re.sub(r"\{\{(\w+)\}\}", lambda part: f"(?:{whole(parts[part[1]])})", pattern)

    def compiled(row: dict[str, str], name: str) -> re.Pattern[str] | None:
        return re.compile(whole(row[name])) if name in row else None

    out = []
    for row in table["way"]:
        predicate = next((known for known in get_args(Predicate) if known == row["predicate"]), None)
        if predicate is None:
            raise ValueError(f"between.toml: {row['predicate']!r} is no relation")
        out.append(
            Way(
                predicate=predicate,
                first=row["first"],
                second=row["second"],
                gap=re.compile(whole(row["gap"])),
                before=compiled(row, "before"),
                after=compiled(row, "after"),
                clause=compiled(row, "clause"),
                each=row.get("each", ""),
                turned=row.get("turned", False),
                acronym=row.get("acronym", False),
                spelt=row.get("spelt", False),
                alone=row.get("alone", False),
            )
        )
    return tuple(out)


@cache
def ways_between(first: str, second: str) -> tuple[Way, ...]:
    """The wordings that join names of two kinds."""
    same = first == second != "person"
    return tuple(way for way in ways() if (way.first, way.second) == (first, second) or (way.first == "same" and same))


def is_acronym(short: Mention, full: Mention) -> bool:
    """Whether the first looks like an acronym of the second, or is known to be the same."""
    letters = [c for c in short.surface if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    compact = " " not in short.surface.strip() and len(short.surface) < len(full.surface) and len(letters) <= 12
    same = short.entity_id is not None and short.entity_id == full.entity_id
    return compact and (same or (capitals >= 2 and bare(letters[0]) == bare(full.surface)[0]))


def spells(short: Mention, full: Mention) -> bool:
    """Whether the letters of the first are those the words of the second begin with, small words told or not."""
    letters = [c for c in bare(short.surface) if c.isalpha()]
    words = re.findall(r"[^\W\d_]+", bare(plain(full.surface)))
    return letters in ([word[0] for word in words], [word[0] for word in words if word not in word_list("small")])


def between(reading: Reading, number: int, topic: Sequence[Mention]) -> Iterator[Claim]:
    """Every relation a sentence tells in one of the table's wordings; « elle », « la société » stand for whom they take up."""
    parsed = reading.parsed[number]
    names = [*stand_in(reading, parsed, topic), *(m for m in parsed.sentence.named if m.kind in NAMES)]
    text, start = reading.text(parsed), parsed.sentence.start
    for i, (first, second) in enumerate(pairwise(names)):
        gap = reading.between(first, second)
        for way in ways_between(first.kind, second.kind):
            if not way.gap.fullmatch(gap):
                continue
            if way.alone and i and names[i - 1].kind == second.kind and _apposed(reading, names[i - 1], first):
                continue
            left = joined(reading, names[: i + 1][::-1])[::-1] if way.each in ("first", "both") else [first]
            right = joined(reading, names[i + 1 :]) if way.each in ("second", "both") else [second]
            if way.before and not way.before.search(text[: left[0].start - start]):
                continue
            if way.after and not way.after.match(text, second.end - start):
                continue
            if way.clause and not way.clause.search(text):
                continue
            for one, other in product(left, right):
                subject, object_ = (other, one) if way.turned else (one, other)
                if row := _told(reading, parsed, way, subject, object_):
                    yield row


def stand_in(reading: Reading, parsed: Parsed, topic: Sequence[Mention]) -> list[Mention]:
    """What the pronoun or the bare noun that opens a sentence stands for, in its place."""
    sentence = parsed.sentence
    opened = wordings(__file__, "bonds.toml")["opens"].match(sentence.low)
    if opened is None:
        return []
    noun = opened["noun"]
    told = each_once(reversed(topic))
    if noun:
        here = (sentence.page, sentence.start)
        told = [m for m in reading.mentions if m.kind == "body" and (m.page, m.start) < here]
        told = [m for m in told if holds(bare(plain(m.surface)), bare(noun))][-1:] or [
            m for m in topic if m.kind == "body"
        ]
    if len(told) != 1:
        return []
    start, end = (sentence.start + at for at in opened.span("stands"))
    return [replace(told[0], page=sentence.page, start=start, end=end)]


def _apposed(reading: Reading, before: Mention, first: Mention) -> bool:
    """« M. X, directeur de Y, Mme Z »: the office before Y is X's."""
    return reading.between(before, first).lstrip().startswith((",", "(", "–"))


def _told(reading: Reading, parsed: Parsed, way: Way, subject: Mention, object_: Mention) -> Claim | None:
    """The relation under the names the document uses; ``None`` where one side is nothing to state it of."""
    sides = as_written(subject), as_written(object_)
    if way.acronym:
        short, full = (subject, object_) if is_acronym(subject, object_) else (object_, subject)
        if not is_acronym(short, full) or (way.spelt and not spells(short, full)):
            return None
        for one in (short, full):
            reading.short.setdefault(key_of(one), short.surface)
        sides = as_written(short), as_written(full)
    elif subject.entity_id and subject.entity_id == object_.entity_id:
        return None
    elif way.predicate == "member_of":
        if is_office(object_):
            return None
        sides = as_written(subject), reading.in_full(object_)
    elif way.predicate == "part_of_programme":
        if takes_no_site(object_):
            return None
    elif way.predicate == "partner_of":
        sides = reading.in_full(subject), reading.in_full(object_)
    elif way.predicate == "successor_of":
        sides = reading.side(subject), reading.side(object_)
    return Claim(sides[0], way.predicate, sides[1], parsed)
