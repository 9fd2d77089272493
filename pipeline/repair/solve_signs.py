"""When signs inside words are worth a table of their own, and what tables they give.

Why: solving a table costs time and, on too few words, gives nonsense; sound texts hold odd words too.
Idea: enough different words that no known accident explains must hold a sign where a letter, or a ligature, may have
stood; in a text of a line or two one is enough, where a single ligature makes a word of it.
Limits: figures are set by hand, on damaged French public prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from pipeline import lexicon
from pipeline.repair.hypotheses import Hypothesis, hypothesis
from pipeline.repair.likelihood import SOUND
from pipeline.repair.solve import LIGATURES, plain_ligatures, solve_accents, solve_ligatures

UNKNOWN_TABLE = "unknown table"
UNKNOWN_LIGATURES = "unknown ligatures"
_LEAST_ODD = 2  # different words no known accident explains; one less once there is an accident
_ODD_SHARE = 0.1  # share of the words with odd signs that those must be
_SHORT = 40  # words of a text in which one plain case is enough
_INSIDE = re.compile(
    r"([^\W\d_]*[^\W\dA-Z_])(?:[A-Z!\"#$%&(-,./:-@\[-`{-~]|[\u0180-\u02af])([^\W\dA-Z_][^\W\d_]*)"
)  # a sign where a ligature may be


def solve_signs(text: str, left: Sequence[str], suspicious: Iterable[str], *, accidents: int) -> list[Hypothesis]:
    """Tables for accents, and for ligatures, where enough of the words that ``accidents`` leave unexplained may hold one.

    Several accidents at once are seldom true, and any word they leave casts a doubt on them.
    """
    found: list[Hypothesis] = []
    least = 1.0 if accidents > 1 else max(_LEAST_ODD - accidents, _ODD_SHARE * sum(map(_is_odd, suspicious)))
    if sum(map(_is_odd, left)) >= least and may_be_solved(suspicious) and (accents := solve_accents(text)):
        found.append(hypothesis(UNKNOWN_TABLE, accents.mapping))
    inside = [match for match in map(_INSIDE.search, left) if match]
    if not any(map(_held_a_ligature, inside)):
        return found
    if ligatures := solve_ligatures(text):
        found.append(hypothesis(UNKNOWN_LIGATURES, ligatures.mapping, rivals=ligatures.others))
    elif plain := plain_ligatures(left, least=1 if text.count(" ") < _SHORT else 2):
        found.append(hypothesis(UNKNOWN_LIGATURES, plain))
    return found


def _held_a_ligature(broken: re.Match[str]) -> bool:
    """Whether a ligature in the place of a sign makes a word: no table of ligatures is worth solving where none does."""
    return any(lexicon.zipf(f"{broken[1]}{ligature}{broken[2]}") for ligature in LIGATURES)


def may_be_solved(words: Iterable[str]) -> bool:
    """Whether some words would be French if only their odd signs were other letters: no puzzle is worth its time where
    they are names, or words of another language."""
    fitting = 0
    for word in words:
        signs = set(_ODD.findall(word))
        if 0 < len(signs) <= _MOST_ODD:
            read = (
                word.translate(dict(zip(map(ord, signs), m, strict=True))) for m in permutations(_LIKELY, len(signs))
            )
            fitting += any(max(map(lexicon.zipf, _LONG.findall(one)), default=0.0) > _COMMON for one in read)
        if fitting >= _LEAST_FITTING:
            return True
    return False


_ODD = re.compile("[^\x00-\x7f’]")
_MOST_ODD = 2  # different signs of a word that is tried
_LIKELY = "éàèêçôîâû’ "
_LONG = re.compile(r"[^\W\d_]{4,}")
_COMMON = 3.0  # zipf score
_LEAST_FITTING = 2


def _is_odd(word: str) -> bool:
    """Whether a sign that is not ASCII follows a letter in a word of some length (a bullet before a word proves nothing),
    or a letter French lacks stands alone."""
    core = word.strip(".,;:()")
    if len(core) == 1:
        return core.isalpha() and core > "\x7f" and core not in SOUND
    return sum(map(str.isalpha, word)) > 3 and any(
        char > "\x7f" and before.isalpha() and (not "\ue000" <= char <= "\uf8ff" or after.isalpha())
        for before, char, after in zip(word, word[1:], word[2:] + " ", strict=False)
    )
