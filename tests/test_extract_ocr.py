"""Optical reading: error rates on drawn pages whose text is known, turned pages, boxes, and what to do without it."""

from __future__ import annotations

import io
import random
import re
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein
from reportlab.lib.pagesizes import A5
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from pipeline import alignment
from pipeline.extract import missing_for_ocr, ocr, open_document, tesseract
from pipeline.extract.glyphs import FontTable
from pipeline.extract.layout import compose, lay_out
from pipeline.extract.tables import find_cells
from pipeline.records import Glyphs, Page
from pipeline.settings import Settings
from pipeline.sources import source_of

ROOT = Path(__file__).parent.parent
TEXT = (
    "Le conseil municipal, réuni en séance ordinaire le 14 février 1978 sous la présidence de M. Étienne Lagarde, maire, a "
    "examiné le dossier de rénovation de l’îlot de la Gare. Il rappelle que 312 logements, bâtis à la hâte entre 1951 et "
    "1954, n’ont ni chauffage ni salle d’eau, et que l’État a promis une subvention de 4 500 000 francs. Après en avoir "
    "délibéré, il approuve à l’unanimité le projet présenté par l’office d’habitations à loyer modéré, sollicite le concours "
    "de la Caisse des dépôts et demande que les familles âgées soient relogées à proximité. La démolition de l’ancienne "
    "école de garçons, prévue pour l’été, sera précédée d’une enquête où chacun pourra être entendu."
)
MISREAD = {"e": "c o", "n": "ri u", "l": "1 i", "a": "8 o", "é": "6 e", "i": "l 1", "o": "0 c", "t": "f i", "r": "v",
           "u": "n ii", "m": "rn", "s": "5", "d": "cl", "c": "e", "h": "li"}  # fmt: skip
pytestmark = pytest.mark.skipif(bool(missing_for_ocr()), reason=f"optical reading needs {missing_for_ocr()}")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One sheet of known text in a common face."""
    path = tmp_path_factory.mktemp("ocr") / "paper.pdf"
    canvas = Canvas(str(path), pagesize=A5, invariant=1)
    canvas.setFont("Times-Roman", 11)
    line, y = "", A5[1] - 60.0
    for word in [*TEXT.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and stringWidth(longer, "Times-Roman", 11) <= A5[0] - 100:
            line = longer
            continue
        canvas.drawString(50, y, line)
        line, y = word, y - 14.5
    canvas.save()
    return path


def picture_of(path: Path, dpi: int) -> Image.Image:
    with pdfium.PdfDocument(path) as document:
        return document[0].render(scale=dpi / 72, grayscale=True).to_pil()


def worn(picture: Image.Image) -> Image.Image:
    """The same page two degrees askew, noisy, and kept as a poor JPEG."""
    askew = picture.rotate(2.0, Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(1978).normal(0, 20, (askew.height, askew.width))
    noisy = Image.fromarray(np.clip(np.asarray(askew) + noise, 0, 255).astype(np.uint8))
    kept = io.BytesIO()
    noisy.save(kept, "JPEG", quality=40)
    return Image.open(kept).convert("L")


def read(picture: Image.Image, dpi: int) -> tuple[str, Glyphs]:
    """The text of a picture as a page would hold it, and its glyphs on the picture as it lies."""
    fonts = FontTable()
    reading = ocr.read_picture(picture, dpi / 72, fonts)
    layout = lay_out(reading.glyphs)
    text, drawn, _ = compose(layout, fonts, list(layout.families))
    return text, reading.on_page(drawn)


def error_rate(truth: str, found: str) -> float:
    """Edits for a character of the truth; Tesseract's straight apostrophe stands for the curly one, lines do not count."""
    one, two = (" ".join(text.replace("’", "'").split()) for text in (truth, found))
    return Levenshtein.distance(one, two) / len(one)


def test_clean_page(paper: Path) -> None:
    rate = error_rate(TEXT, read(picture_of(paper, 300), 300)[0])
    print(f"clean, 300 dpi: character error rate {rate:.4f}")
    assert rate <= 0.01


