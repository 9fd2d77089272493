"""The archive's views, and the two tables made from the whole corpus: the groups of tellings and their disagreements.

Idea: one ``.sql`` file a view. Its first comment is the view's description; a line ``-- column: words`` describes a
column. Files are installed in the order of ``_VIEWS``, since a view may stand on another; ``history.sql`` once a role.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.chronology.dates import date_label
from pipeline.chronology.gists import gist_of
from pipeline.chronology.grouping import disagreements, group_tellings
from pipeline.chronology.labels import hardness, label_of
from pipeline.chronology.tellings import TOGETHER, Telling, read_tellings

FOLDER = Path(__file__).with_name("views")
_BASE = ("tellings", "event_entities", "chronology")
_VIEWS = (*_BASE, *sorted(path.stem for path in FOLDER.glob("*.sql") if path.stem not in _BASE))
_HISTORIES = {"history": ("programme", "body", "site")}  # the file, and the roles it makes a view for
_LOT = 10_000  # rows given to the database at a time
_HEADER = re.compile(r"\A((?:--.*\n)+)")
_COLUMN = re.compile(r"-- (\w+): (.+)")


def refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Group the tellings of the whole corpus, word them, and install the views with their descriptions.

    ``connection`` must be able to write; a caller that wants all or nothing opens the transaction.
    """
    held = _few_tellings(connection)
    groups = group_tellings(gist_of(telling) for telling in held.values() or read_tellings(connection))
    found = ((item.first, item.second, item.subject, *item.values) for item in disagreements(groups))
    _replace(connection, "event_disagreements", found)
    ids = [telling.event_id for group in groups for telling in group]
    sizes = [len(group) for group in groups]
    del groups  # and with it what they were compared by
    told = iter([held[event_id] for event_id in ids]) if held else _read_again(connection, ids)
    worded = (row for size in sizes for row in _worded(list(islice(told, size))))
    _replace(connection, "event_groups", worded)
    _replace(connection, "history_state", iter([(digest(),)]))
    for name in _VIEWS:
        sql = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        for role in _HISTORIES.get(name, ()):
            install(connection, f"{role}_{name}", sql.replace("{role}", role))
        if name not in _HISTORIES:
            install(connection, name, sql)


def _few_tellings(connection: duckdb.DuckDBPyConnection) -> dict[str, Telling]:
    """The tellings of a small archive, which need not be read twice; of a large one none, for memory."""
    (count,) = connection.execute("SELECT count(*) FROM events").fetchone() or (0,)
    return {telling.event_id: telling for telling in read_tellings(connection)} if count <= TOGETHER else {}


def _read_again(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> Iterator[Telling]:
    """The tellings in the order of ``ids``."""
    connection.execute("CREATE OR REPLACE TEMP TABLE grouped (event_id VARCHAR, place INTEGER)")
    _insert(connection, "grouped", ((event_id, place) for place, event_id in enumerate(ids)))
    yield from read_tellings(connection, "FROM grouped")
    connection.execute("DROP TABLE grouped")


def is_stale(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether ``refresh`` was never run here, or on other tellings, or by other files of this room than today's."""
    return connection.execute(_STALE, {"digest": digest()}).fetchone() is not None


@cache
def digest() -> str:
    """SHA-256 of everything in this room that makes groups, labels and views."""
    state = hashlib.sha256()
    room = FOLDER.parent
    for path in sorted(
        [*room.glob("*.py"), *room.glob("*.csv"), *room.glob("*.toml"), *room.glob("*.sql"), *FOLDER.glob("*.sql")]
    ):
        state.update(path.name.encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


_STALE = """
    SELECT 1 WHERE $digest NOT IN (SELECT digest FROM history_state)
    UNION ALL
    (SELECT 1 FROM events ANTI JOIN event_groups USING (event_id) LIMIT 1)
    UNION ALL
    (SELECT 1 FROM event_groups ANTI JOIN events USING (event_id) LIMIT 1)
"""


def _worded(group: list[Telling]) -> list[tuple[object, ...]]:
    """Rows of ``event_groups``: the telling that reads best is the first, a happened one before a planned one.

    « mars 2007 », « Mars 2007 — La DIACT lance… », « La DIACT lance… » are its date, its date and label, its label; the parts
    of a sentence on two dates that touch share the date of the whole.
    """
    titles = [label_of(telling) for telling in group]
    order = list(range(len(group)))
    if len(group) > 1:  # most events are told once
        order.sort(key=lambda n: (group[n].certainty != "happened", hardness(group[n], titles[n])))
    rows: list[tuple[object, ...]] = []
    for rank, number in enumerate(order, start=1):
        telling, title = group[number], titles[number]
        parts = [other for other in group if other.sentence == telling.sentence]
        first, last = min(part.date_from for part in parts), max(part.date_to for part in parts)
        when = date_label(first, last, telling.precision if len(parts) == 1 else "range")
        label = f"{when[0].upper()}{when[1:]} — {title}"
        rows.append((telling.event_id, group[order[0]].event_id, rank, when, label, title))
    return rows


def install(connection: duckdb.DuckDBPyConnection, name: str, sql: str) -> None:
    """Make one view from the text of its file, with its COMMENT and those of its columns."""
    header = _HEADER.match(sql)
    lines = header[1].splitlines() if header else []
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {sql[header.end() if header else 0 :]}")
    connection.execute(f"COMMENT ON VIEW {name} IS {_quoted(lines[0].removeprefix('-- '))}")
    for line in lines[1:]:
        described = _COLUMN.match(line)
        if described:
            connection.execute(f'COMMENT ON COLUMN {name}."{described[1]}" IS {_quoted(described[2])}')


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    """Put ``rows`` into a table of ours in place of what it holds, in order."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS FROM {table} LIMIT 0")
    _insert(connection, "made", rows)
    connection.execute(f"DELETE FROM {table}; INSERT INTO {table} FROM made ORDER BY ALL; DROP TABLE made")  # noqa: S608


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    schema = connection.table(table).limit(0).to_arrow_table().schema
    while lot := list(islice(rows, _LOT)):
        columns = [
            pa.array(column, type=field.type) for column, field in zip(zip(*lot, strict=True), schema, strict=True)
        ]
        connection.register("incoming", pa.table(columns, schema=schema))
        connection.execute(f"INSERT INTO {table} FROM incoming")
        connection.unregister("incoming")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
