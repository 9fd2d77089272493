"""Accents stripped from their letters: ``developpement``, ``a l’unanimite``.

Why: an old terminal, a telex, an e-mail or a reader that folds text to ASCII keeps the letters and drops what stands on
them; no table can tell which e was an é, only the word can.
Idea: a text is stripped where French of some length has next to no accent, while many of its words are none (or far
rarer ones) until they bear theirs. Then every word is weighed: the word list says which readings there are, and how
frequent they are; words that are words either way are told apart by what stands beside them: ``a`` and ``à`` in
``homographs.csv``, ``classe`` and ``classé`` in ``participles.csv``.
Limits: capitals stay bare, since printers' French leaves them so; a word that both readings fit keeps the likelier one,
or stays as it is where none is clearly so.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.accented import by_letter, capitals, differences
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import WORD
from pipeline.repair.sound import is_french

STRIPPED = "accent stripped"
HOMOGRAPHS = Path(__file__).with_name("homographs.csv")
PARTICIPLES = Path(__file__).with_name("participles.csv")
_SCARCE = 0.001  # accented letters a character; French has 0.026
_TELLING = 1.5  # zipf points by which a word must gain to show that it was stripped
_COMMON = 3.0  # zipf score of a word that may have been
_LEAST = 3  # different words that must show it
_SURE = 1.0  # zipf points by which a reading is surely the likelier
_LIKELY = 0.2
_ACCENT = re.compile(r"(?=[^\W\d_])[^\x00-\x7f²³¹¼½¾]")
_PARTICIPLE = re.compile(r"(?:é|ée|és|ées)$")
_VERB = 1.5  # zipf score of an infinitive in use
_NEAR = 24  # characters looked at on either side
_RARER = 2.0  # zipf points by which a participle may be rarer, where its neighbours call for one
_NEXT = re.compile(r"\s([^\W\d_]{3,})\b")
_ANYTHING = re.compile("")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a word: a pattern that ends, and one that begins, at it; either may be empty."""

    before: re.Pattern[str]
    after: re.Pattern[str]

    def fits(self, before: str, after: str) -> bool:
        """Whether a word stands so between ``before`` and ``after`` (lower case)."""
        return bool(self.before.search(before) and self.after.match(after))


@dataclass(frozen=True, slots=True, kw_only=True)
class Homograph:
    """One reading of a word that bare letters leave open, taken beside ``beside``.

    ``participle``: whether a past participle must follow.
    """

    reading: str
    beside: Beside
    participle: bool

    def fits(self, before: str, after: str) -> bool:
        """Whether a word between ``before`` and ``after`` (lower case) is to be read so."""
        if not self.beside.fits(before, after):
            return False
        following = _NEXT.match(after)
        return not self.participle or bool(following and _participle(following[1]))


def stripped_pages(texts: Sequence[str]) -> list[bool]:
    """Which texts of one document are French without its accents; all ``False`` where their words do not show it."""
    bare = [_is_bare(text) for text in texts]
    if not any(bare):
        return bare
    telling = against = 0
    words = {word for text, is_bare in zip(texts, bare, strict=True) if is_bare for word in _telling_words(text)}
    scores = lexicon.zipf_scores()
    for word in words:
        own = scores.get(word, 0.0)
        best = max((scores[reading] for reading in by_letter().get(word, ())), default=0.0)
        if best >= _COMMON and best >= own + _TELLING:
            telling += 1
        elif not own:
            against += 1
    return bare if telling >= max(_LEAST, against) else [False] * len(bare)


def _is_bare(text: str) -> bool:
    """Whether a text is French with hardly an accent; most texts are passed at their first é's."""
    most = _SCARCE * len(text)
    if text.count("é") > most or len(_ACCENT.findall(text)) > most:
        return False
    return is_french(Counter(text.split()))


def _telling_words(text: str) -> Iterable[str]:
    return (word.lower() for word in WORD.findall(text) if len(word) > 3 and word[1:].islower())


def restore_stripped(text: str) -> list[Change]:
    """Changes that give a stripped text its accents back."""
    changes: list[Change] = []
    for match in WORD.finditer(text):
        word = match[0]
        if not word[-1].islower() or (len(word) > 1 and not word[1:].islower()):
            continue
        reading, confidence = _read(match)
        if reading != word.lower():
            after = capitals().get(reading, word[0] + reading[1:]) if word[0].isupper() else reading
            changes += differences(word, after, match.start(), STRIPPED, confidence)
    return changes


def _read(match: re.Match[str]) -> tuple[str, float]:
    """The likeliest reading of a bare word where it stands, in lower case, and how sure it is."""
    word = match[0].lower()
    text = match.string
    before = text[max(0, match.start() - _NEAR) : match.start()].lower()
    after = text[match.end() : match.end() + _NEAR].lower()
    for homograph in homographs().get(word, ()):
        if homograph.fits(before, after):
            return homograph.reading, 0.8
    readings = by_letter().get(word, ())
    if not readings:
        return word, 1.0
    scores = lexicon.zipf_scores()
    own = scores.get(word, 0.0)
    if participle := _participle(word):
        called_for, ruled_out = participles()
        if scores[participle] > own - _RARER and any(beside.fits(before, after) for beside in called_for):
            return participle, 0.7
        if any(beside.fits(before, after) for beside in ruled_out):
            readings = tuple(reading for reading in readings if reading != participle) or (word,)
    best = readings[0]
    if scores.get(best, 0.0) < own + _LIKELY:
        return word, 1.0
    return best, 0.9 if scores[best] >= own + _SURE else 0.7


def _participle(word: str) -> str:
    """The past participle a bare word may be (« decide », « creees »); empty where no verb has one."""
    scores = lexicon.zipf_scores()
    for reading in by_letter().get(word, ()):
        ending = _PARTICIPLE.search(reading)
        if ending and (reading == "été" or scores.get(reading[: ending.start()] + "er", 0.0) > _VERB):
            return reading
    return ""


@lru_cache(maxsize=1)
def homographs() -> Mapping[str, tuple[Homograph, ...]]:
    """The readings of words that are words with their accent and without, in the order they are tried."""
    found: dict[str, list[Homograph]] = {}
    with HOMOGRAPHS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            homograph = Homograph(reading=row["reading"], beside=_beside(row), participle=row["next"] == "participle")
            found.setdefault(row["bare"], []).append(homograph)
    return {word: tuple(readings) for word, readings in found.items()}


@lru_cache(maxsize=1)
def participles() -> tuple[tuple[Beside, ...], tuple[Beside, ...]]:
    """What stands beside a past participle, and beside a word that is none."""
    with PARTICIPLES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    yes, no = (tuple(_beside(row) for row in rows if row["participle"] == answer) for answer in ("yes", "no"))
    return yes, no


def _beside(row: Mapping[str, str]) -> Beside:
    before = re.compile(rf"(?:{row['before']})\s*$") if row["before"] else _ANYTHING
    return Beside(before, re.compile(rf"\s*(?:{row['after']})") if row["after"] else _ANYTHING)
