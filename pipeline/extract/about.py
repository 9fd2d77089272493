"""What a document is: its title, genre, date and language, read from its own pages.

Idea: a title is what stands in the largest type near the top of the first page, joined over its lines, unless that is the
name of a body or of a sitting; where all type is of one size, it is the stated object, or the first line that reads like
a title. Metadata are believed where the page says the same words, or nothing: they often name a template. Genres are a
table of the words that announce them (``genres.toml``), sought in the title, then at the head.
Limits: guesses. A ``manifest.csv`` beside the files wins over all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from pipeline import lexicon
from pipeline.alignment import Alignment
from pipeline.extract.own_date import own_date
from pipeline.records import DocumentInfo, RepairedPage
from pipeline.wordings import word_table, wordings

SAYS = wordings(__file__, "titles.toml")
HEAD = 1500  # characters in which a document says what it is
_FIRST_LINES = 400  # and in which a common word still announces a genre
LONGEST_TITLE = 320
_BARE = 30  # letters: a title this short (« Compte rendu ») goes on with the name of the body
_LARGER = 1.12  # than the body: what is set as a title
_SAME = 0.05  # of its size, by which lines of one title differ at most
_TOP = 0.6  # of the page's height, where a title stands
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]+")
_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")


class _Block(NamedTuple):
    """A block of the first page: its mended text and the size of its type in points."""

    text: str
    size: float


class _Tables(NamedTuple):
    """``genres.toml``, compiled."""

    genres: list[tuple[str, re.Pattern[str], bool]]
    languages: dict[str, frozenset[str]]
    no_titles: re.Pattern[str]


def describe(
    pages: Sequence[RepairedPage], *, metadata_title: str | None, producer: str | None, language: str | None
) -> DocumentInfo:
    """What the pages (and, where they are silent, the file's metadata) say of the document."""
    first = next((page for page in pages if page.text.strip()), None)
    head = first.text if first else ""
    title = _title(first, _told_title(metadata_title))
    genre = _genre(title or "", head)
    date_from, date_to = own_date(title or "", [page.text for page in pages], is_report=genre == "rapport")
    return DocumentInfo(
        title=title,
        genre=genre,
        date_from=date_from,
        date_to=date_to,
        language=_language(" ".join(page.text for page in pages[:5])[: 4 * HEAD])
        or (language or "")[:2].lower()
        or None,
        producer=producer,
    )


def _told_title(title: str | None) -> str | None:
    """The metadata's title without its program and file suffix; ``None`` where it is a template's or a file's name."""
    told = SAYS["file"].sub("", SAYS["program"].sub("", (title or "").strip())).strip()
    if (
        len(_LETTERS.findall(told)) < 2
        or SAYS["generic"].fullmatch(told)
        or (" " not in told and ("_" in told or "-" in told))
    ):
        return None
    return " ".join(told.split())


def _title(page: RepairedPage | None, told: str | None) -> str | None:
    if page is None:
        return told
    if told and _is_confirmed(told, page.text[:HEAD]):
        return told
    blocks, body = _sized_blocks(page)
    large = [block for block in blocks if block.size > _LARGER * body and _may_be_title(block.text)]
    if title := _joined([block for block in large if not _is_no_title(block.text)], blocks):
        return title
    if stated := SAYS["object"].search(page.text[: 2 * HEAD]):
        return stated.group(1).strip()[:LONGEST_TITLE].rstrip(" ;.")
    sitting = _joined(large, blocks)
    if sitting and SAYS["sitting"].search(sitting):
        return sitting
    return _first_title(page.text) or told


def _is_confirmed(told: str, head: str) -> bool:
    """Whether at least three of the metadata's long words, and four of five of them, stand at the head of the page."""
    words = {word for word in _WORD.findall(told.casefold()) if len(word) > 3}
    seen = set(_WORD.findall(head.casefold()))
    return len(words & seen) >= 3 and len(words & seen) >= 0.8 * len(words)


def _joined(large: list[_Block], blocks: list[_Block]) -> str | None:
    """The largest of the blocks ``large``, with the blocks of its size that follow it; ``None`` where there is none."""
    if not large:
        return None
    best = max(large, key=lambda block: block.size)  # the first of the largest
    text = best.text
    for block in blocks[blocks.index(best) + 1 :]:
        joined = f"{text} {block.text}"
        ends = text.endswith((".", "?", "!")) or block.text.endswith(":") or len(joined) > LONGEST_TITLE
        if ends or abs(block.size - best.size) > _SAME * best.size:
            break
        if len(text) > _BARE and _is_no_title(block.text):
            break
        text = joined
    if len(_LETTERS.findall(text)) >= 2:
        return text
    return _joined([block for block in large if block != best], blocks)


def _is_no_title(text: str) -> bool:
    return _tables().no_titles.match(text) is not None


def _sized_blocks(page: RepairedPage) -> tuple[list[_Block], float]:
    """The blocks of the page's upper part with the size of their type, and the size of most of its letters."""
    glyphs, raw = page.page.glyphs, page.page.raw_text
    if glyphs is None or not len(raw):
        return [], 1.0
    heights = glyphs.boxes[:, 3] - glyphs.boxes[:, 1]
    drawn = heights == heights
    if not drawn.any():
        return [], 1.0
    aligned, depth = Alignment(page.edits), _TOP * (page.page.height or float(glyphs.boxes[drawn, 3].max()))
    blocks = []
    for found in _BLOCK.finditer(raw):
        inside = np.flatnonzero(drawn[slice(*found.span())]) + found.start()
        if not len(inside) or float(glyphs.boxes[inside, 1].min()) > depth:
            continue
        text = " ".join(page.text[slice(*aligned.to_text(*found.span()))].split())
        if not text and lexicon.known_share(found[0]) > 0.8:  # taken out as a running head, which may be the title
            text = " ".join(found[0].split())
        if text:
            blocks.append(_Block(text, float(np.percentile(heights[inside], 75))))
    return blocks, float(np.median(heights[drawn]))


def _may_be_title(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    first = next(filter(str.isalnum, text), "a")
    return letters >= 4 and letters > 0.5 * len(text) and len(text) <= LONGEST_TITLE and not first.islower()


def _first_title(text: str) -> str | None:
    """The first line with at least two words that does not end like a sentence or a label; a bare one takes the next."""
    lines = [" ".join(line.split()) if "\t" not in line else "" for line in text.splitlines()[:14]]
    shown = [line for line in lines if line]
    for number, words in enumerate(shown):
        if len(_LETTERS.findall(words)) < 2 or len(words) > LONGEST_TITLE or words.endswith((",", ";", ":")):
            continue
        if not _is_no_title(words):
            following = shown[number + 1] if number + 1 < len(shown) and len(words) < _BARE / 2 else ""
            return f"{words} {following}" if SAYS["sitting"].search(following) and len(following) < 4 * _BARE else words
    return None


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    data = word_table(__file__, "genres.toml")
    return _Tables(
        genres=[
            (row["genre"], re.compile(row["words"], re.IGNORECASE | re.MULTILINE), row.get("formula", False))
            for row in data["genre"]
        ],
        languages={row["code"]: frozenset(row["words"].split()) for row in data["language"]},
        no_titles=re.compile("|".join(f"(?:{row['words']})" for row in data["no_title"]), re.IGNORECASE),
    )


def _genre(title: str, head: str) -> str | None:
    """The first genre that the title announces, else the first lines, else a formula further down the head."""
    genres = _tables().genres
    return (
        next((genre for genre, words, _ in genres if words.search(title)), None)
        or next((genre for genre, words, _ in genres if words.search(head[:_FIRST_LINES])), None)
        or next((genre for genre, words, formula in genres if formula and words.search(head[:HEAD])), None)
    )


def _language(text: str) -> str | None:
    """ISO 639-1 code of the language whose small words are the most frequent; ``None`` for a text too short to tell."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < 20:
        return None
    counts = {code: sum(word in small for word in words) for code, small in _tables().languages.items()}
    best = max(counts, key=lambda code: (counts[code], code))
    return best if counts[best] / len(words) > 0.1 else None
