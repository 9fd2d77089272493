"""One document's rows as Parquet files: what a worker leaves for the writer, or for DuckDB to read where it lies.

Idea: a shard is a folder named after the document, a file a table, in the types of ``schema.sql``. A long document's rows
are added a volume at a time. It is written beside its final name and renamed, so it is whole or not there; the writer
takes it in a batch of rows at a time.
Limits: shards hold what each document says; what depends on the whole corpus (``settle``) is made by the archive alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.load.archive import Archive, create_tables
from pipeline.load.rows import tables_of
from pipeline.load.store import store_tables
from pipeline.records import Outcome


@lru_cache(maxsize=1)
def _schemas() -> dict[str, pa.Schema]:
    with duckdb.connect() as connection:
        return create_tables(connection)


# What a document says once, however many volumes say it.
_SAID_ONCE = {
    "entity_claims": """
        SELECT document_id, entity_id, first(kind), first(name), any_value(acronym),
               list_sort(list_distinct(flatten(list(aliases)))), any_value(valid_from), any_value(valid_to),
               any_value(insee_code), first(source), first(verified), sum(mention_count)
        FROM claims GROUP BY document_id, entity_id ORDER BY entity_id
    """,
    "relation_claims": "SELECT DISTINCT * FROM claims ORDER BY ALL",
}


def write_shard(outcomes: Iterable[Outcome], shards: Path, *, database: Path) -> Path:
    """Write one document's rows under ``shards``, an outcome a volume; returns the shard.

    Addresses in the rows are relative to ``database``. Raises ``OSError`` where the folder cannot be written.
    """
    shard = partial = shards
    files: dict[str, pq.ParquetWriter] = {}
    once: dict[str, list[pa.Table]] = {}
    with ExitStack() as open_files:
        for outcome in outcomes:
            if not outcome.before:  # the first volume, or one that says that nothing could be read after all
                open_files.close()
                shard = shards / outcome.document.document_id
                partial = shards.with_name(f"{shards.name}.part") / f"{shard.name}.{os.uname().nodename}.{os.getpid()}"
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir(parents=True)
                files, once = {}, {name: [] for name in _SAID_ONCE}
            for name, table in _tables(outcome, database).items():
                if name in once:
                    once[name].append(table)
                    continue
                if name not in files:
                    file = pq.ParquetWriter(partial / f"{name}.parquet", table.schema, compression="zstd")
                    files[name] = open_files.enter_context(file)
                files[name].write_table(table)
    for name, tables in once.items():
        if tables:
            pq.write_table(_said_once(name, tables), partial / f"{name}.parquet", compression="zstd")
    shards.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(shard, ignore_errors=True)
    partial.rename(shard)
    return shard


def _tables(outcome: Outcome, database: Path) -> dict[str, pa.Table]:
    folder = database.absolute().parent
    return tables_of([outcome], schemas=_schemas(), pipeline_version=outcome.version, folder=folder)


def _said_once(name: str, tables: list[pa.Table]) -> pa.Table:
    if len(tables) == 1:
        return tables[0]
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("claims", pa.concat_tables(tables))
        said = connection.execute(_SAID_ONCE[name]).to_arrow_table()
    return said.rename_columns(tables[0].column_names).cast(tables[0].schema)


def store_shards(archive: Archive, *shards: Path) -> None:
    """Take shards into the archive in one transaction, in the order given, without holding them.

    Raises ``OutputError`` where the disk refuses, ``OSError`` where one is not there.
    """
    files: dict[str, list[Path]] = {}
    for shard in shards:
        for file in sorted(shard.glob("*.parquet")):
            files.setdefault(file.stem, []).append(file)
    tables = {name: ds.dataset(parts, schema=archive.schemas[name]) for name, parts in sorted(files.items())}
    store_tables(archive, {shard.name for shard in shards}, tables)
