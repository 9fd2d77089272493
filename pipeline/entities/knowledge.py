"""Everything the room knows before it reads: entries of the gazetteers, heads of the grammar, first names.

Why: a researcher adds a name by adding a line, and the next run must use it, in every worker alike.
Idea: every name, alias, acronym and grammar head is a pattern over words (``folding``, no punctuation), found in one
pass by Aho-Corasick. A fingerprint of all files says whether two runs knew the same.
Limits: a name is matched by its words, not by its meaning; choosing between homonyms is left to the decision.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick_rs

from pipeline.entities import gazetteer
from pipeline.entities.corrections import Correction, read_corrections
from pipeline.entities.folding import WORD, fold
from pipeline.entities.gazetteer import Entry
from pipeline.entities.reading import Reading

HERE = Path(__file__).parent
# sections of grammar.toml whose rows are found by their words
SECTIONS = ("site", "body", "programme", "place", "person", "role", "back", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What one sequence of words may stand for: a name of an entry, or a head (a row of the grammar).

    ``after``: the words of which one must stand before (« du » before « Mans »); empty for none.
    """

    entry_id: str = ""
    acronym: str = ""
    capital: bool = False
    after: tuple[str, ...] = ()
    section: str = ""
    row: int = -1
    plural: bool = False


class Hit(NamedTuple):
    """A pattern met on a page: words ``first`` to ``last`` (inclusive)."""

    first: int
    last: int
    pattern: Pattern


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Gazetteers, grammar and corrections, ready to match.

    ``fingerprint``: hex digest of every file read. ``unused``: lines of a researcher's tables that could not be used.
    """

    entries: Mapping[str, Entry]
    grammar: Mapping[str, Any]
    first_names: frozenset[str]
    corrections: tuple[Correction, ...]
    fingerprint: str
    patterns: tuple[tuple[Pattern, ...], ...]
    automaton: ahocorasick_rs.AhoCorasick
    successions: tuple[tuple[str, str], ...]
    acronyms: Mapping[tuple[str, str], tuple[str, ...]]
    unused: tuple[str, ...] = ()

    def without(self, names: Iterable[str]) -> Knowledge:
        """The same knowledge, less every gazetteer entry that has one of ``names`` (for honest evaluation)."""
        hidden = {words_key(name) for name in names}
        kept = {
            entry_id: entry
            for entry_id, entry in self.entries.items()
            if not any(words_key(form) in hidden for form, _ in gazetteer.forms(entry))
        }
        return _assemble(kept, self.grammar, self.first_names, self.corrections, self.fingerprint + "-less")

    def scan(self, reading: Reading) -> list[Hit]:
        """Every pattern met on the page, overlapping ones too, in order of the text."""
        haystack = " " + " ".join(reading.words) + " "
        spaces = accumulate((len(word) + 1 for word in reading.words), initial=0)
        index_of = {at: index for index, at in enumerate(spaces)}  # by the space before each word, and the last one
        hits = []
        for number, start, end in self.automaton.find_matches_as_indexes(haystack, overlapping=True):
            first, last = index_of[start], index_of[end - 1] - 1
            before = reading.words[first - 1] if first else ""
            hits += [
                Hit(first, last, pattern)
                for pattern in self.patterns[number]
                if not pattern.after or before in pattern.after
            ]
        return sorted(hits, key=itemgetter(0, 1))


@lru_cache(maxsize=1 << 16)  # the same few thousand words and names come back on every page
def words_key(name: str) -> str:
    """A name as its folded words, one space between: the form patterns are matched in."""
    return " ".join(word.replace(".", "").replace("-", "") for word in WORD.findall(fold(name)))


def load_knowledge(extra: Path | None = None) -> Knowledge:
    """Read the room's gazetteers and grammar, and a corpus' own ``gazetteers/*.csv`` and ``corrections.csv``.

    ``extra``: the corpus folder (or its ``gazetteers`` folder). Raises ``CallError`` for a file that cannot be used,
    naming the file, the line and the remedy.
    """
    files = [*sorted((HERE / "gazetteers").glob("*.csv")), HERE / "grammar.toml"]
    own, corrections = _files_of(extra)
    entries = dict(_room_entries())
    unused: list[str] = []
    for path in own:
        listed, left_out = gazetteer.own_entries(path)
        entries |= {entry.entry_id: entry for entry in listed}
        unused += left_out
    grammar = tomllib.loads((HERE / "grammar.toml").read_text(encoding="utf-8"))
    mappings = [path.with_suffix(".toml") for path in own if path.with_suffix(".toml").exists()]
    knowledge = _assemble(
        entries,
        grammar,
        gazetteer.first_names(HERE / "gazetteers" / "first_names.csv"),
        read_corrections(corrections) if corrections else (),
        _digest([*files, *own, *mappings, *([corrections] if corrections else [])]),
    )
    return replace(knowledge, unused=tuple(unused))


def _assemble(
    entries: Mapping[str, Entry],
    grammar: Mapping[str, Any],
    first_names: frozenset[str],
    corrections: tuple[Correction, ...],
    fingerprint: str,
) -> Knowledge:
    patterns = _patterns(entries.values(), grammar)
    keys = sorted(patterns)
    acronyms: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in entries.values():
        if entry.acronym:
            slot = (entry.kind, words_key(entry.acronym))
            acronyms[slot] = (*acronyms.get(slot, ()), entry.entry_id)
    return Knowledge(
        entries=entries,
        grammar=grammar,
        first_names=first_names,
        corrections=corrections,
        fingerprint=fingerprint,
        patterns=tuple(tuple(patterns[key]) for key in keys),
        automaton=ahocorasick_rs.AhoCorasick([f" {key} " for key in keys]),
        acronyms=acronyms,
        successions=tuple(
            (entry.entry_id, new) for entry in entries.values() for new in entry.successors if new in entries
        ),
    )


@lru_cache(maxsize=1)
def _room_entries() -> Mapping[str, Entry]:
    """The room's own gazetteers, read once a process: they do not change under a run."""
    return {entry.entry_id: entry for entry in gazetteer.room_entries(HERE / "gazetteers")}


def _files_of(extra: Path | None) -> tuple[list[Path], Path | None]:
    if extra is None:
        return [], None
    folder = extra if extra.name == "gazetteers" else extra / "gazetteers"
    corrections = folder.parent / "corrections.csv"
    return sorted(folder.glob("*.csv")), corrections if corrections.exists() else None


def _digest(paths: Iterable[Path]) -> str:
    state = hashlib.sha256()
    for path in paths:
        state.update(path.name.encode())
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


def _patterns(entries: Iterable[Entry], grammar: Mapping[str, Any]) -> dict[str, list[Pattern]]:
    found: dict[str, list[Pattern]] = defaultdict(list)
    for entry in entries:
        for name, acronym in gazetteer.forms(entry):
            for key in _spellings(words_key(name)):
                pattern = Pattern(
                    entry_id=entry.entry_id, acronym=acronym, capital=gazetteer.needs_capital(entry, name)
                )
                if pattern not in found[key]:
                    found[key].append(pattern)
        bare, after = gazetteer.without_article(entry)
        for key in _spellings(words_key(bare)):
            found[key].append(Pattern(entry_id=entry.entry_id, capital=True, after=after))
    for section in SECTIONS:
        for number, row in enumerate(grammar[section]):
            for plural, words in ((False, row.get("words", [])), (True, row.get("plural", []))):
                for word in words:
                    for key in _spellings(words_key(word)):
                        found[key].append(Pattern(section=section, row=number, plural=plural))
    found.pop("", None)
    return found


def _spellings(key: str) -> set[str]:
    """« œuvre » and « oeuvre »: both are met, and both have one letter form in the key."""
    return {key, key.replace("œ", "oe"), key.replace("oe", "œ")}
