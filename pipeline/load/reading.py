"""Reading: a researcher's question to the archive, which can change nothing and reach nothing else.

Idea: DuckDB opens the file read-only and with access to files, network, extensions and Python's variables shut off, and
the settings are locked before the question is read.
Limits: while a run writes, DuckDB refuses readers; the message says who holds the archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from pipeline.errors import CallError, OutputError
from pipeline.load.archive import output_errors

_SHUT: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "max_temp_directory_size": "8GiB",  # what an immense sort may put beside the archive while it lasts
}
# to a file: DuckDB 1.5 aborts where it should refuse
_ENDS_THE_PROGRAM = re.compile(r"\benable_logging\b", re.IGNORECASE)
NULLABLE = {
    pa.int8(): pd.Int8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def query(path: Path, sql: str) -> pd.DataFrame:
    """The answer to one SQL question. Dates are ``datetime.date``, money ``Decimal``, whole numbers nullable integers.

    Raises ``CallError`` where the question is wrong or reaches for what it may not, ``OutputError`` where there is no
    archive to ask or another process holds it.
    """
    if not sql.strip():
        raise CallError("No question was asked: give one SQL query, for example SELECT * FROM chronology LIMIT 10.")
    if _ENDS_THE_PROGRAM.search(sql):
        raise CallError("The query cannot be answered: logging is for programs, not for questions.")
    with reader(path) as connection:
        try:
            answer = connection.execute(sql)
            if answer.description is None:
                return pd.DataFrame()
            frame: pd.DataFrame = answer.to_arrow_table().to_pandas(types_mapper=NULLABLE.get)
        except (duckdb.Error, pa.ArrowException, ValueError) as error:
            raise CallError(f"The query cannot be answered: {error}") from error
    return frame


@contextmanager
def reader(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read this archive and nothing else."""
    path = Path(path)
    if not path.is_file():
        raise OutputError(f"There is no archive at {path}: run an ingest first, or say where it is with OUTPUT.")
    with output_errors(path):
        connection = duckdb.connect(str(path), read_only=True, config=_SHUT)
    try:
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()
