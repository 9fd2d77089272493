"""Letters an old scanner's reader took for others: ``de IAssemblée``, ``1ogement``, ``logernent``.

Why: under many scans lies a text layer of the 1990s or 2000s; its errors are not codes but likenesses, so no table undoes
them everywhere.
Idea: a noisy channel. A word that is none, and a common word but for one likeness of ``confusions.csv``, was misread.
Some likenesses show themselves (a figure, or a capital, inside a word); the others count only where a document has many
words that one of them mends, for a clean text has its own misprints and rare words.
Limits: one likeness a word; a misread word that is another word stays, and so does one that two words fit.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.accented import differences
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import VOWELS

MISREAD = "misread letter"
CONFUSIONS = Path(__file__).with_name("confusions.csv")
ORDINALS = Path(__file__).with_name("ordinals.csv")
_ELIDING = "h" + "".join(sorted(VOWELS))  # what may follow an elided article
_LETTER, _SMALL = r"[^\W\d_]", r"[^\WA-Z\d_]"
_COMMON = 3.2  # zipf score of a word that may have been misread
_CLEARLY = 1.2  # zipf points by which it must be commoner than any other that fits
_RARER = 3.0  # zipf points by which a word of the list must be rarer, to be a misread one
_LONG = 5  # letters of a word that one of the lesser likenesses may mend
_LEAST = 6  # different words so mended that show a badly read document,
_SHARE = 0.004  # their share of its words,
_AMONG = 0.3  # and among the unknown words


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """What is read for what was meant; ``where``: at a word's start, inside, any, elided (before a vowel), or ordinal.

    An ordinal is the figure of « 1er » before a month or behind « article »; it is written as one with what follows.
    """

    read: str
    meant: str
    where: str
    alone: bool


@lru_cache(maxsize=1)
def confusions() -> tuple[Confusion, ...]:
    """The likenesses of ``confusions.csv``."""
    with CONFUSIONS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Confusion(read=row["read"], meant=row["meant"], where=row["where"], alone=row["evidence"] == "alone")
            for row in csv.DictReader(file)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """What the likenesses that show themselves look like in a text.

    ``core``: a word with the signs that may stand for letters of it; ``telling``: found in a word that no French
    word looks like, which begins with one of ``first`` or has one of ``inner`` in it; ``elided``: a stroke that is
    the l of « l’ », with ``elisions``, it and its apostrophe, to look for first; ``ordinal``: a stroke that is
    a figure, with ``figures``, what to look for first.
    """

    core: re.Pattern[str]
    telling: re.Pattern[str]
    first: frozenset[str]
    inner: frozenset[str]
    elided: re.Pattern[str]
    elisions: tuple[str, ...]
    ordinal: re.Pattern[str]
    figures: tuple[str, ...]


@lru_cache(maxsize=1)
def shapes() -> Shapes:
    """The shapes of the likenesses of ``confusions.csv`` that count alone.

    A figure or a sign shows itself beside letters, a capital before a small letter, a small letter before a consonant.
    """
    figures = sorted(row.read for row in confusions() if row.where == "ordinal")
    alone = [confusion for confusion in confusions() if confusion.alone and confusion.where != "ordinal"]
    letters = [_telling_letter(row) for row in alone if row.read.isalpha()]
    signs = [row for row in alone if not row.read.isalpha()]
    first, inner = (_any_of(row.read for row in signs if row.where in (where, "any")) for where in ("start", "inside"))
    marks = "".join(re.escape(row.read) for row in signs if not row.read.isdigit())
    strokes = sorted({row.read for row in alone if row.meant == "l"})
    return Shapes(
        core=re.compile(rf"(?<![\w{marks}\\])(?:[^\W_]|[{marks}](?=\w))+(?!\w)"),
        telling=re.compile(rf"{_LETTER}{inner}{_LETTER}|(?<!\w)(?:{'|'.join([first + _LETTER * 2, *letters])})"),
        first=frozenset(row.read[0] for row in alone if row.where != "inside"),
        inner=frozenset(row.read for row in signs if row.where != "start"),
        figures=tuple(f"{gap}{figure}{space}er" for gap in " \n" for figure in figures for space in ("", " ")),
        elided=re.compile(rf"(?<![\w’']){_any_of(strokes)}(?=[’'][{_ELIDING}{_ELIDING.upper()}]{_LETTER}{{2}})"),
        elisions=tuple(stroke + mark for stroke in strokes for mark in "'’"),
        ordinal=re.compile("|".join(_beside_ordinals(_any_of(figures)))),
    )


def _beside_ordinals(figure: str) -> Iterator[str]:
    """Where a figure is the first day or article, by what ``ordinals.csv`` says stands beside it."""
    with ORDINALS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["side"] == "after":  # what the word begins with
                yield rf"(?<![\w’']){figure} ?(?=er\s(?i:{row['word']}))"
            else:
                yield rf"(?<=(?i:{row['word']}) ){figure} ?(?=er(?!\w))"


def _any_of(signs: Iterable[str]) -> str:
    return f"[{re.escape(''.join(sorted(set(signs))))}]"


def _telling_letter(row: Confusion) -> str:
    if row.read.islower():
        return rf"{row.read}(?!{row.read})[bcdfghjklmnpqrstvwxz]"
    return rf"{row.read}[{_ELIDING.upper()}]?{_SMALL}" if row.where == "elided" else rf"{row.read}{_SMALL}"


def misread_words(uncommon: Iterable[str], suspicious: Mapping[str, int], size: int) -> dict[str, str]:
    """The words of a document that were misread, and what they were.

    ``uncommon``: tokens that are no common words; ``suspicious``: those that are not sound, with their counts; ``size``:
    how many tokens the document has.
    """
    found = {}
    look = shapes()
    near = (token for token in uncommon if token[0] in look.first or not look.inner.isdisjoint(token))
    for token in chain(suspicious, filter(look.telling.search, near)):
        for core in look.core.findall(token):
            if look.telling.search(core) and (meant := meant_by(core, alone=True)):
                found[core] = meant
    cores = {core: count for token, count in suspicious.items() for core in look.core.findall(token)}
    lesser, unknown = {}, 0
    for core, count in cores.items():
        if (
            len(core) >= _LONG
            and core.isalpha()
            and core[1:].islower()
            and core not in found
            and not lexicon.zipf(core)
        ):
            unknown += 1
            if count < 3 and core[0].islower() and (meant := meant_by(core, alone=False)):
                lesser[core] = meant
    together = len(lesser) + len(found)
    if together >= max(_LEAST, _SHARE * size) and together >= _AMONG * (unknown + len(found)):
        found |= lesser
    return found


def restore_misread(text: str, words: Mapping[str, str]) -> list[Change]:
    """Changes that write misread words as they were meant, and the l of an elision as one (``I’État``)."""
    changes: list[Change] = []
    look = shapes()
    if words:
        for match in look.core.finditer(text):
            if match[0] in words:
                changes += differences(match[0], words[match[0]], match.start(), MISREAD, 0.85)
    if any(elision in text for elision in look.elisions):
        changes += (Change(m.start(), m.end(), "l", MISREAD, 0.9) for m in look.elided.finditer(text))
    if any(figure in text for figure in look.figures):
        changes += (Change(m.start(), m.end(), "1", MISREAD, 0.9) for m in look.ordinal.finditer(text))
    return changes


@lru_cache(maxsize=1 << 14)
def meant_by(core: str, *, alone: bool) -> str:
    """The one common word that a misread word is but for one likeness; empty where there is none, or several."""
    own = lexicon.zipf(core)
    if own and not alone:
        return ""
    readings: dict[str, float] = {}
    for confusion in confusions():
        if confusion.alone == alone:
            for reading in _readings(core, confusion):
                readings[reading] = max(readings.get(reading, 0.0), _score(reading))
    ranked = sorted(readings.items(), key=lambda item: -item[1])
    if (
        not ranked
        or ranked[0][1] < max(_COMMON, own + _RARER)
        or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - _CLEARLY)
    ):
        return ""
    return ranked[0][0]


def _readings(core: str, confusion: Confusion) -> Iterable[str]:
    start = core.find(confusion.read)
    while start >= 0:
        rest = core[start + len(confusion.read) :]
        fits = {
            "any": True,
            "start": start == 0 and bool(rest),
            "inside": start > 0 and bool(rest),
            "ordinal": False,
            "elided": start == 0 and rest[:1].lower() in _ELIDING and len(rest) > 3,
        }[confusion.where]
        if fits:
            yield core[:start] + confusion.meant + rest
        start = core.find(confusion.read, start + 1)


def _score(reading: str) -> float:
    """How common a reading is; of an elided word, what follows the article."""
    word = reading.removeprefix("l’")
    if not word.isalpha() or not (word[1:].islower() or word.isupper()):
        return 0.0
    return lexicon.zipf(word)
