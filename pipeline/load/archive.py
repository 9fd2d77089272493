"""Opening the archive: one writer, a schema it knows, and every refusal said in words.

Idea: DuckDB itself locks the file and the system frees the lock when a process dies, however it dies; so no lock file is
ever left behind. Its message names the holder, and is passed on.
Limits: on a network folder whose server does not lock files, two writers are not kept apart.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.errors import OutputError
from pipeline.settings import BOUNDS

SCHEMA_VERSION = 1
SCHEMA = Path(__file__).with_name("schema.sql")
# Whose rows a document's are: those of its mentions, of its events, and its own.
OF_MENTIONS = ("dates", "amounts", "quantities")
OF_EVENTS = ("event_participants", "event_words", "event_headings")
OF_DOCUMENT = ("mentions", "events", "relations", "repairs", "doubts", "table_cells", "entity_claims", "relation_claims",
               "pages", "documents")  # fmt: skip

# FSST gains 2 % of the disk (on 1,716 pages) and takes as long as all the rest of closing an archive.
_NO_FSST = "SET disabled_compression_methods = 'fsst'"
_TABLE = re.compile(r"((?:^--[^\n]*\n)+)CREATE TABLE IF NOT EXISTS (\w+) \((.*?)^\);", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^    (\w+) .*?-- (.+)$", re.MULTILINE)
_HOLDER = re.compile(r"held in (\S+) \(PID (\d+)\)")


@dataclass(slots=True, kw_only=True)
class Archive:
    """An open archive. ``folder`` is where it lies; addresses of documents are relative to it."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    pipeline_version: str
    schemas: dict[str, pa.Schema]
    stored: set[str] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """The folder the database lies in."""
        return self.path.parent


@contextmanager
def open_archive(path: Path, *, pipeline_version: str) -> Iterator[Archive]:
    """Open ``path`` for writing, making it and its folder where absent.

    Raises ``OutputError`` where another process holds it, where it is no archive or one of a newer version, and where
    the folder cannot be written.
    """
    path = Path(path).absolute()
    with output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path), config=BOUNDS)
    spill = path.with_name(f"{path.name}.tmp")  # DuckDB's own name for what memory does not hold
    try:
        with output_errors(path):
            shutil.rmtree(spill, ignore_errors=True)  # of a run that was killed
            spill.mkdir(mode=0o700)
            connection.execute(_NO_FSST)
            _check_version(connection, path)
            schemas = create_tables(connection)
            known = connection.execute("SELECT document_id FROM documents").fetchall()
        yield Archive(
            path=path,
            connection=connection,
            pipeline_version=pipeline_version,
            schemas=schemas,
            stored={document_id for (document_id,) in known},
        )
    finally:
        shutil.rmtree(spill, ignore_errors=True)
        with output_errors(path):
            connection.close()


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn what the disk or the database refuses into an ``OutputError`` that says what to do."""
    try:
        yield
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException, OSError) as error:
        raise OutputError(_refusal(path, str(error))) from error


@contextmanager
def transaction(archive: Archive) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of the statements inside, or none. Raises ``OutputError`` where the disk refuses them."""
    with output_errors(archive.path):
        archive.connection.execute("BEGIN")
        try:
            yield archive.connection
            archive.connection.execute("COMMIT")
        except BaseException:
            _roll_back(archive.connection)
            raise


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    """Undo what was begun; a commit that failed has already been undone by DuckDB, and then there is nothing to undo."""
    try:
        connection.execute("ROLLBACK")
    except duckdb.Error as error:
        if not isinstance(error, duckdb.TransactionException | duckdb.FatalException):
            raise


def _refusal(path: Path, message: str) -> str:
    holder = _HOLDER.search(message)
    if "Could not set lock" in message:
        who = f"process {holder[2]} ({holder[1]})" if holder else "another process"
        return f"{path} is in use by {who}: wait until it ends, or choose another OUTPUT."
    if "not a valid DuckDB database" in message or "version number" in message:
        return f"{path} is not a database this program can open: move it away, or choose another OUTPUT. ({message})"
    return f"{path} cannot be written: {message}. Free some space or the folder's rights, or choose another OUTPUT."


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return
    if "archive_state" not in tables:
        raise OutputError(f"{path} is a database of something else: move it away, or choose another OUTPUT.")
    (version,) = connection.execute("SELECT max(schema_version) FROM archive_state").fetchone() or (None,)
    if version is not None and version > SCHEMA_VERSION:
        raise OutputError(
            f"{path} was made by a newer version of this program (tables version {version}, known here {SCHEMA_VERSION}): "
            "update the program, or choose another OUTPUT."
        )


def create_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pa.Schema]:
    """Make what is absent, in one transaction; return every table's Arrow schema."""
    text = SCHEMA.read_text(encoding="utf-8")
    schemas: dict[str, pa.Schema] = {}
    comments = []
    for comment, table, body in _TABLE.findall(text):
        described = " ".join(line.removeprefix("--").strip() for line in comment.splitlines())
        comments.append(f"COMMENT ON TABLE {table} IS {quoted(described)}")
        comments += (
            f"COMMENT ON COLUMN {table}.{column} IS {quoted(words)}" for column, words in _COLUMN.findall(body)
        )
    connection.execute("BEGIN")
    connection.execute(text)
    connection.execute(";".join(comments))
    for _, table, _ in _TABLE.findall(text):
        schemas[table] = connection.table(table).limit(0).to_arrow_table().schema
    if connection.execute("SELECT 1 FROM archive_state").fetchone() is None:
        connection.execute("INSERT INTO archive_state VALUES (?, true)", [SCHEMA_VERSION])
    connection.execute("COMMIT")
    return schemas


def quoted(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
