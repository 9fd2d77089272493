"""The sample corpus is what its texts say, damaged where it says so, and can be built again."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pdf_oxide
import pdfplumber
import pikepdf
import pypdfium2
import pytest

build = pytest.importorskip("tools.build_corpus.typeset", reason="the corpus builder needs reportlab and pikepdf")
from tools.build_corpus.__main__ import MANIFEST_COLUMNS, write_manifest  # noqa: E402
from tools.build_corpus.damage import FAMILIES, LYING_SUFFIX, rewrite_maps  # noqa: E402
from tools.build_corpus.source import Document, load_all, plain_text, unmarked  # noqa: E402

CORPUS = Path(__file__).parent.parent / "corpus"
DOCUMENTS = {document.file: document for document in load_all()}
PDFS = [name for name in DOCUMENTS if name.endswith(".pdf")]
SCANS = [name for name, document in DOCUMENTS.items() if document.head["layout"] == "scan"]
LYING = [name for name, document in DOCUMENTS.items() if "lies" in document.head]
NOT_DOCUMENTS = {"README.md", "manifest.csv"}

DAMAGE = [  # file, what programs are told, what the page shows
    ("03-candidature-villes-moyennes-lens-lievin.pdf", "D®l®gation interminist®rielle à l’", "Délégation"),
    ("03-candidature-villes-moyennes-lens-lievin.pdf", "çêPlaine de Jeuxêè", "« Plaine de Jeux »"),
    (
        "05-deliberation-anru-2014.pdf",
        "Le conseil d£administration, r¢guli¦rement",
        "Le conseil d’administration, régulièrement",
    ),
    ("09-note-datar-diact.pdf", "m®tropoles dõ®quilibre dans les années 1960", "métropoles d’équilibre"),
    ("10-note-loi-ville-2003.pdf", "La loi n¡Ê2007-290 du 5 mars 2007, qui institua", "La loi n° 2007-290"),
    ("11-note-demolitions.pdf", "9pQLVVLHX[", "Vénissieux, les Minguettes"),
]


@pytest.fixture(scope="module")
def fonts() -> None:
    for face in build.FACES:
        try:
            build.font_files(face)
        except build.FontMissing as missing:
            pytest.skip(str(missing))


def squeezed(text: str) -> str:
    """Letters and signs only: no space, no hyphen (a line end may have put or hidden one)."""
    return re.sub(r"[\s\u00ad\u2010\ufffe\x02-]", "", text)


def with_pdfplumber(path: Path) -> str:
    with pdfplumber.open(path) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def with_pypdfium2(path: Path | bytes) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def with_pdf_oxide(path: Path) -> str:
    pdf = pdf_oxide.PdfDocument(str(path))
    return "\n".join(pdf.extract_text(page) for page in range(pdf.page_count()))


def with_pdftotext(path: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()


def comparable(data: bytes) -> bytes:
    """A PDF with its streams opened, so that two zlib versions give the same bytes."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        pdf.save(
            out,
            static_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def pictures(data: bytes, scale: float = 1.0) -> list[np.ndarray]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.render(scale=scale, grayscale=True).to_numpy() for page in pdf]


def test_manifest_names_every_file_and_only_those() -> None:
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    assert tuple(reader.fieldnames or ()) == MANIFEST_COLUMNS
    assert [row["file"] for row in rows] == sorted(DOCUMENTS)
    assert {path.name for path in CORPUS.iterdir() if path.is_file()} == set(DOCUMENTS) | NOT_DOCUMENTS
    assert all(value for row in rows for value in row.values())
    assert all(re.fullmatch(r"\d{4}(-\d\d){0,2}", row["date"]) for row in rows)


def test_manifest_is_what_the_texts_say(tmp_path: Path) -> None:
    write_manifest(list(DOCUMENTS.values()), tmp_path / "manifest.csv")
    assert (tmp_path / "manifest.csv").read_bytes() == (CORPUS / "manifest.csv").read_bytes()


@pytest.mark.parametrize("name", sorted(set(DOCUMENTS) - set(SCANS)))
def test_file_is_what_the_builder_makes(name: str, fonts: None) -> None:
    built, kept = build.render(DOCUMENTS[name]), (CORPUS / name).read_bytes()
    if name.endswith(".pdf"):
        built, kept = comparable(built), comparable(kept)
    assert built == kept, "run `make corpus`"


