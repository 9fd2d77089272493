"""PDF documents, page by page.

Why: a PDF may be sound, broken, locked, empty or hostile, and each reader fails on some; a page lost is a page nobody
will miss until it matters.
Idea: pdfium opens what is not hopeless, qpdf mends what pdfium refuses. Pages are read one at a time; a page that fails
becomes an empty page with its reason.
Limits: passwords are not asked for; an owner password alone does not hinder reading.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.errors import NO_MEMORY, EmptyDocument, EncryptedDocument, UnreadableDocument
from pipeline.extract import ocr, tesseract
from pipeline.extract.engines import alternatives
from pipeline.extract.glyphs import FontTable, PageGlyphs, read_glyphs
from pipeline.extract.ink import look_at
from pipeline.extract.layout import Layout, compose, lay_out
from pipeline.extract.margins import Laid, laid, with_families
from pipeline.extract.quality import (
    POOR,
    Verdict,
    believable,
    is_doubtful,
    judge,
    mended_quality,
    text_quality,
    wants_a_look,
)
from pipeline.extract.ruled import Grid
from pipeline.extract.rules import find_rules
from pipeline.extract.tables import find_cells
from pipeline.records import AskFonts, Method, Page, Source
from pipeline.settings import Settings

_APPEALS = 3  # doubtful pages in a row on which the other engines, or the fonts, did no better: they are asked no more
_SOME_TEXT = 40  # characters of a page whose fonts are worth hearing
_LOCKED = "the PDF asks for a password: save a copy without one, and run again"
_BROKEN = "the PDF is too broken to read ({}): look for another copy, or one that a PDF viewer opens and saves anew"
_HOPELESS = 100  # pages in a row that cannot be read: what is left is a claim, not a document


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """What a PDF says of itself."""

    page_count: int
    producer: str | None
    title: str | None
    language: str | None


def open_pdf(source: Source) -> pdfium.PdfDocument:
    """Open a PDF. Raises ``EmptyDocument``, ``EncryptedDocument`` or ``UnreadableDocument``."""
    if source.size == 0:
        raise EmptyDocument("the file is empty")
    try:
        document = pdfium.PdfDocument(source.location)
    except UnicodeEncodeError:  # a file name that is no UTF-8
        document = _open_bytes(source.location.read_bytes())
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(_LOCKED) from error
        document = _open_bytes(_mended(source))
    if len(document) == 0:
        document.close()
        raise EmptyDocument("the PDF holds no pages")
    return document


def _open_bytes(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(_LOCKED) from error
        raise UnreadableDocument(_BROKEN.format(_first_line(error))) from error


def _mended(source: Source) -> bytes:
    """The file written anew by qpdf, which finds objects that a broken index has lost."""
    try:
        with pikepdf.open(source.location) as broken:
            mended = io.BytesIO()
            broken.save(mended)
            return mended.getvalue()
    except pikepdf.PasswordError as error:
        raise EncryptedDocument(_LOCKED) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, OSError) as error:
        reason = _first_line(error).replace(f"{source.location}: ", "")
        raise UnreadableDocument(_BROKEN.format(reason)) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]


def facts_of(document: pdfium.PdfDocument) -> PdfFacts:
    """Page count, producer, title and language as the file states them."""
    told = {key: value.replace("\x00", "").strip() for key, value in document.get_metadata_dict().items()}
    return PdfFacts(
        page_count=len(document),
        producer=told.get("Producer") or None,
        title=told.get("Title") or None,
        language=_language(document),
    )


def _language(document: pdfium.PdfDocument) -> str | None:
    length = pdfium_c.FPDFCatalog_GetLanguage(document, None, 0)  # in bytes of UTF-16, with its end mark
    if length <= 2:
        return None
    buffer = (ctypes.c_ushort * length)()
    pdfium_c.FPDFCatalog_GetLanguage(document, buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace").strip("\x00 ") or None


def read_pages(
    document: pdfium.PdfDocument, path: Path, settings: Settings, go_on: Callable[[int], bool], ask_fonts: AskFonts
) -> Iterator[Page]:
    """The pages ``settings`` and ``go_on`` allow, in order; one that cannot be read says why in ``problem``.

    ``ask_fonts`` is asked where a page's text is so poor that it would be read optically.
    """
    limit = settings.limit_pages
    count = len(document) if limit is None else min(limit, len(document))
    reader = _Reader(document, path, settings.ocr, ask_fonts)
    for page, families in with_families(_laid_pages(reader, count, go_on)):
        yield reader.page(page, families)


def _laid_pages(reader: _Reader, count: int, go_on: Callable[[int], bool]) -> Iterator[Laid]:
    unread = 0
    for number in range(1, count + 1):
        page = reader.laid(number)
        unread = 0 if page.layout else unread + 1
        more = go_on(number)
        yield page
        if not more or unread >= _HOPELESS:
            return


class _Reader:
    """Reads the pages of one document in order: its fonts keep their keys, and hopeless questions are asked once."""

    def __init__(
        self, document: pdfium.PdfDocument, path: Path, optical: Literal["auto", "off", "force"], ask_fonts: AskFonts
    ) -> None:
        self.document = document
        self.ask_fonts = ask_fonts
        self.path = path
        self.optical = optical
        self.fonts = FontTable()
        self._verdicts: dict[int, Verdict] = {}
        self._problems: dict[int, str] = {}
        self._pictures: dict[int, ocr.OpticalReading] = {}
        self._appeals = self._hearings = _APPEALS
        self._grid: Grid | None = None

    def laid(self, number: int) -> Laid:
        """Read and lay out one page, and judge it while it is open."""
        try:
            page = self.document[number - 1]
            try:
                glyphs = replace(read_glyphs(page, self.fonts), rules=find_rules(page))
                layout, text, quality = self._believed(number, glyphs)
                self._verdicts[number] = self._verdict(page, layout, text, quality)
                if self._verdicts[number].needs_ocr and quality < POOR and len(text) > _SOME_TEXT and self._hearings:
                    self._verdicts[number] = self._heard(number, page, layout, self._verdicts[number])
                if self.optical == "force" or (self.optical == "auto" and self._verdicts[number].needs_ocr):
                    layout = self._seen(number, page, layout, text)
            finally:
                page.close()
        except MemoryError:
            self._problems[number] = NO_MEMORY
            return laid(number, None)
        except (pdfium.PdfiumError, ValueError, ArithmeticError) as error:
            self._problems[number] = f"it is too broken to read ({_first_line(error).rstrip('.')})"
            return laid(number, None)
        return laid(number, layout)

    def _believed(self, number: int, glyphs: PageGlyphs) -> tuple[Layout, str, float]:
        """The layout of the reading that is best French, its text and quality; others are heard where pdfium's is doubtful."""
        best = lay_out(glyphs)
        text = first = best.text()
        quality = text_quality(text)
        if not self._appeals or not is_doubtful(text, quality):
            return best, text, quality
        figure = believable(text) * 1.03 + 1
        for other in alternatives(self.path, number, glyphs, self.fonts):
            candidate = lay_out(other)
            if (worth := believable(candidate.text())) > figure:
                best, text, figure = candidate, candidate.text(), worth
        self._appeals = self._appeals - 1 if text is first else _APPEALS
        return best, text, quality if text is first else text_quality(text)

    def _seen(self, number: int, page: pdfium.PdfPage, layout: Layout, text: str) -> Layout:
        """The layout of the page as Tesseract reads it, where that is better French than the text layer, or forced."""
        if tesseract.missing():
            return layout
        try:
            picture = ocr.read_page(page, self.fonts)
        except RuntimeError as error:
            self._problems[number] = f"optical reading failed ({_first_line(error)})"
            return layout
        verdict, seen = self._verdicts[number], lay_out(picture.glyphs)
        self._verdicts[number] = replace(verdict, needs_ocr=False)
        if not picture.text or (self.optical == "auto" and believable(picture.text) <= believable(text)):
            return layout
        self._pictures[number] = picture
        self._verdicts[number] = Verdict(quality=text_quality(picture.text), needs_ocr=False)
        return seen

    def _heard(self, number: int, page: pdfium.PdfPage, layout: Layout, verdict: Verdict) -> Verdict:
        """The verdict once more, on the text as the page's fonts themselves tell it, which repair will ask them for."""
        text, drawn, _ = compose(layout, self.fonts, [""] * len(layout.lines))
        (readings,) = self.ask_fonts(
            [Page(number=number, raw_text=text, method="text-layer", engine=layout.page.engine, glyphs=drawn)]
        )
        told = max((reading.told(text) for reading in readings), key=believable, default="")
        quality = mended_quality(told)
        self._hearings = _APPEALS if quality > verdict.quality else self._hearings - 1
        return self._verdict(page, layout, told, quality) if quality > verdict.quality else verdict

    @staticmethod
    def _verdict(page: pdfium.PdfPage, layout: Layout, text: str, quality: float) -> Verdict:
        if not wants_a_look(text, quality):
            return Verdict(quality=quality, needs_ocr=False)
        return judge(text, quality, look_at(page, layout.page))

    def page(self, page: Laid, families: list[str]) -> Page:
        """The finished page, its margins marked as cuts."""
        if page.layout is None:
            problem = self._problems.pop(page.number)
            return Page(number=page.number, raw_text="", method="none", quality=0.0, problem=problem)
        text, drawn, cuts = compose(page.layout, self.fonts, families)
        verdict, picture = self._verdicts.pop(page.number), self._pictures.pop(page.number, None)
        width, height = picture.size if picture else (page.layout.page.width, page.layout.page.height)
        method: Method = "ocr" if picture else "text-layer"
        cells, self._grid = find_cells(text, drawn, cuts, page.layout.page.rules, self._grid)
        return Page(
            number=page.number,
            raw_text=text,
            method=method if text.strip() else "none",
            engine=page.layout.page.engine,
            flow="blocks",
            needs_ocr=verdict.needs_ocr,
            quality=verdict.quality,
            problem=self._problems.pop(page.number, ""),
            width=width,
            height=height,
            glyphs=picture.on_page(drawn) if picture else drawn,
            cuts=cuts,
            cells=cells,
        )
