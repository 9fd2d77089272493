"""The chronology as a workbook: real dates, filters, a frozen head, links to the pages.

Idea: three sheets: the events, every telling with its link, the disagreements. Cells are written as what they are, never
as formulas. Rows go to disk as they come (the library's constant-memory mode), so that texts stand in their cells and not
in a table shared by the sheets.
Limits: Excel counts days from 1900, and its first sixty wrongly; an earlier date is written as ISO text, which sorts
among its like. A sheet holds 65,530 links; further sources stand without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from pipeline.chronology.entries import Entry
from pipeline.chronology.kinds import kind_label
from pipeline.errors import CallError

MOST_ROWS = 1_048_575
MOST_LINKS = 65_530
LONGEST_LINK = 2_000
_LONGEST_CELL = 32_767
_FIRST_DAY, _DAY_ZERO = date(1900, 3, 1), date(1899, 12, 30)  # of Excel's count, once it is right
_MADE = datetime(2000, 1, 1)
_CERTAINTY = {"happened": "réalisé", "planned": "prévu"}
_EVENTS = (
    ("Du", 11),
    ("Au", 11),
    ("Date", 20),
    ("Événement", 70),
    ("Nature", 16),
    ("Réalisation", 11),
    ("Programmes", 30),
    ("Organismes", 34),
    ("Sites", 24),
    ("Lieux", 22),
    ("Montants", 18),
    ("Extrait", 70),
    ("Source", 40),
    ("Récits", 8),
    ("Désaccords", 40),
    ("Identifiant", 30),
)
_TELLINGS = (
    ("Du", 11),
    ("Événement", 60),
    ("Source", 44),
    ("Page", 7),
    ("Date selon la source", 24),
    ("Réalisation", 11),
    ("Extrait", 90),
)
_DISPUTES = (("Du", 11), ("Événement", 60), ("Désaccord", 110))
_SHEETS = {"Chronologie": _EVENTS, "Récits": _TELLINGS, "Désaccords": _DISPUTES}
_NOT_GUESSED = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
Cell = str | int | date | tuple[str | None, str]


class Workbook:
    """A workbook that is written row by row into ``path``; its own temporary files lie in the same folder."""

    def __init__(self, path: Path) -> None:
        options = {"constant_memory": True, "tmpdir": str(path.parent)} | dict.fromkeys(_NOT_GUESSED, False)
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": "Chronologie", "author": "Chronoville", "created": _MADE})
        self._formats = {
            "head": self._book.add_format({"bold": True, "bg_color": "#EFE9DD", "bottom": 1, "valign": "vcenter"}),
            "text": self._book.add_format({"text_wrap": True, "valign": "top"}),
            "date": self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
            "link": self._book.add_format(
                {"font_color": "#1D4F73", "underline": 1, "valign": "top", "text_wrap": True}
            ),
        }
        self._sheets = [_Sheet(self._book, name, columns, self._formats) for name, columns in _SHEETS.items()]

    def add(self, entry: Entry) -> None:
        """One more event. Raises ``CallError`` where a sheet cannot hold its rows."""
        events, tellings, disputes = self._sheets
        events.add(_event(entry))
        for told in entry.tellings:
            tellings.add(
                [
                    entry.date_from,
                    entry.title,
                    (told.href, told.source),
                    told.page,
                    told.date_label,
                    _CERTAINTY[told.certainty],
                    told.excerpt,
                ]
            )
        for words in entry.disagreements:
            disputes.add([entry.date_from, entry.title, words])

    def close(self) -> None:
        """Write what is left. Raises ``OSError`` where the disk refuses it."""
        for sheet in self._sheets:
            sheet.close()
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error


def _event(entry: Entry) -> list[Cell]:
    first = entry.tellings[0]
    lists = (entry.programmes, entry.bodies, entry.sites, entry.places, entry.amounts)
    return [
        entry.date_from,
        entry.date_to,
        entry.date_label,
        entry.title,
        kind_label(entry.kind),
        _CERTAINTY[entry.certainty],
        *(" | ".join(names) for names in lists),
        entry.excerpt,
        (first.href, f"{first.source}, p. {first.page}"),
        len(entry.tellings),
        " | ".join(entry.disagreements),
        entry.event_id,
    ]


class _Sheet:
    """A sheet that is written from top to bottom."""

    def __init__(
        self, book: xlsxwriter.Workbook, name: str, columns: Sequence[tuple[str, int]], formats: dict[str, Format]
    ) -> None:
        self._sheet, self._formats = book.add_worksheet(name), formats
        self._rows, self._last_column = 0, len(columns) - 1
        for number, (title, width) in enumerate(columns):
            self._sheet.set_column(number, number, width)
            self._sheet.write_string(0, number, title, formats["head"])
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)

    def add(self, row: Sequence[Cell]) -> None:
        """One more row. Raises ``CallError`` where the sheet is full."""
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise CallError(f"A sheet holds {MOST_ROWS} rows; the archive has more. Filter it, or ask for csv.")
        for column, cell in enumerate(row):
            if cell == "":
                continue
            _write(self._sheet, self._rows, column, cell, self._formats)

    def close(self) -> None:
        """What is known at the end only."""
        self._sheet.autofilter(0, 0, max(self._rows, 1), self._last_column)


def _link(href: str, text: str) -> Url:
    """A link relative to the workbook, with the slashes that every system takes; the library writes those of one."""
    link = Url(f"external:{href}")
    link.text = text[:_LONGEST_CELL]
    link._relationship_link = href.split("#")[0]
    return link


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
    if isinstance(cell, tuple):
        href, text = cell
        if href is not None and row <= MOST_LINKS and len(href) < LONGEST_LINK:
            sheet.write_url(row, column, _link(href, text), formats["link"])
        else:
            sheet.write_string(row, column, text[:_LONGEST_CELL], formats["text"])
    elif isinstance(cell, date):
        if cell >= _FIRST_DAY:
            sheet.write_number(row, column, (cell - _DAY_ZERO).days, formats["date"])
        else:
            sheet.write_string(row, column, cell.isoformat(), formats["date"])
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, formats["text"])
    else:
        sheet.write_string(row, column, " ".join(cell.split())[:_LONGEST_CELL], formats["text"])
