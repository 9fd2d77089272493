"""Reading: a researcher's question to the archive, which can change nothing and reach nothing else.

Idea: DuckDB opens the file read-only and with access to files, network, extensions and Python's variables shut off, and
the settings are locked before the question is read. Search folds accents and tries the forms of a word, so that
« rénovations urbaines » finds « renovation urbaine ».
Limits: while a run writes, DuckDB refuses readers; the message says who holds the archive. Search reads every page's
text; it is plain and needs no index to be kept (measured in docs/cookbook.md's makers: see ``make bench``).
"""

from __future__ import annotations

import re
import unicodedata
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
}
_NULLABLE = {
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
    with reader(path) as connection:
        try:
            answer = connection.execute(sql)
            if answer.description is None:
                return pd.DataFrame()
            frame: pd.DataFrame = answer.to_arrow_table().to_pandas(types_mapper=_NULLABLE.get)
        except (duckdb.Error, pa.ArrowException, ValueError) as error:
            raise CallError(f"The query cannot be answered: {error}") from error
    return frame


def search(path: Path, words: str, *, limit: int = 50) -> pd.DataFrame:
    """Pages that hold every one of ``words``, best first: document_id, filename, page, hits, excerpt.

    Upper case, accents and the plural are not told apart. Raises as ``query`` does.
    """
    stems = [_stem(word) for word in re.findall(r"\w+", _folded(words))]
    if not stems:
        raise CallError("No word to search for was given.")
    with reader(path) as connection:
        frame: pd.DataFrame = (
            connection.execute(_SEARCH, {"stems": stems, "limit": limit})
            .to_arrow_table()
            .to_pandas(types_mapper=_NULLABLE.get)
        )
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


def _folded(text: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFD", text.replace("œ", "oe")) if not unicodedata.combining(c)
    ).casefold()


def _stem(word: str) -> str:
    """A word without the mark of its plural or feminine; short words stay whole."""
    return re.sub(r"(?:aux|ales?|al|es|e|s|x)$", "", word) if len(word) > 4 else word


_SEARCH = r"""
    WITH folded AS (
        SELECT document_id, page, text, lower(strip_accents(replace(replace(text, 'œ', 'oe'), 'Œ', 'oe'))) AS plain FROM pages
    ),
    counted AS (
        SELECT document_id, page, text, plain,
               list_transform($stems, lambda stem: len(regexp_extract_all(plain, '\b' || stem || '\w{0,4}\b'))) AS counts
        FROM folded
        WHERE list_bool_and(list_transform($stems, lambda stem: contains(plain, stem)))
    )
    SELECT c.document_id, d.filename, c.page, list_sum(counts)::INTEGER AS hits,
           trim(regexp_extract(plain, '.{0,80}\b' || $stems[1] || '\w{0,4}\b.{0,80}')) AS excerpt
    FROM counted c JOIN documents d USING (document_id)
    WHERE list_min(counts) > 0
    ORDER BY hits DESC, d.path, c.page
    LIMIT $limit
"""
