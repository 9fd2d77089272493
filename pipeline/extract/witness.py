"""What the fonts of a page say themselves, glyph by glyph.

Why: a reader gives the text a font's ToUnicode map tells, and not the codes under it: once é, à and è are all told as
« O », nothing in the text parts them any more. The codes do, and the font knows what they are (``fontfile``).
Idea: the pages asked for are copied without their pictures, each font's map replaced by one that tells a mark of its own
for every code; pdfium reads the copy as it read the file, so that each glyph stands in the very same box, and its mark says
which code of which font it is. Outlines are then looked at with what the codes were taken for (``outlines``).
Limits: pages read by pdfium alone (another engine's boxes differ); a letter whose code was read as a space or a tab is lost
at the edge of a line. Asked only where the French of a font is doubted: a page
costs as much again as it cost to read. Fonts with one-byte codes or Identity codes; no more than ``_MARKS`` codes a call.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium

from pipeline.extract.fontfile import OUTLINES, TWINS, WITNESSES, FontFacts, facts_of
from pipeline.extract.glyphs import FontTable, read_glyphs
from pipeline.extract.outlines import Outline, contours, signs_of_outlines
from pipeline.records import OwnReading, Page

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # what is wrong with a font only means that it says less

_MARKS = range(0x3400, 0xA000)  # Han: nothing of ours is written in it, and pdfium gives it back as it is
_DEEP = 8  # drawings inside drawings
_ALIKE = ("\u00a0 \u202f\u2009\u2002\u2003", "-\u00ad\u2010\u2011\u2212", "'’ʼ")


@dataclass(slots=True)
class _Font:
    """A font of the document: what it says, and what its codes were taken for on the pages seen."""

    facts: FontFacts
    read: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    drawn: dict[int, Outline | None] = field(default_factory=dict)

    def taken(self) -> dict[int, str]:
        """What each code was taken for most."""
        return {code: max(sorted(signs), key=lambda sign: signs[sign]) for code, signs in self.read.items()}

    def outlined(self) -> dict[int, Outline]:
        """The outlines of the codes met."""
        for code in self.read.keys() - self.drawn.keys():
            self.drawn[code] = outline_of(self.facts, code)
        return {code: outline for code, outline in self.drawn.items() if outline is not None}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One glyph of a page: where it stands in the raw text, its font and code."""

    start: int
    end: int
    font: _Font
    code: int


