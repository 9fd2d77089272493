"""What each finder of the room proposes, before anything is decided.

Why: a date inside a law, a number inside a programme's name: finders overlap, and one joint decision must choose.
Idea: a finder is a pure function from a page's text to candidates; offsets are into that text.
Limits: a candidate is an opinion; only the joint decision makes mentions of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import AmountValue, DateValue, Kind, QuantityValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stretch ``text[start:end]`` that may be a mention; ``confidence`` is the finder's own, 0 to 1.

    ``identity`` is a repeatable key of the thing meant (``loi:2003-710``), ``name`` its canonical name, where known.
    """

    start: int
    end: int
    kind: Kind
    method: str
    confidence: float
    value: DateValue | AmountValue | QuantityValue | None = None
    identity: str | None = None
    name: str | None = None
