"""Dated events and stated relations of one document.

Why: a historian asks who decided or did what, where, when, under which programme, on whose authority, on which page.
Idea: every date (and every statute that founds a body) is asked whether it dates an act; if so, its clause gives the words,
the kind, the certainty and the participants. No model: tables of triggers and some rules of clauses, so that each line of
the chronology can be explained by the words it stands on.
Limits: an act without any stated time is no event here; what a text leaves unsaid is not guessed.
"""

from __future__ import annotations

from pipeline.records import Document, Found, History

from .finder import events_of, read
from .reading import Reading
from .relations import relations_of

__all__ = ["find_events"]


def find_events(document: Document, found: Found) -> History:
    """Events and document-stated relations, in reading order, from a mended document and what was found in it."""
    state = read(document, found)
    reading = Reading(
        parsed=state.parsed,
        texts={page.number: page.text for page in document.pages},
        mentions=list(found.mentions),
        title=document.info.title or document.source.filename,
        pieces=state.pieces,
        lexis=state.lexis,
        told=state.told,
        communes=state.communes,
    )
    events = events_of(state)
    return History(events=events, relations=relations_of(reading, document.document_id, events))
