"""What a PDF's font says its codes are, apart from its ToUnicode map.

Why: a ToUnicode map that lies, or is missing, is not the only witness: a font names its glyphs, for the viewer's sake, in
its encoding and in its file, and a name such as ``eacute`` or a map from Unicode is seldom broken together with it.
Idea: each witness is heard apart (``WITNESSES``), as a table from code to sign: nobody here judges which one is right.
Simple fonts: names in /Encoding over the base encoding or the program's own, then by glyph (``post``, ``cmap``). Composite
fonts with Identity codes: by glyph (``post``, ``cmap``, CFF charset). Names are read by the Adobe Glyph List (fontTools).
Limits: composite fonts with other CMaps than Identity tell nothing here, nor do expert encodings; the outlines of Type 1
programs (old, with sound names) are not read. A broken program is no witness, and raises nothing.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pikepdf
from fontTools.agl import toUnicode
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.ttLib import TTFont

Signs = dict[int, str]
NAMES, MAP, NUMBERED, HEXADECIMAL = "glyph names", "character map", "numbered glyph names", "hexadecimal glyph names"
CODES, MAC_CODES, ORDER = "codes, cp1252", "codes, Mac Roman", "glyph order, Macintosh"
OUTLINES, TWINS = "outlines", "outlines, as in other fonts"
WITNESSES = (NAMES, MAP, NUMBERED, HEXADECIMAL, CODES, MAC_CODES, ORDER, OUTLINES, TWINS)

_LARGEST = 20_000_000  # bytes of a font program: those of all of Unicode have fewer
_MOST_CODES = 4096  # of a composite font; a subset has some hundred
_LIGATURES = frozenset(map(chr, range(0xFB00, 0xFB07)))
_BUILT_IN = re.compile(rb"dup\s+(\d{1,3})\s*/([^\s/]{1,40})\s+put")  # Type 1: a row of the program's encoding
_GLYPH_NUMBER = re.compile(r"(?:g|gid|glyph|cid|index)_?(\d{1,5})", re.IGNORECASE)
_DECIMAL = re.compile(r"[A-Za-z]{1,5}_?(\d{2,3})")
_HEX = re.compile(r"[A-Za-z]{1,2}([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFacts:
    """What one font says. ``codes``: what it may be drawn with, each of ``size`` bytes (1 or 2). ``signs``: by witness,
    code to sign; empty witnesses are left out. ``glyphs``: code to the name of its outline in ``outlines``, if any.
    """

    codes: tuple[int, ...]
    size: int
    signs: Mapping[str, Signs]
    glyphs: Mapping[int, str] = field(default_factory=dict)
    outlines: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Program:
    """A font file: names of its glyphs in order, its map from Unicode turned round, codes it gives glyphs itself."""

    order: list[str] = field(default_factory=list)
    named: bool = False
    unicode: dict[str, str] = field(default_factory=dict)
    coded: dict[int, str] = field(default_factory=dict)
    cids: dict[int, str] | None = None
    outlines: Mapping[str, Any] = field(default_factory=dict)


def facts_of(font: pikepdf.Dictionary) -> FontFacts | None:
    """What a font says of its codes; ``None`` where it cannot be understood."""
    try:
        told = _composite(font) if font.get("/Subtype") == "/Type0" else _simple(font)
    except Exception:  # whatever a parser stumbles on in a broken font means that it says nothing
        return None
    return told


def _simple(font: pikepdf.Dictionary) -> FontFacts:
    program = _program(font.get("/FontDescriptor"))
    encoding = font.get("/Encoding")
    base, differences = _encoding(encoding)
    glyphs = dict(program.coded)
    for code, name in differences.items():
        if (glyph := _glyph_called(name, program)) is not None:
            glyphs[code] = glyph
    names = base if encoding is not None else {}
    built_in = {code: name for code, name in program.coded.items() if program.named}
    signs = {code: sign for code, name in built_in.items() if (sign := sign_of(name))} | names
    signs = {code: sign for code, sign in signs.items() if code not in differences}
    signs |= {code: sign for code, name in differences.items() if (sign := sign_of(name))}
    found = {
        NAMES: signs,
        MAP: {code: program.unicode[glyph] for code, glyph in glyphs.items() if glyph in program.unicode},
        NUMBERED: _numbered(differences, _DECIMAL, 10),
        HEXADECIMAL: _numbered(differences, _HEX, 16),
        CODES: _as_bytes(range(32, 256), "cp1252"),
        MAC_CODES: _as_bytes(range(128, 256), "mac_roman"),
    }
    first, last = int(font.get("/FirstChar", 0)), int(font.get("/LastChar", 255))
    codes = tuple(range(max(first, 0), min(last, 255) + 1))
    return FontFacts(codes=codes, size=1, signs=_told(found), glyphs=glyphs, outlines=program.outlines)


def _composite(font: pikepdf.Dictionary) -> FontFacts | None:
    if font.get("/Encoding") not in ("/Identity-H", "/Identity-V"):
        return None
    below = font.DescendantFonts[0]
    program = _program(below.get("/FontDescriptor"))
    numbers = program.cids or dict(enumerate(program.order))
    table = below.get("/CIDToGIDMap")
    if isinstance(table, pikepdf.Stream):
        data = _data(table)
        gids = {cid: int.from_bytes(data[2 * cid : 2 * cid + 2], "big") for cid in range(len(data) // 2)}
        glyphs = {cid: numbers[gid] for cid, gid in gids.items() if gid and gid in numbers}
    else:
        glyphs = numbers
    used = sorted(set(_widths(below.get("/W"))).intersection(range(0x10000)) or glyphs)[:_MOST_CODES]
    place = {glyph: gid for gid, glyph in enumerate(program.order)}
    macintosh = _as_bytes(range(32, 256), "mac_roman")
    in_order = {code - (29 if code < 0x80 else 30): sign for code, sign in macintosh.items() if code != 0x7F}
    found = {
        NAMES: {code: sign for code in used if program.named and (sign := sign_of(glyphs.get(code, "")))},
        MAP: {code: program.unicode[glyphs[code]] for code in used if glyphs.get(code) in program.unicode},
        CODES: {code: sign for code, sign in _as_bytes(range(32, 256), "cp1252").items() if code in used},
        ORDER: {code: in_order[gid] for code in used if (gid := place.get(glyphs.get(code, ""), code)) in in_order},
    }
    shapes = {code: glyphs[code] for code in used if code in glyphs}
    return FontFacts(codes=tuple(used), size=2, signs=_told(found), glyphs=shapes, outlines=program.outlines)


def _told(found: Mapping[str, Signs]) -> dict[str, Signs]:
    """The witnesses that say something, presentation ligatures as their letters."""
    spread = {
        witness: {
            code: unicodedata.normalize("NFKC", sign) if sign in _LIGATURES else sign for code, sign in signs.items()
        }
        for witness, signs in found.items()
    }
    return {witness: signs for witness, signs in spread.items() if signs}


def sign_of(name: str) -> str:
    """What a glyph's name says it is, by the Adobe Glyph List; nothing where it says nothing."""
    sign = toUnicode(name)
    return "" if any("\ue000" <= char <= "\uf8ff" or char < " " for char in sign) else sign


