"""What signs that stand alone between spaces mean: « » – à are single characters, so no word betrays them.

Why: with « d¤veloppement » solved by the lexicon, « ¤ la ville » or « ¤ Plaine de jeux ß » are still open.
Idea: the words around tell whether a stretch is broken at all; inside such a stretch a sign must mean something. What
comes before and after speaks for each meaning (« la » after à, a line's start before –), quotes must open before they
close, and all signs are settled together, no meaning twice.
Limits: guesses from one or two places are guesses; the figures are rough log odds (``alone.csv``), set by hand on public
French prose, but for the words beside « à » (``beside_a.csv``), counted by ``tools/count_beside_a.py`` in two million
characters of council minutes, budgets and notes, and four of French manual pages and message catalogues.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.likelihood import SOUND

MEANINGS = ("à", "«", "»", "–", "À")
_WEIGHED = frozenset((*MEANINGS, "…"))
_PUNCTUATION = ".,;:()"
_DASHES = frozenset("-–—•")
_BASE = {"à": -3.9, "«": -5.3, "»": -5.3, "–": -5.8, "À": -8.0, "…": -9.0}
_WORD = re.compile(r"\S+")
_CONTINUING = frozenset(";:,")  # what ends a line whose list goes on
_NO_BREAK = frozenset("\u00a0\u202f")
_PLAIN = frozenset("−×±≥≤≈→←•◦▪●■□")  # signs of figures and lists, whole as they are
_LIST_MARKS = frozenset("•▪●■")  # no font draws a dash with these
_RAISED = frozenset("²³½¼¾°·")  # these never stand alone
_OTHER = -4.0  # a French sign of another kind, such as €
_LETTER = -9.0  # a letter French never leaves alone
_ALIEN = -12.0
_FIXED_POINT = -4.5  # nats: a table that leaves a sign as it is
_MOST_SIGNS = 6
_UNCLOSED = 2.0  # nats: a quotation mark without its fellow
_QUOTED_WORDS = 12
_CONTEXT = 60  # characters looked at on either side of a sign
_ARTICLES = frozenset({"Le", "La", "Les", "Un", "Une", "Des", "Il", "Elle", "Ce", "Cette", "Nous", "On"})
_ADDRESSED = frozenset({"Monsieur", "Madame", "Messieurs", "Mesdames", "Mademoiselle"})  # « À Monsieur le Maire »
_NUMBERED = re.compile(r"(?:[IVXLC]+|[A-Z]|\d+(?:-\d+)?)[.)°]$")  # « II. – »
_ENDS = frozenset(".!?")
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.){2,}")  # « D.S.Q. » ends no sentence
_FROM = frozenset("de du des entre depuis articles pages cotes".split())  # noqa: SIM905
ALONE = Path(__file__).with_name("alone.csv")
BEFORE, AFTER = "before", "after"
BESIDE_A = Path(__file__).with_name("beside_a.csv")
_LAST_LETTERS = re.compile(r"([^\W\d_]+)$")
_FIRST_LETTERS = re.compile(r"(?:[cdjlmnst]|qu)[’'\ufffd]|[^\W\d_]+")
_GONE = "\ufffd"  # a letter, most often é, or an apostrophe
_INFINITIVE = re.compile(r"[a-zà-ÿ]{2,}(?:er|ir|re)$")
_PARTICIPLE = re.compile(r"[a-zà-ÿ]{2,}(?:é|ée|és|ées)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One occurrence of a sign alone: its place among the tokens, and what surrounds it."""

    index: int
    sign: str
    earlier: str  # the word before the word before
    before: str
    after: str
    opened: bool  # "(" before it
    closed: bool  # punctuation after it
    first: bool  # first of its line
    bound_before: bool  # a no-break space before it
    bound_after: bool
    weight: float


def settle(
    text: str,
    signs: Mapping[str, Mapping[str, float]],
    known: Mapping[str, str],
    label: Callable[[str], int],
    read: Callable[[str], str],
) -> dict[str, str]:
    """Meanings for those ``signs`` that stand alone in broken stretches of ``text``.

    ``signs``: for each, the nats its meanings bring to the words that hold it beside other letters.
    ``known``: the meanings of signs that do not stand alone. ``label``: 1 for a word that only the table makes
    French, -1 for one that is French only as it stands, 0 for one that does not tell. ``read``: a word as known so far.
    """
    tokens = list(_WORD.finditer(text))
    labels = [label(token[0]) for token in tokens]
    places = [place for place in _places(tokens, labels, frozenset(signs), read) if place.weight > 0]
    counts: dict[str, float] = {}
    for place in places:
        counts[place.sign] = counts.get(place.sign, 0.0) + place.weight
    alone = sorted(counts, key=lambda sign: (sign in _PLAIN, -counts[sign], sign))[:_MOST_SIGNS]
    if not alone:
        return {}
    free = ["", *(meaning for meaning in MEANINGS if meaning not in known.values())]
    fits = {sign: _fits([place for place in places if place.sign == sign], free, signs[sign]) for sign in alone}
    quotes = [(i, token[0].strip(_PUNCTUATION)) for i, token in enumerate(tokens) if _quoting(token[0], alone, known)]
    best = max(_deals(alone, free), key=lambda deal: _worth(deal, fits, quotes))
    return {sign: meaning for sign, meaning in best.items() if meaning}


