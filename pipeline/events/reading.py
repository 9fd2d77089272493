"""A document as the relations need it: its parsed sentences, its names by identity, and what it is about.

Why: a relation is told once for the document, under the names the document uses; both need the whole of it.
Limits: the programme a document is about is the one it names most, funding lines and zones apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.records import Mention, Predicate

from . import formulas
from .clauses import Parsed
from .lexis import Lexis, bare, holds, plain

ZONE = re.compile(r"(?:zones?\b|z\.?[ufr]\.?[sapu]|quartiers? prioritaires?|qpv|politique de la ville)")
PURSE = re.compile(
    r"\b(?:feder|fse|fnadt|fisac|fgts|fau|fsu|frafu|lbu|pla|palulos|detr|dsil|dpv|fipd|logement|patronal|plan de relance|cper"
    r"|contrats? de (?:plan|projets)|dsu|dotation|ligne budgétaire|investissements d'avenir)\b|^fonds\b"
)
PROJECT = re.compile(
    r"projets? (?:de |du |d')?(?:re)?(?:rénovation|renovation|renouvellement|nouvellement) urbaine?", re.IGNORECASE
)


def is_purse(mention: Mention) -> bool:
    """Whether a programme is a line of money (« F.S.U. », « 1 % patronal ») rather than what money is spent on."""
    return mention.kind == "programme" and PURSE.search(plain(mention.surface).replace(".", "")) is not None


@dataclass(slots=True)
class Reading:
    """A document as relations need it: parsed sentences (and what each is about), page texts, names by identity."""

    parsed: list[Parsed]
    texts: dict[int, str]
    mentions: list[Mention]
    title: str
    pieces: formulas.Pieces
    lexis: Lexis
    told: list[list[Mention] | None]
    short: dict[str, str] = field(default_factory=dict)
    first: dict[str, Mention] = field(init=False)
    full: dict[str, str] = field(init=False)
    communes: frozenset[str] = frozenset()
    programme: Mention | None = field(init=False)
    titled_sites: list[tuple[Mention, Parsed]] = field(init=False)
    project: str | None = field(init=False)

    def __post_init__(self) -> None:
        """Find once what every sentence may ask for."""
        self.first = {m.entity_id: m for m in reversed(self.mentions) if m.entity_id}
        self.full = {}
        for mention in self.mentions:
            if mention.entity_id and not formulas.SAYS["generic"].match(plain(mention.surface)):
                self.full.setdefault(mention.entity_id, mention.surface)
        self.programme = self._programme()
        self.titled_sites = self._titled_sites()
        self.project = self._project()

    def text(self, parsed: Parsed) -> str:
        """Plain text of a sentence."""
        return parsed.sentence.low

    def name(self, mention: Mention) -> str:
        """The name to state: the acronym the text defines, or for a bare « office » the full name it stands for."""
        key = mention.entity_id or mention.surface
        if key in self.short:
            return self.short[key]
        return self.full_name(mention)

    def first_name(self, mention: Mention) -> Mention:
        """The first mention of the same identity: the full name an acronym in brackets stands for."""
        return self.first.get(mention.entity_id or "", mention)

    def full_name(self, mention: Mention) -> str:
        """The name as it stands, or for a bare « office » the first full name of the same body."""
        if not formulas.SAYS["generic"].match(plain(mention.surface)) or not mention.entity_id:
            return mention.surface
        return self.full.get(mention.entity_id, mention.surface)

    def between(self, first: Mention, second: Mention) -> str:
        """Plain text from the end of one mention to the start of another on the same page."""
        return plain(self.texts[first.page][first.end : second.start])

    def _programme(self) -> Mention | None:
        """The programme the document speaks of most, funding lines and zones apart."""
        named = [m for p in self.parsed for m in p.sentence.mentions() if m.kind == "programme"]
        named = [m for m in named if not ZONE.match(plain(m.surface)) and not is_purse(m)]
        title = bare(plain(self.title))
        counts = Counter(m.entity_id or m.surface for m in named)
        counts.update({m.entity_id or m.surface: 100 for m in named if bare(plain(m.surface)) in title})
        best = counts.most_common(1)[0][0] if counts else None
        return next((m for m in named if (m.entity_id or m.surface) == best), None)

    def _titled_sites(self) -> list[tuple[Mention, Parsed]]:
        """Sites the title names, each once, with the sentence that first tells of them."""
        title, out = bare(plain(self.title)), dict[str, tuple[Mention, Parsed]]()
        for parsed in self.parsed:
            for m in parsed.sentence.mentions():
                if m.kind == "site" and holds(title, bare(plain(m.surface))):
                    out.setdefault(m.entity_id or m.surface, (m, parsed))
        return sorted(out.values(), key=lambda row: title.find(bare(plain(row[0].surface))))

    def _project(self) -> str | None:
        """« projet de rénovation urbaine » as the title or a heading writes it."""
        for parsed in self.parsed[:8]:
            sentence = parsed.sentence
            match = PROJECT.search(self.texts[sentence.page][sentence.start : sentence.end])
            if match and len(sentence.tokens) < 25:
                return match.group()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A relation before it has an id."""

    subject: str
    predicate: Predicate
    object: str
    parsed: Parsed
    subject_id: str | None = None
    object_id: str | None = None


def claim(reading: Reading, parsed: Parsed, first: Mention, predicate: Predicate, second: Mention) -> Claim:
    """A relation between two mentions."""
    return Claim(
        subject=reading.name(first),
        predicate=predicate,
        object=reading.name(second),
        parsed=parsed,
        subject_id=first.entity_id,
        object_id=second.entity_id,
    )


def neighbours(parsed: Parsed) -> Iterator[tuple[Mention, Mention]]:
    """Each mention with the next one of the sentence."""
    found = parsed.sentence.mentions()
    yield from pairwise(found)
