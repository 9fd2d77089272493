"""What may not be read or written is told in a line, and taken in once it may."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, Run, chronoville

TEXT = "La convention a été signée le 15 juin 1985 entre l’État et la Ville de Chambéry.\n"
_DROP = 24  # PR_CAPBSET_DROP, from linux/prctl.h
_OVERRIDE, _SEARCH = 1, 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what lets root read and write everything


def _like_anyone() -> None:
    """In a child about to be executed: root no longer goes through closed doors."""
    if os.geteuid() == 0:
        for right in (_OVERRIDE, _SEARCH):
            if ctypes.CDLL(None, use_errno=True).prctl(_DROP, right, 0, 0, 0):
                raise PermissionError(ctypes.get_errno(), "the right of root cannot be given up here")


@pytest.fixture(scope="module")
def anyone() -> Callable[..., Run]:
    """The command line, called by somebody whom the rights of files bind, though the tests run as root."""
    probe = subprocess.run(
        [sys.executable, "-c", "open('/etc/shadow', 'ab')"], preexec_fn=_like_anyone, capture_output=True
    )
    if os.geteuid() == 0 and Path("/etc/shadow").stat().st_mode & 0o222 == 0 and probe.returncode == 0:
        pytest.skip("root goes through closed doors here")

    def call(*arguments: str | Path) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *map(str, arguments)],
            cwd=ROOT, preexec_fn=_like_anyone, capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        output = Path(arguments[arguments.index("--output") + 1])
        return Run(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode(), output=output)

    return call


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("a.txt", "closed.txt", "folder/b.txt"):
        file = tmp_path / "corpus" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{name}\n{TEXT}")
    return tmp_path / "corpus"


def test_a_file_that_may_not_be_read_is_a_row_until_it_may(corpus: Path, tmp_path: Path, anyone) -> None:
    (corpus / "closed.txt").chmod(0)
    run = anyone("ingest", corpus, "--output", tmp_path / "out")
    assert (run.code, "Traceback" in run.err) == (1, False), run.err
    assert dict(run.rows("SELECT filename, status FROM documents")) == {
        "a.txt": "ok",
        "b.txt": "ok",
        "closed.txt": "failed",
    }
    assert "closed.txt: failed: the file could not be read (Permission denied)" in run.err
    assert anyone("ingest", corpus, "--output", tmp_path / "out").code == 0, "told once; nothing new"
    (corpus / "closed.txt").chmod(0o644)
    assert anyone("ingest", corpus, "--output", tmp_path / "out").code == 0
    assert run.rows("SELECT filename, status FROM documents WHERE filename = 'closed.txt'") == [("closed.txt", "ok")]


def test_a_folder_that_may_not_be_looked_into_is_told(corpus: Path, tmp_path: Path, anyone) -> None:
    (corpus / "folder").chmod(0)
    try:
        run = anyone("ingest", corpus, "--output", tmp_path / "out")
    finally:
        (corpus / "folder").chmod(0o755)
    assert (run.code, "Traceback" in run.err) == (1, False), run.err
    assert "folder: failed: the folder could not be read (Permission denied)" in run.err
    assert anyone("ingest", corpus, "--output", tmp_path / "out").code == 0
    assert sorted(run.rows("SELECT status, filename FROM documents")) == [
        ("ok", f"{name}.txt") for name in ("a", "b", "closed")
    ]


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A corpus, and the output of a run before one more file came."""
    corpus, output = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("earlier") / "out"
    (corpus / "a.txt").write_text(TEXT)
    assert chronoville("ingest", corpus, "--output", output, "--workers", "1").code == 0
    (corpus / "new.txt").write_text(f"new\n{TEXT}")
    return corpus, output


@contextmanager
def closed_to_writing(path: Path) -> Iterator[None]:
    mode = path.stat().st_mode
    path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        path.chmod(mode)


@pytest.mark.parametrize("closed", [".", "archive.duckdb", "cache"])
def test_an_output_that_may_not_be_written_ends_in_3(
    earlier: tuple[Path, Path], tmp_path: Path, anyone, closed: str
) -> None:
    corpus, output = earlier[0], tmp_path / "out"
    shutil.copytree(earlier[1], output)
    if closed == ".":
        (output / "archive.duckdb").unlink()
    with closed_to_writing(output / closed):
        run = anyone("ingest", corpus, "--output", output, "--workers", "1")
    assert (run.code, "Traceback" in run.err) == (3, False), run.err
    assert str(output) in run.err and "ermission denied" in run.err


def test_a_table_closed_to_writing_is_told_and_made_by_the_next_run(
    earlier: tuple[Path, Path], tmp_path: Path, anyone
) -> None:
    corpus, output = earlier[0], tmp_path / "out"
    shutil.copytree(earlier[1], output)
    (output / "chronology.csv").unlink()
    (output / "chronology.csv").mkdir()  # nothing can take its place
    run = anyone("ingest", corpus, "--output", output, "--workers", "1")
    assert (run.code, "Traceback" in run.err) == (3, False), run.err
    assert "chronology.csv" in run.err
    (output / "chronology.csv").rmdir()
    assert anyone("ingest", corpus, "--output", output, "--workers", "1").code == 0
    assert (output / "chronology.csv").stat().st_size > 0


def test_a_question_needs_no_right_to_write(earlier: tuple[Path, Path], anyone) -> None:
    output = earlier[1]
    with closed_to_writing(output), closed_to_writing(output / "archive.duckdb"):
        run = anyone("query", "SELECT count(*) AS n FROM documents", "--output", output)
    assert (run.code, run.out) == (0, "n\n1\n"), run.err
