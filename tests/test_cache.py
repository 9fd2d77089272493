"""A kept reading comes back as it was, or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipeline import cache
from pipeline.records import Cell, Cut, DocumentInfo, Doubt, Edit, Glyphs, Page, RepairedPage


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
    cache.save(tmp_path, "0123456789abcdef", "now", before)
    after = cache.load(tmp_path, "0123456789abcdef", "now")
    assert after is not None
    assert (after.info, after.status, after.error, after.claimed_pages) == (before.info, "partial", before.error, 2)
    for one, other in zip(before.pages, after.pages, strict=True):
        assert (one.text, one.edits, one.doubts) == (other.text, other.edits, other.doubts)
        for name in ("number", "raw_text", "method", "engine", "flow", "problem", "width", "cuts", "cells"):
            assert getattr(one.page, name) == getattr(other.page, name), name
    glyphs = (before.pages[0].page.glyphs, after.pages[0].page.glyphs)
    assert glyphs[0] is not None and glyphs[1] is not None and after.pages[1].page.glyphs is None
    assert glyphs[0].fonts == glyphs[1].fonts
    for name in ("font_ids", "boxes", "confidences"):
        np.testing.assert_array_equal(getattr(glyphs[0], name), getattr(glyphs[1], name))


def test_another_fingerprint_is_no_reading(tmp_path: Path) -> None:
    cache.save(tmp_path, "0123456789abcdef", "then", kept())
    assert cache.load(tmp_path, "0123456789abcdef", "now") is None
    assert cache.load(tmp_path, "fedcba9876543210", "now") is None


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_damaged_reading_is_read_again(tmp_path: Path, cut: int) -> None:
    cache.save(tmp_path, "0123456789abcdef", "now", kept())
    (file,) = tmp_path.rglob("*.arrow")
    file.write_bytes(file.read_bytes()[:cut])
    assert cache.load(tmp_path, "0123456789abcdef", "now") is None


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    cache.save(tmp_path, "0123456789abcdef", "now", kept())
    assert [file.suffix for file in tmp_path.rglob("*") if file.is_file()] == [".arrow"]
