"""Word and OpenDocument texts, as one page of lines.

Why: the minutes and notes of the last thirty years often survive as the file they were typed in.
Idea: python-docx and odfpy open the package; the text is gathered here, since both leave out what matters to a reader
(inserted text, boxes, notes). A paragraph is a block, a list item begins with a dash, a table row is a line whose cells
are parted by tabs, notes come last, their marks in square brackets so that no figure grows by one. Deleted text is not read.
Limits: pages are the printer's affair and are not known; heads and feet of pages are left out. A package that unpacks to
more than it should, or declares entities, is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax import SAXException

import docx
from docx.oxml import parse_xml
from odf import opendocument
from odf.element import Element, Text

from pipeline.errors import EmptyDocument, UnreadableDocument
from pipeline.extract.quality import text_quality
from pipeline.extract.sniff import DOCX
from pipeline.records import Cell, Page

_MOST_PARTS = 5_000
_MOST_BYTES = 256 << 20  # unpacked, of the whole package
_MOST_XML = 48 << 20  # unpacked, of one part that is parsed: some ten thousand pages
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{_W}txbxContent"


# what the two libraries let through on a package that is no sound document
_READING_ERRORS = (KeyError, IndexError, ValueError, AttributeError, TypeError, OSError, SyntaxError, RecursionError,
                   SAXException, zipfile.BadZipFile)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeText:
    """The text of an office document, its tables as views into it, and what it says of itself."""

    text: str
    cells: tuple[Cell, ...]
    title: str | None
    language: str | None
    producer: str | None


def _reason(error: Exception) -> str:
    """What is wrong with a package, in words; the libraries name what they stumbled on, not what it means."""
    if isinstance(error, zipfile.BadZipFile | OSError):
        return "its package is cut short or damaged"
    if isinstance(error, SyntaxError | SAXException):
        return "its text is no well-formed XML"
    return "a part that such a document must have is missing or makes no sense"


def read_office(path: Path, media_type: str) -> OfficeText:
    """Read a DOCX or an ODT. Raises ``EmptyDocument`` or ``UnreadableDocument``."""
    _check(path)
    try:
        found = _read_docx(path) if media_type == DOCX else _read_odt(path)
    except _READING_ERRORS as error:
        raise UnreadableDocument(f"the document is too broken to read ({_reason(error)})") from error
    if not found.text.strip():
        raise EmptyDocument("the document holds no text")
    return found


def pages_of(found: OfficeText) -> Iterator[Page]:
    """The one page of an office document."""
    yield Page(
        number=1,
        raw_text=found.text,
        method="plain-text",
        engine="office",
        flow="blocks",
        quality=text_quality(found.text),
        cells=found.cells,
    )


def _check(path: Path) -> None:
    """Refuse a package that would unpack to too much, or whose parts declare entities."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
                raise UnreadableDocument("the document unpacks to far more than a document should")
            for part in parts:
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                if part.file_size > _MOST_XML:
                    raise UnreadableDocument(f"{part.filename} in it unpacks to {part.file_size >> 20} MiB")
                with package.open(part) as file:
                    if _ENTITY.search(file.read(4096)):
                        raise UnreadableDocument(f"{part.filename} in it declares entities, as no office program does")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableDocument("the document's package is broken or locked") from error


@dataclass(slots=True)
class _Gathered:
    """A text in the making: blocks parted by blank lines, and the cells in it."""

    blocks: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    length: int = 0
    tables: int = 0

    def add(self, block: str) -> None:
        block = re.sub(r"[ \t]*\n\s*", "\n", block).strip()
        if block:
            self.length += 2 if self.blocks else 0
            self.blocks.append(block)
            self.length += len(block)

    def add_table(self, rows: list[list[tuple[int, str]]]) -> None:
        """Rows of (column from 1, text)."""
        self.tables += 1
        for number, row in enumerate(rows, 1):
            texts = [(column, re.sub(r"\s*\n\s*", "\n", text).strip()) for column, text in row]
            filled = [(column, text) for column, text in texts if text]
            start = self.length + (2 if self.blocks and filled else 0)
            for column, text in texts:
                spans = ((start, start + len(text)),) if text else ()
                self.cells.append(Cell(table_no=self.tables, row_no=number, column_no=column, spans=spans))
                start += len(text) + 1 if text else 0
            if filled:
                self.blocks.append("\t".join(text for _, text in filled))
                self.length = start - 1

    def text(self) -> str:
        return "\n\n".join(self.blocks)


def _read_docx(path: Path) -> OfficeText:
    document = docx.Document(str(path))
    gathered = _Gathered()
    numbers = _number_notes(document.element.body)
    _docx_blocks(document.element.body, gathered)
    notes: list[tuple[int, str]] = []
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if number := numbers.get((note.tag, note.get(f"{_W}id"))):
                    body = _Gathered()
                    _docx_blocks(note, body)
                    notes.append((number, "\n".join(body.blocks)))
    for number, text in sorted(notes):
        gathered.add(f"[{number}] {text}")
    core = document.core_properties
    return OfficeText(
        text=gathered.text(),
        cells=tuple(gathered.cells),
        title=core.title or None,
        language=core.language or None,
        producer=None,
    )


