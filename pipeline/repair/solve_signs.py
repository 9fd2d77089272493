"""When signs inside words are worth a table of their own, and what tables they give.

Why: solving a table costs time and, on too few words, gives nonsense; sound texts hold odd words too.
Idea: enough different words that no known accident explains must hold a sign where a letter may have stood; for a ligature
one is enough, where no other makes a word of it.
Limits: figures are set by hand, on damaged French public prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import permutations

from pipeline import lexicon
from pipeline.repair.hypotheses import Hypothesis, hypothesis
from pipeline.repair.likelihood import SOUND
from pipeline.repair.solve import bitten, plain_ligatures, solve_accents, solve_ligatures

UNKNOWN_TABLE = "unknown table"
UNKNOWN_LIGATURES = "unknown ligatures"
_LEAST_ODD = 2  # different words no known accident explains; one less once there is an accident
_ODD_SHARE = 0.1  # share of the words with odd signs that those must be
_ODD = re.compile("[^\x00-\x7f’]")
_MOST_ODD = 2  # different signs of a word that is tried
_LIKELY = "éèàêçôîâûœ’ "
_LONG = re.compile(r"[^\W\d_]{3,}")
_SHORT_WORD = 3  # letters
_COMMON = 2.5  # zipf score of a word,
_MUCH_USED = 4.5  # and of a short one
_LEAST_FITTING = 2  # words that fit, or
_FITTING_SHARE = 0.3  # of the first of them


def solve_signs(text: str, left: Sequence[str], suspicious: Iterable[str], *, accidents: int) -> list[Hypothesis]:
    """Tables for accents, and for ligatures, where enough of the words that ``accidents`` leave unexplained may hold one.

    Several accidents at once are seldom true, and any word they leave casts a doubt on them.
    """
    found: list[Hypothesis] = []
    least = 1.0 if accidents > 1 else max(_LEAST_ODD - accidents, _ODD_SHARE * sum(map(_is_odd, suspicious)))
    if sum(map(_is_odd, left)) >= least and may_be_solved(suspicious) and (accents := solve_accents(text)):
        found.append(hypothesis(UNKNOWN_TABLE, accents.mapping))
    plain = plain_ligatures(left)
    if plain or any(map(lexicon.zipf, (read for _, _, readings in bitten(left) for read in readings.values()))):
        solved = solve_ligatures(text)
        table = dict(solved.mapping) if solved else {}
        table |= {sign: lig for sign, lig in plain.items() if sign not in table and lig not in table.values()}
        if table:
            found.append(hypothesis(UNKNOWN_LIGATURES, table, rivals=solved.others if solved else None))
    return found


def may_be_solved(words: Iterable[str]) -> bool:
    """Whether some words would be French if only their odd signs were other letters: no puzzle is worth its time where
    they are names, or words of another language."""
    fitting = 0
    for number, word in enumerate(words, start=1):
        signs = "".join(sorted(set(_ODD.findall(word))))
        if 0 < len(signs) <= _MOST_ODD:
            fitting += any(_fits(word.translate(str.maketrans(signs, m))) for m in _meanings(len(signs)))
        if fitting >= _LEAST_FITTING or fitting > _FITTING_SHARE * number:
            return True
    return False


@lru_cache(maxsize=_MOST_ODD)
def _meanings(signs: int) -> tuple[str, ...]:
    return tuple(map("".join, permutations(_LIKELY, signs)))


def _fits(read: str) -> bool:
    """Whether a reading holds a word of some length that French knows, or a short one that it uses much."""
    return any(
        lexicon.zipf(piece) > (_COMMON if len(piece) > _SHORT_WORD else _MUCH_USED) for piece in _LONG.findall(read)
    )


def _is_odd(word: str) -> bool:
    """Whether a sign that is not ASCII follows a letter in a word of some length (a bullet before a word proves nothing),
    or a letter French lacks stands alone."""
    core = word.strip(".,;:()")
    if len(core) == 1:
        return core.isalpha() and core > "\x7f" and core not in SOUND
    return sum(map(str.isalpha, word)) > 2 and any(
        char > "\x7f" and before.isalpha() and (not "\ue000" <= char <= "\uf8ff" or after.isalpha())
        for before, char, after in zip(word, word[1:], word[2:] + " ", strict=False)
    )
