"""Ink that no glyph covers: what a page shows beyond its text layer.

Why: scans, slides made of pictures and text drawn as outlines have little or no text layer, and only their look tells.
Idea: the page is drawn small in grey; what stands out from its neighbourhood is ink; what lies under glyph boxes is told
already. Only pages whose text layer is thin or poor are drawn.
Limits: a photograph is ink too; whether it holds letters only optical reading can say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.extract.glyphs import PageGlyphs

_SIDE = 420  # pixels of the longer side of the small picture
_CONTRAST = 48  # grey levels away from the page's ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """Shares of the page's area, 0 to 1: ink under glyph boxes, ink that no glyph tells of, and the largest picture."""

    covered: float
    uncovered: float
    picture: float = 0.0


def look_at(page: pdfium.PdfPage, glyphs: PageGlyphs) -> Ink:
    """Draw the page small and compare it with its glyphs. Raises ``pypdfium2.PdfiumError`` where it cannot be drawn."""
    scale = _SIDE / max(glyphs.width, glyphs.height, 1.0)
    picture = page.render(scale=scale, grayscale=True, optimize_mode=None).to_numpy()
    grey = picture.reshape(picture.shape[0], picture.shape[1]).astype(np.int16)
    ground = np.bincount(grey.ravel(), minlength=256).argmax()
    ink = np.abs(grey - ground) > _CONTRAST
    told = np.zeros(ink.shape, bool)
    edges = np.rint(glyphs.boxes * scale).astype(np.int64)
    limits = np.array([ink.shape[1], ink.shape[0], ink.shape[1], ink.shape[0]])
    for x0, top, x1, bottom in np.clip(edges + np.array([-1, -1, 2, 2]), 0, limits).tolist():
        told[top:bottom, x0:x1] = True
    return Ink(
        covered=float(np.mean(ink & told)), uncovered=float(np.mean(ink & ~told)), picture=_picture(page, glyphs)
    )


def _picture(page: pdfium.PdfPage, glyphs: PageGlyphs) -> float:
    """The share of the page that its largest picture covers, or nearly so where it lies over the edge."""
    bounds = [picture.get_bounds() for picture in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=1)]
    areas = [(right - left) * (top - bottom) for left, bottom, right, top in bounds]
    return max(areas, default=0.0) / max(glyphs.width * glyphs.height, 1.0)
