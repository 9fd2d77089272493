"""How odd the words of a font look, so that it is worth asking what it says itself.

Why: asking a font costs as much as reading its pages again; most fonts with unknown words are sound, and drew names,
another language, addresses or the parts of a program.
Idea: two shares of the different words a font drew. Suspicious words are no sound French; odd ones also hold what no word
holds, whatever its language: a sign or a capital inside, a letter French lacks. Addresses, tags, names made of words
(``typeZone``) and words printed twice are neither.
Limits: a lie that makes nothing but other small letters of letters shows in the first share only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.repair.characters import is_doubled

_ADDRESS = re.compile(r"(?=.*\w[@/_=.]\w)[\w.:/?=&%@;~#+-]+|.*(?:</?\w|\w=\").*")
_MADE_OF_WORDS = re.compile(r"\W*[A-Za-z][a-zà-ÿ]*(?:[A-Z][a-zà-ÿ]{3,})+\W*")
_WORD = re.compile(r"\W*[^\W\d_](?:[^\W\dA-ZÀ-Þ_]*|[^\W\da-zß-ÿ_]*)(?:['’-][^\W\d_]+)*\W*")
_LEAST, _LONG = 4, 16  # words; letters
_ODD = 0.05
_STRANGE = 0.25  # names, or another language, have fewer


class Oddness(NamedTuple):
    """Shares, 0 to 1, of a font's different words; 0 where such words are fewer than four."""

    suspicious: float = 0.0
    odd: float = 0.0

    @property
    def is_doubtful(self) -> bool:
        """Whether a font that drew such words is to be asked what it says itself."""
        return self.odd > _ODD or self.suspicious > _STRANGE


PLAIN = Oddness()


def oddness(suspicious: Iterable[str], different: int) -> Oddness:
    """The oddness of a font that drew ``different`` words, of which ``suspicious`` are not sound."""
    left = [word for word in suspicious if not _ADDRESS.fullmatch(word) and not is_doubled(word)]
    odd = [word for word in left if not _WORD.fullmatch(word) and not _MADE_OF_WORDS.fullmatch(word)]
    return Oddness(_share(left, different), _share(odd, different))


def _share(words: Sequence[str], different: int) -> float:
    pieces = sum(1 + len(word) // _LONG for word in words)  # a font may have lost its spaces too
    return len(words) / different if pieces >= _LEAST else 0.0
