"""One ingest run: meet the files, process what is new, store it, write the chronology again.

Idea: a document is up to date when it is stored under the version that would be given to it now, a digest of the code,
the libraries, the gazetteers and what the manifest says of it; only the others are processed. Outcomes are stored in the
order of the walk, one transaction each, so the rows do not depend on the number of workers and an interrupted run leaves
whole documents only.
Limits: a file that is gone keeps its rows; it is reported, for a person to decide.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from pipeline import cache, chronology, cluster, entities, extract, fingerprints, load, pool
from pipeline.errors import CallError
from pipeline.manifest import read_manifests
from pipeline.process import Task, failed
from pipeline.progress import Watch
from pipeline.records import DocumentInfo, Outcome, Source
from pipeline.settings import DATABASE, Settings
from pipeline.sources import Met, known_stamps, readable_name, remember_stamps, walk
from pipeline.summary import Summary, summary_of

CACHE = "cache"
SCAN_RATE = 20_000  # bytes a second: a scanned page weighs some 70 kB and takes Tesseract two to four seconds
TOGETHER = 16  # documents a transaction at most: its fixed cost is that of a page
PATIENCE = 1.0  # seconds a finished document waits for others at most
ARCHIVES = "archives"  # what zipped folders hold, below the cache
SUFFIXES = {".pdf": "application/pdf", ".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}


@dataclass(slots=True, kw_only=True)
class Report:
    """What one run did: counts of files and documents, and the trouble met. ``seconds`` is wall time."""

    files: int = 0
    documents: int = 0
    unchanged: int = 0
    ingested: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    trouble: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    claimed_pages: int = 0
    pages: int = 0
    needs_ocr: int = 0
    seconds: float = 0.0
    rooms: dict[str, float] = field(default_factory=dict)
    characters: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What the walk found: one task a document to be done, in the order of the walk, and every path of each document."""

    tasks: list[Task]
    rows: list[Outcome]
    paths: dict[str, list[Met]]


def ingest(named: Sequence[Path], output: Path, settings: Settings, console: Console) -> Report:
    """Bring the archive in ``output`` up to date with the named files and folders.

    Raises ``CallError`` where there is nothing to read, ``OutputError`` where the archive cannot be used.
    """
    began = datetime.now(UTC)
    told, extra = read_manifests(named), _extra_folder(named)
    if extra is not None:
        # A table that cannot be read is told here, not by a worker that dies of it; so are lines that were left out.
        for line in entities.load_knowledge(extra).unused:
            console.print(line, highlight=False, markup=False)
    report = Report()
    version = fingerprints.pipeline_version(_digest(extra))
    with load.open_archive(output / DATABASE, pipeline_version=version) as archive:
        stored = load.known_documents(archive)
        met = _meet(named, output)
        plan = _plan(met, told, output, settings, version, stored)
        report.files, report.documents = len(met), len(plan.paths)
        report.gone = _gone(stored, met, named)
        if plan.tasks or plan.rows:
            _stale(output).touch()  # an interrupted run must not leave tables that tell an older archive
            _store_all(archive, plan, settings, extra, report, console)
        report.unchanged = report.documents - report.ingested
        renamed = _store_paths(archive, plan, stored)
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
    archive: load.Archive, plan: _Plan, settings: Settings, extra: Path | None, report: Report, console: Console
) -> None:
    """Process what is planned and store it, whole documents a transaction, a few together while they come fast."""
    waiting: list[Outcome] = []
    with Watch(console, len(plan.tasks) + len(plan.rows)) as watch:
        flushed = watch.seconds
        for summary, result in _results(plan, settings, extra, archive.path, watch):
            if isinstance(result, Outcome):
                waiting.append(result)
            else:
                load.store_shard(archive, result)
            if len(waiting) >= TOGETHER or watch.seconds - flushed > PATIENCE:
                load.store(archive, *waiting)
                waiting, flushed = [], watch.seconds
            _count(report, summary, watch)
        if waiting:
            load.store(archive, *waiting)
        report.seconds = watch.seconds


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


def _store_paths(archive: load.Archive, plan: _Plan, stored: Mapping[str, load.Known]) -> int:
    """Record every path of the documents that stand under more than one, or under a new one; how many were new."""
    new = 0
    for document_id, files in plan.paths.items():
        earlier = stored[document_id].paths if document_id in stored else (files[0].path,)
        for file in files:
            if file.path not in earlier:
                load.add_path(archive, document_id, file.path, file.location)
                new += 1
    return new


def _extra_folder(named: Sequence[Path]) -> Path | None:
    """The first named folder that holds a researcher's own gazetteers or corrections."""
    for root in named:
        if (root / "gazetteers").is_dir() or (root / "corrections.csv").is_file():
            return root
    return None