def standing(text: str, start: int, end: int, sign: str, read: Callable[[str], str] | None = None) -> float | None:
    """Log odds that ``sign`` stands where ``text[start:end]`` does; ``None`` for a sign this module does not weigh.

    ``read``: what undoes the damage of its neighbours, where they are broken as it is.
    """
    if sign not in _WEIGHED:
        return None
    before = text[max(0, start - _CONTEXT) : start]
    words, after = before.split()[-2:], text[end : end + _CONTEXT].split(maxsplit=1)[:1]
    if read is not None:
        words, after = [read(word) for word in words], [read(word) for word in after]
    place = Place(
        index=0,
        sign=sign,
        earlier=words[0] if len(words) > 1 else "",
        before=words[-1] if words else "",
        after=after[0] if after else "",
        opened=text[start] == "(",
        closed=text[end - 1] in _PUNCTUATION,
        first=not words or "\n" in before[len(before.rstrip()) :],
        bound_before=before[-1:] in _NO_BREAK,
        bound_after=text[end : end + 1] in _NO_BREAK,
        weight=1.0,
    )
    return _fit(place, sign)


def _quoting(word: str, alone: Sequence[str], known: Mapping[str, str]) -> bool:
    return any(mark in word and mark not in known for mark in "«»") or word.strip(_PUNCTUATION) in alone


