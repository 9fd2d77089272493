"""The text of a Word document (DOCX).

Why: python-docx leaves out what matters to a reader: inserted text, boxes, notes.
Idea: it opens the package; the text is gathered from the elements of its body, in order.
Limits: deleted text, comments, heads and feet of pages are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml

from pipeline.extract.office_text import Gathered, OfficeText

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{_W}txbxContent"


def read_docx(path: Path) -> OfficeText:
    """Read a DOCX. Raises whatever python-docx and lxml stumble on (see ``office.read_office``)."""
    document = docx.Document(str(path))
    gathered = Gathered()
    numbers = _number_notes(document.element.body)
    _docx_blocks(document.element.body, gathered)
    notes: list[tuple[int, str]] = []
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if number := numbers.get((note.tag, note.get(f"{_W}id"))):
                    body = Gathered()
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


def _docx_blocks(parent: Any, gathered: Gathered) -> None:
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
