"""How likely a stretch of text is as French, in nats.

Why: every repair is a choice between readings, and each choice is the question « which of these is better French? ».
Idea: a text is words and marks. A word of the list costs its frequency; any other word costs a letter trigram model
learned from the same list; a mark costs little where French uses it and much where it does not. A document's own sound
words count as known.
Limits: words are judged alone, without their neighbours; grammar is not seen.
Source of the frequencies: wordfreq's large French list (see ``pipeline.lexicon``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from pipeline import lexicon
from pipeline.repair.foreign import bare, is_foreign, is_foreign_name, nats_of

LETTERS = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæ"
SOUND = frozenset(
    LETTERS + LETTERS.upper() + "0123456789 \t\n\r\u00a0\u202f.,;:!?()[]/%&+*=@#_-'\"’‘“”«»–—…•·°²³€§½\u2011"
)
VOWELS = frozenset("aeiouyàâäéèêëîïôöùûüœæ")
WORD = re.compile(r"[^\W\d_²³¹¼½¾]+")
# What follows the raised point of « habitant·e·s », « acteur·rices ».
FEMININE = r"(?:e|s|x|es|les?|nes?|tes?|fes?|ses?|ves?|re|ères?|t?rices?|euses?|aux|elles)(?![^\W\d_])"
_PIECE = re.compile(
    r"(?<![^\W_])(?:(?:[kKM]€|m²)(?![^\W_])|[nN]°)"
    rf"|(?<=[^\W\d_])·{FEMININE}|[^\W\d_²³¹¼½¾]+|\d+|\s+|[.…_]{{3,}}|.",
    re.DOTALL,
)
_LN10 = math.log(10)
_UNKNOWN_WORD = -5.0
_ACRONYM = -3.0  # and as much again as a letter drawn by lot
_NAME = 2.0  # a capital, and letters that are at home where they stand
_ALIEN = -12.0  # a character French does not use
_FOREIGN_LETTER = -10.0  # a letter outside the French alphabet, inside a word
_UNSEEN = -9.0  # a letter of French after two that it never follows: names have such (« Jaÿs »)
_NEVER = 2 * _UNSEEN  # « ï » after a consonant: it parts two vowels, and nothing else
_MARKS: Mapping[str, float] = {
    **dict.fromkeys(".,-'’()", -2.0),
    **dict.fromkeys(';:/«»"–!?%•', -4.0),
    **dict.fromkeys("“”€°+=*&§—[]@_²³·½‘#‰\u2011", -6.0),
    **dict.fromkeys("…≥≤", -8.0),
}
_SINGLE: Mapping[str, float] = {
    "É": -9.0,  # an initial
    **dict.fromkeys("aà", -4.8),
    "y": -6.0,
    "ç": -9.0,  # « ç’a été »
    **dict.fromkeys("ldsnjmtc", -6.0),
    **dict.fromkeys("befghikopqruvwxz", -9.0),
    "ô": -11.0,
}
_LONELY: Mapping[str, float] = {
    **dict.fromkeys("…‘’²³", -13.0),
    "É": -15.0,
    **dict.fromkeys("çÇ", -14.0),
    **dict.fromkeys("bcdfgijklmnpqrstuvwxz", -11.0),
}  # as a word of its own
_ORPHAN = re.compile(r"(?<!\w)[cdjlmnst](?![\w’'°.)])(?=.)")  # an elided word that elides nothing
_TO_NOTHING = re.compile(r"(?<![\w’'-])à[).,;]")
_PLACED = frozenset("«»“”‘’…–—•§€¤¼½¾\u00a0")
_OUT_OF_PLACE = re.compile(
    r"[^\W\d_][–—]|[^\W\d_]\u00a0[a-zà-ÿ]|’[–—]|u’…|[^\W\d_](?<![cdjlmnstzuhr])(?<![CDJLMNSTZUHR])’[^\W\d_]"
    r"|[^\W\d_]{2}(?<=[cdjlmnst])(?<!rd)(?<!am)(?<!and)(?<!ud)’[^\W\d_]"  # « aujourd’hui », « prud’homme » elide so
    r"|[a-zà-ÿ][•§¤¼½¾](?=[a-zà-ÿ])|[a-zà-ÿ]{2}[€§¤]|\w[«“‘]|[«“‘]$(?<=..)|[»”…](?=\w)|…\.|^[…”](?=.)"
    r"|(?<!\w)’(?=\W|$)|’$"
)
_MISPLACED = -6.0
_QUOTE_INSIDE = re.compile(r"(?<=[^\W\d_])[«»“”‘…](?=[^\W\d_])")
_INSIDE = -8.0  # nats more for one between letters
_SIZE = len(LETTERS) + 2
_EDGE = _SIZE - 2
_OTHER = _SIZE - 1
_INDEX = {letter: number for number, letter in enumerate(LETTERS)}


def letter_logs(words: Mapping[str, float]) -> list[float]:
    """Log probability of a letter after two others, flat index ``(first * size + second) * size + third``.

    ``words``: small letters, each with its weight; the bigram model smooths what was not seen.
    """
    joined = "\0\0".join(words) + "\0\0"
    table = np.full(0x110000, _OTHER, dtype=np.int32)
    table[0] = _EDGE
    for letter, number in _INDEX.items():
        table[ord(letter)] = number
    codes = table[np.frombuffer(("\0\0" + joined).encode("utf-32-le"), dtype=np.uint32)]
    lengths = np.fromiter((len(word) + 2 for word in words), dtype=np.int64, count=len(words))
    weights = np.repeat(np.fromiter(words.values(), dtype=np.float64, count=len(words)), lengths)
    first, second, third = codes[:-2], codes[1:-1], codes[2:]
    triples = np.bincount((first * _SIZE + second) * _SIZE + third, weights, minlength=_SIZE**3)
    triples = triples.reshape(_SIZE, _SIZE, _SIZE)
    pairs = triples.sum(axis=0) + 0.01
    backoff = pairs / pairs.sum(axis=1, keepdims=True)
    strength = 5.0
    model = (triples + strength * backoff[None]) / (triples.sum(axis=2, keepdims=True) + strength)
    logs = np.maximum(np.log(model), _UNSEEN)
    logs[:, :, _OTHER] = _FOREIGN_LETTER
    logs[:, [_INDEX[letter] for letter in LETTERS if letter not in VOWELS], _INDEX["ï"]] = _NEVER
    values: list[float] = logs.ravel().tolist()
    return values


@lru_cache(maxsize=1)
def trigrams() -> list[float]:
    """The letters of French: each form of the list counts once per zipf point."""
    return letter_logs({word: score for word, score in lexicon.zipf_scores().items() if score > 1.5 and word.isalpha()})


def letters_score(word: str, logs: Sequence[float]) -> float:
    """Log likelihood of the letters of a small-letter word under a model of ``letter_logs``."""
    first = second = _EDGE
    total = 0.0
    for letter in word:
        third = _INDEX.get(letter, _OTHER)
        total += logs[(first * _SIZE + second) * _SIZE + third]
        first, second = second, third
    return total + logs[(first * _SIZE + second) * _SIZE + _EDGE]


@lru_cache(maxsize=1 << 17)
def spelling(word: str) -> float:
    """Log likelihood of a small-letter word's letters under the trigram model, those of other languages at their cost."""
    score = letters_score(word, trigrams())
    if word.isascii() or not any(map(is_foreign, word)):
        return score
    plain = "".join(bare(letter) if is_foreign(letter) else letter for letter in word)
    abroad = sum(nats_of(word, place) for place, letter in enumerate(word) if is_foreign(letter))
    return max(score, letters_score(plain, trigrams()) + abroad)


