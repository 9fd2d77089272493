"""A mended text beside its damaged one, so that a person can judge every change.

Idea: line by line, side by side: what stood there in red, what stands there now in green, then the families of damage
and how sure the least sure of the changes is. Lines in which only white space changed are counted, not shown: a reflowed
page would drown the rest. ``--json`` gives every change alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.records import Doubt, Edit, RepairedPage


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
    """Print the changed lines of one document side by side, and the doubts; then count all changes by family."""
    table = Table(title=name, title_justify="left", show_lines=True, expand=True)
    table.add_column("page", justify="right", width=4)
    table.add_column("as it was", overflow="fold", ratio=4)
    table.add_column("mended", overflow="fold", ratio=4)
    table.add_column("family, how sure", overflow="fold", ratio=2)
    families: Counter[str] = Counter()
    for page in pages:
        families.update(edit.family for edit in page.edits)
        for start, end, edits, doubts in _lines(page):
            left, right = _sides(page.page.raw_text, start, end, edits)
            table.add_row(str(page.number), left, right, _reasons(edits, doubts))
    if table.row_count:
        console.print(table)
    for family, count in families.most_common():
        console.print(f"{count:6} {family}", markup=False, highlight=False)
    doubts_left = sum(len(page.doubts) for page in pages)
    words = f"{name}: {families.total()} changes, {doubts_left} doubts left for a person"
    console.print(words, markup=False, highlight=False)


def _lines(page: RepairedPage) -> Iterator[tuple[int, int, list[Edit], list[Doubt]]]:
    """Start, end, changes and doubts of every line of the raw text that has some to show."""
    start = 0
    for line in page.page.raw_text.splitlines(keepends=True):
        end = start + len(line)
        edits = [edit for edit in page.edits if start <= edit.start < end]
        doubts = [doubt for doubt in page.doubts if start <= doubt.start < end]
        if doubts or any(not _white(edit) for edit in edits):
            yield start, max([end, *(edit.end for edit in edits)]), edits, doubts
        start = end


def _white(edit: Edit) -> bool:
    return bool(edit.before and edit.after) and not edit.before.strip() and not edit.after.strip()


def _sides(raw: str, start: int, end: int, edits: Sequence[Edit]) -> tuple[Text, Text]:
    left, right = Text(), Text()
    done = start
    for edit in edits:
        same = raw[done : edit.start]
        left.append(same).append(_visible(edit.before), "bold red")
        right.append(same).append(edit.after if _white(edit) else _visible(edit.after), "bold green")
        done = edit.end
    left.append(raw[done:end].rstrip())
    right.append(raw[done:end].rstrip())
    return left, right


def _reasons(edits: Sequence[Edit], doubts: Sequence[Doubt]) -> Text:
    reasons = Text()
    shown = [edit for edit in edits if not _white(edit)]
    for family in dict.fromkeys(edit.family for edit in shown):
        least = min(edit.confidence for edit in shown if edit.family == family)
        reasons.append(f"{family} {least:.2f}\n")
    for doubt in doubts:
        reasons.append(
            f"in doubt: {doubt.before!r} → {doubt.suggestion!r} ({doubt.family} {doubt.confidence:.2f})\n", "yellow"
        )
    reasons.rstrip()
    return reasons


def _visible(text: str) -> str:
    """Line ends and invisible characters in a form the eye can see."""
    return "".join("␤" if c == "\n" else c if c.isprintable() or c.isspace() else f"‹{ord(c):04X}›" for c in text)
