"""Tellings: what each document says happened, read back from the archive with who took part in it.

Idea: a participant is known by its entity where it has one, else by its folded words; so two documents that spell a name
in two ways still speak of the same body.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Any

import duckdb

from pipeline.wordings import wordings

SAYS = wordings(__file__, "labels.toml")
BY_ID = "SELECT row_number() OVER (ORDER BY event_id) - 1 AS place, event_id FROM events"
TOGETHER = 4_096  # tellings held at a time, of 5 kB
_GATHERED = Path(__file__).with_name("gathered.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A participant. ``key`` names it whatever its spelling; ``short`` is its acronym or name; ``span`` is in the page."""

    role: str
    key: str
    name: str
    short: str
    surface: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of the page that tell the event in a line, from ``start``; ``added`` where they stand outside its clause."""

    start: int
    text: str
    added: bool = False

    @property
    def end(self) -> int:
        """End of the words in the page, exclusive."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A row of ``events`` with its participants.

    ``dates``: spans, in the page, of words that fix its date, then of a longer stretch around it. ``words``: what tells it in
    a line, where its excerpt says too much or too little. ``paper``: its document's title. ``mission``: for a document that
    is the sheet of a mission, its title with its client and team; else empty. ``antecedent``: where the line begins with a
    bare « le comité », the last body or programme named before it whose name begins so; else empty. ``heading``: the words
    over it, of a deliberation or a table; else empty. ``trigger``: the word that says what happened.
    """

    event_id: str
    document_id: str
    page: int
    start: int
    end: int
    excerpt: str
    kind: str
    date_from: date
    date_to: date
    precision: str
    certainty: str
    actors: tuple[Actor, ...] = ()
    dates: tuple[tuple[int, int], ...] = ()
    words: tuple[Piece, ...] = ()
    paper: str = ""
    mission: str = ""
    antecedent: str = ""
    heading: str = ""
    trigger: str = ""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The words to show, one piece after another."""
        return self.words or (Piece(start=self.start, text=self.excerpt),)

    @property
    def own_paper(self) -> str:
        """Title of the paper, where its words tell of the paper itself (« Fait à Paris, le … »); else empty."""
        return self.paper if SAYS["own_paper"].search(" ".join(piece.text for piece in self.pieces)) else ""

    @property
    def sentence(self) -> tuple[object, ...]:
        """What two tellings of one sentence have in common, whatever their dates."""
        spans = tuple((piece.start, piece.end) for piece in self.pieces)
        return self.document_id, self.page, spans, self.kind, self.certainty

    def opening_laws(self) -> frozenset[str]:
        """Keys of the statutes that open the line, behind an article or nothing."""
        first = min(piece.start for piece in self.pieces)
        early = (a for a in self.actors if a.role == "law" and a.span and 0 <= a.span[0] - first <= _ARTICLE)
        return frozenset(actor.key for actor in early)


_ARTICLE = 4  # code points


@lru_cache(maxsize=1 << 13)
def folded(text: str) -> str:
    """Lower case without accents, ligatures or punctuation; white space made single. For comparing, never for showing."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^\w]+", " ", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)).strip()


def read_tellings(connection: duckdb.DuckDBPyConnection, order: str = BY_ID) -> Iterator[Telling]:
    """The tellings of the archive in a given order; some thousands at a time are held.

    ``order``: a query that gives each ``event_id`` its ``place``, from 0. What a telling needs is gathered in temporary
    tables in that order, which the database keeps on disk where memory does not hold them.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE told_order AS {order}")
    connection.execute(_GATHERED.read_text(encoding="utf-8"))
    (count,) = connection.execute("SELECT count(*) FROM told").fetchone() or (0,)
    for first in range(0, count, TOGETHER):
        yield from _lot(connection, first, first + TOGETHER)


def _lot(connection: duckdb.DuckDBPyConnection, first: int, end: int) -> Iterator[Telling]:
    """Tellings from one place to another, exclusive."""

    def rows(table: str) -> list[tuple[Any, ...]]:
        return connection.execute(f"FROM {table} WHERE place >= ? AND place < ? ORDER BY ALL", [first, end]).fetchall()

    actors: dict[int, list[Actor]] = defaultdict(list)
    for place, _, role, entity_id, surface, name, acronym, start, stop in rows("told_actors"):
        actors[place].append(_actor(role, entity_id, surface, name, acronym, None if start is None else (start, stop)))
    dates: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, _, start, stop in rows("told_dates"):
        dates[place].append((start, stop))
    words: dict[int, list[Piece]] = defaultdict(list)
    for place, _, start, text, added in rows("told_words"):
        words[place].append(Piece(start=start, text=text, added=added))
    for place, *said, paper, trigger, antecedent, heading, mission, clients, team in rows("told"):
        event_id, document_id, page, start, end_char, excerpt, kind, date_from, date_to, precision, certainty = said
        yield Telling(
            event_id=event_id,
            document_id=intern(document_id),
            page=page,
            start=start,
            end=end_char,
            excerpt=excerpt,
            kind=intern(kind),
            date_from=date_from,
            date_to=date_to,
            precision=intern(precision),
            certainty=intern(certainty),
            actors=tuple(actors[place]),
            dates=tuple(dates[place]),
            words=tuple(words[place]),
            paper=paper or "",
            mission=_mission(paper, clients, team) if mission else "",
            antecedent=antecedent or "",
            heading=" ".join((heading or "").split()),
            trigger=trigger or "",
        )


def _actor(
    role: str, entity_id: str | None, surface: str, name: str | None, acronym: str | None, span: tuple[int, int] | None
) -> Actor:
    words = " ".join(surface.split())
    return Actor(
        role=intern(role),
        key=intern(entity_id or f"{role}:{folded(surface)}"),
        name=name or words,
        short=acronym or name or words,
        surface=intern(surface),
        span=span,
    )


def _mission(title: str | None, clients: list[str], team: list[str]) -> str:
    """« Mission : Étude du secteur Gare (maîtrise d’ouvrage : Ville de Gap ; équipe : Atelier Buëch) »."""
    people = [f"maîtrise d’ouvrage : {', '.join(clients)}"] * bool(clients)
    people += [f"équipe : {', '.join(team)}"] * bool(team)
    return f"Mission{f' : {title}' if title else ''} ({' ; '.join(people)})"
