"""Lots of a market: what stands under « Lot n° 2 – … » belongs to that lot and to no other.

Why: an award notice names its holders, sums and days lot by lot; lent to one another, they tell who never worked where.
Idea: the lines since the last « Lot » at the head of a line; its heading says what the lot is about, « Titulaire : » who got
it, « Montant : » for how much.
Limits: a lot ends with its page, at the next section or after a dozen sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Mention

from .clauses import Parsed
from .drafts import State
from .formulas import SAYS

LONGEST = 12


def lot_of(state: State) -> list[Parsed]:
    """The sentences of the lot the current one stands in, its heading first; none outside a lot."""
    for at in range(state.number, max(-1, state.number - LONGEST), -1):
        sentence = state.parsed[at].sentence
        if sentence.first and SAYS["lot"].match(sentence.low):
            return state.parsed[at : state.number + 1]
        if sentence.first and SAYS["section"].match(sentence.low):
            return []
    return []


def of_lot(lot: Sequence[Parsed], parsed: Parsed, found: Sequence[Mention]) -> list[Mention]:
    """What a lot lends to an event told in it: its ground; to its award, its holders and its sum too."""
    kinds = {m.kind for m in found}
    lent = [] if kinds & {"site", "programme", "place"} else _about(lot[0])
    if not SAYS["award"].search(parsed.sentence.low):
        return lent
    for row in lot:
        if "body" not in kinds and row.sentence.first and SAYS["team"].match(row.sentence.opening):
            lent += [m for m in row.sentence.named if m.kind == "body"]
        if "amount" not in kinds and SAYS["budget"].match(row.sentence.opening):
            lent += [m for m in row.sentence.named if m.kind == "amount"][:1]
    return lent


def _about(heading: Parsed) -> list[Mention]:
    """What a lot's heading names; of « la tour X, à Y » the tower only."""
    out: list[Mention] = []
    tokens = heading.sentence.tokens
    for i, token in enumerate(tokens):
        situates = bool(out) and tokens[i - 1].text in ("à", "au", "aux")
        if token.mention and token.mention.kind in ("site", "programme", "place", "amount") and not situates:
            out.append(token.mention)
    return out
