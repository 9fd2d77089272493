"""Words that were split by stray spaces.

Why: a PDF holds glyphs and distances, not spaces; engines guess them, and give ``clas sé``, ``Historiqu e``,
``E n cas de pa n n e``.
Idea: in each line, the cheapest way to join neighbours (dynamic programming), each join paying its way in French
likelihood: two pieces that are no words and make one are joined; two good words are not, unless the text is known to be
split. How split it is, the document's own plain cases tell.
Limits: pieces are joined only into words the lexicon or the document knows; ``en fin`` is never made ``enfin``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, compress, count, pairwise

from pipeline import lexicon
from pipeline.repair.accented import GONE
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import VOWELS, French, word_score
from pipeline.repair.small_words import small_words
from pipeline.repair.sound import COMMON, is_sound

SPLIT = "split word"
_LINE = re.compile(r"[^\n\t]+")  # a tab parts two cells
_TOKEN = re.compile(r"[^ \t\n\r]+")
_TAIL = re.compile(r"[^\W\d_]+$")
_HEAD = re.compile(r"[^\W\d_]+")
_CAREFUL = 9.0  # nats a join must bring in a text not known to be split
_SPLIT_TEXT = 3.0  # the same in a text known to be
_PLAIN_CASE = 16.0  # nats of a join that shows a text to be split
_ONE_LETTER_WORDS = frozenset("aày")
_LONGEST = 8  # pieces of one word
_SHORT_WORD = 4  # letters of a word that must be common to be made: two others often make it
_SHORT_PAIR = 8  # letters of two pieces that may be a part of a word in three
_NO_WORD = -15.3  # a word rarer than this is hardly one
_FUNCTION_WORDS = small_words("function_words")
_ELIDED, _ELIDED_WHOLE = small_words("elided"), small_words("elided_whole")


def pieces_among(tokens: Iterable[str], suspicious: Iterable[str]) -> frozenset[str]:
    """Those of a document's uncommon tokens that may be pieces of words (see ``is_piece``).

    ``suspicious``: those of them that are not sound.
    """
    strong = _strong_words()
    rare = (word for word in filter(str.isalpha, tokens) if word.lower() not in strong)
    return frozenset(rare).union(token for token in suspicious if not token.isalpha())


@lru_cache(maxsize=1)
def _strong_words() -> frozenset[str]:
    words = (word for word, score in lexicon.zipf_scores().items() if score >= COMMON and len(word) > 1)
    return _ONE_LETTER_WORDS.union(words)


def is_piece(token: str) -> bool:
    """Whether a token may be a piece of a word: no word, a lone letter, or a rare short word."""
    return token.lower() not in _strong_words() if token.isalpha() else not is_sound(token)


def mend_splits(
    text: str,
    french: French,
    *,
    split_text: bool,
    lines: Sequence[tuple[int, str]] | None = None,
    pieces: frozenset[str] | None = None,
) -> list[Change]:
    """Changes that take stray spaces out of words (and before commas and hyphens, in a text known to be split).

    ``lines``: the lines to look at, by their place, where not all; ``pieces``: the tokens of which a join holds one.
    """
    cost = _SPLIT_TEXT if split_text else _CAREFUL
    changes: list[Change] = []
    for start, line in _lines(text) if lines is None else lines:
        tokens = [(m.start() + start, m.end() + start, m[0]) for m in _TOKEN.finditer(line)]
        for first, last, gain in _best_joins(
            [token[2] for token in tokens], french, cost, pieces, split_text=split_text
        ):
            changes += (Change(tokens[k][1], tokens[k + 1][0], "", SPLIT, _sureness(gain)) for k in range(first, last))
    return changes


def promising_lines(text: str, french: French, pieces: frozenset[str]) -> list[tuple[int, str]]:
    """The lines of a text that may hold a plain split, by their place: a quick test."""
    return [(start, line) for start, line in _lines(text) if _promising(line.split(), french, pieces)]


def _lines(text: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in _LINE.finditer(text)]


def _promising(tokens: Sequence[str], french: French, pieces: frozenset[str]) -> bool:
    """Whether a line may hold a plain split: two pieces side by side, or a piece whose join with a neighbour is known."""
    for place in compress(count(), map(pieces.__contains__, tokens)):
        for left, right in pairwise(tokens[max(0, place - 1) : place + 2]):
            if not _may_touch(left, right, split_text=False):
                continue
            if left in pieces and right in pieces and len(left) + len(right) <= _SHORT_PAIR:
                return True
            tail, head = _TAIL.search(left), _HEAD.match(right)
            if tail and head and french.known(tail[0] + head[0]):
                return True
    return False


def is_plain_case(change: Change) -> bool:
    """Whether a join is beyond doubt, so that it shows its text to be split."""
    return change.family == SPLIT and change.confidence >= _sureness(_PLAIN_CASE - _CAREFUL)


def _sureness(gain: float) -> float:
    return round(min(0.99, 0.6 + gain / 40), 3)


def _best_joins(
    tokens: Sequence[str], french: French, cost: float, pieces: frozenset[str] | None, *, split_text: bool
) -> list[tuple[int, int, float]]:
    """(first, last, gain) of each group of tokens to join, by dynamic programming over the line.

    Where ``pieces`` are given, a group holds one at least.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]  # score of the first n tokens, start of the last group
    so_far = [0, *accumulate(token in pieces for token in tokens)] if pieces is not None else None
    for end in range(1, len(tokens) + 1):
        choice = (best[end - 1][0], end - 1)
        if so_far is not None and so_far[max(0, end - _LONGEST)] == so_far[end]:
            best.append(choice)
            continue
        for start in range(end - 2, max(-1, end - _LONGEST - 1), -1):
            if not _may_touch(tokens[start], tokens[start + 1], split_text=split_text):
                break
            if end - start > 2 and not tokens[start + 1].isalpha():
                break
            if so_far is not None and so_far[start] == so_far[end]:
                continue
            if so_far is not None and len(tokens[start]) == 1 and max(map(len, tokens[start:end])) == 1:
                continue  # rows of letters show nothing
            gain = _gain(tokens[start:end], french, cost, split_text=split_text)
            if gain is not None and best[start][0] + gain > choice[0]:
                choice = (best[start][0] + gain, start)
        best.append(choice)
    groups: list[tuple[int, int, float]] = []
    end = len(tokens)
    while end:
        start = best[end][1]
        if end - start > 1:
            groups.append((start, end - 1, best[end][0] - best[start][0]))
        end = start
    return groups[::-1]


