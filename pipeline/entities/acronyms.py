"""Acronyms and the names they stand for: defined in brackets, by « ci-après », or spelled by a name of the document.

Why: « (ci-après P.N.R.U.) » explains a name once for the rest; a list of those present never explains « l'ATBC » at all.
Idea: the letters set the extent of the full name before the brackets; an acronym that no bracket and no list explains stands
for the one full name of the document whose words it spells.
Limits: an acronym of the sounds (« Néolia ») spells nothing, and two names of the same letters leave it unexplained.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.entities.claims import Claim
from pipeline.entities.folding import fold
from pipeline.entities.knowledge import words_key
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording
from pipeline.records import Kind

ACRONYM = wording("acronym")
LONGEST_TITLE = 6  # letters of an acronym written as a name
BARE = re.compile(r"(?:[A-ZÀ-Ý]\.?-?){3,8}")  # an acronym that stands without brackets
LEAST_WORDS = 3  # of a full name that an acronym may stand for


def defined_acronyms(
    reading: Reading, chosen: Sequence[Claim], words: Mapping[str, Sequence[str]]
) -> list[tuple[Claim, Claim]]:
    """Pairs (full name, acronym) that brackets define on this page, as claims; the letters set the name's extent.

    ``words``: the lists ``programme`` and ``body`` (nouns that open a name of the kind), ``small`` (words that give no
    initial) and ``none`` (acronyms that name nothing).
    """
    by_end = {claim.end: claim for claim in chosen}
    pairs = []
    for match in ACRONYM.finditer(reading.flat):
        slot = 1 if match[1] else 2
        letters = re.sub(r"[.\s-]", "", match[slot])
        if letters in words["none"]:
            continue
        end = len(reading.flat[max(0, match.start() - 4) : match.start()].rstrip(' »”"')) + max(0, match.start() - 4)
        before = by_end.get(match.start()) or by_end.get(match.start() - 1) or by_end.get(end)
        start = spelled_out(reading, end, fold(letters), frozenset(words["small"]))
        titled = letters[0].isupper() and sum(char.isupper() for char in letters) < 2 and "é" not in letters
        if titled and (start is None or len(letters) > LONGEST_TITLE):  # « (Anah) » counts if it spells the name
            continue
        full = _full_name(reading, start, end, before, words)
        loose = start is None and not _plausible(reading, full, letters)
        if full is None or loose or full.kind not in ("body", "programme", "site"):
            continue
        known = full.entity_ids
        pairs.append((full, Claim(start=match.start(slot), end=match.end(slot), kind=full.kind, score=0.95, method="acronym",
                                  entity_ids=known, lasting=True)))  # fmt: skip
    return pairs


def _plausible(reading: Reading, full: Claim | None, letters: str) -> bool:
    """Whether an acronym that the letters do not quite spell may still stand for the name before it."""
    if full is None or not letters.replace("+", "").isalnum():
        return False
    initials = {word[0] for word in words_key(reading.text[full.start : full.end]).split()}
    return fold(letters)[0] in initials and sum(letter in initials for letter in fold(letters)) * 2 >= len(letters)


def _full_name(
    reading: Reading, start: int | None, end: int, before: Claim | None, words: Mapping[str, Sequence[str]]
) -> Claim | None:
    if start is None or (before and before.start <= start and before.kind in ("body", "programme")):
        return before
    first = fold(re.split(r"[\s'’]", reading.text[start:end])[0])
    if before and before.kind in ("body", "programme"):
        kind: Kind = before.kind
    elif before and before.kind != "place" and not before.method.startswith("cues"):
        return before
    else:
        kind = "programme" if first in words["programme"] else "body"
        named = len(re.findall(r"(?<!\w)[A-ZÀ-Ý]", reading.text[start:end])) > 1
        if kind == "body" and not named and first.rstrip("s") not in words["body"]:
            return None  # « droit de préemption urbain (DPU) » is no body
    return Claim(start=start, end=end, kind=kind, score=0.95, method="acronym:spelled out", lasting=True)


def spelled_out(reading: Reading, end: int, letters: str, small: frozenset[str]) -> int | None:
    """Where the words before ``end`` begin whose initials spell ``letters`` (folded), or ``None``.

    Every full word gives one letter or more from its start; small words may give one or none.
    """
    first = last = bisect_right(reading.ends, end) - 1
    while (
        first > 0
        and last - first < 14
        and not re.search(r"[.;:()«»\n\t]", reading.flat[reading.ends[first - 1] : reading.starts[first]])
    ):
        first -= 1
    words = list(reading.words[first : last + 1])
    found = _align(words, letters, small)
    return None if found is None else reading.starts[first + found]


def _align(words: Sequence[str], letters: str, small: frozenset[str]) -> int | None:
    """Index of the first word of the shortest tail of ``words`` that spells ``letters``."""
    states = {len(letters)}
    for index in range(len(words) - 1, -1, -1):
        word, following = words[index], set()
        for left in states:
            if word in small:
                following.add(left)
            for size in range(1, min(len(word), left, 4) + 1):
                if letters[left - size : left] == word[:size]:
                    following.add(left - size)
        if 0 in following and word not in small:
            return index
        states = following - {0}
        if not states:
            return None
    return None


def spelled(chosen: Sequence[tuple[Reading, Claim]], words: Mapping[str, Sequence[str]]) -> list[tuple[Reading, Claim]]:
    """Acronyms that only their neighbours speak for, as programmes, where the letters spell a programme of the document."""
    small = frozenset(words["small"])
    keys = {
        words_key(reading.text[claim.start : claim.end])
        for reading, claim in chosen
        if claim.kind == "programme" and not claim.method.startswith("cues")
    }
    names = [key.split() for key in sorted(keys) if key.count(" ") >= LEAST_WORDS - 1]
    found = []
    for reading, claim in chosen:
        surface = reading.text[claim.start : claim.end]
        if claim.kind == "body" and claim.method.startswith("cues") and BARE.fullmatch(surface):
            letters = words_key(surface)
            if any(_align(name, letters, small) == 0 for name in names):
                found.append(
                    (reading, replace(claim, kind="programme", score=0.9, method="acronym:spelled", lasting=True))
                )
    return found


def explained(
    chosen: Sequence[tuple[Reading, Claim]], known: frozenset[str], words: Mapping[str, Sequence[str]]
) -> list[tuple[Reading, Claim, str]]:
    """A full name (with its page) and the acronym that no list and no bracket explains, where only one name spells it.

    ``known``: keys of acronyms explained already; ``words``: as in ``defined_acronyms``.
    """
    small = frozenset(words["small"])
    full: dict[str, dict[str, tuple[Reading, Claim]]] = defaultdict(dict)
    short: dict[tuple[str, str], str] = {}
    for reading, claim in chosen:
        if claim.kind not in ("body", "programme") or claim.entity_ids:
            continue
        surface = reading.text[claim.start : claim.end]
        key = words_key(surface)
        if BARE.fullmatch(surface) and key not in known:
            short.setdefault((claim.kind, key), surface)
        elif key.count(" ") >= LEAST_WORDS - 1:
            full[claim.kind].setdefault(key, (reading, claim))
    found = []
    for (kind, key), surface in short.items():
        spelling = [name for name in full[kind] if _align(name.split(), key, small) == 0]
        if len(spelling) == 1:
            found.append((*full[kind][spelling[0]], surface))
    return found
