"""What every worker needs, loaded by being imported: once a run, in the process that workers are forked from.

Limits: nothing here may start a thread, since a fork has none of them.
"""

from __future__ import annotations

import gc
import sys
from types import TracebackType

import pandas as pandas  # which Arrow imports at its first table

from pipeline import entities, lexicon
from pipeline import worker as worker  # its code, and with it every room's

entities.load_knowledge()
lexicon.zipf_scores()
gc.freeze()  # what is never looked through is not written to, and stays shared


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A worker asked for by a run that has ended finds no task, or no lock of the run's: nobody's loss, and not told."""
    if not issubclass(kind, (EOFError, FileNotFoundError)):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _hook