def _as_bytes(codes: Iterable[int], codec: str) -> Signs:
    signs = {code: bytes([code]).decode(codec, "ignore") for code in codes}
    return {code: sign for code, sign in signs.items() if sign}


def _numbered(names: Mapping[int, str], pattern: re.Pattern[str], base: int) -> Signs:
    """Codes whose glyphs are called by the number of a character (``g233``, ``C101``, ``GE9``)."""
    numbers = {code: int(match[1], base) for code, name in names.items() if (match := pattern.fullmatch(name))}
    characters = _as_bytes(range(32, 256), "cp1252")
    return {code: characters[number] for code, number in numbers.items() if number in characters}


def _encoding(encoding: Any) -> tuple[Signs, dict[int, str]]:
    """The signs of the base encoding, and the names that /Differences put over it."""
    base: Any = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    differences: dict[int, str] = {}
    if isinstance(encoding, pikepdf.Dictionary):
        code = 0
        for item in encoding.get("/Differences", []):
            if isinstance(item, pikepdf.Name):
                differences[code] = str(item)[1:]
                code += 1
            else:
                code = int(item)
    return _BASES.get(str(base), dict[int, str])(), differences


def _standard() -> Signs:
    return {code: sign for code, name in enumerate(StandardEncoding) if (sign := sign_of(name))}


_BASES: Mapping[str, Callable[[], Signs]] = {
    "/WinAnsiEncoding": lambda: _as_bytes(range(32, 256), "cp1252"),
    "/MacRomanEncoding": lambda: _as_bytes(range(32, 256), "mac_roman"),
    "/StandardEncoding": _standard,
}


