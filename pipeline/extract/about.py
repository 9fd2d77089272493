"""What a document is: its title, genre, date and language, read from its own first page.

Idea: a title is the first line of the first page that reads like one; metadata are believed only where the page is silent,
since a file's metadata often name a template. Genres are a table of the words that announce them (``genres.toml``).
Limits: guesses. A ``manifest.csv`` beside the files wins over all of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.records import DocumentInfo, RepairedPage

HEAD = 1500  # characters in which a document says what it is
LONGEST_TITLE = 220
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_GENERIC = re.compile(
    r"^(?:microsoft \w+ - )?(?:sans titre|untitled|document\d*|présentation\d*|diapositive \d+)\b", re.I
)


def describe(
    pages: Sequence[RepairedPage], *, metadata_title: str | None, producer: str | None, language: str | None
) -> DocumentInfo:
    """What the pages (and, where they are silent, the file's metadata) say of the document."""
    first = next((page.text for page in pages if page.text.strip()), "")
    title = _title(first)
    if title is None and metadata_title and not _GENERIC.match(metadata_title):
        title = metadata_title.strip()
    return DocumentInfo(
        title=title,
        genre=_genre(f"{title or ''}\n{first[:HEAD]}"),
        language=language or _language(" ".join(page.text for page in pages[:5])[: 4 * HEAD]),
        producer=producer,
    )


def _title(text: str) -> str | None:
    """The first line with at least two words that does not end like a sentence or a label."""
    for line in text.splitlines()[:12]:
        words = line.strip()
        if len(_LETTERS.findall(words)) >= 2 and len(words) <= LONGEST_TITLE and not words.endswith((",", ";", ":")):
            return words
    return None


@lru_cache(maxsize=1)
def _tables() -> tuple[list[tuple[str, re.Pattern[str]]], dict[str, frozenset[str]]]:
    data = tomllib.loads(Path(__file__).with_name("genres.toml").read_text(encoding="utf-8"))
    genres = [(row["genre"], re.compile(row["words"], re.IGNORECASE)) for row in data["genre"]]
    return genres, {row["code"]: frozenset(row["words"].split()) for row in data["language"]}


def _genre(head: str) -> str | None:
    return next((genre for genre, words in _tables()[0] if words.search(head)), None)


def _language(text: str) -> str | None:
    """ISO 639-1 code of the language whose small words are the most frequent; ``None`` for a text too short to tell."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < 20:
        return None
    counts = {code: sum(word in small for word in words) for code, small in _tables()[1].items()}
    best = max(counts, key=lambda code: (counts[code], code))
    return best if counts[best] / len(words) > 0.1 else None
