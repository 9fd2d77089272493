"""Loading: whole documents or nothing, the same rows in any order, and questions that can do no harm."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from archives import Tale, build, gold_outcomes, outcome_of
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import chronology, load
from pipeline.alignment import apply
from pipeline.errors import CallError, OutputError
from pipeline.load.archive import OF_DOCUMENT, OF_EVENTS, OF_MENTIONS, SCHEMA_VERSION
from pipeline.load.rows import shown_path
from pipeline.records import (
    AmountValue,
    Cell,
    Doubt,
    Edit,
    Entity,
    Found,
    Mention,
    Outcome,
    Page,
    Relation,
    RepairedPage,
)

UNIQUE = {
    "documents": "document_id",
    "document_paths": "document_id, path",
    "pages": "document_id, page",
    "mentions": "mention_id",
    "entities": "entity_id",
    "entity_claims": "document_id, entity_id",
    "dates": "mention_id",
    "amounts": "mention_id",
    "quantities": "mention_id",
    "events": "event_id",
    "event_groups": "event_id",
    "relations": "relation_id",
    "runs": "run_id",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    return gold_outcomes(tmp_path_factory.mktemp("gold"))


@pytest.fixture(scope="module")
def database(outcomes: list[Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("archive") / "archive.duckdb", outcomes)


def rows(path: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def everything(path: Path) -> dict[str, list[tuple]]:
    """Every row of every table in the order it lies in, times of day aside."""
    tables = [name for (name,) in rows(path, "SELECT table_name FROM duckdb_tables() ORDER BY ALL")]
    less = {"documents": " EXCLUDE (ingested_at)", "runs": " EXCLUDE (started_at, finished_at)"}
    return {name: rows(path, f"SELECT *{less.get(name, '')} FROM {name}") for name in tables}


def with_text(outcome: Outcome, raw: str, text: str, **page: object) -> Outcome:
    edits = page.pop("edits", ())
    doubts = page.pop("doubts", ())
    repaired = RepairedPage(
        page=Page(number=1, raw_text=raw, method="plain-text", **page), text=text, edits=edits, doubts=doubts
    )
    return replace(
        outcome, document=replace(outcome.document, pages=(repaired,)), found=Found(), history=type(outcome.history)()
    )


def edit(start: int, before: str, after: str) -> Edit:
    return Edit(start=start, end=start + len(before), before=before, after=after, family="f", confidence=1.0)


# What is stored


def test_rows_in_are_records_in(outcomes: list[Outcome], database: Path) -> None:
    for table, count in (
        ("documents", len(outcomes)),
        ("mentions", sum(len(outcome.found.mentions) for outcome in outcomes)),
        ("events", sum(len(outcome.history.events) for outcome in outcomes)),
        ("relations", sum(len(outcome.history.relations) for outcome in outcomes)),
    ):
        assert rows(database, f"SELECT count(*) FROM {table}") == [(count,)]
        assert count > 10


def test_a_mention_is_what_stands_at_its_offsets(database: Path) -> None:
    wrong = """SELECT mention_id FROM mentions JOIN pages USING (document_id, page)
               WHERE substr(text, start_char + 1, end_char - start_char) <> surface"""
    assert rows(database, wrong) == []


def test_every_table_knows_whose_its_rows_are(database: Path) -> None:
    """A table left out would keep the rows of a document that is read again, or lie in the order of the workers."""
    sql = "SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal AND column_name = '{}' AND table_name IN (SELECT table_name FROM duckdb_tables())"
    by_document, by_mention, by_event = (
        {name for (name,) in rows(database, sql.format(key))} for key in ("document_id", "mention_id", "event_id")
    )
    assert by_document == {*OF_DOCUMENT, "document_paths"}
    assert by_mention - by_document - set(OF_EVENTS) == set(OF_MENTIONS)
    assert by_event - by_document == {*OF_EVENTS, "event_groups", "event_disagreements"}


@pytest.mark.parametrize("table", UNIQUE)
def test_what_is_unique_is_unique(database: Path, table: str) -> None:
    assert rows(database, f"SELECT {UNIQUE[table]} FROM {table} GROUP BY ALL HAVING count(*) > 1") == []


def test_every_table_view_and_column_is_described(database: Path) -> None:
    silent = """
        SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT table_name FROM duckdb_tables() WHERE NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = ''
    """
    assert rows(database, silent) == []


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[load.Archive]:
    """An archive in which one document is stored again and again."""
    path = tmp_path_factory.mktemp("scratch") / "archive.duckdb"
    with load.open_archive(path, pipeline_version="1") as archive:
        yield archive


@given(pieces=st.lists(st.sampled_from("é𝄞\u0301a \n\u00ad\ud800"), min_size=1, max_size=30), start=st.integers(0, 29))
@settings(max_examples=40, deadline=None)
def test_offsets_hold_whatever_the_characters(scratch: load.Archive, pieces: list[str], start: int) -> None:
    text = "".join(pieces)
    start = min(start, len(text) - 1)
    outcome = outcome_of(Tale(name="a", marked="[[place: Lens]]", when="2007-01-01"))
    mention = replace(outcome.found.mentions[0], start=start, end=len(text), surface=text[start:])
    load.store(scratch, replace(with_text(outcome, text, text), found=Found(mentions=(mention,))))
    held = """SELECT substr(text, start_char + 1, end_char - start_char) = surface, len(text)
              FROM mentions JOIN pages USING (document_id, page)"""
    assert scratch.connection.execute(held).fetchall() == [(True, len(text))]


def test_repairs_give_the_text_up_to_white_space(tmp_path: Path) -> None:
    raw, edits = (
        "Le  quar-\ntier\u00a0d e",
        (edit(2, "  ", " "), edit(8, "-\n", ""), edit(14, "\u00a0", " "), edit(16, " ", "")),
    )
    outcome = outcome_of(Tale(name="a", marked="x", when="2007-01-01"))
    path = tmp_path / "archive.duckdb"
    with load.open_archive(path, pipeline_version="1") as archive:
        load.store(archive, with_text(outcome, raw, apply(raw, edits), edits=edits))
    kept = rows(path, "SELECT start_char, before, after FROM repairs")
    assert kept == [(8, "-\n", ""), (16, " ", "")], "white space for white space is no repair; a word put together is"
    (text,) = rows(path, "SELECT text FROM pages")[0]
    assert apply(raw, [edit(*row) for row in kept]).split() == text.split() == ["Le", "quartier", "de"]


def test_cells_hold_the_mended_text(tmp_path: Path) -> None:
    raw, edits = "R®novation 12\nM€", (edit(1, "®", "é"),)
    cells = (
        Cell(table_no=1, row_no=1, column_no=1, spans=((0, 10),)),
        Cell(table_no=1, row_no=1, column_no=2, spans=((11, 13), (14, 16))),
        Cell(table_no=1, row_no=1, column_no=3, spans=()),
    )
    doubt = Doubt(start=11, end=13, before="12", suggestion="l2", family="f", confidence=0.1)
    outcome = with_text(
        outcome_of(Tale(name="a", marked="x", when="2007-01-01")),
        raw,
        apply(raw, edits),
        edits=edits,
        cells=cells,
        doubts=(doubt,),
    )
    path = tmp_path / "archive.duckdb"
    with load.open_archive(path, pipeline_version="1") as archive:
        load.store(archive, outcome)
    assert rows(path, "SELECT text FROM table_cells") == [("Rénovation",), ("12\nM€",), ("",)]
    assert rows(path, "SELECT before, suggestion FROM doubts") == [("12", "l2")]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("95000", Decimal("95000.00")),
        ("0.125", Decimal("0.13")),
        ("12000000000", Decimal(12_000_000_000)),
        ("9" * 60, None),
    ],
)
def test_money_is_exact_and_no_figure_is_too_long(tmp_path: Path, value: str, stored: Decimal | None) -> None:
    mention = Mention(
        mention_id="a:1:0:amount", page=1, start=0, end=1, surface="x", kind="amount", method="m", confidence=1.0,
        value=AmountValue(value=Decimal(value), currency="EUR"),
    )  # fmt: skip
    outcome = replace(outcome_of(Tale(name="a", marked="x", when="2007-01-01")), found=Found(mentions=(mention,)))
    with load.open_archive(tmp_path / "archive.duckdb", pipeline_version="1") as archive:
        load.store(archive, outcome)
    assert rows(tmp_path / "archive.duckdb", "SELECT value FROM amounts") == [(stored,)]


def test_a_failed_document_is_a_row(tmp_path: Path) -> None:
    outcome = outcome_of(Tale(name="a", marked="x", when="2007-01-01"))
    failed = replace(outcome, document=replace(outcome.document, pages=()), status="failed", error="asks for a password",
                     claimed_pages=12, history=type(outcome.history)())  # fmt: skip
    with load.open_archive(tmp_path / "archive.duckdb", pipeline_version="1") as archive:
        load.store(archive, failed)
    assert rows(tmp_path / "archive.duckdb", "SELECT status, error, page_count, claimed_pages FROM documents") == [
        ("failed", "asks for a password", 0, 12)
    ]


# Again, in any order


def test_a_document_stored_twice_is_stored_once(outcomes: list[Outcome], database: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.duckdb"
    build(path, outcomes)
    build(path, outcomes[3:5])

    first, second = everything(database), everything(path)
    assert first.keys() == second.keys()
    for table in first.keys() - {"document_paths"}:
        assert first[table] == second[table], table


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_reading_leaves_no_trace(outcomes: list[Outcome], tmp_path: Path, seed: int) -> None:
    shuffled = random.Random(seed).sample(outcomes, len(outcomes))
    one, other = tmp_path / "one.duckdb", tmp_path / "other.duckdb"
    build(one, outcomes)
    with load.open_archive(other, pipeline_version="test") as archive:
        for number, outcome in enumerate(shuffled):
            load.store(archive, outcome)
            if number == seed + 2:
                load.settle(archive, chronology.refresh)
        load.settle(archive, chronology.refresh)
    first, second = everything(one), everything(other)
    for table in first:
        assert first[table] == second[table], table


def test_the_name_most_mentions_vote_for_wins(tmp_path: Path) -> None:
    tales = [
        Tale(name="a", marked="La [[body: Ville de Lens -> x]] signe", when="2007-01-01"),
        Tale(
            name="b",
            marked="La [[body: ville de Lens -> x]] signe, la [[body: ville de Lens -> x]] paie",
            when="2007-01-02",
        ),
        Tale(name="c", marked="La [[body: Ville de LENS -> x]] signe", when="2007-01-03"),
    ]
    told = []
    for tale in tales:
        outcome = outcome_of(tale)
        name = outcome.found.mentions[0].surface
        told.append(
            replace(
                outcome, found=replace(outcome.found, entities=(Entity(entity_id="body:x", kind="body", name=name),))
            )
        )
    assert settled_entity(told, tmp_path) == ("ville de Lens", ["Ville de LENS", "Ville de Lens"])


def test_a_gazetteer_stands_before_the_corpus(tmp_path: Path) -> None:
    outcome = outcome_of(Tale(name="a", marked="[[body: DIACT -> x]] et [[body: DIACT -> x]]", when="2007-01-01"))
    other = outcome_of(Tale(name="b", marked="[[body: DIACT -> x]]", when="2007-01-01"))
    known = Entity(entity_id="body:x", kind="body", name="Délégation", acronym="DIACT", source="JO", aliases=("Diact",))
    told = [
        replace(
            outcome, found=replace(outcome.found, entities=(Entity(entity_id="body:x", kind="body", name="La diact"),))
        ),
        replace(other, found=replace(other.found, entities=(known,))),
    ]
    assert settled_entity(told, tmp_path) == ("Délégation", ["Diact", "La diact"])


def test_what_a_gazetteer_states_is_one_row(tmp_path: Path) -> None:
    known = Relation(
        relation_id="x", subject="DIACT", predicate="successor_of", object="DATAR", subject_id="body:diact", source="JO"
    )
    told = []
    for name in "ab":
        outcome = outcome_of(Tale(name=name, marked="x", when="2007-01-01"))
        said = replace(known, relation_id=f"{name}:1:0", page=1, source="document")
        found = Found(relations=(replace(known, relation_id=f"{name}:gazetteer"), said))
        told.append(replace(outcome, found=found))
    path = build(tmp_path / "archive.duckdb", told)
    sql = "SELECT relation_id, document_id, source FROM relations ORDER BY ALL"
    stated = [("a:1:0", "a", "document"), ("b:1:0", "b", "document")]
    assert rows(path, sql) == [*stated, ("gazetteer:body:diact:successor_of:DATAR", None, "JO")]
    build(path, [replace(outcome, found=Found(relations=outcome.found.relations[1:])) for outcome in told])
    assert rows(path, sql) == stated, "what the gazetteer no longer says is gone"


def settled_entity(outcomes: list[Outcome], folder: Path) -> tuple[str, list[str]]:
    """Name and aliases of ``body:x`` after these documents, the same in both orders."""
    found = []
    for number, order in enumerate((outcomes, outcomes[::-1])):
        with load.open_archive(folder / f"{number}.duckdb", pipeline_version="1") as archive:
            for outcome in order:
                load.store(archive, outcome)
            load.settle(archive)
            found.append(
                archive.connection.execute("SELECT name, aliases FROM entities WHERE entity_id = 'body:x'").fetchone()
            )
    assert found[0] == found[1]
    return found[0]


# What the archive knows


def test_known_documents_paths_and_runs(tmp_path: Path) -> None:
    path = tmp_path / "out" / "archive.duckdb"
    (tmp_path / "in").mkdir()
    location = tmp_path / "in" / "é #1?.txt"
    location.write_text("x")
    outcome = outcome_of(Tale(name="a", marked="x", when="2007-01-01"))
    source = replace(outcome.document.source, path="in/é #1?.txt", location=location)
    outcome = replace(outcome, document=replace(outcome.document, source=source), paths=("in/b.txt",), version="v7")
    with load.open_archive(path, pipeline_version="v6") as archive:
        load.store(archive, outcome)
        load.add_path(archive, "a", "autre/c.txt", tmp_path / "autre" / "c.txt")
        load.add_path(archive, "a", "autre/c.txt", tmp_path / "autre" / "c.txt")
        assert load.known_documents(archive) == {
            "a": load.Known(status="ok", pipeline_version="v7", page_count=1, error=None,
                            paths=("autre/c.txt", "in/b.txt", "in/é #1?.txt"))
        }  # fmt: skip
        moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
        counts = {"documents_seen": 1, "documents_ingested": 1, "documents_failed": 0}
        for number in (1, 2):
            run = load.record_run(
                archive, started_at=moment, finished_at=None, versions={"duckdb": "1"}, options={"ocr": True}, **counts
            )
            assert run == f"run-000{number}"
    assert rows(path, "SELECT path, url FROM document_paths ORDER BY path") == [
        ("autre/c.txt", "../autre/c.txt"),
        ("in/b.txt", "../in/b.txt"),
        ("in/é #1?.txt", "../in/%C3%A9%20%231%3F.txt"),
    ]
    assert rows(path, "SELECT started_at, finished_at, versions['duckdb'], options['ocr'] FROM runs LIMIT 1") == [
        (datetime(2026, 1, 2, 3, 4, 5), None, "1", "True")
    ]


def test_names_that_are_not_utf_8_are_shown() -> None:
    assert shown_path(os.fsdecode(b"caf\xe9 \xc3\xa9.pdf")) == "caf\\xe9 é.pdf"


def test_settling_is_known_to_be_needed(outcomes: list[Outcome], tmp_path: Path) -> None:
    with load.open_archive(tmp_path / "a.duckdb", pipeline_version="1") as archive:
        assert not load.needs_settling(archive)
        load.store(archive, outcomes[0])
        assert load.needs_settling(archive)
        with pytest.raises(RuntimeError):
            load.settle(archive, stop)
        assert load.needs_settling(archive), "an archive is settled wholly or not at all"
        load.settle(archive)
        assert not load.needs_settling(archive)


def stop(connection: object) -> None:
    raise RuntimeError("interrupted")


# Interrupted, held, refused

WRITER = """
    import sys, time
    sys.path[:0] = [{root!r}, {tests!r}]
    from pathlib import Path
    from archives import many_tales
    from pipeline import load
    with load.open_archive(Path({path!r}), pipeline_version="1") as archive:
        print("open", flush=True)
        for outcome in many_tales(400):
            load.store(archive, outcome)
            print("stored", flush=True)
