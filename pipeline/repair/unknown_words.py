"""The letters that are gone from a word no list holds: a name, or a rare form of a verb.

Why: ``P\ufffdquerot`` is no word, yet ``Pâquerot`` is far likelier than ``Péquerot``: names are spelt like the words of their
language.
Idea: a letter is told by the letters around it. Among all accented words of the list, those that show the same
neighbours on both sides of a gap vote for its letter, the longer context over the shorter, and the spelling model of the
whole word weighs what they choose (contexts of letters instead of words, after R. Mihalcea, 2002). Names of Alsace and
Moselle are spelt like German words whose ö French writes œ (« Schœlcher »): the more German the remains look, the more
those words have a say.
Limits: one such name in seven is still misspelt, mostly by ï for ë and é for è; a spelling that French never has is left.
Measured on the communes of France whose name no list of words holds: 89 letters in 100, where spelling alone gives 82.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import product, repeat
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicon
from pipeline.repair.accented import ACCENTED, EXPECTED, GONE, accented_words
from pipeline.repair.likelihood import letter_logs, letters_score, spelling

_MOST_GAPS = 3
_SHORTEST = 4  # letters and gaps of a word that is guessed
_LEAST_SPELLING = -3.6  # nats a letter: a word spelt as French never is stays as it is
LETTERS = sorted(ACCENTED)
_OFFSETS = (1, -1, 2, -2, 3, -3)  # neighbours of a gap, in the order they narrow down its context
_FARTHEST = 3
_STRENGTH = 2.0  # votes that a shorter context is worth
_LIKELIEST = 5  # letters of each gap that are tried together
# How much likelier a letter is in a name than in a word, to the power of a half: counted on the communes of France. French
# names are written with œ and ë where German or Dutch ones have ö and ï.
# fmt: off
_IN_NAMES = {
    "è": 1.5, "ë": 2.3, "œ": 3.0, "ê": 0.75, "û": 0.7, "î": 0.6, "à": 0.6, "ï": 0.5, "ü": 0.5, "ù": 0.5, "ö": 0.3, "ä": 0.3,
}
# fmt: on
_GERMAN = {"œ": 0.0, "ü": -4.0, "ä": -4.0}  # nats: French registers hardly kept the umlauts of u and a
_OCCITAN = 80.0  # how much likelier names than words end in « ès », as in the south
_RARER = -1.5  # nats of a name of such a form before it is seen
_EDGE = "\x00"
_MASK = str.maketrans(dict.fromkeys(ACCENTED, GONE))
_LEAST_SHARE = 1e-4
_PAST = re.compile(rf"(?P<stem>[^\W\d_]{{3,}}){GONE}(?P<end>t|mes|tes)")  # « honorât »
_VERB = 2.0  # zipf score of a verb such a form may come from


@lru_cache(maxsize=4096)
def fill_unknown(remains: str) -> str:
    """A word no list holds with each U+FFFD read as the letter its neighbours call for; empty where that is no French."""
    gaps = [place for place, char in enumerate(remains) if char == GONE]
    if not 0 < len(gaps) <= _MOST_GAPS or len(remains) < _SHORTEST or GONE * 2 in remains:
        return ""
    past = _PAST.fullmatch(remains)
    if past and lexicon.zipf(f"{past['stem']}er") > _VERB:
        return f"{past['stem']}â{past['end']}"
    shares = [letter_shares(remains.lower(), gap, in_name=not remains.islower()) for gap in gaps]
    choices = [sorted(share, key=lambda letter, share=share: -share[letter])[:_LIKELIEST] for share in shares]  # type: ignore[misc]
    words = {_filled(remains, letters): letters for letters in product(*({*some, *_GERMAN} for some in choices))}
    french = {word: spelling(_at_home(word)) for word in words}
    german = {word: letters_score(_at_home(word), _german()) for word in words}
    if max(*french.values(), *german.values()) < _LEAST_SPELLING * (len(remains) + 1):
        return ""
    votes = {
        word: sum(log(share[letter] + _LEAST_SHARE) for share, letter in zip(shares, letters, strict=True))
        for word, letters in words.items()
    }
    if remains.islower():
        return max(words, key=lambda word: french[word] + votes[word])
    umlauts = {word: score + sum(map(_GERMAN.get, words[word], repeat(0.0))) for word, score in german.items()}
    return _likelier(french, {word: score + votes[word] for word, score in french.items()}, umlauts)


def _likelier(french: Mapping[str, float], chosen: Mapping[str, float], german: Mapping[str, float]) -> str:
    """The likeliest of some words, each language having a say as far as it spells them so: nats of the words as French is
    spelt, as French chooses between them, and as German does.
    """
    of_french, of_german = _sum(french), _sum(german) + _RARER
    share = 1 / (1 + exp(min(50.0, of_german - of_french)))
    odds = {
        word: share * exp(chosen[word] - _sum(chosen)) + (1 - share) * exp(german[word] - _sum(german))
        for word in french
    }
    return max(odds, key=lambda word: odds[word])


def _sum(nats: Mapping[str, float]) -> float:
    """Nats of any of several words."""
    most = max(nats.values())
    return most + log(sum(exp(score - most) for score in nats.values()))


def _filled(remains: str, letters: Iterable[str]) -> str:
    parts = iter(letters)
    return "".join(next(parts) if char == GONE else char for char in remains)


def _at_home(word: str) -> str:
    """A word in small letters, those of other languages without their accents."""
    lower = word.lower()
    return "".join(char if char in ACCENTED else unicodedata.normalize("NFD", char)[0] for char in lower)


@lru_cache(maxsize=4096)
def letter_shares(remains: str, gap: int, *, in_name: bool = False) -> Mapping[str, float]:
    """How likely each accented letter is at one gap of a lower-case word, by its neighbours; sums to 1.

    ``in_name``: whether the word has a capital.
    """
    letters, neighbours = _gaps()
    shares = np.array([EXPECTED.get(letter, 0.0) for letter in LETTERS]) / sum(EXPECTED.values())
    framed, place = f"{_EDGE}{remains}{_EDGE}", gap + 1
    rows: NDArray[np.int64] | None = None
    for offset in _OFFSETS:
        if not 0 <= place + offset < len(framed):
            continue
        code = ord(framed[place + offset])
        rows = _before(code) if rows is None else rows[neighbours[offset][rows] == code]
        if not len(rows):
            break
        shares = (np.bincount(letters[rows], minlength=len(LETTERS)) + _STRENGTH * shares) / (len(rows) + _STRENGTH)
    shares = shares * [_IN_NAMES.get(letter, 1.0) for letter in LETTERS]
    if in_name and framed[place + 1 :] == f"s{_EDGE}":
        shares[LETTERS.index("è")] *= _OCCITAN
    return dict(zip(LETTERS, (shares / shares.sum()).tolist(), strict=True))


@lru_cache(maxsize=1)
def _gaps() -> tuple[NDArray[np.int64], Mapping[int, NDArray[np.uint32]]]:
    """Every accented letter of every word of the list, as its number, and the code points of its neighbours by offset."""
    words = _EDGE * _FARTHEST + _EDGE.join(accented_words()) + _EDGE * _FARTHEST
    masked = _codes(words.translate(_MASK))
    places = np.flatnonzero(masked == ord(GONE))
    numbers = np.zeros(0x110000, dtype=np.int64)
    numbers[[ord(letter) for letter in LETTERS]] = range(len(LETTERS))
    return numbers[_codes(words)[places]], {offset: masked[places + offset] for offset in _OFFSETS}


@lru_cache(maxsize=1)
def _german() -> list[float]:
    """The letters of German as French writes its names."""
    words = lexicon.frequent_words("de").items()
    return letter_logs({word.replace("ö", "œ"): score for word, score in words if word.isalpha()})


@lru_cache(maxsize=64)
def _before(code: int) -> NDArray[np.int64]:
    """The gaps of the list that stand before one character: the first step of every search."""
    return np.flatnonzero(_gaps()[1][_OFFSETS[0]] == code)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
