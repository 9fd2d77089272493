"""Words cut at a line's end put together again, and true compounds kept whole.

Why: ``amé-`` / ``nagement`` must be found as one word, but ``Meurthe-`` / ``et-Moselle`` keeps its hyphen; extraction
engines write the cut as a hyphen, as U+FFFE (pdfium) or as a soft hyphen, and in some fonts a soft hyphen is a minus.
Idea: the document's own words decide first; then capitals, figures and compound prefixes; then the lexicon, which knows
``aménagement`` but no ``amé`` and no ``nagement``.
Limits: a compound the document uses once and the lexicon holds as one word too (``contre-maître``) may lose its hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from pipeline import lexicon
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import French, word_score
from pipeline.repair.small_words import small_words

FAMILY = "line-end hyphen"
_CUT = re.compile(r"([-\u2010\u00ad\ufffe])([ \t]*(?:\r?\n[ \t]*){1,3}|(?<=[\u00ad\ufffe])[ \t]*)(\w+)")
_MINUS = re.compile(r"\u00ad(?<![\w\u00ad]\u00ad)(?=\d)")
_LOOSE = re.compile(r"\ufffe")
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_KEEP_AFTER, _KEEP_BEFORE = small_words("keeps_hyphen_behind"), small_words("keeps_hyphen_before")
_WORD_OF_NAMES = 3.5  # zipf score of a word that stands before any name: « SAINT- », « FLEURY- »
_HYPHEN_COST = 2.0  # nats against two words with a hyphen, when one word is as likely


def compounds(tokens: Iterable[str]) -> set[str]:
    """Hyphenated words among those a document writes inside its lines, in lower case, by pairs of neighbours."""
    found: set[str] = set()
    for token in tokens:
        if "-" in token:
            for match in _COMPOUND.finditer(token.lower()):
                found.update(f"{a}-{b}" for a, b in pairwise(match[0].split("-")))
    return found


def has_cuts(text: str) -> bool:
    """Whether a text may hold words cut at a line's end: a quick test."""
    return any(sign in text for sign in _CUT_SIGNS)


_CUT_SIGNS = ("-\n", "-\r", "- \n", "-\t\n", "\u00ad", "\ufffe", "\u2010")


def mend_hyphens(text: str, own: Mapping[str, int], pairs: set[str], flow: str = "lines") -> list[Change]:
    """Changes that rejoin words cut at line ends.

    ``own``: the document's words; ``pairs``: its compounds; ``flow``: what a blank line means, see ``Page``.
    """
    changes: list[Change] = []
    for head, match in _cuts(text):
        hyphen, gap, tail = match.groups()
        before = match.start() - len(head)
        keep = keeps_hyphen(head, tail, own, pairs, cut_before=text[before - 1 : before] == "-")
        blank = gap.count("\n") > 1
        apart = blank and (keep or flow == "blocks")  # another block, or a paragraph of its own
        if (
            apart
            or (tail.isupper() and len(tail) > 2 and not head.isupper())
            or head.isdigit() != tail.isdigit()
            or (len(tail) == 1 and not (tail.isdigit() and not gap))
        ):
            continue
        start, end = match.start(), match.end(2)
        if not keep:
            changes.append(Change(start, end, "", FAMILY, 0.95))
        elif hyphen not in "-\u2010":
            changes.append(Change(start, end, "-", FAMILY, 0.9))
        else:
            changes.append(Change(match.start(2), end, "", FAMILY, 0.9))
    changes += (Change(m.start(), m.end(), "-", "soft hyphen as minus", 0.9) for m in _MINUS.finditer(text))
    taken = {place for change in changes for place in range(change.start, change.end)}
    changes += (Change(m.start(), m.end(), "-", FAMILY, 0.8) for m in _LOOSE.finditer(text) if m.start() not in taken)
    return changes


def _cuts(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The words cut at a line's end: what stands before the sign, and the sign with what follows; none is told twice."""
    done = 0
    for match in _CUT.finditer(text):
        start = match.start()
        while start > done and (text[start - 1].isalnum() or text[start - 1] in "_'’"):
            start -= 1
        if start < match.start():
            yield text[start : match.start()], match
            done = match.end()


def keeps_hyphen(head: str, tail: str, own: Mapping[str, int], pairs: set[str], *, cut_before: bool = False) -> bool:
    """Whether the hyphen between the two parts of a cut word is its own."""
    last = re.split(r"[’']", head)[-1].lower()
    first = tail.lower()
    whole = last + first
    if not last.isalpha() or not first.isalpha():
        return True
    if f"{last}-{first}" in pairs:
        return own.get(whole, 0) < 2
    if own.get(whole, 0) > 0 and not cut_before:
        return False
    if tail[0].isupper():
        compound = cut_before and word_score(whole) < -14.0  # SAINT-REMY-DE-CHAUDES- / AIGUES
        return not head.isupper() or compound or (_may_be_a_name(last, first) and not French({}).known(whole))
    if (last in _KEEP_AFTER or first in _KEEP_BEFORE) and word_score(whole) < -14.0:
        return True
    if cut_before and word_score(whole) < -14.0:
        return True
    if word_score(last) < -20.0 or word_score(first) < -20.0:
        return False
    return word_score(last) + word_score(first) - _HYPHEN_COST > word_score(whole)


def _may_be_a_name(last: str, first: str) -> bool:
    """Whether two parts in capitals may be two names: the first is a word, and not just a syllable that is one too."""
    known = French({}).known
    return known(last) and (known(first) or lexicon.zipf(last) > _WORD_OF_NAMES)
