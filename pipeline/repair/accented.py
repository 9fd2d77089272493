"""What French words leave behind when their accented letters are replaced, dropped, or stripped of their accents.

Why: a letter that is gone can only be brought back from words that are known.
Idea: indexes of the word list, by what is left of each word; the most frequent word comes first.
Limits: words of one remains are told apart by their frequency alone.
Source of the letter shares: counted on wordfreq's large French list, each word weighted by its frequency.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import WORD

GONE = "\ufffd"
CAPITALS = Path(__file__).with_name("capitals.csv")
PREFERRED = Path(__file__).with_name("preferred.csv")
# Share of each letter among all letters, in percent.
# fmt: off
EXPECTED = {
    "é": 2.00, "à": 0.49, "è": 0.33, "ê": 0.18, "ç": 0.13, "ô": 0.05, "î": 0.03, "û": 0.02, "â": 0.03, "ù": 0.03, "œ": 0.01,
}
# fmt: on
RARE = frozenset("ëïüöäÿæ")
ACCENTED = frozenset(EXPECTED) | RARE
_REMAINS = str.maketrans(dict.fromkeys(ACCENTED, GONE))
DROP = str.maketrans(dict.fromkeys(ACCENTED, None))
BARE: Mapping[int, str] = str.maketrans(dict(zip("éàèêçôîûâùëïüöäÿœæ", [*"eaeecoiuaueiuoay", "oe", "ae"], strict=True)))
ELIDED = frozenset(["l", "d", "c", "j", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "aujourd", "quelqu"])
_OPENING = re.compile(
    r"(?:(?<=\s)|^)(?:(?:^|(?<=\n)|(?<=[.!?]\s))(?:\d{4}\s|\d+(?:\.\d+)+\s))?(?P<mark>[-•–]\s*)?[«(“]?\s*$"
)  # what may open it: a number, a list mark, a quotation mark
_INITIAL = re.compile(r"(?<![^\W\d_])[A-ZÀ-Þ]\.$")  # « H.T. », « D.D.E. »: no end
_NEAR = 80  # characters looked at before a word
_WRAPPED = 50  # characters of a line that ran to the margin


def opens_sentence(text: str, place: int) -> bool:
    """Whether what stands at ``place`` begins a sentence, a heading or an item of a list."""
    before = text[max(0, place - _NEAR) : place]
    opening = _OPENING.search(before)
    if opening is None:
        return False
    rest = before[: opening.start()]
    last = rest.rstrip()
    breaks = before.count("\n", len(last))
    if not last:
        return True
    if last[-1] in ".!?":
        return breaks > 0 or _INITIAL.search(last) is None
    if not breaks:
        return False
    if last[-1] in ",;" or opening["mark"]:
        return last[-1] not in ",;:"
    return breaks > 1 or not last[-1].islower() or len(last) - last.rfind("\n") <= _WRAPPED


@lru_cache(maxsize=1)
def by_remains() -> Mapping[str, tuple[str, ...]]:
    """Accented words by their form with U+FFFD for each accented letter, most frequent first (at most four)."""
    return _index(_REMAINS)


@lru_cache(maxsize=1)
def by_drop() -> Mapping[str, tuple[str, ...]]:
    """Accented words by what is left without their accented letters, most frequent first (at most four)."""
    return _index(DROP)


@lru_cache(maxsize=1)
def by_letter() -> Mapping[str, tuple[str, ...]]:
    """Accented words by their letters without accents, most frequent first (at most four)."""
    return _index(BARE)


def _index(table: Mapping[int, str] | Mapping[int, str | None]) -> Mapping[str, tuple[str, ...]]:
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in accented_words():
        index[word.translate(table)].append(word)
    with PREFERRED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = index[row["word"].translate(table)]
            if row["word"] in words and row["over"] in words:
                words.sort(key=lambda word, first=row["word"]: word != first)  # type: ignore[misc]
    return {key: tuple(words[:4]) for key, words in index.items()}


@lru_cache(maxsize=1)
def preferred_elisions() -> frozenset[str]:
    """Elided words that are likelier than the word their letters make (``l’on``, not ``léon``)."""
    with PREFERRED.open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"] for row in csv.DictReader(file) if "’" in row["word"])


@lru_cache(maxsize=1)
def accented_words() -> tuple[str, ...]:
    """The words of the list that hold an accented letter, most frequent first."""
    accented = re.compile(f"[{''.join(sorted(ACCENTED))}]")
    return tuple(
        word for word in lexicon.zipf_scores() if not word.isascii() and accented.search(word) and word.isalpha()
    )


@lru_cache(maxsize=1)
def capitals() -> Mapping[str, str]:
    """Words that French writes with a capital almost wherever it uses them, by their lower-case form."""
    with CAPITALS.open(encoding="utf-8", newline="") as file:
        return {row["word"].lower(): row["word"] for row in csv.DictReader(file)}


def differences(before: str, after: str, start: int, family: str, confidence: float) -> list[Change]:
    """The change from one short string to another, cut down to what differs."""
    if before == after:
        return []
    if len(before) == len(after):
        return [
            Change(start + place, start + place + 1, new, family, confidence)
            for place, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
        ]
    return _by_insertion(before, after, start, family, confidence)


def _by_insertion(before: str, after: str, start: int, family: str, confidence: float) -> list[Change]:
    """One insertion a missing letter where ``after`` only adds to ``before``; else one change for the whole."""
    changes: list[Change] = []
    place = 0
    for char in after:
        if place < len(before) and before[place] == char:
            place += 1
        elif changes and changes[-1].start == start + place:
            changes[-1] = changes[-1]._replace(after=changes[-1].after + char)
        else:
            changes.append(Change(start + place, start + place, char, family, confidence))
    if place == len(before):
        return changes
    return [Change(start, start + len(before), after, family, confidence)]


def words_of(tokens: Mapping[str, int]) -> Counter[str]:
    """Letter runs of a document in lower case, with their counts. ``tokens``: its words with their marks."""
    words: Counter[str] = Counter()
    for token, count in tokens.items():
        for word in _runs_of(token):
            words[word] = words.get(word, 0) + count  # quicker than a Counter's own default
    return words


@lru_cache(maxsize=1 << 16)
def _runs_of(token: str) -> Sequence[str]:
    return (lower,) if (lower := token.lower()).isalpha() else WORD.findall(lower)
