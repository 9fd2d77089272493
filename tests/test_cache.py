"""A kept reading comes back as it was, or not at all."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipeline import cache
from pipeline.records import Cell, Cut, DocumentInfo, Doubt, Edit, Glyphs, Page, RepairedPage

NAME = "0123456789abcdef"


def keep(folder: Path, fingerprint: str, kept: cache.Kept, parts: int = 1) -> None:
    """Keep a reading, its pages added in ``parts``."""
    with closing(cache.Keeping(folder, NAME)) as keeping:
        pages = list(kept.pages)
        for number in range(parts):
            keeping.add(pages[number::parts] if parts > 1 else pages)
        keeping.keep(fingerprint, kept.info, kept.status, kept.error, kept.claimed_pages)


def kept() -> cache.Kept:
    glyphs = Glyphs(
        fonts=("ABCDEF+Caladea",),
        font_ids=np.array([0, 0, -1], dtype=np.int16),
        boxes=np.array([[1, 2, 3, 4], [5, 6, 7, 8], [np.nan] * 4], dtype=np.float32),
        confidences=np.array([0.5, 1, 0], dtype=np.float32),
    )
    page = Page(
        number=1, raw_text="l®\n", method="text-layer", engine="pdfium", flow="blocks", width=595.0, height=842.0,
        glyphs=glyphs, cuts=(Cut(start=0, end=1, family="running-head"),),
        cells=(Cell(table_no=1, row_no=2, column_no=3, spans=((0, 1), (1, 2))),),
    )  # fmt: skip
    edit = Edit(start=1, end=2, before="®", after="é", family="mac-roman+0x20", confidence=0.99)
    doubt = Doubt(start=0, end=1, before="l", suggestion="L", family="case", confidence=0.2)
    plain = Page(number=2, raw_text="", method="none", problem="it could not be read")
    pages = (RepairedPage(page=page, text="lé\n", edits=(edit,), doubts=(doubt,)), RepairedPage(page=plain, text=""))
    info = DocumentInfo(title="Un titre", date_from=date(1983, 1, 1))
    return cache.Kept(info=info, pages=pages, status="partial", error="page 2: it could not be read", claimed_pages=2)


def test_a_reading_comes_back_as_it_was(tmp_path: Path) -> None:
    before = kept()
    keep(tmp_path, "now", before)
    after = cache.load(tmp_path, NAME, "now")
    assert after is not None
    assert (after.info, after.status, after.error, after.claimed_pages) == (before.info, "partial", before.error, 2)
    for one, other in zip(before.pages, after.pages, strict=True):
        assert (one.text, one.edits, one.doubts) == (other.text, other.edits, other.doubts)
        for name in ("number", "raw_text", "method", "engine", "flow", "problem", "width", "cuts", "cells"):
            assert getattr(one.page, name) == getattr(other.page, name), name
    (with_glyphs, without), first = after.pages, next(iter(before.pages))
    glyphs = (first.page.glyphs, with_glyphs.page.glyphs)
    assert glyphs[0] is not None and glyphs[1] is not None and without.page.glyphs is None
    assert glyphs[0].fonts == glyphs[1].fonts
    for name in ("font_ids", "boxes", "confidences"):
        np.testing.assert_array_equal(getattr(glyphs[0], name), getattr(glyphs[1], name))


def test_another_fingerprint_is_no_reading(tmp_path: Path) -> None:
    keep(tmp_path, "then", kept())
    assert cache.load(tmp_path, NAME, "now") is None
    assert cache.load(tmp_path, "fedcba9876543210", "now") is None


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_damaged_reading_is_read_again(tmp_path: Path, cut: int) -> None:
    keep(tmp_path, "now", kept())
    (file,) = tmp_path.rglob("*.arrow")
    file.write_bytes(file.read_bytes()[:cut])
    assert cache.load(tmp_path, NAME, "now") is None


@pytest.mark.parametrize("place", [0.2, 0.5, 0.7])
def test_a_reading_whose_bytes_went_bad_is_read_again(tmp_path: Path, place: float) -> None:
    """Damage inside a page is known before the first page is taken up."""
    keep(tmp_path, "now", kept())
    (file,) = tmp_path.rglob("*.arrow")
    data = bytearray(file.read_bytes())
    start = data.index(b"\x28\xb5\x2f\xfd", int(place * len(data)) // 2)  # where a packed column begins
    data[start : start + 12] = bytes(12)
    file.write_bytes(data)
    assert cache.load(tmp_path, NAME, "now") is None


def test_pages_added_apart_come_back_together(tmp_path: Path) -> None:
    keep(tmp_path, "now", kept(), parts=2)
    after = cache.load(tmp_path, NAME, "now")
    assert after is not None
    assert [page.number for page in after.pages] == [1, 2] == [page.number for page in after.pages], "as often as asked"


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    left = tmp_path / NAME[:2] / f"{NAME}.999999.part"
    left.parent.mkdir()
    left.write_text("by a worker that was killed")
    with closing(cache.Keeping(tmp_path, NAME)) as keeping:
        keeping.add(kept().pages)
        assert [file.suffix for file in left.parent.iterdir()] == [".part"]
    assert list(left.parent.iterdir()) == [], "closed before it was kept"
    keep(tmp_path, "now", kept())
    assert [file.suffix for file in left.parent.iterdir()] == [".arrow"]


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME[:2]).write_text("in the way")
    with closing(cache.Keeping(tmp_path, NAME)) as keeping:
        with pytest.raises(OSError, match="exist"):
            keeping.add(kept().pages)
        keeping.add(kept().pages)
        keeping.keep("now", kept().info, "ok", None, 2)
    assert cache.load(tmp_path, NAME, "now") is None