def _digest(extra: Path | None) -> str:
    """Digest of a researcher's own gazetteers and corrections."""
    state = hashlib.sha256()
    if extra is not None:
        for file in sorted([*extra.glob("gazetteers/*"), *extra.glob("corrections.csv")]):
            if file.is_file():
                state.update(file.name.encode("utf-8", "surrogateescape") + b"\0" + file.read_bytes())
    return state.hexdigest()


def _plan(
    met: Sequence[Met],
    told: Mapping[str, DocumentInfo],
    output: Path,
    settings: Settings,
    version: str,
    stored: Mapping[str, load.Known],
) -> _Plan:
    plan = _Plan(tasks=[], rows=[], paths={})
    for file in met:
        identity = file.sha256 or hashlib.sha256(file.path.encode()).hexdigest()
        document_id = identity[:16]
        if document_id in plan.paths:
            plan.paths[document_id].append(file)
            continue
        plan.paths[document_id] = [file]
        info = told.get(file.path, DocumentInfo())
        asked = repr((info, settings.ocr, settings.limit_pages))
        own_version = f"{version}.{hashlib.sha256(asked.encode()).hexdigest()[:6]}"
        if document_id in stored and stored[document_id].pipeline_version == own_version and not settings.force:
            continue
        if settings.force:
            cache.forget(output / CACHE, document_id)
        task = _task(file, identity, info, own_version, output, settings)
        if file.problem:
            plan.rows.append(failed(task, file.problem))
        elif not file.stamp.size:
            plan.rows.append(failed(task, "the file is empty"))
        elif not task.source.media_type:
            plan.rows.append(
                failed(task, "not a kind of document that can be read (PDF, text, HTML, DOCX, ODT)", status="skipped")
            )
        else:
            plan.tasks.append(task)
    return plan


def plan_one(location: Path, output: Path) -> Task:
    """The task of one file alone, without manifest, limits or kept reading."""
    (file,) = walk([location], {})
    task = _task(file, file.sha256, DocumentInfo(), "", output, Settings())
    return replace(task, cache_folder=None)


def _task(file: Met, identity: str, info: DocumentInfo, version: str, output: Path, settings: Settings) -> Task:
    source = Source(
        document_id=identity[:16],
        sha256=identity,
        path=file.path,
        location=file.location,
        media_type=_media_type(file),
        size=file.stamp.size,
    )
    optical = "off" if extract.missing_for_ocr() else settings.ocr  # what is installed later is tried again
    reading = f"{fingerprints.reading()}-{optical}-{settings.limit_pages}"
    allowance = 0.0 if optical == "off" else file.stamp.size / SCAN_RATE
    return Task(
        source=source,
        settings=replace(settings, limit_seconds=round(settings.limit_seconds + allowance, 1)),
        told=info,
        version=version,
        cache_folder=output / CACHE,
        reading=reading,
    )


def _media_type(file: Met) -> str:
    """What the bytes are; where they do not say, what the name promises, so that the reader can say what is wrong."""
    if file.problem:
        return ""
    return extract.sniff(file.location) or SUFFIXES.get(file.location.suffix.lower(), "")


def _gone(stored: Mapping[str, load.Known], met: Sequence[Met], named: Sequence[Path]) -> list[str]:
    """Paths of an earlier run under the same folders that are no longer there."""
    here = {file.path for file in met}
    roots = tuple(f"{readable_name(root)}/" for root in named if root.is_dir())
    paths = (path for known in stored.values() for path in known.paths)
    return sorted(path for path in paths if path not in here and path.startswith(roots))


def _results(
    plan: _Plan, settings: Settings, extra: Path | None, database: Path, watch: Watch
) -> Iterator[tuple[Summary, Outcome | Path]]:
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
    here = pool.run(plan.tasks, workers=workers, extra=extra, limit_memory=settings.limit_memory, watch=watch.page)
    with closing(here):
        yield from ((summary_of(outcome), outcome) for outcome in here)


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(report: Report, summary: Summary, watch: Watch) -> None:
    report.ingested += 1
    report.statuses[summary.status] += 1
    report.claimed_pages += summary.claimed_pages
    report.pages += summary.pages
    report.needs_ocr += summary.needs_ocr
    report.characters.update(summary.characters)
    report.found.update(summary.found)
    for room, seconds in summary.timings:
        report.rooms[room] = report.rooms.get(room, 0.0) + seconds
    trouble = summary.error or "" if summary.status != "ok" else ""
    if trouble:
        report.trouble.append((summary.path, f"{summary.status}: {trouble}"))
    watch.document(summary.path, f"{summary.status}: {trouble}" if trouble else "")
