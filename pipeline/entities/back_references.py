"""Nouns that refer back to a body: « la Ville », « l'Agence », « le conseil municipal ».

Why: deliberations name who acts once, and then by a common noun; events need to know that somebody acts.
Idea: nouns are rows of ``grammar.toml``; a row says whether it needs a capital, an article, or what an assembly does behind it.
Limits: which body is meant is decided in linking (``identity.py``): the last one linked whose name begins with the noun.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.entities.claims import Claim
from pipeline.entities.head import backs
from pipeline.entities.knowledge import Hit, Knowledge
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording

_ACTS = wording("acts")
_OF = wording("of_something")
_NAMED = wording("own_name")
_DETERMINED = wording("determined")


def back_claims(reading: Reading, hits: Iterable[Hit], knowledge: Knowledge) -> list[Claim]:
    """Claims that a noun (``grammar.toml``, back) stands for a body, in order of the text."""
    claims = []
    for hit in hits:
        if hit.pattern.section != "back":
            continue
        row = backs(knowledge)[hit.pattern.row]
        start, end = reading.starts[hit.first], reading.ends[hit.last]
        lone = _DETERMINED.search(reading.flat[max(0, start - 6) : start])
        of_something = _OF.match(reading.flat, end) if row.capital else _NAMED.match(reading.text, end)
        idle = row.acting and not _ACTS.match(reading.flat, end)
        if of_something or idle or (row.determined and not lone):
            continue
        if not row.capital or (lone and reading.text[start].isupper() and not reading.in_capitals(start)):
            claims.append(Claim(start=start, end=end, kind="body", score=row.score, method="back reference"))
    return claims
