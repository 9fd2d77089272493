"""A mended text beside its damaged one, so that a person can judge every change.

Idea: only what changed is shown, a line a change: where, before, after, the words around it, the family and how sure it
is. Changes of white space alone are counted, not listed: a reflowed page would drown the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.records import Doubt, Edit, RepairedPage

AROUND = 24  # characters of context on each side


def as_rows(pages: Iterable[RepairedPage]) -> list[dict[str, Any]]:
    """Every change and every doubt as plain values, for a program to read. Offsets count in the page's raw text."""
    rows = []
    for page in pages:
        for edit in page.edits:
            rows.append(_row(page, edit, "change", edit.after))
        for doubt in page.doubts:
            rows.append(_row(page, doubt, "doubt", doubt.suggestion))
    return rows


def _row(page: RepairedPage, item: Edit | Doubt, what: str, after: str) -> dict[str, Any]:
    return {
        "what": what,
        "page": page.number,
        "start": item.start,
        "end": item.end,
        "before": item.before,
        "after": after,
        "family": item.family,
        "confidence": round(item.confidence, 4),
    }


def show(console: Console, name: str, pages: Sequence[RepairedPage]) -> None:
    """Print the changes of one document as a table; red is what stood there, green what stands there now."""
    table = Table(title=name, title_justify="left", expand=False)
    for column in ("page", "at", "before", "after", "family", "sure"):
        table.add_column(column, justify="right" if column in ("page", "at", "sure") else "left", overflow="fold")
    quiet: Counter[str] = Counter()
    for page in pages:
        for edit in page.edits:
            if not edit.before.strip() and not edit.after.strip() and edit.before and edit.after:
                quiet[edit.family] += 1
                continue
            _add(table, page, edit, edit.after, "green")
        for doubt in page.doubts:
            _add(table, page, doubt, f"{doubt.suggestion}?", "yellow")
    if table.row_count:
        console.print(table)
    changes = sum(len(page.edits) for page in pages) - quiet.total()
    doubts = sum(len(page.doubts) for page in pages)
    words = (
        f"{name}: {changes} changes, {doubts} doubts left for a person, {quiet.total()} changes of white space alone"
    )
    console.print(words, markup=False, highlight=False)


def _add(table: Table, page: RepairedPage, item: Edit | Doubt, after: str, colour: str) -> None:
    raw = page.page.raw_text
    left, right = _one_line(raw[max(0, item.start - AROUND) : item.start]), _one_line(raw[item.end : item.end + AROUND])
    before = Text.assemble(left, (_visible(item.before), "bold red"), right)
    mended = Text.assemble(left, (_visible(after), f"bold {colour}"), right)
    table.add_row(str(page.number), str(item.start), before, mended, item.family, f"{item.confidence:.2f}")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _visible(text: str) -> str:
    """White space and invisible characters in a form the eye can see."""
    return "".join(
        "␤" if c == "\n" else "␣" if c.isspace() else c if c.isprintable() else f"‹{ord(c):04X}›" for c in text
    )
