"""What a proper name looks like on the page, where no list knows it.

Why: most quarters, landlords and consultancies are in no gazetteer; their capitals are what shows them.
Idea: a name is capitalised words with their small words between (« Mas de Mingue », « Croix-du-Sud/Université »). Heads
and cues then say what it names.
Limits: a line set in capitals shows no names this way; a name that opens a sentence looks like any word there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.entities.reading import Reading
from pipeline.lexicon import zipf
from pipeline.records import Span

UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
LOWER = "a-zà-öø-ÿœ"
WORD = (
    rf"(?:(?:[{UPPER}]\.-?){{2,}}[{UPPER}]?|(?:[LDld]')?[{UPPER}][\w+]*(?:'(?=[{LOWER}])\w+)?(?:-(?:[ldLD]')?\w+)*"
    rf"(?:(?<=[{LOWER}])\+)?)"
)
LINK = r"(?:de la |de l'|de |du |des |d'|en |sur |sous |lès )"
JOIN = rf"(?:\s?/\s?|\s&\s|\s(?:{LINK})?|\sd'|(?<=\w)/)"
ARTICLE = rf"(?:(?:L[ae]s?|L')\s?(?=[{UPPER}]))?"
NAME = re.compile(rf"{ARTICLE}{WORD}(?:{JOIN}(?:{WORD}|\d{{1,2}}(?![\w,.]\d)))*")
LIST_JOIN = re.compile(rf"(?:\s?,\s|\set\s|\sou\s|\s?[–;]\s|\s?,\set\s)(?:de la |de l'|de |du |des |d'|à la |à |aux |au |la |le |les |l')?(?:«\s?)?(?=[{UPPER}])")
OF = re.compile(r"\s+(?:(?:de la|du|des|de)\s+(?:(?:région|département|commune|ville)\s+(?:de la|de|du|des|d')\s*)?|(?:de l'|d')\s?)", re.IGNORECASE)  # fmt: skip
APPOSED = re.compile(r"\s+(?:dit\s|dite\s|dénommée?\s|nommée?\s|appelée?\s)?")
QUOTED = re.compile(r"\s*(?:[«“\"]\s?)([^«»”\"\n]{2,80}?)\s?[»”\"]")
DIGITS = re.compile(r"\s+(?:n°\s?)?(\d{1,3}(?:-\d{1,3})?|[A-Z]\d{0,2})(?![\w%€])")
COMMON_ZIPF = 3.0  # a form this frequent in lower case is a word before it is a name


def names(reading: Reading) -> Iterator[Span]:
    """Every capitalised name of the page outside lines set in capitals, in order, none overlapping."""
    for match in NAME.finditer(reading.flat):
        if not reading.in_capitals(match.start()):
            yield match.span()


def opens_sentence(flat: str, start: int) -> bool:
    """Whether a capital at ``start`` may be there for the sentence's sake."""
    before = flat[:start].rstrip(" «\"'“(-–•")
    return not before or before[-1] in ".:;!?\n…" or flat[:start].rstrip(" ").endswith(("\n", "-", "–", "•"))


def is_common(word: str) -> bool:
    """Whether a capitalised word is better known as a plain word."""
    return zipf(word.lower()) >= COMMON_ZIPF


def name_at(reading: Reading, at: int) -> Span | None:
    """The name that starts exactly at ``at`` (after an opening inverted comma, if there is one), or ``None``."""
    quoted = QUOTED.match(reading.flat, at)
    if quoted and quoted.group(1)[0].isupper():
        return quoted.span(1)
    match = NAME.match(reading.flat, at)
    return match.span() if match else None
