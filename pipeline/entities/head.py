"""Rows of ``grammar.toml``: heads, labels, and nouns that refer back.

A head is a noun that says what the name beside it is (« quartier », « office public », « plan »).
Why: rows are read in several modules; here is what each may say, so that a misspelt key ends the run that reads it.
Limits: what each key of a head means is told once, at the top of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.entities.knowledge import Knowledge, words_key
from pipeline.records import Kind

SECTIONS = ("site", "body", "programme", "place", "nothing")
Mode = Literal["no", "inside", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One row of a section of heads; ``score`` is 0 to 1, ``policy`` and ``not_after`` are regular expressions."""

    words: tuple[str, ...]
    plural: tuple[str, ...] = ()
    score: float
    why: str
    score_outside: float | None = None
    name: str | None = None
    of: Mode = "no"
    of_plural: Mode | None = None
    apposed: Mode | Literal["quoted"] = "no"
    alone: Literal["no", "capital", "always"] = "no"
    tail: Literal["name", "long", "words", "place", "policy", "title"] = "name"
    policy: str = ""
    not_after: str = ""
    needs_capital: bool = False
    needs_lower: bool = False
    inner: bool = False
    determined: bool = False
    acts: Literal["", "town", "commune", "territory"] = ""
    street: bool = False
    large_towns: bool = True
    digits: bool = False
    heading: bool = False
    listed: bool = False
    of_only: bool = False
    title: bool = False
    loose: bool = False
    series: bool = False
    pair: bool = False
    adjective: bool = False
    double: bool = False
    named: bool = False
    yields: bool = False


@lru_cache(maxsize=2)  # asked for every page of a run, whose knowledge is one
def heads(knowledge: Knowledge) -> Mapping[str, tuple[Head, ...]]:
    """The rows of each section of heads, in order. Raises ``TypeError`` for a row with a key that no head has."""
    return {section: tuple(Head(**row) for row in knowledge.grammar[section]) for section in SECTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One row of labels: what stands after one of ``words`` is of ``kind``; ``score`` is 0 to 1."""

    words: tuple[str, ...]
    kind: Kind
    score: float
    why: str


@lru_cache(maxsize=2)  # asked for every page of a run, whose knowledge is one
def labels(knowledge: Knowledge) -> Mapping[str, Label]:
    """The rows of labels by each of their words, folded. Raises ``TypeError`` for a row with a key that no label has."""
    rows = (Label(**row) for row in knowledge.grammar["label"])
    return {words_key(word): row for row in rows for word in row.words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """One row of nouns that refer back; ``score`` is 0 to 1. ``capital``: only with one; ``determined``: only after an
    article; ``acting``: only where what follows is what an assembly does.
    """

    words: tuple[str, ...]
    score: float
    why: str
    capital: bool
    determined: bool = False
    acting: bool = False


@lru_cache(maxsize=2)  # asked for every page of a run, whose knowledge is one
def backs(knowledge: Knowledge) -> tuple[Back, ...]:
    """The nouns that refer back, in order. Raises ``TypeError`` for a row with a key that no such noun has."""
    return tuple(Back(**row) for row in knowledge.grammar["back"])
