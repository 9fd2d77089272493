"""Text files in any encoding.

Why: archives hold texts from forty years of machines, and none says how it was written.
Idea: marks and UTF-8 prove themselves; between single-byte code pages the French decides: the words with accents are
looked up in the word list under each table, and the table under which most of them are French wins.
Limits: a text without accented letters reads alike under all tables; Windows-1252 is then as good as any.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import chain

from pipeline import lexicon
from pipeline.errors import EmptyDocument, UnreadableDocument
from pipeline.extract.quality import text_quality
from pipeline.extract.sniff import looks_wide
from pipeline.records import Page

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TABLES = ("cp1252", "iso8859-15", "mac_roman", "cp850", "cp437")  # the first wins a draw
_WORD_WITH_ACCENT = re.compile(r"[^\W\d_]*[^\x00-\x7f\s][^\W\d_]*")
LONGEST = 20_000  # characters of a page: seven printed ones; seeking takes more than its share of time on longer ones
_SAMPLE = 400_000  # bytes; evidence beyond it changes nothing


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of ``data`` and the name of the encoding it was read in; ``declared`` is what the file says of itself.

    Raises ``EmptyDocument`` for no bytes and ``UnreadableDocument`` for bytes that are no text.
    """
    if not data.strip():
        raise EmptyDocument("the file is empty")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    if looks_wide(data):
        name = "utf-16-le" if data[1:4096:2].count(0) > data[0:4096:2].count(0) else "utf-16-be"
        return data.decode(name, "replace"), name
    if b"\x00" in data:
        raise UnreadableDocument("the file holds NUL bytes: it is not a text (or it was damaged in a transfer)")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _mixed(data) or _by_evidence(data, declared)


def _mixed(data: bytes) -> tuple[str, str] | None:
    """UTF-8 with a few stray bytes of another table in it: those alone are read as Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= char <= "\udcff" for char in text)
    sound = sum(char > "\x7f" for char in text) - stray
    if stray * 4 > sound:
        return None
    table = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
    return text.translate(table), "utf-8+cp1252"


def _by_evidence(data: bytes, declared: str | None) -> tuple[str, str]:
    tables = list(_TABLES)
    if declared:
        try:
            name = codecs.lookup(declared).name
            tables.insert(0, "cp1252" if name == "iso8859-1" else name)  # browsers read Latin-1 so, for good reasons
        except LookupError:
            pass
    readings: dict[str, float] = {}
    for table in dict.fromkeys(tables):
        try:
            readings[table] = _evidence(data[:_SAMPLE].decode(table, "replace"))
        except (LookupError, UnicodeError):
            continue
    best = max(readings, key=readings.__getitem__)
    return data.decode(best, "replace"), best


def _evidence(text: str) -> float:
    """How French the stretches with non-ASCII characters are under one table: known words, less what no text holds."""
    scores = lexicon.zipf_scores()
    known, words = 0.0, 0
    for match in _WORD_WITH_ACCENT.finditer(text):
        word = match.group().lower()
        words += 1
        if len(word) == 1:  # lists hold every single letter; French has few such words, and signs of its own
            known += 1 if word == "à" else 0.5 * (word in "«»’“”–—…€°\xa0ôç")
        else:
            known += word in scores
    unlikely = sum("\x80" <= char < "\xa0" or char == "\ufffd" for char in text)
    return (known - unlikely) / max(words, 1)


def read_pages(data: bytes) -> Iterator[Page]:
    """The pages of a text file: one a form feed; what is longer than ``LONGEST`` is cut. Raises as :func:`decode`."""
    text, encoding = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\f")
    for number, part in enumerate(chain.from_iterable(map(_stretches, text.split("\f"))), start=1):
        yield Page(number=number, raw_text=part, method="plain-text", engine=encoding, quality=text_quality(part))


def _stretches(text: str) -> Iterator[str]:
    """A text cut after blank lines, else line ends, else spaces, into stretches of half of ``LONGEST`` or more."""
    start = 0
    while len(text) - start > LONGEST:
        window = start + LONGEST // 2, start + LONGEST
        ends = (text.rfind(sign, *window) + len(sign) for sign in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > start + LONGEST // 2), window[1])
        yield text[start:end]
        start = end
    yield text[start:]
