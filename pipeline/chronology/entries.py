"""Entries: the events of the chronology with everything an output shows of them, links to their pages among it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import duckdb

from pipeline.chronology.filters import Filters, chosen_events

LIST_COLUMNS = ("bodies", "programmes", "sites", "places", "persons", "laws", "amounts")
TOGETHER = 20_000  # events put together at a time: some 100 MiB
_FETCHED = 500
_BEYOND = "\U0010ffff"  # after every event_id


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
) -> Iterator[Entry]:
    """The events to show, in the order of the chronology. Links are relative to ``output``.

    They are put together some thousands at a time and sorted by the database, which may do it on disk.
    """
    kept = chosen_events(connection, filters)
    connection.execute(_DISPUTED)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE shown AS {_SHOWN}", {"first": "", "end": ""})
    firsts = [event_id for (event_id,) in connection.execute(_FIRSTS, [TOGETHER]).fetchall()]
    for first, end in pairwise([*firsts, _BEYOND]):
        connection.execute(f"INSERT INTO shown {_SHOWN}", {"first": first, "end": end})
    answer = connection.execute("FROM shown ORDER BY date_from, date_to, event_id")
    names = [column[0] for column in answer.description]
    while rows := answer.fetchmany(_FETCHED):
        for values in rows:
            row = dict(zip(names, values, strict=True))
            if kept is None or row["event_id"] in kept:
                row |= {name: tuple(row[name]) for name in (*LIST_COLUMNS, "disagreements")}
                row["tellings"] = tuple(_source(telling, archive, output) for telling in row["tellings"])
                yield Entry(**row)


def _source(telling: dict[str, Any], archive: Path, output: Path) -> Source:
    url, media_type, marks = (telling.pop(name) for name in ("url", "media_type", "marks"))
    href = _href(url, telling["page"], media_type, archive=archive, output=output)
    return Source(**telling, href=href, segments=tuple(_segments(telling["excerpt"], marks)))


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


def _segments(excerpt: str, marks: Iterable[dict[str, Any]]) -> list[Segment]:
    """The excerpt cut at its mentions; where two overlap, the first and longest is shown."""
    pieces: list[Segment] = []
    done = 0
    for start, end, kind in (mark.values() for mark in marks):
        if start < done:
            continue
        if start > done:
            pieces.append(Segment(text=excerpt[done:start]))
        pieces.append(Segment(text=excerpt[start:end], kind=kind))
        done = end
    if done < len(excerpt):
        pieces.append(Segment(text=excerpt[done:]))
    return pieces


_FIRSTS = """
    SELECT event_id FROM event_groups WHERE rank = 1
    QUALIFY (row_number() OVER (ORDER BY event_id) - 1) % ? = 0 ORDER BY event_id
"""
# Events from $first, short of $end, with their tellings; of tellings of one page in the same words, the first.
_SHOWN = """
    WITH told AS (
        SELECT t.*, d.media_type, p.url
        FROM tellings t
        JOIN documents d USING (document_id)
        LEFT JOIN document_paths p ON p.document_id = d.document_id AND p.path = d.path
        WHERE t.group_id >= $first AND t.group_id < $end
        QUALIFY row_number() OVER (PARTITION BY t.group_id, t.document_id, t.page, t.excerpt ORDER BY t.rank, t.event_id) = 1
    ),
    marked AS (
        SELECT event_id, list({start: m.start_char - e.start_char, stop: m.end_char - e.start_char, kind: m.kind}
                              ORDER BY m.start_char, m.end_char DESC, m.kind) AS marks
        FROM told t
        JOIN events e USING (event_id)
        JOIN mentions m ON m.document_id = e.document_id AND m.page = e.page
                       AND m.start_char >= e.start_char AND m.end_char <= e.end_char
        GROUP BY event_id
    ),
    gathered AS (
        SELECT group_id, list({event_id: event_id, source: source, page: page, media_type: media_type, url: url,
                               date_label: date_label, certainty: certainty, excerpt: excerpt,
                               marks: coalesce(marks, [])} ORDER BY rank, event_id) AS tellings
        FROM told LEFT JOIN marked USING (event_id)
        GROUP BY group_id
    )
    SELECT c.* EXCLUDE (sources, telling_count, disagreement_count), tellings, coalesce(disagreements, []) AS disagreements
    FROM chronology c
    JOIN gathered g ON g.group_id = c.event_id
    LEFT JOIN disputed x ON x.group_id = c.event_id
    WHERE c.event_id >= $first AND c.event_id < $end
"""
_DISPUTED = """
    CREATE OR REPLACE TEMP TABLE disputed AS
    SELECT group_id, list(DISTINCT words ORDER BY words) AS disagreements
    FROM (
        SELECT unnest([event_id, other_event_id]) AS event_id,
               CASE subject WHEN 'date' THEN 'Date' WHEN 'amount' THEN 'Montant' ELSE 'Réalisation' END || ' : '
               || replace(replace(value, 'happened', 'réalisé'), 'planned', 'prévu')
               || ' (' || source || ', p. ' || page || ') ; '
               || replace(replace(other_value, 'happened', 'réalisé'), 'planned', 'prévu')
               || ' (' || other_source || ', p. ' || other_page || ')' AS words
        FROM disagreements
    )
    JOIN (SELECT event_id, group_id FROM tellings) USING (event_id)
    GROUP BY group_id
"""
