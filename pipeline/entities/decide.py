"""The joint decision: of all claims on a page, the set without overlap that explains most, best.

Why: a body's name holds a place, a programme's holds a number, a law holds a date; choosing claim by claim needs a rule
for each pair, choosing all at once needs none.
Idea: weighted interval scheduling (Kleinberg and Tardos, Algorithm Design, 6.1). A claim weighs its score times the
words it explains, so that a whole name beats its parts, and a doubtful long claim loses to sure short ones.
Limits: claims are independent given their scores; what depends on other mentions is a second reading, not this one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from pipeline.entities.claims import Claim

EACH = 0.12  # what one more mention costs: between equals, fewer and longer ones are preferred
THRESHOLD = 0.4  # a claim weaker than this is not worth a mention


def weight(claim: Claim, starts: Sequence[int]) -> float:
    """Score times the number of words the claim covers (``starts``: offsets of the page's words), less a fixed cost."""
    words = bisect_left(starts, claim.end) - bisect_left(starts, claim.start)
    return claim.score * max(1, words) - EACH


def decide(claims: Iterable[Claim], starts: Sequence[int]) -> list[Claim]:
    """The best set of claims without overlap, in order of the text; ties go to the earlier, then longer, then kind."""
    pool = sorted(
        (claim for claim in claims if claim.score >= THRESHOLD and claim.start < claim.end),
        key=lambda claim: (claim.end, claim.start, claim.kind, claim.method),
    )
    ends = [claim.end for claim in pool]
    best: list[float] = [0.0]
    took: list[tuple[bool, int]] = [(False, 0)]
    for index, claim in enumerate(pool, start=1):
        before = bisect_right(ends, claim.start, 0, index - 1)
        gain = best[before] + weight(claim, starts)
        better = gain > best[-1] + 1e-9
        took.append((better, before))
        best.append(gain if better else best[-1])
    chosen, index = [], len(pool)
    while index:
        taken, before = took[index]
        if taken:
            chosen.append(pool[index - 1])
        index = before if taken else index - 1
    return chosen[::-1]
