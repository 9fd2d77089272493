"""What is drawn is what is read: made papers with known words, in the order a person reads them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from extract_papers import (
    PAPERS,
    ROWS,
    SENTENCES,
    Paper,
    cropped,
    fake_bold,
    letterhead,
    lists,
    one_column,
    repeated_formulas,
    ruled_table,
    scan,
    sentences,
    turned,
    two_columns_under_title,
    two_fonts,
)
from rapidfuzz.distance import LCSseq

from pipeline.extract import glyphs, open_document
from pipeline.extract.engines import alternatives, from_oxide, from_plumber
from pipeline.extract.glyphs import FontTable, read_glyphs
from pipeline.extract.layout import lay_out
from pipeline.records import Page
from pipeline.settings import Settings
from pipeline.sources import source_of


def pages_of(path: Path, media_type: str = "application/pdf") -> list[Page]:
    return list(open_document(source_of(path, media_type), Settings(ocr="off")).pages())


def running_text(page: Page) -> str:
    """The raw text without its cuts, hyphens at line ends rejoined."""
    pieces, done = [], 0
    for cut in page.cuts:
        pieces.append(page.raw_text[done : cut.start])
        done = cut.end
    text = "".join([*pieces, page.raw_text[done:]])
    return re.sub(r"(?<=\w)-\n+(?=[a-zà-öø-ÿœ])", "", text)


@pytest.mark.parametrize("draw", PAPERS, ids=lambda draw: draw.__name__)
def test_words_of_a_made_paper_in_reading_order(draw, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    expected = draw(path)
    found = " ".join(running_text(page) for page in pages_of(path)).split()
    common = LCSseq.similarity(expected, found)
    assert common / len(expected) >= 0.995, "recall"
    assert common / len(found) >= 0.985, "precision"


@pytest.mark.parametrize("draw", PAPERS, ids=lambda draw: draw.__name__)
def test_a_page_holds_together(draw, tmp_path: Path) -> None:
    """Every code point has its font and box, or is white space made between glyphs; cuts are sorted and apart."""
    path = tmp_path / "paper.pdf"
    draw(path)
    for page in pages_of(path):
        assert page.problem == ""
        glyphs = page.glyphs
        assert glyphs is not None
        assert len(glyphs.font_ids) == len(glyphs.boxes) == len(page.raw_text)
        drawn = glyphs.font_ids >= 0
        assert all(char in " \t\n" for char, is_drawn in zip(page.raw_text, drawn, strict=True) if not is_drawn)
        assert np.isnan(glyphs.boxes[~drawn]).all()
        assert (glyphs.font_ids < len(glyphs.fonts)).all()
        seen = glyphs.boxes[drawn]
        assert (seen[:, 0] <= seen[:, 2]).all()
        assert (seen[:, 1] <= seen[:, 3]).all()
        ends = [edge for cut in page.cuts for edge in (cut.start, cut.end)]
        assert ends == sorted(ends)


def families(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for cut in page.cuts:
        found.setdefault(cut.family, []).append(page.raw_text[cut.start : cut.end])
    return found


def test_running_heads_feet_and_page_numbers_are_marked_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    one_column(path)
    for page in pages_of(path):
        marked = families(page)
        assert marked["running-head"] == ["Ville de Sault-le-Haut\tCompte rendu du 12 mars 2019"]
        (foot,) = marked["running-foot"]
        assert foot.startswith(f"Direction de l’urbanisme – page {page.number} sur 4")


def test_a_formula_that_opens_two_pages_and_a_file_number_are_text(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    repeated_formulas(path)
    for page in pages_of(path):
        assert families(page) == {"running-head": ["Ville de Sault-le-Haut"]}


def test_blocks_are_paragraphs_headings_and_items(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    lists(path)
    (page,) = pages_of(path)
    blocks = page.raw_text.split("\n\n")
    assert len(blocks) == 12
    assert blocks[0] == "1. Les actions engagées"
    assert all(block.startswith("•") for block in blocks[1:4])


def test_rows_of_a_ruled_table_are_lines_of_cells(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    ruled_table(path)
    (page,) = pages_of(path)
    blocks = page.raw_text.split("\n\n")
    for row in ROWS:
        assert "\t".join(row) in blocks


def test_particulars_beside_a_paragraph_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    letterhead(path)
    (page,) = pages_of(path)
    assert "en exercice : 17\nPrésents : 15" in page.raw_text


def test_fake_bold_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    fake_bold(path)
    assert running_text(pages_of(path)[0]).split("\n\n")[0] == "Première partie"


def test_a_lying_font_keeps_its_own_key(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    two_fonts(path)
    (page,) = pages_of(path)
    assert page.glyphs is not None
    by_font = {key: "" for key in page.glyphs.fonts}
    for char, font in zip(page.raw_text, page.glyphs.font_ids.tolist(), strict=True):
        if font >= 0:
            by_font[page.glyphs.fonts[font]] += char
    (sound,) = [text for key, text in by_font.items() if "Times" in key]
    (lying,) = [text for key, text in by_font.items() if "Helvetica" in key]
    assert "®" not in sound
    assert "é" in sound
    assert "®" in lying


def test_boxes_lie_where_the_page_shows_the_word(tmp_path: Path) -> None:
    """Also on a page that is shown turned, and on one that is cropped."""
    for draw, word in ((turned, "convention"), (cropped, "convention"), (two_columns_under_title, "renouvellement")):
        path = tmp_path / f"{draw.__name__}.pdf"
        draw(path)
        page = pages_of(path)[0]
        assert page.glyphs is not None
        assert page.width is not None
        at = page.raw_text.index(word)
        x0, top, x1, bottom = page.glyphs.boxes[at : at + len(word)].T
        picture = pdfium.PdfDocument(path)[0].render(scale=2, grayscale=True).to_numpy()
        area = picture[int(2 * top.min()) : int(2 * bottom.max()), int(2 * x0.min()) : int(2 * x1.max())]
        assert 0.08 < (area < 128).mean() < 0.6, "there is print where the box is"
        assert x1.max() <= page.width


def test_a_scan_asks_for_optical_reading_and_a_sound_layer_does_not(tmp_path: Path) -> None:
    bare, layered, poor = (tmp_path / name for name in ("bare.pdf", "layered.pdf", "poor.pdf"))
    scan(bare)
    scan(layered, layer="\n".join(sentence[:90] for sentence in SENTENCES))
    scan(poor, layer="\n".join("lrnqv ciozx qwzkr xkjvb vbnqt frtzw ghzlq plkrx" for _ in SENTENCES))
    assert [(page.method, page.needs_ocr) for page in pages_of(bare)] == [("none", True)]
    assert [(page.method, page.needs_ocr) for page in pages_of(layered)] == [("text-layer", False)]
    assert [page.needs_ocr for page in pages_of(poor)] == [True]
    assert pages_of(layered)[0].quality > 0.9 > 0.5 > pages_of(poor)[0].quality


def test_another_language_beside_a_picture_asks_for_no_optical_reading(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    german = (
        "Der Rat beschloss die Erneuerung des Viertels, das in den sechziger Jahren gebaut wurde und verfallen ist. "
    )
    y = paper.column(german * 8, 60, 780, 470)
    paper.canvas.setFillGray(0.4)
    for number in range(60):
        paper.canvas.circle(80 + 7 * number, y - 200, 5 + number, fill=1)
    paper.save()
    (page,) = pages_of(path)
    assert (page.needs_ocr, page.quality < 0.9) == (False, True)


def test_a_sentence_that_runs_over_a_column_is_one_block(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    lines = paper.wrap(sentences(0, 10), 225)
    half = len(lines) // 2
    while not (lines[half][0].islower() and lines[half - 1][-1].isalpha()):
        half += 1
    for number, line in enumerate(lines):
        column = number >= half
        paper.line(line, 310 if column else 60, 780 - 13 * (number - half * column))
    paper.save()
    (page,) = pages_of(path)
    assert f"{lines[half - 1]}\n{lines[half]}" in page.raw_text


@pytest.mark.parametrize("draw", [one_column, cropped], ids=lambda draw: draw.__name__)
def test_every_engine_puts_a_glyph_on_the_same_place(draw, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    draw(path)
    fonts = FontTable()
    believed = read_glyphs(pdfium.PdfDocument(path)[0], fonts)
    readings = [from_oxide(path, 1, believed, fonts), from_plumber(path, 1, believed, fonts)]
    assert [reading.engine for reading in alternatives(path, 1, believed, fonts)] == ["pdf_oxide"], "two agree"
    for reading in readings:
        ours, theirs = (
            {(chr(code), round(float(x) / 4), round(float(base) / 4)) for code, x, base in zip(*columns, strict=True)}
            for columns in (
                (page.codes, (page.boxes[:, 0] + page.boxes[:, 2]) / 2, page.baseline[:, 1])
                for page in (believed, reading)
            )
        )
        assert len(ours & theirs) > 0.5 * len(ours), "rounding parts some neighbours, no more"
        assert lay_out(reading).text().split()[:50] == lay_out(believed).text().split()[:50]


def test_where_all_engines_read_the_same_lie_the_first_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    two_fonts(path)
    (page,) = pages_of(path)
    assert page.engine == "pypdfium2"


@pytest.mark.parametrize("draw", PAPERS, ids=lambda draw: draw.__name__)
def test_objects_are_told_as_if_every_glyph_were_asked(draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "paper.pdf"
    draw(path)
    some = [read_glyphs(page, FontTable()).objects.tolist() for page in pdfium.PdfDocument(path)]
    monkeypatch.setattr(glyphs, "_ASKED", 1)
    assert some == [read_glyphs(page, FontTable()).objects.tolist() for page in pdfium.PdfDocument(path)]
