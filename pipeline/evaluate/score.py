"""How well the pipeline's answers agree with annotated documents.

Idea: answers and gold are paired one to one, exact pairs first, then near ones (six tenths of the words shared). Dates
count by value, amounts by value and currency, quantities by number and unit, the other kinds by surface without article,
accents and case. What a gold document marks optional is neither rewarded nor punished. Identity is scored over pairs of
mentions: do two mentions of one thing share one entity, and only those?
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.evaluate.gold import GoldDocument, GoldEvent, GoldMention
from pipeline.records import (
    KINDS,
    AmountValue,
    DateValue,
    Event,
    Found,
    History,
    Mention,
    QuantityValue,
    Relation,
)

ARTICLE = re.compile(r"^(?:l'|d'|(?:la|le|les|du|de la|des|de|aux?|à la|une?|en|dans) )+", re.IGNORECASE)
NEAR = 0.6  # share of words two names must have in common to count as the same
MACRO = ("programme", "body", "site", "place", "date", "amount", "quantity", "event")
IDENTITY_KINDS = ("programme", "body")

G = TypeVar("G")
P = TypeVar("P")


@dataclass(slots=True)
class Tally:
    """Counts of hits, misses and inventions for one measure, with the words of the last two."""

    hits: int = 0
    lost: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Hits among the answers given; 0 where none was given."""
        return self.hits / (self.hits + len(self.invented)) if self.hits else 0.0

    @property
    def recall(self) -> float:
        """Hits among the answers looked for; 0 where there was none."""
        return self.hits / (self.hits + len(self.lost)) if self.hits else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def fold(words: str) -> str:
    """Lower case, without accents, leading article, quotes or punctuation: what two spellings of a name share."""
    text = unicodedata.normalize("NFKC", words).replace("’", "'").replace("‘", "'")
    text = ARTICLE.sub("", " ".join(text.split()).strip("«»\"'()[]., ;:").strip())
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"[^\w%/&]+", " ", bare.casefold()).strip()


def same_name(left: str, right: str, *, exact: bool) -> bool:
    """Whether two surfaces name the same thing."""
    one, other = fold(left), fold(right)
    if not one or not other:
        return False
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    first, second = set(one.split()), set(other.split())
    return not exact and len(first & second) / len(first | second) >= NEAR


def pair(
    gold: Iterable[G], answers: Iterable[P], agree: Callable[[G, P, bool], bool]
) -> tuple[list[tuple[G, P]], list[G], list[P]]:
    """Pair greedily, one to one, in order: exact agreement first, then near. Returns pairs, gold lost, answers invented."""
    lost, invented, pairs = list(gold), list(answers), []
    for exact in (True, False):
        for wanted in list(lost):
            given = next((answer for answer in invented if agree(wanted, answer, exact)), None)
            if given is not None:
                pairs.append((wanted, given))
                lost.remove(wanted)
                invented.remove(given)
    return pairs, lost, invented


def score_document(gold: GoldDocument, found: Found, history: History, tallies: defaultdict[str, Tally]) -> None:
    """Add one document's agreement to ``tallies`` (by kind, ``event``, ``participant``, ``relation``, ``identity …``)."""
    for kind in KINDS:
        _score_kind(kind, gold, found.mentions, tallies)
    _score_events(gold, history.events, tallies)
    _score_relations(gold, history.relations, tallies)


def _score_kind(kind: str, gold: GoldDocument, mentions: Sequence[Mention], tallies: defaultdict[str, Tally]) -> None:
    wanted = [mention for mention in gold.mentions if mention.kind == kind and not mention.optional]
    # A place named where a body was optional, and the reverse, is a matter of taste.
    spared = [mention for mention in gold.mentions if mention.optional and (mention.kind == kind or kind == "body")]
    given = [mention for mention in mentions if mention.kind == kind]
    pairs, lost, invented = pair(wanted, given, _agree)
    title = fold(gold.title)
    punished = [m for m in invented if not any(_agree(s, m, False) for s in spared) and fold(m.surface) not in title]
    tally = tallies[kind]
    tally.hits += len(pairs)
    tally.lost += [f"{gold.name}: {mention.surface} -> {mention.value}" for mention in lost]
    tally.invented += [f"{gold.name}: {mention.surface} [{mention.method}]" for mention in punished]
    if kind in IDENTITY_KINDS:
        _score_identity(pairs, tallies[f"identity {kind}"], gold.name)


