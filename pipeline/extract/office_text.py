"""The text of an office document, as its readers gather it.

Why: Word's and OpenDocument's files differ in all but what a reader sees of them.
Idea: a paragraph is a block, a list item begins with a dash, a table row is a line whose cells are parted by tabs, notes come
last, their marks in square brackets so that no figure grows by one.
Limits: a table inside a cell is part of the cell's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.records import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeText:
    """The text of an office document, its tables as views into it, and what it says of itself."""

    text: str
    cells: tuple[Cell, ...]
    title: str | None
    language: str | None
    producer: str | None


@dataclass(slots=True)
class Gathered:
    """A text in the making: blocks parted by blank lines, and the cells in it."""

    blocks: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    length: int = 0
    tables: int = 0

    def add(self, block: str) -> None:
        """A block of text; an empty one is none."""
        block = re.sub(r"[ \t]*\n\s*", "\n", block).strip()
        if block:
            self.length += 2 if self.blocks else 0
            self.blocks.append(block)
            self.length += len(block)

    def add_table(self, rows: list[list[tuple[int, str]]]) -> None:
        """A table, as rows of (column from 1, text)."""
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
        """The blocks so far, parted by blank lines."""
        return "\n\n".join(self.blocks)