"""


def writer(path: Path) -> subprocess.Popen[str]:
    program = textwrap.dedent(WRITER).format(root=str(ROOT), tests=str(ROOT / "tests"), path=str(path))
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_killed_writer_leaves_whole_documents(tmp_path: Path, after: int) -> None:
    path = tmp_path / "archive.duckdb"
    process = writer(path)
    for _ in range(after):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    with load.open_archive(path, pipeline_version="1") as archive:
        assert load.needs_settling(archive)
        assert len(load.known_documents(archive)) >= after
        load.settle(archive)
    halves = """SELECT document_id FROM documents ANTI JOIN {0} USING (document_id)
                UNION ALL SELECT document_id FROM {0} ANTI JOIN documents USING (document_id)"""
    for table in ("pages", "mentions", "events", "document_paths"):
        assert rows(path, halves.format(table)) == []


def test_the_second_writer_and_the_reader_are_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "archive.duckdb"
    process = writer(path)
    try:
        with (
            pytest.raises(OutputError, match=f"in use by process {process.pid}"),
            load.open_archive(path, pipeline_version="1"),
        ):
            pass
        with pytest.raises(OutputError, match=f"in use by process {process.pid}"):
            load.query(path, "SELECT 1")
    finally:
        process.kill()
        process.wait()


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    garbage, foreign, newer = tmp_path / "garbage", tmp_path / "foreign", tmp_path / "newer"
    garbage.write_bytes(b"%PDF-1.4 " * 1000)
    with duckdb.connect(str(foreign)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS x")
    with load.open_archive(newer, pipeline_version="1") as archive:
        archive.connection.execute(f"UPDATE archive_state SET schema_version = {SCHEMA_VERSION + 1}")
    for path, words in ((garbage, "not a database"), (foreign, "something else"), (newer, "newer version")):
        with pytest.raises(OutputError, match=words), load.open_archive(path, pipeline_version="1"):
            pass
    with pytest.raises(OutputError, match="run an ingest"):
        load.query(tmp_path / "none", "SELECT 1")
    folder = tmp_path / "file"
    folder.write_text("")
    with (
        pytest.raises(OutputError, match="cannot be written"),
        load.open_archive(folder / "a.duckdb", pipeline_version="1"),
    ):
        pass


def test_a_full_disk_is_said_and_leaves_the_archive_whole(tmp_path: Path) -> None:
    path = tmp_path / "archive.duckdb"
    outcome = outcome_of(Tale(name="a", marked="x", when="2007-01-01"))
    with load.open_archive(path, pipeline_version="1") as archive:
        load.store(archive, outcome)
    program = textwrap.dedent(f"""
        import resource, sys
        sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
        from dataclasses import replace
        import random
        from pathlib import Path
        from archives import Tale, outcome_of
        from test_load import with_text
        from pipeline import load
        from pipeline.errors import OutputError
        draw = random.Random(1)
        text = "".join(chr(draw.randrange(0x4e00, 0x9fff)) for _ in range(1_500_000))
        outcome = with_text(outcome_of(Tale(name="b", marked="x", when="2007-01-01")), text, text)
        try:
            with load.open_archive(Path({str(path)!r}), pipeline_version="1") as archive:
                resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))
                load.store(archive, outcome)
        except OutputError as error:
            print(error)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "cannot be written" in done.stdout, done.stderr
    assert rows(path, "SELECT document_id FROM documents") == [("a",)]


