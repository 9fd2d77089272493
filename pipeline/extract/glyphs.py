"""Every glyph of a PDF page, as arrays.

Why: repair needs the font of every character, the screen needs its box, layout needs both; asking for them one by one
through a general binding is what makes PDF reading slow.
Idea: pdfium reads the page; its per-character functions are called through ``ctypes.PyDLL`` (no lock is released and
taken again) from ``map``, writing boxes into one array; whatever is the same for a whole text object (font, matrix,
size) is asked once an object. Coordinates are turned to the page as displayed: crop box, /Rotate, origin top left.
Limits: pdfium leaves the subset prefix out of the names of embedded simple fonts (the fonts' sizes then tell them apart),
drops glyphs printed twice on one place (fake bold), splits the presentation ligatures U+FB00-FB06 and reads a WinAnsi
non-breaking space as a space; everything else is what the font's maps say, wrong or not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2_raw.bindings import _libs  # type: ignore[import-untyped]

MAX_GLYPHS = 200_000  # a page of an A0 timetable holds some 60,000; more than this is an attack or a mistake
LEFT_OUT = 0xFFFD
# in a sequence of glyph indices, what stands between glyphs is counted from the end: a space, a line end, a tab
MADE_SPACE, LINE_END, TAB = -1, -2, -3
SEPARATORS = np.array([0x09, 0x0A, 0x20], np.uint32)
_AT_ONCE = 2_048  # glyphs
_NAME = 256  # bytes: few names of fonts are longer
_ASKED = 8  # characters: every so many is asked for its object; an object holds some fifteen to fifty
# pdfium marks a hyphen it joined over a line's end with 2 or U+FFFE; the glyph drawn is a hyphen
_JOINED_HYPHENS = (0x02, 0xFFFE)

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PageGlyphs:
    """The glyphs of one page in drawing order; every array has one row a code point.

    ``codes``: uint32 code points as the font's maps give them. ``boxes``: (n, 4) float32, x0, top, x1, bottom, advance
    width by font height. ``baseline``: (n, 2), a point of the line
    the glyph stands on. ``size``: em in points. ``quadrant``: text direction in quarter turns
    clockwise, 0 is upright. ``objects``: a number a text object, for style changes. ``slanted``: angles that are no
    quarter turn (stamps, watermarks). ``rules``: (n, 4), see ``rules.find_rules``. ``confidences``: 0 to 1, from OCR.
    ``signs``: ``codes``, and after them ``SEPARATORS``.
    """

    width: float
    height: float
    codes: NDArray[np.uint32]
    boxes: FloatArray
    baseline: FloatArray
    size: FloatArray
    quadrant: NDArray[np.int8]
    slanted: BoolArray
    font_ids: NDArray[np.int16]
    objects: IntArray
    engine: str = "pypdfium2"
    rules: FloatArray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    confidences: FloatArray | None = None
    signs: NDArray[np.uint32] = field(init=False)

    def __post_init__(self) -> None:
        """Put what separates glyphs after them, where a sequence's negative numbers find it."""
        object.__setattr__(self, "signs", np.concatenate((self.codes, SEPARATORS), dtype="<u4"))

    def text(self, sequence: IntArray) -> str:
        """The text of a sequence of glyph indices and separators."""
        return self.signs.take(sequence).tobytes().decode("utf-32-le")

    def __len__(self) -> int:
        return len(self.codes)


class FontTable:
    """One key a font of a document: the base name (subset prefix kept), numbered where two fonts share it."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._ids: dict[tuple[object, ...], int] = {}
        self._seen: dict[str, int] = {}

    def id_of(self, name: str, *signature: object) -> int:
        """The font's index; a name met with a new signature (embedded size, flags) gets a key of its own, ``name#2``."""
        known = self._ids.get((name, *signature))
        if known is not None:
            return known
        if len(self.keys) >= np.iinfo(np.int16).max:
            return len(self.keys) - 1
        count = self._seen[name] = self._seen.get(name, 0) + 1
        self.keys.append(name if count == 1 else f"{name}#{count}")
        self._ids[(name, *signature)] = len(self.keys) - 1
        return len(self.keys) - 1


@dataclass(frozen=True, slots=True)
class _Api:
    """pdfium's functions, bound so that a call costs as little as ctypes allows."""

    unicode: Callable[..., int]
    loose_box: Callable[..., None]
    text: Callable[..., int]
    text_object: Callable[..., int]
    matrix: Callable[..., None]
    font_size: Callable[..., float]
    font: Callable[..., int | None]
    name: Callable[..., int]
    data: Callable[..., int]
    embedded: Callable[..., int]
    flags: Callable[..., int]


def bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """One of pdfium's functions, on a function object of its own; without ``arguments``, it takes C ints and references."""
    function = ctypes.PyDLL(_libs["pdfium"]._name)[name]
    function.restype = result
    if arguments:
        function.argtypes = arguments
    return function


