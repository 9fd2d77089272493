"""Running heads, feet and page numbers, found by what neighbouring pages share.

Why: a head repeated on forty pages is forty false mentions, and it breaks the sentence that runs over the page.
Idea: lines at a page's edge are compared with the same edge of the pages around it (a window, so memory stays bounded):
the same words at the same height, where every number is the same or counts pages. From the edge inwards, the first line
that is no head ends the margin.
Limits: a head that stands on one page only is text; one that changes with every chapter is found inside the chapter.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

import numpy as np

from pipeline.extract.layout import Layout
from pipeline.extract.lines import Line

WINDOW = 6  # pages looked at on each side
_DEPTH = 0.16  # of the page's height, from the top and from the bottom, in which a margin may lie
_MOST_LINES = 6  # of a running head or foot
_SAME_HEIGHT = 6.0  # points
_LEVEL = 1.0  # points: lines no further apart stand on one height
_TABLE_ROWS = 4  # a ruled table of so many rows is no letterhead; its first row may come back on every page
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:page|pages|p|folio|f°)?[\W_]*(\d{1,4}|[ivxlc]{1,6})(?:[\W_]*(/|sur|de|\|)[\W_]*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|p\.|folio)\s*\d+.*|(?P<one>\d{1,4})\s*(?:/|sur)\s*(?P<all>\d{1,4}))[\W_]*", re.IGNORECASE
)
_FEW_PAGES = 3  # other pages of a short document, or section
Edge = Literal["top", "bottom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    indexes: tuple[int, ...]
    text: str
    words: str
    numbers: tuple[int, ...]
    depth: float
    table: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A page waiting for its neighbours; ``layout`` is ``None`` for a page that could not be read."""

    number: int
    layout: Layout | None
    edges: tuple[tuple[_Candidate, ...], tuple[_Candidate, ...]] = ((), ())


def laid(number: int, layout: Layout | None) -> Laid:
    """Wrap a layout with what its neighbours need to know of it."""
    if layout is None:
        return Laid(number=number, layout=None)
    return Laid(number=number, layout=layout, edges=(_candidates(layout, "top"), _candidates(layout, "bottom")))


def with_families(pages: Iterable[Laid]) -> Iterator[tuple[Laid, list[str]]]:
    """Yield each page with, for each of its lines, the family that cuts it ("" for running text)."""
    window: deque[Laid] = deque()
    waiting = 0
    for page in pages:
        window.append(page)
        waiting += 1
        if waiting > WINDOW:
            yield window[-waiting], _families(window[-waiting], window)
            waiting -= 1
            if len(window) - waiting > WINDOW:
                window.popleft()
    for ready in range(waiting, 0, -1):
        yield window[-ready], _families(window[-ready], window)


def _candidates(layout: Layout, edge: Edge) -> tuple[_Candidate, ...]:
    """The lines of one edge, from the outermost inwards."""
    turned = bool(layout.lines) and layout.lines[0].quadrant % 2 == 1
    height = layout.page.width if turned else layout.page.height
    first, last = (-np.inf, _DEPTH * height) if edge == "top" else (height - _DEPTH * height, np.inf)
    places = [
        (line.y if edge == "top" else height - line.y, line.x0, index)
        for index, line in enumerate(layout.lines)
        if first <= line.y <= last and not layout.families[index] and line.quadrant == layout.lines[0].quadrant
    ]
    found: list[list[tuple[float, float, int]]] = []
    for place in sorted(places):
        if found and place[0] - found[-1][0][0] < _LEVEL:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(
        _candidate(layout, min(level)[0], [n for _, _, n in sorted(level, key=itemgetter(1))]) for level in found
    )


