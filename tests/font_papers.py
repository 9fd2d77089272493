"""PDFs whose fonts say one thing and whose ToUnicode maps say another, written when the tests run.

Why: what a font knows of itself stands in its file, in a dozen places of as many formats; each must be met once.
Idea: a free face is cut down to the letters of a text, given codes, and embedded by hand, so that every place where a
font may name its glyphs (encoding, ``post``, ``cmap``, charset, outlines alone) can be filled, emptied or made to lie.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

import pikepdf
from fontTools.agl import UV2AGL
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from pikepdf import Array, Dictionary, Name, Stream

Told = Callable[[str], str]
_SIZE, _LINE, _LEFT, _TOP, _WIDTH = 10.0, 14.0, 60.0, 780.0, 88  # _WIDTH in characters
_TRUETYPE = ("font_caladea", "Caladea-Regular.ttf")
_CFF = ("font_source_sans_pro", "SourceSansPro-Regular.otf")


def glyph_name(char: str) -> str:
    """The name the Adobe Glyph List gives a character."""
    return UV2AGL.get(ord(char), f"uni{ord(char):04X}")


class Face:
    """A face cut down to ``chars``, whose glyphs are numbered in their order from 1 on."""

    def __init__(self, place: tuple[str, str], chars: str) -> None:
        self.font = TTFont(io.BytesIO((files(place[0]) / "files" / place[1]).read_bytes()))
        options = Options(notdef_outline=True, layout_features=[], glyph_names=True, hinting=False, name_IDs=[])
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[ord(char) for char in chars])
        subsetter.subset(self.font)
        self.glyphs = {chr(code): name for code, name in self.font.getBestCmap().items()}
        self.units = self.font["head"].unitsPerEm

    def width(self, char: str) -> float:
        """Advance width in thousandths of an em."""
        return float(self.font["hmtx"][self.glyphs[char]][0]) * 1000 / self.units

    def number(self, char: str) -> int:
        """The glyph's number."""
        return int(self.font.getGlyphID(self.glyphs[char]))

    def without(self, *tables: str) -> Face:
        """Leave tables out; ``post`` leaves its names only."""
        for table in tables:
            if table == "post":
                self.font["post"].formatType = 3.0
                self.font["post"].extraNames, self.font["post"].mapping = [], {}
            else:
                del self.font[table]
        return self

    def coded(self, codes: Mapping[str, int]) -> Face:
        """Put a map from bytes to glyphs, the only one, in the place of the map from Unicode."""
        table = CmapSubtable.newSubtable(0)
        table.platformID, table.platEncID, table.language = 1, 0, 0
        table.cmap = {code: self.glyphs[char] for char, code in codes.items()}
        self.font["cmap"] = cmap = newTable("cmap")
        cmap.tableVersion, cmap.tables = 0, [table]
        return self

    def bytes(self) -> bytes:
        """The whole font file."""
        out = io.BytesIO()
        self.font.save(out)
        return out.getvalue()

    def cff(self) -> bytes:
        """The CFF program alone."""
        return bytes(self.font.getTableData("CFF "))


def to_unicode(codes: Mapping[str, int], told: Told, size: int) -> bytes:
    """A ToUnicode map that tells of every character what ``told`` makes of it; nothing where that is empty."""
    rows = [
        f"<{code:0{2 * size}X}> <{told(char).encode('utf-16-be').hex()}>" for char, code in codes.items() if told(char)
    ]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    lines = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /L def 1 begincodespacerange "
        f"<{'00' * size}> <{'FF' * size}> endcodespacerange\n{lines}\nendcmap end end"
    ).encode()


