"""A head: a noun that says what the name beside it is (« quartier », « office public », « plan »), as ``grammar.toml`` has it.

Why: a row of the table is read in two modules; here is what it may say, so that a misspelt key ends the run that reads it.
Limits: what each key means is told once, at the top of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.entities.knowledge import Knowledge

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