def test_worn_page(paper: Path) -> None:
    rate = error_rate(TEXT, read(worn(picture_of(paper, 150)), 150)[0])
    print(f"worn, 150 dpi: character error rate {rate:.4f}")
    assert rate <= 0.05


@pytest.mark.parametrize("angle", [-3.0, -0.8, 0.0, 1.7])
def test_skew_is_measured(paper: Path, angle: float) -> None:
    picture = picture_of(paper, 150).rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    assert ocr.skew_of(picture) == pytest.approx(-angle, abs=0.21)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_page_on_its_side_or_head(paper: Path, quarters: int) -> None:
    """The text is read upright; a word's box lies where the word is on the page as it lies."""
    upright = picture_of(paper, 200)
    picture = upright.rotate(90 * quarters, expand=True)
    text, glyphs = read(picture, 200)
    assert error_rate(TEXT, text) <= 0.02
    start = text.index("examiné")
    box = alignment.box_of(glyphs, (start, start + len("examiné")))
    assert box is not None
    ink = np.asarray(picture.crop(tuple(round(edge * 200 / 72) for edge in box))) < 128  # type: ignore[arg-type]
    assert 0.08 < ink.mean() < 0.5
    long, short = max(box[2] - box[0], box[3] - box[1]), min(box[2] - box[0], box[3] - box[1])
    assert (box[2] - box[0] > box[3] - box[1]) == (quarters == 2)
    assert long == pytest.approx(stringWidth("examiné", "Times-Roman", 11), rel=0.15)
    assert short < 14


def page_of(path: Path, settings: Settings) -> Page:
    (page,) = open_document(source_of(path), settings).pages()
    return page


@pytest.fixture(scope="module")
def scan(paper: Path) -> Path:
    """The paper as a PDF that holds its picture and no text."""
    path = paper.with_name("scan.pdf")
    picture_of(paper, 200).save(path, "PDF", resolution=200)
    return path


def test_scan_becomes_a_page(scan: Path) -> None:
    page = page_of(scan, Settings())
    assert (page.method, page.engine, page.needs_ocr, page.flow) == ("ocr", "tesseract", False, "blocks")
    assert page.quality > 0.9
    assert page.glyphs is not None and page.glyphs.confidences is not None
    assert len(page.glyphs.confidences) == len(page.raw_text)
    drawn = page.glyphs.font_ids >= 0
    assert ((page.glyphs.confidences[drawn] >= 0) & (page.glyphs.confidences[drawn] <= 1)).all()
    assert np.isnan(page.glyphs.confidences[~drawn]).all()
    assert page.glyphs.fonts == ("ocr",)


@pytest.mark.parametrize(("share", "method"), [(0.05, "text-layer"), (0.25, "ocr"), (0.5, "ocr")])
def test_layer_another_reader_left_under_a_scan(paper: Path, tmp_path: Path, share: float, method: str) -> None:
    """A layer with a few misread letters is mended later; one garbled throughout, though its pieces are words, is not kept."""
    chance = random.Random(1978)
    garbled = "".join(
        chance.choice(MISREAD.get(c, c).split()) if chance.random() < share and c != " " else c for c in TEXT
    )
    path = tmp_path / "layered.pdf"
    canvas = Canvas(str(path), pagesize=A5, invariant=1)
    layer = canvas.beginText(50, A5[1] - 60)
    layer.setTextRenderMode(3)
    layer.setFont("Times-Roman", 11)
    layer.textLines(textwrap.wrap(garbled, 60))
    canvas.drawText(layer)
    canvas.drawImage(ImageReader(picture_of(paper, 200)), 0, 0, *A5)
    canvas.save()
    page = page_of(path, Settings())
    assert page.method == method
    assert page_of(path, Settings(ocr="off")).needs_ocr is (method == "ocr")
    assert error_rate(TEXT, page.raw_text) <= (0.01 if method == "ocr" else 0.1)


def test_ocr_off_says_so(scan: Path) -> None:
    page = page_of(scan, Settings(ocr="off"))
    assert (page.method, page.needs_ocr, page.raw_text) == ("none", True, "")


def test_sound_page_is_read_only_when_forced(paper: Path) -> None:
    assert page_of(paper, Settings()).method == "text-layer"
    forced = page_of(paper, Settings(ocr="force"))
    assert forced.method == "ocr"
    assert error_rate(TEXT, forced.raw_text) <= 0.01


