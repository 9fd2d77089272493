"""A page as the finders of this room read it: the text, a plain copy, a folded key and its words.

Why: names wrap over lines, carry curly apostrophes and odd spaces, and lose their accents in capitals; every finder
needs the same relief from that, and every offset must still hold in the text.
Idea: all copies have the text's length. Words carry their offsets, so that a match over words is a span of the text.
A dotted acronym (« A.N.R.U. ») is one word, without its dots.
Limits: a line break inside a name is read as a space only where the line plainly goes on (lower case, a preposition).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from pipeline.entities.folding import fold, words_of
from pipeline.lexicon import zipf_scores
from pipeline.records import RepairedPage, Span

_PLAIN = {"’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "‑": "-", "‐": "-"}
_RUN_ON = re.compile(  # the line break first, so that the others are looked at only there
    r"\n(?:(?<=[^\W\d_]\n)(?=[ ]*[a-zà-öø-ÿœ])|(?<=,\n)(?=[ ]*[a-zà-öø-ÿœ])"
    r"|(?:(?<= de\n)|(?<= du\n)|(?<= la\n)|(?<= le\n)|(?<= et\n)|(?<= en\n)|(?<= au\n)|(?<= à\n)"
    r"|(?<= des\n)|(?<= les\n)|(?<= aux\n)|(?<= sur\n)|(?<= par\n))(?=\S))"
)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_LONE_WORD = re.compile(  # « 4. CALENDRIER », « I - RAPPEL », « EN BREF »
    r"(?:[IVX]{1,4}[\W]+)?[\W\d]*(?:(?:AU|AUX|EN|DE|DU|LA|LE|LES|L['’]) ?)?([^\W\d_]{4,})[\W\d]*"
)
# « DOSSIER DE PRESSE – Sens »
_CAPITALS_OPEN = re.compile(r"[ •]*((?:[A-ZÀ-Ý'’]{2,}[ ])+[A-ZÀ-Ý'’]{2,})(?=[ ]?(?: [–-] |:))")
PLAIN = 3.0  # zipf score from which a word alone on its line, in capitals, is a heading
_CAPITALS_SHARE = 0.7  # of a line's letters: a heading set in capitals, where a capital says nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One page ready to be searched; known by its identity, two pages may hold the same text.

    ``flat``: straight apostrophes, plain spaces, running lines joined by a space, tabs kept (a table's cells do not run
    on); ``key``: folded. Same length as ``text``. ``words[i]`` is ``key[starts[i]:ends[i]]`` without dots.
    ``capitals``: spans of lines set in capitals.
    """

    number: int
    text: str
    flat: str
    key: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    capitals: tuple[Span, ...]  # in order, apart

    def in_capitals(self, start: int) -> bool:
        """Whether ``start`` lies in a line set in capitals."""
        before = bisect_right(self.capitals, start, key=itemgetter(0))
        return before > 0 and start < self.capitals[before - 1][1]


def read(page: RepairedPage) -> Reading:
    """The page's text with its copies. Pure; the cost is linear in the text."""
    text = flat = page.text
    for sign, plain in _PLAIN.items():  # ten times as quick as a translation, which looks up every letter
        flat = flat.replace(sign, plain)
    flat = _RUN_ON.sub(" ", flat)
    key = fold(text)
    words, starts, ends = words_of(key)
    return Reading(
        number=page.number,
        text=text,
        flat=flat,
        key=key,
        words=tuple([word if word.isalnum() else word.replace(".", "").replace("-", "") for word in words]),
        starts=starts,
        ends=ends,
        capitals=tuple(_capital_lines(text)),
    )


def _shouted(line: str) -> bool:
    letters = list(filter(str.isalpha, line))
    return sum(map(str.isupper, letters)) > _CAPITALS_SHARE * len(letters)


def _heading_word(line: str) -> bool:
    """Whether a line holds one plain word and nothing else, were it without its accents; an acronym is none."""
    lone = _LONE_WORD.fullmatch(line)
    return lone is not None and fold(lone[1]) in _plain_words()


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    return frozenset(fold(word) for word, score in zipf_scores().items() if score >= PLAIN)


def _capital_lines(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        if _shouted(line) and (len(_LONG_WORD.findall(line)) > 1 or _heading_word(line)):
            spans.append((start, start + len(line)))
        elif (head := _CAPITALS_OPEN.match(line)) and any(
            fold(word) in _plain_words() for word in _LONG_WORD.findall(head[1])
        ):
            spans.append((start, start + head.end()))
        start += len(line)
    return spans
