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
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.errors import EmptyDocument, EncryptedDocument, UnreadableDocument
from pipeline.extract.glyphs import FontTable, read_glyphs
from pipeline.extract.layout import compose, lay_out
from pipeline.extract.quality import text_quality
from pipeline.records import Page, Source


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
            raise EncryptedDocument("the PDF asks for a password") from error
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
            raise EncryptedDocument("the PDF asks for a password") from error
        raise UnreadableDocument(f"the PDF is too broken to read ({error})") from error


def _mended(source: Source) -> bytes:
    """The file written anew by qpdf, which finds objects that a broken index has lost."""
    try:
        with pikepdf.open(source.location) as broken:
            mended = io.BytesIO()
            broken.save(mended)
            return mended.getvalue()
    except pikepdf.PasswordError as error:
        raise EncryptedDocument("the PDF asks for a password") from error
    except (pikepdf.PdfError, RuntimeError, ValueError, OSError) as error:
        raise UnreadableDocument(f"the PDF is too broken to read ({_first_line(error)})") from error


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


def read_pages(document: pdfium.PdfDocument) -> Iterator[Page]:
    """Every page in order; one that cannot be read is empty and says why in ``problem``."""
    fonts = FontTable()
    for number in range(1, len(document) + 1):
        try:
            yield _read_page(document, number, fonts)
        except (pdfium.PdfiumError, ValueError, MemoryError) as error:
            yield Page(number=number, raw_text="", method="none", quality=0.0, problem=_first_line(error))


def _read_page(document: pdfium.PdfDocument, number: int, fonts: FontTable) -> Page:
    page = document[number - 1]
    try:
        glyphs = read_glyphs(page, fonts)
    finally:
        page.close()
    layout = lay_out(glyphs)
    text, drawn, cuts = compose(layout, fonts, [line.family for line in layout.lines])
    return Page(
        number=number,
        raw_text=text,
        method="text-layer" if text.strip() else "none",
        engine=glyphs.engine,
        flow="blocks",
        needs_ocr=not text.strip(),
        quality=text_quality(text),
        width=glyphs.width,
        height=glyphs.height,
        glyphs=drawn,
        cuts=cuts,
    )
