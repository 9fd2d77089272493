"""Tellings: what each document says happened, read back from the archive with who took part in it.

Idea: a participant is known by its entity where it has one, else by its folded words; so two documents that spell a name
in two ways still speak of the same body.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from sys import intern

import duckdb


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
    _keys: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _words: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The words to show, one piece after another."""
        return self.words or (Piece(start=self.start, text=self.excerpt),)

    @property
    def own_paper(self) -> str:
        """Title of the paper, where its words tell of the paper itself (« Fait à Paris, le … »); else empty."""
        return self.paper if _OWN_PAPER.search(" ".join(piece.text for piece in self.pieces)) else ""

    @property
    def days(self) -> int:
        """Length of the interval in days: 1 for a day."""
        return (self.date_to - self.date_from).days + 1

    def keys_in(self, *roles: str) -> frozenset[str]:
        """Keys of the participants in the given roles, or in all of them; kept: each telling is asked a thousand times."""
        keys = self._keys.get(roles)
        if keys is None:
            keys = _shared(frozenset(actor.key for actor in self.actors if not roles or actor.role in roles))
            self._keys[roles] = keys
        return keys

    def opening_laws(self) -> frozenset[str]:
        """Keys of the statutes that open the line, behind an article or nothing."""
        first = min(piece.start for piece in self.pieces)
        early = (a for a in self.actors if a.role == "law" and a.span and 0 <= a.span[0] - first <= _ARTICLE)
        return frozenset(actor.key for actor in early)

    def words_in(self, role: str) -> frozenset[str]:
        """Folded words of the participants in a role."""
        words = self._words.get(role)
        if words is None:
            words = _shared(frozenset(folded(actor.surface) for actor in self.actors if actor.role == role))
            self._words[role] = words
        return words


_OWN_PAPER = re.compile(
    r"\bfait (?:à|en)\b|\bprésente?s? (?:avenant|convention|protocole|contrat|charte|accord|délibération|dossier|marché)\b",
    re.I,
)
_ARTICLE = 4  # code points


@lru_cache(maxsize=1 << 13)
def _shared(words: frozenset[str]) -> frozenset[str]:
    """The same set for all who hold an equal one: tens of thousands of tellings name the same few bodies."""
    return words


@lru_cache(maxsize=1 << 13)
def folded(text: str) -> str:
    """Lower case without accents, ligatures or punctuation; white space made single. For comparing, never for showing."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^\w]+", " ", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)).strip()


def read_tellings(connection: duckdb.DuckDBPyConnection) -> list[Telling]:
    """Every telling of the archive, in the order of ``event_id``."""
    actors = _actors(connection)
    dates: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event_id, start, end in connection.execute(_DATES).fetchall():
        dates[event_id].append((start, end))
    missions = {row[0]: _mission(*row[1:]) for row in connection.execute(_MISSIONS).fetchall()}
    antecedents = dict(connection.execute(_ANTECEDENTS).fetchall())
    headings = {event_id: " ".join(text.split()) for event_id, text in connection.execute(_HEADINGS).fetchall()}
    words: dict[str, list[Piece]] = defaultdict(list)
    for event_id, start, text, added in connection.execute(_WORDS).fetchall():
        words[event_id].append(Piece(start=start, text=text, added=added))
    rows = connection.execute(
        "SELECT event_id, document_id, page, start_char, end_char, excerpt, kind, e.date_from, e.date_to, precision,"
        " certainty, title, trigger_word FROM events e JOIN documents d USING (document_id) ORDER BY event_id"
    ).fetchall()
    return [
        Telling(
            event_id=row[0],
            document_id=intern(row[1]),
            page=row[2],
            start=row[3],
            end=row[4],
            excerpt=row[5],
            kind=intern(row[6]),
            date_from=row[7],
            date_to=row[8],
            precision=intern(row[9]),
            certainty=intern(row[10]),
            actors=tuple(actors[row[0]]),
            dates=tuple(dates[row[0]]),
            words=tuple(words[row[0]]),
            paper=intern(row[11] or ""),
            mission=missions.get(row[1], ""),
            antecedent=antecedents.get(row[0], ""),
            heading=headings.get(row[0], ""),
            trigger=intern(row[12] or ""),
        )
        for row in rows
    ]


def _mission(title: str | None, clients: list[str], team: list[str]) -> str:
    """« Mission : Étude du secteur Gare (maîtrise d’ouvrage : Ville de Gap ; équipe : Atelier Buëch) »."""
    people = [f"maîtrise d’ouvrage : {', '.join(clients)}"] * bool(clients)
    people += [f"équipe : {', '.join(team)}"] * bool(team)
    return f"Mission{f' : {title}' if title else ''} ({' ; '.join(people)})"


def _actors(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Actor]]:
    found: dict[str, list[Actor]] = defaultdict(list)
    for event_id, role, entity_id, surface, name, acronym, start, end in connection.execute(_ACTORS).fetchall():
        words = " ".join(surface.split())
        found[event_id].append(
            Actor(
                role=intern(role),
                key=intern(entity_id or f"{role}:{folded(surface)}"),
                name=intern(name or words),
                short=intern(acronym or name or words),
                surface=intern(surface),
                span=None if start is None else (start, end),
            )
        )
    return found


_ACTORS = """
    SELECT p.event_id, p.role, p.entity_id, p.surface, n.name, n.acronym,
           CASE WHEN m.page = e.page THEN m.start_char END, CASE WHEN m.page = e.page THEN m.end_char END
    FROM event_participants p
    JOIN events e USING (event_id)
    LEFT JOIN mentions m USING (mention_id)
    LEFT JOIN entities n ON n.entity_id = p.entity_id
    ORDER BY p.event_id, p.rowid
