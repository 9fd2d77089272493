"""Lines, sentences and tokens of a mended page, with the mentions laid over them.

Why: an event's words, its subject and its participants are found clause by clause; a clause cannot cross a sentence.
Idea: a line ends a block unless the next one plainly goes on; a full stop ends a sentence unless it stands in a mention,
after an abbreviation or a numbering. A mention is one token, whatever it holds (« loi n° 2003-710 du 1er août 2003 »).
Limits: in text whose lines were never joined, a line that ends without a stop before a capital is taken for a block.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from pipeline.records import Mention

from .lexis import Lexis, plain, word_list

TOKEN = re.compile(r"[^\W\d_]+(?:'|\w*(?:[-‑]\w+)*)|\d+(?:[.,]\d+)*|\w+(?:[-‑]\w+)*|[^\w\s]")
BULLET = re.compile(r"\s*(?:[-–—•·▪■●◦*]|\d{1,2}[.)]|[a-z]\))\s+")
_OWN_BULLET = re.compile(r"^(?:[-–•*—]\s|\d+\s\.\s)")
_CAPITAL_FOLLOWS = re.compile(r"\s+[A-ZÀ-Ý«]")
_SPACE = re.compile(r"\s*")
_LAST_WORD = re.compile(r"(\w+)$")
LONGEST_WORD = 40
STOP = re.compile(r"[.!?…]+[»\"”)]*(?=\s)|(?<=[.!?])(?=\s*\(\d\))")
NUMBERING = re.compile(r"\s*(?:[IVX]+|\d{1,2}(?:\.\d{1,2})*|[A-Z])[.)]?$")


class Token(NamedTuple):
    """A word, a sign or a whole mention. ``text`` is plain lower case; ``mention`` is ``None`` for a mere word."""

    start: int
    end: int
    text: str
    mention: Mention | None = None


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A stretch of one page. ``line`` numbers the block it stands in; ``bullet`` says whether that block is a list item.

    ``first`` is True for the first sentence of its block, ``tabled`` for a row of cells; ``low`` is its plain text, ``named``
    are its mentions in reading order.
    """

    page: int
    start: int
    end: int
    line: int
    bullet: bool
    first: bool
    low: str
    tabled: bool
    tokens: tuple[Token, ...]
    named: tuple[Mention, ...]

    def ends(self, signs: str) -> bool:
        """Whether its last token is one of the signs; False where it has none."""
        return bool(self.tokens) and self.tokens[-1].text in signs

    @cached_property
    def opening(self) -> str:
        """Its first plain words, without its bullet."""
        words = " ".join([token.text for token in self.tokens[:14]]).replace("' ", "'")
        return _OWN_BULLET.sub("", words)