def test_without_french_data(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No French data: the page waits for it, and the advice names the Debian package."""
    monkeypatch.setattr(tesseract, "tessdata", lambda: None)
    assert "tesseract-ocr-fra" in tesseract.missing()
    page = page_of(scan, Settings())
    assert (page.method, page.needs_ocr, page.problem) == ("none", True, "")


def test_picture_without_text_is_no_text(tmp_path: Path) -> None:
    """A photograph alone gives no words, and is not asked for again."""
    shades = np.random.default_rng(3).integers(0, 255, (12, 9)).astype(np.uint8)
    photograph = Image.fromarray(shades).resize((900, 1200), Image.Resampling.BICUBIC)
    photograph.save(tmp_path / "photograph.pdf", "PDF", resolution=150)
    page = page_of(tmp_path / "photograph.pdf", Settings())
    assert len(re.findall(r"\w\w", page.raw_text)) == 0
    assert page.needs_ocr is False


def test_scan_of_the_sample_corpus() -> None:
    """The scanned memoir against the text it was set from."""
    truth = (ROOT / "tools/build_corpus/texts/08-memoire-grands-ensembles-scan.md").read_text(encoding="utf-8")
    body = truth.partition("# ")[2]
    page = page_of(ROOT / "corpus" / "08-memoire-grands-ensembles-scan.pdf", Settings())
    found = page.raw_text[page.raw_text.index(body.split()[0] + " sur la fin") : page.raw_text.rindex("CHV 8")]
    assert error_rate(re.sub(r"\*\*|^#+ ", "", body, flags=re.M), found) <= 0.01


@pytest.mark.parametrize("condition", ["clean", "worn"])
def test_scanned_table_adds_up(condition: str) -> None:
    """The rules of a scanned financing plan close its cells, a wrapped one too; its columns add up."""
    source = ROOT / "corpus" / "02-avenant-financement-2021.pdf"
    picture, dpi = (picture_of(source, 300), 300) if condition == "clean" else (worn(picture_of(source, 150)), 150)
    fonts = FontTable()
    reading = ocr.read_picture(picture, dpi / 72, fonts)
    layout = lay_out(reading.glyphs)
    text, drawn, cuts = compose(layout, fonts, list(layout.families))
    cells, _ = find_cells(text, drawn, cuts, reading.glyphs.rules)
    table = {(c.row_no, c.column_no): " ".join(" ".join(text[slice(*span)] for span in c.spans).split()) for c in cells}
    assert table[3, 1].replace("'", "’") == "Organismes d’habitations à loyer modéré"
    for column in (2, 3, 4):
        *parts, total = (int(re.sub(r"\D", "", table[row, column])) for row in range(2, 6))
        assert sum(parts) == total


def test_two_sizes_of_type(tmp_path: Path) -> None:
    """A title three times the size of its only line: each keeps its own size."""
    canvas = Canvas(str(tmp_path / "slide.pdf"), pagesize=(400, 200), invariant=1)
    for size, y, line in ((36, 130, "Bilan 1984"), (12, 70, "Vingt opérations engagées")):
        canvas.setFont("Helvetica", size)
        canvas.drawString(40, y, line)
    canvas.save()
    fonts = FontTable()
    reading = ocr.read_picture(picture_of(tmp_path / "slide.pdf", 200), 200 / 72, fonts)
    assert reading.text.split("\n") == ["Bilan 1984", "Vingt opérations engagées"]
    assert float(reading.glyphs.size.max()) > 2.2 * float(reading.glyphs.size.min())


def test_large_page_is_drawn_coarser(monkeypatch: pytest.MonkeyPatch, paper: Path) -> None:
    """A sheet past the limit of pixels is still read."""
    monkeypatch.setattr(ocr, "MOST_PIXELS", 1_000_000)
    with pdfium.PdfDocument(paper) as document:
        reading = ocr.read_page(document[0], FontTable())
    assert error_rate(TEXT, reading.text) <= 0.05
    assert reading.size == pytest.approx(A5, abs=1)
    assert replace(reading, text="").certainty > 0.8
