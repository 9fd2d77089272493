"""Corrections by hand, a line each, that survive every new run.

Why: the historian knows better, and must not have to say it twice.
Idea: ``corrections.csv`` beside the corpus, columns ``action, document, page, words, kind, value, why``. ``document`` is
a file name or id, empty for all; ``page`` empty for all pages; ``words`` is the mention as it stands in the text.

| action | does |
| --- | --- |
| accept | makes every occurrence of the words a mention of ``kind`` (``value``: entity id or name, may be empty) |
| reject | removes mentions with these words (of ``kind``, if given) |
| relabel | gives mentions with these words the kind in ``value`` |
| merge | links mentions with these words to the entity (id or name) in ``value`` |
| split | gives mentions with these words, in that document, an entity of their own, named ``value`` |

Limits: words are compared folded (case, accents, apostrophes), so two spellings are two lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from pipeline.entities.folding import fold
from pipeline.entities.gazetteer import rows
from pipeline.errors import CallError
from pipeline.records import Document, Kind, Mention

ACTIONS = ("accept", "reject", "relabel", "merge", "split")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One line of ``corrections.csv``; ``page`` is ``None`` for every page."""

    action: str
    document: str
    page: int | None
    words: str
    kind: str
    value: str
    why: str

    def concerns(self, document: Document, page: int) -> bool:
        """Whether the line speaks about this page of this document."""
        named = self.document in ("", document.document_id, document.source.filename, document.source.path)
        return named and self.page in (None, page)


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The lines of ``corrections.csv``, in order. Raises ``CallError`` naming the line that cannot be used."""
    corrections = []
    for line, cells in rows(path):
        corrections.append(_correction(cells, f"{path}, line {line}"))
    return tuple(corrections)


def _correction(cells: dict[str, str], where: str) -> Correction:
    action, page = cells.get("action", ""), cells.get("page", "")
    if action not in ACTIONS:
        raise CallError(f"{where}: action must be one of {', '.join(ACTIONS)}")
    if not cells.get("words"):
        raise CallError(f"{where}: no words")
    if page and not page.isdigit():
        raise CallError(f"{where}: page must be a number or empty")
    kind = cells.get("value" if action == "relabel" else "kind", "")
    if action in ("accept", "relabel") and kind not in get_args(Kind):
        raise CallError(f"{where}: {kind!r} is none of {', '.join(get_args(Kind))}")
    return Correction(
        action=action,
        document=cells.get("document", ""),
        page=int(page) if page else None,
        words=cells["words"],
        kind=cells.get("kind", ""),
        value=cells.get("value", ""),
        why=cells.get("why", ""),
    )


def correct(
    mentions: Iterable[Mention],
    corrections: Iterable[Correction],
    document: Document,
    make: Callable[[int, int, int, Kind], Mention],
    entity_of: Callable[[str, str, bool], str],
) -> list[Mention]:
    """Apply the corrections that concern the document, in order.

    ``make(page, start, end, kind)`` builds a mention; ``entity_of(name_or_id, kind, own)`` gives an entity's id (``own``:
    one that only this document has).
    """
    found = list(mentions)
    for item in corrections:
        if item.action == "accept":
            found = _accept(found, item, document, make, entity_of)
        else:
            found = [new for old in found for new in _apply(old, item, document, entity_of)]
    return sorted(found, key=lambda mention: (mention.page, mention.start, mention.end))


def _apply(
    mention: Mention, item: Correction, document: Document, entity_of: Callable[[str, str, bool], str]
) -> list[Mention]:
    meant = item.concerns(document, mention.page) and fold(mention.surface) == fold(item.words)
    if not meant or (item.kind and item.kind != mention.kind):
        return [mention]
    method = f"correction:{item.action}"
    if item.action == "reject":
        return []
    if item.action == "relabel":
        kind: Kind = next(known for known in get_args(Kind) if known == item.value)
        head = mention.mention_id.rsplit(":", 1)[0]
        link = entity_of(mention.surface, kind, False)
        return [replace(mention, mention_id=f"{head}:{kind}", kind=kind, method=method, entity_id=link, value=None)]
    link = entity_of(item.value, mention.kind, item.action == "split")
    return [replace(mention, method=method, entity_id=link)]


def _accept(
    found: list[Mention],
    item: Correction,
    document: Document,
    make: Callable[[int, int, int, Kind], Mention],
    entity_of: Callable[[str, str, bool], str],
) -> list[Mention]:
    kind: Kind = next(known for known in get_args(Kind) if known == item.kind)
    words = fold(item.words)
    for page in document.pages:
        key, at = fold(page.text), 0
        while item.concerns(document, page.number) and (at := key.find(words, at)) >= 0:
            end = at + len(words)
            whole = not (key[at - 1 : at].isalnum() or key[end : end + 1].isalnum())
            if whole:
                found = [m for m in found if m.page != page.number or m.end <= at or m.start >= end]
                link = entity_of(item.value or item.words, kind, False)
                mention = make(page.number, at, end, kind)
                found.append(replace(mention, method="correction:accept", confidence=1.0, entity_id=link))
            at = end
    return found