def without_overlap(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions in reading order; of two that overlap, the longer (then the first) stays."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, m.start - m.end, m.mention_id)):
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def _goes_on(line: str, following: str) -> bool:
    """Whether the next line is the same sentence: it begins in lower case and nothing ended before it.

    A row of a table never is.
    """
    before, after = line.rstrip(), following.lstrip()
    if not before or not after or before[-1] in ".;:!?" or BULLET.match(following) or ("|" in before and "|" in after):
        return False
    return (
        after[0].islower() or before[-1] in ",(" or before.endswith((" de", " du", " la", " le", " les", " et", " à"))
    )


def blocks(text: str, covered: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of paragraphs, headings and list items; a break inside a mention is no break."""
    out: list[tuple[int, int]] = []
    cursor = 0
    lines = text.splitlines(keepends=True)
    at = 0
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        at += len(line)
        place = bisect_left(covered, (at, 0)) - 1
        inside = place >= 0 and at < covered[place][1]
        if not inside and not _goes_on(line, following):
            if text[cursor:at].strip():
                out.append((cursor, at))
            cursor = at
    return out


def _is_stop(text: str, start: int, match: re.Match[str], covered: list[tuple[int, int]], lexis: Lexis) -> bool:
    """Whether a full stop ends a sentence."""
    at = match.start()
    place = bisect_left(covered, (at, 0)) - 1
    for first, last in covered[max(place, 0) : place + 2]:
        # « C.U.C.S. Le comité »: the stop of an acronym may end the sentence too
        if first <= at < last and (match.end() < last or not _CAPITAL_FOLLOWS.match(text, match.end())):
            return False
    after = _few_after(text, match.end())
    if not after or after[0].islower() or after[0] in ",;:)":
        return False
    head = text[start:at]
    if _only_date(text, start, at, covered):
        return False
    word = _LAST_WORD.search(text, max(start, at - LONGEST_WORD), at)
    if word and match.group().startswith("."):
        if word[1].lower() in lexis.words["abbreviations"] and not head[-1].isdigit():
            return False
        # « 2 750 000 F. Le maire »
        sum_ends = place_ends(covered, at) and head[: -len(word[1])].rstrip()[-1:].isdigit()
        if not sum_ends and len(word[1]) == 1 and word[1].isupper() and after[0].isupper() and len(head.strip()) > 1:
            return not re.search(r"(?:^|[\s(])\w$", head) and len(after) > 2
    return not NUMBERING.fullmatch(head)


def _few_after(text: str, at: int) -> str:
    """The three characters that follow, white space skipped."""
    space = _SPACE.match(text, at)
    start = space.end() if space else at
    return text[start : start + 3]


def place_ends(covered: list[tuple[int, int]], at: int) -> bool:
    """Whether a mention ends right at ``at``."""
    place = bisect_left(covered, (at, 0)) - 1
    return place >= 0 and covered[place][1] == at


def _only_date(text: str, start: int, at: int, covered: list[tuple[int, int]]) -> bool:
    """« 1960. La commune décide … »: a date that heads its line does not end a sentence."""
    place = bisect_left(covered, (at, 0)) - 1
    if place < 0 or covered[place][1] != at:
        return False
    before = text[start : covered[place][0]]
    return (not before.strip() or BULLET.fullmatch(before) is not None) and text[covered[place][0] : at].strip()[
        -1:
    ].isdigit()


def _sentence_spans(
    text: str, start: int, end: int, covered: list[tuple[int, int]], lexis: Lexis
) -> list[tuple[int, int]]:
    out, cursor = [], start
    for match in STOP.finditer(text, start, end):
        if match.end() > cursor and _is_stop(text, cursor, match, covered, lexis):
            out.append((cursor, match.end()))
            cursor = match.end()
    if text[cursor:end].strip():
        out.append((cursor, end))
    return out


def _tokens(low: str, start: int, end: int, mentions: Sequence[Mention]) -> tuple[Token, ...]:
    """Words and signs between mentions, and mentions."""
    out: list[Token] = []
    cursor = start

    def words(stop: int) -> None:
        out.extend([Token(m.start(), m.end(), m[0]) for m in TOKEN.finditer(low, cursor, stop)])

    for mention in mentions:
        words(mention.start)
        out.append(Token(mention.start, mention.end, low[mention.start : mention.end], mention))
        cursor = mention.end
    words(end)
    return tuple(out)


def lead_of(sentence: Sentence) -> list[Mention]:
    """The place or site a paragraph opens with: « Agen. Livraison attendue … », « 3° Cité Bel-Air. – Bâtie … »."""
    if sentence.tokens[-1].text not in ".:" or len(sentence.tokens) > 12:
        return []
    words = [t for t in sentence.tokens if t.mention is None and t.text[0].isalpha() and len(t.text) > 1]
    named = [m for m in sentence.named if not (m.kind == "programme" and len(m.surface) < 8)]
    if (
        len(named) != 1
        or named[0].kind not in ("place", "site")
        or any(w.text not in word_list("ground") for w in words)
    ):
        return []
    return named


def opens_block(sentence: Sentence, before: Sentence | None) -> bool:
    """Whether a sentence is the first of its block, but for a shelfmark or a number (« 92 J 15-31. Couronneries. … »)."""
    if sentence.first or before is None or not before.first:
        return sentence.first
    beside = (before.page, before.line) == (sentence.page, sentence.line)
    return beside and not before.named and all(len(t.text) < 3 or t.text[0].isdigit() for t in before.tokens)


def sentences_of(page: int, text: str, mentions: Sequence[Mention], lexis: Lexis) -> list[Sentence]:
    """All sentences of a page in reading order. ``mentions`` must not overlap and be sorted."""
    low = plain(text)
    covered = [(m.start, m.end) for m in mentions]
    starts = [m.start for m in mentions]
    out: list[Sentence] = []
    for line, (start, end) in enumerate(blocks(text, [span for span in covered if "\n" in text[span[0] : span[1]]])):
        bullet = BULLET.match(text, start)
        for number, (first, last) in enumerate(_sentence_spans(text, start, end, covered, lexis)):
            first += len(text[first:last]) - len(text[first:last].lstrip())
            last -= len(text[first:last]) - len(text[first:last].rstrip())
            inside = mentions[bisect_left(starts, first) : bisect_left(starts, last)]
            out.append(
                Sentence(
                    page=page,
                    start=first,
                    end=last,
                    line=line,
                    bullet=bullet is not None,
                    first=number == 0,
                    low=low[first:last],
                    tabled="\t" in text[first:last],
                    tokens=_tokens(low, first, last, inside),
                    named=tuple(inside),
                )
            )
    return out
