"""Elided words whose apostrophe is gone: ``lAménagement``, ``lunanimité``, ``aujourdhui``.

Why: a curly apostrophe is no letter of Latin-1 or of cp850; many a program dropped it, and no table brings it back.
Idea: a word that is none, and parts into « l », « d », « qu »… and a word that begins with a vowel, has lost one. Some
such words show the accident; where a document has hardly any apostrophe left, words that are words either way are weighed
too (« dune » is likelier « d’une »).
Limits: « lest » for « l’est » is parted where apostrophes are gone altogether; figures in nats are set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import VOWELS, WORD, word_score

APOSTROPHE = "apostrophe dropped"
_SHARE = 0.007  # apostrophes a character, in French public prose
_SCARCE = 0.15  # share of those below which a document has lost them
_TAIL = -13.5  # nats of a word that may follow an elided one
_COST = {"l": 5.0, "d": 5.0, "n": 5.5, "s": 5.5, "qu": 6.0, "c": 6.5, "j": 6.5, "m": 8.0, "t": 8.0}  # nats
_LONG = ("jusqu", "lorsqu", "puisqu", "quelqu", "presqu", "aujourd")
_ALONE = {"n": "ay", "l": "y", "s": "y", "d": "y", "qu": "àa", "jusqu": "à"}  # letters that may follow an elided word
_CAPITAL_INSIDE = re.compile("(?:[ldnscjmt]|qu|[LDNSCJMT](?=[A-ZÀ-Þ][a-zà-ÿ])|[Qq]u(?=[A-ZÀ-Þ]))[A-ZÀ-Þ]")  # lÉtat
_BROKEN = -60.0  # nats of a capital inside a word
_ELIDING = VOWELS | {"h"}  # what may follow an elided word
_JOINED_TO = ("’", "'", "-", "%", "\\", "$", "@", "/", "_")  # « %sAdresse » is a program's
_RARE = -16.0  # nats of what is hardly a word
_GAIN = 3.0  # nats by which parting must better it


def scarce(texts: Sequence[str]) -> bool:
    """Whether texts hold hardly any apostrophe, for their length."""
    left = sum(text.count("’") + text.count("'") for text in texts)
    return left < _SCARCE * _SHARE * sum(map(len, texts))


def lost_apostrophes(tokens: Iterable[str], *, least: int) -> frozenset[str]:
    """The words among ``tokens`` that show their apostrophe was dropped; empty where fewer than ``least`` do."""
    telling = frozenset(word for token in tokens for word in WORD.findall(token) if _tells(word))
    return telling if len(telling) >= least else frozenset()


def restore_apostrophes(text: str, telling: frozenset[str], *, every: bool) -> list[Change]:
    """Changes that part elided words from what follows them: the ``telling`` ones, or every one likelier parted."""
    changes: list[Change] = []
    for match in WORD.finditer(text):
        word = match[0]
        if (
            (every or word in telling)
            and (cut := elision(word))
            and text[match.start() - 1 : match.start()] not in _JOINED_TO
        ):
            changes.append(Change(match.start() + cut, match.start() + cut, "’", APOSTROPHE, 0.8))
    return changes


@lru_cache(maxsize=1 << 16)
def elision(word: str) -> int:
    """After how many letters an apostrophe is likelier gone than not; 0 where the word is likelier whole."""
    lower = word.lower()
    best, place = _BROKEN if _CAPITAL_INSIDE.match(word) else word_score(lower), 0
    for head in (*_COST, *_LONG):
        tail = lower[len(head) :]
        if (
            not lower.startswith(head)
            or not tail
            or tail[0] not in _ELIDING
            or not _may_follow(head, word[len(head) :])
        ):
            continue
        score = word_score(tail) - _COST.get(head, 0.0)
        if score > best:
            best, place = score, len(head)
    return place


def _may_follow(head: str, tail: str) -> bool:
    """Whether what is left is a word of its own, and written as one."""
    if len(tail) == 1:
        return tail in _ALONE.get(head, "") or tail.isupper()
    return lexicon.zipf(tail) > 0 and (tail.islower() or tail[1:].islower() or tail.isupper())


@lru_cache(maxsize=1 << 16)
def _tells(word: str) -> bool:
    """Whether a word is none as it stands, and an elided word with a common one after it."""
    if len(word) < 5 or (word[1:].islower() and word[0].isupper()) or word.isupper():
        return False
    cut = elision(word)
    head, tail = word[:cut].lower(), word[cut:].lower()
    if not cut or len(tail) < 3 or word_score(tail) < _TAIL:
        return False
    return word_score(word.lower()) < min(_RARE, word_score(tail) - _COST.get(head, 0.0) - _GAIN)
