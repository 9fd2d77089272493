"""Long documents go through the house a volume at a time; what a limit cut short is taken up under another limit."""

from __future__ import annotations

import gc
import shutil
import stat
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, chronoville

from pipeline import entities, load, pool, volumes
from pipeline.plan import plan_all, plan_one
from pipeline.process import process, taken
from pipeline.records import Outcome
from pipeline.settings import Settings
from pipeline.sources import walk
from pipeline.tasks import Task

PAGES = 7
SHARED_HEAD = "Le Comité des Tilleuls"  # named on every page: one claim a document, however many volumes name it


@pytest.fixture(scope="module")
def knowledge() -> entities.Knowledge:
    return entities.load_knowledge()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A text of seven pages."""
    pages = [
        f"{SHARED_HEAD} de la Ville de Lens a signé la convention n° {n} le {n} mars 19{70 + n}. L’ANRU y apporte {n} millions d’euros.\n"
        for n in range(1, PAGES + 1)
    ]
    (tmp_path / "register.txt").write_text("\f".join(pages), encoding="utf-8")
    return tmp_path / "register.txt"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "VOLUME", 3)
    monkeypatch.setattr("pipeline.process.VOLUME", 3)


def archive_of(folder: Path, outcomes: Iterator[Outcome]) -> Path:
    """An archive of one document, stored as a run stores it."""
    path = folder / "archive.duckdb"
    with load.open_archive(path, pipeline_version="test") as archive:
        _, done = taken(outcomes, folder / "shards", path)
        if isinstance(done, Outcome):
            load.store(archive, done)
        else:
            load.store_shards(archive, done)
        load.settle(archive)
    return path


def rows(path: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_volumes_give_the_rows_of_a_whole(register: Path, tmp_path: Path, knowledge, monkeypatch) -> None:
    task = replace(plan_one(register, tmp_path), version="v")
    whole = archive_of(tmp_path / "whole", process(task, knowledge))
    monkeypatch.setattr(volumes, "VOLUME", 3)
    parts = archive_of(tmp_path / "parts", process(task, knowledge))
    assert (tmp_path / "parts" / "shards").is_dir() and not (tmp_path / "whole" / "shards").exists()
    for sql in (
        "SELECT * EXCLUDE (ingested_at) FROM documents", "FROM document_paths", "FROM pages", "FROM repairs",
        "FROM mentions ORDER BY mention_id", "FROM dates ORDER BY mention_id", "FROM amounts ORDER BY mention_id",
        "FROM events ORDER BY event_id", "FROM entity_claims ORDER BY entity_id", "FROM entities",
    ):  # fmt: skip
        found = rows(parts, sql)
        assert found == rows(whole, sql) != [] or "repairs" in sql, sql
    assert rows(parts, "SELECT relation_id FROM relations GROUP BY ALL HAVING count(*) > 1") == []


@pytest.mark.parametrize("length", [1, 2, 3, 6, 7])
def test_every_page_is_in_one_volume(register: Path, tmp_path: Path, knowledge, small: None, length: int) -> None:
    """Whatever the length, also one that fills its last volume; and kept or read, the volumes are the same."""
    register.write_text("\f".join(register.read_text().split("\f")[:length]))
    task = replace(plan_one(register, tmp_path), cache_folder=tmp_path / "cache", version="v", reading="r")
    read, kept = list(process(task, knowledge)), list(process(task, knowledge))
    assert [page.number for part in read for page in part.document.pages] == list(range(1, length + 1))
    assert [part.before for part in read] == list(range(0, length + 1, 3))
    assert [part.more for part in read] == [True] * (len(read) - 1) + [False]
    assert read[-1].status == "ok"
    assert [replace(part, timings=(), document=None) for part in kept] == [
        replace(part, timings=(), document=None) for part in read
    ]
    assert [page.text for part in kept for page in part.document.pages] == [
        page.text for part in read for page in part.document.pages
    ]
    assert "extract" in dict(read[0].timings) and "extract" not in dict(kept[0].timings)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (
            "La Compagnie d’étude des rivages du Nord (C.E.R.N.O.) a signé le 3 mars 1977.",
            "Le 4 mai 1978, la CERNO a signé un avenant.",
        ),
        ("À Roubaix, le quartier du Grand Tilleul sera démoli.", "Le Grand Tilleul est démoli en 1978."),
    ],
    ids=["an acronym", "a site and its town"],
)
def test_what_a_volume_teaches_serves_the_next(
    tmp_path: Path, knowledge, monkeypatch: pytest.MonkeyPatch, first: str, last: str
) -> None:
    """As if the pages were read as one; alone, the last page does not know who is meant."""

    def found(*pages: str) -> set[tuple]:
        (tmp_path / "a.txt").write_text("\f".join(pages), encoding="utf-8")
        parts = process(plan_one(tmp_path / "a.txt", tmp_path), knowledge)
        mentions = [mention for part in parts for mention in part.found.mentions if mention.page == len(pages)]
        return {(one.surface, one.kind, one.entity_id, one.confidence) for one in mentions}

    whole, alone = found(first, "Rien.", "Rien.", last), found(last)
    monkeypatch.setattr(volumes, "VOLUME", 3)
    assert found(first, "Rien.", "Rien.", last) == whole != alone


def test_no_volume_outlives_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knowledge) -> None:
    """Glyphs, which weigh most, are gone before the next page is read, and are not handed on."""
    monkeypatch.setattr(volumes, "VOLUME", 1)
    task = plan_one(ROOT / "corpus" / "12-chronologie.pdf", tmp_path)
    boxes: list[weakref.ref] = []
    for volume in volumes.volumes(task, lambda _: None, lambda _: None):
        gc.collect()
        assert [box() for box in boxes] == [None] * len(boxes)
        boxes += [weakref.ref(page.page.glyphs.boxes) for page in volume.document.pages]
        del volume
    assert len(boxes) > 1
    assert all(page.page.glyphs is None for part in process(task, knowledge) for page in part.document.pages)


def test_a_register_that_changes_while_read_leaves_one_failed_row(
    register: Path, tmp_path: Path, knowledge, small: None
) -> None:
    task = plan_one(register, tmp_path)

    def disturbed() -> Iterator[Outcome]:
        for part in process(task, knowledge):
            register.write_text("another text")
            yield part

    path = archive_of(tmp_path / "out", disturbed())
    ((status, pages, error),) = rows(path, "SELECT status, page_count, error FROM documents")
    assert (status, pages, "changed while it was read" in error) == ("failed", 0, True)
    assert rows(path, "FROM pages") == rows(path, "FROM mentions") == []


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (b"", None),  # nothing was read: the document failed
        (b"....", {"last_page": 4, "sought": None}),  # died on page 5
        (b"....!", {"last_page": None, "sought": 0}),  # died of what comes after reading
        (b"!", {"last_page": None, "sought": 0}),  # the same, of a kept reading
        (b"...!+...!+..", {"last_page": 8, "sought": None}),  # died on page 9, in the third volume
        (b"...!+...!", {"last_page": None, "sought": 1}),  # died in the second volume
    ],
)
def test_where_a_worker_died_says_what_is_asked_again(tmp_path: Path, register: Path, marks: bytes, expected) -> None:
    (tmp_path / "0").write_bytes(marks)
    again = pool._again(plan_one(register, tmp_path), pool._far(tmp_path / "0"), "it died")
    assert (again and {"last_page": again.last_page, "sought": again.sought}) == expected
    assert again is None or "it died" in again.reason


@pytest.mark.parametrize(("sought", "with_mentions"), [(0, set()), (1, {1, 2, 3}), (None, set(range(1, PAGES + 1)))])
def test_pages_after_a_death_are_kept_as_they_were_read(
    register: Path, tmp_path: Path, knowledge, small: None, sought: int | None, with_mentions: set[int]
) -> None:
    task = replace(plan_one(register, tmp_path), sought=sought, version="v", reason="" if sought is None else "it died")
    parts = list(process(task, knowledge))
    assert sum(len(part.document.pages) for part in parts) == PAGES
    assert {mention.page for part in parts for mention in part.found.mentions} == with_mentions
    assert parts[-1].status == ("ok" if sought is None else "partial")
    assert parts[-1].version == ("v" if sought is None else task.cut_version)


# Limits


def cut_short(register: Path, output: Path) -> tuple[Task, Outcome, entities.Knowledge]:
    knowledge = entities.load_knowledge()
    task = replace(plan_one(register, output), version="v", cache_folder=output / "cache", reading="r")
    task = replace(task, settings=replace(task.settings, limit_seconds=-1.0))
    (outcome,) = process(task, knowledge)
    return task, outcome, knowledge


def test_what_time_cut_short_is_said_and_not_kept(register: Path, tmp_path: Path) -> None:
    task, outcome, knowledge = cut_short(register, tmp_path)
    assert (outcome.status, len(outcome.document.pages), outcome.version) == ("partial", 1, task.cut_version)
    assert "stopped after 1 of 7 pages" in (outcome.error or "")
    (longer,) = process(replace(task, settings=Settings()), knowledge)
    assert (longer.status, len(longer.document.pages), longer.version) == ("ok", PAGES, "v")


@pytest.mark.parametrize(
    ("status", "cut", "change", "tasks"),
    [
        ("partial", True, {}, 0),
        ("partial", True, {"limit_seconds": 240.0}, 1),
        ("failed", True, {"limit_memory": 4096}, 1),
        ("partial", False, {"limit_seconds": 240.0, "limit_memory": 4096}, 0),  # a page is broken under any limit
        ("ok", False, {"limit_seconds": 1.0}, 0),
        ("ok", False, {"force": True}, 1),
    ],
)
def test_another_limit_reads_again_what_it_cut_short_alone(
    register: Path, tmp_path: Path, status, cut: bool, change: dict, tasks: int
) -> None:
    met = list(walk([register], {}))

    def planned(settings: Settings, stored: dict[str, load.Known]) -> list[Task]:
        return plan_all(met, {}, tmp_path, settings, "v", stored).tasks

    (task,) = planned(Settings(), {})
    version = task.cut_version if cut else task.version
    known = load.Known(status=status, pipeline_version=version, page_count=1, error="x", paths=(met[0].path,))
    assert len(planned(replace(Settings(), **change), {task.source.document_id: known})) == tasks


def test_a_heavy_file_is_given_more_time(tmp_path: Path) -> None:
    with (tmp_path / "heavy.txt").open("wb") as file:
        file.truncate(2_000_000)  # a byte of it in 8,000 is a second
    assert plan_one(tmp_path / "heavy.txt", tmp_path).settings.limit_seconds == Settings().limit_seconds + 250


# What was in the way


def test_what_could_not_be_read_is_tried_again(register: Path, tmp_path: Path, knowledge) -> None:
    """A file that was away while it was read, and is back with the same bytes, is not up to date."""
    task = replace(plan_one(register, tmp_path), version="v")
    register.rename(tmp_path / "away")
    (outcome,) = process(task, knowledge)
    assert (outcome.status, outcome.version not in ("v", task.cut_version)) == ("failed", True)


def test_a_failure_that_was_mended_leaves_no_row(tmp_path: Path) -> None:
    """The empty file was filled; the text that was read, and then changed, keeps its rows."""
    corpus, output = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    (corpus / "a.txt").write_bytes(b"")
    (corpus / "b.txt").write_text("La convention a été signée le 3 mars 1977 à Lens.\n")
    assert chronoville("ingest", corpus, "--output", output).code == 1
    (corpus / "a.txt").write_text("La tour a été démolie en 1988 à Roubaix.\n")
    (corpus / "b.txt").write_text("La convention a été signée le 4 mars 1977 à Lens.\n")
    run = chronoville("ingest", corpus, "--output", output)
    assert run.code == 0, run.err
    assert sorted(run.rows("SELECT filename, status FROM documents")) == [
        ("a.txt", "ok"),
        ("b.txt", "ok"),
        ("b.txt", "ok"),
    ]
    assert len(run.rows("SELECT path FROM document_paths WHERE path LIKE '%a.txt'")) == 1


def test_nothing_of_a_killed_run_is_left_behind(register: Path, tmp_path: Path) -> None:
    left = tmp_path / "out" / "cache" / "under-way"
    left.mkdir(parents=True)
    (left / "7").write_bytes(b"...")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    shutil.copy(register, corpus)
    assert chronoville("ingest", corpus, "--output", tmp_path / "out").code == 0
    assert not left.exists()


def test_what_is_under_way_is_private(tmp_path: Path) -> None:
    with pool._emptied(tmp_path / "under-way"):
        assert stat.S_IMODE((tmp_path / "under-way").stat().st_mode) == 0o700
    assert not (tmp_path / "under-way").exists()
