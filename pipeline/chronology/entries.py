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
TOGETHER = 20_000  # tellings put together at a time: some 100 MiB
_FETCHED = 500
_SHOWN, _DISPUTED = (
    Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8") for name in ("shown", "disputed")
)
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


# The first event of each lot: one event may be told a thousand times, so that tellings are counted, not events.
_FIRSTS = """
    SELECT min(group_id)
    FROM (
        SELECT group_id, min(number) // ? AS lot
        FROM (SELECT group_id, row_number() OVER (ORDER BY group_id, event_id) - 1 AS number FROM event_groups)
        GROUP BY group_id
    )
    GROUP BY lot
    ORDER BY lot
"""
