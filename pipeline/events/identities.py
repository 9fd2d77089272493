"""Mentions by whom or what they name.

Why: « each once », « the same as before » are asked all over the room, of linked names and of names nobody knows.
Limits: an unlinked name is only the same as one spelt like it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.records import Mention


def key_of(mention: Mention) -> str:
    """A mention's identity, or its surface."""
    return mention.entity_id or mention.surface


def each_once(mentions: Iterable[Mention]) -> list[Mention]:
    """The first mention of each identity, in the order given."""
    out: dict[str, Mention] = {}
    for mention in mentions:
        out.setdefault(key_of(mention), mention)
    return list(out.values())
