"""The order in which a document is mended, and the test that lets sound text pass.

Why: most text is sound, and must come through untouched and fast; broken text may suffer from several things at once.
Idea: passes in turn, each reading the text the last one left, until each has run since the last change; so repairing
twice is repairing once by construction. Evidence (sound words, suspicious words, accidents chosen) is gathered over all
pages of a document.
Limits: a document that still changes after the last round keeps its last state.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, cycle, islice

from pipeline.records import Doubt, Edit
from pipeline.repair.accented import GONE, words_of
from pipeline.repair.apart import join_accents
from pipeline.repair.apostrophes import lost_apostrophes, restore_apostrophes, scarce
from pipeline.repair.changes import Change, apply_changes, compose, in_order
from pipeline.repair.characters import halve_doubled, is_doubled, last_resort, second_opinion, tidy
from pipeline.repair.doubts import find_doubts, suggest
from pipeline.repair.dropped import capitals_dropped, dropped_letters, restore_dropped, restore_stretches
from pipeline.repair.escapes import read_escapes
from pipeline.repair.gaps import fill_gaps
from pipeline.repair.hyphens import compounds, has_cuts, mend_hyphens
from pipeline.repair.hypotheses import Hypothesis, bank, hypothesis, keeping_figures
from pipeline.repair.joints import is_plain_case, mend_splits, pieces_among, promising_lines
from pipeline.repair.letterspaced import close_letters
from pipeline.repair.likelihood import French, word_score
from pipeline.repair.misread import misread_words, restore_misread
from pipeline.repair.numbered import number_table, read_numbers
from pipeline.repair.reflow import reflow
from pipeline.repair.run_together import mend_joined
from pipeline.repair.runs import choose, gained, mend_runs, unexplained
from pipeline.repair.solve_alphabet import solve_alphabet
from pipeline.repair.solve_signs import solve_signs
from pipeline.repair.sound import common_words, is_french, tokens_of, unsound
from pipeline.repair.stripped import restore_stripped, stripped_pages

_ROUNDS = 6
_PLAIN_SPLITS = 0.001  # plainly split words a word of a text known to be split
_HINTS = 2  # joins beyond doubt, were the text known to be split, that show it is
_STRAY = re.compile(r" (?<=[^\W\d_] )(?:[,.](?=\s)|-[^\W\d_])")  # a space before a comma, or before a hyphen
_LEARNED = 6.0  # nats each sign of a solved table must bring over known accidents for it to be believed instead
_SHORT = 40  # words of a text in which one plain case is enough
_SOLVED = 100_000  # characters of a document its tables are solved from
_NUMBER = re.compile(r"(?<!\S)\d{2,}(?!\S)")
_FEW_NUMBERS = 2
_NO_WORD = -18.0  # nats
_GONE = frozenset("\ufffd\ufffe\u00ad")  # signs no table can read
_CONTROLS = re.compile("[\x80-\x9f]")
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
        if not changes:
            return
        ordered = in_order(changes)
        self.edits = compose(self.text, self.edits, self.raw, ordered)
        self.text = apply_changes(self.text, ordered)


class Desk:
    """The pages of one document at work, and what their words say; evidence is gathered anew when a text changes."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.french = French({})
        self._texts: list[str] = []
        self._tokens: Counter[str] = Counter()
        self._suspicious: dict[str, int] = {}
        self._words: Counter[str] | None = None
        self._uncommon: set[str] = set()
        self._strange: set[str] = set()
        self._weighed: set[str] = set()
        self.lost: frozenset[str] = frozenset()  # what the accidents found lose without a trace
        self.unsolved: frozenset[str | int] = (
            frozenset()
        )  # words no table of their own explains, beside how many accidents

    @property
    def texts(self) -> list[str]:
        """The pages' texts so far."""
        return [draft.text for draft in self.drafts]

    @property
    def tokens(self) -> Counter[str]:
        """How often each token (no white space) occurs."""
        self._refresh()
        return self._tokens

    @property
    def in_french(self) -> bool:
        """Whether the pages are French, or too short to tell: code and other languages have no words to mend by likeness."""
        size = sum(self.tokens.values())
        return size <= _SHORT or is_french(self.tokens)

    @property
    def uncommon(self) -> set[str]:
        """The tokens that are no common words."""
        self._refresh()
        return self._uncommon

    @property
    def suspicious(self) -> dict[str, int]:
        """The tokens that are not sound French, with their counts."""
        self._refresh()
        return self._suspicious

    @property
    def words(self) -> Counter[str]:
        """Letter runs in lower case, with their counts."""
        self._refresh()
        if self._words is None:
            self._words = words_of(self._tokens)
        return self._words

    def _refresh(self) -> None:
        texts = self.texts
        if texts == self._texts:
            return
        self._texts, self._words = texts, None
        self._tokens = Counter(chain.from_iterable(map(tokens_of, texts)))
        self._uncommon = set(self._tokens).difference(common_words())
        self._strange |= unsound(self._uncommon.difference(self._weighed))
        self._weighed |= self._uncommon
        self._suspicious = {token: count for token, count in self._tokens.items() if token in self._strange}


