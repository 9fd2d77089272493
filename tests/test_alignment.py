"""Offsets survive mending: applying, undoing, and finding one's way between the two texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alignment import Alignment, apply, box_of, undo
from pipeline.records import Edit, Glyphs


def edit(start: int, before: str, after: str) -> Edit:
    return Edit(start=start, end=start + len(before), before=before, after=after, family="test", confidence=1.0)


@st.composite
def mended(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    raw = draw(st.text(max_size=60))
    edits, done = [], 0
    while done < len(raw) and draw(st.booleans()):
        start = draw(st.integers(done, len(raw)))
        end = draw(st.integers(start, min(len(raw), start + 5)))
        after = draw(st.text(max_size=5))
        if start == end and not after:
            break
        edits.append(edit(start, raw[start:end], after))
        done = end + 1
    return raw, edits


@given(mended())
def test_undo_undoes_apply(case: tuple[str, list[Edit]]) -> None:
    raw, edits = case
    assert undo(apply(raw, edits), edits) == raw


@settings(max_examples=1000)
@given(mended(), st.data())
def test_a_span_maps_to_what_it_came_from(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    raw, edits = case
    text = apply(raw, edits)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = Alignment(edits).to_raw(start, end)
    assert 0 <= low <= high <= len(raw)
    inside = [e for e in edits if low <= e.start and e.end <= high]
    shift = low
    moved = [
        Edit(start=e.start - shift, end=e.end - shift, before=e.before, after=e.after, family="", confidence=1)
        for e in inside
    ]
    assert text[start:end] in apply(raw[low:high], moved), "the raw span mends to a text that holds the span"


@pytest.mark.parametrize(
    ("raw", "edits", "span", "expected"),
    [
        ("La D®l®gation", [edit(4, "®", "é"), edit(6, "®", "é")], (3, 13), (3, 13)),
        ("clas sé", [edit(4, " ", "")], (0, 6), (0, 7)),
        ("amé-\nnagement", [edit(3, "-\n", "")], (0, 11), (0, 13)),
        ("œuvre", [edit(0, "œ", "oe")], (0, 1), (0, 1)),
        ("PAGE 3\nLe texte", [edit(0, "PAGE 3\n", "")], (0, 2), (7, 9)),
        ("PAGE 3\nLe texte", [edit(0, "PAGE 3\n", "")], (0, 0), (7, 7)),
    ],
)
def test_text_to_raw(raw: str, edits: list[Edit], span: tuple[int, int], expected: tuple[int, int]) -> None:
    assert Alignment(edits).to_raw(*span) == expected


def test_raw_to_text_of_a_removed_head_is_empty() -> None:
    assert Alignment([edit(0, "PAGE 3\n", "")]).to_text(0, 4) == (0, 0)


@pytest.mark.parametrize("wrong", [[edit(0, "x", "y")], [edit(0, "ab", "c"), edit(1, "b", "d")]])
def test_edits_that_do_not_fit_are_refused(wrong: list[Edit]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apply("abc", wrong)


def test_box_is_the_union_of_the_glyphs_that_were_drawn() -> None:
    boxes = np.array([[10, 20, 15, 30], [np.nan] * 4, [16, 19, 22, 31]], dtype=np.float32)
    glyphs = Glyphs(fonts=("F",), font_ids=np.array([0, -1, 0], dtype=np.int16), boxes=boxes)
    assert box_of(glyphs, (0, 3)) == (10, 19, 22, 31)
    assert box_of(glyphs, (1, 2)) is None
    assert box_of(None, (0, 3)) is None
