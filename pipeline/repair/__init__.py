"""The repair room: pages in, the same pages with their French mended, every change kept as an edit.

>>> repair_text("Le D®veloppement de lõhabitat").text
'Le Développement de l’habitat'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import AskFonts, Doubt, Edit, Page, RepairedPage
from pipeline.repair.changes import Change
from pipeline.repair.doubts import font_doubts
from pipeline.repair.engine import Draft, mend
from pipeline.repair.fonts import FontDecision, decide_fonts
from pipeline.repair.hypotheses import Hypothesis
from pipeline.repair.testimony import hear_fonts, heard_changes

__all__ = ["Hypothesis", "Repaired", "repair_on", "repair_pages", "repair_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A mended text. Applying ``edits`` to the raw text gives ``text`` exactly; ``doubts`` are changes not made."""

    text: str
    edits: tuple[Edit, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def repair_text(text: str) -> Repaired:
    """Mend one plain text, of which nothing but its characters is known."""
    draft = Draft(raw=text, text=text, flow="lines")
    mend([draft])
    return Repaired(text=draft.text, edits=tuple(draft.edits), doubts=tuple(draft.doubts))


def repair_pages(pages: Sequence[Page], ask_fonts: AskFonts | None = None) -> list[RepairedPage]:
    """Mend the pages of ONE document, so that what one page, or one font, shows serves the others.

    ``ask_fonts`` asks fonts that are doubted what they say themselves.
    """
    return repair_on(pages, ask_fonts, {})[0]


def repair_on(
    pages: Sequence[Page], ask_fonts: AskFonts | None, convicted: Mapping[str, Hypothesis]
) -> tuple[list[RepairedPage], dict[str, Hypothesis]]:
    """Mend the next pages of a document of which earlier ones ``convicted`` fonts; and the fonts convicted by now.

    A font's name leads to the accident it suffers from.
    """
    decisions = decide_fonts(pages, convicted)
    heard = hear_fonts(pages, decisions, ask_fonts)
    drafts = [_draft(page, heard_changes(page, decisions, heard)) for page in pages]
    mend(drafts)
    mended = [
        RepairedPage(page=page, text=draft.text, edits=tuple(draft.edits), doubts=_doubts(page, draft, decisions))
        for page, draft in zip(pages, drafts, strict=True)
    ]
    found = {font: decision.accident for font, decision in decisions.items() if decision.accident is not None}
    return mended, {**convicted, **found}


def _doubts(page: Page, draft: Draft, decisions: Mapping[str, FontDecision]) -> tuple[Doubt, ...]:
    """The doubts about a page's fonts, and about its words where those say nothing."""
    fonts = font_doubts(page, decisions, draft.edits)
    told = {doubt.start for doubt in fonts}
    return tuple(sorted([*fonts, *(d for d in draft.doubts if d.start not in told)], key=lambda doubt: doubt.start))


def _draft(page: Page, fonts: Sequence[Change]) -> Draft:
    """A page with its cuts made and its convicted fonts read aright."""
    cuts = [Change(cut.start, cut.end, "", cut.family, 1.0) for cut in page.cuts]
    inside = {place for cut in page.cuts for place in range(cut.start, cut.end)}
    glyphs = [change for change in fonts if change.start not in inside]
    draft = Draft(raw=page.raw_text, text=page.raw_text, flow=page.flow)
    draft.change([*cuts, *glyphs])
    return draft