"""
# Documents that name the client and the team of the mission they are about, with these names in order.
_MISSIONS = """
    WITH named AS (
        SELECT r.document_id, r.predicate, coalesce(any_value(n.acronym), any_value(n.name), r.subject) AS name,
               min(r.rowid) AS place
        FROM relations r LEFT JOIN entities n ON n.entity_id = r.subject_id
        WHERE r.predicate IN ('client', 'contractor')
        GROUP BY r.document_id, r.predicate, r.subject
    )
    SELECT m.document_id, any_value(d.title),
           coalesce(list(name ORDER BY place) FILTER (predicate = 'client'), []),
           coalesce(list(name ORDER BY place) FILTER (predicate = 'contractor'), [])
    FROM named m JOIN documents d USING (document_id)
    GROUP BY m.document_id
    ORDER BY m.document_id
"""
# What « le comité » at the head of a line stands for: the last name before it that begins with the same noun.
_ANTECEDENTS = r"""
    WITH bare AS (
        SELECT event_id, document_id, page, start_char,
               lower(regexp_extract(excerpt, '^(?:[Ee]n [0-9]{4}, )?(?:[Ll][ea] |[Ll][’''])([a-zà-ÿ]{4,}) ', 1)) AS noun
        FROM events
    )
    SELECT b.event_id, arg_max(coalesce(n.acronym, n.name), (m.page, m.start_char))
    FROM bare b
    JOIN mentions m ON m.document_id = b.document_id AND (m.page, m.start_char) < (b.page, b.start_char)
    JOIN entities n ON n.entity_id = m.entity_id AND starts_with(lower(n.name), b.noun || ' ')
    WHERE b.noun <> '' AND m.kind IN ('body', 'programme')
    GROUP BY b.event_id
"""
# The words of an event's date, then those of a longer stretch around it (« onze ans plus tard, le 11 octobre »).
_DATES = """
    SELECT e.event_id, m.start_char, m.end_char
    FROM events e
    JOIN mentions m ON m.document_id = e.document_id AND m.page = e.page AND m.kind = 'date'
                   AND m.start_char >= e.start_char AND m.end_char <= e.end_char
    JOIN dates d USING (mention_id)
    WHERE d.date_from <= e.date_from AND d.date_to >= e.date_to
    ORDER BY e.event_id, d.date_to - d.date_from, m.start_char
"""
_HEADINGS = """
    SELECT h.event_id, substr(p.text, h.start_char + 1, h.end_char - h.start_char)
    FROM event_headings h JOIN events e USING (event_id)
    JOIN pages p ON p.document_id = e.document_id AND p.page = h.page
    ORDER BY h.event_id
"""
_WORDS = """
    SELECT w.event_id, w.start_char, substr(p.text, w.start_char + 1, w.end_char - w.start_char), w.added
    FROM event_words w JOIN events e USING (event_id) JOIN pages p USING (document_id, page)
    ORDER BY w.event_id, w.position
"""
