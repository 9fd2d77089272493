"""Whether a letter that is gone at a word's start was a capital.

Why: of « \ufffdrable » the remains no longer tell whether a tree or a tower named after it stood there.
Idea: what stands beside the word tells (``lost_capitals.csv``: titles, streets, firms, headings); a word no list holds is
a name, unless others begin as it does; the cells of a table and the items of a list begin as their fellows do.
Limits: a common word that is a name here, with nothing beside it to tell, stays small.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.repair.accented import GONE, accented_words

CAPITALS_LOST = Path(__file__).with_name("lost_capitals.csv")
_BESIDE = 90  # characters looked at on either side of a word
_FELLOWS = 4000  # the same for the other items of a list
_CELLS = re.compile(r"[;\t|]")
_LEAST_CELLS = 2  # marks between cells that show a row of a table
_ITEM = r"(?:^|[\n.;:][ \n]?)\d{1,2}[°)][ \u00a0]"
_IN_ITEM = re.compile(rf"{_ITEM}$")
_ITEMS = re.compile(rf"{_ITEM}([^\W\d_])")
_AFTER_A_NAME = re.compile(
    r"(?:\b(?:MM?\.|Mmes?|Mlles?|Me|Dr|[A-Z]\.) |(?<![.!?:–«] )(?<!^)(?<!\n))\b[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ][a-zà-ÿ]+)?[ -]$"
)
_KIN = 5  # first letters that a word shares with those of its family


class Beside(NamedTuple):
    """What makes a word a name: the word in small letters, and what stands before and after it."""

    word: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


def was_capital(text: str, start: int, end: int, word: str, *, known: bool) -> bool:
    """Whether ``word``, read for ``text[start:end]``, began with a capital. ``known``: a list holds it."""
    before = text[max(0, start - _BESIDE) : start].replace(GONE, "é")
    after = text[end : end + _BESIDE].replace(GONE, "é")
    if any(row.word.fullmatch(word) and row.before.search(before) and row.after.match(after) for row in _rows()):
        return True
    return not known and (_AFTER_A_NAME.search(before) is not None or not _has_kin(word))


def opens_cell(text: str, start: int) -> bool:
    """Whether a word opens a row of a table, or an item of a list whose others begin with a capital."""
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)]
    if text[start - 1 : start] in ("", "\n") and len(_CELLS.findall(line)) >= _LEAST_CELLS:
        return True
    if _IN_ITEM.search(text, max(0, start - _BESIDE), start) is None:
        return False
    items: list[str] = _ITEMS.findall(text[max(0, start - _FELLOWS) : start + _FELLOWS])
    return sum(map(str.isupper, items)) > len(items) / 2


def _has_kin(word: str) -> bool:
    return f"\0{word[:_KIN]}" in _joined()


@lru_cache(maxsize=1)
def _joined() -> str:
    return "\0" + "\0".join(accented_words())


@lru_cache(maxsize=1)
def _rows() -> tuple[Beside, ...]:
    with CAPITALS_LOST.open(encoding="utf-8", newline="") as file:
        return tuple(
            Beside(re.compile(row["word"] or ".*"), re.compile(row["before"]), re.compile(row["after"]))
            for row in csv.DictReader(file)
        )
