"""The records that pass from room to room.

Why: every room takes records and returns records, so each can be read, tested and replaced alone.
Idea: one text a page, and views into it. A mention, an event or a table cell never carries a rewritten copy; it holds
offsets. Offsets are 0-based, end-exclusive, in Unicode code points; pages count from 1; boxes are PDF points from the
top left. Nothing here imports another module of the project but ``alignment``.
Limits: a record says what was found, not how sure the historian should be; ``confidence`` is the finder's own, 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["programme", "body", "site", "place", "person", "law", "date", "amount", "quantity"]
KINDS: tuple[Kind, ...] = ("programme", "body", "site", "place", "person", "law", "date", "amount", "quantity")
Role = Literal["body", "programme", "site", "place", "person", "law", "amount"]
Method = Literal["text-layer", "ocr", "plain-text", "none"]
Status = Literal["ok", "partial", "failed", "skipped"]
Precision = Literal["day", "month", "quarter", "season", "part", "year", "decade", "century", "range"]
Certainty = Literal["happened", "planned"]
Predicate = Literal[
    "located_in",
    "part_of_programme",
    "client",
    "contractor",
    "funds",
    "partner_of",
    "member_of",
    "successor_of",
    "alias_of",
]
Box = tuple[float, float, float, float]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file as met on disk. ``document_id`` is the first 16 hex digits of ``sha256``."""

    document_id: str
    sha256: str
    path: str
    location: Path
    media_type: str
    size: int

    @property
    def filename(self) -> str:
        """The last part of the path, as a reader knows the document."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentInfo:
    """What is known about the document itself; ``None`` where neither page, manifest nor metadata says.

    ``issuer``, ``shelfmark``, ``provenance`` (where the copy comes from) and ``rights`` come from a manifest alone.
    """

    title: str | None = None
    genre: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    language: str | None = None
    producer: str | None = None
    issuer: str | None = None
    shelfmark: str | None = None
    provenance: str | None = None
    rights: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glyphs:
    """Font and box of every code point of a page's raw text.

    ``font_ids``: shape (n,), int16, an index into ``fonts``; -1 for a code point no glyph drew (line break, made space).
    ``boxes``: shape (n, 4), float32, x0, top, x1, bottom in points from the top left; NaN where there is no glyph.
    ``fonts``: one key a font of the document (the same key on every page), e.g. ``ABCDEF+TimesNewRoman``.
    ``confidences``: shape (n,), float32, 0 to 1, from OCR; ``None`` for a text layer.
    """

    fonts: tuple[str, ...]
    font_ids: NDArray[np.int16]
    boxes: NDArray[np.float32]
    confidences: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A stretch of raw text that layout shows not to be running text (running head, foot, page number, doubled glyph)."""

    start: int
    end: int
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One table cell as views into the page's raw text; ``spans`` is empty for an empty cell."""

    table_no: int
    row_no: int
    column_no: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """One page as extracted, in reading order, with nothing removed and nothing mended.

    ``flow`` says what a line break in ``raw_text`` means: ``blocks``, a single break is a line's end inside a paragraph
    and a blank line parts two blocks (the layout was seen); ``lines``, nothing is known of the layout (plain text).
    ``quality``: 0 to 1. ``engine``: the reader that was believed. ``cuts`` are sorted and do not overlap. ``problem``: why
    the page, or a part of it, could not be read; empty where all went well.
    """

    number: int
    raw_text: str
    method: Method
    engine: str = ""
    flow: Literal["blocks", "lines"] = "lines"
    needs_ocr: bool = False
    quality: float = 1.0
    problem: str = ""
    width: float | None = None
    height: float | None = None
    glyphs: Glyphs | None = None
    cuts: tuple[Cut, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReading:
    """What the fonts of a page say of themselves, where it is not what was read: one witness (``glyph names``, …).

    ``signs``: start and end of each glyph in the raw text, and what it is, in order.
    """

    witness: str
    signs: tuple[tuple[int, int, str], ...]

    def told(self, raw: str) -> str:
        """A page's raw text as the witness tells it."""
        pieces, at = [], 0
        for start, end, sign in self.signs:
            pieces += [raw[at:start], sign]
            at = end
        return "".join([*pieces, raw[at:]])


AskFonts = Callable[[Sequence[Page]], list[tuple[OwnReading, ...]]]
"""Asks what the fonts of pages of one document say themselves; an answer a page, empty where they say nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change: ``raw_text[start:end] == before`` became ``after``. White space counts as text here."""

    start: int
    end: int
    before: str
    after: str
    family: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A change not made because it was not sure enough; kept for a person to judge. Offsets into the raw text."""

    start: int
    end: int
    before: str
    suggestion: str
    family: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepairedPage:
    """A page with its mended text. Applying all ``edits`` (sorted, not overlapping) to ``raw_text`` gives ``text`` exactly."""

    page: Page
    text: str
    edits: tuple[Edit, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def number(self) -> int:
        """The page's number, from 1."""
        return self.page.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document on its way through the house: its source, what is known of it, its pages."""

    source: Source
    info: DocumentInfo
    pages: tuple[RepairedPage, ...]

    @property
    def document_id(self) -> str:
        """The id of the source."""
        return self.source.document_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DateValue:
    """A closed interval of days and how precisely the words fixed it."""

    date_from: date
    date_to: date
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountValue:
    """A sum of money in units of its own currency; ``tax`` is ``HT``, ``TTC`` or ``None`` where the text does not say."""

    value: Decimal
    currency: Literal["EUR", "FRF"]
    tax: Literal["HT", "TTC"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityValue:
    """A number and what it counts or measures, e.g. 1640 ``logements``."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of one page's text that names something. ``method`` says which rule, gazetteer or model found it.

    ``mention_id`` is ``document:page:start:kind``. ``entity_id`` is ``None`` where the mention stays unlinked.
    """

    mention_id: str
    page: int
    start: int
    end: int
    surface: str
    kind: Kind
    method: str
    confidence: float
    entity_id: str | None = None
    box: Box | None = None
    value: DateValue | AmountValue | QuantityValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One identity. ``source`` is where it is known from (a gazetteer's citation, or ``corpus``).

    ``verified`` is False where the source is general knowledge that nobody has checked.
    """

    entity_id: str
    kind: Kind
    name: str
    acronym: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    insee_code: str | None = None
    source: str = "corpus"
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Subject, predicate, object, as the document (or a gazetteer: then ``page`` is ``None``) states them."""

    relation_id: str
    subject: str
    predicate: Predicate
    object: str
    subject_id: str | None = None
    object_id: str | None = None
    page: int | None = None
    excerpt: str = ""
    confidence: float = 1.0
    source: str = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Who or what took part in an event, in which role."""

    role: Role
    surface: str
    mention_id: str | None = None
    entity_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Words of a page that help to tell an event in one line. ``added``: they stand elsewhere than in its clause."""

    start: int
    end: int
    added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The words over a part or a table, on the page they stand on: it may be an earlier one than that of their part."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, or was decided to happen, at a stated time. ``excerpt`` is ``text[start:end]`` of its page.

    ``event_id`` is ``document:page:start:n``. ``trigger`` is the word that made it an event. ``words`` tell it in one line,
    read one after another; none where the excerpt does. ``heading`` stands over it: of a deliberation, of a table.
    """

    event_id: str
    page: int
    start: int
    end: int
    excerpt: str
    kind: str
    date_from: date
    date_to: date
    precision: Precision
    certainty: Certainty
    confidence: float
    trigger: str = ""
    participants: tuple[Participant, ...] = ()
    words: tuple[Stretch, ...] = ()
    heading: Heading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the entities room returns for one document. ``corrections``: mentions that lines of corrections.csv changed."""

    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    corrections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the events room returns for one document."""

    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything the loader needs for one document, whatever became of it, or for one volume of its pages.

    ``claimed_pages`` is what the file says it holds; ``document.pages`` is what was read. ``before`` pages were read in
    the volumes before this one; where ``more`` may follow, what became of the document is told by the last one.
    ``timings``: CPU seconds by room.
    ``paths``: the other names the same bytes go by.
    ``version`` names the code and the knowledge that made it (``pipeline.fingerprints``).
    """

    document: Document
    status: Status
    error: str | None = None
    claimed_pages: int = 0
    before: int = 0
    more: bool = False
    found: Found = field(default_factory=Found)
    history: History = field(default_factory=History)
    paths: tuple[str, ...] = ()
    timings: tuple[tuple[str, float], ...] = ()
    version: str = ""
