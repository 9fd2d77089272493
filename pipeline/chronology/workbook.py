"""The chronology as a workbook: real dates, filters, a frozen head, links to the pages.

Idea: three sheets: the events, every telling with its link, the disagreements. Cells are written as what they are, never
as formulas.
Limits: Excel counts days from 1900, and its first sixty wrongly; an earlier date is written as ISO text, which sorts
among its like. A sheet holds 65,530 links; further sources stand without one.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter
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
_FIRST_DAY = date(1900, 3, 1)
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
Cell = str | int | date | tuple[str | None, str]


def to_workbook(entries: Sequence[Entry]) -> bytes:
    """The bytes of an ``.xlsx`` file. Raises ``CallError`` where a sheet cannot hold the rows."""
    tellings = [(entry, telling) for entry in entries for telling in entry.tellings]
    if len(tellings) > MOST_ROWS:
        raise CallError(f"A sheet holds {MOST_ROWS} rows; the archive has {len(tellings)}. Filter it, or ask for csv.")
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": "Chronologie", "author": "Chronoville", "created": _MADE})
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#EFE9DD", "bottom": 1, "valign": "vcenter"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
            "link": book.add_format({"font_color": "#1D4F73", "underline": 1, "valign": "top", "text_wrap": True}),
        }
        _sheet(book, "Chronologie", _EVENTS, [_event(entry) for entry in entries], formats)
        _sheet(
            book,
            "Récits",
            _TELLINGS,
            [
                [
                    entry.date_from,
                    entry.title,
                    (telling.href, telling.source),
                    telling.page,
                    telling.date_label,
                    _CERTAINTY[telling.certainty],
                    telling.excerpt,
                ]
                for entry, telling in tellings
            ],
            formats,
        )
        disputes: list[list[Cell]] = [
            [entry.date_from, entry.title, words] for entry in entries for words in entry.disagreements
        ]
        _sheet(book, "Désaccords", _DISPUTES, disputes, formats)
    return stream.getvalue()


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


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Cell]],
    formats: dict[str, Format],
) -> None:
    sheet = book.add_worksheet(name)
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, title, formats["head"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, formats)


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
            sheet.write_datetime(row, column, cell, formats["date"])
        else:
            sheet.write_string(row, column, cell.isoformat(), formats["date"])
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, formats["text"])
    else:
        sheet.write_string(row, column, " ".join(cell.split())[:_LONGEST_CELL], formats["text"])
