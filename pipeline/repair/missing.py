"""Letters that are gone: replaced by U+FFFD or a question mark, or dropped without a trace.

Why: a lossy recoding leaves ``r\ufffdnovation`` or ``rnovation``; no table can bring the letter back, only the lexicon can.
Idea: an index of French words by what is left of them when their accented letters are replaced, or dropped; among the
words that leave the same remains, the most frequent wins. Letters count as dropped only where the document has far fewer
of them than French has; then every word is weighed, since ``pass`` may be ``passé``.
Limits: the choice sees one word (``entre`` for ``entrée`` stays); a dropped à shows only where two spaces meet.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import WORD, French, spelling, word_score

REPLACED = "letter replaced"
DROPPED = "letter dropped"
GONE = "\ufffd"
CAPITALS = Path(__file__).with_name("capitals.csv")
# Share of each letter among the letters of French, in percent (counted on wordfreq's list, weighted by frequency).
_EXPECTED = {
    "é": 1.9,
    "à": 0.5,
    "è": 0.35,
    "ê": 0.2,
    "ç": 0.08,
    "ô": 0.06,
    "î": 0.05,
    "û": 0.06,
    "â": 0.05,
    "ù": 0.05,
    "œ": 0.02,
}
_RARE = frozenset("ëïüöäÿæ")
_ACCENTED = frozenset(_EXPECTED) | _RARE
_REMAINS = str.maketrans(dict.fromkeys(_ACCENTED, GONE))
_DROP = str.maketrans(dict.fromkeys(_ACCENTED, None))
_GAP = re.compile(r"[\w’'\ufffd]*\ufffd[\w’'\ufffd]*")
_QUESTION = re.compile(r"[^\W\d_]*(?<=[^\W\d_])\?(?=[^\W\d_])[\w?’']*")
_ASKED = re.compile(r"\?(?<=[^\W\d_]\?)[^\W\d_]")
_ELIDED = frozenset(["l", "d", "c", "j", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "aujourd", "quelqu"])
_SENTENCE_END = re.compile(r"(?:^|[.!?]\s|\n\s*)[-•–]?\s*[«(“]?\s*$")
_MOST_GAPS = 5


@lru_cache(maxsize=1)
def by_remains() -> Mapping[str, tuple[str, ...]]:
    """Accented words by their form with U+FFFD for each accented letter, most frequent first (at most four)."""
    return _index(_REMAINS)


@lru_cache(maxsize=1)
def by_drop() -> Mapping[str, tuple[str, ...]]:
    """Accented words by what is left without their accented letters, most frequent first (at most four)."""
    return _index(_DROP)


def _index(table: Mapping[int, str | None]) -> Mapping[str, tuple[str, ...]]:
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in accented_words():
        index[word.translate(table)].append(word)
    return {key: tuple(words[:4]) for key, words in index.items()}


@lru_cache(maxsize=1)
def accented_words() -> tuple[str, ...]:
    """The words of the list that hold an accented letter, most frequent first."""
    accented = re.compile(f"[{''.join(sorted(_ACCENTED))}]")
    return tuple(word for word in lexicon.zipf_scores() if not word.isascii() and accented.search(word) and word.isalpha())


@lru_cache(maxsize=1)
def capitals() -> Mapping[str, str]:
    """Words that French writes with a capital almost wherever it uses them, by their lower-case form."""
    with CAPITALS.open(encoding="utf-8", newline="") as file:
        return {row["word"].lower(): row["word"] for row in csv.DictReader(file)}


# --- replaced by a sign ----------------------------------------------------------------------------------------------


def fill_gaps(text: str, french: French) -> list[Change]:
    """Changes that put letters, quotes and spaces back for U+FFFD, and for question marks inside words."""
    only_letters = any(sign in text for sign in "’«»–")  # quotes survived: only letters were replaced
    changes: list[Change] = []
    if GONE in text:
        signs = text if only_letters else _fill_signs(text)
        changes += _differences(text, signs, 0, REPLACED, 0.9)
        in_words = re.search(r"[^\W\d_]\ufffd|\ufffd[^\W\d_]", text) is not None
        for match in _GAP.finditer(signs):
            if match[0] == GONE and not in_words:
                continue  # nothing shows that a letter stood here
            filled = _fill(match[0], signs, match.start(), french, only_letters=only_letters)
            changes += _differences(match[0], filled, match.start(), REPLACED, 0.95)
    for match in _QUESTION.finditer(text) if _ASKED.search(text) else ():
        token = match[0].replace("?", GONE)
        filled = _fill_word(token, text[max(0, match.start() - 24) : match.start()], french, only_letters=True)
        if filled and GONE not in filled and all(word_score(word) > -17 for word in WORD.findall(filled)):
            changes += _differences(match[0], filled, match.start(), REPLACED, 0.9)
    return changes


# What a gap is where its neighbours alone tell; tried in order. Each keeps the length of the text.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), after)
    for pattern, after in (
        (r"(?<=\d)\ufffd(?=\d{3}(?!\d))", "\u00a0"),  # 1�640
        (r"(?<=[\w».)\ufffd])\ufffd(?=[;:!?%])", "\u00a0"),  # ville�; 35�%
        (r"(?<=\d)\ufffd(?=[kKM]?\ufffd(?!\w)|(?:ha|m|km|h|F|MF|KF|kF|m\ufffd|km\ufffd)\b)", "\u00a0"),  # 34�M�
        (r"(?<=[\d\u00a0 ][kKM])\ufffd(?!\w)", "€"),  # 34 M�
        (
            r"(?<=\d{3}[ \u00a0])\ufffd(?=[.,;:)]| (?:HT|TTC|par|de|pour|en|et|sur)\b|$)(?<![^\d \u00a0](?:19|20)\d\d.\ufffd)",
            "€",
        ),
        (r"(?<=\d[ \u00a0]m)\ufffd(?!\w)", "²"),
        (r"(?<=\b[nN])\ufffd(?=[ \u00a0\ufffd]?\d)", "°"),  # n� 2003-710
        (r"(?<=\b[ldcjmnstLDCJMNST])\ufffd(?=[A-Z])", "’"),  # l�ANRU
        (r"(?<=[:(\n] \d{4} )\ufffd(?= \d{4})|(?<=[(\n]\d{4} )\ufffd(?= \d{4})", "–"),  # : 2016 � 2017
        (r"(?<=[A-Z\d)] )\ufffd(?= [A-Z])(?<!\d{4} \ufffd)|(?<=\) )\ufffd(?= )|^\ufffd(?= )", "–"),  # ARTICLE 2 � OBJET
        (r"(?<![\w\ufffd])\ufffd\ufffd(?=\w)", "«\u00a0"),
    )
)


_CLOSING = re.compile(r"(?<=[ \u00a0])\ufffd(?=[.,;:)]|\s*$)", re.MULTILINE)  # no word: only a quote stands there
_OPENING = re.compile(r"(?<![^\s(])\ufffd(?=[ \u00a0])")


def _fill_signs(text: str) -> str:
    for pattern, after in _SIGNS:
        text = pattern.sub(after, text)
    for match in _CLOSING.finditer(text):
        start = max(0, match.start() - 160, text.rfind("\n", 0, match.start()))
        openings = [m.start() for m in _OPENING.finditer(text, start, match.start())]
        if openings:
            text = text[: openings[-1]] + "«" + text[openings[-1] + 1 : match.start()] + "»" + text[match.end() :]
    return text


def _fill(token: str, text: str, start: int, french: French, *, only_letters: bool) -> str:
    """``token`` with its gaps filled in the likeliest way; a gap nothing fits stays."""
    before = text[max(0, start - 24) : start]
    if token == GONE:
        return "À" if _SENTENCE_END.search(before) else "à"
    best = _fill_word(token, before, french, only_letters=only_letters)
    if best is None and not only_letters and token.endswith(GONE * 2):
        inner = token[:-2]
        best = (
            (_fill_word(inner, before, french, only_letters=False) if GONE in inner else inner) or inner
        ) + "\u00a0»"
    return best or token


def _fill_word(token: str, before: str, french: French, *, only_letters: bool) -> str | None:
    """The likeliest word, or elided words, that leave ``token``; ``None`` where there is none."""
    places = [place for place, char in enumerate(token) if char == GONE]
    if len(places) > _MOST_GAPS:
        return None
    elisions = [False] if only_letters else [False, True]
    best: tuple[float, str] | None = None
    for choice in product(elisions, repeat=len(places)):
        text = list(token)
        for place, elided in zip(places, choice, strict=True):
            if elided:
                text[place] = "’"
        filled = _fill_pieces("".join(text), before)
        if filled is not None and (best is None or french.text(filled) > best[0]):
            best = (french.text(filled), filled)
    return best[1] if best else None


def _fill_pieces(text: str, before: str) -> str | None:
    pieces = re.split(r"([’'\d_]+)", text)
    for number, piece in enumerate(pieces):
        following = pieces[number + 1] if number + 1 < len(pieces) else ""
        if following[:1] == "’" and piece.lower() not in _ELIDED:
            return None
        if GONE in piece:
            words = by_remains().get(piece.lower())
            name = _as_a_name(piece) if not words else ""
            if not words and not name:
                return None
            pieces[number] = _cased(words[0], piece, before if number == 0 else "x") if words else name
        elif number and pieces[number - 1] == "’" and not piece:
            return None
    return "".join(pieces)


def _as_a_name(remains: str) -> str:
    """An unknown word with each gap read as é, è or ê, by far the most frequent accents, as its letters allow best."""
    gaps = remains.count(GONE)
    if not 0 < gaps < 4 or len(remains) < 4:
        return ""
    best = max(product("éèê", repeat=gaps), key=lambda letters: spelling(_with(remains, letters).lower()))
    word = _with(remains, best)
    return word if spelling(word.lower()) > -3.6 * (len(word) + 1) else ""


def _with(remains: str, letters: Iterable[str]) -> str:
    parts = remains.split(GONE)
    return "".join(a + b for a, b in zip(parts, [*letters, ""], strict=True))


def _cased(word: str, remains: str, before: str) -> str:
    """``word`` in the case its remains show, and a capital where a sentence starts with the missing letter."""
    kept = [char for char in remains if char.isalpha()]
    if len(kept) > 1 and all(char.isupper() for char in kept):
        return word.upper()
    if word in capitals():
        return capitals()[word]
    letters = list(word)
    if remains[:1].isupper() or (remains[:1] == GONE and _SENTENCE_END.search(before)):
        letters[0] = letters[0].upper()
    return "".join(letters)


# --- dropped without a trace -----------------------------------------------------------------------------------------


def dropped_letters(words: Mapping[str, int], lost: frozenset[str], two_spaces: int) -> frozenset[str]:
    """Which accented letters a document has far fewer of than French has; empty where its words do not miss them.

    ``words``: letter runs in lower case and their counts; ``lost``: what an accident found at work loses;
    ``two_spaces``: how often two spaces meet between words.
    """
    letters: Counter[str] = Counter()
    total = 0
    for word, count in words.items():
        total += len(word) * count
        for char in word:
            if char in _ACCENTED:
                letters[char] += count
    scarce = {
        char for char, share in _EXPECTED.items() if letters[char] < 0.15 * share / 100 * total or letters[char] == 0
    }
    if not scarce:
        return frozenset()
    allowed = frozenset(scarce | {char for char in _RARE if not letters[char]})
    telling: Counter[str] = Counter()
    against = 0
    for word in words:
        if len(word) > 2 and word_score(word) < -20.0 and word.isalpha():
            found = _candidates(word, allowed)
            if found and word_score(found[0]) > -15.5 and word_score(found[0]) > word_score(word) + 8:
                telling.update(set(found[0]) & allowed)
            else:
                against += 1
    evidence = sum(telling.values())
    if not lost and (evidence < 2 or evidence < 0.15 * against):
        return frozenset()
    found = {char for char in allowed if telling[char] or (char in _EXPECTED and total * _EXPECTED[char] < 300)}
    if "à" in scarce and two_spaces > 0.2 * total * _EXPECTED["à"] / 100:
        found.add("à")
    return frozenset(
        found | {char for char in lost if char.lower() not in _EXPECTED or char.lower() in scarce or char.isupper()}
    )


def _candidates(word: str, allowed: frozenset[str]) -> list[str]:
    """Words that leave ``word`` when their letters in ``allowed`` are dropped (and no other)."""
    return [
        found
        for found in by_drop().get(word.translate(_DROP), ())
        if found != word and word == _without(found, allowed)
    ]


def _without(word: str, allowed: frozenset[str]) -> str:
    """What is left of ``word`` when letters are dropped; its first letter counts as a capital where only that is lost."""
    rest = "".join(char for char in word[1:] if char not in allowed)
    return rest if word[0] in allowed or word[0].upper() in allowed else word[0] + rest


def restore_dropped(text: str, allowed: frozenset[str]) -> list[Change]:
    """Changes that put dropped letters back, word by word, and « à » where it left two spaces."""
    changes: list[Change] = []
    capitals_lost = frozenset(char.lower() for char in allowed if char.isupper())
    choices: dict[str, list[str]] = {}
    previous = ""
    for match in WORD.finditer(text):
        word = match[0]
        lower = word.lower()
        if lower not in choices or word.isupper():
            choices[lower] = _weighed(lower, allowed | capitals_lost if word.isupper() else allowed)
        if "’" in allowed and (elided := _elided(word, choices[lower][0])):
            changes.append(Change(match.start() + elided, match.start() + elided, "’", DROPPED, 0.8))
        elif len(choices[lower]) > 1:
            before, following = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 12]
            chosen = _in_context(choices[lower], previous, before, following)
            if (
                chosen != lower
                and word != "Mme"
                and (len(word) > 1 or _ALONE.match(before[-1:] + word + following[:1]))
            ):
                after = _recased(chosen, word, before, allowed)
                changes += _differences(word, after, match.start(), DROPPED, 0.85)
                lower = chosen
        previous = lower
    if "à" in allowed:
        changes += (Change(m.start() + 1, m.start() + 1, "à", DROPPED, 0.7) for m in _TWO_SPACES.finditer(text))
        changes += (
            Change(m.end(), m.end(), "à", DROPPED, 0.8) for m in re.finditer(r"\b[Jj]usqu’(?= )|-l(?=[ .,;])", text)
        )
    if "°" in allowed:
        changes += (Change(m.end(), m.end(), "°", DROPPED, 0.8) for m in re.finditer(r"\b[nN](?= ?\d)", text))
    return changes


_ALONE = re.compile(r"[\s’']\w\s")
_TWO_SPACES = re.compile(r"(?<=[\w»),;€%])  (?=[\w«(])")
_AUXILIARIES = frozenset(
    [
        "a",
        "ont",
        "été",
        "est",
        "sont",
        "être",
        "fut",
        "furent",
        "était",
        "étaient",
        "avait",
        "avaient",
        "avoir",
        "ayant",
        "sera",
        "seront",
        "soit",
        "aurait",
        "auraient",
        "ai",
        "avons",
        "étant",
        "serait",
        "seraient",
    ]
)
_AGENT = re.compile(r" (?:par|pour|lors|avec|aux?|le \d|en \d|en \w+ \d)\b")
_WHOLE = frozenset(["mlle", "mm", *_ELIDED])


def _elided(word: str, best: str) -> int:
    """Where a word parts into an elided one and another (``lunanimité``); 0 where it is likelier whole."""
    for cut in (2, 1):
        head, tail = word[:cut].lower(), word[cut:]
        if (
            head in _ELIDED
            and len(tail) > 1
            and tail[0].lower() in _VOWELS
            and word_score(tail) - 5.0 > word_score(best)
        ):
            return cut
    return 0


def _weighed(word: str, allowed: frozenset[str]) -> list[str]:
    """What ``word`` may have been, best first; the word itself where it may be whole."""
    if word in _WHOLE and word != "t":
        return [word]
    found = _candidates(word, allowed)
    if len(word) == 1:
        return [*(w for w in found if w in ("où", "là", "été")), word][:2]
    return sorted([word, *found], key=lambda w: -word_score(w))


def _in_context(choices: Sequence[str], previous: str, before: str, following: str) -> str:
    """The best choice; a vowel after an elision, a past participle after an auxiliary or before its agent."""
    if before[-1:] in ("’", "'") and before[-2:-1].isalpha() and choices[0][0] not in _VOWELS:
        return next((word for word in choices if word[0] in _VOWELS), choices[0])
    if previous in _AUXILIARIES or _AGENT.match(following):
        for word in choices:
            if word.endswith(("é", "ée", "és", "ées")) and word_score(word) > word_score(choices[0]) - 5:
                return word
    return choices[0]


_VOWELS = frozenset("aeiouyhàâäéèêëîïôöùûüœæ")


def _recased(word: str, remains: str, before: str, allowed: frozenset[str]) -> str:
    """``word`` in the case of what is left of it; what is left stays where it contradicts the word."""
    starts_lost = word[0] in _ACCENTED and remains[0].lower() != word[0]
    if len(remains) > 1 and remains.isupper():
        return word.upper() if len(remains) > 4 else remains
    if starts_lost and remains[0].isupper():
        return remains
    if word in capitals():
        return capitals()[word]
    opens = _SENTENCE_END.search(before) is not None
    if starts_lost and word[0] not in allowed and not opens:
        return remains  # only capitals are lost, and none is due here
    if remains[0].isupper() or (starts_lost and opens):
        return word[0].upper() + word[1:]
    return word


def _differences(before: str, after: str, start: int, family: str, confidence: float) -> list[Change]:
    """The change from one short string to another, cut down to what differs."""
    if before == after:
        return []
    if len(before) == len(after):
        return [
            Change(start + place, start + place + 1, new, family, confidence)
            for place, (old, new) in enumerate(zip(before, after, strict=True))
            if old != new
        ]
    return _by_insertion(before, after, start, family, confidence)


def _by_insertion(before: str, after: str, start: int, family: str, confidence: float) -> list[Change]:
    """One insertion a missing letter where ``after`` only adds to ``before``; else one change for the whole."""
    changes: list[Change] = []
    place = 0
    for char in after:
        if place < len(before) and before[place] == char:
            place += 1
        elif changes and changes[-1].start == start + place:
            changes[-1] = changes[-1]._replace(after=changes[-1].after + char)
        else:
            changes.append(Change(start + place, start + place, char, family, confidence))
    if place == len(before):
        return changes
    return [Change(start, start + len(before), after, family, confidence)]


def words_of(texts: Sequence[str]) -> Counter[str]:
    """Letter runs of a document in lower case, with their counts."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update(WORD.findall(text.lower()))
    return words
