"""Gold files as records: what the entities room would return if it made no mistake.

Why: the events room must be measured alone, on perfect mentions, before it is measured on found ones.
A mark is ``[[kind: surface]]`` or ``[[kind: surface -> value]]``, with ``?`` before the kind where it is optional.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

from pipeline.records import (
    AmountValue,
    DateValue,
    Document,
    DocumentInfo,
    Entity,
    Found,
    Kind,
    Mention,
    Page,
    Precision,
    QuantityValue,
    RepairedPage,
    Source,
)

GOLD = Path(__file__).parent / "gold"
MARK = re.compile(r"\[\[(?P<optional>\??)(?P<kind>[a-z]+): (?P<surface>.+?)(?: -> (?P<value>.+?))?\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """One EVENT line: interval, the clause's words, (role, surface) of each participant."""

    date_from: date
    date_to: date
    words: str
    participants: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """A gold file as a document, its mentions, and the answers."""

    name: str
    document: Document
    found: Found
    events: tuple[GoldEvent, ...]
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
    text, cursor = head, 0
    mentions: list[Mention] = []
    entities: dict[str, Entity] = {}
    for mark in MARK.finditer(marked):
        text += marked[cursor : mark.start()]
        kind, surface, value = cast(Kind, mark["kind"]), mark["surface"], mark["value"]
        entity_id = None
        if kind in ("programme", "body", "site", "place", "person"):
            name = surface if kind in ("site", "place") or not value else value.strip()
            entity_id = f"{kind}:{slug(name)}"
            insee = value.strip() if kind == "place" and value else None
            entities.setdefault(entity_id, Entity(entity_id=entity_id, kind=kind, name=name, insee_code=insee))
        mentions.append(
            Mention(
                mention_id=f"{document_id}:1:{len(text)}:{kind}",
                page=1,
                start=len(text),
                end=len(text) + len(surface),
                surface=surface,
                kind=kind,
                method="gold",
                confidence=1.0,
                entity_id=entity_id,
                value=value_of(kind, value),
            )
        )
        text += surface
        cursor = mark.end()
    return text + marked[cursor:], Found(mentions=tuple(mentions), entities=tuple(entities.values()))


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


def _event(line: str) -> GoldEvent:
    when, words, *rest = (part.strip(" |") for part in line.split(" | "))
    first, last = interval(when)
    pairs = [part.strip().partition("=") for part in (rest[0].split(";") if rest and rest[0] else [])]
    return GoldEvent(
        date_from=first, date_to=last, words=words, participants=tuple((role, surface) for role, _, surface in pairs)
    )


def load_gold(path: Path) -> GoldDocument:
    """One ``.gold.md`` file; the title is the text's first line, as in the documents made from it."""
    head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    marked, _, tail = rest.partition("\n---\n")
    title = head.splitlines()[0].removeprefix("# ").strip()
    name = path.name.removesuffix(".gold.md")
    text, found = read_marks(marked.strip("\n"), name, head=f"{title}\n\n")
    lines = [line.strip() for line in tail.splitlines() if line.strip()]
    events = tuple(_event(line.removeprefix("EVENT ")) for line in lines if line.startswith("EVENT "))
    triples = [line.removeprefix("REL ").split(" | ") for line in lines if line.startswith("REL ")]
    return GoldDocument(
        name=name,
        document=document_of(text, name, title),
        found=found,
        events=events,
        relations=tuple((a.strip(), b.strip(), c.strip()) for a, b, c in triples),
    )
