"""Annotated documents: clean French text with the answers marked in place.

A ``.gold.md`` file holds a title line, head lines, the text with marks ``[[kind: surface -> value]]`` (a ``?`` before the
kind: optional), then under a line ``---`` one ``EVENT`` or ``REL`` line an answer. Marks do not nest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.records import KINDS, Kind

MARK = re.compile(r"\[\[(?P<optional>\??)(?P<kind>[a-z]+): (?P<surface>.+?)(?: -> (?P<value>.+?))?\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMention:
    """One marked stretch: ``start`` and ``end`` count in the clean text; ``value`` is the part after ``->``, if any."""

    kind: Kind
    surface: str
    value: str | None
    optional: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """One event line: ISO dates (inclusive), the clause's own words, (role, surface) pairs."""

    date_from: str
    date_to: str
    words: str
    participants: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """One annotated document; ``text`` is without marks."""

    name: str
    title: str
    genre: str
    text: str
    mentions: tuple[GoldMention, ...]
    events: tuple[GoldEvent, ...]
    relations: tuple[tuple[str, str, str], ...]


def load(path: Path) -> GoldDocument:
    """Read one gold file. Raises ``ValueError``, naming the file and the line, where it is malformed."""
    head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
    lines = head.splitlines()
    if not lines or not lines[0].startswith("# "):
        raise ValueError(f"{path.name}: the first line must be « # title »")
    genre = next((line.removeprefix("genre:").strip() for line in lines if line.startswith("genre:")), "")
    marked, _, answers = rest.partition("\n---\n")
    text, mentions = unmark(marked, path.name)
    events, relations = _answers(path, answers)
    return GoldDocument(
        name=path.name.removesuffix(".gold.md"),
        title=lines[0].removeprefix("# ").strip(),
        genre=genre,
        text=text,
        mentions=mentions,
        events=events,
        relations=relations,
    )


def load_folder(folder: Path) -> list[GoldDocument]:
    """Every ``*.gold.md`` of a folder, by name."""
    return [load(path) for path in sorted(folder.glob("*.gold.md"))]


def unmark(marked: str, name: str) -> tuple[str, tuple[GoldMention, ...]]:
    """The clean text, and the stretches marked in it. Raises ``ValueError``, with the file's ``name``, for an unknown kind."""
    pieces: list[str] = []
    mentions: list[GoldMention] = []
    done = length = 0
    for mark in MARK.finditer(marked):
        plain = marked[done : mark.start()]
        kind = next((known for known in KINDS if known == mark["kind"]), None)
        if kind is None:
            raise ValueError(f"{name}: no kind is called {mark['kind']!r}")
        start = length + len(plain)
        end = start + len(mark["surface"])
        mentions.append(
            GoldMention(
                kind=kind,
                surface=mark["surface"],
                value=mark["value"].strip() if mark["value"] else None,
                optional=bool(mark["optional"]),
                start=start,
                end=end,
            )
        )
        pieces += (plain, mark["surface"])
        done, length = mark.end(), end
    pieces.append(marked[done:])
    return "".join(pieces), tuple(mentions)


def _answers(path: Path, answers: str) -> tuple[tuple[GoldEvent, ...], tuple[tuple[str, str, str], ...]]:
    events: list[GoldEvent] = []
    relations: list[tuple[str, str, str]] = []
    for line in filter(None, map(str.strip, answers.splitlines())):
        fields = [field.strip(" |") for field in line.partition(" ")[2].split(" | ")]
        if line.startswith("EVENT ") and len(fields) >= 2:
            date_from, _, date_to = fields[0].partition("/")
            pairs = [pair.strip().partition("=") for pair in fields[2].split(";")] if len(fields) > 2 else []
            participants = tuple((role, surface) for role, sign, surface in pairs if sign)
            events.append(GoldEvent(date_from=date_from, date_to=date_to, words=fields[1], participants=participants))
        elif line.startswith("REL ") and len(fields) == 3:
            relations.append((fields[0], fields[1], fields[2]))
        else:
            raise ValueError(f"{path.name}: this answer cannot be read: {line!r}")
    return tuple(events), tuple(relations)
