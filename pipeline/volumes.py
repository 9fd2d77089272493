"""A document read and mended, a volume of pages at a time.

Why: a register of five thousand pages must not take the memory of five thousand pages.
Idea: the pages of a document come in volumes, and whoever takes one lets go of the one before. Almost every document
is one volume. What is read is kept on disk (``pipeline.cache``) and taken up again as it is. What a volume shows of fonts
serves the next as a small record, as what it teaches of names does (``pipeline.process``).
Limits: what a later volume shows does not serve an earlier one: its pages would have to be held, or read twice. Time is
CPU time, so that a busy machine cuts nothing short, and watched between pages; a page that never ends is the pool's to
kill (``pipeline.pool``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, fields, replace
from itertools import groupby, islice
from typing import Literal

from pipeline import cache, extract, repair
from pipeline.errors import ChangedDocument, DocumentError
from pipeline.records import Document, DocumentInfo, RepairedPage, Status
from pipeline.sources import digest
from pipeline.tasks import Task, again_version

VOLUME = 500  # pages: some 150 MiB while they are worked on, and longer than all but bound registers
MOST_PROBLEMS = 20  # told of one document
Step = Literal["page", "read", "done"]  # a page is read; a volume is read, and what follows is seeking; it is sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Pages of a document, mended, before anything is sought in them.

    ``before`` pages came before these. Where ``more`` may follow, ``status`` is not known yet. ``version``: what the
    document will carry.
    """

    document: Document
    before: int = 0
    more: bool = False
    status: Status = "ok"
    error: str | None = None
    claimed_pages: int = 0
    version: str = ""


def volumes(task: Task, note: Callable[[Step], None], lap: Callable[[str], None]) -> Iterator[Volume]:
    """The volumes of one document, kept or read now; the last one, perhaps empty, says what became of it.

    A document that cannot be read, or no further, ends in a volume that says ``failed``. ``lap`` is told each room that is
    done with a volume.
    """
    kept = cache.load(task.cache_folder, task.source.document_id, task.reading) if task.cache_folder else None
    if kept is not None and task.last_page is None:
        yield from _taken_up(task, kept, note)
        return
    try:
        with closing(_Reader(task, note, lap)) as reader:
            while not reader.ended:
                yield reader.volume()  # named nowhere, so that it can go before the next one is read
    except ChangedDocument as error:
        yield _failed(task, str(error), again_version(task.version))
    except DocumentError as error:
        yield _failed(task, str(error), task.version)
    except OSError as error:
        reason = f"the file could not be read ({error.strerror or error}); check that it is still there, and run again"
        yield _failed(task, reason, again_version(task.version))


def _failed(task: Task, reason: str, version: str) -> Volume:
    document = Document(source=task.source, info=task.told, pages=())
    return Volume(document=document, status="failed", error=reason, version=version)


def _taken_up(task: Task, kept: cache.Kept, note: Callable[[Step], None]) -> Iterator[Volume]:
    status, error, info = kept.status, kept.error, _merge(kept.info, task.told)
    if task.reason:
        status, error = "partial", "; ".join(filter(None, (task.reason, kept.error)))
    pages, before, more = iter(kept.pages), 0, True
    while more:
        document = Document(source=task.source, info=info, pages=tuple(islice(pages, VOLUME)))
        note("read")
        more = len(document.pages) == VOLUME
        volume = Volume(document=document, before=before, more=more, claimed_pages=kept.claimed_pages)
        before += len(document.pages)
        version = task.cut_version if task.reason else task.version
        yield volume if more else replace(volume, status=status, error=error, version=version)
        del volume, document


