"""What a run's report counts of one document: small enough to travel where the document itself does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

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


def joined(volumes: Sequence[Summary]) -> Summary:
    """The summary of a document from those of its volumes; the last one says what became of it."""
    timings: defaultdict[str, float] = defaultdict(float)
    for volume in volumes:
        for room, seconds in volume.timings:
            timings[room] += seconds
    return replace(
        volumes[-1],
        pages=sum(volume.pages for volume in volumes),
        needs_ocr=sum(volume.needs_ocr for volume in volumes),
        characters=_added([volume.characters for volume in volumes]),
        found=_added([volume.found for volume in volumes]),
        timings=tuple(timings.items()),
    )


def _added(counts: Sequence[dict[str, int]]) -> dict[str, int]:
    return {name: sum(count[name] for count in counts) for name in counts[0]}
