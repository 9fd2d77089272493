"""Damage to words and lines, letters left whole: split words, wrapped lines, hyphens at line ends.

Why: extraction and typesetting cut words in places that no code page explains.
Idea: lines are wrapped as a justified French page is, words broken between syllables, compounds at their own hyphen.
Limits: syllables by rule, without the exceptions (prefixes, foreign words) a careful typesetter knows.
"""

from __future__ import annotations

import re
from random import Random

LETTERS = re.compile(r"[^\W\d_]+")

_ONSETS = {a + b for a in "bcdfgptv" for b in "lr"} - {"dl", "tl", "vl"} | {"ch", "ph", "th", "gn", "qu", "gu"}
_VOWELS = "aàâäeéèêëiîïoôöuùûüyœæ"


def split_words(text: str, random: Random, share: float) -> str:
    """Put a space inside ``share`` of the words of four letters or more; one broken word in eight breaks twice."""

    def cut(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < 4 or random.random() >= share:
            return word
        for _ in range(2 if random.random() < 0.125 else 1):
            place = random.randint(1, len(word) - 1)
            word = word[:place] + " " + word[place:]
        return re.sub(" +", " ", word)

    return LETTERS.sub(cut, text)


def wrap(text: str, width: int, ending: str) -> str:
    """Break lines at ``width`` columns, each broken line closed with ``ending``; line breaks of the text are kept."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) > width:
                lines.append(line + ending)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(lines)


def syllable_breaks(word: str) -> list[int]:
    """Where a French typesetter may break ``word``: before the consonants that open a syllable, two letters in,
    three from the end."""
    lower = word.lower()
    places = []
    for place in range(2, len(word) - 2):
        opens = lower[place] not in _VOWELS and (
            lower[place + 1] in _VOWELS or (lower[place : place + 2] in _ONSETS and lower[place + 2] in _VOWELS)
        )
        splits_onset = lower[place - 1 : place + 1] in _ONSETS
        if opens and not splits_onset and any(c in _VOWELS for c in lower[:place]):
            places.append(place)
    return places


def hyphen_lines(text: str, random: Random, hyphen: str = "-") -> str:
    """Justified lines of about 80 columns, words broken at a syllable with ``hyphen``, compounds at their own."""
    width = random.randint(72, 88)
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            room = width - len(line) - 1
            if line and len(word) > room:
                head, tail = _break_word(word, room, hyphen)
                lines.append(f"{line} {head}" if head else line)
                line = tail
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(lines)


def _break_word(word: str, room: int, hyphen: str) -> tuple[str, str]:
    """The longest head of ``word`` that fits ``room`` with its hyphen, and the rest; no head where none fits."""
    own = [match.end() for match in re.finditer(r"(?<=\w)-(?=\w)", word) if match.end() <= room]
    if own:
        return word[: own[-1] - 1] + hyphen, word[own[-1] :]
    if "-" in word:
        return "", word
    for match in reversed(list(LETTERS.finditer(word))):
        for place in reversed(syllable_breaks(match[0])):
            if match.start() + place + 1 <= room:
                return word[: match.start() + place] + hyphen, word[match.start() + place :]
    return "", word
