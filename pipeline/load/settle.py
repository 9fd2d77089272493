"""Settling: making again what depends on the whole corpus, so that it depends on no order of reading.

Two things do. An identity known from the corpus alone is called by several names in several documents: its canonical
name is the one that most mentions vote for, then the first in the alphabet. And rows lie in the order documents were
stored; settled, they lie in the order of their documents' paths, whatever the workers and the interruptions.
Limits: rows are written again only where they are out of order, but then all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from pipeline.load.archive import OF_DOCUMENT, OF_EVENTS, OF_MENTIONS, Archive, transaction

_ENTITIES = Path(__file__).with_name("entities.sql")
_MENTION_ORDER = (
    "SELECT mention_id AS key, d.path, d.document_id, m.rowid AS n FROM mentions m JOIN documents d USING (document_id)"
)
_EVENT_ORDER = (
    "SELECT event_id AS key, d.path, d.document_id, e.rowid AS n FROM events e JOIN documents d USING (document_id)"
)
_DOCUMENT_ORDER = "SELECT document_id AS key, path, document_id, 0 AS n FROM documents"
# Each table, its key, and how the key finds the place of a row. Within one document rows keep the order they came in.
_ORDERED = (
    *((table, "mention_id", _MENTION_ORDER) for table in OF_MENTIONS),
    *((table, "event_id", _EVENT_ORDER) for table in OF_EVENTS),
    *((table, "document_id", _DOCUMENT_ORDER) for table in OF_DOCUMENT),
)


def needs_settling(archive: Archive) -> bool:
    """Whether documents were stored since the archive was last settled, in this run or in one that was interrupted."""
    return archive.connection.execute("SELECT 1 FROM archive_state WHERE NOT settled").fetchone() is not None


def settle(archive: Archive, *finish: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Make canonical names and the order of rows again, then whatever else ``finish`` makes from the whole corpus.

    All in one transaction: an archive is settled wholly or not at all. Nothing to do costs nothing.
    """
    if not needs_settling(archive):
        return
    with transaction(archive) as connection:
        if connection.execute(_OUT_OF_ORDER).fetchone() is not None:
            for table, key, order in _ORDERED:
                connection.execute(_REORDER.format(table=table, key=key, order=order))
        connection.execute(_PATHS)
        connection.execute(_GAZETTEER_RELATIONS)
        connection.execute(_ENTITIES.read_text(encoding="utf-8"))
        for step in finish:
            step(connection)
        connection.execute("UPDATE archive_state SET settled = true")


_OUT_OF_ORDER = """
    SELECT 1 FROM (SELECT (path, document_id) AS here, lag((path, document_id)) OVER (ORDER BY rowid) AS before FROM documents)
    WHERE here < before LIMIT 1
"""
_REORDER = """
    CREATE OR REPLACE TEMP TABLE sorted AS
        SELECT t.* FROM {table} t LEFT JOIN ({order}) o ON o.key = t.{key}
        ORDER BY o.path NULLS LAST, o.document_id, o.n, t.rowid;
    DELETE FROM {table};
    INSERT INTO {table} SELECT * FROM sorted;
    DROP TABLE sorted;
"""
_PATHS = """
    CREATE OR REPLACE TEMP TABLE sorted AS SELECT DISTINCT * FROM document_paths ORDER BY path, document_id, url;
    DELETE FROM document_paths;
    INSERT INTO document_paths SELECT * FROM sorted;
    DROP TABLE sorted;
"""
# What a gazetteer states, once, whichever documents made it worth saying.
_GAZETTEER_RELATIONS = """
    DELETE FROM relations WHERE document_id IS NULL;
    INSERT INTO relations
    SELECT DISTINCT ON (relation_id)
           concat_ws(':', 'gazetteer', coalesce(subject_id, subject), predicate, coalesce(object_id, object)) AS relation_id,
           subject_id, subject, predicate, object_id, object, NULL, NULL, excerpt, confidence, source
    FROM relation_claims
    ORDER BY relation_id, subject, object, source, excerpt, confidence DESC;
"""
