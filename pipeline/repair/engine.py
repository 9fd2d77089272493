"""The order in which a document is mended, and the test that lets sound text pass.

Why: most text is sound, and must come through untouched and fast; broken text may suffer from several things at once.
Idea: a round of passes, each reading the text the last one left, repeated until a round changes nothing; so repairing
twice is repairing once by construction. Evidence (sound words, suspicious words, accidents chosen) is gathered over all
pages of a document.
Limits: a document that still changes after the last round keeps its last state.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.records import Doubt, Edit
from pipeline.repair.changes import Change, apply_changes, compose, in_order
from pipeline.repair.characters import halve_doubled, tidy
from pipeline.repair.hyphens import compounds, mend_hyphens
from pipeline.repair.hypotheses import Hypothesis, bank, hypothesis
from pipeline.repair.joints import mend_joined, mend_splits, plain_cases
from pipeline.repair.likelihood import French
from pipeline.repair.missing import GONE, dropped_letters, fill_gaps, restore_dropped, words_of
from pipeline.repair.reflow import reflow
from pipeline.repair.runs import choose, is_sound, mend_runs, unexplained
from pipeline.repair.solve import solve_accents, solve_ligatures
from pipeline.repair.solve_alphabet import solve_alphabet

_ROUNDS = 6
_SOLVED = 100_000  # characters of a document its tables are solved from
_LEAST_ODD = 3  # different words no known accident explains
_INSIDE = re.compile(r"[^\W\dA-Z_](?:[A-Z]|[^\w\s’'\u2011-])[^\W\dA-Z_]")
UNKNOWN_TABLE = "unknown table"
UNKNOWN_LIGATURES = "unknown ligatures"
UNKNOWN_ALPHABET = "unknown alphabet"


@dataclass(slots=True, kw_only=True)
class Draft:
    """A page on its way: its raw text, the text so far and the edits between them."""

    raw: str
    text: str
    flow: str
    edits: list[Edit] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def change(self, changes: Sequence[Change]) -> None:
        """Make changes to the text so far."""
        ordered = in_order(changes)
        self.edits = compose(self.text, self.edits, self.raw, ordered)
        self.text = apply_changes(self.text, ordered)


@dataclass(slots=True, kw_only=True)
class Evidence:
    """What a document's words say: how often each token occurs, and which of them are suspicious."""

    tokens: Counter[str]
    suspicious: dict[str, int]
    french: French


def gather(texts: Sequence[str]) -> Evidence:
    """Evidence from all pages of one document."""
    tokens: Counter[str] = Counter()
    for text in texts:
        tokens.update(text.split())
    suspicious = {token: count for token, count in tokens.items() if not is_sound(token)}
    return Evidence(tokens=tokens, suspicious=suspicious, french=French({}))


def own_words(texts: Sequence[str]) -> dict[str, int]:
    """The document's words of five letters and more: what it writes whole in one place vouches for it in another."""
    return {word: count for word, count in words_of(texts).items() if len(word) >= 5}


def mend(drafts: Sequence[Draft]) -> None:
    """Mend the pages of one document in place."""
    for _ in range(_ROUNDS):
        before = [draft.text for draft in drafts]
        _tidy(drafts)
        lost = _mend_runs(drafts)
        _fill_gaps(drafts)
        _mend_hyphens(drafts)
        _mend_joints(drafts)
        _restore_dropped(drafts, lost)
        for draft in drafts:
            draft.change(reflow(draft.text, draft.flow))
        if [draft.text for draft in drafts] == before:
            return


def solve(texts: Sequence[str], evidence: Evidence, states: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Tables no bank holds, solved from the text, where suspicious words are left that no known accident explains."""
    left = unexplained(evidence.suspicious, states, evidence.french)
    text = "\n".join(texts)[:_SOLVED]
    found: list[Hypothesis] = []
    odd = sum(not word.isascii() for word in left)
    if (odd >= _LEAST_ODD or (odd and len(states) > 1)) and (accents := solve_accents(text)):
        found.append(hypothesis(UNKNOWN_TABLE, accents.mapping))
    if sum(_INSIDE.search(word) is not None for word in left) >= _LEAST_ODD and (ligatures := solve_ligatures(text)):
        found.append(hypothesis(UNKNOWN_LIGATURES, ligatures.mapping))
    if len(left) > 0.4 * len(evidence.tokens) and (alphabet := solve_alphabet(text)):
        found.append(hypothesis(UNKNOWN_ALPHABET, alphabet.mapping))
    return found


def _tidy(drafts: Sequence[Draft]) -> None:
    french = French({})
    for draft in drafts:
        draft.change(tidy(draft.text))
        draft.change(halve_doubled(draft.text, french))


def _mend_hyphens(drafts: Sequence[Draft]) -> None:
    own = words_of([draft.text for draft in drafts])
    pairs = set().union(*(compounds(draft.text) for draft in drafts))
    for draft in drafts:
        draft.change(mend_hyphens(draft.text, own, pairs))


def _mend_joints(drafts: Sequence[Draft]) -> None:
    texts = [draft.text for draft in drafts]
    evidence = gather(texts)
    french = French(own_words(texts))
    cases = plain_cases(texts, french)
    split_text = cases >= 2 and cases > 0.001 * sum(evidence.tokens.values())
    for draft in drafts:
        draft.change(mend_splits(draft.text, french, split_text=split_text))
        draft.change(mend_joined(draft.text, evidence.suspicious))


def _mend_runs(drafts: Sequence[Draft]) -> frozenset[str]:
    """Undo the accidents found; returns what they lose without a trace."""
    evidence = gather([draft.text for draft in drafts])
    if not evidence.suspicious:
        return frozenset()
    states = choose(evidence.suspicious, evidence.french, bank())
    solved = solve([draft.text for draft in drafts], evidence, states)
    if solved:
        states = choose(evidence.suspicious, evidence.french, [*solved, *bank()])
    if states:
        for draft in drafts:
            draft.change(mend_runs(draft.text, evidence.french, states))
    return frozenset().union(*(state.lost for state in states))


def _fill_gaps(drafts: Sequence[Draft]) -> None:
    french = French({})
    for draft in drafts:
        if GONE in draft.text or "?" in draft.text:
            draft.change(fill_gaps(draft.text, french))


def _restore_dropped(drafts: Sequence[Draft], lost: frozenset[str]) -> None:
    texts = [draft.text for draft in drafts]
    allowed = dropped_letters(words_of(texts), lost, sum(text.count("  ") for text in texts))
    if allowed:
        for draft in drafts:
            draft.change(restore_dropped(draft.text, allowed))
