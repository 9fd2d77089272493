"""Finds which stretches of a text were broken by which accident, and mends them.

Why: the damage belongs to a font or to one hand's program, so in one line sound and broken runs alternate, and the same
sign is a true letter in one run and a broken quotation mark in the next.
Idea: first the accidents at work are chosen for the whole document, by how much better French its suspicious words
become under each. Then each word is a step of a hidden Markov model whose states are « sound » and one state an
accident; the emission is the French likelihood of the word as that state reads it; changing state costs.
Limits: at most four accidents a document; a broken word that reads as good French (``pass`` for ``passé``) goes unseen.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from pipeline.repair.changes import Change
from pipeline.repair.hypotheses import Hypothesis
from pipeline.repair.likelihood import LETTERS, WORD, French, word_score
from pipeline.repair.readings import MIXED, likelihood_of, reading
from pipeline.repair.solve_alone import standing
from pipeline.repair.sound import TOKEN, is_sound

_SWITCH = 2.5  # nats to change state between two telling words
_SWITCH_WHOLE = 7.0  # the same where ASCII is broken too: every word tells
_MARGIN = 2.0  # nats a word must gain before it speaks for an accident
_ENOUGH = 10.0  # nats all words together must gain
_ENOUGH_ALONE = 14.0  # the same where a single word becomes sound
_TELLING_SHARE = 0.2  # share of the words that gain which must become French: words of another language do not
_MORE = 25.0  # the same for a second accident in one document
_MOST_STATES = 4
_COVERAGE = 0.25  # share of the odd signs a hypothesis must know to be weighed
_WHOLE_SHARE = 0.03  # share of the words that must be suspicious before ASCII itself is
_ODD_ASCII = frozenset("`^?%(!*#+=<>\"'&@$~|{}[]\\" + "".join(map(chr, range(32))))
_SAMPLE = 50
_FIRST = 20
_FINALISTS = 6
_NAME = re.compile(
    r"\W*(?:[^\W\d_]{1,2}[’'])?[A-ZÀ-ÖØ-Þ\u0100-\u017f\u0218-\u021b\u1e80-\u1ef9]"
)  # a word with a capital
_OWN = frozenset(LETTERS + LETTERS.upper())


def choose(
    words: Mapping[str, int],
    french: French,
    bank: Iterable[Hypothesis],
    *,
    share: float = 1.0,
    capitals: bool = True,
) -> list[Hypothesis]:
    """The accidents at work in a document, most telling first.

    ``words``: its suspicious tokens and their counts; ``share``: how much of the document they are, 0 to 1;
    ``capitals``: whether it has any, so that it was not lower-cased.
    """
    left = dict(Counter(words).most_common(_SAMPLE))
    chosen: list[Hypothesis] = []
    everything = [hypothesis for hypothesis in bank if not (hypothesis.lowered and capitals)]
    while left and len(chosen) < _MOST_STATES:
        candidates = _likely(everything, left, share)
        if not candidates:
            break
        if len(left) > _FIRST:  # a small sample tells which hypotheses deserve the whole one
            few = dict(list(left.items())[:_FIRST])
            worth = {candidate: evidence(candidate, few, french) for candidate in candidates}
            candidates = sorted(candidates, key=lambda candidate: -worth[candidate])[:_FINALISTS]
            candidates = [candidate for candidate in everything if candidate in candidates]
        rated = [(evidence(candidate, left, french), -rank) for rank, candidate in enumerate(candidates)]
        gain, rank = max(rated)
        if gain < (_MORE if chosen else _ENOUGH):
            break
        best = candidates[-rank]
        everything.remove(best)
        chosen.append(best)
        left = {word: count for word, count in left.items() if _gain(best, word, french) < _MARGIN}
    return chosen


def _is_odd(before: str, char: str) -> bool:
    return not char.isascii() or char in _ODD_ASCII or (char.isupper() and before.islower())


def _likely(bank: Sequence[Hypothesis], words: Mapping[str, int], share: float) -> list[Hypothesis]:
    """The hypotheses whose tables hold a good part of the odd signs of the words: a quick test before the real one.

    Names, which may be of another language, are asked only where there is nothing else.
    """
    plain = [word for word in words if not _NAME.match(word)] or words
    odd = Counter(char for word in plain for char in {c for before, c in pairwise(" " + word) if _is_odd(before, c)})
    total = sum(odd.values())
    likely = []
    for hypothesis in bank:
        if hypothesis.whole:
            if share > _WHOLE_SHARE:
                likely.append(hypothesis)
        elif hypothesis.plain_keys or (total and _coverage(hypothesis, odd) >= _COVERAGE * total):
            likely.append(hypothesis)
    return likely


def _coverage(hypothesis: Hypothesis, odd: Mapping[str, int]) -> int:
    return sum(map(odd.__getitem__, hypothesis.signs.intersection(odd)))


def evidence(hypothesis: Hypothesis, words: Mapping[str, int], french: French) -> float:
    """Nats by which ``words`` become better French under a hypothesis; 0 where they speak against it."""
    total = against = 0.0
    telling = gaining = 0
    signs = hypothesis.signs
    for word, count in words.items():
        if signs.isdisjoint(word) or (_NAME.match(word) and signs.isdisjoint(word.lstrip("«“‘(")[1:])):
            continue
        gain = _gain(hypothesis, word, french)
        weight = 1.0 + math.log(count)
        if gain >= _MARGIN:
            total += weight * (min(gain, 60.0) - _MARGIN)
            gaining += 1
            telling += any(_tells(word, mended) for mended in hypothesis.readings(word))
        else:
            against += weight * min(_MARGIN - gain, 5.0)
    alone = telling == 1 and total < _ENOUGH_ALONE
    return total - against if telling > _TELLING_SHARE * gaining and not alone else 0.0


_DASHED = re.compile(r"[^\W\d_][–—]")
_ELISION = re.compile(r"\b(?:[cdjlmnstCDJLMNST]|[Qq]u)’[aàeéèêhiîoôuyAÉEÊHIÎOU][^\W\dA-Z_]{2}")


def _tells(word: str, mended: str) -> bool:
    """Whether mending a word brought a French word to light: sound as a whole, and with a word it did not show before."""
    if not is_sound(mended) or _DASHED.search(mended):
        return False
    if _ELISION.search(mended) and not _ELISION.search(word):
        return True
    before = WORD.findall(word)
    return any(len(new) > 3 and new not in before and word_score(new.lower()) > -18.0 for new in WORD.findall(mended))


def unexplained(words: Iterable[str], states: Sequence[Hypothesis], french: French) -> list[str]:
    """The words that no state makes sound."""
    left = list(words)
    for state in states:
        left = [
            word
            for word in left
            if _gain(state, word, french) < _MARGIN or not any(map(is_sound, state.readings(word)))
        ]
    return left


def gained(words: Iterable[str], states: Sequence[Hypothesis], french: French) -> float:
    """Nats by which words become likelier, each as sound or read by the best of the states."""
    return sum(max((0.0, *(_gain(state, word, french) for state in states))) for word in words)


def _gain(hypothesis: Hypothesis, word: str, french: French) -> float:
    """Nats a word gains when read under a hypothesis, in the better of its two plain readings."""
    if hypothesis.whole and _keeps_a_letter(word, hypothesis):
        return 0.0
    readings = hypothesis.readings(word)
    best = french.text(readings[0])
    if len(readings) > 1:
        best = max(best, french.text(readings[1]) - MIXED)
    return best - french.text(word)


def _keeps_a_letter(word: str, hypothesis: Hypothesis) -> bool:
    """Whether a word holds a letter that is no sign of the accident, as no word of a run broken as a whole does."""
    return any(char.isalpha() and char not in hypothesis.signs for char in word)


def mend_runs(text: str, french: French, states: Sequence[Hypothesis]) -> list[Change]:
    """Changes that undo the accidents ``states`` where the most likely path through the text says they happened."""
    signs = frozenset().union(*(state.signs | state.never for state in states))
    token = _HELD if any(state.rare.get("\xa0", "").islower() for state in states) else TOKEN
    tokens = [
        match
        for match in token.finditer(text)
        if not signs.isdisjoint(match[0]) or any(state.rare_hits(match[0]) for state in states)
    ]
    read = {token: [reading(token, state, french) for state in states] for token in {match[0] for match in tokens}}
    switch = _SWITCH_WHOLE if any(state.whole for state in states) else _SWITCH
    rows = {
        token: (likelihood_of(french, token), *(made.score for made in readings)) for token, readings in read.items()
    }
    fits = [_fits(match, states) for match in tokens]
    path = best_path([_in_place(rows[match[0]], fit) for match, fit in zip(tokens, fits, strict=True)], switch)
    changes: list[Change] = []
    for match, state, fit in zip(tokens, path, fits, strict=True):
        if state == 0 or (fit is not None and fit[-1] is not None and fit[state] == fit[-1]):
            continue
        made = read[match[0]][state - 1]
        gain = max(0.0, min(20.0, made.score - rows[match[0]][0] + 1.5))
        confidence = round(1 / (1 + math.exp(-gain)), 3)
        name, start = states[state - 1].name, match.start()
        changes += (Change(start + a, start + b, after, name, confidence) for a, b, after in made.swaps)
    return changes


# Tokens where a no-break space inside a word may be a letter: « F\xa0tima ».
_HELD = re.compile(r"[^ \t\n\r\xa0\u202f]+(?:(?<=[^\W\d_])\xa0(?=[^\W\dA-ZÀ-Þ_])[^ \t\n\r\xa0\u202f]*)*")


def _fits(match: re.Match[str], states: Sequence[Hypothesis]) -> list[float | None] | None:
    """Where a token is a sign alone, what its neighbours say of it: as it stands, under each state, and left as it is in
    a broken run because the accident cannot write it; ``None`` where it is a word, and an item where they say nothing.
    """
    sign = match[0].strip(".,;:()")
    if len(sign) != 1 or sign.isascii():
        return None
    fits = [standing(match.string, match.start(), match.end(), sign)]
    for state in states:
        meaning = state.table.get(sign, sign)
        fits.append(standing(match.string, match.start(), match.end(), meaning, state.decode))
    if sign in _OWN and fits[0] is None and _parts_a_word(match, sign):
        fits[0] = _PART
    left = None if fits[0] is None else fits[0] - MIXED
    for number, state in enumerate(states, start=1):
        fit = fits[number]
        if left is not None and fit is not None and fit < left and sign not in state.written:
            fits[number] = left
    return [*fits, left]


def _in_place(row: Sequence[float], fits: Sequence[float | None] | None) -> Sequence[float]:
    """The emissions of a token, those of a sign alone as its neighbours speak for them."""
    return row if fits is None else [score if fit is None else fit for score, fit in zip(row, fits, strict=False)]


def _parts_a_word(match: re.Match[str], letter: str) -> bool:
    """Whether a letter alone makes a common word with what stands before it, after it, or on both sides (``t ô le``)."""
    before = _WORD_BEFORE.search(match.string, max(0, match.start() - 20), match.start())
    after = _WORD_AFTER.match(match.string, match.end())
    head, tail = before[1] if before else "", after[1] if after else ""
    tail = tail if tail.islower() else ""
    joins = {head + letter, letter + tail, head + letter + tail} - {letter}
    return any(word_score(join) > _COMMON_JOIN for join in joins)


_WORD_BEFORE = re.compile(r"([^\W\d_]+) +$")
_WORD_AFTER = re.compile(r" +([^\W\d_]+)")
_COMMON_JOIN = -15.5  # nats
_PART = -4.0  # nats of such a letter


def best_path(emissions: Sequence[Sequence[float]], switch: float) -> list[int]:
    """Viterbi: the state of each step that makes the whole most likely; changing state costs ``switch``."""
    if not emissions:
        return []
    scores = list(emissions[0])
    back: list[list[int]] = []
    for row in emissions[1:]:
        top = max(range(len(scores)), key=scores.__getitem__)
        jump = scores[top] - switch
        came = [state if scores[state] >= jump else top for state in range(len(scores))]
        scores = [max(scores[state], jump) + row[state] for state in range(len(scores))]
        back.append(came)
    state = max(range(len(scores)), key=scores.__getitem__)
    path = [state]
    for came in reversed(back):
        state = came[state]
        path.append(state)
    return path[::-1]
