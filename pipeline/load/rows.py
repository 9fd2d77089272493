"""Records to rows: one function a table, each giving its columns as lists.

Idea: a row is a tuple in the order of the table's columns in ``schema.sql``; the types are the table's own.
Limits: a lone surrogate cannot be stored as UTF-8; it becomes U+FFFD, one for one, so that offsets hold.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from pipeline.alignment import Alignment
from pipeline.records import AmountValue, DateValue, Edit, Outcome, QuantityValue, Relation, RepairedPage

Row = tuple[Any, ...]
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 36


def tables_of(
    outcomes: Sequence[Outcome], *, schemas: Mapping[str, pa.Schema], pipeline_version: str, folder: Path
) -> dict[str, pa.Table]:
    """Arrow tables of everything the outcomes hold, by table name; empty ones are left out."""
    rows: dict[str, list[Row]] = {
        name: [row for outcome in outcomes for row in make(outcome)] for name, make in _MAKERS.items()
    }
    told = [outcome for outcome in outcomes if not outcome.more]
    rows["documents"] = [_document(outcome, pipeline_version) for outcome in told]
    rows["document_paths"] = [row for outcome in told for row in _paths(outcome, folder)]
    return {name: as_arrow(table, schemas[name]) for name, table in rows.items() if table}


def as_arrow(rows: list[Row], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table of the given schema."""
    columns = zip(zip(*rows, strict=True), schema, strict=True)
    return pa.table([_column(column, kind.type) for column, kind in columns], schema=schema)


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:
        return pa.array([_sound(value) for value in values], type=kind)


def shown_path(path: str) -> str:
    r"""A path as text: bytes of a name that are not UTF-8 read as ``\xNN``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def url_of(location: Path, folder: Path) -> str:
    """Percent-encoded address of a file relative to the database's folder, byte for byte, so that a link opens it."""
    return quote(os.fsencode(os.path.relpath(location, folder)))


def _sound(value: Any) -> Any:
    if isinstance(value, list):
        return [_sound(item) for item in value]
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def _document(outcome: Outcome, pipeline_version: str) -> Row:
    source, info = outcome.document.source, outcome.document.info
    return (
        source.document_id,
        shown_path(source.path),
        shown_path(source.filename),
        source.sha256,
        source.media_type,
        info.title,
        info.genre,
        info.date_from,
        info.date_to,
        outcome.before + len(outcome.document.pages),
        info.language,
        info.producer,
        outcome.status,
        outcome.error,
        outcome.version or pipeline_version,
        datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        outcome.claimed_pages,
        source.size,
    )


def _paths(outcome: Outcome, folder: Path) -> Iterator[Row]:
    source = outcome.document.source
    root = _root(Path(source.path), source.location)
    for path in sorted({source.path, *outcome.paths}):
        location = source.location if path == source.path else root / path if root else None
        yield outcome.document.document_id, shown_path(path), url_of(location, folder) if location else None


def _root(path: Path, location: Path) -> Path | None:
    """The folder that ``path`` is relative to, where the location shows it."""
    tail = path.parts
    if not tail or location.parts[-len(tail) :] != tail:
        return None
    return Path(*location.parts[: -len(tail)])


def _pages(outcome: Outcome) -> Iterator[Row]:
    for repaired in outcome.document.pages:
        page = repaired.page
        size = (page.width, page.height)
        text = (repaired.text, page.raw_text)
        yield (
            outcome.document.document_id,
            page.number,
            *text,
            page.method,
            page.needs_ocr,
            page.quality,
            *size,
            page.engine,
        )


def _repairs(outcome: Outcome) -> Iterator[Row]:
    for page in outcome.document.pages:
        for edit in page.edits:
            if not _only_white_space(edit):
                where = (outcome.document.document_id, page.number, edit.start, edit.end)
                yield *where, edit.before, edit.after, edit.family, edit.confidence


def _only_white_space(edit: Edit) -> bool:
    """White space that became other white space. White space put in or taken out is a change of words, and is kept."""
    return edit.before.isspace() and edit.after.isspace()


def _doubts(outcome: Outcome) -> Iterator[Row]:
    for page in outcome.document.pages:
        for doubt in page.doubts:
            where = (outcome.document.document_id, page.number, doubt.start, doubt.end)
            yield *where, doubt.before, doubt.suggestion, doubt.family, doubt.confidence


