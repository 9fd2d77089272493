"""The order of the rooms, for one document.

Why: this is the whole way through the house, in one function that runs the same in this process, in a worker, or on
another machine.
Idea: a document's reading (extract, repair) and its finding (entities, events) age apart: a new gazetteer makes the
second out of date and not the first, so the first is kept (``pipeline.cache``) and taken up again.
Limits: time is watched between pages; a page that never ends is the pool's to kill (``pipeline.pool``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from itertools import groupby
from pathlib import Path

from pipeline import cache, entities, events, extract, repair
from pipeline.errors import DocumentError, UnreadableDocument
from pipeline.records import Document, DocumentInfo, Found, History, Outcome, Page, RepairedPage, Source, Status
from pipeline.settings import Settings
from pipeline.sources import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One document to process. ``told`` is what the manifest says of it, and wins over what is guessed.

    ``version``: what the finished document will carry.
    ``cache_folder``: where readings are kept, or ``None``. ``reading``: the fingerprint a kept reading must have.
    After an attempt that killed its worker (``reason`` says how), ``last_page`` is the last page read before it, where it
    died while reading; where it died of what comes after, ``only_read`` asks for the pages as they were read.
    """

    source: Source
    settings: Settings
    told: DocumentInfo
    version: str = ""
    cache_folder: Path | None = None
    reading: str = ""
    last_page: int | None = None
    only_read: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as read and mended, before anything is sought in it."""

    document: Document
    status: Status
    error: str | None
    claimed_pages: int


def _nothing() -> None:
    """What is called where nobody listens."""


def process(
    task: Task,
    knowledge: entities.Knowledge,
    on_page: Callable[[], None] = _nothing,
    on_read: Callable[[], None] = _nothing,
) -> Outcome:
    """Take one document through every room. A document that cannot be read gives a ``failed`` outcome, never an error.

    ``on_page`` is called after each page read, ``on_read`` when all are. Raises ``MemoryError`` where there is none left.
    """
    clock = _Clock()
    try:
        reading = _kept(task) or _read(task, on_page, on_read, clock)
    except DocumentError as error:
        return failed(task, str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        return failed(task, f"the file could not be read ({reason}); check that it is still there, and run again")
    found, history = Found(), History()
    if not task.only_read:
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
    if task.cache_folder is None or task.only_read:
        return None
    kept = cache.load(task.cache_folder, task.source.document_id, task.reading)
    if kept is None:
        return None
    info = _merge(kept.info, task.told)
    document = Document(source=task.source, info=info, pages=kept.pages)
    return Reading(document=document, status=kept.status, error=kept.error, claimed_pages=kept.claimed_pages)


def _read(task: Task, on_page: Callable[[], None], on_read: Callable[[], None], clock: _Clock) -> Reading:
    end = time.monotonic() + task.settings.limit_seconds

    def go_on(_: int) -> bool:
        on_page()
        return time.monotonic() < end

    settings = task.settings if task.last_page is None else replace(task.settings, limit_pages=task.last_page)
    opened = extract.open_document(task.source, settings, go_on)
    pages = list(opened.pages())
    in_time = time.monotonic() < end
    on_read()
    clock.lap("extract")
    if task.only_read:
        repaired = tuple(RepairedPage(page=page, text=page.raw_text) for page in pages)
    else:
        repaired = tuple(repair.repair_pages(pages))
    clock.lap("repair")
    told = extract.describe(
        repaired, metadata_title=opened.metadata_title, producer=opened.producer, language=opened.language
    )
    status, error = _verdict(task, pages, opened.claimed_pages, in_time=in_time)
    if digest(task.source.location) != task.source.sha256:
        raise UnreadableDocument("the file changed while it was read; run again to take it in as it is now")
    if (
        task.cache_folder is not None and in_time and not task.reason
    ):  # what a limit cut short, a wider one may lengthen
        kept = cache.Kept(info=told, pages=repaired, status=status, error=error, claimed_pages=opened.claimed_pages)
        with suppress(OSError):  # a reading that cannot be kept costs time later, nothing else
            cache.save(task.cache_folder, task.source.document_id, task.reading, kept)
    document = Document(source=task.source, info=_merge(told, task.told), pages=repaired)
    return Reading(document=document, status=status, error=error, claimed_pages=opened.claimed_pages)


def _verdict(task: Task, pages: Sequence[Page], claimed: int, *, in_time: bool) -> tuple[Status, str | None]:
    """What became of a document: all pages read (``ok``), some (``partial``) or none (``failed``), and why."""
    problems = _problems(pages)
    if pages and all(page.problem for page in pages):
        status: Status = "failed"
    else:
        status = "partial" if problems or task.reason or len(pages) < claimed else "ok"
    stopped = f"stopped after {len(pages)} of {claimed} pages"
    if task.reason:
        problems.insert(0, task.reason)
    elif len(pages) == task.settings.limit_pages and len(pages) < claimed:
        problems.insert(0, f"{stopped}, as --limit-pages asks")
    elif len(pages) < claimed and not in_time:
        limit = task.settings.limit_seconds
        problems.insert(0, f"{stopped}: {limit:g} seconds were used up. Give it more with --limit-seconds")
    elif len(pages) < claimed:
        problems.insert(0, f"{stopped}: so many in a row could not be read that the rest is only claimed")
    return status, "; ".join(problems[:20]) or None


def _problems(pages: Sequence[Page]) -> list[str]:
    """What was wrong with pages, said once for those that follow one another."""
    told = []
    for problem, group in groupby(pages, key=lambda page: page.problem):
        numbers = [page.number for page in group]
        if problem:
            where = f"page {numbers[0]}" if len(numbers) == 1 else f"pages {numbers[0]} to {numbers[-1]}"
            told.append(f"{where}: {problem}")
    return told


def _merge(guessed: DocumentInfo, told: DocumentInfo) -> DocumentInfo:
    """What the manifest says, and where it is silent, what the pages say."""
    said = {field.name: getattr(told, field.name) for field in fields(told)}
    return replace(guessed, **{name: value for name, value in said.items() if value is not None})


class _Clock:
    """CPU seconds spent in each room, for the run's report: on a shared machine wall time tells of the others."""

    def __init__(self) -> None:
        self._last = time.process_time()
        self._laps: dict[str, float] = {}

    def lap(self, room: str) -> None:
        now = time.process_time()
        self._laps[room] = self._laps.get(room, 0.0) + now - self._last
        self._last = now

    def laps(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._laps.items())
