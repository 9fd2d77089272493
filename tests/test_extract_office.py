"""Word and OpenDocument texts: made documents read back, and packages that must be refused."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentText

from pipeline.errors import DocumentError, EmptyDocument, UnreadableDocument
from pipeline.extract import open_document, sniff
from pipeline.extract.sniff import DOCX, ODT
from pipeline.records import Page
from pipeline.settings import Settings
from pipeline.sources import source_of

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ROWS = [["Financeur", "Montant"], ["État", "1 200 000"], ["Région Grand Est", "350 000"], ["Total", "1 550 000"]]


def page_of(path: Path) -> Page:
    (page,) = open_document(source_of(path), Settings()).pages()
    return page


def table_of(page: Page) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in page.cells:
        rows.setdefault(cell.row_no, []).append("".join(page.raw_text[slice(*span)] for span in cell.spans))
    return list(rows.values())


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """A heading, a paragraph with inserted and deleted text, a list, a table with a merged cell."""
    document = docx.Document()
    document.core_properties.title = "Compte rendu"
    document.add_heading("Compte rendu du comité de pilotage", 1)
    paragraph = document.add_paragraph("Le comité s’est réuni ")
    paragraph._p.append(parse_xml(f'<w:ins {NAMESPACE}><w:r><w:t xml:space="preserve">à Vesoul </w:t></w:r></w:ins>'))
    paragraph._p.append(parse_xml(f"<w:del {NAMESPACE}><w:r><w:delText>à Gray </w:delText></w:r></w:del>"))
    paragraph.add_run("le 3 mars 2011.")
    item = document.add_paragraph("Relogement de vingt familles", style="List Bullet")
    item._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {NAMESPACE}><w:numId w:val="1"/></w:numPr>'))
    table = document.add_table(rows=len(ROWS) + 1, cols=2)
    for row, texts in zip(table.rows, ROWS, strict=False):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[-1].cells[0].merge(table.rows[-1].cells[1]).text = "Sommes hors taxes"
    document.add_paragraph("Fin du compte rendu.")
    document.save(str(tmp_path / "compte-rendu.docx"))
    return tmp_path / "compte-rendu.docx"


@pytest.fixture
def open_text(tmp_path: Path) -> Path:
    """The same in OpenDocument, with a note."""
    document = OpenDocumentText()
    document.text.addElement(odf_text.H(outlinelevel=1, text="Compte rendu du comité de pilotage"))
    paragraph = odf_text.P(text="Le comité s’est réuni")
    paragraph.addElement(odf_text.S(c=1))
    paragraph.addText("à Vesoul le 3 mars 2011")
    note = odf_text.Note(noteclass="footnote", id="n1")
    note.addElement(odf_text.NoteCitation(text="1"))
    body = odf_text.NoteBody()
    body.addElement(odf_text.P(text="Et non à Gray."))
    note.addElement(body)
    paragraph.addElement(note)
    document.text.addElement(paragraph)
    listed, item = odf_text.List(), odf_text.ListItem()
    item.addElement(odf_text.P(text="Relogement de vingt familles"))
    listed.addElement(item)
    document.text.addElement(listed)
    table = odf_table.Table()
    for texts in ROWS:
        row = odf_table.TableRow()
        for text in texts:
            cell = odf_table.TableCell()
            cell.addElement(odf_text.P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.text.addElement(table)
    document.save(str(tmp_path / "compte-rendu.odt"))
    return tmp_path / "compte-rendu.odt"


def test_word(word: Path) -> None:
    assert sniff(word) == DOCX
    page = page_of(word)
    assert page.raw_text.split("\n\n") == [
        "Compte rendu du comité de pilotage",
        "Le comité s’est réuni à Vesoul le 3 mars 2011.",
        "– Relogement de vingt familles",
        *("\t".join(row) for row in ROWS),
        "Sommes hors taxes",
        "Fin du compte rendu.",
    ]
    assert table_of(page) == [*ROWS, ["Sommes hors taxes"]]
    assert (page.method, page.flow, page.quality > 0.8) == ("plain-text", "blocks", True)


def test_notes_of_a_word_text_come_last_numbered_as_they_are_met(word: Path) -> None:
    """The file's own numbers begin with the two rules drawn above the notes; end notes count on."""
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def notes(kind: str, *texts: tuple[int, str, str]) -> bytes:
        inner = "".join(
            f'<w:{kind} w:id="{number}"{told}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
            for number, told, text in texts
        )
        return f"<w:{kind}s {namespace}>{inner}</w:{kind}s>".encode()

    rule = ' w:type="separator"'
    parts = {
        "word/footnotes.xml": notes("footnote", (0, rule, ""), (3, "", "Et non à Gray."), (2, "", "Arrêté du 2 mars.")),
        "word/endnotes.xml": notes("endnote", (0, rule, ""), (2, "", "Archives, cote 12 W 4.")),
    }
    marks = "".join(
        f'<w:p><w:r><w:t>{text}</w:t></w:r><w:r><w:{kind}Reference w:id="{number}"/></w:r></w:p>'
        for text, kind, number in (("Vesoul", "footnote", 2), ("Lure", "endnote", 2), ("Gy", "footnote", 3))
    )
    copy = word.with_name("notes.docx")
    with zipfile.ZipFile(word) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = re.sub(
                    rb"<w:body>.*?(?=<w:sectPr|</w:body>)", f"<w:body>{marks}".encode(), data, flags=re.DOTALL
                )
            if name == "word/_rels/document.xml.rels":
                kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
                told = "".join(
                    f'<Relationship Id="n{n}" Type="{kinds}{n}" Target="{n}.xml"/>' for n in ("endnotes", "footnotes")
                )
                data = data.replace(b"</Relationships>", f"{told}</Relationships>".encode())
            new.writestr(name, data)
        for name, data in parts.items():
            new.writestr(name, data)
    assert page_of(copy).raw_text.split("\n\n") == [
        "Vesoul[1]",
        "Lure[2]",
        "Gy[3]",
        "[1] Arrêté du 2 mars.",
        "[2] Archives, cote 12 W 4.",
        "[3] Et non à Gray.",
    ]


