"""Faithful damage: sound glyphs under a ToUnicode map that lies.

Why: a reader of the page sees French, and every program that asks the PDF for its text is told something else. Damage
put into the text itself would show on the page and would prove nothing about real archives.
Idea: the lying font is embedded twice, once honest and once not; here the map of the second is rewritten, code by code,
through a family: a function from the true character to what the map will say.
Limits: simple (one-byte) fonts as reportlab writes them; a character that a family cannot express raises ``ValueError``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf

MAPS = Path(__file__).parent / "maps"
HARD_SPACE = "\ue0a0"  # stands for the non-breaking space, which reportlab would turn into a plain one
LYING_SUFFIX = "-Body"  # the embedded copy of a face whose map lies carries this in its name
CP1252_HOLES = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")  # bytes without a character, told as the control they are
PAIR = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4})>")

Lie = Callable[[str], str]


def mac_plus_20(char: str) -> str:
    """Mac Roman code + 0x20 read as Latin-1: é (0x8E) is told as ® (0xAE). ASCII is told truly."""
    return char if char < "\x80" else _latin1(char.encode("mac_roman")[0] + 0x20, char)


def mac_as_cp1252(char: str) -> str:
    """Mac Roman code read as Windows-1252: é (0x8E) is told as Ž, è (0x8F) as a control. ASCII is told truly."""
    if char < "\x80":
        return char
    code = char.encode("mac_roman")
    return chr(code[0]) if code in CP1252_HOLES else code.decode("cp1252")


def glyph_numbers(char: str) -> str:
    """The glyph's number in the standard Macintosh order, in place of the letter: every ASCII code 29 too low, the
    others 30 below their Mac Roman code. ``Délégation`` is told as ``'pOpJDWLRQ``.
    """
    return chr(char.encode("mac_roman")[0] - (29 if char < "\x80" else 30))


def table(name: str) -> Lie:
    """A family given by ``maps/<name>.csv`` (columns ``char``, ``told``, ``why``); other ASCII is told truly."""
    with (MAPS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        pairs = {row["char"]: row["told"] for row in csv.DictReader(lines)}

    def lie(char: str) -> str:
        if char not in pairs and char >= "\x80":
            raise ValueError(f"maps/{name}.csv has no line for {char!r}")
        return pairs.get(char, char)

    return lie


FAMILIES: dict[str, Lie] = {
    "mac-roman-plus-20": mac_plus_20,
    "mac-roman-as-cp1252": mac_as_cp1252,
    "glyph-numbers": glyph_numbers,
    "first-use-order": table("first-use-order"),
}


def rewrite_maps(pdf_bytes: bytes, family: str | None) -> bytes:
    """Return the PDF with true hard spaces in every map and, in the fonts that lie, the family's characters."""
    lie = FAMILIES[family] if family else None
    with pikepdf.open(BytesIO(pdf_bytes)) as pdf:
        for font in pdf.objects:
            if not (isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/Font" and "/ToUnicode" in font):
                continue
            lying = lie if str(font.BaseFont).endswith(LYING_SUFFIX) else None
            font.ToUnicode.write(_told(font.ToUnicode.read_bytes(), lying))
        out = BytesIO()
        pdf.save(out, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _told(cmap: bytes, lie: Lie | None) -> bytes:
    def pair(match: re.Match[bytes]) -> bytes:
        char = chr(int(match[2], 16)).replace(HARD_SPACE, "\u00a0")
        if lie and char >= " " and char != "\x7f":
            char = lie(char)
        return b"<%s> <%04X>" % (match[1], ord(char))

    head, mark, tail = cmap.partition(b"beginbfchar")
    return head + mark + PAIR.sub(pair, tail)


def _latin1(code: int, char: str) -> str:
    if code > 0xFF:
        raise ValueError(f"{char!r} has no place in Latin-1 after the shift")
    return chr(code)
