"""Letters that were dropped without a trace (``rnovation``, ``lunanimité``).

Why: a reader that does not know a code prints nothing; no table can bring the letter back, only the lexicon can.
Idea: letters count as dropped where the document has far fewer of them than French has, and its unknown words become
known with them, or where an accident found at work loses them. Then every word is weighed, since ``pass`` may be
``passé``; an auxiliary before, or « par » after, speaks for a participle.
Where not the whole document lost them, stretches of lines without an é are judged apart.
Limits: ``entre`` for ``entrée`` stays; a dropped à shows only where two spaces meet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline import lexicon
from pipeline.repair.accented import (
    ACCENTED,
    DROP,
    ELIDED,
    EXPECTED,
    RARE,
    by_drop,
    capitals,
    differences,
    opens_sentence,
    words_of,
)
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import VOWELS, WORD, word_score
from pipeline.repair.small_words import small_words
from pipeline.repair.sound import is_french

DROPPED = "letter dropped"
_COMMON = -15.5  # nats of a word that may have lost a letter
_MANY = 3  # different letters dropped that show all were
_ELIDING = VOWELS | {"h"}  # letters that a word elided begins with
_UNKNOWN = -16.0  # nats of a word that may be what is left of another


def dropped_letters(words: Mapping[str, int], lost: frozenset[str], two_spaces: int) -> frozenset[str]:
    """Which accented letters a document has far fewer of than French has; empty where its words do not miss them.

    ``words``: letter runs in lower case and their counts; ``lost``: what an accident found at work loses;
    ``two_spaces``: how often two spaces meet between words.
    """
    whole = "".join(word * count for word, count in words.items())
    letters, total = Counter({char: whole.count(char) for char in ACCENTED}), len(whole)
    scarce = {
        char for char, share in EXPECTED.items() if letters[char] < 0.15 * share / 100 * total or letters[char] == 0
    }
    if not scarce:
        return frozenset()
    allowed = frozenset(scarce | {char for char in RARE if not letters[char]})
    telling: Counter[str] = Counter()
    against = 0
    for word in set(words).difference(lexicon.zipf_scores()):
        if len(word) > 2 and word_score(word) < -20.0 and word.isalpha():
            found = candidates(word, allowed)
            if found and word_score(found[0]) > _COMMON and word_score(found[0]) > word_score(word) + 8:
                telling.update(set(found[0]) & allowed)
            else:
                against += 1
    evidence = sum(telling.values())
    if not lost and (evidence < 2 or evidence < 0.15 * against):
        return frozenset()
    likely = {char for char in allowed if telling[char]}
    if evidence >= 2 and not lost:
        likely |= {char for char in allowed if char in EXPECTED and total * EXPECTED[char] < 300}
    if len(likely) >= _MANY and not lost:  # not a few codes, but whatever bears an accent
        likely |= allowed
    if "à" in scarce and two_spaces > 0.2 * total * EXPECTED["à"] / 100:
        likely.add("à")
    vanished = {
        char
        for char in lost
        if not char.islower() or letters[char] <= max(2.0, 0.5 * EXPECTED.get(char, 0.0) / 100 * total)
    }
    return frozenset(likely | vanished)


def restore_stretches(texts: Sequence[str]) -> list[list[Change]]:
    """Changes for each text of a document of which only a page, or a part of one, lost its accented letters.

    Lines in a row that hold no é, and as many letters as would hold several, are judged together, apart from the others.
    """
    bare = [_without_e(text) for text in texts]
    parts = [text[start:end] for text, spans in zip(texts, bare, strict=True) for start, end in spans]
    tokens = Counter(token for part in parts for token in part.split())
    if not is_french(tokens):
        return [[] for _ in texts]
    allowed = dropped_letters(words_of(tokens), frozenset(), sum(part.count("  ") for part in parts))
    if "é" not in allowed:
        return [[] for _ in texts]
    return [
        [
            change._replace(start=change.start + start, end=change.end + start)
            for start, end in spans
            for change in restore_dropped(text[start:end], allowed, capitals_too=False)
        ]
        for text, spans in zip(texts, bare, strict=True)
    ]


def _without_e(text: str) -> list[tuple[int, int]]:
    """The long stretches of whole lines of a text that hold no é."""
    stretches: list[tuple[int, int]] = []
    start = place = 0
    for line in text.splitlines(keepends=True):
        if "é" in line:
            stretches.append((start, place))
            start = place + len(line)
        place += len(line)
    stretches.append((start, place))
    return [(start, end) for start, end in stretches if end - start >= _STRETCH]


_STRETCH = 300  # characters that hold some five é


def candidates(word: str, allowed: frozenset[str]) -> list[str]:
    """Words that leave ``word`` when their letters in ``allowed`` are dropped (and no other)."""
    return [
        found for found in by_drop().get(word.translate(DROP), ()) if found != word and word == _without(found, allowed)
    ]


def _without(word: str, allowed: frozenset[str]) -> str:
    """What is left of ``word`` when letters are dropped; its first letter counts as a capital where only that is lost."""
    rest = "".join(char for char in word[1:] if char not in allowed)
    return rest if word[0] in allowed or word[0].upper() in allowed else word[0] + rest


def capitals_dropped(tokens: Iterable[str], allowed: frozenset[str]) -> bool:
    """Whether a word in capitals, that is none, is one with a dropped capital; a word that is one may lack its accent."""
    lost = frozenset(char.lower() for char in allowed if char.isupper())
    return bool(lost) and any(
        (found := candidates(word.lower(), lost)) and word_score(found[0]) > _COMMON
        for token in tokens
        if token.isupper()
        for word in WORD.findall(token)
        if len(word) > 3 and word_score(word.lower()) < _UNKNOWN
    )


def restore_dropped(text: str, allowed: frozenset[str], *, capitals_too: bool) -> list[Change]:
    """Changes that put dropped letters back, word by word, and « à » where it left two spaces.

    ``capitals_too``: whether words in capitals lost letters (see ``capitals_dropped``).
    """
    changes: list[Change] = []
    upper = allowed | frozenset(char.lower() for char in allowed if char.isupper() and capitals_too)
    choices: dict[str, list[str]] = {}
    previous = ""
    for match in WORD.finditer(text):
        word = match[0]
        key = lower = word.lower()
        if word.isupper():
            key = word
        if key not in choices:
            choices[key] = _weighed(lower, upper if word.isupper() else allowed)
        if len(choices[key]) > 1 and word not in _TITLES and not _is_name(match, previous, choices[key][0]):
            before, following = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 12]
            chosen = _in_context(choices[key], lower, previous, before, following)
            if chosen != lower and (len(word) > 1 or _ALONE.match(before[-1:] + word + following[:1])):
                after = _recased(chosen, word, allowed, opens=opens_sentence(text, match.start()))
                changes += differences(word, after, match.start(), DROPPED, 0.85)
                lower = chosen
        previous = lower
    for letter, pattern, confidence in _PLACES:
        if letter in allowed or (letter == "À" and "à" in allowed and letter not in text):
            changes += (Change(m.end(), m.end(), letter, DROPPED, confidence) for m in pattern.finditer(text))
    if "è" in allowed and _ORDINAL.search(text):
        changes += (Change(m.end(), m.end(), "è", DROPPED, 0.8) for m in _FIRST.finditer(text))
    return changes


_TITLES = frozenset(["Mme", "Mmes", "MME", "MMES"])
_BEFORE_NAMES = frozenset(["mme", "mmes", "mlle", "madame", "monsieur"])
_ALONE = re.compile(r"[\s’']\w\s|[’']t[.,;:)]|[ \u00a0]l[ \u00a0.,;:)…]")
_ORDINAL = re.compile(r"(?<=\d)(?=mes?\b)")  # 2me
_FIRST = re.compile(r"(?<=\b1)(?=res?\b)")  # « 1re » is well written, where there is no « 2me »
# Where a letter of its own left a place that shows it: what stands before the place, and how surely.
_PLACES = (
    ("à", re.compile(r"(?<=[\w»),;€%]) (?= [\w«(])"), 0.7),
    ("à", re.compile(r"(?<=[A-ZÀ-Þ]\.) (?= [a-zà-ÿ])"), 0.7),
    ("À", re.compile(r"(?<=[^\W\d_]{2}\.) (?= [a-zà-ÿ])|(?<=[.!?:]\n)(?= [a-zà-ÿ])"), 0.7),
    ("à", re.compile(r"[Qq]u’(?= )|-l(?=[ .,;])|\bL(?=-(?:haut|bas|dedans|dessus)\b)"), 0.8),
    ("°", re.compile(r"\b[nN](?= ?\d)"), 0.8),
    ("è", _ORDINAL, 0.8),
)
_AUXILIARIES = small_words("auxiliaries")
_COMPLEMENT = re.compile(r" (?:par|pour|lors|avec|aux?|le \d|en \d|en \w+ \d)\b")
_WHOLE = frozenset(["mlle", "mlles", "mm", *ELIDED]).difference("tl")


_NAME_KNOWN = -14.0  # nats
_NAME = 1.5  # nats by which another word must be likelier than a name


def _is_name(match: re.Match[str], previous: str, best: str) -> bool:
    """Whether a word with a capital inside a sentence is a word as it stands, and so a name: « le Mas » is no « Maïs »."""
    word = match[0]
    if not word[0].isupper() or word.isupper() or word_score(word.lower()) < _NAME_KNOWN:
        return False
    if previous in _BEFORE_NAMES:
        return True
    return word_score(best) < word_score(word.lower()) + _NAME and not opens_sentence(match.string, match.start())


def _weighed(word: str, allowed: frozenset[str]) -> list[str]:
    """What ``word`` may have been, best first; the word itself where it may be whole."""
    if word in _WHOLE:
        return [word]
    found = candidates(word, allowed)
    if len(word) == 1:
        return [*(w for w in found if w in ("où", "là", "été")), word][:2]
    return sorted([word, *found], key=lambda w: -word_score(w))


def _in_context(choices: Sequence[str], left: str, previous: str, before: str, following: str) -> str:
    """The best choice; a vowel after an elision, a past participle where its neighbours call for one."""
    elided = before[-1:] in ("’", "'") and before[-2:-1].isalpha()
    if elided and choices[0][0] not in _ELIDING:
        return next((word for word in choices if word[0] in _ELIDING), choices[0])
    if previous in _AUXILIARIES:
        leeway = 0.0 if _SHAPED.search(left) and word_score(left) > _COMMON else _CALLED_FOR
    else:
        alone = elided or previous in _BEFORE_NO_PARTICIPLE or not _COMPLEMENT.match(following)
        leeway = 0.0 if alone else _CALLED_FOR
    for word in choices if leeway else ():
        if word_score(word) > word_score(choices[0]) - leeway and _is_participle(word):
            return word
    return choices[0]


_CALLED_FOR = 5.0  # nats by which a participle may be rarer, where an auxiliary or a complement speaks for it
_SHAPED = re.compile("(?:i|is|it|its|ie|u|us|ue|int|ints|ert|erts)$")  # participles of other verbs
_BEFORE_NO_PARTICIPLE = small_words("no_participle_behind")


def _is_participle(word: str) -> bool:
    """Whether a word is the past participle of a verb in -er (« prés » is none)."""
    ending = _PARTICIPLE.search(word)
    return ending is not None and lexicon.zipf(word[: ending.start()] + "er") > _VERB


_PARTICIPLE = re.compile("(?:é|ée|és|ées)$")
_VERB = 1.5  # zipf score of an infinitive in use


def _recased(word: str, remains: str, allowed: frozenset[str], *, opens: bool) -> str:
    """``word`` in the case of what is left of it; what is left stays where it contradicts the word."""
    starts_lost = word[0] in ACCENTED and remains[0].lower() != word[0]
    if len(remains) > 1 and remains.isupper():
        return word.upper() if len(remains) > 4 else remains
    if starts_lost and remains[0].isupper():
        return remains
    if word in capitals():
        return capitals()[word]
    if starts_lost and word[0] not in allowed and not opens:
        return remains  # only capitals are lost, and none is due here
    if remains[0].isupper() or (starts_lost and opens):
        return word[0].upper() + word[1:]
    return word
