"""What a run has to do: which of the files met are new, changed or made by other code, and what to ask of each.

Idea: a document is up to date when it is stored under the version that would be given to it now, a digest of the code,
the libraries, the gazetteers and what the manifest says of it; what a limit cut short is up to date under that limit
alone. Only the others become tasks, in the order of the walk.
Limits: a file that is gone keeps its rows; it is reported, for a person to decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import cache, extract, fingerprints, load
from pipeline.records import DocumentInfo, Outcome, Source
from pipeline.settings import Settings
from pipeline.sources import Met, readable_name, walk
from pipeline.tasks import Task, cut_version, failed

CACHE = "cache"
RATE = 8_000  # bytes a second: a scanned page weighs 30 kB in black and white and takes Tesseract two to four seconds
SUFFIXES = {".pdf": "application/pdf", ".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the walk found: one task a document to be done, in the order of the walk, and every path of each document."""

    tasks: list[Task]
    rows: list[Outcome]
    paths: dict[str, list[Met]]


def extra_folder(named: Sequence[Path]) -> Path | None:
    """The first named folder that holds a researcher's own gazetteers or corrections."""
    for root in named:
        if (root / "gazetteers").is_dir() or (root / "corrections.csv").is_file():
            return root
    return None


def digest_of(extra: Path | None) -> str:
    """Digest of a researcher's own gazetteers and corrections."""
    state = hashlib.sha256()
    if extra is not None:
        for file in sorted([*extra.glob("gazetteers/*"), *extra.glob("corrections.csv")]):
            if file.is_file():
                state.update(file.name.encode("utf-8", "surrogateescape") + b"\0" + file.read_bytes())
    return state.hexdigest()


def plan_all(
    met: Sequence[Met],
    told: Mapping[str, DocumentInfo],
    output: Path,
    settings: Settings,
    version: str,
    stored: Mapping[str, load.Known],
) -> Plan:
    """What is to be done for the files met; ``version`` is that of the code and the knowledge of this run."""
    plan = Plan(tasks=[], rows=[], paths={})
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
        allowed = _allowed(settings, file)
        up_to_date = (own_version, cut_version(own_version, allowed))
        if document_id in stored and stored[document_id].pipeline_version in up_to_date and not settings.force:
            continue
        if settings.force:
            cache.forget(output / CACHE, document_id)
        task = _task(file, identity, info, own_version, output, allowed)
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
    task = _task(file, file.sha256, DocumentInfo(), "", output, _allowed(Settings(), file))
    return replace(task, cache_folder=None)


def _allowed(settings: Settings, file: Met) -> Settings:
    """The settings with the time this file may take: a heavy one holds many pages, or scans."""
    return replace(settings, limit_seconds=round(settings.limit_seconds + file.stamp.size / RATE, 1))


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
    return Task(
        source=source,
        settings=settings,
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


def superseded(stored: Mapping[str, load.Known], plan: Plan, named: Sequence[Path]) -> set[str]:
    """Documents of which nothing could be read, and which are not met any more where they were: there is nothing to keep."""
    return {
        document_id
        for document_id, known in stored.items()
        if known.status in ("failed", "skipped")
        and not known.page_count
        and document_id not in plan.paths
        and all(_is_under(path, named) for path in known.paths)
    }


def gone(stored: Mapping[str, load.Known], met: Sequence[Met], named: Sequence[Path]) -> list[str]:
    """Paths of an earlier run under the same folders that are no longer there."""
    here = {file.path for file in met}
    paths = (path for known in stored.values() for path in known.paths)
    return sorted(path for path in paths if path not in here and _is_under(path, named))


def _is_under(path: str, named: Sequence[Path]) -> bool:
    return path.startswith(tuple(f"{readable_name(root)}/" for root in named)) or path in map(readable_name, named)
