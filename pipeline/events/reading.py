"""A document as the relations need it: its parsed sentences, its names by identity, and what it is about.

Why: a relation is told once for the document, under the names the document uses; both need the whole of it.
Limits: the programme a document is about is the one it names most, funding lines and zones apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Mention, Predicate
from pipeline.wordings import wordings

from . import formulas
from .clauses import Parsed
from .identities import each_once, key_of
from .lexis import Lexis, bare, holds, plain
from .parts import headed_sites

BONDS, MEMBERS, MONEY = (wordings(__file__, name) for name in ("bonds.toml", "members.toml", "money.toml"))
LEADS = 3  # mentions that make a site the document's own


def is_zone(mention: Mention) -> bool:
    """Whether a programme is a kind of zone, or the whole policy (« Z.U.P. », « politique de la ville »)."""
    return mention.kind == "programme" and MONEY["zone"].match(plain(mention.surface)) is not None


def is_purse(mention: Mention) -> bool:
    """Whether a programme is a line of money (« F.S.U. », « 1 % patronal ») rather than what money is spent on."""
    return mention.kind == "programme" and MONEY["purse"].search(plain(mention.surface).replace(".", "")) is not None


def is_office(mention: Mention) -> bool:
    """Whether a body goes by its bare name (« le conseil municipal », « préfet »): nothing to be a member of."""
    return MEMBERS["office"].match(plain(mention.surface)) is not None


def takes_no_site(mention: Mention) -> bool:
    """Whether a programme is a zone or a line of money, which no site is part of."""
    return is_zone(mention) or is_purse(mention)


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
    main_site: Mention | None = field(init=False)
    sections: list[list[Mention]] = field(init=False)
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
        self.main_site = self._main_site()
        self.sections = list(self._sections())
        self.project = self._project()

    def text(self, parsed: Parsed) -> str:
        """Plain text of a sentence."""
        return parsed.sentence.low

    def name(self, mention: Mention) -> str:
        """The name to state: the acronym the text defines, or for a bare « office » the full name it stands for."""
        return self.short.get(key_of(mention)) or self.full_name(mention)

    def side(self, mention: Mention) -> Side:
        """A mention under the name to state."""
        return Side(self.name(mention), mention.entity_id)

    def in_full(self, mention: Mention) -> Side:
        """A mention under its full name."""
        return Side(self.full_name(mention), mention.entity_id)

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
        named = [m for p in self.parsed for m in p.sentence.named if m.kind == "programme"]
        named = [m for m in named if not takes_no_site(m)]
        title = bare(plain(self.title))
        counts = Counter(key_of(m) for m in named)
        counts.update({key_of(m): 100 for m in named if bare(plain(m.surface)) in title})
        best = counts.most_common(1)[0][0] if counts else None
        return next((m for m in named if key_of(m) == best), None)

    def _titled_sites(self) -> list[tuple[Mention, Parsed]]:
        """Sites the title names, each once, with the sentence that first tells of them."""
        title, out = bare(plain(self.title)), dict[str, tuple[Mention, Parsed]]()
        for parsed in self.parsed:
            for m in parsed.sentence.named:
                if m.kind == "site" and holds(title, bare(plain(m.surface))):
                    out.setdefault(key_of(m), (m, parsed))
        return sorted(out.values(), key=lambda row: title.find(bare(plain(row[0].surface))))

    @property
    def titled_programme(self) -> bool:
        """Whether the title names the programme the document is about."""
        return self.programme is not None and bare(plain(self.programme.surface)) in bare(plain(self.title))

    def _main_site(self) -> Mention | None:
        """The first site of the title, else the one the document names more than twice as often as any other."""
        if self.titled_sites:
            return self.titled_sites[0][0]
        sites = [m for m in self.mentions if m.kind == "site"]
        counts = Counter(key_of(m) for m in sites).most_common(2)
        clear = counts and counts[0][1] >= LEADS and (len(counts) == 1 or counts[0][1] > 2 * counts[1][1])
        return next((m for m in sites if key_of(m) == counts[0][0]), None) if clear else None

    def _sections(self) -> Iterator[list[Mention]]:
        """For each sentence, the one site its heading names."""
        section: list[Mention] = []
        for parsed in self.parsed:
            sites = headed_sites(parsed)
            section = section if sites is None else sites
            yield section

    def _project(self) -> str | None:
        """« projet de rénovation urbaine » as the title or a heading writes it."""
        for parsed in self.parsed[:8]:
            sentence = parsed.sentence
            match = BONDS["project"].search(self.texts[sentence.page][sentence.start : sentence.end])
            if match and not parsed.finite and len(sentence.tokens) < 25:
                return match.group()
        return None


class Side(NamedTuple):
    """One side of a relation: the name it is stated under, and whose it is; ``None`` where it stays unlinked."""

    name: str
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation before it has an id, as the sentence ``parsed`` states it."""

    subject: Side
    predicate: Predicate
    object: Side
    parsed: Parsed


def as_written(mention: Mention) -> Side:
    """A name as it stands."""
    return Side(mention.surface, mention.entity_id)


def claim(reading: Reading, parsed: Parsed, first: Mention, predicate: Predicate, second: Mention) -> Claim:
    """A relation between two mentions, under the names the document states them by."""
    return Claim(reading.side(first), predicate, reading.side(second), parsed)


def neighbours(parsed: Parsed) -> Iterator[tuple[Mention, Mention]]:
    """Each mention with the next one of the sentence."""
    found = parsed.sentence.named
    yield from pairwise(found)


def ground_of(reading: Reading, number: int) -> list[Mention]:
    """The sites, else the programme, last told of in the same paragraph."""
    here = reading.parsed[number].sentence
    for before in range(number - 1, -1, -1):
        parsed = reading.parsed[before]
        if (parsed.sentence.page, parsed.sentence.line) != (here.page, here.line):
            break
        if ground := pick(parsed.sentence.named):
            return ground
    return []


def pick(mentions: Sequence[Mention]) -> list[Mention]:
    """The sites, else the programmes, each once."""
    sites = [m for m in mentions if m.kind == "site"]
    chosen = sites or [m for m in mentions if m.kind == "programme" and not is_purse(m)]
    return each_once(chosen)


def joined(reading: Reading, names: Sequence[Mention]) -> list[Mention]:
    """The first of some names and those of its kind that commas and « et » join to it, in the order given."""
    out = [names[0]]
    for name in names[1:]:
        one, other = sorted((out[-1], name), key=lambda m: m.start)
        short = name.kind == out[-1].kind and reading.between(one, other).strip() == "("
        if not short and (
            name.kind != out[-1].kind
            or not wordings(__file__, "bonds.toml")["link"].fullmatch(reading.between(one, other))
        ):
            break
        out.append(name)
    return [m for m in out if m is out[0] or not _bracketed(reading, m)]


def _bracketed(reading: Reading, mention: Mention) -> bool:
    """Whether a name stands alone between brackets: it repeats the one before."""
    text = reading.texts[mention.page]
    return text[: mention.start].endswith("(") and text[mention.end : mention.end + 1] == ")"
