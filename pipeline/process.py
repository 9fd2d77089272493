"""The order of the rooms, for one document.

Why: this is the whole way through the house, in one function that runs the same in this process, in a worker, or on
another machine.
Idea: a document's reading (extract, repair) and its finding (entities, events) age apart: a new gazetteer makes the
second out of date and not the first, so the first is kept and taken up again (``pipeline.volumes``). What comes out is
one outcome a volume of pages; almost every document is one.
Limits: boxes of glyphs stay here; what is handed on has boxes of mentions alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pipeline import entities, events, load
from pipeline.records import Document, Found, History, Outcome
from pipeline.summary import Summary, joined, summary_of
from pipeline.tasks import Task
from pipeline.volumes import VOLUME, Step, Volume, volumes

Done = tuple[Summary, Outcome | Path]  # what is counted of a document, and what is to be stored: it, or its shard


def _nobody(_: Step) -> None:
    """Who is told where nobody listens."""


def process(task: Task, knowledge: entities.Knowledge, note: Callable[[Step], None] = _nobody) -> Iterator[Outcome]:
    """Take one document through every room, a volume at a time; the last outcome says what became of it.

    A document that cannot be read gives a ``failed`` outcome, never an error. ``note`` is told each step. Raises
    ``MemoryError`` where there is none left.
    """
    clock, learned = _Clock(), entities.Learned()
    for volume in volumes(task, note, clock.lap):
        outcome, learned = _sought(task, volume, knowledge, learned, clock)
        yield outcome
        del outcome
        note("done")
        del volume  # before the next one is read


def taken(volumes: Iterator[Outcome], shards: Path, database: Path) -> Done:
    """A document of one volume as it is; a longer one written volume by volume to a shard under ``shards``."""
    first = next(volumes)
    if not first.more:
        return summary_of(first), first
    summaries: list[Summary] = []

    def counted() -> Iterator[Outcome]:
        for volume in chain([first], volumes):
            summaries[:] = [*(summaries if volume.before else ()), summary_of(volume)]
            yield volume

    shard = load.write_shard(counted(), shards, database=database)
    return joined(summaries), shard


def _sought(
    task: Task, volume: Volume, knowledge: entities.Knowledge, learned: entities.Learned, clock: _Clock
) -> tuple[Outcome, entities.Learned]:
    """What is found in one volume, after what those before it taught; and what is learned by now."""
    document, found, history = volume.document, Found(), History()
    if document.pages and (task.sought is None or volume.before < task.sought * VOLUME):
        found, learned = entities.find_on(document, knowledge, learned)
        clock.lap("entities")
        history = events.find_events(document, found)
        clock.lap("events")
    outcome = Outcome(
        document=_light(document),
        status=volume.status,
        error=volume.error,
        claimed_pages=volume.claimed_pages,
        before=volume.before,
        more=volume.more,
        found=found,
        history=history,
        timings=clock.laps(),
        version=volume.version,
    )
    return outcome, learned


def _light(document: Document) -> Document:
    """The document without the boxes of its glyphs, which weigh ten times its text."""
    pages = (replace(page, page=replace(page.page, glyphs=None)) for page in document.pages)
    return replace(document, pages=tuple(pages))


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
        """The laps since they were last asked for."""
        laps, self._laps = self._laps, {}
        return tuple(laps.items())
