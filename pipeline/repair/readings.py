"""How a token reads under one accident, and how good French that is.

Why: of the signs a word holds, some may be broken and others true letters, and one sign may mean several things.
Idea: every choice of the signs that count is weighed, the likeliest kept; what a broken run cannot write, or a sign that
parts a word in two, costs. A sign frequent in French is taken for a letter of foreign names only inside a word.
Limits: beyond five signs a word is read as a whole, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.repair.hypotheses import Hypothesis
from pipeline.repair.likelihood import FEMININE, SOUND, WORD, French, word_score

MIXED = 2.5  # nats for a word that is half sound
_UNBROKEN = 6.0  # nats for a word of a broken run that keeps a sign the accident breaks
_PLAIN = -14.0  # nats of a token that needs no second look
_MOST_SUBSETS = 5  # signs of a token of which every choice is tried


class Reading(NamedTuple):
    """How a state reads a token: its likelihood, and what it replaces, as (start, end, after)."""

    score: float
    swaps: tuple[tuple[int, int, str], ...]


def reading(token: str, state: Hypothesis, french: French) -> Reading:
    """The likeliest reading of a token under a hypothesis, with the letters of foreign names where they read better."""
    best = _reading(token, state, french)
    rare = [(hit.start(), hit.end(), state.rare[hit[0]]) for hit in state.rare_hits(token)]
    if rare:
        every = [(hit.start(), hit.end(), state.table[hit[0]]) for hit in state.pattern.finditer(token)]
        for swaps in ([*best.swaps, *rare], [*every, *rare], *([*best.swaps, one] for one in rare)):
            score = likelihood_of(french, _swap(token, sorted(swaps)))
            if score > best.score:
                best = Reading(score, tuple(sorted(swaps)))
    return best


def _reading(token: str, state: Hypothesis, french: French) -> Reading:
    """The likeliest reading of a token under a hypothesis; a sign of the table left as it is costs ``MIXED``, once."""
    hits = [(hit.start(), hit.end(), state.table[hit[0]]) for hit in state.pattern.finditer(token)]
    if state.plain_keys:
        hits = [hit for hit in hits if not _is_capital(token, hit, state) and not _is_mark(token, hit, state)]
    best = Reading(likelihood_of(french, _swap(token, hits)), tuple(hits))
    if not state.never.isdisjoint(token):
        best = Reading(best.score - _UNBROKEN, tuple(hits))
    if state.whole or not hits:
        return best
    best = _with_rivals(token, state, french, best)
    plain = likelihood_of(french, token) - _unread(token, hits, (), state)
    if plain > best.score:
        best = Reading(plain, ())
    if best.score > _PLAIN:
        return best
    if len(hits) > _MOST_SUBSETS:
        return _alien_reading(token, state, french, best)
    for mask in range((1 << len(hits)) - 1):
        kept = [hit for bit, hit in enumerate(hits) if mask >> bit & 1]
        score = likelihood_of(french, _swap(token, kept)) - _unread(token, hits, kept, state)
        if score > best.score:
            best = Reading(score, tuple(kept))
    return _with_rivals(token, state, french, best)


def _unread(
    token: str, hits: Iterable[tuple[int, int, str]], read: Sequence[tuple[int, int, str]], state: Hypothesis
) -> float:
    """Nats it costs to leave signs of an accident as they are: little where it cannot write them, and so breaks none."""
    left = (token[start:end] for start, end, after in hits if (start, end, after) not in read)
    return _UNBROKEN if any(sign in state.written for sign in left) else MIXED


def likelihood_of(french: French, token: str) -> float:
    """French likelihood of a token, whose pieces on either side of a sign that stands in no French word are no words."""
    return french.text(token) - _BITTEN * _bites(token)


@lru_cache(maxsize=1 << 16)
def _bites(token: str) -> int:
    """How many signs part the words of a token in two."""
    return 0 if token.isalpha() else len(_BITES.findall(token))


_BITTEN = 8.0  # nats
_SMALL = r"[^\W\dA-ZÀ-Þ_]"
_BITES = re.compile(
    rf"(?<=[^\W\d_])[^{re.escape(''.join(sorted(SOUND)))}](?=[^\W\d_])"
    rf"|(?<=[^\W\d_])(?<![nN])(?:[«»“”…–—•²³°]|·(?!{FEMININE}))(?={_SMALL})"
    rf"|(?<![^\W_])[€§¤£¥](?={_SMALL}{{2}})"
    rf"|[^\W\d_]{{2}}(?<!qu)(?<!jourd)(?<!ud)(?<!entr)(?<!presqu)’(?!h)(?={_SMALL}{{2}})"
)  # « Sim»es », « Go–i », « €etinkaya », « Leit’es »


def _is_capital(token: str, hit: tuple[int, int, str], state: Hypothesis) -> bool:
    """Whether a sign is the capital of a known word, or of a name that reading it would not make a word."""
    start = hit[0]
    if not token[start].isupper() or _inside(token[start - 1 : start], state):
        return False
    word = WORD.match(token, start)
    if word is None:
        return False
    length = len(word[0])
    known = length == 1 or word_score(word[0].lower()) > (-8.0 if length == 2 else -14.0)
    read = word_score(state.decode(word[0]).lower())
    rare = word_score(word[0].lower()) + _RARE if length > 2 else _NO_WORD
    return known or read < max(_NO_WORD, rare)


def _is_mark(token: str, hit: tuple[int, int, str], state: Hypothesis) -> bool:
    """Whether a sign of punctuation beside a word, not inside it, would make no word of it: « F) », « <td> »."""
    start, end, after = hit
    inside = _inside(token[start - 1 : start], state) and _inside(token[end : end + 1], state)
    if token[start].isalpha() or inside:
        return False
    head, tail = _HEAD_PART.search(token, 0, start), WORD.match(token, end)
    if tail and token[tail.end() : tail.end() + 1] in ("’", "'"):
        return True  # « (l’Ouche »
    front, back = head[0] if head else "", state.decode(tail[0]) if tail else ""
    meanings = (after, *state.rivals.get(token[start:end], ()))
    return all(word_score(f"{front}{meaning}{back}".lower()) < _NO_WORD for meaning in meanings)


def _inside(neighbour: str, state: Hypothesis) -> bool:
    """Whether what stands beside a sign makes it part of a word: a letter, or another sign of the table."""
    return neighbour.isalpha() or (neighbour != "" and neighbour in state.signs)


_RARE = 4.0  # nats by which another reading must be likelier than a rare word with its capital (« Mmes »)
_HEAD_PART = re.compile(r"[^\W\d_]+$")
_NO_WORD = -18.0  # nats


def _with_rivals(token: str, state: Hypothesis, french: French, best: Reading) -> Reading:
    """``best`` with each sign that may mean several things given a rarer meaning where that reads better."""
    for place, (start, end, _) in enumerate(best.swaps):
        for rival in state.rivals.get(token[start:end], ()):
            swaps = (*best.swaps[:place], (start, end, rival), *best.swaps[place + 1 :])
            score = likelihood_of(french, _swap(token, swaps))
            if score > best.score:
                best = Reading(score, swaps)
    return best


def _alien_reading(token: str, state: Hypothesis, french: French, best: Reading) -> Reading:
    """``best``, or a better reading that replaces nothing, or only what French does not write."""
    options: list[list[tuple[int, int, str]]] = [[]]
    if state.alien is not None:
        options.append([(hit.start(), hit.end(), state.table[hit[0]]) for hit in state.alien.finditer(token)])
    every = [(hit.start(), hit.end(), state.table[hit[0]]) for hit in state.pattern.finditer(token)]
    for hits in options:
        score = likelihood_of(french, _swap(token, hits)) - _unread(token, every, hits, state)
        if score > best.score:
            best = Reading(score, tuple(hits))
    return best


def _swap(token: str, swaps: Iterable[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, after in swaps:
        pieces += (token[done:start], after)
        done = end
    return "".join(pieces) + token[done:]
