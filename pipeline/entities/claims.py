"""A claim: what one source of evidence says about a stretch of text, with the weight it carries.

Why: gazetteers, grammars, cues and the model speak about the same words; they must speak one language to be weighed.
Idea: a claim is a ``Candidate`` with what linking needs. The kind ``nothing`` claims that a stretch is no mention at all
(a street address, a quoted title): it competes like the others and is dropped when it wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.entities.candidate import Candidate
from pipeline.records import AmountValue, DateValue, Kind, QuantityValue

ClaimKind = Kind | Literal["nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A stretch ``text[start:end]`` said to be of ``kind``; ``score`` 0 to 1 for each of its words.

    ``entity_ids``: gazetteer entries it may be (homonyms); ``name``: the canonical name where a grammar knows it;
    ``lasting``: the name keeps this kind wherever the document uses it again.
    """

    start: int
    end: int
    kind: ClaimKind
    score: float
    method: str
    entity_ids: tuple[str, ...] = ()
    name: str | None = None
    short: str | None = None
    lasting: bool = False
    value: DateValue | AmountValue | QuantityValue | None = None


def from_candidate(candidate: Candidate) -> Claim:
    """A finder's candidate (date, amount, quantity, law) as a claim."""
    return Claim(
        start=candidate.start,
        end=candidate.end,
        kind=candidate.kind,
        score=candidate.confidence,
        method=candidate.method,
        entity_ids=(candidate.identity,) if candidate.identity else (),
        name=candidate.name,
        value=candidate.value,
    )