@lru_cache(maxsize=1 << 17)
def word_score(word: str) -> float:
    """Log likelihood of one word (letters only) in French, whatever the document."""
    lower = word.lower()
    known = len(lower) == 1
    if known:
        score = _SINGLE.get(word) or _SINGLE.get(lower, -14.0)
    else:
        zipf = lexicon.zipf_scores().get(lower)
        known = zipf is not None
        score = _UNKNOWN_WORD + spelling(lower) if zipf is None else (zipf - 9.0) * _LN10
    if word == lower:
        return score
    if 1 < len(word) <= 6 and word.isupper() and _INDEX.keys() >= set(lower):
        return max(score - 1.0, _ACRONYM - 3.3 * len(word))
    if word.isupper() or word[1:].islower() or len(word) == 1:
        return score + (_NAME if not known and not word.isascii() and is_foreign_name(word) else -1.0)
    return score - 10.0


def text_score(text: str) -> float:
    """Log likelihood of a stretch of text, whatever the document: the sum over its words and marks."""
    if text.isalpha() and len(text) > 1:
        return word_score(text)
    score = _LONELY.get(text) or sum(map(_piece_score, _PIECE.findall(text)))
    if _ORPHAN.search(text) is not None:
        score += _MISPLACED
    if "à" in text and _TO_NOTHING.search(text) is not None:
        score += _MISPLACED
    if not _PLACED.isdisjoint(text):
        score += _MISPLACED * len(_OUT_OF_PLACE.findall(text)) + _INSIDE * len(_QUOTE_INSIDE.findall(text))
    return score


@lru_cache(maxsize=1 << 17)
def _piece_score(piece: str) -> float:
    if piece.isalpha():
        return word_score(piece)
    if piece.isdecimal():
        return -2.0 - 0.8 * len(piece)
    if not piece.strip(" \t\n\r\u00a0\u2009\u202f"):  # other controls that Python counts as space are alien
        return -1.0
    if len(piece) == 2:  # k€, M€, m², n°
        return -6.0
    return _MARKS.get(piece if len(piece) == 1 else piece[0], _ALIEN)  # a line to write on is one mark


class French:
    """The likelihood, with a document's own sound words added to the list."""

    __slots__ = ("own",)
    text = staticmethod(lru_cache(maxsize=1 << 17)(text_score))  # the same words are weighed again and again

    def __init__(self, own: Mapping[str, int]) -> None:
        self.own = own

    def known(self, word: str) -> bool:
        """Whether the list, or the document, holds the word."""
        lower = word.lower()
        return lower in lexicon.zipf_scores() or lower in self.own

    def word(self, word: str) -> float:
        """Log likelihood of one word."""
        score = word_score(word)
        if score < -14.0 and word.lower() in self.own:
            return -14.0
        return score
