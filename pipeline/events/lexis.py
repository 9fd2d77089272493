"""The room's tables, read once: kinds.toml (what may happen), grammar.toml (how a clause is built), and those of wordings.

Why: a wording that is missed is mended by a word in a table, not by code.
Limits: the tables hold what administrations write of urban policy; a novel would defeat them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.lexicon import zipf_scores
from pipeline.wordings import word_table

from .verbs import AUXILIARIES, Form, forms_of, learnt_forms

PLAIN = {"’": "'", "\u00a0": " ", "\u202f": " ", "\n": " "}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One kind of event: its triggers, the words one of which must stand by, and whether it puts a site under a programme."""

    name: str
    label: str
    head: str
    verbs: frozenset[str]
    needs: frozenset[str]
    under: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexis:
    """Tables ready for use: forms of all verbs, kinds by verb and by noun, and the word lists by name.

    ``noun_heads``: the words ``nouns`` begin with. ``by_column``: kind by the noun that names a column of dates.
    ``assemblies``: nouns of bodies, without their accents. ``calling``: words beside verbs that may open a clause.
    ``phrasal``: forms of the first words of verbs of several.
    """

    kinds: tuple[EventKind, ...]
    forms: dict[str, tuple[Form, ...]]
    bare_present: dict[str, str]
    listed: frozenset[str]
    phrasal: frozenset[str]
    by_verb: dict[str, tuple[EventKind, ...]]
    by_noun: dict[str, tuple[EventKind, ...]]
    nouns: re.Pattern[str]
    noun_heads: frozenset[str]
    verbs: dict[str, frozenset[str]]
    words: dict[str, frozenset[str]]
    phrases: dict[str, re.Pattern[str]]
    by_column: dict[str, str]
    calling: frozenset[str]
    assemblies: frozenset[str]


def plain(text: str) -> str:
    """Lower case, straight apostrophes, plain spaces: as many code points as before, so offsets hold."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters (« İ ») grow when lowered
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for sign, plain_sign in PLAIN.items():
        lowered = lowered.replace(sign, plain_sign)
    return lowered


class _Bare(dict[int, str]):
    """What each letter is without its accents, filled as letters are met."""

    def __missing__(self, code: int) -> str:
        letters = unicodedata.normalize("NFD", chr(code))
        self[code] = bare_letters = "".join(c for c in letters if not unicodedata.combining(c))
        return bare_letters


_BARE = _Bare()


def bare(text: str) -> str:
    """Lower case without accents: « DÉCIDE » and « DECIDE » are one."""
    return text.lower().translate(_BARE)


def holds(text: str, words: str, *, unless: str = "\0") -> bool:
    """Whether ``words`` stand in ``text`` as whole words, without ``unless`` right behind them."""
    at = text.find(words)
    while at >= 0:
        end = at + len(words)
        if _edge(text, at) and _edge(text, end) and not text.startswith(unless, end):
            return True
        at = text.find(words, at + 1)
    return False


def _edge(text: str, at: int) -> bool:
    """Whether a word begins or ends at ``at``."""
    return (at > 0 and _of_word(text[at - 1])) != (at < len(text) and _of_word(text[at]))


def _of_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _plural(noun: str) -> str:
    first, space, rest = noun.partition(" ")
    return (first if first[-1] in "sxz" else first + "s") + space + rest


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"(?<![\w'-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w-])")


def read_kinds(
    rows: list[dict[str, Any]],
) -> tuple[list[EventKind], dict[str, tuple[EventKind, ...]], dict[str, tuple[EventKind, ...]]]:
    """The kinds, and which of them each verb and each noun (without accents, singular and plural) may call for."""
    kinds: list[EventKind] = []
    by_verb: dict[str, tuple[EventKind, ...]] = {}
    by_noun: dict[str, tuple[EventKind, ...]] = {}
    for row in rows:
        kind = EventKind(
            name=row["name"],
            label=row["label"],
            head=row["head"],
            verbs=frozenset(row["verbs"]),
            needs=frozenset(row.get("needs", ())),
            under=row.get("under", False),
        )
        kinds.append(kind)
        for verb in row["verbs"]:
            by_verb[verb] = (*by_verb.get(verb, ()), kind)
        for noun in row["nouns"]:
            for form in {bare(noun), bare(_plural(noun))}:
                by_noun[form] = (*by_noun.get(form, ()), kind)
    return kinds, by_verb, by_noun


@cache
def word_list(name: str) -> frozenset[str]:
    """A word list of ``grammar.toml``, where no ``Lexis`` is at hand."""
    return frozenset(word_table(__file__, "grammar.toml")["words"][name]["words"])


@cache
def lexis() -> Lexis:
    """Read both tables."""
    kinds_table = word_table(__file__, "kinds.toml")["kind"]
    grammar = word_table(__file__, "grammar.toml")
    kinds, by_verb, by_noun = read_kinds(kinds_table)
    verbs = {name: frozenset(row["words"]) for name, row in grammar["verbs"].items()}
    auxiliaries = {form.lemma for form in AUXILIARIES.values()}
    learnt = learnt_forms(zipf_scores())
    table = forms_of({*by_verb, *(verb for group in verbs.values() for verb in group)} - auxiliaries)
    listed = frozenset(reading.lemma for readings in table.values() for reading in readings)
    for form, readings in table.items():
        if all(" " in reading.lemma for reading in readings):  # « entrer en vigueur » does not forbid « entrer chez »
            table[form] = readings + learnt.get(form, ())
    words = {name: word_list(name) for name in grammar["words"]}
    return Lexis(
        kinds=tuple(kinds),
        listed=listed,
        phrasal=frozenset(form for form, readings in table.items() if any(" " in row.lemma for row in readings)),
        bare_present={
            bare(form): reading.lemma
            for form, readings in table.items()
            for reading in readings
            if reading.tense == "present" and not form.endswith("nt")
        },
        forms=learnt | table | {form: (reading,) for form, reading in AUXILIARIES.items()},
        by_verb=by_verb,
        by_noun=by_noun,
        nouns=_any_of(list(by_noun)),
        noun_heads=frozenset(word for noun in by_noun for word in re.findall(r"\w+", noun)[:1]),
        verbs=verbs,
        words=words,
        calling=words["relative"]
        | words["subordinate"]
        | words["coordination"]
        | {"que", "qu'", "ne", "n'", "se", "s'"},
        by_column={noun: found[0].name for noun, found in by_noun.items() if not found[0].needs}
        | {bare(noun): row["name"] for row in kinds_table for noun in row.get("columns", ())},
        assemblies=frozenset(map(bare, grammar["words"]["body_heads"]["words"])),
        phrases={name: _any_of(row["words"]) for name, row in grammar["phrases"].items()},
    )
