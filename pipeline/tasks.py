"""One document to process: what travels to a worker, and what comes back of one that could not be read.

Idea: plain values only, so that a task reaches another process or another machine as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.records import Document, DocumentInfo, Outcome, Source, Status
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One document to process. ``told`` is what the manifest says of it, and wins over what is guessed.

    ``version``: what the finished document will carry. ``cache_folder``: where readings are kept, or ``None``.
    ``reading``: the fingerprint a kept reading must have.
    After an attempt that killed its worker (``reason`` says how), ``last_page`` is the last page read before it, where it
    died while reading; where it died of what comes after, ``sought`` is how many volumes to seek anything in.
    """

    source: Source
    settings: Settings
    told: DocumentInfo
    version: str = ""
    cache_folder: Path | None = None
    reading: str = ""
    last_page: int | None = None
    sought: int | None = None
    reason: str = ""

    @property
    def cut_version(self) -> str:
        """What the document carries where a limit cut it short."""
        return cut_version(self.version, self.settings)


def cut_version(version: str, settings: Settings) -> str:
    """A version that other limits of time or memory make out of date."""
    return f"{version}~{settings.limit_seconds:g}s,{settings.limit_memory}MiB"


def again_version(version: str) -> str:
    """A version that is never up to date: what was in the way may be gone by the next run."""
    return f"{version}~again"


def failed(task: Task, reason: str, status: Status = "failed", version: str | None = None) -> Outcome:
    """The outcome of a document of which nothing could be read. ``version``: what it carries, if not the task's."""
    document = Document(source=task.source, info=task.told, pages=())
    return Outcome(document=document, status=status, error=reason, version=version or task.version)