def mend(drafts: Sequence[Draft]) -> None:
    """Mend the pages of one document in place."""
    desk = Desk(drafts)
    quiet = 0  # passes since the last one that changed something
    for one_pass in islice(cycle(_PASSES), _ROUNDS * len(_PASSES)):
        before = desk.texts
        one_pass(desk)
        quiet = quiet + 1 if desk.texts == before else 0
        if quiet == len(_PASSES):
            break
    suggestions = suggest(desk.suspicious)
    for draft in drafts:
        draft.doubts = find_doubts(draft.raw, draft.text, draft.edits, suggestions)


def _tidy(desk: Desk) -> None:
    doubled = any(len(token) >= 6 and is_doubled(token) for token in desk.suspicious)
    for draft in desk.drafts:
        draft.change(read_escapes(draft.text))
        draft.change(tidy(draft.text))
        draft.change(close_letters(draft.text))
        draft.change(join_accents(draft.text, desk.french))
        if doubled:
            draft.change(halve_doubled(draft.text, desk.french))


def _read_numbers(desk: Desk) -> None:
    if (table := number_table(desk.texts)) is not None:
        for draft in desk.drafts:
            draft.change(read_numbers(draft.text, table))


def _mend_runs(desk: Desk) -> None:
    """Undo the accidents found; notes what they lose without a trace."""
    desk.lost = frozenset()
    if not desk.suspicious:
        return
    size = sum(desk.tokens.values())
    share = sum(desk.suspicious.values()) / size
    capitals = _has_capitals(desk.tokens, 0.01 * size)
    states = choose(desk.suspicious, desk.french, bank(), share=share, capitals=capitals)
    solved = _solve(desk, states)
    if solved:
        rivals = choose(desk.suspicious, desk.french, [*bank(), *solved], share=share, capitals=capitals)
        left, least = (len(unexplained(desk.suspicious, some, desk.french)) for some in (states, rivals))
        more = gained(desk.suspicious, rivals, desk.french) - gained(desk.suspicious, states, desk.french)
        learned = sum(len(state.table) for state in solved) if states else 0
        if least < left and more > _LEARNED * learned:
            states, desk.unsolved = rivals, frozenset()
    states = [keeping_figures(state) if _keeps_figures(state, desk.texts) else state for state in states]
    desk.lost = _lost(states, desk.texts)
    if states:
        for draft in desk.drafts:
            changes = mend_runs(draft.text, desk.french, states)
            if any(state.name.startswith("utf-8") for state in states):
                changes = second_opinion(draft.text, apply_changes(draft.text, in_order(changes))) or changes
            draft.change(changes)
    strange = [token for token in desk.suspicious if not token.isascii()]
    if strange:
        for draft in desk.drafts:
            draft.change(last_resort(draft.text, strange))


def _lost(states: Sequence[Hypothesis], texts: Iterable[str]) -> frozenset[str]:
    """What accidents at work lose; controls that are still there were not lost, and are read as any other sign."""
    lost = frozenset().union(*(state.lost for state in states))
    if lost and any(_CONTROLS.search(text) for text in texts):
        return lost.difference(*(state.table.values() for state in states))
    return lost


def _keeps_figures(state: Hypothesis, texts: Sequence[str]) -> bool:
    """Whether an accident that breaks figures too left them whole: none of the signs it makes of them is there, and there
    are figures that would read as no word."""
    broken = {key for key, char in state.table.items() if char.isdigit()} if state.whole else set()
    if not broken or not all(broken.isdisjoint(text) for text in texts):
        return False
    numbers = {number for text in texts for number in _NUMBER.findall(text)}
    return sum(word_score(state.decode(number).lower()) < _NO_WORD for number in numbers) >= _FEW_NUMBERS


def _has_capitals(tokens: Mapping[str, int], least: float) -> bool:
    """Whether more than ``least`` tokens begin with a capital."""
    for token, count in tokens.items():
        if token[0].isupper():
            least -= count
            if least < 0:
                return True
    return False