def reference(pointer: Any) -> Any:
    """A pointer as an argument ready made: to make one anew for each call takes longer than the call itself."""
    return ctypes.byref(ctypes.c_char.from_address(ctypes.cast(pointer, ctypes.c_void_p).value or 0))


@lru_cache(maxsize=1)
def _api() -> _Api:
    pointer, integer, length = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
    return _Api(
        unicode=bind("FPDFText_GetUnicode", ctypes.c_uint),
        loose_box=bind("FPDFText_GetLooseCharBox", None),
        text=bind("FPDFText_GetText", integer, pointer, integer, integer, pointer),
        text_object=bind("FPDFText_GetTextObject", ctypes.c_size_t),  # a pointer, 0 for none
        matrix=bind("FPDFText_GetMatrix", None),
        font_size=bind("FPDFText_GetFontSize", ctypes.c_double),
        font=bind("FPDFTextObj_GetFont", pointer, pointer),
        name=bind("FPDFFont_GetBaseFontName", length, pointer, pointer, length),
        data=bind("FPDFFont_GetFontData", integer, pointer, pointer, length, pointer),
        embedded=bind("FPDFFont_GetIsEmbedded", integer, pointer),
        flags=bind("FPDFFont_GetFlags", integer, pointer),
    )


def read_glyphs(page: pdfium.PdfPage, fonts: FontTable) -> PageGlyphs:
    """Read every glyph of ``page``. Raises ``pypdfium2.PdfiumError`` where pdfium cannot read the page's text."""
    textpage = page.get_textpage()
    try:
        return _read(page, textpage, fonts)
    finally:
        textpage.close()


def _read(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, fonts: FontTable) -> PageGlyphs:
    api = _api()
    handle = reference(textpage.raw)
    count = min(textpage.count_chars(), MAX_GLYPHS)
    objects = _objects(api, handle, count)
    drawn = np.flatnonzero(objects)  # what pdfium made up (spaces, line ends) belongs to no object
    codes = sound_codes(_codes(api, handle, count)[drawn])
    boxes = _asked(api.loose_box, handle, drawn.tolist(), 4)  # pdfium's FS_RECTF: left, top, right, bottom
    addresses = objects[drawn]
    changes = np.flatnonzero(np.concatenate((addresses[:1] > 0, addresses[1:] != addresses[:-1])))
    firsts: dict[int, int] = {}  # in the order met, not by address, so that two runs number fonts alike
    for address, index in zip(addresses[changes].tolist(), drawn[changes].tolist(), strict=True):
        firsts.setdefault(address, index)
    numbers = {address: number for number, address in enumerate(firsts)}
    ids = np.array([numbers[address] for address in addresses[changes].tolist()], np.int64)
    inverse = np.repeat(ids, np.diff(np.append(changes, len(drawn))))
    table = _object_table(api, handle, firsts, fonts)
    size, quadrant, slanted, font_ids = (column[inverse] for column in table[1:])
    place = Displayed.of(page)
    return PageGlyphs(
        width=place.width,
        height=place.height,
        codes=codes,
        boxes=place.boxes(boxes),
        baseline=place.points(table[0]).take(inverse, axis=0),
        size=size.astype(np.float32),
        quadrant=((quadrant + place.turns) % 4).astype(np.int8),
        slanted=slanted.astype(bool),
        font_ids=font_ids.astype(np.int16),
        objects=inverse,
    )


@lru_cache(maxsize=1)
def _room() -> tuple[FloatArray, list[Any]]:
    """Room for what pdfium tells of some glyphs, eight floats each, and a reference to each place, made once."""
    room = np.zeros((_AT_ONCE, 8), np.float32)
    first = ctypes.c_char.from_address(room.ctypes.data)
    return room, [ctypes.byref(first, 32 * index) for index in range(_AT_ONCE)]


def _asked(call: Callable[..., None], handle: Any, indexes: list[int], width: int) -> FloatArray:
    """What ``call`` tells of each glyph, (n, width); zeros where it tells nothing."""
    told = np.empty((len(indexes), width), np.float32)
    room, places = _room()
    for start in range(0, len(indexes), _AT_ONCE):
        some = indexes[start : start + _AT_ONCE]
        room[: len(some)] = 0
        list(map(call, repeat(handle), some, places))
        told[start : start + len(some)] = room[: len(some), :width]
    return told