@pytest.mark.parametrize("name", SCANS)
def test_scan_is_a_picture_of_its_text(name: str, fonts: None) -> None:
    kept = (CORPUS / name).read_bytes()
    assert not with_pypdfium2(kept).strip()
    with pikepdf.open(BytesIO(kept)) as pdf:
        assert [len(page.images) for page in pdf.pages] == [1] * len(pdf.pages)
        assert not any(obj.get("/Type") == "/Font" for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary))
    built = build.render(DOCUMENTS[name])
    for mine, theirs in zip(pictures(built), pictures(kept), strict=True):
        assert np.mean(abs(mine.astype(int) - theirs) > 64) < 0.002


@pytest.mark.parametrize("reader", [with_pdfplumber, with_pypdfium2, with_pdf_oxide, with_pdftotext])
@pytest.mark.parametrize(("name", "told", "shown"), DAMAGE, ids=[f"{name[:2]}-{told[:9]}" for name, told, _ in DAMAGE])
def test_every_reader_is_told_the_lie(name: str, told: str, shown: str, reader) -> None:
    text = squeezed(reader(CORPUS / name))
    assert squeezed(told) in text
    assert squeezed(shown) in squeezed(plain_text(DOCUMENTS[name]))


@pytest.mark.parametrize("name", LYING)
def test_only_the_map_lies(name: str, fonts: None) -> None:
    """Honest and lying maps draw the same page, and more than one font of the document is sound."""
    honest = rewrite_maps(build.pdf_bytes(DOCUMENTS[name]), None)
    kept = (CORPUS / name).read_bytes()
    for mine, theirs in zip(pictures(honest), pictures(kept), strict=True):
        assert np.array_equal(mine, theirs)
    assert with_pypdfium2(honest) != with_pypdfium2(kept)
    with pikepdf.open(BytesIO(kept)) as pdf:
        fonts = [str(obj.BaseFont) for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and "/BaseFont" in obj]
    assert sum(font.endswith(LYING_SUFFIX) for font in fonts) == 1 < len(fonts)


@pytest.mark.parametrize("name", sorted(set(PDFS) - set(SCANS)))
def test_honest_page_says_its_text(name: str, fonts: None) -> None:
    honest = rewrite_maps(build.pdf_bytes(DOCUMENTS[name]), None)
    with pypdfium2.PdfDocument(honest) as pdf:
        between = {"bottom": build.FOOT - 8, "top": build.HEIGHT - build.TOP + 8}  # running head and foot left out
        page = squeezed("".join(page.get_textpage().get_text_bounded(**between) for page in pdf))
    for text in _said(DOCUMENTS[name]):
        assert squeezed(text) in page, text


def _said(document: Document) -> list[str]:
    cells = [unmarked(cell) for block in document.blocks for row in block.rows for cell in row]
    return cells + [unmarked(block.text) for block in document.blocks if block.text]


@pytest.mark.parametrize("name", ["02-avenant-financement-2021.pdf", "16-note-coproprietes.pdf"])
def test_financing_table_adds_up(name: str) -> None:
    with pdfplumber.open(CORPUS / name) as pdf:
        head, *rows, total = pdf.pages[0].extract_tables()[0]
    figures = [[int(re.sub(r"\s", "", cell or "")) for cell in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*figures, strict=True)] == [
        int(re.sub(r"\s", "", cell)) for cell in total[1:]
    ]
    if len(head) > 2:
        assert all(sum(row[:-1]) == row[-1] for row in figures)


def test_text_files_keep_their_encodings() -> None:
    typed = (CORPUS / "13-lettre-nouvelle-datar-2009.txt").read_bytes()
    assert b"\r\n" in typed and "attractivité régionale" in typed.decode("cp1252").replace("\r\n", " ")
    with pytest.raises(UnicodeDecodeError):
        typed.decode("utf-8")
    assert "dégradés" in (CORPUS / "14-note-pnrqad.txt").read_text(encoding="utf-8")


def test_every_family_is_shown_and_files_stay_small() -> None:
    assert {DOCUMENTS[name].head["lies"] for name in LYING} == set(FAMILIES)
    assert max((CORPUS / name).stat().st_size for name in DOCUMENTS) < 60_000
