"""Killed, stopped, or met by a second run: the archive stays whole, and the next run goes on."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psutil
import pytest
from conftest import ROOT, chronoville

KILLS, PARTS = 30, 3
TABLES = ("documents", "pages", "repairs", "mentions", "entities", "events", "event_participants", "relations")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four short texts and three PDFs, which do not ask for the statistical model: half of each run is work to hit."""
    corpus = tmp_path_factory.mktemp("archives")
    for number in range(24):
        text = (
            f"Le {number + 1} mars 19{70 + number}, la Ville de Lens a signé la convention n° {number} avec l’État.\n"
            * 3
        )
        (corpus / f"{number:02}.txt").write_text(text)
    for name in (
        "01-convention-tripartite-npnru.pdf",
        "06-releve-civ-grigny-2021.pdf",
        "12-chronologie.pdf",
    ):
        shutil.copy(ROOT / "corpus" / name, corpus)
    return corpus


def start(corpus: Path, output: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline", "ingest", str(corpus), "--output", str(output), *more]
    temporary(output).mkdir(exist_ok=True)
    env = os.environ | {"TMPDIR": str(temporary(output))}
    return subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def temporary(output: Path) -> Path:
    """The run's own folder for temporary files, beside its output; nothing is to be left there, however it ends."""
    return output.with_name(f"{output.name}-temporary")


def rows(output: Path) -> dict[str, list[tuple]]:
    with duckdb.connect(str(output / "archive.duckdb"), read_only=True) as connection:
        return {
            table: connection.execute(
                f"SELECT * {'EXCLUDE (ingested_at)' if table == 'documents' else ''} FROM {table}"
            ).fetchall()
            for table in TABLES
        }


def assert_whole(output: Path) -> int:
    """The database opens and holds whole documents only; how many."""
    if not (output / "archive.duckdb").exists():
        return 0
    with duckdb.connect(str(output / "archive.duckdb"), read_only=True) as connection:
        if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'pages'").fetchone():
            return 0
        torn = connection.execute(
            """SELECT document_id FROM documents LEFT JOIN pages USING (document_id)
            GROUP BY document_id, page_count HAVING count(page) <> page_count"""
        ).fetchall()
        assert torn == []
        return connection.execute("SELECT count(*) FROM documents").fetchone()[0]


@pytest.fixture(scope="module")
def calm(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """The output of an undisturbed run, and how long it took."""
    output = tmp_path_factory.mktemp("calm")
    began = time.monotonic()
    assert chronoville("ingest", archives, "--output", output, "--workers", "1").code == 0
    return output, time.monotonic() - began


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_thirty_moments_it_ends_with_the_same_rows(
    archives: Path, calm: tuple[Path, float], tmp_path: Path, part: int
) -> None:
    undisturbed, length = calm
    moments = random.Random(1977 + part)
    output, attempt = tmp_path / "0", 0
    for kill in range(KILLS // PARTS):
        run = start(archives, output, "--workers", "1")
        time.sleep(moments.uniform(0.2, 1.1) * length)
        children = psutil.Process(run.pid).children(recursive=True) if run.poll() is None else []
        run.send_signal(moments.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)))
        run.communicate()
        _gone, alive = psutil.wait_procs(children, timeout=30)
        assert alive == [], "a worker outlived its run"
        assert list(temporary(output).iterdir()) == []
        if assert_whole(output) == 27 and kill < KILLS // PARTS - 1:  # done before the kill: begin again elsewhere
            attempt += 1
            output = tmp_path / str(attempt)
    assert chronoville("ingest", archives, "--output", output).code == 0
    assert rows(output) == rows(undisturbed)
    assert (output / "chronology.csv").read_bytes() == (undisturbed / "chronology.csv").read_bytes()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["archive.duckdb", "cache/under-way/1"], ids=["models load", "workers read"])
def test_a_stop_is_quick_and_clear(archives: Path, tmp_path: Path, sent: int, moment: str) -> None:
    """At once, in the middle of a page of Tesseract too: a worker that waits for its library takes three seconds to end."""
    run = start(archives, tmp_path, "--workers", "2", "--ocr", "force")
    while run.poll() is None and not (tmp_path / moment).exists():
        time.sleep(0.05)
    workers = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(sent)
    began = time.monotonic()
    _, messages = run.communicate(timeout=90)
    assert time.monotonic() - began < 5, "a second on a quiet machine"
    assert run.returncode == 130
    assert messages.strip().splitlines()[-1].startswith("chronoville: stopped.")
    assert "Traceback" not in messages
    assert psutil.wait_procs(workers, timeout=5)[1] == []
    assert not (tmp_path / "cache" / "under-way").exists() and list(temporary(tmp_path).iterdir()) == []
    assert_whole(tmp_path)


def assert_started(output: Path) -> int:
    """Whether the run holds the archive already (its file is there)."""
    return int((output / "archive.duckdb").exists())


_ABANDONED = """
import multiprocessing, os
from multiprocessing import forkserver

multiprocessing.get_context("forkserver").set_forkserver_preload(["pipeline.warm"])
status, task = forkserver.connect_to_new_process([])
os.close(task)
os.read(status, 1)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are forked from a server on Linux only")
def test_a_worker_whose_run_has_ended_says_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", _ABANDONED], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_run_is_told_who_holds_the_archive(archives: Path, tmp_path: Path) -> None:
    first = start(archives, tmp_path / "out")
    while first.poll() is None and not assert_started(tmp_path / "out"):
        time.sleep(0.05)
    second = chronoville("ingest", archives, "--output", tmp_path / "out")
    first.terminate()
    first.communicate()
    assert second.code == 3
    assert f"process {first.pid}" in second.err


def test_a_full_disk_is_told_and_leaves_whole_documents(archives: Path, tmp_path: Path) -> None:
    limit = 250_000  # bytes a file may grow to: the database fills its « disk » on the way

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "ingest", str(archives), "--output", str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, text=True, preexec_fn=small_files, check=False,
    )  # fmt: skip
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    assert "cannot be" in done.stderr
    assert_whole(tmp_path / "out")
    assert chronoville("ingest", archives, "--output", tmp_path / "out").code == 0


def test_a_file_that_vanishes_or_changes_while_read_is_a_row(tmp_path: Path) -> None:
    from pipeline import entities
    from pipeline.plan import plan_one
    from pipeline.process import process

    file = tmp_path / "a.txt"
    file.write_text("La convention a été signée en 2005.")
    task = plan_one(file, tmp_path)
    file.write_text("La convention a été signée en 2006, dit-on.")
    knowledge = entities.load_knowledge()
    (outcome,) = process(task, knowledge)
    assert "changed while it was read" in (outcome.error or "")
    file.unlink()
    (outcome,) = process(task, knowledge)
    assert (outcome.status, "could not be read" in (outcome.error or "")) == ("failed", True)
