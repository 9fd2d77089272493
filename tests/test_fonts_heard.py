"""Fonts asked what they are: each place a font may name its glyphs, met once; and fonts that lie about themselves too."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from random import Random

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from pipeline import repair
from pipeline.alignment import apply
from pipeline.extract import open_document
from pipeline.extract.fontfile import MAP, NAMES, facts_of, sign_of
from pipeline.extract.outlines import contours, signs_of_outlines
from pipeline.extract.witness import outline_of
from pipeline.records import OwnReading, Page, RepairedPage
from pipeline.settings import Settings
from pipeline.sources import source_of
from tests.font_papers import Face, Sheet, composite, glyph_name, truetype, type1, type3

TRUE = (
    "La Délégation à l’aménagement a présenté son rapport à l’hôtel de ville. Les façades des immeubles élevés après la "
    "guerre étaient dégradées ; l’État, la région et les collectivités associées se sont engagés à les réhabiliter. "
    "Les crédits prévus ont été répartis entre les opérations de rénovation et la création d’équipements de proximité. "
    "La ville de Saint-Éloi a reçu Mme Çelik ; À Bègles, 12 logements ont été réhabilités à l’été."
)
_ACCENTS = [char for char in dict.fromkeys(TRUE) if char > "\x7f"]
_SIGNS = [chr(code) for code in range(0xA1, 0x100) if code != 0xAD]
Random(4).shuffle(_SIGNS)
_LIES = dict(zip(_ACCENTS, _SIGNS, strict=False))
_LETTERS = [char for char in dict.fromkeys(TRUE) if char != " "]
_SHUFFLED = dict(zip(_LETTERS, Random(4).sample(_LETTERS, len(_LETTERS)), strict=True))


_PROGRAM = Face(("font_caladea", "Caladea-Regular.ttf"), "aeéàçî ").bytes()


def another(char: str) -> str:
    """A table nobody has listed, for all accents and quotes."""
    return _LIES.get(char, char)


def lost(char: str) -> str:
    return "\ufffd" if char > "\x7f" else char


def alike(char: str) -> str:
    """Several letters told as one, which the text uses too."""
    return "O" if char in "éàèêâ’" else char


def shuffled(char: str) -> str:
    return _SHUFFLED.get(char, char)


def read(path: Path, *, ask: bool = True) -> RepairedPage:
    opened = open_document(source_of(path), Settings(ocr="off"))
    (mended,) = repair.repair_pages(list(opened.pages()), opened.ask_fonts if ask else None)
    return mended


def drawn(tmp_path: Path, make: Callable[[Sheet], None], text: str = TRUE) -> Path:
    sheet, path = Sheet(), tmp_path / "paper.pdf"
    make(sheet)
    sheet.write("Body", text)
    sheet.save(path)
    return path


WITNESSES: dict[str, tuple[str, Callable[[Sheet], None]]] = {
    "names, another table": ("glyph names", lambda s: type1(s, "Body", TRUE, another, glyph_name)),
    "names, accents lost": ("glyph names", lambda s: type1(s, "Body", TRUE, lost, glyph_name)),
    "names, bytes told in the wrong order": (
        "glyph names",
        lambda s: type1(s, "Body", TRUE, lambda char: char.encode("utf-16-be").decode("utf-16-le"), glyph_name),
    ),
    "names, five letters told as O": ("glyph names", lambda s: type1(s, "Body", TRUE, alike, glyph_name)),
    "names, whole alphabet, Type 3": ("glyph names", lambda s: type3(s, "Body", TRUE, shuffled, glyph_name)),
    "names of the program, post": ("glyph names", lambda s: composite(s, "Body", TRUE, None, without=("cmap",))),
    "names of the program, CFF, every glyph lost": (
        "glyph names",
        lambda s: composite(s, "Body", TRUE, lambda _: "\ufffd", cff=True),
    ),
    "cmap, glyphs by number, another table": ("character map", lambda s: truetype(s, "Body", TRUE, another, numbered=True)),
    "cmap, glyphs by number, no map": ("character map", lambda s: truetype(s, "Body", TRUE, None, numbered=True)),
    "cmap, composite, no map": ("character map", lambda s: composite(s, "Body", TRUE, None, without=("post",))),
    "numbers for names": (
        "numbered glyph names",
        lambda s: type1(s, "Body", TRUE, None, lambda char: f"c{char.encode('cp1252')[0]}"),
    ),
    "hexadecimal for names": (
        "hexadecimal glyph names",
        lambda s: type1(s, "Body", TRUE, None, lambda char: f"G{char.encode('cp1252')[0]:02X}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("witness", "make"), WITNESSES.values(), ids=WITNESSES)
def test_a_font_knows_what_its_map_does_not_tell(witness: str, make: Callable[[Sheet], None], tmp_path: Path) -> None:
    path = drawn(tmp_path, make)
    mended = read(path)
    assert mended.text.split() == TRUE.split()
    assert read(path, ask=False).text.split() != TRUE.split()
    assert {edit.family for edit in mended.edits} == {f"font's own {witness}", "line break"}
    assert all(0.6 <= edit.confidence <= 1 for edit in mended.edits)
    assert apply(mended.page.raw_text, mended.edits) == mended.text


@pytest.mark.parametrize(("told", "needs_ocr"), [(True, False), (False, True)], ids=["fonts say", "fonts say nothing"])
def test_a_page_its_fonts_can_read_needs_no_optical_reading(told: bool, needs_ocr: bool, tmp_path: Path) -> None:
    without = () if told else ("cmap", "post")
    path = drawn(tmp_path, lambda s: composite(s, "Body", TRUE, lambda _: "\ufffd", without=without))
    (page,) = open_document(source_of(path), Settings(ocr="off")).pages()
    assert page.needs_ocr is needs_ocr
    assert (page.quality > 0.6) is told


OUTLINED: dict[str, tuple[Callable[[str], str], str]] = {
    # what no outline tells: a letter whose base the subset lacks (À, Ç), quotation marks
    "another table": (another, "ÀÇ"),
    "five letters told as O": (alike, "’"),
}


@pytest.mark.parametrize(("told", "untold"), OUTLINED.values(), ids=OUTLINED)
def test_outlines_settle_what_nothing_else_names(told: Callable[[str], str], untold: str, tmp_path: Path) -> None:
    mended = read(drawn(tmp_path, lambda s: truetype(s, "Body", TRUE, told, mapped=False)))
    assert any(edit.family == "font's own outlines" for edit in mended.edits)
    pairs = list(zip(mended.text.split(), TRUE.split(), strict=True))
    assert all(one == two for one, two in pairs if not set(untold).intersection(two))
    assert "Saint-Éloi" in mended.text  # its É occurs once


def test_the_same_outline_in_another_font_of_the_page_tells(tmp_path: Path) -> None:
    sheet, path = Sheet(), tmp_path / "two.pdf"
    other = "Le quai Zénith, où vingt wagons ont fêté l’armée, est à Xyz ; un maçon, dès l’été, y a plâtré la façade « Kléber »."
    composite(sheet, "Body", TRUE, None, without=("cmap", "post"))
    composite(sheet, "Sound", TRUE + other, str)
    sheet.write("Body", TRUE)
    sheet.write("Sound", other + " " + TRUE)
    sheet.save(path)
    mended = read(path)
    assert mended.text.split() == [*TRUE.split(), *other.split(), *TRUE.split()]
    assert "font's own outlines, as in other fonts" in {edit.family for edit in mended.edits}


SOUND: dict[str, Callable[[Sheet], None]] = {
    "names, no map": lambda s: type1(s, "Body", TRUE, None, glyph_name),
    "uni names, no map": lambda s: type1(s, "Body", TRUE, None, lambda char: f"uni{ord(char):04X}"),
    "names that lie": lambda s: type1(s, "Body", TRUE, str, lambda char: glyph_name(another(char))),
    "names of no meaning": lambda s: type1(s, "Body", TRUE, str, lambda char: f"x{ord(char):05}"),
}


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND)
def test_a_sound_font_is_neither_asked_nor_touched(make: Callable[[Sheet], None], tmp_path: Path) -> None:
    path = drawn(tmp_path, make)

    def never(_: Sequence[Page]) -> list[tuple[OwnReading, ...]]:
        raise AssertionError("asked")

    pages = list(open_document(source_of(path), Settings(ocr="off")).pages())
    (mended,) = repair.repair_pages(pages, never)
    assert mended.text.split() == TRUE.split()
    assert {edit.family for edit in mended.edits} == {"line break"}


def test_names_that_lie_beside_a_map_that_lies_are_not_believed(tmp_path: Path) -> None:
    def mac(char: str) -> str:
        return char if char.isascii() else chr(char.encode("mac_roman")[0] + 0x20)

    path = drawn(tmp_path, lambda s: type1(s, "Body", TRUE, mac, lambda char: glyph_name(another(char))))
    mended = read(path)
    assert mended.text.split() == TRUE.split()
    assert "mac-roman+0x20" in {edit.family for edit in mended.edits}


def test_the_sound_font_beside_a_lying_one_keeps_its_signs(tmp_path: Path) -> None:
    sheet, path = Sheet(), tmp_path / "two.pdf"
    sound = "Le « café » de São Paulo, ses signes ® et ©, et l’œuvre de l’OTAN à l’été 1990."
    type1(sheet, "Body", TRUE, alike, glyph_name)
    type1(sheet, "Sound", sound, str, lambda char: glyph_name("O" if char == "é" else char))
    sheet.write("Body", TRUE)
    sheet.write("Sound", sound)
    sheet.save(path)
    assert read(path).text.split() == [*TRUE.split(), *sound.split()]


@pytest.mark.parametrize(
    "broken", [b"", b"no font", b"\x00\x01\x00\x00" + b"\xff" * 400], ids=["empty", "text", "sfnt"]
)
def test_a_broken_program_is_no_witness(broken: bytes, tmp_path: Path) -> None:
    path = drawn(tmp_path, lambda s: composite(s, "Body", TRUE, None))
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        (font,) = document.pages[0].Resources.Font.values()
        font.DescendantFonts[0].FontDescriptor.FontFile2.write(broken)
        facts = facts_of(font)
        document.save(path)
    assert facts is not None
    assert {NAMES, MAP}.isdisjoint(facts.signs)
    assert read(path).page.raw_text  # read as it is, whatever that is


def test_a_program_that_unpacks_without_end_is_no_witness(tmp_path: Path) -> None:
    path = drawn(tmp_path, lambda s: truetype(s, "Body", TRUE, str, numbered=True))
    with pikepdf.open(path) as document:
        (font,) = document.pages[0].Resources.Font.values()
        assert MAP in facts_of(font).signs
        packed = zlib.compress(bytes(30_000_000))
        font.FontDescriptor.FontFile2.write(packed, filter=pikepdf.Name.FlateDecode)
        assert MAP not in facts_of(font).signs


@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6)
)
@settings(max_examples=60, deadline=None)
def test_a_damaged_program_raises_nothing(damage: list[tuple[float, bytes]]) -> None:
    program = bytearray(_PROGRAM)
    for place, change in damage:
        start = int(place * len(program))
        program[start : start + len(change)] = change
    with pikepdf.new() as document:
        below = Dictionary(Subtype=Name.CIDFontType2, FontDescriptor=Dictionary(), CIDToGIDMap=Name.Identity)
        below.FontDescriptor.FontFile2 = document.make_stream(bytes(program))
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type0, Encoding=Name("/Identity-H"), DescendantFonts=Array([below])
        )
        facts = facts_of(font)
    assert facts is not None
    for code in facts.codes:
        outline_of(facts, code)


def test_a_map_that_claims_every_number_is_left_out() -> None:
    face = Face(("font_caladea", "Caladea-Regular.ttf"), "aé").without("post")
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, {0x61: face.glyphs["a"]}
    face.font["cmap"].tables = [table]
    honest = face.bytes()
    group = struct.pack(">III", 0x61, 0x61, face.number("a"))
    assert honest.count(group) == 1
    for program, told in ((honest, True), (honest.replace(group, struct.pack(">III", 0, 0xFFFFFFFF, 0)), False)):
        with pikepdf.new() as document:
            font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, FontDescriptor=Dictionary())
            font.Encoding = Dictionary(Differences=Array([65, Name(f"/g{face.number('a')}")]))
            font.FontDescriptor.FontFile2 = document.make_stream(program)
            facts = facts_of(font)
        assert facts is not None
        assert (MAP in facts.signs) is told


ENCODINGS: dict[str, tuple[dict[str, object], bytes, dict[int, str]]] = {
    "base encoding": ({"/Encoding": pikepdf.Name.MacRomanEncoding}, b"", {0x8E: "é", 0x41: "A"}),
    "names over it": (
        {"/Encoding": {"/BaseEncoding": pikepdf.Name.WinAnsiEncoding, "/Differences": [0x41, "/eacute", "/g12"]}},
        b"",
        {0x41: "é", 0x42: "", 0x43: "C", 0xE9: "é"},
    ),
    "the program's own": (
        {},
        b"/Encoding 256 array dup 65 /eacute put dup 66 /fi put readonly def",
        {65: "é", 66: "fi"},
    ),
    "the program's, standard": ({}, b"/Encoding StandardEncoding def", {0x27: "’", 0xAE: "fi"}),
    "names over the program's": (
        {"/Encoding": {"/Differences": [66, "/agrave"]}},
        b"dup 65 /eacute put dup 66 /fi put",
        {65: "é", 66: "à"},
    ),
}


@pytest.mark.parametrize(("entries", "program", "signs"), ENCODINGS.values(), ids=ENCODINGS)
def test_names_of_a_simple_font(entries: dict[str, object], program: bytes, signs: dict[int, str]) -> None:
    with pikepdf.new() as document:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Body, FontDescriptor=Dictionary())
        font.FontDescriptor.FontFile = document.make_stream(program)
        for key, value in entries.items():
            font[key] = _made(value)
        facts = facts_of(font)
    assert facts is not None
    assert {code: facts.signs[NAMES].get(code, "") for code in signs} == signs


def _made(value: object) -> object:
    """An encoding written in plain Python as pikepdf's objects."""
    if isinstance(value, dict):
        return Dictionary({key: _made(item) for key, item in value.items()})
    if isinstance(value, list):
        return Array([Name(item) if isinstance(item, str) else item for item in value])
    return value


