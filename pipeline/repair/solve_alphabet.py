"""Whole alphabets read as another: every letter broken, the spaces between words mostly kept.

Why: a font that gives glyph numbers or private codes for its letters leaves ``'pOpJDWLRQ`` where ``Délégation`` stood.
Idea: first every constant shift, as code points and in Apple's glyph order; then a general substitution: letters start
in order of frequency, pairs are swapped while the letter trigrams of French get likelier, and the lexicon then settles
capitals, accents and quotes sign by sign.
Limits: figures cannot be told from one another by letters, so a general substitution leaves them; it wants some two
hundred different words, and refuses where the result does not read as French.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from pipeline import lexicon
from pipeline.repair.likelihood import LETTERS, French, spelling, trigrams
from pipeline.repair.puzzle import Puzzle, Solution
from pipeline.repair.solve import ACCENTED, MOST_SIGNS, QUOTES

_FREQUENT = "esaintrulodcpmévqgfbhàxjèyêzkçwôâîûùïëœüöäÿæ"  # letters of French prose, the commonest first
_MEANINGS = tuple(dict.fromkeys((*LETTERS, *LETTERS[:26].upper(), *ACCENTED, *QUOTES, *".,;:-()/!?")))
_SAMPLE = 80
_LEAST_GAIN = 40.0  # nats
_LEAST_KNOWN = 0.8  # share of words French must know after a general substitution
_LEAST_WORDS = 40
_MOST_SIGNS = 70
_SWEEPS = 30
_ROUNDS = 3
_RESTARTS = 3
_WORDS_A_SIGN = 16  # words weighed for one sign


def solve_alphabet(source: str | Mapping[str, int]) -> Solution | None:
    """A table for a text whose letters are all broken; ``None`` where none makes French of it.

    ``source`` is the text, or its words with their counts; words that are French as they stand are left out.
    """
    french = French({})
    words = Counter(source.split()) if isinstance(source, str) else source
    strange = {
        word: count for word, count in words.items() if len(word) > 1 and french.text(word) < -6.0 - 3.2 * len(word)
    }
    if not strange:
        return None
    return _shifted(strange, french) or (None if _is_spelled(strange) else _substituted(strange, french))


def _is_spelled(words: Iterable[str]) -> bool:
    """Whether letters follow one another as in a language: code and English do, an alphabet read as another does not."""
    runs = [run for word in words for run in _RUN.findall(word.lower())]
    letters = sum(map(len, runs))
    return letters > 0 and sum(map(spelling, runs)) > _SPELLED * letters


_RUN = re.compile(r"[^\W\d_]{3,}")
_SPELLED = -4.9  # nats a letter: other languages have -3 to -4.7, a broken alphabet -5.6 and less


def _shifted(words: Mapping[str, int], french: French) -> Solution | None:
    """The constant shift that makes the most of the words French."""
    sample = dict(Counter(words).most_common(_SAMPLE))
    plain = {word: french.text(word) for word in sample}
    best: dict[str, str] = {}
    best_gain = _LEAST_GAIN
    for table in _shifts():
        read = {word: "".join(table.get(char, "\ufffd") for char in word) for word in sample}
        gain = sum(sqrt(sample[w]) * (french.text(read[w]) - plain[w]) for w in sample if "\ufffd" not in read[w])
        gain -= 5.0 * sum("\ufffd" in one for one in read.values())
        if gain > best_gain:
            best, best_gain = table, gain
    if not best:
        return None
    return _judged(best, sample, french)


def _shifts() -> Iterator[dict[str, str]]:
    """Every constant shift of printable ASCII, with the upper half shifted alike or in Apple's glyph order."""
    upper = [char for char in {*LETTERS, *LETTERS.upper(), *QUOTES, "\u00a0", "°", "€", "•"} if not char.isascii()]
    for shift in (*range(-60, 0), *range(1, 61)):
        low = {
            chr(code + shift): chr(code) for code in range(32, 127) if code + shift > 0 and chr(code + shift) != "\n"
        }
        yield low | {chr(ord(char) + shift): char for char in upper if ord(char) + shift > 0}
        mac = {char: char.encode("mac_roman", "ignore") for char in upper}
        yield low | {chr(code[0] + shift - 1): char for char, code in mac.items() if code and code[0] + shift - 1 > 0}


def _judged(table: Mapping[str, str], words: Mapping[str, int], french: French) -> Solution | None:
    """The table as a solution, its confidence the share of words French knows through it."""
    pieces = [p for word in words for p in lexicon.WORD.findall("".join(table.get(c, c) for c in word)) if len(p) > 2]
    known = (sum(french.known(piece) for piece in pieces) + 0.5) / (len(pieces) + 1)
    if known < _LEAST_KNOWN:
        return None
    return Solution(mapping=dict(sorted(table.items())), confidence=round(known, 3))


