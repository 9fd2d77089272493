"""Worker processes that one bad document cannot hurt.

Why: a PDF may crash its reader, loop for ever or ask for all the memory there is. It must cost its own time and memory
and nobody else's, and the pages read before the trouble must not be lost.
Idea: pebble's process pool kills a worker that overstays and replaces one that dies. The models are loaded once, in a
server that workers are forked from and share them with (``pipeline.warm``). A worker tells how far it came
(``pipeline.worker``), so that after a death the document is taken up once more: read up to the page that killed the
worker, or, where it died of what comes after reading, kept as it was read; either way it is ``partial``. A worker that
found no memory ends too, since what it holds by then nobody knows. Results come back in the
order of the tasks, whatever the number of workers, and only a bounded number is under way; a document of several volumes
comes back as a shard, which the writer takes in without holding it.
Limits: on Windows and macOS, where forking is not safe, each worker loads the models itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import TimeoutError as Overtime
from concurrent.futures import wait
from dataclasses import dataclass, replace
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline import worker
from pipeline.process import Done
from pipeline.summary import summary_of
from pipeline.tasks import Task, failed
from pipeline.volumes import VOLUME
from pipeline.worker import MARKS, NO_MEMORY

GRACE = 2.0  # times the page limit: entities, events and the last page still need time after the reading stopped
LONG_RUN = 200_000  # bytes of documents, from which on the statistical model is loaded for all workers before one asks
AHEAD = 3  # tasks under way for each worker: enough to keep it busy, few enough to bound memory


def run(
    tasks: Sequence[Task],
    *,
    workers: int,
    extra: Path | None,
    limit_memory: int,
    database: Path,
    folder: Path,
    watch: Callable[[int], None],
) -> Generator[Done, None, None]:
    """Process ``tasks`` in ``workers`` processes; what is done comes in the order of the tasks.

    ``folder`` is this run's own while it lasts: what a run that was killed left there is removed. A shard is to be taken
    before the next is asked for. ``watch`` is called with the number of pages finished since the last call. Closing the
    iterator kills the workers. Raises ``OSError`` where the folder cannot be written.
    """
    with _emptied(folder), _started_from(folder, long=_size(tasks) >= LONG_RUN) as context:
        pool = ProcessPool(workers, initializer=worker.start, initargs=(extra, limit_memory), context=context)
        try:
            desk = _Desk(pool=pool, folder=folder, database=database, watch=watch)
            yield from desk.in_order(iter(tasks), workers * AHEAD)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join(timeout=1)


def _size(tasks: Sequence[Task]) -> int:
    return sum(task.source.size for task in tasks)


@contextlib.contextmanager
def _started_from(folder: Path, *, long: bool) -> Iterator[BaseContext]:
    """How workers are started: where forking is safe, from a server that has loaded what they need and shares it."""
    if not sys.platform.startswith("linux"):
        yield multiprocessing.get_context("spawn")
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.warm", *["pipeline.warm_model"] * long])
    # The server's address lies in the run's folder, where the next run removes what a killed one left; told by its
    # number, since the whole path of an address may have 108 bytes.
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    multiprocessing.current_process()._config["tempdir"] = f"/proc/self/fd/{number}"  # type: ignore[attr-defined]
    resource_tracker.ensure_running()  # before: it lets Ctrl-C through when it has started
    earlier = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is for the run, not for its processes
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, earlier)
    try:
        yield context
    finally:
        server: Any = forkserver._forkserver  # the library's only one, ended as its own tests end it
        if server._forkserver_pid is not None:
            os.kill(server._forkserver_pid, signal.SIGKILL)  # at once, even while it loads
            server._stop()
        os.close(number)


@contextlib.contextmanager
def _emptied(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """How far a document came: pages read, volumes read, volumes sought."""

    pages: int = 0
    read: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Hands out tasks and takes in what is done."""

    pool: ProcessPool
    folder: Path
    database: Path
    watch: Callable[[int], None]

    def in_order(self, tasks: Iterator[Task], ahead: int) -> Iterator[Done]:
        waiting: deque[tuple[Task, Path, ProcessFuture[Done]]] = deque()
        for number, task in enumerate(tasks):
            progress = self.folder / str(number)
            waiting.append((task, progress, self._schedule(task, progress)))
            if len(waiting) >= ahead:
                yield from self._settled(*waiting.popleft())
        while waiting:
            yield from self._settled(*waiting.popleft())

    def _schedule(self, task: Task, progress: Path) -> ProcessFuture[Done]:
        timeout = task.settings.limit_seconds * GRACE + 10
        return self.pool.schedule(worker.work, args=(task, progress, self.database), timeout=timeout)

    def _settled(self, task: Task, progress: Path, future: ProcessFuture[Done]) -> Iterator[Done]:
        """What is done of one document; after a death, of what is left of it."""
        try:
            yield self._result(task, progress, future)
        finally:
            for left in (progress.with_suffix(".rows"), progress.with_suffix(".rows.part")):
                shutil.rmtree(left, ignore_errors=True)

    def _result(self, task: Task, progress: Path, future: ProcessFuture[Done], *, first: bool = True) -> Done:
        """Wait for one document; after a death, read again the pages before the one that killed the worker."""
        seen = 0
        while not future.done():
            wait([future], timeout=0.5)
            if first:
                seen += self._told(progress, seen)
        try:
            return future.result()
        except Overtime:
            reason = f"it took more than {task.settings.limit_seconds:g} seconds (--limit-seconds allows more)"
        except ProcessExpired as death:
            reason = _reason(death, task)
        finally:
            far = _far(progress)
            if first:
                self._told(progress, seen)
            progress.unlink(missing_ok=True)
        again = _again(task, far, reason) if first else None
        if again is None:
            outcome = failed(task, reason, version=task.cut_version)
            return summary_of(outcome), outcome
        return self._result(again, progress, self._schedule(again, progress), first=False)

    def _told(self, progress: Path, seen: int) -> int:
        """Tell of the pages read since ``seen``; how many."""
        new = _far(progress).pages - seen
        self.watch(new)
        return new


def _reason(death: ProcessExpired, task: Task) -> str:
    if death.exitcode == NO_MEMORY:
        return f"it asked for more than {task.settings.limit_memory} MiB of memory (--limit-memory allows more)"
    return f"it crashed its reader (exit {death.exitcode}), as a damaged or hostile file can"


def _again(task: Task, far: _Progress, reason: str) -> Task | None:
    """What to ask of a document that killed its worker; ``None`` where nothing was read before."""
    if far.read > far.done:
        after = f" after page {far.done * VOLUME}" if far.done else ""
        why = f"{reason}; its pages were kept as they were read, nothing was sought{after}"
        return replace(task, sought=far.done, reason=why)
    if far.pages:
        return replace(
            task, last_page=far.pages, reason=f"page {far.pages + 1}: {reason}; the pages before it were kept"
        )
    return None


def _far(progress: Path) -> _Progress:
    try:
        marks = progress.read_bytes()
    except OSError:
        return _Progress()
    return _Progress(pages=marks.count(MARKS["page"]), read=marks.count(MARKS["read"]), done=marks.count(MARKS["done"]))
