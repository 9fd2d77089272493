"""Load: records into ``archive.duckdb``, and questions out of it.

Why: an interrupted run must leave whole documents only, the same corpus must give the same rows whatever the number of
workers, and a reader's query must be unable to do harm.
Idea: one writer, one transaction a document, rows handed to DuckDB as Arrow tables whose types come from ``schema.sql``;
what depends on the whole corpus is made again by ``settle``, from rows that do not depend on the order of reading.
Limits: the rooms before decide what is true; nothing here judges it. Readers and the writer exclude each other: DuckDB
locks the file, and the second to come is told who holds it.
"""

from pipeline.load.archive import SCHEMA_VERSION, Archive, open_archive
from pipeline.load.reading import query
from pipeline.load.search import index_pages, search
from pipeline.load.settle import needs_settling, settle
from pipeline.load.shards import store_shards, write_shard
from pipeline.load.store import Known, add_path, forget, known_documents, record_run, store

__all__ = [
    "SCHEMA_VERSION",
    "Archive",
    "Known",
    "add_path",
    "forget",
    "index_pages",
    "known_documents",
    "needs_settling",
    "open_archive",
    "query",
    "record_run",
    "search",
    "settle",
    "store",
    "store_shards",
    "write_shard",
]
