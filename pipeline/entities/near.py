"""Names of one document that are nearly alike, found without comparing each with every other.

Why: a list of ten thousand names, compared two by two, costs more than all the rest of the document.
Idea: a name is cut into pieces of four letters. Two names as near as ``NEAR`` differ by fewer letters put in or taken out
than one of them has pieces, and one letter spoils one piece at most: so some piece stands whole in the other, and only names
that share one (and whose lengths and figures agree) are compared.
Limits: names of fewer than eight letters are never near another: one letter is too much of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz import fuzz

NEAR = 92.0  # rapidfuzz ratio, 0 to 100, above which two names of one document and kind are one
_SHORTEST = 8  # letters
_PIECE = 4  # letters; of eight letters or more, one in six may differ and NEAR still be reached
_NO_FIGURE = re.compile(r"\D+")


@dataclass(slots=True)
class NearNames:
    """The names met so far, in the order they came."""

    _names: list[str] = field(default_factory=list)
    _holders: defaultdict[tuple[str, int, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str) -> None:
        """Remember a name for later ones."""
        if len(name) < _SHORTEST:
            return
        figures = _NO_FIGURE.sub("", name)
        for piece in {name[at : at + _PIECE] for at in range(len(name) - _PIECE + 1)}:
            self._holders[figures, len(name), piece].append(len(self._names))
        self._names.append(name)

    def first_near(self, name: str) -> str | None:
        """The first name met that is near this one and has the same figures."""
        if len(name) < _SHORTEST:
            return None
        figures = _NO_FIGURE.sub("", name)
        spare = 1 - NEAR / 100  # letters that may differ, for each letter of both names
        least, most = int(len(name) * (1 - spare) / (1 + spare)), int(len(name) * (1 + spare) / (1 - spare)) + 1
        pieces = {name[at : at + _PIECE] for at in range(0, len(name) - _PIECE + 1, _PIECE)}
        alike = {
            number
            for size in range(least, most + 1)
            for piece in pieces
            for number in self._holders.get((figures, size, piece), ())
        }
        return next(
            (self._names[number] for number in sorted(alike) if fuzz.ratio(name, self._names[number]) >= NEAR), None
        )
