"""Which words of a text are sound French as they stand, so that mending may pass them by.

Why: most words of most texts are sound; evidence of damage is in the others, and only they are worth a closer look.
Idea: a word of the list, a number, a name or an acronym is sound, unless a sign that French never puts inside a word
stands there.
Limits: a broken word that is another French word (``pass`` for ``passé``) is sound here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

from pipeline import lexicon
from pipeline.repair.foreign import is_foreign_name
from pipeline.repair.likelihood import FEMININE, LETTERS, SOUND, WORD, spelling, word_score
from pipeline.repair.solve import plain_ligatures

# No-break spaces part words, save one that is half of « Ã\u00a0 », a broken à, or may be an Ê (« ARR\u00a0T… »).
TOKEN = re.compile(r"[^ \t\n\r\xa0\u202f]+(?:(?:(?<=[ÃÂãâ])\xa0|(?<=[A-Z])\xa0(?=[A-Z]))[^ \t\n\r\xa0\u202f]*)*")
_INSIDE = re.compile(
    r"[^\W\d_][½¼¾€§•¤²³][^\W\dA-Z_]|[^\W\dA-Z_][%(?!*#+=\])@&][^\W\dA-Z_]{2}"
    r"|[a-zà-ÿ]{2}[€§¤«“]|[»”][a-zà-ÿ]{2}|[^\W\dA-Zn_]°[^\W\dA-Z_]{2}|(?:^|[’'(])[²³½¼¾][^\W\dA-Z_]{2}"
    rf"|[^\W\d_]·(?!{FEMININE})[^\W\d_]"
)  # a sign of punctuation, or a raised figure, inside a word or before it
_HALF_SPACES = ("Ã\xa0", "Â\xa0", "ã\xa0", "â\xa0")
COMMON = 3.2  # zipf score: a rarer word may be a piece of another
_AROUND = '.,;:()»«"'  # marks that cling to sound words
_ELIDED = frozenset("l d n s c j m t qu jusqu lorsqu puisqu aujourd".split())  # noqa: SIM905
_BESIDE_NAMES = frozenset(LETTERS + LETTERS.upper() + "0123456789.,;:!?()[]/&…'’\"-")
_COMMON_PART = 3.0  # zipf score of a part of a name made of words: rarer ones may be what a broken ligature leaves
_CAMEL = re.compile(r"(?<=[^\W\dA-Z_])(?=[A-Z][^\W\dA-Z_])")  # idCondition, TypeBâtiment: a name made of words
_FUNCTION_WORDS = tuple("de la le les des et du en un une pour dans au aux sur par".split())  # noqa: SIM905
_FUNCTION_SHARE = 0.04  # of the words of a French text, at least


def tokens_of(text: str) -> list[str]:
    """The words of a text with their marks, as ``TOKEN`` finds them."""
    halved = "\xa0" in text and any(pair in text for pair in _HALF_SPACES)
    return TOKEN.findall(text) if halved else text.split()


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    """Words of the list written with French letters alone, and sound signs, which pass at once."""
    words = lexicon.zipf_scores()
    signs = (sign for sign in SOUND if _is_sound_closely(sign))
    french = (word for word in words if len(word) > 1 and (word.isascii() or SOUND.issuperset(word)))
    return frozenset(chain(signs, french))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Sound words of some frequency: one in ten of the list, nine in ten of a text, so they are looked up first."""
    scores = lexicon.zipf_scores()
    return frozenset(word for word in _plain() if len(word) > 1 and scores[word] >= COMMON)


def unsound(tokens: set[str]) -> set[str]:
    """Those tokens that are not sound (see ``is_sound``); most are passed at once, as words of the list."""
    plain = _plain()
    return {token for token in tokens.difference(plain) if token.strip(_AROUND) not in plain and not is_sound(token)}


@lru_cache(maxsize=1 << 16)
def is_sound(token: str) -> bool:
    """Whether a token (no white space) holds only signs French uses and only words the list knows or names look like."""
    return _is_plain(token.strip(_AROUND)) or _is_sound_closely(token)


def _is_plain(core: str) -> bool:
    """A quick test for a number, or a word of the list, maybe in capitals or after an elision."""
    plain = _plain()
    if core in plain or core.isdecimal():
        return True
    head, elided, tail = core.partition("’")
    word = tail if elided and head.lower() in _ELIDED else core
    return word in plain or ((word[1:].islower() or word.isupper()) and word.lower() in plain)


def _is_sound_closely(token: str) -> bool:
    if _INSIDE.search(token):
        return False
    if not SOUND.issuperset(token) and not all(map(_is_at_home, WORD.split(token) + WORD.findall(token))):
        return False
    if (
        token[1:] != token[1:].lower()
        and _CAMEL.search(token)
        and all(_is_name_part(part) for part in _CAMEL.split(token))
        and not plain_ligatures([token])  # « démoliLon »
    ):
        return True
    for match in WORD.finditer(token):
        word = match[0]
        if len(word) == 1:
            if word not in "aàyôldsnjmtcAÀYÔ" and not word.isupper() and word not in "eh":
                return False
        elif word_score(word) < -20.0 and not _like_a_name(word) and not is_foreign_name(word):
            return False
    return True


def _is_at_home(part: str) -> bool:
    """Whether a part of a token holds letters of French alone, or marks that stand beside names, or is a foreign name."""
    return _BESIDE_NAMES.issuperset(part) or is_foreign_name(part)


def _is_name_part(part: str) -> bool:
    word = part.strip(".,;:()[]«»/0123456789")
    return word.isalpha() and len(word) > 1 and lexicon.zipf(word) > _COMMON_PART


def _like_a_name(word: str) -> bool:
    """An unknown word that may be a proper name or an acronym: capitals where names have them, letters as in French."""
    if word.isupper():
        return True
    return word[0].isupper() and word[1:].islower() and spelling(word.lower()) > -3.6 * (len(word) + 1)


def is_french(tokens: Mapping[str, int]) -> bool:
    """Whether the words French cannot do without, none of which a broken accent touches, are a fair part of a text.

    ``tokens``: its words and their counts.
    """
    return sum(tokens.get(word, 0) + tokens.get(word.title(), 0) for word in _FUNCTION_WORDS) > _FUNCTION_SHARE * sum(
        tokens.values()
    )
