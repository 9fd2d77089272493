"""Storing: one document, one transaction; and what the archive already knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.load.archive import OF_DOCUMENT, OF_EVENTS, OF_MENTIONS, Archive, output_errors, transaction
from pipeline.load.rows import Row, as_arrow, shown_path, tables_of, url_of
from pipeline.records import Outcome, Status

# How the rows of a document are known to be its own. What hangs on a mention or an event goes before it.
_OWNED = (
    *((table, "mention_id IN (SELECT mention_id FROM mentions WHERE document_id = $id)") for table in OF_MENTIONS),
    *(
        (table, "event_id IN (SELECT event_id FROM events WHERE document_id = $id)")
        for table in (*OF_EVENTS, "event_groups")
    ),
    *((table, "document_id = $id") for table in OF_DOCUMENT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive knows of one document: enough to decide whether to read it again."""

    status: Status
    pipeline_version: str
    page_count: int
    error: str | None
    paths: tuple[str, ...]


def store(archive: Archive, *outcomes: Outcome) -> None:
    """Store everything about the documents in one transaction, in place of their earlier rows.

    One document or a few at a time: whole documents either way, and a few share the fixed cost of a transaction.
    Raises ``OutputError`` where the disk refuses; the archive then holds the earlier rows, whole.
    """
    tables = tables_of(
        outcomes, schemas=archive.schemas, pipeline_version=archive.pipeline_version, folder=archive.folder
    )
    store_tables(archive, {outcome.document.document_id for outcome in outcomes}, tables)


def store_tables(archive: Archive, ids: set[str], tables: Mapping[str, pa.Table | ds.Dataset]) -> None:
    """Store the ready tables of the documents ``ids`` in one transaction. Raises ``OutputError`` as ``store`` does."""
    with transaction(archive) as connection:
        for document_id in sorted(ids & archive.stored):
            _remove(connection, document_id)
        for name, table in tables.items():
            _insert(connection, table, _STATEMENTS.get(name, f"INSERT INTO {name} SELECT * FROM incoming"))  # noqa: S608
        if "entity_claims" in tables:
            _insert(connection, tables["entity_claims"], _NEW_ENTITIES)
        connection.execute("UPDATE archive_state SET settled = false WHERE settled")
    archive.stored |= ids


_STATEMENTS = {
    "document_paths": "INSERT INTO document_paths SELECT * FROM incoming ANTI JOIN document_paths USING (document_id, path)"
}
_NEW_ENTITIES = """
    INSERT INTO entities
    SELECT DISTINCT ON (entity_id)
           entity_id, kind, name, acronym, aliases, valid_from, valid_to, insee_code, source, verified
    FROM incoming ANTI JOIN entities USING (entity_id)
"""


def forget(archive: Archive, ids: set[str]) -> None:
    """Drop everything about the documents ``ids``, their paths too. Raises ``OutputError`` as ``store`` does."""
    if not ids:
        return
    with transaction(archive) as connection:
        for document_id in sorted(ids):
            _remove(connection, document_id)
            connection.execute("DELETE FROM document_paths WHERE document_id = ?", [document_id])
        connection.execute("UPDATE archive_state SET settled = false WHERE settled")
    archive.stored -= ids


def known_documents(archive: Archive) -> dict[str, Known]:
    """What the archive knows, by document id. A file that has gone is still known: archives forget nothing."""
    rows = archive.connection.execute(
        """
        SELECT d.document_id, d.status, d.pipeline_version, d.page_count, d.error,
               list(p.path ORDER BY p.path) FILTER (p.path IS NOT NULL)
        FROM documents d LEFT JOIN document_paths p USING (document_id)
        GROUP BY ALL ORDER BY d.document_id
        """
    ).fetchall()
    return {
        document_id: Known(
            status=status, pipeline_version=version, page_count=pages, error=error, paths=tuple(paths or ())
        )
        for document_id, status, version, pages, error, paths in rows
    }


def add_path(archive: Archive, document_id: str, path: str, location: Path | None = None) -> None:
    """Record another name of a document already stored. ``location`` is the file itself, for links to it."""
    row: Row = (document_id, shown_path(path), url_of(location, archive.folder) if location else None)
    with transaction(archive) as connection:
        connection.execute("DELETE FROM document_paths WHERE document_id = ? AND path = ?", row[:2])
        _insert(
            connection,
            as_arrow([row], archive.schemas["document_paths"]),
            "INSERT INTO document_paths SELECT * FROM incoming",
        )


def record_run(
    archive: Archive,
    *,
    started_at: datetime,
    finished_at: datetime | None,
    versions: Mapping[str, str],
    options: Mapping[str, object],
    documents_seen: int,
    documents_ingested: int,
    documents_failed: int,
) -> str:
    """Add a row to ``runs`` and return its id. Times are in UTC."""
    with output_errors(archive.path):
        (count,) = archive.connection.execute("SELECT count(*) FROM runs").fetchone() or (0,)
    run_id = f"run-{count + 1:04d}"
    times = (_plain(started_at), _plain(finished_at))
    maps = (list(versions.items()), [(name, str(value)) for name, value in options.items()])
    row: Row = (
        run_id,
        *times,
        archive.pipeline_version,
        *maps,
        documents_seen,
        documents_ingested,
        documents_failed,
    )
    with transaction(archive) as connection:
        _insert(connection, as_arrow([row], archive.schemas["runs"]), "INSERT INTO runs SELECT * FROM incoming")
    return run_id


def _plain(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=None, microsecond=0) if moment else None


def _remove(connection: duckdb.DuckDBPyConnection, document_id: str) -> None:
    for table, condition in _OWNED:
        connection.execute(f"DELETE FROM {table} WHERE {condition}", {"id": document_id})  # noqa: S608 (our own names)


def _insert(connection: duckdb.DuckDBPyConnection, table: pa.Table | ds.Dataset, statement: str) -> None:
    connection.register("incoming", table)
    try:
        connection.execute(statement)
    finally:
        connection.unregister("incoming")
