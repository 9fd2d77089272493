"""Counts which words stand before and after « à », for ``pipeline/repair/beside_a.csv``.

Why: « à », « – » and « « » alone between spaces are single characters, so only their neighbours tell them apart when a font
has mixed them up; which neighbours speak for « à » is better counted than guessed.
Idea: a word speaks for « à » by the log of how much more often it stands beside « à » than beside any word. Words too rare
to count speak through their class: an infinitive, a participle, a capital, a figure.
Limits: only what French uses everywhere is kept: common words of the lexicon, seen often enough in the first folder.
Run: ``python tools/count_beside_a.py PUBLIC_TEXTS OTHER_TEXTS`` (two folders of clean French ``.txt`` files; the words
kept are those of the first, the counts those of both), and redirect its output to the table.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import log
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.solve_alone import AFTER, BEFORE, neighbour_class, neighbour_key

_LEAST_SEEN = 15  # times a word stands beside anything, in both folders
_LEAST_PUBLIC = 6  # the same in the first folder
_LEAST_ZIPF = 3.5
_LEAST_NATS = 0.7
_MOST_NATS = 3.0
_MARKS = frozenset("«»–—-:;!?/")


def pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """Every two words that follow each other in a line."""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            yield from pairwise(words)


def count(folders: list[Path]) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Keys and classes beside « à », beside anything, and beside anything in the first folder; by side."""
    near, all_of, public = ({side: Counter[str]() for side in (BEFORE, AFTER)} for _ in range(3))
    for folder in folders:
        for left, right in pairs(folder):
            for side, word, other in ((BEFORE, left, right), (AFTER, right, left)):
                key = neighbour_key(word, side)
                if not key or word in _MARKS or word == "à":
                    continue
                for one in {key, neighbour_class(key, side)} - {""}:
                    if other == "à":
                        near[side][one] += 1
                    elif other not in _MARKS:
                        all_of[side][one] += 1
                        public[side][one] += folder == folders[0]
                    near[side]["all"] += 0
    return near, all_of, public


def main(folders: list[Path]) -> None:
    """Write the table to standard output."""
    near, all_of, public = count(folders)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["side", "word", "nats"])
    for side in (BEFORE, AFTER):
        totals = [sum(n for key, n in counts[side].items() if not key.startswith("#")) for counts in (near, all_of)]
        for key in sorted(near[side].keys() | all_of[side].keys()):
            mine, others = near[side][key], all_of[side][key]
            nats = log((mine + 1) / (totals[0] + 1)) - log((others + 2) / (totals[1] + 1))
            common = lexicon.zipf(key.strip("’")) >= _LEAST_ZIPF and public[side][key] + mine >= _LEAST_PUBLIC
            if key.startswith("#") or (common and mine + others >= _LEAST_SEEN and abs(nats) >= _LEAST_NATS):
                writer.writerow([side, key, f"{max(-_MOST_NATS, min(_MOST_NATS, nats)):.1f}"])


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
