"""Entries: the events of the chronology with everything an output shows of them, links to their pages among it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import duckdb

from pipeline.chronology.filters import Filters, chosen_events

LIST_COLUMNS = ("bodies", "programmes", "sites", "places", "persons", "laws", "amounts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of an excerpt; ``kind`` is that of the mention it is, empty where it is none."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One telling. ``href`` leads from the output's folder to the document's page; ``None`` where the file is unknown."""

    event_id: str
    source: str
    page: int
    href: str | None
    date_label: str
    certainty: str
    excerpt: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the view ``chronology`` with its tellings and what they do not agree on."""

    event_id: str
    date_from: date
    date_to: date
    date_label: str
    label: str
    title: str
    kind: str
    precision: str
    certainty: str
    excerpt: str
    source: str
    page: int
    document_id: str
    confidence: float
    bodies: tuple[str, ...]
    programmes: tuple[str, ...]
    sites: tuple[str, ...]
    places: tuple[str, ...]
    persons: tuple[str, ...]
    laws: tuple[str, ...]
    amounts: tuple[str, ...]
    tellings: tuple[Source, ...]
    disagreements: tuple[str, ...]

    @property
    def pages(self) -> list[Source]:
        """One telling a page: what a list of links needs."""
        return list(
            {(telling.source, telling.page, telling.href): telling for telling in reversed(self.tellings)}.values()
        )[::-1]


def read_entries(
    connection: duckdb.DuckDBPyConnection, filters: Filters, *, archive: Path, output: Path
) -> list[Entry]:
    """The events to show, in the order of the chronology. Links are relative to ``output``."""
    kept = chosen_events(connection, filters)
    tellings = _tellings(connection, archive=archive, output=output)
    disagreements: dict[str, list[str]] = defaultdict(list)
    for event_id, words in connection.execute(_DISAGREEMENTS).fetchall():
        disagreements[event_id].append(words)
    answer = connection.execute("SELECT * FROM chronology")
    names = [column[0] for column in answer.description]
    entries = []
    for values in answer.fetchall():
        row = dict(zip(names, values, strict=True))
        if kept is not None and row["event_id"] not in kept:
            continue
        for name in ("sources", "telling_count", "disagreement_count"):
            del row[name]
        row |= {name: tuple(row[name]) for name in LIST_COLUMNS}
        event_id = row["event_id"]
        entries.append(Entry(**row, tellings=tuple(tellings[event_id]), disagreements=tuple(disagreements[event_id])))
    return entries


def _tellings(connection: duckdb.DuckDBPyConnection, *, archive: Path, output: Path) -> dict[str, list[Source]]:
    marks: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for event_id, start, end, kind in connection.execute(_MARKS).fetchall():
        marks[event_id].append((start, end, kind))
    found: dict[str, list[Source]] = defaultdict(list)
    for group_id, event_id, source, page, media_type, url, label, certainty, excerpt in connection.execute(
        _TELLINGS
    ).fetchall():
        found[group_id].append(
            Source(
                event_id=event_id,
                source=source,
                page=page,
                href=_href(url, page, media_type, archive=archive, output=output),
                date_label=label,
                certainty=certainty,
                excerpt=excerpt,
                segments=tuple(_segments(excerpt, marks[event_id])),
            )
        )
    return found


def _href(url: str | None, page: int, media_type: str, *, archive: Path, output: Path) -> str | None:
    """An address relative to ``output``; a PDF opens at its page."""
    if url is None:
        return None
    address = _moved(url, archive.parent.absolute(), output.absolute())
    return f"{address}#page={page}" if media_type == "application/pdf" else address


@lru_cache(maxsize=1 << 10)  # a document is told of many times in a row
def _moved(url: str, folder: Path, output: Path) -> str:
    """From an address relative to ``folder`` to one relative to ``output``; both absolute."""
    location = os.path.join(os.fsencode(folder), unquote_to_bytes(url))  # noqa: PTH118 (bytes)
    return quote(os.path.relpath(location, os.fsencode(output)))


def _segments(excerpt: str, marks: Iterable[tuple[int, int, str]]) -> list[Segment]:
    """The excerpt cut at its mentions; where two overlap, the first and longest is shown."""
    pieces: list[Segment] = []
    done = 0
    for start, end, kind in sorted(marks, key=lambda mark: (mark[0], -mark[1], mark[2])):
        if start < done:
            continue
        if start > done:
            pieces.append(Segment(text=excerpt[done:start]))
        pieces.append(Segment(text=excerpt[start:end], kind=kind))
        done = end
    if done < len(excerpt):
        pieces.append(Segment(text=excerpt[done:]))
    return pieces


_MARKS = """
    SELECT e.event_id, m.start_char - e.start_char, m.end_char - e.start_char, m.kind
    FROM events e
    JOIN mentions m ON m.document_id = e.document_id AND m.page = e.page
                   AND m.start_char >= e.start_char AND m.end_char <= e.end_char
"""
_TELLINGS = """
    SELECT t.group_id, t.event_id, t.source, t.page, d.media_type, p.url, t.date_label, t.certainty, t.excerpt
    FROM tellings t
    JOIN documents d USING (document_id)
    LEFT JOIN document_paths p ON p.document_id = d.document_id AND p.path = d.path
    QUALIFY row_number() OVER (PARTITION BY t.group_id, t.document_id, t.page, t.excerpt ORDER BY t.rank, t.event_id) = 1
    ORDER BY t.group_id, t.rank, t.event_id
"""
_DISAGREEMENTS = """
    SELECT DISTINCT t.group_id,
           CASE subject WHEN 'date' THEN 'Date' WHEN 'amount' THEN 'Montant' ELSE 'Réalisation' END || ' : '
           || replace(replace(value, 'happened', 'réalisé'), 'planned', 'prévu')
           || ' (' || x.source || ', p. ' || x.page || ') ; '
           || replace(replace(other_value, 'happened', 'réalisé'), 'planned', 'prévu')
           || ' (' || other_source || ', p. ' || other_page || ')' AS words
    FROM disagreements x
    JOIN tellings t ON t.event_id IN (x.event_id, x.other_event_id)
    ORDER BY ALL
"""
