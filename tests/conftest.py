"""What several tests share: the sample corpus, ingested once, and the folder of reference material, where it is there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def pytest_configure(config: pytest.Config) -> None:
    """Keep the program compiled, though the surroundings may forbid it: the tests start it some hundred times."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".pytest_cache" / "compiled")


@dataclass(frozen=True)
class Run:
    """One call of the command line and what came of it."""

    code: int
    out: str
    err: str
    output: Path

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.output / "archive.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def chronoville(*arguments: str | Path, stdin: bytes | None = None, timeout: float = 300) -> Run:
    """Call the command line as a person would, from the root of the project."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    output = Path(arguments[arguments.index("--output") + 1]) if "--output" in arguments else ROOT / "outputs"
    return Run(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode(), output=output)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The sample corpus in an archive of its own."""
    output = tmp_path_factory.mktemp("sample")
    run = chronoville("ingest", "corpus", "--output", output)
    assert run.code == 0, run.err
    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference material beside the project; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the reference material is not beside this checkout (../shared)")
    return SHARED
