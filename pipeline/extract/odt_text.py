"""The text of an OpenDocument text (ODT).

Why: odfpy gives the elements of a document, not what a reader sees of them.
Idea: it opens the package; the text is gathered from the elements of its body, in order.
Limits: tracked changes, annotations, heads and feet of pages are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from odf import opendocument
from odf.element import Element, Text

from pipeline.extract.office_text import Gathered, OfficeText


def read_odt(path: Path) -> OfficeText:
    """Read an ODT. Raises whatever odfpy stumbles on (see ``office.read_office``)."""
    document = opendocument.load(str(path))
    gathered, notes = Gathered(), list[str]()
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


def _odt_blocks(parent: Any, gathered: Gathered, notes: list[str], *, listed: bool) -> None:
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