def _number_notes(body: Any) -> dict[tuple[str, str], int]:
    """Number the notes, feet and ends alike, in the order of their marks (a file's own ids begin anywhere); the marks
    are changed to that number. Returns it by a note's element name and id."""
    numbers: dict[tuple[str, str], int] = {}
    for mark in body.iter(f"{_W}footnoteReference", f"{_W}endnoteReference"):
        key = (mark.tag.removesuffix("Reference"), mark.get(f"{_W}id"))
        mark.set(f"{_W}id", str(numbers.setdefault(key, len(numbers) + 1)))
    return numbers


def _docx_blocks(parent: Any, gathered: _Gathered) -> None:
    """Gather the paragraphs and tables below an element, in order; boxes after the paragraph that holds them."""
    for child in parent:
        if child.tag == f"{_W}p":
            text = "".join(_docx_text(child))
            listed = child.find(f"{_W}pPr/{_W}numPr") is not None and _docx_style(child)[:5] not in ("Headi", "Titre")
            gathered.add(f"– {text}" if listed and text.strip() else text)
            for box in child.iter(_BOX):
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    _docx_blocks(box, gathered)
        elif child.tag == f"{_W}tbl":
            gathered.add_table([list(_docx_row(row)) for row in _docx_own(child, "tr")])
        elif isinstance(child.tag, str) and child.tag != _FALLBACK:
            _docx_blocks(child, gathered)


def _docx_style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return str(style.get(f"{_W}val")) if style is not None else ""


def _docx_text(element: Any) -> Iterator[str]:
    """What a paragraph shows, piece by piece; deleted text and boxes left out."""
    signs = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": ""}
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in signs:
            yield signs[child.tag]
        elif child.tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
            yield f"[{child.get(f'{_W}id')}]"
        elif isinstance(child.tag, str) and child.tag not in (_BOX, _FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}pPr"):
            yield from _docx_text(child)


def _docx_own(parent: Any, name: str) -> Iterator[Any]:
    """A table's own rows, or a row's own cells, and not those of a table inside it."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif isinstance(child.tag, str) and child.tag not in (f"{_W}tbl", f"{_W}tc"):
            yield from _docx_own(child, name)


def _docx_row(row: Any) -> Iterator[tuple[int, str]]:
    """(column, text) of the cells of a row that begin in it; a cell over several columns counts where it begins."""
    column = 1
    for cell in _docx_own(row, "tc"):
        wide, merged = cell.find(f"{_W}tcPr/{_W}gridSpan"), cell.find(f"{_W}tcPr/{_W}vMerge")
        if merged is None or merged.get(f"{_W}val") == "restart":
            yield column, "\n".join("".join(_docx_text(paragraph)) for paragraph in cell.iter(f"{_W}p"))
        column += int(wide.get(f"{_W}val", "1")) if wide is not None else 1


def _read_odt(path: Path) -> OfficeText:
    document = opendocument.load(str(path))
    gathered, notes = _Gathered(), list[str]()
    _odt_blocks(document.text, gathered, notes, listed=False)
    for note in notes:
        gathered.add(note)
    told = {_local(child): "".join(_odt_text(child, [])) for child in document.meta.childNodes if _local(child)}
    return OfficeText(
        text=gathered.text(),
        cells=tuple(gathered.cells),
        title=told.get("title") or None,
        language=told.get("language") or None,
        producer=told.get("generator") or None,
    )


def _local(node: Any) -> str:
    return str(node.qname[1]) if isinstance(node, Element) else ""


def _odt_blocks(parent: Any, gathered: _Gathered, notes: list[str], *, listed: bool) -> None:
    for child in parent.childNodes:
        name = _local(child)
        if name in ("p", "h"):
            text = "".join(_odt_text(child, notes))
            gathered.add(f"– {text}" if listed and name == "p" and text.strip() else text)
        elif name == "table":
            rows = [node for node in _odt_below(child, "table-row")]
            gathered.add_table([list(_odt_row(row, notes)) for row in rows])
        elif name not in ("", "tracked-changes", "forms", "sequence-decls"):
            _odt_blocks(child, gathered, notes, listed=listed or name == "list")


def _odt_below(parent: Any, name: str) -> Iterator[Any]:
    for child in parent.childNodes:
        if _local(child) == name:
            yield child
        elif isinstance(child, Element):
            yield from _odt_below(child, name)


def _odt_row(row: Any, notes: list[str]) -> Iterator[tuple[int, str]]:
    column = 1
    for cell in row.childNodes:
        if _local(cell) == "table-cell":
            yield column, "\n".join("".join(_odt_text(node, notes)) for node in _odt_below(cell, "p"))
        if _local(cell) in ("table-cell", "covered-table-cell"):
            column += int(cell.attributes.get((cell.qname[0], "number-columns-repeated"), 1))


def _odt_text(element: Any, notes: list[str]) -> Iterator[str]:
    """What a paragraph shows, piece by piece; a note is set aside for the end of the text."""
    for child in element.childNodes:
        name = _local(child)
        if isinstance(child, Text):
            yield str(child.data)
        elif name == "s":
            yield " " * min(int(child.attributes.get((child.qname[0], "c"), 1)), 100)
        elif name in ("tab", "line-break"):
            yield " " if name == "tab" else "\n"
        elif name == "note":
            mark = "".join(text for node in _odt_below(child, "note-citation") for text in _odt_text(node, []))
            body = " ".join("".join(_odt_text(node, [])) for node in _odt_below(child, "p"))
            notes.append(f"[{mark}] {body}")
            yield f"[{mark}]"
        elif name and name not in ("annotation", "change", "change-start", "change-end"):
            yield from _odt_text(child, notes)