# Questions


def test_a_question_is_answered(database: Path) -> None:
    frame = load.query(
        database, "SELECT date_from, page, bodies, NULL::INTEGER AS nothing FROM chronology ORDER BY date_from LIMIT 1"
    )
    assert list(frame.columns) == ["date_from", "page", "bodies", "nothing"]
    assert isinstance(frame.date_from[0], date)
    assert str(frame.page.dtype) == "Int32"
    assert len(load.query(database, "SELECT * FROM mentions WHERE false")) == 0


HARMFUL = (ROOT / "tests" / "cases" / "harmful_queries.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("sql", ["", *(line for line in HARMFUL if not line.startswith("#"))])
def test_a_question_can_do_no_harm(database: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = database.read_bytes()
    monkeypatch.chdir(tmp_path)
    outcomes = duckdb.sql("SELECT 1").to_arrow_table()  # a name a question must not see
    with pytest.raises(CallError):
        load.query(database, sql)
    assert outcomes.num_rows == 1
    assert database.read_bytes() == before
    assert list(tmp_path.iterdir()) == [], "nothing was written"
    assert {path.name for path in database.parent.iterdir()} == {database.name}


@pytest.mark.parametrize("indexed", [False, True])
def test_search_folds_accents_case_and_number(outcomes: list[Outcome], tmp_path: Path, indexed: bool) -> None:
    path = build(tmp_path / "archive.duckdb", outcomes)
    if indexed and not load.index_pages(path):
        pytest.skip("the full-text extension is not installed for this DuckDB")
    found = load.search(path, "RENOVATION urbaines")
    assert len(found) > 3
    assert set(load.search(path, "rénovations urbaine").document_id) == set(found.document_id)
    assert all("novation" in excerpt.casefold() for excerpt in found.excerpt)
    assert list(found.score) == sorted(found.score, reverse=True)
    assert len(load.search(path, "l’Office")) > 0
    for words in ("zzyzx", "zz.*(qqx", "'; DROP TABLE pages; --"):
        assert len(load.search(path, words)) == 0
    for words in ("", "«»"):
        with pytest.raises(CallError, match="No word"):
            load.search(path, words)


def test_an_index_of_an_earlier_archive_is_not_asked(outcomes: list[Outcome], tmp_path: Path) -> None:
    path = build(tmp_path / "archive.duckdb", outcomes[:1])
    load.index_pages(path)
    assert len(load.search(path, "Pontanézen")) == 0
    build(path, outcomes)
    assert len(load.search(path, "Pontanézen")) > 0