@pytest.mark.parametrize(
    ("name", "sign"),
    [("eacute", "é"), ("uni00E9", "é"), ("u00E9", "é"), ("f_i", "fi"), ("quoteright", "’"), ("eacute.sc", "é"),
     ("g123", ""), ("x00233", ""), (".notdef", ""), ("uniF0B7", ""), ("H11001", "")],
)  # fmt: skip
def test_what_a_glyph_name_says(name: str, sign: str) -> None:
    assert sign_of(name) == sign


FRENCH = "àâäçéèêëîïôöùûüÿÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ"


@pytest.mark.parametrize(
    ("package", "name", "untold"),
    [
        ("font_caladea", "Caladea-Regular.ttf", "çÇ"),
        ("font_caladea", "Caladea-BoldItalic.ttf", "çÇ"),
        ("font_source_sans_pro", "SourceSansPro-Regular.ttf", ""),
        ("font_source_sans_pro", "SourceSansPro-LightIt.otf", "çÇ"),  # the cedilla runs into its letter
    ],
)
def test_outlines_tell_accents_and_never_another_letter(package: str, name: str, untold: str) -> None:
    font = TTFont(io.BytesIO((files(package) / "files" / name).read_bytes()))
    letters = {code: glyph for code, glyph in font.getBestCmap().items() if 0x21 <= code < 0x100 or chr(code) in FRENCH}
    outlines = {code: contours(font.getGlyphSet(), glyph) for code, glyph in letters.items()}
    told = signs_of_outlines(outlines, {code: chr(code) for code in letters if code < 0x80})
    assert {chr(code): sign for code, sign in told.items()} == {char: char for char in FRENCH if char not in untold}
