"""What a table says of the names in its cells: what heads their column, and what the column's other cells are.

Why: lists of laureates, grants and works name hundreds of towns, bodies and people that no sentence explains.
Idea: a column holds one sort of thing. Its heading says which (``grammar.toml``, label), or the cells that are known do,
where most of those that look like names agree; the others follow them.
Limits: a column is known by its number in the row, so a row that lacks a cell is read one column off; a table of fewer
than three rows says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.entities.claims import Claim, ClaimKind
from pipeline.entities.gazetteer import Entry
from pipeline.entities.head import labels
from pipeline.entities.knowledge import Knowledge, words_key
from pipeline.entities.names import LOOSE_NAME, LOWER, UPPER, is_common
from pipeline.entities.reading import Reading
from pipeline.records import Span

ROWS, KNOWN = 3, 3  # rows a table needs, cells of one kind a column needs
AGREE = 0.5  # share of a column's names that must be of that kind
MOST = 0.6  # share that must be names of towns, sure ones or not
SURE = 0.6  # a claim weaker than this does not speak for its column
SCORE = 0.78
LONGEST = 8  # words of a cell that may be a name
_TABLE = re.compile(rf"^(?:[^\t\n]*\t[^\n]*(?:\n+|\Z)){{{ROWS},}}", re.MULTILINE)
_ITEM = re.compile(r"(?:\w{1,3}[.)°]*|[^\w\t\n]+)?[ ]*\t")  # « •\t », « 2.\t »
_CELL = re.compile(r"[^\t\n]+")
_SURNAME_FIRST = re.compile(
    rf"(?:de |d')?[{UPPER}]['{UPPER}-]+(?: ['{UPPER}-]+)* [{UPPER}][{LOWER}]+(?:[ -][{UPPER}][{LOWER}]+)?"
)
_FIRST_NAME_FIRST = re.compile(
    rf"[{UPPER}][{LOWER}]+(?:-[{UPPER}][{LOWER}]+)? (?:d[eu] |d'|de la |[Ll]e )?[{UPPER}][\w'-]+"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words, without the spaces around them: ``text`` stands at ``span``; ``column`` counts from 0."""

    span: Span
    column: int
    row: Span
    text: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a page's spans: ``decided`` claims, every claim for a place and the places so named, and the
    départements as (offset, code)."""

    decided: dict[Span, Claim]
    places: dict[Span, Claim]
    departments: list[tuple[int, str]]
    homonyms: Mapping[Span, Sequence[Entry]]


def tables(flat: str) -> Iterator[list[list[Cell]]]:
    """The page's tables as rows of cells that hold something."""
    for table in _TABLE.finditer(flat):
        rows, start = [], table.start()
        for line in table.group().splitlines(keepends=True):
            row = []
            for match in _CELL.finditer(line):
                if text := match.group().strip():
                    at = start + match.start() + match.group().index(text)
                    column = line.count("\t", 0, match.start())
                    row.append(
                        Cell(span=(at, at + len(text)), column=column, row=(start, start + len(line)), text=text)
                    )
            start += len(line)
            if row:
                rows.append(row)
        yield rows


def in_row(flat: str, at: int) -> bool:
    """Whether ``at`` stands in a row of a table; what follows the mark of a list's item is none."""
    line, close = flat.rfind("\n", 0, at) + 1, flat.find("\n", at)
    item = _ITEM.match(flat, line)
    return "\t" in flat[item.end() if item else line : close if close >= 0 else len(flat)]


def column_claims(
    reading: Reading,
    chosen: Iterable[Claim],
    claims: Iterable[Claim],
    homonyms: Mapping[Span, Sequence[Entry]],
    knowledge: Knowledge,
) -> list[Claim]:
    """Claims for cells that follow their column.

    ``chosen``: what was decided on the page, which speaks for its column; ``claims``: every claim made, of which a column
    of towns makes those for towns sure; ``homonyms``: the places of each name, of which the one is meant that lies in
    the département the row names.
    """
    if "\t" not in reading.flat:
        return []
    known = _Known(
        decided={(claim.start, claim.end): claim for claim in chosen},
        places={(claim.start, claim.end): claim for claim in claims if claim.kind == "place"},
        homonyms=homonyms,
        departments=_departments(chosen, knowledge),
    )
    headings, found = labels(knowledge), []
    for rows in tables(reading.flat):
        heads = {cell.column: row.kind for cell in rows[0] if (row := headings.get(words_key(cell.text)))}
        columns: dict[int, list[Cell]] = {}
        for cell in (cell for row in rows for cell in row if _may_be_name(cell.text)):
            columns.setdefault(cell.column, []).append(cell)
        for number, cells in columns.items():
            if kind := heads.get(number) or _agreed(cells, known):
                found += [claim for cell in cells if (claim := _following(cell, kind, known))]
    return found


def _departments(chosen: Iterable[Claim], knowledge: Knowledge) -> list[tuple[int, str]]:
    """Offset and code of the départements named on the page."""
    named = ((claim.start, knowledge.entries.get(item)) for claim in chosen for item in claim.entity_ids[:1])
    return [(start, entry.department) for start, entry in named if entry and entry.scope == "department"]


def _may_be_name(text: str) -> bool:
    few = text.count(" ") < LONGEST
    return few and LOOSE_NAME.fullmatch(text) is not None and not (" " not in text and is_common(text))


def _agreed(cells: Sequence[Cell], known: _Known) -> ClaimKind | None:
    """The kind that most of a column's names have; of small towns, each alone no sure one, the column is proof."""
    if sum(cell.span in known.places for cell in cells) >= max(KNOWN, MOST * len(cells)):
        return "place"
    decided = [known.decided[cell.span] for cell in cells if cell.span in known.decided]
    kinds = Counter(claim.kind for claim in decided if claim.score >= SURE and not claim.method.startswith("cues"))
    kind, count = max(kinds.items(), key=lambda item: (item[1], item[0]), default=("nothing", 0))
    agreed = count >= max(KNOWN, AGREE * len(cells))
    return kind if agreed and kind in ("place", "person", "body", "site") else None


def _following(cell: Cell, kind: ClaimKind, known: _Known) -> Claim | None:
    """The claim that a cell is what its column is; none where it is so already or does not look like one."""
    if kind == "place":
        return _town(cell, known)
    decided = known.decided.get(cell.span)
    if decided is not None and decided.kind == kind:
        return None
    if kind == "person" and not _like_a_person(cell.text):
        return None
    return Claim(start=cell.span[0], end=cell.span[1], kind=kind, score=SCORE, method="column", lasting=True)


def _town(cell: Cell, known: _Known) -> Claim | None:
    """The town a cell names, of those of that name the one in the département that stands nearest in its row."""
    town = known.places.get(cell.span)
    if town is None:
        return None
    beside = [(abs(at - cell.span[0]), code) for at, code in known.departments if cell.row[0] <= at < cell.row[1]]
    code = min(beside)[1] if beside else ""
    there = tuple(entry.entry_id for entry in known.homonyms.get(cell.span, ()) if entry.department == code)
    return replace(town, score=SCORE, method="column", entity_ids=there or town.entity_ids)


def _like_a_person(text: str) -> bool:
    """A surname in capitals and a first name, or both in small letters, of which no word opens the names of groups."""
    plain = is_common(text.split(" ")[0])
    return _SURNAME_FIRST.fullmatch(text) is not None or (not plain and _FIRST_NAME_FIRST.fullmatch(text) is not None)
