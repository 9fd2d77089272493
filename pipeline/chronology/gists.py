"""Gists: what two tellings are compared by, and nothing else.

Why: every telling of the archive is held while they are grouped; the words and names a line is written with need not be.
Idea: a telling's gist shares its names with all who have the same, and the sets it is compared by are made when asked for;
the latest are kept, since tellings are compared by day and year.
Limits: 1.8 kB a telling, measured on 63,500.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from sys import intern
from typing import TypeVar

from pipeline.chronology.reading import without_idle
from pipeline.chronology.tellings import Telling, folded
from pipeline.lexicon import MONTHS

_Shared = TypeVar("_Shared")
Role = tuple[str, str, str]  # role, key and surface of a participant
_LEAST_WORDS = 3
_KEPT = 1 << 14  # sets of names or words: those of a busy year
_MONTHS = frozenset(folded(month)[:4] for month in MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gist:
    """What a telling is compared by. ``words``: content words of its excerpt and of the title of its own paper, if it tells
    of the paper itself. ``titles``: titles in quotation marks. ``opening_laws``: keys of the statutes that open its line.
    """

    event_id: str
    document_id: str
    page: int
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    kind: str
    certainty: str
    precision: str
    date_from: date
    date_to: date
    actors: tuple[Role, ...]
    words: tuple[str, ...]
    titles: frozenset[str]
    opening_laws: frozenset[str]
    of_own_paper: bool
    tabular: bool

    @property
    def days(self) -> int:
        """Length of the interval in days: 1 for a day."""
        return (self.date_to - self.date_from).days + 1

    @property
    def sentence(self) -> tuple[object, ...]:
        """What two tellings of one sentence have in common, whatever their dates."""
        return self.document_id, self.page, self.spans, self.kind, self.certainty

    def keys_in(self, *roles: str) -> frozenset[str]:
        """Keys of the participants in the given roles, or in all of them."""
        return _keys(self.actors, roles)

    def names_in(self, role: str) -> frozenset[str]:
        """Folded words of the participants in a role."""
        return _names(self.actors, role)

    def surfaces_in(self, role: str) -> list[str]:
        """The participants in a role as they are written, white space made single."""
        return [" ".join(surface.split()) for had, _, surface in self.actors if had == role]


def gist_of(telling: Telling) -> Gist:
    """The gist of a telling."""
    words = content_words(telling.excerpt, telling.own_paper)
    return Gist(
        event_id=telling.event_id,
        document_id=telling.document_id,
        page=telling.page,
        start=telling.start,
        end=telling.end,
        spans=tuple((piece.start, piece.end) for piece in telling.pieces),
        kind=telling.kind,
        certainty=telling.certainty,
        precision=telling.precision,
        date_from=_shared(telling.date_from),
        date_to=_shared(telling.date_to),
        actors=_shared(tuple(_shared((actor.role, actor.key, actor.surface)) for actor in telling.actors)),
        words=_shared(tuple(sorted(words))),
        titles=titles_in(telling.excerpt),
        opening_laws=telling.opening_laws(),
        of_own_paper=bool(telling.own_paper),
        tabular="\t" in telling.excerpt,
    )


def likeness(one: Gist, other: Gist, *, beside: frozenset[str] = frozenset()) -> float:
    """Share of the shorter excerpt's content words that the other has too; 0 to 1.

    ``beside``: keys of participants whose own words are not counted, nor any number, if there are some.
    """
    ours, theirs = _set(one.words), _set(other.words)
    if beside:
        named = [surface for gist in (one, other) for _, key, surface in gist.actors if key in beside]
        known = content_words(" ".join(named))
        ours, theirs = (frozenset(filter(str.isalpha, words - known)) for words in (ours, theirs))
    least = min(len(ours), len(theirs))
    return len(ours & theirs) / least if least >= _LEAST_WORDS else 0.0


@lru_cache(maxsize=1 << 10)
def content_words(excerpt: str, paper: str = "") -> frozenset[str]:
    """Words of four letters and more, by their first four, and numbers; months and years say nothing a date does not, and
    the formulas of every vote nothing at all. ``paper``: the title of the paper it speaks of, if it is its own.
    """
    words = re.findall(r"[a-z]{4,}|[0-9]{2,}", folded(f"{without_idle(excerpt)} {paper}"))
    return frozenset(intern(word[:4]) for word in words) - _MONTHS


def titles_in(excerpt: str) -> frozenset[str]:
    """Titles in quotation marks, of two words or more: a report, a call for projects."""
    quoted = (folded(words) for words in re.findall(r"«\s*([^«»]{8,}?)\s*»", excerpt))
    return frozenset(f"title:{words}" for words in quoted if " " in words)


@lru_cache(maxsize=_KEPT)
def _keys(actors: tuple[Role, ...], roles: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key for role, key, _ in actors if not roles or role in roles)


@lru_cache(maxsize=_KEPT)
def _names(actors: tuple[Role, ...], role: str) -> frozenset[str]:
    return frozenset(folded(surface) for had, _, surface in actors if had == role)


@lru_cache(maxsize=_KEPT)
def _set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


# The same object for all who hold an equal one: tens of thousands of tellings name the same few bodies on the same days.
@lru_cache(maxsize=_KEPT)
def _shared(thing: _Shared) -> _Shared:
    return thing
