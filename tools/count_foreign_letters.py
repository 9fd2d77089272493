"""Counts where other languages write the letters French lacks, for ``pipeline/repair/foreign_letters.csv``.

Why: names of other languages stand in French archives, and only their letters' neighbours tell « Simões » from « Sim»es ».
Idea: in a language's most frequent words, how often a bare letter between two others bears its accent: often (``usual``), or
now and then (``seen``); what the languages say is put together, the likelier word of any of them counting.
Limits: one letter on either side is looked at; languages that wordfreq does not hold are the few rows of ``_OTHERS``.
Source: wordfreq 3.1.1 (data CC BY-SA 4.0).
Run: ``python tools/count_foreign_letters.py``, and redirect its output to the table.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable

import wordfreq

from pipeline.repair.foreign import EDGE, bare

_LANGUAGES = "ca cs da de es fi hu is it lt lv nb nl pl pt ro sh sk sl sv tr vi"
_FRENCH = frozenset("àâçéèêëîïôûùœ")  # what French itself says of these is better
_CENTIBELS = 650  # words rarer than this (zipf 2.5) are names and slips of other languages
_MOST_WORDS = 60_000
_OWN = 0.004  # share of a language's words that hold a letter of its own
_LEAST_SEEN = 3
_SEEN, _USUAL = 0.02, 0.2
# letter, before, after, language: written from grammars, where no list of words is at hand.
_OTHERS = (
    ("ñ", "aeiou", f"{EDGE}vjt", "br"),  # a nasal vowel: « an Oriañ », « glañv »
    ("ñ", "i", "ai", "eu"),
    ("ñ", EDGE, "aeiou", "es"),
    ("ü", "aehilrtxz", "aeikrtxz", "eu"),  # Souletin
    ("ò", "bcdfghjlmnprstvz", f"{EDGE}cdlmnrstz", "oc"),
    ("ó", "bcdfghilmnprstvz", f"{EDGE}n", "oc"),
    ("á", "bcdfghilmnprstvz", f"{EDGE}s", "oc"),
    ("í", "cdlmnrstz", "acns", "oc"),
    ("ß", "aeiou", f"{EDGE}abcefghiklmnorstuwz", "de"),  # the list writes ss
    ("ì", "bdfhlmnrstw", "bdklmnrst", "gsw"),  # Alsatian as it is spelt today: « Stùb », « Hìrsch »
    ("ä", "bdfghlmnprstwz", "bcdgklmnrstuz", "gsw"),
)


def contexts(language: str) -> Iterable[tuple[str, str, str, float]]:
    """Letter, the bare letter before and after it, and the share of that place it has, for a language's own letters."""
    ranks = wordfreq.get_frequency_list(language, wordlist="best")[:_CENTIBELS]
    words = [word for words in ranks for word in words if word.isalpha()][:_MOST_WORDS]
    holding = Counter(letter for word in words for letter in set(word) if not letter.isascii())
    own = {letter for letter, count in holding.items() if count > _OWN * len(words) and bare(letter)} - _FRENCH
    places: Counter[str] = Counter()
    there: Counter[tuple[str, str]] = Counter()
    for word in words:
        plain = f"{EDGE}{''.join(map(bare, word))}{EDGE}"
        if len(plain) != len(word) + 2:
            continue
        for place, letter in enumerate(word):
            places[plain[place : place + 3]] += 1
            there[letter, plain[place : place + 3]] += letter in own
    for (letter, around), count in there.items():
        if count >= _LEAST_SEEN:
            yield letter, around[0], around[2], count / places[around]


def main() -> None:
    """Write the table to standard output."""
    usual, seen, languages = (defaultdict[tuple[str, str], set[str]](set) for _ in range(3))
    for language in _LANGUAGES.split():
        for letter, before, after, share in contexts(language):
            if share >= _SEEN:
                (usual if share >= _USUAL else seen)[letter, before].add(after)
                languages[letter, before].add(language)
    for (letter, before), afters in list(usual.items()):
        if letter == "ö" and "de" in languages[letter, before]:  # French writes the names of Alsace so: « Schœlcher »
            seen["œ", before] |= afters
            languages["œ", before].add("gsw")
    for letter, befores, afters, language in _OTHERS:
        for before in befores:
            seen[letter, before] |= set(afters)
            languages[letter, before].add(language)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["letter", "before", "usual", "seen", "languages"])
    for key in sorted(languages):
        rows = ("".join(sorted(some)) for some in (usual[key], seen[key] - usual[key]))
        writer.writerow([*key, *rows, " ".join(sorted(languages[key]))])


if __name__ == "__main__":
    main()
