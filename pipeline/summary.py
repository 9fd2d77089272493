"""What a run's report counts of one document: small enough to travel where the document itself does not."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import Outcome, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts of one outcome. Characters: ``extracted`` = ``kept`` + ``replaced``; ``written`` stands in their place."""

    path: str
    status: Status
    error: str | None
    claimed_pages: int
    pages: int
    needs_ocr: int
    characters: dict[str, int]
    found: dict[str, int]
    timings: tuple[tuple[str, float], ...]


def summary_of(outcome: Outcome) -> Summary:
    """Count one outcome."""
    pages = outcome.document.pages
    extracted = sum(len(page.page.raw_text) for page in pages)
    replaced = sum(len(edit.before) for page in pages for edit in page.edits)
    return Summary(
        path=outcome.document.source.path,
        status=outcome.status,
        error=outcome.error,
        claimed_pages=outcome.claimed_pages,
        pages=len(pages),
        needs_ocr=sum(page.page.needs_ocr for page in pages),
        characters={
            "extracted": extracted,
            "kept": extracted - replaced,
            "replaced": replaced,
            "written": sum(len(edit.after) for page in pages for edit in page.edits),
        },
        found={
            "mentions": len(outcome.found.mentions),
            "events": len(outcome.history.events),
            "relations": len(outcome.found.relations) + len(outcome.history.relations),
            "corrections by hand": outcome.found.corrections,
        },
        timings=outcome.timings,
    )