def _substituted(words: Mapping[str, int], french: French) -> Solution | None:
    """A general substitution: swaps by trigrams, then each sign by the lexicon."""
    frequency: Counter[str] = Counter()
    for word, count in words.items():
        for char in word:
            frequency[char] += count
    if len(words) < _LEAST_WORDS or len(frequency) > MOST_SIGNS:
        return None
    signs = [sign for sign, _ in sorted(frequency.items(), key=lambda item: (-item[1], item[0]))][:_MOST_SIGNS]
    table = _climb(words, signs)
    firm = {sign: meaning for sign, meaning in table.items() if _firm(sign, words, table, french)}
    loose = [sign for sign in signs if sign not in firm]
    meanings = [meaning for meaning in _MEANINGS if meaning not in firm.values()]
    puzzle = Puzzle(words, loose, meanings, firm, most_words=_WORDS_A_SIGN)
    puzzle.climb(_ROUNDS)
    return _judged(puzzle.telling(), words, french)


def _firm(sign: str, words: Mapping[str, int], table: Mapping[str, str], french: French) -> bool:
    """Whether French knows half of the words that a sign is in, read through the table; wrong letters fall far below."""
    pieces: list[str] = []
    for word in words:
        if sign in word:
            read = "".join(table.get(char, " ") for char in word)
            pieces += (p for p in lexicon.WORD.findall(read) if len(p) > 2 and table[sign] in p)
        if len(pieces) > _WORDS_A_SIGN:
            break
    return sum(map(french.known, pieces)) > 0.5 * len(pieces)


def _climb(words: Mapping[str, int], signs: Sequence[str]) -> dict[str, str]:
    """Signs to small letters, by hill climbing on trigrams from the order of frequency; the best of a few starts."""
    triples, counts = _triples(words, signs)
    places = [np.flatnonzero((triples == number).any(axis=1)) for number in range(len(signs))]
    order = [LETTERS.index(letter) for letter in _FREQUENT]
    start = np.array([order[n] if n < len(order) else len(LETTERS) + 1 for n in range(len(signs))] + [len(LETTERS)])
    random = np.random.default_rng(0)
    best, best_score = start, -np.inf
    for attempt in range(_RESTARTS):
        meaning = start.copy() if attempt == 0 else best.copy()
        if attempt:
            for _ in range(12):
                one, other = random.integers(0, min(len(signs), 30), 2)
                meaning[[one, other]] = meaning[[other, one]]
        score = _swap_all(meaning, triples, counts, places)
        if score > best_score:
            best, best_score = meaning, score
    return {sign: LETTERS[meaning] for sign, meaning in zip(signs, best, strict=False) if meaning < len(LETTERS)}


def _triples(words: Mapping[str, int], signs: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Distinct triples of sign numbers, words padded with the edge (number ``len(signs)``), and their weights."""
    number = {sign: index for index, sign in enumerate(signs)}
    edge = len(signs)
    found: Counter[tuple[int, int, int]] = Counter()
    for word, count in words.items():
        row = [edge, edge, *(number[char] for char in word if char in number), edge]
        for triple in zip(row, row[1:], row[2:], strict=False):
            found[triple] += sqrt(count)  # type: ignore[assignment]
    return np.array(list(found)), np.array(list(found.values()), dtype=np.float64)


def _swap_all(
    meaning: NDArray[np.int64],
    triples: NDArray[np.int64],
    counts: NDArray[np.float64],
    places: Sequence[NDArray[np.int64]],
) -> float:
    """Swap pairs of meanings in place while French gets likelier; returns the final log likelihood."""
    size = len(LETTERS) + 2
    logs = np.array(trigrams()).reshape(size, size, size)

    def score(rows: NDArray[np.int64]) -> float:
        read = meaning[triples[rows]]
        return float((logs[read[:, 0], read[:, 1], read[:, 2]] * counts[rows]).sum())

    for _ in range(_SWEEPS):
        changed = False
        for one in range(len(places)):
            for other in range(one + 1, len(places)):
                if meaning[one] == meaning[other]:
                    continue
                rows = np.union1d(places[one], places[other])
                before = score(rows)
                meaning[[one, other]] = meaning[[other, one]]
                if score(rows) > before + 1e-9:
                    changed = True
                else:
                    meaning[[one, other]] = meaning[[other, one]]
        if not changed:
            break
    return score(np.arange(len(triples)))
