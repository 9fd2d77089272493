"""A date that may date an event, with the words around it that decide.

Why: every reason for or against a date asks the same few questions of its clause; they are answered once.
Limits: « near » is the few words before the date, in its own sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.records import Mention

from .clauses import Clause, Parsed
from .lexis import Lexis, plain
from .verbs import Form

ARTICLES = r"(?:\s?:)?(?:\s(?:le|la|les|l'|du|de|au|en|des|de la))*\s?$"


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

    def before(self, phrases: str, between: str = ARTICLES) -> bool:
        """Whether a phrase of the table stands just before the date."""
        return re.search(self.lexis.phrases[phrases].pattern + between, self.near) is not None
