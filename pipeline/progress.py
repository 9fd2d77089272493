"""What a person sees while a run goes on: a bar on a terminal, a plain line now and then in a log.

Limits: the total is of documents, since a document's pages are known only once it is opened; pages give the rate.
"""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LOG_EVERY = 10.0  # seconds between two lines in a log


class Watch:
    """Counts documents and pages on ``console`` (stderr); used as a context manager."""

    def __init__(self, console: Console, documents: int) -> None:
        self._console = console
        self._documents = documents
        self._done = self.pages = 0
        self._began = self._spoke = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Watch:
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("[bold]{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("documents · {task.fields[rate]}"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Reading", total=self._documents, rate="0 pages")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def seconds(self) -> float:
        """Time since the watch was made."""
        return time.monotonic() - self._began

    def page(self, count: int = 1) -> None:
        """Count pages read."""
        self.pages += count
        self._show()

    def document(self, name: str, trouble: str = "") -> None:
        """Count a document done; trouble is said at once, with the document's name."""
        self._done += 1
        if trouble:
            self._console.print(f"{name}: {trouble}", markup=False, highlight=False, soft_wrap=True)
        self._show(advance=1)

    def _show(self, advance: int = 0) -> None:
        rate = f"{self.pages} pages, {self.pages / max(self.seconds, 0.001):.1f} a second"
        if self._bar is not None:
            self._bar.update(self._task, advance=advance, rate=rate)
            return
        now = time.monotonic()
        if now - self._spoke >= LOG_EVERY:
            self._spoke = now
            left = self.seconds / max(self._done, 1) * (self._documents - self._done)
            words = f"{self._done} of {self._documents} documents; {rate}; about {left:.0f} s left"
            self._console.print(words, markup=False, highlight=False)
