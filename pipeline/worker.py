"""A worker: what one process sets up once, and how it works on one document.

Idea: a worker bounds its own memory, ends with the run, and can be ended at any moment, in the middle of a library too.
It adds a byte to a private progress file at each step, so that the run knows how far a document came that killed it.
Limits: memory is bounded by address space (``RLIMIT_AS``), which Windows and macOS do not enforce.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
from functools import partial
from io import FileIO
from pathlib import Path

from pipeline import entities
from pipeline.process import Done, process, taken
from pipeline.summary import summary_of
from pipeline.tasks import Task, failed
from pipeline.volumes import Step

MARKS: dict[Step, bytes] = {"page": b".", "read": b"!", "done": b"+"}  # in the progress file
NO_MEMORY = 71  # exit status of a worker that found none (EX_OSERR of sysexits.h)

_SELDOM = (50_000, 10, 10)  # Python's own are (700, 10, 10)

_knowledge: entities.Knowledge | None = None


def start(extra: Path | None, limit_memory: int) -> None:
    """Set up a worker: models and gazetteers once, an upper bound on memory (MiB), Ctrl-C left to the run."""
    global _knowledge  # one worker process, one set of models: there is no other place to keep them
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once: a handler in Python waits for a page of Tesseract to end
    _end_with_parent()
    _knowledge = entities.load_knowledge(extra)
    collect_seldom()
    _bound_memory(limit_memory)


def collect_seldom() -> None:
    """Leave what lives as long as the process out of garbage collection, and look through the rest less often.

    Half a million objects are gazetteers and models; a page makes thousands that a reference count frees.
    """
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def work(task: Task, progress: Path, database: Path) -> Done:
    """Take one document through the house, whatever it brings up; ``progress`` is told each step."""
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


def _end_with_parent() -> None:
    """Ask Linux to end this worker when what started it dies, however it dies; elsewhere the closed pipe ends it."""
    if _on_linux():
        death_signal = 1  # PR_SET_PDEATHSIG, from linux/prctl.h
        ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)
        run = multiprocessing.parent_process()
        if run is not None and not run.is_alive():  # it died before the kernel was asked
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