def _score_identity(pairs: Sequence[tuple[GoldMention, Mention]], tally: Tally, name: str) -> None:
    known = [(fold(wanted.value or wanted.surface), given.entity_id, given.surface) for wanted, given in pairs]
    for index, (thing, entity, surface) in enumerate(known):
        for other_thing, other_entity, other_surface in known[:index]:
            is_one, said_one = thing == other_thing, entity is not None and entity == other_entity
            words = f"{name}: {other_surface} ~ {surface}"
            tally.hits += is_one and said_one
            tally.lost += [words] * (is_one and not said_one)
            tally.invented += [words] * (said_one and not is_one)


def _agree(wanted: GoldMention, given: Mention, exact: bool) -> bool:
    if wanted.kind == "date":
        return (
            isinstance(given.value, DateValue)
            and wanted.value == f"{given.value.date_from}/{given.value.date_to}"
            and (not exact or same_name(wanted.surface, given.surface, exact=True))
        )
    if wanted.kind == "amount":
        number, currency = (wanted.value or "0 ?").split(" ", 1)
        return (
            isinstance(given.value, AmountValue)
            and given.value.currency == currency
            and abs(float(given.value.value) - float(number)) < 0.005 * max(1.0, float(number))
        )
    if wanted.kind == "quantity":
        number, unit = (wanted.value or "0 ?").split(" ", 1)
        return (
            isinstance(given.value, QuantityValue)
            and fold(unit)[:4] == fold(given.value.unit)[:4]
            and abs(float(given.value.value) - float(number)) < 1e-6 + 0.001 * abs(float(number))
        )
    return same_name(wanted.surface, given.surface, exact=exact)


def _score_events(gold: GoldDocument, events: Sequence[Event], tallies: defaultdict[str, Tally]) -> None:
    pairs, lost, invented = pair(gold.events, events, _same_event)
    tally = tallies["event"]
    tally.hits += len(pairs)
    tally.lost += [f"{gold.name}: {event.date_from}/{event.date_to} {event.words}" for event in lost]
    tally.invented += [f"{gold.name}: {event.date_from}/{event.date_to} {event.excerpt}" for event in invented]
    for wanted, given in pairs:
        surfaces = [(participant.role, participant.surface) for participant in given.participants]
        hits, missed, extra = pair(wanted.participants, surfaces, _same_participant)
        where = f"{gold.name}: « {wanted.words[:50]} »"
        tallies["participant"].hits += len(hits)
        tallies["participant"].lost += [f"{where} {role}={surface}" for role, surface in missed]
        tallies["participant"].invented += [f"{where} {role}={surface}" for role, surface in extra]


def _same_event(wanted: GoldEvent, given: Event, exact: bool) -> bool:
    if (wanted.date_from, wanted.date_to) != (given.date_from.isoformat(), given.date_to.isoformat()):
        return False
    words = set(fold(wanted.words).split())
    return len(words & set(fold(given.excerpt).split())) / max(1, len(words)) >= (0.8 if exact else 0.5)


def _same_participant(wanted: tuple[str, str], given: tuple[str, str], exact: bool) -> bool:
    return wanted[0] == given[0] and same_name(wanted[1], given[1], exact=exact)


def _score_relations(gold: GoldDocument, relations: Sequence[Relation], tallies: defaultdict[str, Tally]) -> None:
    given = [(relation.subject, relation.predicate, relation.object) for relation in relations]
    pairs, lost, invented = pair(gold.relations, given, _same_relation)
    tallies["relation"].hits += len(pairs)
    tallies["relation"].lost += [f"{gold.name}: {' | '.join(words)}" for words in lost]
    tallies["relation"].invented += [f"{gold.name}: {' | '.join(words)}" for words in invented]


def _same_relation(wanted: tuple[str, str, str], given: tuple[str, str, str], exact: bool) -> bool:
    if wanted[1] != given[1]:
        return False
    return same_name(wanted[0], given[0], exact=exact) and same_name(wanted[2], given[2], exact=exact)


def macro_f1(tallies: defaultdict[str, Tally]) -> float:
    """Mean F1 of the eight kinds a chronology is made of."""
    return sum(tallies[kind].f1 for kind in MACRO) / len(MACRO)