def _mentions(outcome: Outcome) -> Iterator[Row]:
    for item in outcome.found.mentions:
        where = (item.mention_id, outcome.document.document_id, item.page, item.start, item.end, item.surface)
        box = item.box or (None, None, None, None)
        yield *where, item.kind, item.entity_id, item.method, item.confidence, *box


def _entity_claims(outcome: Outcome) -> Iterator[Row]:
    counts = Counter(mention.entity_id for mention in outcome.found.mentions)
    for item in outcome.found.entities:
        known = (item.valid_from, item.valid_to, item.insee_code, item.source, item.verified)
        names = (item.kind, item.name, item.acronym, sorted(set(item.aliases)))
        yield outcome.document.document_id, item.entity_id, *names, *known, counts[item.entity_id]


def _dates(outcome: Outcome) -> Iterator[Row]:
    for mention in outcome.found.mentions:
        if isinstance(mention.value, DateValue):
            yield mention.mention_id, mention.value.date_from, mention.value.date_to, mention.value.precision


def _amounts(outcome: Outcome) -> Iterator[Row]:
    for mention in outcome.found.mentions:
        if isinstance(mention.value, AmountValue):
            value = mention.value.value
            cents = value.quantize(_CENT, rounding=ROUND_HALF_UP) if abs(value) < _MOST // 10**10 else None
            yield mention.mention_id, cents, mention.value.currency, mention.value.tax


def _quantities(outcome: Outcome) -> Iterator[Row]:
    for mention in outcome.found.mentions:
        if isinstance(mention.value, QuantityValue):
            yield mention.mention_id, float(mention.value.value), mention.value.unit


def _events(outcome: Outcome) -> Iterator[Row]:
    for item in outcome.history.events:
        where = (item.event_id, outcome.document.document_id, item.page, item.start, item.end, item.excerpt)
        when = (item.kind, item.date_from, item.date_to, item.precision)
        yield *where, *when, item.certainty, item.confidence, item.trigger


def _event_participants(outcome: Outcome) -> Iterator[Row]:
    for event in outcome.history.events:
        for who in event.participants:
            yield event.event_id, who.mention_id, who.entity_id, who.role, who.surface


def _event_words(outcome: Outcome) -> Iterator[Row]:
    for event in outcome.history.events:
        for position, stretch in enumerate(event.words, start=1):
            yield event.event_id, position, stretch.start, stretch.end, stretch.added


def _event_headings(outcome: Outcome) -> Iterator[Row]:
    for event in outcome.history.events:
        if (heading := event.heading) is not None:
            yield event.event_id, heading.page, heading.start, heading.end


def _relations(outcome: Outcome) -> Iterator[Row]:
    for item in _stated(outcome):
        if not _of_gazetteer(item):
            said = (item.relation_id, item.subject_id, item.subject, item.predicate, item.object_id, item.object)
            yield *said, outcome.document.document_id, item.page, item.excerpt, item.confidence, item.source


def _relation_claims(outcome: Outcome) -> Iterator[Row]:
    for item in _stated(outcome):
        if _of_gazetteer(item):
            said = (item.subject_id, item.subject, item.predicate, item.object_id, item.object)
            yield outcome.document.document_id, *said, item.excerpt, item.confidence, item.source


def _stated(outcome: Outcome) -> tuple[Relation, ...]:
    return (*outcome.found.relations, *outcome.history.relations)


def _of_gazetteer(relation: Relation) -> bool:
    return relation.page is None and relation.source != "document"


def _table_cells(outcome: Outcome) -> Iterator[Row]:
    for page in outcome.document.pages:
        if page.page.cells:
            yield from _cells_of(outcome.document.document_id, page)


def _cells_of(document_id: str, page: RepairedPage) -> Iterator[Row]:
    alignment = Alignment(page.edits)
    for cell in page.page.cells:
        pieces = (page.text[slice(*alignment.to_text(*span))].strip() for span in cell.spans)
        text = "\n".join(piece for piece in pieces if piece)
        yield document_id, page.number, cell.table_no, cell.row_no, cell.column_no, text


_MAKERS: dict[str, Callable[[Outcome], Iterator[Row]]] = {
    "pages": _pages,
    "repairs": _repairs,
    "doubts": _doubts,
    "mentions": _mentions,
    "entity_claims": _entity_claims,
    "dates": _dates,
    "amounts": _amounts,
    "quantities": _quantities,
    "events": _events,
    "event_participants": _event_participants,
    "event_words": _event_words,
    "event_headings": _event_headings,
    "relations": _relations,
    "relation_claims": _relation_claims,
    "table_cells": _table_cells,
}
