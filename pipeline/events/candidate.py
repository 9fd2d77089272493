"""A date that may date an event, with the words around it that decide.

Why: every reason for or against a date asks the same few questions of its clause; they are answered once.
Limits: « near » is the few words before the date, in its own sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .lexis import Lexis, plain
from .verbs import Form

SAYS = wordings(__file__, "refusals.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A date that may date an event: where it stands, the words before it, the verbs of its clause."""

    parsed: Parsed
    clause: Clause
    at: int
    mention: Mention | None
    near: str
    words: str
    lemmas: list[str]
    finite: Form | None
    lexis: Lexis

    @property
    def surface(self) -> str:
        """The date's plain words."""
        return plain(self.mention.surface).strip() if self.mention else ""

    def before(self, phrases: str, between: re.Pattern[str] = SAYS["articles"], near: str | None = None) -> bool:
        """Whether a phrase of the table, then ``between``, end the words before the date; ``near``: more words than the few."""
        return re.search(self.lexis.phrases[phrases].pattern + between.pattern, near or self.near) is not None