def test_open_document(open_text: Path) -> None:
    assert sniff(open_text) == ODT
    page = page_of(open_text)
    assert page.raw_text.split("\n\n") == [
        "Compte rendu du comité de pilotage",
        "Le comité s’est réuni à Vesoul le 3 mars 2011[1]",
        "– Relogement de vingt familles",
        *("\t".join(row) for row in ROWS),
        "[1] Et non à Gray.",
    ]
    assert table_of(page) == ROWS


def rewritten(path: Path, part: str, content: bytes) -> Path:
    """A copy of a package with one part put in the place of another."""
    copy = path.with_name("changed" + path.suffix)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return copy


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (LAUGHS, "entities"),
        (b"<?xml version='1.0'?>" + b" " * (49 << 20), "unpacks to 49 MiB"),
        (b"<w:document", "broken"),
    ],
    ids=["entities", "bomb", "broken"],
)
def test_refused_word(word: Path, content: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        page_of(rewritten(word, "word/document.xml", content))


def test_refused_open_document(open_text: Path) -> None:
    for content in (LAUGHS, b"<office:document-content"):
        with pytest.raises(UnreadableDocument):
            page_of(rewritten(open_text, "content.xml", content))


def test_too_many_parts(word: Path) -> None:
    with zipfile.ZipFile(word, "a") as package:
        for number in range(5_001):
            package.writestr(f"word/media/{number}", b"")
    with pytest.raises(UnreadableDocument, match="unpacks"):
        page_of(word)


def test_empty_and_foreign_packages(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "empty.docx"))
    with pytest.raises(EmptyDocument):
        page_of(tmp_path / "empty.docx")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as package:
        package.writestr("notes.txt", "Rien")
    assert sniff(tmp_path / "other.zip") is None
    (tmp_path / "cut.docx").write_bytes((tmp_path / "empty.docx").read_bytes()[:900])
    with pytest.raises(DocumentError):
        page_of(tmp_path / "cut.docx")
