"""What a run says when it is done, and how a table is shown on a terminal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from pipeline import extract
from pipeline.summary import Summary

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20  # troubles named one by one; all of them are rows in the table documents


@dataclass(slots=True, kw_only=True)
class Report:
    """What one run did: counts of files and documents, and the trouble met. ``seconds`` is wall time."""

    files: int = 0
    documents: int = 0
    unchanged: int = 0
    ingested: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    trouble: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    claimed_pages: int = 0
    pages: int = 0
    needs_ocr: int = 0
    seconds: float = 0.0
    rooms: dict[str, float] = field(default_factory=dict)
    characters: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def count(self, summary: Summary) -> str:
        """Count one document; what was wrong with it, or an empty string."""
        self.ingested += 1
        self.statuses[summary.status] += 1
        self.claimed_pages += summary.claimed_pages
        self.pages += summary.pages
        self.needs_ocr += summary.needs_ocr
        self.characters.update(summary.characters)
        self.found.update(summary.found)
        for room, seconds in summary.timings:
            self.rooms[room] = self.rooms.get(room, 0.0) + seconds
        if summary.status == "ok" or not summary.error:
            return ""
        trouble = f"{summary.status}: {summary.error}"
        self.trouble.append((summary.path, trouble))
        return trouble


def as_values(report: Report) -> dict[str, Any]:
    """The report as plain values, for a program to read. Times are in seconds."""
    return {
        "files": report.files,
        "documents": report.documents,
        "unchanged": report.unchanged,
        "ingested": report.ingested,
        "statuses": dict(sorted(report.statuses.items())),
        "pages_claimed": report.claimed_pages,
        "pages_stored": report.pages,
        "pages_needing_ocr": report.needs_ocr,
        "characters": dict(report.characters),
        "found": dict(report.found),
        "seconds": round(report.seconds, 3),
        "seconds_by_room": {room: round(seconds, 3) for room, seconds in report.rooms.items()},
        "gone": report.gone,
        "trouble": [{"path": path, "error": error} for path, error in report.trouble],
    }


def as_words(report: Report, output: Path) -> list[str]:
    """The report as lines for a person."""
    twice = report.files - report.documents
    lines = [
        f"{report.files} files, {report.documents} documents"
        + (f" ({twice} files hold the same bytes)" if twice else "")
    ]
    if not report.ingested:
        lines.append("Nothing new: every document is up to date, none was touched.")
    else:
        by_status = ", ".join(f"{count} {status}" for status, count in sorted(report.statuses.items()))
        lines.append(f"{report.ingested} read now ({by_status}), {report.unchanged} unchanged")
        rate = report.pages / max(report.seconds, 0.001)
        lines.append(
            f"{report.pages} of {report.claimed_pages} pages, {report.seconds:.1f} s, {rate:.1f} pages a second"
        )
        counted = report.characters
        lines.append(
            f"{counted['extracted']} characters extracted = {counted['kept']} kept + {counted['replaced']} taken out or mended"
            f" (each a row in repairs); {counted['written']} written in their place"
        )
        lines.append(", ".join(f"{count} {what}" for what, count in report.found.items()))
    if report.needs_ocr:
        missing = extract.missing_for_ocr()
        remedy = f"install {missing}, and run with --force" if missing else "run without --ocr off"
        lines.append(f"{report.needs_ocr} pages hold writing that no text layer gives. To read them, {remedy}")
    if report.gone:
        lines.append(f"{len(report.gone)} files are gone; their rows stay: " + ", ".join(report.gone[:SHOWN]))
    lines += [f"{path}: {error}" for path, error in report.trouble[:SHOWN]]
    if len(report.trouble) > SHOWN:
        lines.append(
            f"… and {len(report.trouble) - SHOWN} more: make query SQL=\"FROM documents WHERE status <> 'ok'\""
        )
    lines.append(f"Archive: {output / 'archive.duckdb'}; chronology: {output / 'chronology.html'}")
    return lines


def print_frame(frame: pd.DataFrame) -> None:
    """Print a table on stdout: ruled on a terminal, tab-separated in a pipe."""
    console = Console()
    frame = frame.map(_plain)
    if not console.is_terminal:
        console.file.write(frame.to_csv(sep="\t", index=False))
        return
    table = Table(*(str(column) for column in frame.columns), show_lines=True)
    for row in frame.itertuples(index=False):
        table.add_row(*("" if value is None or value != value else str(value) for value in row))
    console.print(table)
    console.print(f"{len(frame)} rows", highlight=False)


def _plain(value: object) -> object:
    """A cell as it is, or, of a list, its parts with a bar between, as in the tables."""
    return " | ".join(map(str, value)) if isinstance(value, list | np.ndarray) else value
