r"""Letters written as their names or numbers: ``r&eacute;novation``, ``r=E9novation``, ``r\'e9novation``.

Why: pages of the web, mails and word processors' files were saved as plain text with the escapes of their formats.
Idea: each way of escaping is a row of ``escapes.csv``, a pattern and how it is read; it is believed for a text where
different words become French by it.
Limits: an address keeps its escapes (``%C3%A9``), and so does a text that shows how pages or programs are written
(``</p>``, ``{\rtf1``).
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.changes import Change

ESCAPES = Path(__file__).with_name("escapes.csv")
_LEAST = 2  # different words of some length that become French; two, for one may be an example
_LETTERS = 4
_SOURCE = re.compile(r"</\w|\{\\rtf|[{;]\s*$", re.MULTILINE)  # markup, or lines of a program
_HEX = re.compile("[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class Escape:
    """One way of escaping: the sign it needs, what one looks like, a word that holds some, and how one is read."""

    family: str
    sign: str
    pattern: re.Pattern[str]
    word: re.Pattern[str]
    read: Callable[[str], str]


@lru_cache(maxsize=1)
def escapes() -> tuple[Escape, ...]:
    """The rows of the table."""
    with ESCAPES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Escape(
                family=row["family"],
                sign=row["sign"],
                pattern=re.compile(row["pattern"].replace(r"\n", "\n")),
                word=re.compile(rf"[^\W\d_]*(?:(?:{row['pattern']})[^\W\d_]*)+"),
                read=_READ[row["read"]],
            )
            for row in csv.DictReader(file)
        )


def read_escapes(text: str) -> list[Change]:
    """Changes that write the letters escapes stand for; none where they make no French words."""
    return [
        Change(match.start(), match.end(), after, escape.family, 0.95)
        for escape in escapes()
        if escape.sign in text and _is_believed(text, escape)
        for match in escape.pattern.finditer(text)
        if (after := escape.read(match[0])) != match[0]
    ]


def _is_believed(text: str, escape: Escape) -> bool:
    words = {_read(word[0], escape).lower() for word in escape.word.finditer(text)}
    known = {piece for word in words if not word.isascii() for piece in lexicon.WORD.findall(word)}
    telling = sum(len(piece) >= _LETTERS and not piece.isascii() and lexicon.zipf(piece) > 0 for piece in known)
    return telling >= _LEAST and _SOURCE.search(text) is None


def _read(word: str, escape: Escape) -> str:
    return escape.pattern.sub(lambda match: escape.read(match[0]), word)


def _read_bytes(escaped: str) -> str:
    """The letters of some bytes, UTF-8 or else cp1252; a torn line is joined, a byte that is no letter stays."""
    numbers = bytes.fromhex("".join(_HEX.findall(escaped)))
    for encoding in ("utf-8", "cp1252"):
        try:
            read = numbers.decode(encoding)
        except UnicodeDecodeError:
            continue
        return read if read.isprintable() else escaped
    return escaped


_READ: dict[str, Callable[[str], str]] = {"html": html.unescape, "bytes": _read_bytes}