def _deals(alone: Sequence[str], free: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every way to give the signs meanings, none twice (the empty one, for unread, as often as need be)."""
    if not alone:
        yield {}
        return
    for meaning in free:
        if meaning != alone[0]:
            left = [other for other in free if other != meaning or not meaning]
            yield from ({alone[0]: meaning} | deal for deal in _deals(alone[1:], left))


def _fits(places: Sequence[Place], free: Sequence[str], inside: Mapping[str, float]) -> dict[str, float]:
    """What each free meaning of one sign is worth over its places; the empty meaning leaves it unread.

    Unread, an alien sign stays wrong everywhere; a French one is right if its places lie in sound runs after all.
    """
    sign = places[0].sign
    fits = {m: inside[m] + sum(p.weight * _fit(p, m) for p in places) for m in free if m and m != sign}
    if sign not in SOUND and sign not in _PLAIN:
        return fits | {"": sum(_ALIEN * place.weight for place in places)}
    sound = max(_FIXED_POINT, sum(log(1.0 - 0.9 * place.weight) for place in places))
    return fits | {"": sound + sum(place.weight * _fit(place, sign) for place in places)}


def _places(
    tokens: Sequence[re.Match[str]], labels: Sequence[int], signs: frozenset[str], read: Callable[[str], str]
) -> Iterator[Place]:
    for index, token in enumerate(tokens):
        word, text = token[0], token.string
        sign = word.strip(_PUNCTUATION)
        if sign not in signs or sign in _LIST_MARKS or labels[index] != 0:
            continue
        before = tokens[index - 1] if index else None
        if before and sign == "€" and before[0][-1].isdigit():
            continue
        yield Place(
            index=index,
            sign=sign,
            earlier=tokens[index - 2][0] if index > 1 else "",
            before=read(before[0]) if before else "",
            after=read(tokens[index + 1][0]) if index + 1 < len(tokens) else "",
            opened=word[0] == "(",
            closed=word[-1] != sign,
            first=before is None or "\n" in text[before.end() : token.start()],
            bound_before=text[token.start() - 1 : token.start()] in _NO_BREAK,
            bound_after=text[token.end() : token.end() + 1] in _NO_BREAK,
            weight=_broken(labels, index) if sign in SOUND and (sign in "àÀôÔ" or not sign.isalpha()) else 1.0,
        )


def _broken(labels: Sequence[int], index: int) -> float:
    """How surely a place lies in a broken stretch: by the nearest telling word on either side."""
    left = next(((index - i, labels[i]) for i in range(index - 1, max(-1, index - 30), -1) if labels[i]), None)
    right = next(((i - index, labels[i]) for i in range(index + 1, min(len(labels), index + 30)) if labels[i]), None)
    if left is None or right is None:
        nearest = left or right
        return 0.5 if nearest is not None and nearest[1] > 0 else 0.0
    if left[1] == right[1]:
        return 1.0 if left[1] > 0 else 0.0
    return 0.5 if min(left, right)[1] > 0 else 0.0


def _fit(place: Place, meaning: str) -> float:
    """Log odds of one meaning at one place."""
    table = _nats()
    around = {fact for fact, true in facts_of(place).items() if true}
    score = sum(table.get((meaning, fact), 0.0) for fact in around)
    if meaning in "àÀ":
        small = str.lower if "capitals" in around else str
        score += beside_a(small(place.after), AFTER) if place.after else 0.0
        score += beside_a(small(place.before), BEFORE) if meaning == "à" and "figures" not in around else 0.0
    return score + _BASE.get(meaning, _LETTER if meaning.isalpha() else _ALIEN if meaning in _RAISED else _OTHER)


def facts_of(place: Place) -> dict[str, bool]:
    """What is true of a place and what is not, as ``alone.csv`` names it."""
    following = lexicon.WORD.match(place.after)
    word = following[0] if following else ""
    end = place.before[-1:]
    capital, figure, bracket = word[:1].isupper(), end.isdigit(), end == ")"
    ended = place.first or (end in _ENDS and not _ABBREVIATION.fullmatch(place.before)) or place.before in _DASHES
    continued = place.first and end in _CONTINUING and not capital
    capitals = place.before.isupper() and len(place.before) > 1 and word.isupper()
    figures = figure and place.after[:1].isdigit()
    names = place.before[:1].isupper() and capital and not ended
    numbered = _NUMBERED.match(place.before) is not None and not word.islower()
    return {
        "closed": place.closed,
        "not closed": not place.closed,
        "opened": place.opened,
        "first": place.first,
        "first or opened": place.first or place.opened,
        "bound before": place.bound_before,
        "bound after": place.bound_after,
        "bound": place.bound_before or place.bound_after,
        "bound to a word": place.bound_after and place.after[:1].isalnum(),
        "before nothing": not place.after,
        "before no word": (place.first and not capital) or not place.after[:1].isalnum(),
        "before a capital": capital,
        "before a name": capital and not capitals and word not in _ADDRESSED,
        "before Monsieur": word in _ADDRESSED,
        "after : or (": place.opened or end == ":",
        "after a comma": end == ",",
        "before an article, or after : ; or ,": word in _ARTICLES or end in _CONTINUING,
        "between semicolons": end == ";" == place.after[:1],
        "figures": figures,
        "figures after de": figures and place.earlier.lower() in _FROM,
        "figures after : or (": figures and (place.earlier[-1:] == ":" or place.before[:1] == "("),
        "between capitals": capitals,
        "ended": ended and not capitals,
        "a sentence": ended and not continued and not capitals,
        "within a sentence": not capitals and (continued or not ended),
        "ended before a small word": ended and not place.first and word.islower(),
        "opens a small line": place.first and not continued and word.islower(),
        "between names, or before an article": (names or word in _ARTICLES) and not capitals,
        "continued": continued,
        "numbered": numbered and not continued,
        "a figure or bracket before a capital": (figure or bracket) and capital,
        "a comma before a capital": end == "," and capital,
    }


@lru_cache(maxsize=1)
def _nats() -> Mapping[tuple[str, str], float]:
    with ALONE.open(encoding="utf-8", newline="") as file:
        return {(row["sign"], row["around"]): float(row["nats"]) for row in csv.DictReader(file)}


def neighbour_key(word: str, side: str) -> str:
    """What of a neighbour is looked up: its letters that are nearest, in lower case with their apostrophe, or the class
    of a capital or a figure; empty for a mark."""
    if word[:1].isdigit() if side == AFTER else word[-1:].isdigit():
        return "#figure"
    letters = _FIRST_LETTERS.match(word) if side == AFTER else _LAST_LETTERS.search(word.replace(_GONE, "é"))
    if letters is None:
        return ""
    key = letters[0] if letters[0][-1].isalpha() else letters[0][:-1] + "’"
    return key if key[0].islower() else "#capital"


def neighbour_class(key: str, side: str) -> str:
    """The class of a neighbour too rare to be counted: infinitives follow « à », participles stand before it."""
    if side == AFTER:
        return "#infinitive" if _INFINITIVE.match(key) else ""
    return "#participle" if _PARTICIPLE.match(key) else ""


def beside_a(word: str, side: str) -> float:
    """Nats by which a neighbour speaks for « à », against any other word or mark."""
    key = neighbour_key(word, side)
    table = _beside_a()
    return table.get((side, key), table.get((side, neighbour_class(key, side)), 0.0))


@lru_cache(maxsize=1)
def _beside_a() -> Mapping[tuple[str, str], float]:
    with BESIDE_A.open(encoding="utf-8", newline="") as file:
        return {(row["side"], row["word"]): float(row["nats"]) for row in csv.DictReader(file)}


def _worth(
    deal: Mapping[str, str], fits: Mapping[str, Mapping[str, float]], quotes: Sequence[tuple[int, str]]
) -> float:
    """How well a deal fits its places, and how well its quotes open and close, the true ones among them."""
    total, opened = sum(fits[sign][meaning] for sign, meaning in deal.items()), -1
    for index, sign in quotes:
        meaning = deal.get(sign) or sign
        if "«" in meaning:
            total -= _UNCLOSED if opened >= 0 else 0.0
            opened = index
        if "»" in meaning:
            gap = index - opened
            total += -_UNCLOSED if opened < 0 or gap > 60 else 1.5 if gap <= _QUOTED_WORDS else 0.5
            opened = -1
    return total - (_UNCLOSED if opened >= 0 else 0.0)
