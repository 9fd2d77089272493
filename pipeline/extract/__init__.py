"""The room that reads documents: PDF, text and HTML become pages.

What extract loses, nothing downstream finds again; so nothing is cleaned here. ``open_document`` is the door. The readers
of a format are loaded with the first document of that format: their libraries take a second, and no run needs them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from pipeline.errors import NO_MEMORY, EmptyDocument, UnreadableDocument
from pipeline.extract import plain
from pipeline.extract.about import describe
from pipeline.extract.sniff import DOCX, HTML, ODT, PDF, TEXT, sniff
from pipeline.extract.tesseract import missing as missing_for_ocr
from pipeline.records import AskFonts, Page, Source
from pipeline.settings import Settings

__all__ = ["NO_MEMORY", "Reading", "describe", "missing_for_ocr", "open_document", "sniff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An open document: what it says of itself, and its pages, each read when asked for.

    ``claimed_pages`` is what the file claims, before ``Settings.limit_pages``. ``pages()`` may be called once.
    ``ask_fonts``: asks a PDF's fonts what they say themselves of the glyphs of pages already read.
    """

    claimed_pages: int
    producer: str | None = None
    metadata_title: str | None = None
    language: str | None = None
    pages: Callable[[], Iterator[Page]]
    ask_fonts: AskFonts | None = None


def open_document(source: Source, settings: Settings, go_on: Callable[[int], bool] = lambda _: True) -> Reading:
    """Open one document. Raises ``EmptyDocument``, ``EncryptedDocument`` or ``UnreadableDocument`` (and ``OSError``).

    ``go_on`` is told the number of each page as soon as it is read (a PDF's pages are handed over later, when their
    neighbours are known); where it says no, no further page is read.
    """
    if source.location.stat().st_size == 0:
        raise EmptyDocument("the file is empty")
    media_type = sniff(source.location) or source.media_type
    if media_type == PDF:
        return _open_pdf(source, settings, go_on)
    if media_type == HTML:
        return _open_html(source, go_on)
    if media_type == TEXT:
        return _open_text(source, settings, go_on)
    if media_type in (DOCX, ODT):
        return _open_office(source, media_type, go_on)
    raise UnreadableDocument("the file is no PDF, no HTML page, no text and no DOCX or ODT document")


def _open_pdf(source: Source, settings: Settings, go_on: Callable[[int], bool]) -> Reading:
    from pipeline.extract import pdf

    document = pdf.open_pdf(source)
    facts = pdf.facts_of(document)
    ask_fonts = _asker(source.location)

    def pages() -> Iterator[Page]:
        try:
            yield from pdf.read_pages(document, source.location, settings, go_on, ask_fonts)
        finally:
            document.close()

    return Reading(
        claimed_pages=facts.page_count,
        producer=facts.producer,
        metadata_title=facts.title,
        language=facts.language,
        pages=pages,
        ask_fonts=ask_fonts,
    )


def _asker(path: Path) -> AskFonts:
    """Asks the fonts of a PDF; what is needed for it is loaded with the first question, which sound documents never ask."""

    @lru_cache(maxsize=1)
    def witness() -> AskFonts:
        from pipeline.extract.witness import FontWitness

        return FontWitness(path)

    return lambda pages: witness()(pages)


def _open_text(source: Source, settings: Settings, go_on: Callable[[int], bool]) -> Reading:
    pages = tuple(plain.read_pages(source.location.read_bytes()))
    return Reading(claimed_pages=len(pages), pages=lambda: _asked(islice(pages, settings.limit_pages), go_on))


def _open_office(source: Source, media_type: str, go_on: Callable[[int], bool]) -> Reading:
    from pipeline.extract import office

    found = office.read_office(source.location, media_type)
    return Reading(
        claimed_pages=1,
        producer=found.producer,
        metadata_title=found.title,
        language=found.language,
        pages=lambda: _asked(office.pages_of(found), go_on),
    )


def _open_html(source: Source, go_on: Callable[[int], bool]) -> Reading:
    from pipeline.extract import web

    page = web.read_html(source.location.read_bytes())
    return Reading(
        claimed_pages=1,
        metadata_title=page.title,
        language=page.language,
        pages=lambda: _asked(web.pages_of(page), go_on),
    )


def _asked(pages: Iterable[Page], go_on: Callable[[int], bool]) -> Iterator[Page]:
    for page in pages:
        more = go_on(page.number)
        yield page
        if not more:
            return
