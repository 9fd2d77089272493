"""What a file is, by its content: names lie, and archives are full of `.pdf` that are web pages.

Limits: tells apart what the room can read (PDF, HTML, text, DOCX, ODT); everything else is ``None``.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path

PDF, HTML, TEXT = "application/pdf", "text/html", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
_HEAD = 4096
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1|table|article|script)\b", re.IGNORECASE)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# first bytes of what is certainly no text: zip and office files, images, archives, programs, old office, databases
_BINARY = (b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf",
           b"Rar!", b"\x7fELF", b"MZ", b"\xd0\xcf\x11\xe0", b"SQLite format 3", b"{\\rtf")  # fmt: skip


def sniff(path: Path) -> str | None:
    """The media type of the file at ``path`` as its first bytes show it, or ``None``. Raises ``OSError``."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return _office(path) if head.startswith(b"PK\x03\x04") else sniff_bytes(head)


def sniff_bytes(head: bytes) -> str | None:
    """The media type that the first bytes of a file show, or ``None`` for what is no PDF, HTML or text."""
    if b"%PDF-" in head[:1024] or head.lstrip()[:5] in (b"%!PS-", b"%FDF-"):
        return PDF if b"%PDF-" in head else None
    if head.startswith(_BINARY):
        return None
    wide = head.startswith(_BOMS[1:]) or looks_wide(head)
    if _MARKUP.search(head.replace(b"\x00", b"") if wide else head):
        return HTML
    if wide:
        return TEXT
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b\x1a\x00" for byte in head)
    return TEXT if control <= len(head) // 50 and head.count(0) <= len(head) // 50 else None


def looks_wide(data: bytes) -> bool:
    """Whether bytes look like UTF-16 without a mark: nearly every second byte is NUL, as in any Latin text."""
    even, odd = data[0:_HEAD:2].count(0), data[1:_HEAD:2].count(0)
    half = min(len(data), _HEAD) // 2
    return half >= 2 and (min(even, odd) <= half // 10 and max(even, odd) >= half * 6 // 10)


def _office(path: Path) -> str | None:
    """``DOCX``, ``ODT`` or ``None``, by what the package holds."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if "word/document.xml" in names:
                return DOCX
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                return ODT if package.read("mimetype").strip() == ODT.encode() else None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return None  # a broken package, or a locked one, is nothing that can be read
    return None