def _candidate(layout: Layout, depth: float, indexes: list[int]) -> _Candidate:
    """What stands on one height, as one line: a page number may have been read with the line it ends, or by itself."""
    lines = [layout.lines[index] for index in indexes]
    text = " ".join(" ".join(line.text(layout.page, 200) for line in lines).split())
    numbers = tuple(int(number) for number in _NUMBER.findall(text)[:9] if len(number) < 12)
    table = max(line.rows for line in lines) >= _TABLE_ROWS
    return _Candidate(
        indexes=tuple(indexes),
        text=text,
        words=_NUMBER.sub("#", text.casefold()),
        numbers=numbers,
        depth=depth,
        table=table,
    )


def _families(page: Laid, window: Iterable[Laid]) -> list[str]:
    if page.layout is None:
        return []
    families = list(page.layout.families)
    others = [other for other in window if other.number != page.number and other.layout is not None]
    for side, family in enumerate(("running-head", "running-foot")):
        for candidate in page.edges[side]:
            outermost = candidate is page.edges[side][0]
            if candidate.table:
                break
            if _is_page_number(candidate, page, others, side):
                named = "page-number"
            elif _is_repeated(candidate, page, others, side, outermost=outermost):
                named = family
            else:
                break
            for index in candidate.indexes:
                families[index] = named
        if sum(name == family for name in families) > _MOST_LINES:  # a printed form, not a margin
            families = ["" if name == family else name for name in families]
    _keep_table_heads(page.layout.lines, families)
    return families


def _is_page_number(candidate: _Candidate, page: Laid, others: list[Laid], side: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(candidate.text)
    if match is None:
        return False
    named = _NAMED_NUMBER.fullmatch(candidate.text)
    if named is not None and (named["one"] is None or int(named["one"]) <= int(named["all"])):
        return True  # « 2013/2 » is no page number
    value = _value(match.group(1))
    if not others:
        return value == page.number
    return any(
        (shown := _PAGE_NUMBER.fullmatch(peer.text)) is not None
        and _value(shown.group(1)) - value == other.number - page.number
        and abs(peer.depth - candidate.depth) < 2 * _SAME_HEIGHT
        for other in others
        for peer in other.edges[side]
    )


def _is_repeated(candidate: _Candidate, page: Laid, others: list[Laid], side: int, *, outermost: bool) -> bool:
    """Whether other pages bear the same line; among many pages, one other is enough for the outermost line of a
    neighbour only: a formula may begin two pages by chance."""
    letters = sum(char.isalpha() for char in candidate.words)
    if letters < 3 and not candidate.numbers:
        return False
    apart = [
        abs(other.number - page.number)
        for other in others
        if any(
            _agree(candidate, peer, other.number - page.number)
            for peer in other.edges[side]
            if peer.words == candidate.words
        )
    ]
    if len(apart) == 1 and len(others) > 1:
        return letters >= 8 and (len(others) <= _FEW_PAGES or (outermost and apart[0] == 1))
    return bool(apart)


def _agree(one: _Candidate, two: _Candidate, pages_apart: int) -> bool:
    """Whether two lines of the same words stand on one height, and their numbers are the same or count pages."""
    return (
        abs(one.depth - two.depth) <= _SAME_HEIGHT
        and len(one.numbers) == len(two.numbers)
        and all(b - a in (0, pages_apart) for a, b in zip(one.numbers, two.numbers, strict=True))
    )


def _keep_table_heads(lines: tuple[Line, ...], families: list[str]) -> None:
    """A row of three cells or more standing right above text is a table's head, though it comes back on every page."""
    for index, (line, family) in enumerate(zip(lines, families, strict=True)):
        if family != "running-head" or line.cells < 3 or index + 1 == len(lines) or families[index + 1]:
            continue
        if lines[index + 1].y - line.y < 1.9 * line.size:
            families[index] = ""


def _value(shown: str) -> int:
    if shown.isdigit():
        return int(shown)
    value, previous = 0, 0
    for digit in (dict(i=1, v=5, x=10, l=50, c=100)[char] for char in reversed(shown.casefold())):
        value += digit if digit >= previous else -digit
        previous = max(previous, digit)
    return value