def _glyph_called(name: str, program: _Program) -> str | None:
    """The program's glyph that an encoding means: by its name, by its number, or by what its name says it is."""
    if program.named and name in program.order:
        return name
    if (number := _GLYPH_NUMBER.fullmatch(name)) and int(number[1]) < len(program.order):
        return program.order[int(number[1])]
    sign = sign_of(name)
    return next((glyph for glyph, char in program.unicode.items() if char == sign), None) if sign else None


def _widths(table: Any) -> Iterator[int]:
    """The codes that a composite font's table of widths lists."""
    items = list(table or [])
    place = 0
    while place + 1 < len(items):
        first, second = int(items[place]), items[place + 1]
        if isinstance(second, pikepdf.Array):
            yield from range(first, first + len(second))
            place += 2
        else:
            yield from range(first, min(int(second), first + _MOST_CODES) + 1)
            place += 3


def _program(descriptor: Any) -> _Program:
    """The font file of a descriptor; an empty one where there is none, or none that can be read."""
    if not isinstance(descriptor, pikepdf.Dictionary):
        return _Program()
    for key, read in (("/FontFile", _type1), ("/FontFile2", _sfnt), ("/FontFile3", _compact)):
        stream = descriptor.get(key)
        if isinstance(stream, pikepdf.Stream) and int(stream.get("/Length", 0)) < _LARGEST:
            try:
                return read(stream)
            except Exception:  # fontTools raises whatever its parsers stumble on
                return _Program()
    return _Program()


def _data(stream: pikepdf.Stream) -> bytes:
    """A stream's data, unpacked no further than a font can be long."""
    if stream.get("/Filter") != "/FlateDecode" or "/DecodeParms" in stream:
        return bytes(stream.read_bytes())
    data = zlib.decompressobj().decompress(stream.read_raw_bytes(), _LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError("a stream too long for a font")
    return data


def _type1(stream: pikepdf.Stream) -> _Program:
    clear = _data(stream)[: int(stream.get("/Length1", 1 << 16))]
    coded = {int(code): name.decode("latin-1") for code, name in _BUILT_IN.findall(clear)}
    if not coded and b"StandardEncoding def" in clear:
        coded = {code: name for code, name in enumerate(StandardEncoding) if name != ".notdef"}
    return _Program(named=True, coded=coded)


def _compact(stream: pikepdf.Stream) -> _Program:
    if stream.get("/Subtype") == "/OpenType":
        return _sfnt(stream)
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(_data(stream)), None)
    return _cff(fonts[0])


def _cff(top: Any) -> _Program:
    order = list(top.charset)
    if hasattr(top, "ROS"):
        cids = {int(name[3:]): name for name in order if name.startswith("cid")}
        return _Program(order=order, cids=cids | {0: order[0]}, outlines=top.CharStrings)
    encoding = StandardEncoding if top.Encoding == "StandardEncoding" else top.Encoding
    known = set(order) - {".notdef"}
    coded = {code: name for code, name in enumerate(encoding) if name in known} if isinstance(encoding, list) else {}
    return _Program(order=order, named=True, coded=coded, outlines=top.CharStrings)


def _sfnt(stream: pikepdf.Stream) -> _Program:
    font = TTFont(io.BytesIO(_data(stream)), lazy=True)
    if "CFF " in font and "cmap" not in font:
        return _cff(font["CFF "].cff[0])
    named = "CFF " in font or ("post" in font and font["post"].formatType in (1.0, 2.0))
    if not named:  # or fontTools would make names of the map from Unicode
        font.setGlyphOrder([f"glyph {number}" for number in range(font["maxp"].numGlyphs)])
    program = _Program(order=font.getGlyphOrder(), named=named, outlines=font.getGlyphSet())
    for table in filter(_is_bounded, font["cmap"].tables if "cmap" in font else []):
        if table.isUnicode():
            for code, glyph in sorted(table.cmap.items(), reverse=True):
                if not 0xE000 <= code <= 0xF8FF and code >= 32:
                    program.unicode[glyph] = chr(code)
        else:  # codes of the font's own, or those of a symbol font
            program.coded |= {
                code & 0xFF: glyph for code, glyph in table.cmap.items() if code < 256 or code >> 8 == 0xF0
            }
    return program


def _is_bounded(table: Any) -> bool:
    """Whether a map lists no more codes than there are: a group of format 12 may claim four thousand million."""
    if table.format not in (12, 13):
        return table.format in (0, 4, 6)
    groups = np.frombuffer(table.data[: 12 * table.nGroups], ">u4").reshape(-1, 3).astype(np.int64)
    return bool((groups[:, 1] - groups[:, 0] + 1).sum() <= 0x110000 and groups[:, 1].max(initial=0) <= 0x10FFFF)