def _may_touch(left: str, right: str, *, split_text: bool) -> bool:
    if left[-1].isalpha() and right[0].isalpha():
        return not right[0].isupper() or left.isupper()
    if split_text and left[-1] == "’" and right[0].lower() in VOWELS:
        return (tail := _TAIL.search(left[:-1])) is not None and tail[0].lower() in _ELIDED
    if right[0] in "’'" and right[1:2].isalpha():
        return (tail := _TAIL.search(left)) is not None and tail[0].lower() in _ELIDED
    return split_text and left[-1].isalpha() and (right[0] in ",." or (right[0] == "-" and right[1:2].isalpha()))


def _gain(tokens: Sequence[str], french: French, cost: float, *, split_text: bool) -> float | None:
    """Nats that joining the tokens brings beyond its cost; ``None`` where they make no known word."""
    if len(tokens) == 2 and not (tokens[1][0].isalpha() and tokens[0][-1] != "’"):
        return 3.0  # « Liévin , », « Pas -de-Calais », « d ’un », « d’ un »
    tail, head = _TAIL.search(tokens[0]), _HEAD.match(tokens[-1])
    word = tail[0] + "".join(tokens[1:-1]) + head[0] if tail and head else ""
    if tail is None or head is None or not french.known(word):
        return None
    follows = tokens[-1][head.end() : head.end() + 1]
    if follows.isalnum() or GONE in (follows, tokens[0][tail.start() - 1 : tail.start()]):
        return None  # part of a word of which a letter is still missing
    if follows == "-" and not is_piece(tail[0]) and not is_piece(head[0]):
        return None  # « de mi-2021 »
    if follows in ("’", "'", "°") and word.lower() not in _ELIDED_WHOLE:
        return None  # « l’ », « n° » begin a word of their own
    if not _worth_making(word.lower(), french, split_text=split_text):
        return None
    pieces = [tail[0], *tokens[1:-1], head[0]]
    if _stand_apart(pieces, word, split_text=split_text):
        return None
    cased = word[1:].islower() or (word.isupper() and len(word) > 5)
    whole = split_text and ((len(word) > 3 and cased) or word.lower() in french.own)
    if not whole and not any(is_piece(piece) for piece in pieces):
        return None
    if all(len(piece) == 1 and piece.isupper() for piece in pieces):
        return None  # initials, days of the week
    if not split_text and not _plainly_broken(pieces, word, french):
        return None
    apart = sum(_piece_score(piece) for piece in pieces)
    if not any(is_piece(piece) for piece in pieces):
        cost += 2.0  # « quel que » is no « quelque »
    gain = french.word(word) - apart - cost * (1 + 0.25 * (len(tokens) - 2))
    return gain if gain > 0 else None


def _stand_apart(pieces: Sequence[str], word: str, *, split_text: bool) -> bool:
    """Whether two pieces stand by themselves: after a function word (« de missionner » is no « demissionner »), in a
    list (« bâtiments C et D »), or where only the document writes them as one name (``voiriebordante``)."""
    left, right = pieces[0], pieces[-1]
    if len(pieces) > 2:
        return False
    rare = not split_text or word_score(word.lower()) < _NO_WORD  # a split text may part a common word anywhere
    if left.lower() in _FUNCTION_WORDS and len(right) > 3 and word_score(right.lower()) > (-19.0 if rare else _NO_WORD):
        return True
    if len(left) == 1 and left.isupper() and right in ("et", "ou"):
        return True
    if word.lower() in lexicon.zipf_scores() or len(left) < 3 or len(right) < 3:
        return False
    return (left.isupper() and right[:2].isupper()) or lexicon.zipf(left) >= COMMON


def _plainly_broken(pieces: Sequence[str], word: str, french: French) -> bool:
    """Whether pieces are no words by themselves (or many, and short) and make a common one: what a sound text never shows."""
    if word_score(word.lower()) < -13.5 and word.lower() not in french.own:
        return False
    if len(pieces) > 3 and len(word) > 4:
        return True
    return any(len(piece) > 1 and word_score(piece.lower()) < _NO_WORD for piece in pieces)


def _worth_making(word: str, french: French, *, split_text: bool) -> bool:
    """Whether a word is common enough, or the document's own; rows of consonants and numerals are no words."""
    least = -15.5 if not split_text else -18.0 if len(word) > _SHORT_WORD else -12.5
    return (word_score(word) > least or word in french.own) and not VOWELS.isdisjoint(word)


def _piece_score(piece: str) -> float:
    return -11.0 if len(piece) == 1 and piece not in "aàyAÀY" else word_score(piece)