class FontWitness:
    """The fonts of one PDF, ready to be asked; what they say is kept from one question to the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fonts: dict[object, _Font | None] = {}

    def __call__(self, pages: Sequence[Page]) -> list[tuple[OwnReading, ...]]:
        """What the fonts of ``pages`` say themselves (see ``records.AskFonts``); nothing where the file cannot be copied."""
        asked = [page for page in pages if page.glyphs is not None and page.engine == "pypdfium2"]
        try:
            drawn = self._drawn(asked)
        except (pikepdf.PdfError, pdfium.PdfiumError, RuntimeError, ValueError, TypeError, OSError):
            drawn = {}  # what a broken file makes of a copy; it was read all the same
        for page in asked:
            for glyph in drawn.get(page.number, ()):
                glyph.font.read[glyph.code][page.raw_text[glyph.start : glyph.end]] += 1
        fonts = {id(glyph.font): glyph.font for glyphs in drawn.values() for glyph in glyphs}
        said = {key: {**font.facts.signs, **_drawn_signs(font, fonts.values())} for key, font in fonts.items()}
        return [tuple(_readings(page.raw_text, drawn.get(page.number, ()), said)) for page in pages]

    def _drawn(self, pages: Sequence[Page]) -> dict[int, list[_Drawn]]:
        """The glyphs of each page whose fonts say something, in the order of the raw text."""
        if not pages:
            return {}
        marks: dict[int, tuple[_Font, int]] = {}
        copy = self._copy([page.number for page in pages], marks)
        if not marks:
            return {}
        found = {}
        with closing(pdfium.PdfDocument(copy)) as document:
            for index, page in enumerate(pages):
                with closing(document[index]) as opened:
                    glyphs = read_glyphs(opened, FontTable())
                found[page.number] = list(_paired(page, glyphs.codes.tolist(), glyphs.boxes, marks))
        return found

    def _copy(self, numbers: Sequence[int], marks: dict[int, tuple[_Font, int]]) -> bytes:
        """The pages alone, without pictures, their fonts telling marks."""
        with pikepdf.open(self._path) as document, pikepdf.new() as copy:
            seen: set[object] = set()
            for number in numbers:
                page = document.pages[number - 1]
                for key, font in _fonts_of(page.resources, seen):
                    if key not in self._fonts:
                        facts = facts_of(font)
                        self._fonts[key] = None if facts is None else _Font(facts)
                    known = self._fonts[key]
                    free = len(_MARKS) - len(marks)
                    if known is None or len(known.facts.codes) > free:
                        continue
                    first = _MARKS[len(marks)]
                    marks.update((first + place, (known, code)) for place, code in enumerate(known.facts.codes))
                    font.ToUnicode = document.make_stream(_map(known.facts, first))
                if "/Annots" in page:
                    del page.Annots
                copy.pages.append(page)
            data = io.BytesIO()
            copy.save(data, compress_streams=False)
            return data.getvalue()


def _fonts_of(resources: Any, seen: set[object], depth: int = 0) -> Iterator[tuple[object, pikepdf.Dictionary]]:
    """The fonts of a page and of the drawings on it, each once, under a key of its own; pictures are taken out on the way."""
    if not isinstance(resources, pikepdf.Dictionary) or depth > _DEEP:
        return
    for name, font in dict(resources.get("/Font", {})).items():
        key = font.objgen if font.objgen != (0, 0) else (resources.objgen, name, depth)
        if isinstance(font, pikepdf.Dictionary) and key not in seen:
            seen.add(key)
            yield key, font
    drawings: Any = resources.get("/XObject", {})
    for name, drawing in dict(drawings).items():
        if drawing.get("/Subtype") == "/Image":
            del drawings[name]
        elif drawing.objgen not in seen:
            seen.add(drawing.objgen)
            yield from _fonts_of(drawing.get("/Resources"), seen, depth + 1)


def _map(facts: FontFacts, first: int) -> bytes:
    """A ToUnicode map that tells marks, from ``first`` on, in the place of signs."""
    digits = 2 * facts.size
    rows = [f"<{code:0{digits}X}> <{first + place:04X}>" for place, code in enumerate(facts.codes)]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Marks def 1 begincodespacerange"
    return f"{head} <{'0' * digits}> <{'F' * digits}> endcodespacerange\n{body}\nendcmap end end".encode()


def _paired(page: Page, codes: Sequence[int], boxes: Any, marks: Mapping[int, tuple[_Font, int]]) -> Iterator[_Drawn]:
    """The glyphs of a page's raw text that the copy has marked in the same box."""
    if page.glyphs is None:
        return
    marked: dict[bytes, int] = {}
    for code, box in zip(codes, boxes, strict=True):
        if code in marks:
            marked[box.tobytes()] = code
    places = np.flatnonzero(page.glyphs.font_ids >= 0).tolist()
    keys = ((place, page.glyphs.boxes[place].tobytes()) for place in places)
    for box, group in groupby(keys, key=lambda pair: pair[1]):
        mark = marked.get(box)
        if mark is None:
            continue
        members = [place for place, _ in group]
        if ord(page.raw_text[members[0]]) != mark and members[-1] - members[0] == len(members) - 1:
            font, code = marks[mark]
            yield _Drawn(members[0], members[-1] + 1, font, code)


def _readings(
    raw: str, drawn: Sequence[_Drawn], said: Mapping[int, Mapping[str, Mapping[int, str]]]
) -> Iterator[OwnReading]:
    """What each witness says of a page, where it is not what was read."""
    for witness in WITNESSES:
        told = ((glyph, said[id(glyph.font)].get(witness, {}).get(glyph.code)) for glyph in drawn)
        signs = tuple(
            (glyph.start, glyph.end, sign)
            for glyph, sign in told
            if sign is not None and not _alike(sign, raw[glyph.start : glyph.end])
        )
        if signs:
            yield OwnReading(witness=witness, signs=signs)


def _alike(one: str, two: str) -> bool:
    """Whether two readings differ in their code points only: ligatures, spaces, hyphens, apostrophes."""
    if one == two or any(one in some and two in some for some in _ALIKE):
        return True
    if one.isspace() or two.isspace():  # an en quad for a space is no choice of a writer's
        return False
    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", two)


def _drawn_signs(font: _Font, fonts: Iterable[_Font]) -> dict[str, dict[int, str]]:
    """What the outlines of a font say, alone and beside those of other fonts; what draws nothing is a space."""
    outlines = font.outlined()
    seen: defaultdict[Outline, Counter[str]] = defaultdict(Counter)
    for other in fonts:
        if other is not font:
            taken = other.taken()
            for code, outline in other.outlined().items():
                seen[outline][taken[code]] += 1
    twins = {code: max(sorted(seen[one]), key=seen[one].__getitem__) for code, one in outlines.items() if seen[one]}
    spaces = {code: " " for code, outline in outlines.items() if not outline}
    return {OUTLINES: signs_of_outlines(outlines, font.taken()), TWINS: twins | spaces if twins else {}}


def outline_of(facts: FontFacts, code: int) -> Outline | None:
    """What a font draws for a code; ``None`` where that cannot be known."""
    glyph = facts.glyphs.get(code)
    if glyph is None or glyph not in facts.outlines:
        return None
    try:
        return contours(facts.outlines, glyph)
    except Exception:  # fontTools raises whatever a broken glyph makes it stumble on
        return None
