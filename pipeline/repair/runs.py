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
from functools import lru_cache

from pipeline.repair.changes import Change
from pipeline.repair.hypotheses import Hypothesis
from pipeline.repair.likelihood import LETTERS, SOUND, French, spelling, word_score

TOKEN = re.compile(r"[^ \t\n\r]+")
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_SWITCH = 3.0  # nats to change state between two telling words
_MIXED = 2.5  # nats for a word that is half sound
_MARGIN = 2.0  # nats a word must gain before it speaks for an accident
_ENOUGH = 10.0  # nats all words together must gain
_MOST_STATES = 4
_SAMPLE = 80
_OWN = frozenset(LETTERS + LETTERS.upper())


@lru_cache(maxsize=1 << 16)
def is_sound(token: str) -> bool:
    """Whether a token (no white space) holds only signs French uses and only words the list knows or names look like."""
    if not SOUND.issuperset(token):
        return False
    for match in _LETTER_RUN.finditer(token):
        word = match[0]
        if len(word) == 1:
            if word not in "aàyôldsnjmtcAÀYÔ" and not word.isupper() and word not in "eh":
                return False
        elif word_score(word) < -20.0 and not _like_a_name(word):
            return False
    return True


def _like_a_name(word: str) -> bool:
    """An unknown word that may be a proper name or an acronym: capitals where names have them, letters as in French."""
    if word.isupper():
        return True
    return word[0].isupper() and word[1:].islower() and spelling(word.lower()) > -3.6 * (len(word) + 1)


def choose(words: Mapping[str, int], french: French, bank: Iterable[Hypothesis]) -> list[Hypothesis]:
    """The accidents at work in a document, most telling first. ``words``: its suspicious tokens and their counts."""
    left = dict(Counter(words).most_common(_SAMPLE))
    chosen: list[Hypothesis] = []
    candidates = list(bank)
    while left and len(chosen) < _MOST_STATES:
        rated = [(evidence(hypothesis, left, french), -rank) for rank, hypothesis in enumerate(candidates)]
        gain, rank = max(rated)
        if gain < _ENOUGH:
            break
        best = candidates.pop(-rank)
        chosen.append(best)
        left = {word: count for word, count in left.items() if _gain(best, word, french) < _MARGIN}
    return chosen


def evidence(hypothesis: Hypothesis, words: Mapping[str, int], french: French) -> float:
    """Nats by which ``words`` become better French under a hypothesis; 0 where they speak against it."""
    total = against = 0.0
    mended = False
    signs = hypothesis.signs
    for word, count in words.items():
        if signs.isdisjoint(word):
            continue
        gain = _gain(hypothesis, word, french)
        weight = 1.0 + math.log(count)
        if gain >= _MARGIN:
            total += weight * (min(gain, 25.0) - _MARGIN)
            mended = mended or is_sound(hypothesis.decode(word)) or is_sound(hypothesis.decode_alien(word))
        else:
            against += weight * min(_MARGIN - gain, 5.0)
    return total - against if mended else 0.0


def _gain(hypothesis: Hypothesis, word: str, french: French) -> float:
    """Nats a word gains when read under a hypothesis, in the better of its two readings."""
    if hypothesis.pattern.search(word) is None:
        return 0.0
    best = french.text(hypothesis.decode(word))
    if hypothesis.alien is not None:
        best = max(best, french.text(hypothesis.decode_alien(word)) - _MIXED)
    return best - french.text(word)


def mend_runs(text: str, french: French, states: Sequence[Hypothesis]) -> list[Change]:
    """Changes that undo the accidents ``states`` where the most likely path through the text says they happened."""
    signs = frozenset().union(*(state.signs for state in states))
    tokens = [match for match in TOKEN.finditer(text) if not signs.isdisjoint(match[0])]
    readings = [[_readings(match[0], state, french) for state in states] for match in tokens]
    path = _best_path(
        [[french.text(m[0]), *(score for _, score in row)] for m, row in zip(tokens, readings, strict=True)]
    )
    changes: list[Change] = []
    for match, row, state in zip(tokens, readings, path, strict=True):
        if state == 0:
            continue
        pattern, score = row[state - 1]
        confidence = round(1 / (1 + math.exp(-max(0.0, min(20.0, score - french.text(match[0]) + 1.5)))), 3)
        if pattern is not None:
            hypothesis = states[state - 1]
            changes += (
                Change(
                    match.start() + hit.start(),
                    match.start() + hit.end(),
                    hypothesis.table[hit[0]],
                    hypothesis.name,
                    confidence,
                )
                for hit in pattern.finditer(match[0])
            )
    return changes


def _readings(token: str, state: Hypothesis, french: French) -> tuple[re.Pattern[str] | None, float]:
    """The best way a state reads a token: which pattern to replace (``None``: nothing) and its score."""
    best: tuple[re.Pattern[str] | None, float] = (state.pattern, french.text(state.decode(token)))
    if state.whole:
        return best
    options: list[tuple[re.Pattern[str] | None, str]] = [(None, token)]
    if state.alien is not None:
        options.append((state.alien, state.decode_alien(token)))
    for pattern, reading in options:
        score = french.text(reading) - _MIXED
        if score > best[1]:
            best = (pattern, score)
    return best


def _best_path(emissions: Sequence[Sequence[float]]) -> list[int]:
    """Viterbi: the state of each step that makes the whole most likely; changing state costs ``_SWITCH``."""
    if not emissions:
        return []
    scores = list(emissions[0])
    back: list[list[int]] = []
    for row in emissions[1:]:
        top = max(range(len(scores)), key=scores.__getitem__)
        jump = scores[top] - _SWITCH
        came = [state if scores[state] >= jump else top for state in range(len(scores))]
        scores = [max(scores[state], jump) + row[state] for state in range(len(scores))]
        back.append(came)
    state = max(range(len(scores)), key=scores.__getitem__)
    path = [state]
    for came in reversed(back):
        state = came[state]
        path.append(state)
    return path[::-1]
