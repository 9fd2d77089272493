"""Worker processes that one bad document cannot hurt.

Why: a PDF may crash its reader, loop for ever or ask for all the memory there is. It must cost its own time and memory
and nobody else's, and the pages read before the trouble must not be lost.
Idea: pebble's process pool kills a worker that overstays and replaces one that dies. Workers load the models once. Each
step adds a byte to a private progress file, so that after a death the document is taken up once more: read up to the
page that killed the worker, or, where it died of what comes after reading, kept as it was read; either way it is
``partial``. A worker that found no memory ends too, since what it holds by then nobody knows. Results come back in the
order of the tasks, whatever the number of workers, and only a bounded number is under way; a document of several volumes
comes back as a shard, which the writer takes in without holding it.
Limits: memory is bounded by the address space of a worker (``RLIMIT_AS``), which Windows and macOS do not enforce.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import shutil
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as Overtime
from concurrent.futures import wait
from dataclasses import dataclass, replace
from functools import partial
from io import FileIO
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline import entities
from pipeline.process import Done, process, taken
from pipeline.summary import summary_of
from pipeline.tasks import Task, failed
from pipeline.volumes import VOLUME, Step

GRACE = 2.0  # times the page limit: entities, events and the last page still need time after the reading stopped
MARKS: dict[Step, bytes] = {"page": b".", "read": b"!", "done": b"+"}  # in the progress file
NO_MEMORY = 71  # exit status of a worker that found none (EX_OSERR of sysexits.h)
AHEAD = 3  # tasks under way for each worker: enough to keep it busy, few enough to bound memory

_knowledge: entities.Knowledge | None = None


def _start(extra: Path | None, limit_memory: int) -> None:
    """Set up a worker: models and gazetteers once, an upper bound on memory, Ctrl-C left to the parent."""
    global _knowledge  # one worker process, one set of models: there is no other place to keep them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    _knowledge = entities.load_knowledge(extra)
    gc.freeze()  # half a million objects that live as long as the worker: not to be looked through again and again
    _bound_memory(limit_memory)


def _end_with_parent() -> None:
    """Ask Linux to end this worker when the run dies, however it dies; elsewhere the closed pipe ends it."""
    if _on_linux():
        death_signal = 1  # PR_SET_PDEATHSIG, from linux/prctl.h
        ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)
        parent = multiprocessing.parent_process()
        if parent is not None and parent.pid != os.getppid():  # the run died before the kernel was asked
            raise SystemExit


def _bound_memory(mebibytes: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix machine
        return
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _on_linux() else 0
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (used + mebibytes * 2**20, resource.RLIM_INFINITY))


def _on_linux() -> bool:
    return Path("/proc/self/statm").exists()


def _work(task: Task, progress: Path, database: Path) -> Done:
    if _knowledge is None:
        raise RuntimeError("the worker was not set up")
    with progress.open("ab", buffering=0) as file:  # unbuffered: a killed worker leaves no page uncounted
        try:
            return taken(process(task, _knowledge, partial(_note, file)), progress.with_suffix(".rows"), database)
        except MemoryError:
            os._exit(NO_MEMORY)
        except Exception as error:  # whatever one document brings up, the others must go on
            outcome = failed(task, f"an error of this program, worth reporting: {type(error).__name__}: {error}")
            return summary_of(outcome), outcome


def _note(file: FileIO, step: Step) -> None:
    file.write(MARKS[step])


def run(
    tasks: Iterable[Task],
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
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(max_workers=workers, initializer=_start, initargs=(extra, limit_memory), context=context)
    with _emptied(folder):
        try:
            desk = _Desk(pool=pool, folder=folder, database=database, watch=watch)
            yield from desk.in_order(iter(tasks), workers * AHEAD)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join(timeout=1)


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
        return self.pool.schedule(_work, args=(task, progress, self.database), timeout=timeout)

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
