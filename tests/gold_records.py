"""Gold files as records: what the entities room would return if it made no mistake.

Why: the events room must be measured alone, on perfect mentions, before it is measured on found ones.
Files are read by ``pipeline.evaluate.gold``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.evaluate import gold
from pipeline.records import (
    AmountValue,
    DateValue,
    Document,
    DocumentInfo,
    Entity,
    Found,
    Mention,
    Page,
    Precision,
    QuantityValue,
    RepairedPage,
    Source,
)

GOLD = Path(__file__).parent / "gold"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRecords:
    """A gold file as a document, its mentions, and the answers."""

    name: str
    document: Document
    found: Found
    events: tuple[gold.GoldEvent, ...]
    relations: tuple[tuple[str, str, str], ...]


def slug(text: str) -> str:
    """A plain id out of a name."""
    bare = unicodedata.normalize("NFD", text.replace("’", "'"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in bare if not unicodedata.combining(c)).casefold()).strip("-")


def interval(text: str) -> tuple[date, date]:
    """``FROM/TO`` as two days."""
    first, _, last = text.partition("/")
    return date.fromisoformat(first.strip()), date.fromisoformat(last.strip())


def precision_of(first: date, last: date) -> Precision:
    """How fine an interval is, by its length."""
    days = (last - first).days
    steps: tuple[tuple[int, Precision], ...] = (
        (0, "day"),
        (30, "month"),
        (91, "quarter"),
        (184, "part"),
        (365, "year"),
    )
    return next((name for most, name in steps if days <= most), "range")


def value_of(kind: str, raw: str | None) -> DateValue | AmountValue | QuantityValue | None:
    """The value a mark states, as the entities room would give it."""
    if raw is None or kind not in ("date", "amount", "quantity"):
        return None
    if kind == "date":
        first, last = interval(raw)
        return DateValue(date_from=first, date_to=last, precision=precision_of(first, last))
    number, _, unit = raw.partition(" ")
    if kind == "amount":
        return AmountValue(value=Decimal(number), currency="FRF" if unit == "FRF" else "EUR")
    return QuantityValue(value=Decimal(number), unit=unit)


def read_marks(marked: str, document_id: str, head: str = "") -> tuple[str, Found]:
    """Plain text (after ``head``) and the mentions marked in it; one entity for each canonical name."""
    text, marks = gold.unmark(marked, document_id)
    mentions: list[Mention] = []
    entities: dict[str, Entity] = {}
    for mark in marks:
        entity_id = None
        if mark.kind in ("programme", "body", "site", "place", "person"):
            name = mark.surface if mark.kind in ("site", "place") or not mark.value else mark.value
            entity_id = f"{mark.kind}:{slug(name)}"
            insee = mark.value if mark.kind == "place" else None
            entities.setdefault(entity_id, Entity(entity_id=entity_id, kind=mark.kind, name=name, insee_code=insee))
        start = len(head) + mark.start
        mentions.append(
            Mention(
                mention_id=f"{document_id}:1:{start}:{mark.kind}",
                page=1,
                start=start,
                end=len(head) + mark.end,
                surface=mark.surface,
                kind=mark.kind,
                method="gold",
                confidence=1.0,
                entity_id=entity_id,
                value=value_of(mark.kind, mark.value),
            )
        )
    return head + text, Found(mentions=tuple(mentions), entities=tuple(entities.values()))


def document_of(text: str, document_id: str, title: str | None = None, written: date | None = None) -> Document:
    """One page of sound text as a document, known to be ``written`` on a day."""
    page = RepairedPage(page=Page(number=1, raw_text=text, method="plain-text"), text=text)
    source = Source(
        document_id=document_id,
        sha256="0" * 64,
        path=f"{document_id}.txt",
        location=Path(f"{document_id}.txt"),
        media_type="text/plain",
        size=len(text),
    )
    return Document(source=source, info=DocumentInfo(title=title, date_from=written, date_to=written), pages=(page,))


def load_gold(path: Path) -> GoldRecords:
    """One ``.gold.md`` file; the title is the text's first line, as in the documents made from it."""
    read = gold.load(path)
    _, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    text, found = read_marks(rest.partition("\n---\n")[0].strip("\n"), read.name, head=f"{read.title}\n\n")
    return GoldRecords(
        name=read.name,
        document=document_of(text, read.name, read.title),
        found=found,
        events=read.events,
        relations=read.relations,
    )
