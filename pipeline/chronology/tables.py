"""Writing the chronology: one function a format, which takes the events one by one in their order; the same archive gives the
same bytes.

CSV: UTF-8 with a byte order mark, fields parted by semicolons and quoted. French Excel opens a file on a double click with
the separator of its own language, the semicolon, and takes UTF-8 only with the mark; LibreOffice proposes both by itself,
and the quotes keep its comma from cutting.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from pipeline.chronology.entries import LIST_COLUMNS, Entry, Source, read_entries
from pipeline.chronology.filters import Filters
from pipeline.chronology.kinds import kind_label
from pipeline.chronology.views import is_stale, refresh
from pipeline.errors import CallError, OutputError
from pipeline.settings import BOUNDS

PARTS = "chronology.part"  # folder of what is being written, in that of the output; private, removed at the end
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


Add = Callable[[Entry], object]  # takes in one more event


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table to write. ``as_of``: when the last document was ingested, in UTC; the clock is not read."""

    path: Path
    filters: Filters
    as_of: datetime | None


@contextmanager
def to_csv(table: Table) -> Iterator[Add]:
    """A table for a spreadsheet."""
    with table.path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        yield lambda entry: writer.writerow([harmless(cell) for cell in row_of(entry)])


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


@contextmanager
def to_markdown(table: Table) -> Iterator[Add]:
    """A page to read: a heading a year, a line an event, every source a link."""
    year = None

    def add(entry: Entry) -> None:
        nonlocal year
        if entry.date_from.year != year:
            stream.write("\n" * (year is not None) + f"## {entry.date_from.year}\n\n")
            year = entry.date_from.year
        planned = " *(prévu)*" if entry.certainty == "planned" else ""
        sources = " ; ".join(_markdown_link(telling) for telling in entry.pages)
        stream.write(
            f"- **{_plain_markdown(entry.date_label)}** — {_plain_markdown(entry.title)}{planned} — {sources}\n"
        )
        stream.writelines(f"  - Désaccord — {_plain_markdown(words)}\n" for words in entry.disagreements)

    with table.path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("# Chronologie\n\n")
        yield add
        if year is None:
            stream.write("Aucun événement.\n")


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


@contextmanager
def to_json(table: Table) -> Iterator[Add]:
    """A list of events with their tellings, for another program."""
    parted = "["

    def add(entry: Entry) -> None:
        nonlocal parted
        listed = json.dumps([asdict(entry)], ensure_ascii=False, indent=1, default=str)
        stream.write(parted + listed[1:-2])
        parted = ","

    with table.path.open("w", encoding="utf-8", newline="") as stream:
        yield add
        stream.write("[]\n" if parted == "[" else "\n]\n")


@contextmanager
def to_icalendar(table: Table) -> Iterator[Add]:
    """A calendar of whole-day events, for any calendar program. The clock is not read: stamps are the archive's own."""
    from icalendar import Calendar, Event  # libraries of single formats: imported where one is written

    calendar = Calendar()
    calendar.add("prodid", "-//Chronoville//Chronologie//FR")
    calendar.add("version", "2.0")
    stamp = (table.as_of or datetime(2000, 1, 1)).replace(tzinfo=UTC)

    def add(entry: Entry) -> None:
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
        stream.write(event.to_ical())

    head, end = calendar.to_ical().split(b"END:VCALENDAR")
    with table.path.open("wb") as stream:
        stream.write(head)
        yield add
        stream.write(b"END:VCALENDAR" + end)


@contextmanager
def to_html(table: Table) -> Iterator[Add]:
    """One page that needs nothing beside it."""
    from pipeline.chronology.page import Page

    with closing(Page(table.path.parent)) as page, table.path.open("w", encoding="utf-8", newline="") as stream:
        yield page.add
        stream.writelines(page.written(table.filters))


@contextmanager
def to_xlsx(table: Table) -> Iterator[Add]:
    """A workbook."""
    from pipeline.chronology.workbook import Workbook

    book = Workbook(table.path)
    yield book.add
    book.close()


_WRITERS: dict[str, Callable[[Table], AbstractContextManager[Add]]] = {
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
    database, output, filters = Path(database), Path(output), filters or Filters()
    parts = output / PARTS
    shutil.rmtree(parts, ignore_errors=True)  # of a run that was killed
    try:
        with _history(database, parts) as connection:
            _write_all(connection, parts, formats, filters, database, output)
        for name in formats:
            (parts / f"chronology.{name}").replace(output / f"chronology.{name}")
    except OSError as error:
        place = error.filename2 or output
        raise OutputError(
            f"{place} cannot be written: {error.strerror or error}. Free some space, or close it if it is open."
        ) from error
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return [output / f"chronology.{name}" for name in formats]


def _write_all(
    connection: duckdb.DuckDBPyConnection,
    parts: Path,
    formats: list[str],
    filters: Filters,
    database: Path,
    output: Path,
) -> None:
    """Every format at once, an event at a time, so that neither the events nor a table is ever held whole."""
    (as_of,) = connection.execute("SELECT max(ingested_at) FROM documents").fetchone() or (None,)
    with ExitStack() as open_tables:
        adds = [
            open_tables.enter_context(
                _WRITERS[name](Table(path=parts / f"chronology.{name}", filters=filters, as_of=as_of))
            )
            for name in formats
        ]
        for entry in read_entries(connection, filters, archive=database, output=output):
            for add in adds:
                add(entry)


@contextmanager
def _history(database: Path, parts: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The archive. One whose history was not yet made (an interrupted run) has it made first."""
    if not database.is_file():
        raise OutputError(f"There is no archive at {database}: run an ingest first, or say where it is with OUTPUT.")
    parts.mkdir(mode=0o700, parents=True)
    config = BOUNDS | {"temp_directory": str(parts)}
    try:
        with duckdb.connect(str(database), read_only=True, config=config) as connection:
            if not is_stale(connection):
                yield connection
                return
        with duckdb.connect(str(database), config=config) as connection:
            connection.execute("BEGIN")
            refresh(connection)
            connection.execute("COMMIT")
            yield connection
    except duckdb.CatalogException as error:
        raise OutputError(
            f"{database} was made by an earlier version of this program: run the ingest again."
        ) from error
    except duckdb.IOException as error:
        raise OutputError(
            f"{database} cannot be used: {error}. Wait until the other run ends, or choose another OUTPUT."
        ) from error
