"""Changes that were not sure enough to make, kept for a person to judge.

Why: a wrong repair is worse than none, but a doubt nobody sees is lost work.
Idea: once a document is mended, each suspicious word left is looked at alone: a letter may be missing (``rnovation``), two
words may have run together, a gap may fit nothing. A font may be likely, but not surely, broken: then each of its words
that would be mended is a doubt. The suggestion is recorded with its place in the raw text.
Limits: words only; a doubtful line break or quotation mark is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.alignment import Alignment
from pipeline.records import Doubt, Edit, Page
from pipeline.repair.accented import ACCENTED, GONE
from pipeline.repair.dropped import DROPPED, candidates
from pipeline.repair.fonts import FontDecision, stretches
from pipeline.repair.gaps import REPLACED
from pipeline.repair.likelihood import word_score
from pipeline.repair.run_together import JOINED, parting
from pipeline.repair.sound import TOKEN, is_sound

_LEAST_LETTERS = 5  # a shorter unknown word is too often a name or an abbreviation
_COMMON = -15.5  # nats: a suggestion must be a word of some frequency
_ALL = frozenset(ACCENTED)


class Suggestion(NamedTuple):
    """What a word may have been, by which family of damage, and how surely, 0 to 1."""

    text: str
    family: str
    confidence: float


def suggest(suspicious: Iterable[str]) -> dict[str, Suggestion]:
    """Suggestions for those of a document's suspicious words that there are any for."""
    return {token: made for token in suspicious if (made := _suggest(token)) is not None}


def find_doubts(raw: str, text: str, edits: Sequence[Edit], suggestions: Mapping[str, Suggestion]) -> list[Doubt]:
    """Doubts about the words of a mended page."""
    if not any(token in text for token in suggestions):
        return []
    alignment = Alignment(edits)
    doubts: list[Doubt] = []
    for match in TOKEN.finditer(text):
        if match[0] in suggestions:
            suggestion = suggestions[match[0]]
            start, end = alignment.to_raw(match.start(), match.end())
            doubts.append(
                Doubt(
                    start=start,
                    end=end,
                    before=raw[start:end],
                    suggestion=suggestion.text,
                    family=suggestion.family,
                    confidence=suggestion.confidence,
                )
            )
    return doubts


def font_doubts(page: Page, decisions: Mapping[str, FontDecision], edits: Sequence[Edit]) -> list[Doubt]:
    """Words of a page, no edit touching them, that an accident likely but not sure of their font would make sound."""
    doubtful = {font: one for font, one in decisions.items() if one.doubtful is not None}
    if page.glyphs is None or doubtful.keys().isdisjoint(page.glyphs.fonts):
        return []
    changed = {place for edit in edits for place in range(edit.start, edit.end)}
    doubts: list[Doubt] = []
    for font, first, last in stretches(page.glyphs):
        decision = doubtful.get(font)
        if decision is None or decision.doubtful is None:
            continue
        for match in TOKEN.finditer(page.raw_text, first, last):
            read = decision.doubtful.decode(match[0])
            if (
                read == match[0]
                or is_sound(match[0])
                or not is_sound(read)
                or not changed.isdisjoint(range(*match.span()))
            ):
                continue
            doubts.append(
                Doubt(
                    start=match.start(),
                    end=match.end(),
                    before=match[0],
                    suggestion=read,
                    family=decision.doubtful.name,
                    confidence=decision.confidence,
                )
            )
    return doubts


@lru_cache(maxsize=1 << 16)
def _suggest(token: str) -> Suggestion | None:
    if GONE in token:
        return Suggestion(token, REPLACED, 0.1)
    place = parting(token)
    if place:
        return Suggestion(f"{token[:place]} {token[place:]}", JOINED, 0.5)
    word = token.strip(".,;:!?()«»")
    if len(word) < _LEAST_LETTERS or not word.isalpha() or not word.islower() or word_score(word) > -20.0:
        return None
    found = candidates(word, _ALL)
    if found and word_score(found[0]) > _COMMON:
        return Suggestion(token.replace(word, found[0]), DROPPED, 0.4)
    return None
