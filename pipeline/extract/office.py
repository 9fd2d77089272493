"""Word and OpenDocument texts, as one page of lines.

Why: the minutes and notes of the last thirty years often survive as the file they were typed in.
Idea: a package is looked at before it is opened; then ``docx_text.py`` or ``odt_text.py`` gathers its text.
Limits: pages are the printer's affair and are not known; heads and feet of pages are left out. A package that unpacks to
more than it should, or declares entities, is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax import SAXException

from pipeline.errors import EmptyDocument, UnreadableDocument
from pipeline.extract.docx_text import read_docx
from pipeline.extract.odt_text import read_odt
from pipeline.extract.office_text import OfficeText
from pipeline.extract.quality import text_quality
from pipeline.extract.sniff import DOCX
from pipeline.records import Page

_MOST_PARTS = 5_000
_MOST_BYTES = 256 << 20  # unpacked, of the whole package
_MOST_XML = 48 << 20  # unpacked, of one part that is parsed: some ten thousand pages
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

# what the two libraries let through on a package that is no sound document
_READING_ERRORS = (KeyError, IndexError, ValueError, AttributeError, TypeError, OSError, SyntaxError, RecursionError,
                   SAXException, zipfile.BadZipFile)  # fmt: skip


def _reason(error: Exception) -> str:
    """What is wrong with a package, in words; the libraries name what they stumbled on, not what it means."""
    if isinstance(error, zipfile.BadZipFile | OSError):
        return "its package is cut short or damaged"
    if isinstance(error, SyntaxError | SAXException):
        return "its text is no well-formed XML"
    return "a part that such a document must have is missing or makes no sense"


def read_office(path: Path, media_type: str) -> OfficeText:
    """Read a DOCX or an ODT. Raises ``EmptyDocument`` or ``UnreadableDocument``."""
    _check(path)
    try:
        found = read_docx(path) if media_type == DOCX else read_odt(path)
    except _READING_ERRORS as error:
        raise UnreadableDocument(f"the document is too broken to read ({_reason(error)})") from error
    if not found.text.strip():
        raise EmptyDocument("the document holds no text")
    return found


def pages_of(found: OfficeText) -> Iterator[Page]:
    """The one page of an office document."""
    yield Page(
        number=1,
        raw_text=found.text,
        method="plain-text",
        engine="office",
        flow="blocks",
        quality=text_quality(found.text),
        cells=found.cells,
    )


def _check(path: Path) -> None:
    """Refuse a package that would unpack to too much, or whose parts declare entities."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
                raise UnreadableDocument("the document unpacks to far more than a document should")
            for part in parts:
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                if part.file_size > _MOST_XML:
                    raise UnreadableDocument(f"{part.filename} in it unpacks to {part.file_size >> 20} MiB")
                with package.open(part) as file:
                    if _ENTITY.search(file.read(4096)):
                        raise UnreadableDocument(f"{part.filename} in it declares entities, as no office program does")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableDocument("the document's package is broken or locked") from error
