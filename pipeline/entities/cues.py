"""What the words beside a name say of its kind, where no list and no head does.

Why: « à Keredern », « Podeliha a démoli »: who acts is a body, what one is at is a site.
Idea: rows of ``grammar.toml`` (cue) each add weight to a kind; the heaviest kind wins, and its weight is its score.
Limits: weights are set by hand and add up as if cues were independent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.entities.columns import in_row
from pipeline.entities.knowledge import Knowledge
from pipeline.entities.names import is_common, is_plain, opens_sentence
from pipeline.entities.reading import PLAIN, Reading
from pipeline.lexicon import zipf
from pipeline.records import Kind

LONG_ACRONYM = 7  # letters from which a word in capitals is rather a plain word, or a surname, in capitals
SHOUTED = 0.2  # what a word in capitals loses as a quarter's name, and a plain one as a programme's
MAX_SCORE = 0.8
QUOTED, PLAIN_OPENING, PLAIN_INSIDE = 0.35, 0.45, 0.25  # what each kind loses: in inverted commas, of a plain word
BEFORE, AFTER = 60, 40  # code points looked at on either side
_QUOTE_BEFORE = re.compile(r"[«“\"]\s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One row: ``weight`` is added to ``kind`` where ``pattern`` is found in what stands at ``side`` of a name."""

    side: Literal["before", "after", "inside"]
    pattern: str
    kind: Kind
    weight: float
    why: str


@lru_cache(maxsize=2)  # asked for every name of a run, whose knowledge is one
def cues(knowledge: Knowledge) -> tuple[tuple[Cue, re.Pattern[str]], ...]:
    """The cues, each with its pattern compiled. Raises ``TypeError`` for a row with a key that no cue has."""
    rows = [Cue(**row) for row in knowledge.grammar["cue"]]
    return tuple((cue, re.compile(cue.pattern)) for cue in rows)


def weigh(reading: Reading, start: int, end: int, knowledge: Knowledge, *, rare: bool = True) -> tuple[Kind, float]:
    """The kind the cues speak for, and its score. ``rare``: the name may be no plain word and no known place."""
    constants = knowledge.grammar["cues"]
    weights: dict[Kind, float] = dict(constants["base"])
    before = reading.flat[max(0, start - BEFORE) : start]
    sides = {
        "before": before[max(0, before.rstrip().rfind("\n")) :],  # no cue reaches over the end of a line
        "after": reading.flat[end : end + AFTER],
        "inside": reading.flat[start:end],
    }
    for cue, pattern in cues(knowledge):
        if pattern.search(sides[cue.side]):
            weights[cue.kind] += cue.weight
    surface = reading.flat[start:end]
    shouted = surface.isupper()  # an acronym, or a surname in capitals, is rarely a quarter
    if shouted and " " not in surface:
        weights["site"] -= SHOUTED
        weights["programme"] -= SHOUTED if zipf(surface) >= PLAIN else 0.0
    if rare and not is_common(surface) and len(surface) > 3 and not shouted:
        weights["site"] += constants["rare"]
    if in_row(reading.flat, start):
        weights["site"] -= constants["cell"]
    if _QUOTE_BEFORE.search(sides["before"]):
        weights = {kind: value - QUOTED for kind, value in weights.items()}
    if " " not in surface and plain_word(surface):
        loss = PLAIN_OPENING if opens_sentence(reading.flat, start) else PLAIN_INSIDE
        weights = {kind: value - loss for kind, value in weights.items()}
    kind = max(weights, key=lambda item: (weights[item], item))
    return kind, min(MAX_SCORE, weights[kind])


def plain_word(word: str, *, opening: bool = False) -> bool:
    """Whether a name of one word is rather a plain word; ``opening``: one that opens a sentence or a cell, see ``is_plain``."""
    bare = word.removeprefix("L'").removeprefix("D'")
    if bare.isupper() and 1 < len(bare) < LONG_ACRONYM:
        return False
    return is_plain(bare) if opening else "-" not in bare and is_common(bare)
