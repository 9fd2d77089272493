"""Relations a document states."""

from __future__ import annotations

from pipeline.records import Document, Found, Relation


def relations_of(document: Document, found: Found) -> tuple[Relation, ...]:
    """Relations in reading order."""
    return ()
