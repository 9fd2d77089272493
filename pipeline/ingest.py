"""One ingest run: meet the files, process what is new, store it, write the chronology again.

Idea: only what is not up to date is processed (``pipeline.plan``). Documents are stored in the order of the walk, whole
documents a transaction, so the rows do not depend on the number of workers and an interrupted run leaves whole documents
only. What is held at a time is bounded: a few documents of one volume each, or one shard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from rich.console import Console

from pipeline import chronology, cluster, entities, fingerprints, load, pool
from pipeline.errors import CallError
from pipeline.manifest import read_manifests
from pipeline.plan import CACHE, Plan, digest_of, extra_folder, gone, plan_all, superseded
from pipeline.process import Done
from pipeline.progress import Watch
from pipeline.records import Outcome
from pipeline.report import Report
from pipeline.settings import DATABASE, Settings
from pipeline.sources import Met, known_stamps, readable_name, remember_stamps, walk
from pipeline.summary import summary_of

UNDER_WAY = "under-way"  # what workers leave for the writer, below the cache
TOGETHER = 16  # documents a transaction at most: its fixed cost is that of a page
TOGETHER_PAGES = 500  # pages a transaction, from which on no document is added
PATIENCE = 1.0  # seconds a finished document waits for others at most
ARCHIVES = "archives"  # what zipped folders hold, below the cache


def ingest(named: Sequence[Path], output: Path, settings: Settings, console: Console) -> Report:
    """Bring the archive in ``output`` up to date with the named files and folders.

    Raises ``CallError`` where there is nothing to read, ``OutputError`` where the archive cannot be used.
    """
    began = datetime.now(UTC)
    told, extra = read_manifests(named), extra_folder(named)
    if extra is not None:
        # A table that cannot be read is told here, not by a worker that dies of it; so are lines that were left out.
        for line in entities.load_knowledge(extra).unused:
            console.print(line, highlight=False, markup=False)
    report = Report()
    version = fingerprints.pipeline_version(digest_of(extra))
    with load.open_archive(output / DATABASE, pipeline_version=version) as archive:
        stored = load.known_documents(archive)
        met = _meet(named, output)
        plan = plan_all(met, told, output, settings, version, stored)
        report.files, report.documents = len(met), len(plan.paths)
        over = superseded(stored, plan, named)
        report.gone = gone({key: known for key, known in stored.items() if key not in over}, met, named)
        if plan.tasks or plan.rows:
            _stale(output).touch()  # an interrupted run must not leave tables that tell an older archive
            _store_all(archive, plan, settings, extra, report, console)
        report.unchanged = report.documents - report.ingested
        renamed = _store_paths(archive, plan, stored)
        load.forget(archive, over)
        changed = bool(report.ingested or renamed or load.needs_settling(archive))
        if changed:
            load.settle(archive, chronology.refresh)
        _record(archive, began, settings, named, report)
    if changed or _stale(output).exists() or not (output / "chronology.csv").exists():
        chronology.write_tables(output / DATABASE, output, filters=chronology.Filters())
        _stale(output).unlink(missing_ok=True)
    return report


def _meet(named: Sequence[Path], output: Path) -> list[Met]:
    folder = output / CACHE
    folder.mkdir(parents=True, exist_ok=True)
    stamps = known_stamps(folder)
    met = list(walk(named, stamps, leave_out=output, unpack_into=folder / ARCHIVES))
    if not met:
        places = ", ".join(map(readable_name, named))
        raise CallError(f"{places}: there is no document here. Put PDF, text, HTML, DOCX or ODT files in it.")
    remember_stamps(folder, stamps, met)
    return met


def _store_all(
    archive: load.Archive, plan: Plan, settings: Settings, extra: Path | None, report: Report, console: Console
) -> None:
    """Process what is planned and store it, whole documents a transaction, a few together while they come fast."""
    waiting: list[Outcome | Path] = []
    with Watch(console, len(plan.tasks) + len(plan.rows)) as watch:
        flushed, pages = watch.seconds, 0
        for summary, result in _results(plan, settings, extra, archive.path, watch):
            pages += summary.pages
            waiting.append(result)
            if len(waiting) >= TOGETHER or pages >= TOGETHER_PAGES or watch.seconds - flushed > PATIENCE:
                _store(archive, waiting)
                waiting, flushed, pages = [], watch.seconds, 0
            trouble = report.count(summary)
            watch.document(summary.path, trouble)
        _store(archive, waiting)
        report.seconds = watch.seconds


def _store(archive: load.Archive, waiting: Sequence[Outcome | Path]) -> None:
    """Store outcomes and shards in the order of the walk; those of one sort that follow each other in one transaction."""
    for _, group in groupby(waiting, key=type):
        few = list(group)
        outcomes = [done for done in few if isinstance(done, Outcome)]
        if outcomes:
            load.store(archive, *outcomes)
        else:
            load.store_shards(archive, *(done for done in few if isinstance(done, Path)))


def _record(archive: load.Archive, began: datetime, settings: Settings, named: Sequence[Path], report: Report) -> None:
    load.record_run(
        archive,
        started_at=began,
        finished_at=datetime.now(UTC),
        versions=fingerprints.library_versions(),
        options=asdict(settings) | {"sources": [readable_name(root) for root in named]},
        documents_seen=report.documents,
        documents_ingested=report.ingested,
        documents_failed=report.statuses["failed"],
    )


def _stale(output: Path) -> Path:
    """A mark that stands while the tables are older than the archive."""
    return output / CACHE / "tables-are-stale"


def _store_paths(archive: load.Archive, plan: Plan, stored: Mapping[str, load.Known]) -> int:
    """Record every path of the documents that stand under more than one, or under a new one; how many were new."""
    new = 0
    for document_id, files in plan.paths.items():
        earlier = stored[document_id].paths if document_id in stored else (files[0].path,)
        for file in files:
            if file.path not in earlier:
                load.add_path(archive, document_id, file.path, file.location)
                new += 1
    return new


def _results(plan: Plan, settings: Settings, extra: Path | None, database: Path, watch: Watch) -> Iterator[Done]:
    """Each document's summary and what is to be stored: an outcome, or the shard another machine wrote."""
    yield from ((summary_of(row), row) for row in plan.rows)
    if not plan.tasks:
        return
    if settings.engine == "dask":
        away = cluster.run(plan.tasks, scheduler=settings.scheduler, extra=extra, database=database, watch=watch.page)
        with closing(away):
            yield from away
        return
    workers = max(1, min(settings.workers or _processors(), len(plan.tasks)))
    here = pool.run(
        plan.tasks,
        workers=workers,
        extra=extra,
        limit_memory=settings.limit_memory,
        database=database,
        folder=database.parent / CACHE / UNDER_WAY,
        watch=watch.page,
    )
    with closing(here):
        yield from here


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
