"""Worker processes that one bad document cannot hurt.

Why: a PDF may crash its reader, loop for ever or ask for all the memory there is. It must cost its own time and memory
and nobody else's, and the pages read before the trouble must not be lost.
Idea: pebble's process pool kills a worker that overstays and replaces one that dies. Workers load the models once. Each
page read adds a byte to a private progress file, so that after a death the document is taken up once more: read up to the
page that killed the worker, or, where it died of what comes after reading, kept as it was read; either way it is
``partial``. A worker that found no memory ends too, since what it holds by then nobody knows. Results come back in the
order of the tasks, whatever the number of workers, and only a bounded number is under way.
Limits: memory is bounded by the address space of a worker (``RLIMIT_AS``), which Windows and macOS do not enforce.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import TimeoutError as Overtime
from concurrent.futures import wait
from dataclasses import replace
from functools import partial
from io import FileIO
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline import entities
from pipeline.process import Task, failed, process
from pipeline.records import Outcome

GRACE = 2.0  # times the page limit: entities, events and the last page still need time after the reading stopped
PAGE, ALL = b".", b"!"  # in the progress file: a page is read, all are
NO_MEMORY = 71  # exit status of a worker that found none (EX_OSERR of sysexits.h)
AHEAD = 3  # tasks under way for each worker: enough to keep it busy, few enough to bound memory

_knowledge: entities.Knowledge | None = None


def _start(extra: Path | None, limit_memory: int) -> None:
    """Set up a worker: models and gazetteers once, an upper bound on memory, Ctrl-C left to the parent."""
    global _knowledge  # one worker process, one set of models: there is no other place to keep them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    _knowledge = entities.load_knowledge(extra)
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


def _work(task: Task, progress: Path) -> Outcome:
    if _knowledge is None:
        raise RuntimeError("the worker was not set up")
    with progress.open("ab", buffering=0) as file:  # unbuffered: a killed worker leaves no page uncounted
        try:
            return process(task, _knowledge, partial(_note, file, PAGE), partial(_note, file, ALL))
        except MemoryError:
            os._exit(NO_MEMORY)
        except Exception as error:  # whatever one document brings up, the others must go on
            return failed(task, f"an error of this program, worth reporting: {type(error).__name__}: {error}")


def _note(file: FileIO, mark: bytes) -> None:
    file.write(mark)


def run(
    tasks: Iterable[Task], *, workers: int, extra: Path | None, limit_memory: int, watch: Callable[[int], None]
) -> Generator[Outcome, None, None]:
    """Process ``tasks`` in ``workers`` processes; outcomes come in the order of the tasks.

    ``watch`` is called with the number of pages finished since the last call. Closing the iterator kills the workers.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(max_workers=workers, initializer=_start, initargs=(extra, limit_memory), context=context)
    with tempfile.TemporaryDirectory(prefix="chronoville-") as folder:
        try:
            yield from _in_order(pool, iter(tasks), Path(folder), workers * AHEAD, watch)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join(timeout=1)


def _in_order(
    pool: ProcessPool, tasks: Iterator[Task], folder: Path, ahead: int, watch: Callable[[int], None]
) -> Iterator[Outcome]:
    waiting: deque[tuple[Task, Path, ProcessFuture[Outcome]]] = deque()
    for number, task in enumerate(tasks):
        waiting.append((task, folder / str(number), _schedule(pool, task, folder / str(number))))
        if len(waiting) >= ahead:
            yield _settle(pool, *waiting.popleft(), watch)
    while waiting:
        yield _settle(pool, *waiting.popleft(), watch)


def _schedule(pool: ProcessPool, task: Task, progress: Path) -> ProcessFuture[Outcome]:
    return pool.schedule(_work, args=(task, progress), timeout=task.settings.limit_seconds * GRACE + 10)


def _settle(
    pool: ProcessPool, task: Task, progress: Path, future: ProcessFuture[Outcome], watch: Callable[[int], None]
) -> Outcome:
    """Wait for one outcome; after a death, read again the pages before the one that killed the worker."""
    seen = 0
    while not future.done():
        wait([future], timeout=0.5)
        done, _ = _read_so_far(progress)
        watch(done - seen)
        seen = done
    try:
        return future.result()
    except Overtime:
        reason = f"it took more than {task.settings.limit_seconds:g} seconds (--limit-seconds allows more)"
    except ProcessExpired as death:
        reason = f"it crashed its reader (exit {death.exitcode}), as a damaged or hostile file can"
        if death.exitcode == NO_MEMORY:
            reason = f"it asked for more than {task.settings.limit_memory} MiB of memory (--limit-memory allows more)"
    finally:
        done, whole = _read_so_far(progress)
        watch(done - seen)
        progress.unlink(missing_ok=True)
    if task.reason or not done:
        return failed(task, reason)
    if whole:
        again = replace(
            task, only_read=True, reason=f"{reason}; its pages were kept as they were read, nothing was sought"
        )
    else:
        again = replace(task, last_page=done, reason=f"page {done + 1}: {reason}; the pages before it were kept")
    return _settle(pool, again, progress, _schedule(pool, again, progress), lambda _: None)


def _read_so_far(progress: Path) -> tuple[int, bool]:
    """How many pages were read, and whether reading came to its end."""
    try:
        marks = progress.read_bytes()
    except OSError:
        return 0, False
    return marks.count(PAGE), ALL in marks
