"""What people wrote down about the documents: ``manifest.csv`` beside the files.

Idea: a row a file, matched by its name relative to the manifest; what it says wins over what is guessed from the page.
Columns, all optional but the first: file, title, issuer, date, shelfmark, source, rights, genre, language. Dates are
``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.errors import CallError
from pipeline.records import DocumentInfo
from pipeline.sources import readable_name

NAME = "manifest.csv"


def read_manifests(named: Sequence[Path]) -> dict[str, DocumentInfo]:
    """What every manifest under the named folders says, by the readable path of the file it speaks of.

    Raises ``CallError``, naming the file and the line, where a manifest cannot be read or a date is none.
    """
    told: dict[str, DocumentInfo] = {}
    for root in named:
        for manifest in sorted(root.rglob(NAME)) if root.is_dir() else []:
            told |= _read(manifest)
    return told


def _read(manifest: Path) -> dict[str, DocumentInfo]:
    try:
        rows = list(csv.DictReader(io.StringIO(manifest.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CallError(f"{readable_name(manifest)}: it cannot be read as a UTF-8 CSV file ({error}).") from error
    told = {}
    for number, row in enumerate(rows, start=2):
        if not row.get("file"):
            raise CallError(f"{readable_name(manifest)}, line {number}: the column « file » is empty or missing.")
        try:
            told[readable_name(manifest.parent / row["file"])] = _info(row)
        except ValueError as error:
            raise CallError(f"{readable_name(manifest)}, line {number}: {error}") from error
    return told


def _info(row: dict[str, str]) -> DocumentInfo:
    date_from, date_to = interval(row.get("date") or "")
    return DocumentInfo(
        title=row.get("title") or None,
        genre=row.get("genre") or None,
        date_from=date_from,
        date_to=date_to,
        language=row.get("language") or None,
        issuer=row.get("issuer") or None,
        shelfmark=row.get("shelfmark") or None,
        provenance=row.get("source") or None,
        rights=row.get("rights") or None,
    )


def interval(words: str) -> tuple[date | None, date | None]:
    """The days an ISO date of any precision covers. Raises ``ValueError`` where it is none; an empty string is no date."""
    if not words.strip():
        return None, None
    try:
        numbers = [int(part) for part in words.strip().split("-")]
        year, month, day = (*numbers, None, None)[:3]
        if year is None or len(numbers) > 3:
            raise ValueError(words)
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError(f"« {words} » is no date; write YYYY, YYYY-MM or YYYY-MM-DD") from error
