"""One document's rows as Parquet files: what a worker on another machine leaves for the writer, or for DuckDB to read.

Idea: a shard is a folder named after the document, a file a table, in the types of ``schema.sql``; it is written beside
its final name and renamed, so it is whole or not there.
Limits: shards hold what each document says; what depends on the whole corpus (``settle``) is made by the archive alone.
"""

from __future__ import annotations

import os
import shutil
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.load.archive import Archive, create_tables
from pipeline.load.rows import tables_of
from pipeline.load.store import store_tables
from pipeline.records import Outcome


@lru_cache(maxsize=1)
def _schemas() -> dict[str, pa.Schema]:
    with duckdb.connect() as connection:
        return create_tables(connection)


def write_shard(outcome: Outcome, shards: Path, *, database: Path) -> Path:
    """Write one document's rows under ``shards``; addresses in them are relative to ``database``. Returns the shard."""
    tables = tables_of(
        [outcome], schemas=_schemas(), pipeline_version=outcome.version, folder=database.absolute().parent
    )
    shard = shards / outcome.document.document_id
    partial = shards.with_name("shards.part") / f"{shard.name}.{os.uname().nodename}.{os.getpid()}"
    partial.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, partial / f"{name}.parquet", compression="zstd")
    shutil.rmtree(shard, ignore_errors=True)
    partial.rename(shard)
    return shard


def store_shard(archive: Archive, shard: Path) -> None:
    """Take one shard into the archive. Raises ``OutputError`` where the disk refuses, ``OSError`` where it is not there."""
    tables = {
        file.stem: pq.read_table(file, schema=archive.schemas[file.stem]) for file in sorted(shard.glob("*.parquet"))
    }
    store_tables(archive, {shard.name}, tables)
