"""Writing the chronology: one function a format, each a pure function of the entries, so the same archive gives the same bytes.

CSV: UTF-8 with a byte order mark, fields parted by semicolons and quoted. French Excel opens a file on a double click with
the separator of its own language, the semicolon, and takes UTF-8 only with the mark; LibreOffice proposes both by itself,
and the quotes keep its comma from cutting.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import duckdb

from pipeline.chronology.entries import LIST_COLUMNS, Entry, Source, read_entries
from pipeline.chronology.filters import Filters
from pipeline.chronology.kinds import kind_label
from pipeline.chronology.views import is_stale, refresh
from pipeline.errors import CallError, OutputError

SEPARATOR = " | "
COLUMNS = (
    "date_from",
    "date_to",
    "date_label",
    "label",
    "bodies",
    "programmes",
    "sites",
    "places",
    "certainty",
    "excerpt",
    "source",
    "page",
    "document_id",
    "event_id",
    "kind",
    "precision",
    "persons",
    "laws",
    "amounts",
    "sources",
    "disagreements",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronology:
    """What an output is made from. ``as_of``: when the last document was ingested, in UTC; the clock is not read."""

    entries: list[Entry]
    filters: Filters
    as_of: datetime | None


def to_csv(chronology: Chronology) -> bytes:
    """A table for a spreadsheet."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row_of(entry)] for entry in chronology.entries)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def row_of(entry: Entry) -> list[str]:
    """The cells of an event, in the order of ``COLUMNS``, as text; lists are joined with a bar."""
    sources = [f"{telling.source}, p. {telling.page}" for telling in entry.pages]
    lists = {name: getattr(entry, name) for name in LIST_COLUMNS} | {
        "sources": sources,
        "disagreements": entry.disagreements,
    }
    return [
        SEPARATOR.join(lists[name]) if name in lists else " ".join(str(getattr(entry, name)).split())
        for name in COLUMNS
    ]


def harmless(cell: str) -> str:
    """A cell no spreadsheet takes for a formula: one that begins with ``= + - @`` or a control is put after an apostrophe."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") or cell[:1] in ("\t", "\r", "\n") else cell


def to_markdown(chronology: Chronology) -> bytes:
    """A page to read: a heading a year, a line an event, every source a link."""
    lines = ["# Chronologie", ""]
    if not chronology.entries:
        lines += ["Aucun événement.", ""]
    for year, entries in groupby(chronology.entries, key=lambda entry: entry.date_from.year):
        lines += [f"## {year}", ""]
        for entry in entries:
            planned = " *(prévu)*" if entry.certainty == "planned" else ""
            sources = " ; ".join(_markdown_link(telling) for telling in entry.pages)
            lines.append(
                f"- **{_plain_markdown(entry.date_label)}** — {_plain_markdown(entry.title)}{planned} — {sources}"
            )
            lines += [f"  - Désaccord — {_plain_markdown(words)}" for words in entry.disagreements]
        lines.append("")
    return "\n".join(lines).encode()


def _markdown_link(telling: Source) -> str:
    words = _plain_markdown(f"{telling.source}, p. {telling.page}")
    if telling.href is None:
        return words
    address = telling.href.replace("(", "%28").replace(")", "%29")
    return f"[{words}]({address})"


def _plain_markdown(text: str) -> str:
    """Text that Markdown shows as it stands, markup and all."""
    escaped = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", escaped)


def to_json(chronology: Chronology) -> bytes:
    """A list of events with their tellings, for another program."""
    rows = [asdict(entry) for entry in chronology.entries]
    return (json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def to_icalendar(chronology: Chronology) -> bytes:
    """A calendar of whole-day events, for any calendar program. The clock is not read: stamps are the archive's own."""
    from icalendar import Calendar, Event  # libraries of single formats: imported where one is written

    calendar = Calendar()
    calendar.add("prodid", "-//Chronoville//Chronologie//FR")
    calendar.add("version", "2.0")
    stamp = (chronology.as_of or datetime(2000, 1, 1)).replace(tzinfo=UTC)
    for entry in chronology.entries:
        event = Event()
        event.add("uid", f"{entry.event_id}@chronoville")
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.date_from)
        event.add("dtend", entry.date_to + timedelta(days=1) if entry.date_to < date.max else date.max)
        event.add("summary", entry.title)
        sources = "\n".join(f"{telling.source}, p. {telling.page}" for telling in entry.pages)
        event.add("description", f"{entry.date_label}\n{' '.join(entry.excerpt.split())}\n{sources}")
        event.add("status", "CONFIRMED" if entry.certainty == "happened" else "TENTATIVE")
        event.add("categories", [kind_label(entry.kind)])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def to_html(chronology: Chronology) -> bytes:
    """One page that needs nothing beside it."""
    from pipeline.chronology.page import render_page

    return render_page(chronology.entries, chronology.filters).encode()


def to_xlsx(chronology: Chronology) -> bytes:
    """A workbook."""
    from pipeline.chronology.workbook import to_workbook

    return to_workbook(chronology.entries)


_WRITERS: dict[str, Callable[[Chronology], bytes]] = {
    "csv": to_csv,
    "md": to_markdown,
    "xlsx": to_xlsx,
    "html": to_html,
    "json": to_json,
    "ics": to_icalendar,
}
FORMATS = tuple(_WRITERS)
DEFAULT_FORMATS = ("csv", "md", "xlsx", "html")


def write_tables(
    database: Path, output: Path, *, filters: Filters | None = None, formats: Iterable[str] = DEFAULT_FORMATS
) -> list[Path]:
    """Write ``chronology.csv`` and its sisters into ``output``; return the paths written.

    Raises ``CallError`` for an unknown format or name, ``OutputError`` where there is no archive or nothing can be written.
    """
    formats = list(formats)
    unknown = [name for name in formats if name not in _WRITERS]
    if unknown:
        raise CallError(f"No such format: {', '.join(unknown)}. There are {', '.join(FORMATS)}.")
    chronology = read_chronology(Path(database), Path(output), filters or Filters())
    written = []
    for name in formats:
        path = Path(output) / f"chronology.{name}"
        try:
            _replace_file(path, _WRITERS[name](chronology))
        except OSError as error:
            raise OutputError(
                f"{path} cannot be written: {error.strerror or error}. Close it if it is open."
            ) from error
        written.append(path)
    return written


def read_chronology(database: Path, output: Path, filters: Filters) -> Chronology:
    """The events to print. An archive whose history was not yet made (an interrupted run) has it made first."""
    if not database.is_file():
        raise OutputError(f"There is no archive at {database}: run an ingest first, or say where it is with OUTPUT.")
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            if not is_stale(connection):
                return _read(connection, database, output, filters)
        with duckdb.connect(str(database)) as connection:
            connection.execute("BEGIN")
            refresh(connection)
            connection.execute("COMMIT")
            return _read(connection, database, output, filters)
    except duckdb.CatalogException as error:
        raise OutputError(
            f"{database} was made by an earlier version of this program: run the ingest again."
        ) from error
    except duckdb.IOException as error:
        raise OutputError(
            f"{database} cannot be used: {error}. Wait until the other run ends, or choose another OUTPUT."
        ) from error


def _read(connection: duckdb.DuckDBPyConnection, database: Path, output: Path, filters: Filters) -> Chronology:
    entries = read_entries(connection, filters, archive=database, output=output)
    (as_of,) = connection.execute("SELECT max(ingested_at) FROM documents").fetchone() or (None,)
    return Chronology(entries=entries, filters=filters, as_of=as_of)


def _replace_file(path: Path, content: bytes) -> None:
    """Write whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)  # of a run that was stopped, or a full disk
