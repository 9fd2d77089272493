"""Many machines, as far as one machine can show: a real scheduler and two workers, one of which is killed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, chronoville
from test_interruption import archives, rows, start

pytest.importorskip("distributed", reason="the dask extra is not installed")
pytestmark = pytest.mark.xdist_group("cluster")
__all__ = ["archives"]  # the fixture


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of a scheduler on loopback, and its two workers."""
    found = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    log = (tmp_path / "dask.log").open("wb")
    common = {"cwd": ROOT, "stdout": log, "stderr": log}
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(found)],
        **common,
    )
    deadline = time.monotonic() + 60
    while not found.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    worker = [*dask, "worker", "--scheduler-file", str(found), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    workers = [
        subprocess.Popen([*worker, "--local-directory", str(tmp_path / f"worker-{n}")], **common) for n in range(2)
    ]
    yield json.loads(found.read_text())["address"], workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()
    log.close()


def test_a_cluster_that_loses_a_worker_gives_the_rows_of_a_local_run(archives: Path, tmp_path: Path, cluster) -> None:
    address, workers = cluster
    output = tmp_path / "out"
    run = start(archives, output, "--engine", "dask", "--scheduler", address)
    shards = output / "shards"
    deadline = time.monotonic() + 120
    while run.poll() is None and time.monotonic() < deadline and len(list(shards.glob("*"))) < 4:
        time.sleep(0.05)
    assert run.poll() is None, run.communicate()
    workers[0].kill()
    _, messages = run.communicate(timeout=240)
    assert run.returncode == 0, messages
    local = chronoville("ingest", archives, "--output", tmp_path / "local")
    assert local.code == 0
    assert rows(output) == rows(tmp_path / "local")
    assert len(list(shards.iterdir())) == 27, "one shard a document, none half written"
    answers = asked_where_they_lie(output)
    happened = "SELECT count(*) FROM events WHERE certainty = 'happened'"
    with duckdb.connect(str(output / "archive.duckdb"), read_only=True) as archive:
        assert sum(row[2] for row in answers[0]) == archive.execute(happened).fetchall()[0][0] > 0
        seventies = archive.execute(
            "SELECT date_from FROM events WHERE year(date_from) BETWEEN 1970 AND 1979 ORDER BY date_from"
        ).fetchall()
    assert [row[:1] for row in answers[-1]] == seventies != []


def asked_where_they_lie(output: Path) -> list[list[tuple]]:
    """The answers to the questions of docs/scale.md, asked of the shards in ``output``."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8").replace("outputs/", f"{output}/")
    with duckdb.connect() as connection:
        return [connection.execute(sql).fetchall() for sql in re.findall(r"```sql\n(.*?)```", page, re.S)]


@pytest.mark.parametrize(
    ("more", "words"), [([], "--scheduler"), (["--scheduler", "tcp://127.0.0.1:9"], "No Dask scheduler")]
)
def test_a_cluster_that_is_not_there_is_a_wrong_call(
    archives: Path, tmp_path: Path, more: list[str], words: str
) -> None:
    run = chronoville("ingest", archives, "--output", tmp_path / "out", "--engine", "dask", *more)
    assert (run.code, words in run.err, "Traceback" in run.err) == (2, True, False), run.err