class _Reader:
    """One document being read: its open file, the reading being kept, and what is counted while its pages go by."""

    def __init__(self, task: Task, note: Callable[[Step], None], lap: Callable[[str], None]) -> None:
        self.ended = False
        self._task, self._note, self._lap = task, note, lap
        self._end = time.process_time() + task.settings.limit_seconds
        self._in_time = True
        settings = task.settings if task.last_page is None else replace(task.settings, limit_pages=task.last_page)
        self._opened = extract.open_document(task.source, settings, self._go_on)
        self._pages = self._opened.pages()
        self._keeping = cache.Keeping(task.cache_folder, task.source.document_id)
        self._info = task.told
        self._count = 0
        self._bad: list[tuple[int, str]] = []
        self._convicted: dict[str, repair.Hypothesis] = {}

    def close(self) -> None:
        """Let go of what was not kept."""
        self._keeping.close()

    def volume(self) -> Volume:
        """Read and mend the next pages."""
        task, before = self._task, self._count
        pages = list(islice(self._pages, VOLUME))
        self.ended = len(pages) < VOLUME
        self._count += len(pages)
        self._bad += [(page.number, page.problem) for page in pages if page.problem]
        self._note("read")
        self._lap("extract")
        if task.sought is None or before < task.sought * VOLUME:
            repaired, self._convicted = repair.repair_on(pages, self._opened.ask_fonts, self._convicted)
            mended = tuple(repaired)
        else:
            mended = tuple(RepairedPage(page=page, text=page.raw_text) for page in pages)
        self._lap("repair")
        if not before:
            self._info = self._described(mended)
        with suppress(OSError):  # a reading that cannot be kept costs time later, nothing else
            self._keeping.add(mended)
        document = Document(source=task.source, info=_merge(self._info, task.told), pages=mended)
        volume = Volume(document=document, before=before, more=not self.ended, claimed_pages=self._opened.claimed_pages)
        return self._last(volume) if self.ended else volume

    def _go_on(self, _: int) -> bool:
        self._note("page")
        self._in_time = time.process_time() < self._end
        return self._in_time

    def _described(self, pages: Sequence[RepairedPage]) -> DocumentInfo:
        said = self._opened
        return extract.describe(
            pages, metadata_title=said.metadata_title, producer=said.producer, language=said.language
        )

    def _last(self, volume: Volume) -> Volume:
        """The volume that says what became of the document; a reading that no limit cut short is kept."""
        task = self._task
        if digest(task.source.location) != task.source.sha256:
            raise ChangedDocument("the file changed while it was read; run again to take it in as it is now")
        status, error = self._verdict(volume.claimed_pages)
        cut = not self._in_time or bool(task.reason) or any(why == extract.NO_MEMORY for _, why in self._bad)
        if not cut:  # what a limit cut short, a wider one may lengthen
            with suppress(OSError):
                self._keeping.keep(task.reading, self._info, status, error, volume.claimed_pages)
        version = task.cut_version if cut else task.version
        return replace(volume, status=status, error=error, version=version)

    def _verdict(self, claimed: int) -> tuple[Status, str | None]:
        """What became of a document: all pages read (``ok``), some (``partial``) or none (``failed``), and why."""
        task, problems = self._task, _told(self._bad)
        if self._count and len(self._bad) == self._count:
            status: Status = "failed"
        else:
            status = "partial" if problems or task.reason or self._count < claimed else "ok"
        stopped = f"stopped after {self._count} of {claimed} pages"
        if task.reason:
            problems.insert(0, task.reason)
        elif self._count == task.settings.limit_pages and self._count < claimed:
            problems.insert(0, f"{stopped}, as --limit-pages asks")
        elif self._count < claimed and not self._in_time:
            limit = task.settings.limit_seconds
            problems.insert(0, f"{stopped}: {limit:g} seconds were used up. Give it more with --limit-seconds")
        elif self._count < claimed:
            problems.insert(0, f"{stopped}: so many in a row could not be read that the rest is only claimed")
        return status, "; ".join(problems[:MOST_PROBLEMS]) or None


def _told(bad: Sequence[tuple[int, str]]) -> list[str]:
    """What was wrong with pages, said once for those that follow one another."""
    told = []
    for (_, problem), group in groupby(enumerate(bad), key=lambda item: (item[1][0] - item[0], item[1][1])):
        numbers = [number for _, (number, _) in group]
        where = f"page {numbers[0]}" if len(numbers) == 1 else f"pages {numbers[0]} to {numbers[-1]}"
        told.append(f"{where}: {problem}")
    return told


def _merge(guessed: DocumentInfo, told: DocumentInfo) -> DocumentInfo:
    """What the manifest says, and where it is silent, what the pages say."""
    said = {item.name: getattr(told, item.name) for item in fields(told)}
    return replace(guessed, **{name: value for name, value in said.items() if value is not None})
