"""Which words of a text are sound French as they stand, so that mending may pass them by.

Why: most words of most texts are sound; evidence of damage is in the others, and only they are worth a closer look.
Idea: a word of the list, a number, a name or an acronym is sound, unless a sign that French never puts inside a word
stands there.
Limits: a broken word that is another French word (``pass`` for ``passé``) is sound here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline import lexicon
from pipeline.repair.likelihood import SOUND, WORD, spelling, word_score

# No-break spaces part words, save the one that is half of « Ã\u00a0 », a broken à.
TOKEN = re.compile(r"[^ \t\n\r\xa0\u202f]+(?:(?<=[ÃÂãâ])\xa0[^ \t\n\r\xa0\u202f]*)*")
_INSIDE = re.compile(
    r"[^\W\dA-Z_][½¼¾€§•¤²³][^\W\dA-Z_]|[^\W\dA-Z_][%(?!*#+=\])@&][^\W\dA-Z_]{2}"
    r"|[^\W\dA-Zn_]°[^\W\dA-Z_]{2}|(?:^|[’'(])[²³½¼¾][^\W\dA-Z_]{2}"
)  # a sign of punctuation, or a raised figure, inside a word or before it


def tokens_of(text: str) -> list[str]:
    """The words of a text with their marks, as ``TOKEN`` finds them."""
    return TOKEN.findall(text) if _HALF_SPACE.search(text) else text.split()


def _is_plain(core: str) -> bool:
    """A quick test for a number, or a word of the list, maybe after an elision."""
    if core.isdecimal():
        return True
    if core[1:2] == "’" and core[0] in "lLdDnNsScCjJmM":
        core = core[2:]
    known = len(core) > 1 and core[1:].islower() and core.lower() in lexicon.zipf_scores()
    return known and (core.isascii() or SOUND.issuperset(core))


_HALF_SPACE = re.compile(r"[ÃÂãâ]\xa0")
_AROUND = '.,;:()»«"'  # marks that cling to sound words


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    """Words of the list written with French letters alone."""
    return frozenset(word for word in lexicon.zipf_scores() if len(word) > 1 and SOUND.issuperset(word))


def unsound(tokens: Iterable[str]) -> set[str]:
    """Those tokens that are not sound (see ``is_sound``); most are passed at once, as words of the list."""
    words = _plain_words()
    left = {token for token in set(tokens).difference(words) if token.strip(_AROUND) not in words}
    return {token for token in left if not is_sound(token)}


@lru_cache(maxsize=1 << 16)
def is_sound(token: str) -> bool:
    """Whether a token (no white space) holds only signs French uses and only words the list knows or names look like."""
    if _is_plain(token.strip(_AROUND)):
        return True  # most words of most texts
    if not SOUND.issuperset(token) or _INSIDE.search(token):
        return False
    if (
        token[1:] != token[1:].lower()
        and _CAMEL.search(token)
        and all(_is_name_part(part) for part in _CAMEL.split(token))
    ):
        return True
    for match in WORD.finditer(token):
        word = match[0]
        if len(word) == 1:
            if word not in "aàyôldsnjmtcAÀYÔ" and not word.isupper() and word not in "eh":
                return False
        elif word_score(word) < -20.0 and not _like_a_name(word):
            return False
    return True


_COMMON_PART = 3.0  # zipf score of a part of such a name: rarer ones may be what a broken ligature leaves
_CAMEL = re.compile(r"(?<=[^\W\dA-Z_])(?=[A-Z][^\W\dA-Z_])")  # idCondition, TypeBâtiment: a name made of words


def _is_name_part(part: str) -> bool:
    word = part.strip(".,;:()[]«»/0123456789")
    return word.isalpha() and len(word) > 1 and lexicon.zipf(word) > _COMMON_PART


def _like_a_name(word: str) -> bool:
    """An unknown word that may be a proper name or an acronym: capitals where names have them, letters as in French."""
    if word.isupper():
        return True
    return word[0].isupper() and word[1:].islower() and spelling(word.lower()) > -3.6 * (len(word) + 1)