class Sheet:
    """A PDF under construction: fonts, and lines of text in them."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.fonts = Dictionary()
        self.widths: dict[str, Callable[[str], float]] = {}
        self.codes: dict[str, tuple[Mapping[str, int], int]] = {}
        self.content: list[str] = []
        self.y = _TOP

    def add(self, key: str, font: Dictionary, codes: Mapping[str, int], size: int, told: Told | None) -> None:
        """Take a font in under ``key``."""
        if told is not None:
            font.ToUnicode = self.pdf.make_stream(to_unicode(codes, told, size))
        self.fonts[f"/{key}"] = self.pdf.make_indirect(font)
        self.codes[key] = (codes, size)

    def descriptor(self, name: str, program: Stream, place: str, flags: int = 4) -> Dictionary:
        """A font descriptor with its program."""
        made = Dictionary(
            Type=Name.FontDescriptor, FontName=Name(f"/{name}"), Flags=flags, FontBBox=Array([-200, -250, 1200, 950]),
            ItalicAngle=0, Ascent=900, Descent=-250, CapHeight=650, StemV=80,
        )  # fmt: skip
        made[place] = program
        return self.pdf.make_indirect(made)

    def write(self, key: str, text: str) -> None:
        """Draw a text, line by line."""
        codes, size = self.codes[key]
        line = ""
        for word in [*text.split(" "), None]:
            if word is None or len(line) + len(word) > _WIDTH:
                shown = "".join(f"{codes[char]:0{2 * size}X}" for char in line.strip())
                self.content.append(f"BT /{key} {_SIZE} Tf 1 0 0 1 {_LEFT} {self.y} Tm <{shown}> Tj ET")
                self.y -= _LINE
                line = ""
            line += f"{word} " if word is not None else ""
        self.y -= _LINE

    def save(self, path: Path) -> None:
        """Write the file, one page."""
        page = Dictionary(
            Type=Name.Page, MediaBox=Array([0, 0, 595, 842]), Resources=Dictionary(Font=self.fonts),
            Contents=self.pdf.make_stream("\n".join(self.content).encode()),
        )  # fmt: skip
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        self.pdf.save(path, deterministic_id=True)


def codes_for(text: str, first: int = 0x21) -> dict[str, int]:
    """A code of one byte for each character, in the order met."""
    return {char: first + number for number, char in enumerate(dict.fromkeys(" " + text))}


def truetype(
    sheet: Sheet, key: str, text: str, told: Told | None, *, numbered: bool = False, mapped: bool = True
) -> None:
    """A simple TrueType font without names. ``numbered``: its encoding calls glyphs by number (``g12``); ``mapped``: its
    file keeps its map from Unicode."""
    codes = codes_for(text)
    face = Face(_TRUETYPE, "".join(codes)).without("post")
    if not mapped:
        face.coded(codes)
    program = sheet.pdf.make_stream(face.bytes())
    font = _simple(
        sheet, f"AAAAAA+{key}", "TrueType", codes, face, sheet.descriptor(f"AAAAAA+{key}", program, "/FontFile2")
    )
    if numbered:
        font.Encoding = _differences(codes, lambda char: f"g{face.number(char)}")
    sheet.add(key, font, codes, 1, told)


def type1(sheet: Sheet, key: str, text: str, told: Told | None, names: Callable[[str], str] | None) -> None:
    """A simple Type 1 font with a CFF program; ``names`` in its encoding, else in its program alone."""
    codes = codes_for(text)
    face = Face(_CFF, "".join(codes))
    renamed = {face.glyphs[char]: names(char) for char in codes} if names else {}
    top = face.font["CFF "].cff[0]
    top.CharStrings.charStrings = {renamed.get(k, k): v for k, v in top.CharStrings.charStrings.items()}
    top.charset = [renamed.get(name, name) for name in top.charset]
    program = sheet.pdf.make_stream(face.cff())
    program.Subtype = Name.Type1C
    font = _simple(
        sheet, f"AAAAAA+{key}", "Type1", codes, face, sheet.descriptor(f"AAAAAA+{key}", program, "/FontFile3")
    )
    font.Encoding = _differences(codes, names or (lambda char: face.glyphs[char]))
    sheet.add(key, font, codes, 1, told)


def type3(sheet: Sheet, key: str, text: str, told: Told | None, names: Callable[[str], str]) -> None:
    """A Type 3 font: every glyph a small drawing."""
    codes = codes_for(text)
    procedures = Dictionary()
    for char in codes:
        procedures[f"/{names(char)}"] = sheet.pdf.make_stream(b"500 0 d0 50 0 400 500 re f")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 500]), FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        FirstChar=min(codes.values()), LastChar=max(codes.values()), Widths=Array([500 for _ in codes]),
        CharProcs=procedures, Encoding=_differences(codes, names), Resources=Dictionary(),
    )  # fmt: skip
    sheet.add(key, font, codes, 1, told)


def composite(
    sheet: Sheet, key: str, text: str, told: Told | None, *, cff: bool = False, without: tuple[str, ...] = ()
) -> None:
    """A composite font whose codes are glyph numbers (Identity-H); ``without``: tables its file lacks."""
    face = Face(_CFF if cff else _TRUETYPE, " " + text)
    codes = {char: face.number(char) for char in dict.fromkeys(" " + text)}
    if cff:
        program = sheet.pdf.make_stream(face.cff())
        program.Subtype = Name.CIDFontType0C
    else:
        program = sheet.pdf.make_stream(face.without(*without).bytes())
    name = f"AAAAAA+{key}"
    descriptor = sheet.descriptor(name, program, "/FontFile3" if cff else "/FontFile2")
    below = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0 if cff else Name.CIDFontType2, BaseFont=Name(f"/{name}"),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0), FontDescriptor=descriptor,
        W=Array([item for char, code in codes.items() for item in (code, Array([round(face.width(char))]))]),
    )  # fmt: skip
    if not cff:
        below.CIDToGIDMap = Name.Identity
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(f"/{name}"), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([sheet.pdf.make_indirect(below)]),
    )  # fmt: skip
    sheet.add(key, font, codes, 2, told)


def _simple(
    sheet: Sheet, name: str, kind: str, codes: Mapping[str, int], face: Face, descriptor: Dictionary
) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name(f"/{kind}"), BaseFont=Name(f"/{name}"), FirstChar=min(codes.values()),
        LastChar=max(codes.values()), Widths=Array([round(face.width(char)) for char in codes]), FontDescriptor=descriptor,
    )  # fmt: skip


def _differences(codes: Mapping[str, int], names: Callable[[str], str]) -> Dictionary:
    listed: list[object] = []
    for char, code in codes.items():
        listed += [code, Name(f"/{names(char)}")]
    return Dictionary(Type=Name.Encoding, Differences=Array(listed))
