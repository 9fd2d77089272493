"""The order of the rooms, for one document.

Why: this is the whole way through the house, in one function that runs the same in this process, in a worker, or on
another machine.
Idea: a document's reading (extract, repair) and its finding (entities, events) age apart: a new gazetteer makes the
second out of date and not the first, so the first is kept (``pipeline.cache``) and taken up again.
Limits: time is watched between pages; a page that never ends is the pool's to kill (``pipeline.pool``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path

from pipeline import cache, entities, events, extract, repair
from pipeline.errors import DocumentError, LimitReached, UnreadableDocument
from pipeline.records import Document, DocumentInfo, Outcome, Page, Source, Status
from pipeline.settings import Settings
from pipeline.sources import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One document to process. ``told`` is what the manifest says of it, and wins over what is guessed.

    ``version``: what the finished document will carry.
    ``cache_folder``: where readings are kept, or ``None``. ``reading``: the fingerprint a kept reading must have.
    ``last_page``: stop before the page that killed an earlier attempt (``reason`` says how), or ``None``.
    """

    source: Source
    settings: Settings
    told: DocumentInfo
    version: str = ""
    cache_folder: Path | None = None
    reading: str = ""
    last_page: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as read and mended, before anything is sought in it."""

    document: Document
    status: Status
    error: str | None
    claimed_pages: int


def process(task: Task, knowledge: entities.Knowledge, on_page: Callable[[int], None] = lambda _: None) -> Outcome:
    """Take one document through every room. A document that cannot be read gives a ``failed`` outcome, never an error."""
    clock = _Clock()
    try:
        reading = _kept(task) or _read(task, on_page, clock)
    except DocumentError as error:
        return failed(task, str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        return failed(task, f"the file could not be read ({reason}); check that it is still there, and run again")
    found = entities.find_mentions(reading.document, knowledge)
    clock.lap("entities")
    history = events.find_events(reading.document, found)
    clock.lap("events")
    return Outcome(
        document=reading.document,
        status=reading.status,
        error=reading.error,
        claimed_pages=reading.claimed_pages,
        found=found,
        history=history,
        timings=clock.laps(),
        version=task.version,
    )


def failed(task: Task, reason: str, status: Status = "failed") -> Outcome:
    """The outcome of a document of which nothing could be read."""
    document = Document(source=task.source, info=task.told, pages=())
    return Outcome(document=document, status=status, error=reason, version=task.version)


def _kept(task: Task) -> Reading | None:
    if task.cache_folder is None:
        return None
    kept = cache.load(task.cache_folder, task.source.document_id, task.reading)
    if kept is None:
        return None
    info = _merge(kept.info, task.told)
    document = Document(source=task.source, info=info, pages=kept.pages)
    return Reading(document=document, status=kept.status, error=kept.error, claimed_pages=kept.claimed_pages)


def _read(task: Task, on_page: Callable[[int], None], clock: _Clock) -> Reading:
    opened = extract.open_document(task.source, task.settings)
    pages, stopped = _pages(opened, task, on_page)
    if not pages and stopped:
        raise LimitReached(stopped)
    clock.lap("extract")
    repaired = tuple(repair.repair_pages(pages))
    clock.lap("repair")
    told = extract.describe(
        repaired, metadata_title=opened.metadata_title, producer=opened.producer, language=opened.language
    )
    problems = [f"page {page.number}: {page.problem}" for page in pages if page.problem]
    if stopped:
        problems.insert(0, stopped)
    status: Status = "partial" if problems else "ok"
    if problems and all(page.problem for page in pages):
        status = "failed"
    error = "; ".join(problems[:20]) or None
    if digest(task.source.location) != task.source.sha256:
        raise UnreadableDocument("the file changed while it was read; run again to take it in as it is now")
    if task.cache_folder is not None and not task.last_page:
        kept = cache.Kept(info=told, pages=repaired, status=status, error=error, claimed_pages=opened.claimed_pages)
        with suppress(OSError):  # a reading that cannot be kept costs time later, nothing else
            cache.save(task.cache_folder, task.source.document_id, task.reading, kept)
    document = Document(source=task.source, info=_merge(told, task.told), pages=repaired)
    return Reading(document=document, status=status, error=error, claimed_pages=opened.claimed_pages)


def _pages(opened: extract.Reading, task: Task, on_page: Callable[[int], None]) -> tuple[list[Page], str]:
    """The pages read within the limits, and why reading stopped before the end (empty where it did not)."""
    settings = task.settings
    end = time.monotonic() + settings.limit_seconds
    pages: list[Page] = []
    for page in opened.pages():
        if task.last_page is not None and page.number >= task.last_page:
            return pages, task.reason
        pages.append(page)
        on_page(page.number)
        more = page.number < opened.claimed_pages
        if more and settings.limit_pages is not None and page.number >= settings.limit_pages:
            return pages, f"stopped after {page.number} of {opened.claimed_pages} pages, as --limit-pages asks"
        if more and time.monotonic() > end:
            return pages, (
                f"stopped after {page.number} of {opened.claimed_pages} pages: {settings.limit_seconds:g} seconds were "
                "used up. Give it more with --limit-seconds"
            )
    return pages, ""


def _merge(guessed: DocumentInfo, told: DocumentInfo) -> DocumentInfo:
    """What the manifest says, and where it is silent, what the pages say."""
    said = {field.name: getattr(told, field.name) for field in fields(told)}
    return replace(guessed, **{name: value for name, value in said.items() if value is not None})


class _Clock:
    """Seconds spent in each room, for the run's report."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, room: str) -> None:
        now = time.perf_counter()
        self._laps[room] = self._laps.get(room, 0.0) + now - self._last
        self._last = now

    def laps(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._laps.items())