def _objects(api: _Api, handle: Any, count: int) -> NDArray[np.uint64]:
    """The address of each character's text object, 0 for what pdfium made up.

    Objects are read one after the other and nothing is made up inside one, so that between two characters of one object
    all are its own: some are asked, and where two neighbours differ, the one half way between them, and so on.
    """
    objects = np.zeros(-(-count // _ASKED) * _ASKED + 1, np.uint64)  # one past the last character is no object's
    objects[::_ASKED] = _objects_of(api, handle, range(0, len(objects), _ASKED))
    step = _ASKED
    while step > 1:
        left, right, middle = objects[:-1:step], objects[step::step], objects[step // 2 :: step]
        unsure = np.flatnonzero((left != right) | (left == 0))
        middle[:] = left
        middle[unsure] = _objects_of(api, handle, (unsure * step + step // 2).tolist())
        step //= 2
    return objects[:count]


def _objects_of(api: _Api, handle: Any, indexes: Sequence[int]) -> NDArray[np.uint64]:
    return np.fromiter(map(api.text_object, repeat(handle), indexes), np.uint64, len(indexes))


def _codes(api: _Api, handle: Any, count: int) -> NDArray[np.uint32]:
    """Code points one a character: in one call where pdfium's whole text has as many, else one by one."""
    units = np.zeros(count + 1, np.uint16)
    if api.text(handle, 0, count, units.ctypes.data) != count + 1:
        return np.fromiter(map(api.unicode, repeat(handle), range(count)), np.uint32, count)
    codes = units[:count].astype(np.uint32)
    for index in np.flatnonzero((codes >= 0xFFFE) | ((codes >= 0xD800) & (codes < 0xE000))).tolist():
        codes[index] = api.unicode(handle, index)  # the whole text says U+FFFE for several things
    return codes


def sound_codes(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Code points a text can hold: an unmapped glyph is U+FFFD, one mapped to a line break U+F00A or U+F00D (a glyph
    breaks no line; the private-use row F0xx is where symbol fonts keep their bytes)."""
    odd = np.flatnonzero((codes < 0x20) | (codes >= 0xD800))
    if not len(odd):
        return codes
    some = codes[odd]
    broken = (some == 0) | (some < 0xE000) & (some >= 0xD800) | (some > 0x10FFFF)
    some[broken] = LEFT_OUT
    some[(some == 0x0A) | (some == 0x0D)] += 0xF000
    some[(some == _JOINED_HYPHENS[0]) | (some == _JOINED_HYPHENS[1])] = ord("-")
    codes = codes.copy()
    codes[odd] = some
    return codes


def _object_table(api: _Api, handle: Any, firsts: dict[int, int], fonts: FontTable) -> tuple[NDArray[Any], ...]:
    """Origin (n, 2), em size, quadrant in user space, slanted and font id of each text object (address: first character)."""
    indexes = list(firsts.values())
    matrices = _asked(api.matrix, handle, indexes, 6)
    sizes = np.fromiter(map(api.font_size, repeat(handle), indexes), np.float32, len(indexes))
    handles = [api.font(address) for address in firsts]
    by_handle = {font: _font_id(font, fonts) for font in dict.fromkeys(handles)}
    font_ids = np.array([by_handle[font] for font in handles], np.int16)
    a, b, c, d = matrices[:, 0], matrices[:, 1], matrices[:, 2], matrices[:, 3]
    turns = np.arctan2(-b, a) / (np.pi / 2)
    quadrant = np.rint(turns).astype(np.int64) % 4
    slanted = np.abs(turns - np.rint(turns)) > 0.05
    em = np.abs(sizes) * np.hypot(c, d)
    return matrices[:, 4:6], np.where(np.isfinite(em) & (em > 0), em, 1.0), quadrant, slanted, font_ids


def _font_id(handle: int | None, fonts: FontTable) -> int:
    if handle is None:
        return fonts.id_of("unknown")
    api = _api()
    told = ctypes.create_string_buffer(_NAME)
    if (length := api.name(handle, told, _NAME)) > _NAME:
        told = ctypes.create_string_buffer(length)
        api.name(handle, told, length)
    size = ctypes.c_size_t(0)
    api.data(handle, None, 0, ctypes.byref(size))
    name = told.value.decode("utf-8", "replace") or "unnamed"
    return fonts.id_of(name, size.value, api.embedded(handle), api.flags(handle))


@dataclass(frozen=True, slots=True)
class Displayed:
    """From a page's user space (origin bottom left) to the page as displayed (crop box, rotated, origin top left)."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int
    width: float
    height: float

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Displayed:
        """The transformation of one page."""
        left, bottom, right, top = (float(v) for v in page.get_bbox())
        width, height = page.get_size()
        return cls(left, bottom, right, top, (page.get_rotation() // 90) % 4, float(width), float(height))

    def points(self, xy: NDArray[Any]) -> NDArray[Any]:
        """Move points (n, 2)."""
        across, down = self._moved(xy[:, 0], xy[:, 1])
        return np.stack((across, down), axis=1)

    def boxes(self, rectangles: NDArray[Any]) -> FloatArray:
        """Move pdfium's rectangles (left, top, right, bottom) to boxes (x0, top, x1, bottom)."""
        left, top, right, bottom = rectangles.T
        (one, above), (two, below) = self._moved(left, top), self._moved(right, bottom)
        boxes = np.empty((len(rectangles), 4), np.float32)
        np.minimum(one, two, out=boxes[:, 0])
        np.minimum(above, below, out=boxes[:, 1])
        np.maximum(one, two, out=boxes[:, 2])
        np.maximum(above, below, out=boxes[:, 3])
        if not np.isfinite(boxes).all():
            np.nan_to_num(boxes, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        return boxes

    def _moved(self, x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x