def _solve(desk: Desk, states: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Tables no bank holds, solved from the text, where suspicious words are left that no known accident explains."""
    left = [word for word in unexplained(desk.suspicious, states, desk.french) if _GONE.isdisjoint(word)]
    question: frozenset[str | int] = frozenset([*left, _kinds(states)])
    if not left or desk.unsolved.issuperset(question):
        return []
    desk.unsolved = question
    text = "\n".join(desk.texts)[:_SOLVED]
    found: list[Hypothesis] = []
    if is_french(desk.tokens):
        found += solve_signs(text, left, desk.suspicious, accidents=_kinds(states))
    if len(left) > 0.4 * len(desk.tokens) and (alphabet := solve_alphabet(text)):
        found.append(hypothesis(UNKNOWN_ALPHABET, alphabet.mapping))
    return found


def _kinds(states: Iterable[Hypothesis]) -> int:
    """How many accidents are at work, the variants of one counted once."""
    return len({state.name.split(",")[0] for state in states})


def _fill_gaps(desk: Desk) -> None:
    for draft in desk.drafts:
        if GONE in draft.text or "?" in draft.text:
            draft.change(fill_gaps(draft.text, desk.french))


def _restore_dropped(desk: Desk) -> None:
    if not desk.lost and sum(token.strip(".,;:()").isalpha() for token in desk.suspicious) < 2:
        return
    allowed = dropped_letters(desk.words, desk.lost, sum(text.count("  ") for text in desk.texts))
    if allowed:
        capitals_too = capitals_dropped(desk.tokens, allowed)
        for draft in desk.drafts:
            draft.change(restore_dropped(draft.text, allowed, capitals_too=capitals_too))
        return
    for draft, changes in zip(desk.drafts, restore_stretches(desk.texts), strict=True):
        draft.change(changes)


def _restore_stripped(desk: Desk) -> None:
    for draft, stripped in zip(desk.drafts, stripped_pages(desk.texts), strict=True):
        if stripped:
            draft.change(restore_stripped(draft.text))


def _restore_misread(desk: Desk) -> None:
    if not desk.in_french:
        return
    words = misread_words(desk.uncommon, desk.suspicious, sum(desk.tokens.values()))
    for draft in desk.drafts:
        draft.change(restore_misread(draft.text, words))


def _restore_apostrophes(desk: Desk) -> None:
    expected = "’" in desk.lost
    every = scarce(desk.texts)
    least = 1 if expected else 2 if every else 3
    telling = lost_apostrophes(desk.tokens if every or expected else desk.suspicious, least=least)
    if telling:
        for draft in desk.drafts:
            draft.change(restore_apostrophes(draft.text, telling, every=every))


def _mend_hyphens(desk: Desk) -> None:
    if not any(has_cuts(text) for text in desk.texts) or not desk.in_french:
        return
    own = desk.words
    pairs = compounds(desk.tokens)
    for draft in desk.drafts:
        if has_cuts(draft.text):
            draft.change(mend_hyphens(draft.text, own, pairs, draft.flow))


def _reflow(desk: Desk) -> None:
    for draft in desk.drafts:
        draft.change(reflow(draft.text, draft.flow))


def _mend_joints(desk: Desk) -> None:
    if not desk.in_french:
        return
    pieces = pieces_among(desk.uncommon, desk.suspicious)
    lines = [promising_lines(text, desk.french, pieces) for text in desk.texts]
    if any(lines):
        _mend_splits(desk, pieces, lines)
    for draft in desk.drafts:
        draft.change(mend_joined(draft.text, desk.suspicious))


def _mend_splits(desk: Desk, pieces: frozenset[str], lines: Sequence[Sequence[tuple[int, str]]]) -> None:
    own = {word: count for word, count in desk.words.items() if len(word) >= 5 or (len(word) == 4 and count > 1)}
    french = French(own)  # what the document writes whole in one place vouches for it in another
    careful, hints = (
        [
            mend_splits(text, french, split_text=known, lines=some, pieces=pieces)
            for text, some in zip(desk.texts, lines, strict=True)
        ]
        for known in (False, True)
    )
    size = sum(desk.tokens.values())
    cases = sum(1.0 if is_plain_case(change) else 0.5 for changes in careful for change in changes)
    cases += 0.5 * min(2, sum(len(_STRAY.findall(text)) for text in desk.texts))
    split_text = cases > _PLAIN_SPLITS * size and cases >= (1.5 if size > _SHORT else 1.0)
    pairs = Counter(
        _pair(text, change)
        for text, changes in zip(desk.texts, hints, strict=True)
        for change in changes
        if is_plain_case(change)
    )
    hinted = sum(count == 1 for count in pairs.values())  # chance hardly splits one word twice in one place
    split_text = split_text or (hinted >= _HINTS and hinted > _PLAIN_SPLITS * size)
    for draft, changes in zip(desk.drafts, careful, strict=True):
        if split_text:
            changes = mend_splits(draft.text, french, split_text=True)
            changes = [
                change
                for change in changes
                if pairs[pair := _pair(draft.text, change)] < 2 or len(min(pair, key=len)) < 3
            ]
        draft.change(changes)


def _pair(text: str, change: Change) -> tuple[str, str]:
    """The tokens on either side of a space."""
    before, after = text[max(0, change.start - 40) : change.start].split(), text[change.end : change.end + 40].split()
    return (before[-1] if before else "", after[0].rstrip(".,;:") if after else "")


_PASSES = (
    _tidy,
    _read_numbers,
    _mend_runs,
    _fill_gaps,
    _restore_dropped,
    _restore_stripped,
    _restore_misread,
    _restore_apostrophes,
    _mend_hyphens,
    _reflow,
    _mend_joints,
)
