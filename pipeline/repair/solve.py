"""Substitution tables nobody has listed, solved from the text itself.

Why: a font may give its accents and quotes, or all its letters, any codes at all; no bank of known accidents can hold
every such table, but French shows through: only one reading makes words of most of the broken ones.
Idea: a table is good as far as it makes its text likelier French. Each word is taken either as it stands (it may come
from a sound font) or through the table, whichever is the better French, so a sign may be a true letter in one word and a
broken one in the next. Signs take their best meaning in turn, the surest first and no meaning twice, until nothing
improves (``puzzle``). Signs that stand alone (« » – à) look alike to the lexicon: what is around them tells them apart.
Limits: one table a text; a sign seen once or twice is left out unless its word allows one reading only; meanings are
single characters of French, or ligatures. Whole alphabets need about a hundred words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pipeline import lexicon
from pipeline.repair.puzzle import Puzzle, Solution

ACCENTED = "éèàêçôîâûùïëœüöäÉÀÈÊÇŒÂÎÔÛÏË"
QUOTES = "’«»–…“”‘"
_SIGNS = "\u00a0°"  # a font draws these too, and one no-break space may be most of its signs
LIGATURES = ("ti", "tt", "ft", "fi", "ff", "fl", "ffi", "tti")
_MEANINGS: tuple[str, ...] = (*ACCENTED, *QUOTES, *_SIGNS)
_UNREADABLE = frozenset("\ufffd\ufffe\uffff")

MOST_SIGNS = 150  # different signs outside ASCII: a text with more is in another script
_INSIDE = re.compile(
    r"(?:(?<=[^\W\dA-Z_])[^\sa-z\u0080-\u017f\u02b0-\uffff'-]|(?<=[A-ZÀ-Þ])[!-&(-,./:-@\[-`{-~A-Z])(?=[^\W\dA-Z_])"
)
_ODD_INSIDE = re.compile(
    r"(?<=[^\W\dA-Z_])[^\s\x00-\x7f]|[\u0180-\u019f\u01a2-\u01ae\u01b1-\u0217\u021c-\u02af]"
)  # no capital of another language's names
_TAG = re.compile(r"<[^<>]*>")  # of a page of the web
_ELISION = re.compile("[’']")
_FEW_LETTERS = 3  # that a sign leaves of a word: it must be one much used
_MUCH_USED = 4.0  # zipf score
_BETWEEN_WORDS = frozenset(".,/")
_COMMON = 3.2  # zipf score of a word that a sign may have bitten
_FIRST = re.compile(r"(?:^|(?<=[’'(]))[^\sa-z\u0080-\uffff'-](?=[^\W\dA-Z_])")
_SOUND_LETTERS = frozenset(ACCENTED + QUOTES + "ÿÙÜÖÄæÆ\u00ad°²³€·•")


def solve_accents(source: str | Mapping[str, int]) -> Solution | None:
    """Which signs of a text stand for the accented letters and quotes of French; ``None`` where none surely do.

    ``source`` is the text, or its words with their counts (then signs that stand alone cannot be told apart by order).
    """
    words = Counter(source.split()) if isinstance(source, str) else source
    signs = sorted({char for word in words for char in word if _odd(char)})
    if not 0 < len(signs) <= MOST_SIGNS:
        return None
    puzzle = Puzzle(words, signs, _MEANINGS)
    puzzle.climb()
    if isinstance(source, str):
        puzzle.settle(source)
    return puzzle.solution()


def solve_ligatures(source: str | Mapping[str, int]) -> Solution | None:
    """Which signs inside words stand for ligatures (``opéraOon``, ``applica(on``); ``None`` where none surely do."""
    words = Counter(source.split()) if isinstance(source, str) else source
    words = {word: count for word, count in words.items() if not _TAG.search(word)}
    signs = {sign for word in words for sign in _INSIDE.findall(word)}
    if signs:  # once there are some, others may stand only where words begin: « fi » often does
        signs |= {sign for word in words for sign in _FIRST.findall(word)}
    signs |= {char for word in words for char in _ODD_INSIDE.findall(word) if _odd(char) and char not in _SOUND_LETTERS}
    if not signs:
        return None
    puzzle = Puzzle(words, sorted(signs), LIGATURES)
    puzzle.climb()
    puzzle.share()
    return puzzle.solution()


def plain_ligatures(words: Iterable[str]) -> dict[str, str]:
    """Signs that one ligature, and no other, makes common words of: a single word shows it.

    ``words``: those that are no French as they stand.
    """
    fits: defaultdict[str, list[set[str]]] = defaultdict(list)
    for sign, left, readings in bitten(words):
        common = _MUCH_USED if left <= _FEW_LETTERS else _COMMON
        if left >= _FEW_LETTERS and sign not in _BETWEEN_WORDS:
            made = {lig for lig, read in readings.items() if lexicon.zipf(read) >= common}
            fits[sign] += [made] if made else []
    shared = {sign: set.intersection(*rows) for sign, rows in fits.items() if rows}
    return {sign: ligatures.pop() for sign, ligatures in shared.items() if len(ligatures) == 1}


def bitten(words: Iterable[str]) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Each sign inside a word that may be a ligature, the letters it leaves, and how the word reads with each ligature."""
    for word in words:
        core = _ELISION.split(word.strip(".,;:()"))[-1]
        for sign in set(_INSIDE.findall(core)):
            head, *tails = core.split(sign)
            left = head + "".join(tails)
            named = any(len(tail) > _FEW_LETTERS and lexicon.zipf(sign + tail) >= _COMMON for tail in tails)
            if left.isalpha() and not named:  # « SousÉlément » is a name
                yield sign, len(left), {lig: core.replace(sign, lig) for lig in LIGATURES}


def _odd(char: str) -> bool:
    """Whether a broken font may have meant another character: not printable ASCII, the unreadable, arrows and bullets."""
    return not (
        " " <= char <= "~" or char in _UNREADABLE or "\u2190" <= char <= "\u21ff" or "\u25a0" <= char <= "\u27bf"
    )
