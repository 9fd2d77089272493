"""HTML pages: the main text, as lines.

Why: around an article stand menus, banners and links to other articles, full of names and dates that are not its own.
Idea: trafilatura finds the main text and keeps headings, lists and tables as lines; where it finds none, everything a
reader would see is taken. The charset is what the page declares, unless the bytes contradict it.
Limits: a page that only a script writes is empty here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from pipeline.errors import EmptyDocument, UnreadableDocument
from pipeline.extract.plain import decode
from pipeline.extract.quality import text_quality
from pipeline.records import Page

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# trafilatura writes a table as Markdown; here cells are parted by tabs, as on every other page
_TABLE_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+\s*")
_CELL_ENDS = re.compile(r" \| ")
# elements that need not be closed do not count, since a page may hold thousands of them side by side
_ELEMENT = re.compile(
    r"<(/?)(?!(?:area|base|br|col|colgroup|dd|dt|embed|hr|img|input|li|link|meta|optgroup|option|p|param|rp|rt|source|"
    r"tbody|td|tfoot|th|thead|tr|track|wbr)\b)[a-z][^<>]*?(/?)>",
    re.IGNORECASE,
)
_DEEPEST = 5_000  # elements in one another: browsers stop at 512, parsers take the square of it
# a note's mark stands in brackets, so that no figure grows by one; « m<sup>2</sup> » is a square metre
_RAISED = re.compile(
    r"(\b[kcdh]?m)?\s*<sup\b[^<>]*>\s*(?:<a\b[^<>]*>\s*)?[\[(]?(\d{1,3})[\])]?\s*(?:</a>\s*)?</sup>", re.IGNORECASE
)
_UNSEEN = ("script", "style", "noscript", "template", "nav", "svg", "iframe", "object")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """The main text of an HTML page, and what its head says of it."""

    text: str
    encoding: str
    title: str | None
    language: str | None


def read_html(data: bytes) -> WebPage:
    """Read an HTML page. Raises ``EmptyDocument`` where it shows no text, ``UnreadableDocument`` where its elements are
    nested too deep, and as :func:`plain.decode`."""
    declared = _CHARSET.search(data[:4096])
    markup, encoding = decode(data, declared.group(1).decode("ascii") if declared else None)
    markup = _RAISED.sub(_told_level, markup)
    if markup.count("<") > _DEEPEST and (depth := _depth(markup)) > _DEEPEST:
        raise UnreadableDocument(
            f"the page nests {depth} elements in one another: save its text by itself, and run again"
        )
    tree = LexborHTMLParser(markup)
    title, root = tree.css_first("title"), tree.css_first("html")
    text = trafilatura.extract(markup, include_comments=False, include_tables=True, favor_recall=True) or ""
    tree.strip_tags(list(_UNSEEN))
    seen = tree.body.text(separator="\n", strip=True) if tree.body else ""
    if len(text) < 0.2 * len(seen) and len(text) < 400:
        text = seen
    lines = [_CELL_ENDS.sub("\t", line.strip("| ")) for line in text.split("\n") if not _TABLE_RULE.fullmatch(line)]
    if not "".join(lines).strip():
        raise EmptyDocument("the page shows no text")
    return WebPage(
        text="\n\n".join(line for line in lines if line.strip()),
        encoding=encoding,
        title=(title.text(strip=True) or None) if title else None,
        language=(root.attributes.get("lang") or None) if root else None,
    )


def _told_level(found: re.Match[str]) -> str:
    unit, figure = found.groups()
    return unit + {"2": "²", "3": "³"}[figure] if unit and figure in ("2", "3") else f"{unit or ''}[{figure}]"


def _depth(markup: str) -> int:
    """How deep elements are nested, at most; cheap, and never quadratic."""
    steps = (-1 if end else not alone for end, alone in _ELEMENT.findall(markup))
    return max(accumulate(steps, initial=0))


def pages_of(page: WebPage) -> Iterator[Page]:
    """The one page of an HTML document."""
    yield Page(
        number=1,
        raw_text=page.text,
        method="plain-text",
        flow="blocks",
        engine=page.encoding,
        quality=text_quality(page.text),
    )
