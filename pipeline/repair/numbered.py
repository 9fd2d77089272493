"""Glyph numbers that a reader printed for letters it could not name: ``(cid:39)(cid:112)(cid:79)``.

Why: pdfminer and its heirs write a glyph's number where a font says no letter, and such text was saved and passed on
without its fonts.
Idea: the numbers are codes of an old code page, or places in Apple's standard order of glyphs, which is some 29 below
ASCII; the table that makes French words of the numbers, and of the letters between them, is believed for the document.
Limits: a subset font that numbers its glyphs as they come follows no table; its text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.fonts import code_tables
from pipeline.repair.hypotheses import Hypothesis

_MARK = "(cid:"
_NUMBER = re.compile(r"\(cid:\d{1,5}\)")
_BROKEN = re.compile(r"\S*\(cid:\d{1,5}\)\S*(?: *\S*\(cid:\d{1,5}\)\S*)*")
_KNOWN = 0.7  # share of the words read that must be known
_LEAST = 2  # different words of some length that must be
_LETTERS = 4


def number_table(texts: Sequence[str]) -> Hypothesis | None:
    """The table by which a document's glyph numbers are read; ``None`` where there are none, or no table makes French."""
    broken = [run for text in texts if _MARK in text for run in _BROKEN.findall(text)]
    if not broken:
        return None
    tables = [table for table in code_tables() if any(_MARK in key for key in table.table)]
    shares = {table: _share(table.decode(run) for run in broken) for table in tables}
    best = max(tables, key=lambda table: shares[table])
    return best if shares[best] >= _KNOWN else None


def read_numbers(text: str, table: Hypothesis) -> list[Change]:
    """Changes that write the letter each glyph number stands for."""
    return [
        Change(match.start(), match.end(), table.table[match[0]], table.name, 0.9)
        for match in _NUMBER.finditer(text)
        if match[0] in table.table
    ]


def _share(runs: Iterable[str]) -> float:
    """Share of the words known to the list, each once; 0 where too few of some length are, or numbers are left unread."""
    words = {word.lower() for run in runs for word in lexicon.WORD.findall(run)}
    known = {word for word in words if lexicon.zipf(word) > 0}
    if "cid" in words or sum(len(word) >= _LETTERS for word in known) < _LEAST:
        return 0.0
    return len(known) / len(words)
