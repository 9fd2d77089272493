"""Changes made one after another, kept as one list of edits against the raw text.

Why: mending takes several passes, each working on the text the last one left, yet every change must be shown, and undone,
against the raw text.
Idea: a pass returns ``Change``s against the text it was given; ``compose`` folds them into the edits made so far. Changes
that touch the result of an earlier edit are merged with it; all others stay apart, as small as they can be.
Limits: a merged edit carries one family, that of its first change that is more than white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.records import Edit


class Change(NamedTuple):
    """One change to the text a pass was given: ``text[start:end]`` becomes ``after``."""

    start: int
    end: int
    after: str
    family: str
    confidence: float


class _Piece(NamedTuple):
    """A stretch of the middle text touched by an edit (``edit``) or a change (``change``)."""

    start: int
    end: int
    edit: Edit | None
    change: Change | None


def apply_changes(text: str, changes: Iterable[Change]) -> str:
    """``text`` with sorted, non-overlapping ``changes`` made."""
    pieces: list[str] = []
    done = 0
    for change in changes:
        pieces += (text[done : change.start], change.after)
        done = change.end
    pieces.append(text[done:])
    return "".join(pieces)


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The changes sorted by place, without those that overlap an earlier, surer one."""
    kept: list[Change] = []
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if not kept or change.start >= kept[-1].end + (change.end == change.start == kept[-1].start):
            kept.append(change)
        elif change.confidence > kept[-1].confidence and (len(kept) < 2 or change.start >= kept[-2].end):
            kept[-1] = change
    return kept


def compose(middle: str, edits: Sequence[Edit], raw: str, changes: Sequence[Change]) -> list[Edit]:
    """Edits from ``raw`` to the text that ``changes`` make of ``middle``, where ``edits`` made ``middle`` of ``raw``."""
    if not changes:
        return list(edits)
    if not edits:
        return [edit for change in changes if (edit := _first(raw, change)) is not None]
    composed: list[Edit] = []
    shift = 0  # middle offset minus raw offset, after every edit closed so far
    for cluster in _clusters(edits, changes):
        if len(cluster) == 1 and (untouched := cluster[0].edit) is not None:
            composed.append(untouched)
            shift += len(untouched.after) - len(untouched.before)
            continue
        start, end = cluster[0].start, max(piece.end for piece in cluster)
        raw_start = start - shift
        first_edit = next((piece.edit for piece in cluster if piece.edit is not None), None)
        if first_edit is not None and cluster[0].edit is first_edit:
            raw_start = first_edit.start
        for piece in cluster:
            if piece.edit is not None:
                shift += len(piece.edit.after) - len(piece.edit.before)
        made = [piece.change for piece in cluster if piece.change is not None]
        if not made and first_edit is not None:
            composed.append(first_edit)
            continue
        local = [change._replace(start=change.start - start, end=change.end - start) for change in made]
        after = apply_changes(middle[start:end], local)
        merged = _merged(raw, raw_start, end - shift, after, cluster)
        if merged is not None:
            composed.append(merged)
    return composed


def _first(raw: str, change: Change) -> Edit | None:
    """The edit of a change to a text nothing has changed yet; ``None`` where it changes nothing."""
    before, after = raw[change.start : change.end], change.after
    if before == after:
        return None
    if len(before) > 1 and len(after) > 1 and (before[0] == after[0] or before[-1] == after[-1]):
        return _merged(raw, change.start, change.end, after, [_Piece(change.start, change.end, None, change)])
    return Edit(
        start=change.start,
        end=change.end,
        before=before,
        after=after,
        family=change.family,
        confidence=change.confidence,
    )


def _clusters(edits: Sequence[Edit], changes: Sequence[Change]) -> Iterable[list[_Piece]]:
    """Edits and changes in order of the middle text, grouped where they truly overlap."""
    pieces: list[_Piece] = []
    shift = 0
    for edit in edits:
        start = edit.start + shift
        pieces.append(_Piece(start, start + len(edit.after), edit, None))
        shift += len(edit.after) - len(edit.before)
    pieces += (_Piece(change.start, change.end, None, change) for change in changes)
    pieces.sort(key=lambda p: (p.start, p.end, p.edit is None))
    cluster: list[_Piece] = []
    reach = -1
    for piece in pieces:
        if cluster and piece.start < reach:
            cluster.append(piece)
        else:
            if cluster:
                yield cluster
            cluster = [piece]
            reach = piece.end
        reach = max(reach, piece.end)
    if cluster:
        yield cluster


def _tells(part: Edit | Change) -> int:
    """How much a part of a cluster is worth as its name: what writes or cuts signs, then the last change of white space."""
    if part.after.strip() or (isinstance(part, Edit) and part.before.strip()):
        return 2
    return int(not isinstance(part, Edit))


def _merged(raw: str, start: int, end: int, after: str, cluster: Sequence[_Piece]) -> Edit | None:
    """One edit for a cluster, cut down to what differs; ``None`` where nothing does."""
    before = raw[start:end]
    if before == after:
        return None
    parts: list[Edit | Change] = [p.edit or p.change for p in cluster if p.edit or p.change]  # type: ignore[misc]
    family = max(parts, key=_tells).family
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Edit(
        start=start + head,
        end=end - tail,
        before=before[head : len(before) - tail],
        after=after[head : len(after) - tail],
        family=family,
        confidence=min(part.confidence for part in parts),
    )
