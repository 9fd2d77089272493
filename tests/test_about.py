"""What a document says of itself: titles, genres, dates and languages, on the sample corpus and on made heads."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from rapidfuzz import fuzz
from reportlab.pdfgen.canvas import Canvas

from pipeline import repair
from pipeline.extract import describe, missing_for_ocr, open_document
from pipeline.extract.own_date import own_date
from pipeline.manifest import interval
from pipeline.records import DocumentInfo, Page, RepairedPage
from pipeline.settings import Settings
from pipeline.sources import source_of

CORPUS = Path(__file__).parent.parent / "corpus"


def told_of(path: Path, *, metadata: bool) -> DocumentInfo:
    """What the pages say; with ``metadata``, what the file says is heard too."""
    reading = open_document(source_of(path), Settings())
    pages = tuple(repair.repair_pages(list(reading.pages())))
    title = reading.metadata_title if metadata else None
    return describe(pages, metadata_title=title, producer=reading.producer, language=reading.language)


@pytest.fixture(scope="module")
def sample_corpus() -> list[tuple[dict[str, str], DocumentInfo]]:
    """Every document of the sample corpus: what the manifest says of it, and what its pages alone say."""
    with (CORPUS / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not ("scan" in row["file"] and missing_for_ocr())]
    return [(row, told_of(CORPUS / row["file"], metadata=False)) for row in rows]


def alike(one: str, two: str) -> float:
    """0 to 100: how far the words of the shorter title are words of the longer."""
    return float(fuzz.token_set_ratio(one.casefold(), two.casefold(), processor=lambda t: re.sub(r"\W+", " ", t)))


def test_titles_of_the_sample_corpus(sample_corpus: list[tuple[dict[str, str], DocumentInfo]]) -> None:
    """Without the file's metadata, every page gives its title (two papers show another one than the manifest's)."""
    others = {
        "05-deliberation-anru-2014.pdf": "liste des quartiers d’intérêt national",
        "06-releve-civ-grigny-2021.pdf": "Comité interministériel des villes",
    }
    for row, told in sample_corpus:
        assert told.title is not None
        if row["file"] in others:
            assert told.title.startswith(others[row["file"]])
        else:
            assert alike(row["title"], told.title) >= 90, (row["title"], told.title)


def test_dates_of_the_sample_corpus(sample_corpus: list[tuple[dict[str, str], DocumentInfo]]) -> None:
    """A date is that of the manifest, or there is none; the papers that state their day are dated to the day."""
    dated = {}
    for row, told in sample_corpus:
        if told.date_from is None or told.date_to is None:
            continue
        first, last = interval(row["date"]) or (None, None)
        assert first is not None and last is not None
        assert told.date_from <= last and first <= told.date_to, (row["file"], told)
        dated[row["file"][:2]] = told.date_from
    assert (
        dated.items()
        >= {
            "01": date(2018, 7, 11),
            "02": date(2021, 1, 1),
            "05": date(2014, 12, 15),
            "06": date(2021, 1, 29),
            "13": date(2009, 12, 1),
        }.items()
    )


def test_genres_of_the_sample_corpus(sample_corpus: list[tuple[dict[str, str], DocumentInfo]]) -> None:
    genres = {row["file"][:2]: told.genre for row, told in sample_corpus}
    wanted = {
        "01": "convention", "02": "avenant", "03": "dossier de candidature", "05": "délibération", "06": "compte rendu",
        "07": "inventaire d’archives", "09": "note", "12": "chronologie", "13": "lettre d’information",
    }  # fmt: skip
    wrong = {number: genre for number, genre in wanted.items() if genres[number] != genre}
    assert wrong in ({}, {"06": "compte rendu"}), "the heading of paper 06 does not name what it is"
    assert {told.language for _, told in sample_corpus} == {"fr"}


def page(text: str) -> RepairedPage:
    return RepairedPage(page=Page(number=1, raw_text=text, method="plain-text"), text=text)


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("Microsoft Word - Document1.doc", "Le quartier des Tilleuls"),
        ("modele_note_v3", "Le quartier des Tilleuls"),
        ("Titre de la présentation", "Le quartier des Tilleuls"),
        ("Quartier des Tilleuls : bilan des démolitions", "Quartier des Tilleuls : bilan des démolitions"),
        (None, "Le quartier des Tilleuls"),
    ],
)
def test_metadata_are_believed_where_the_page_agrees(told: str | None, title: str) -> None:
    text = "Le quartier des Tilleuls\n\nBilan des démolitions de 1998 à 2004, présenté par l’office."
    assert describe([page(text)], metadata_title=told, producer=None, language=None).title == title


def test_metadata_serve_where_the_page_is_silent() -> None:
    info = describe([page("")], metadata_title="Plan des Tilleuls.pdf", producer="P", language="fr-FR")
    assert (info.title, info.producer, info.language) == ("Plan des Tilleuls", "P", "fr")
    assert describe([], metadata_title=None, producer=None, language=None) == DocumentInfo()


def test_large_type_wins(tmp_path: Path) -> None:
    """The heading of the body and the running line are not the title; a title over two lines is whole."""
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(420, 595), invariant=1)
    lines = [("RÉPUBLIQUE FRANÇAISE", 22, 540), ("VILLE DE BEAULIEU", 18, 512), ("Projet de renouvellement", 16, 470),
             ("du plateau des Tilleuls", 16, 450), ("Service de l’urbanisme", 10, 425)]  # fmt: skip
    lines += [(f"La ligne {n} du texte parle des logements et des écoles.", 10, 400 - 13 * n) for n in range(12)]
    for text, size, y in lines:
        canvas.setFont("Helvetica", size)
        canvas.drawString(40, y, text)
    canvas.save()
    assert told_of(tmp_path / "a.pdf", metadata=True).title == "Projet de renouvellement du plateau des Tilleuls"


DAY = date(2004, 11, 22)


@pytest.mark.parametrize(
    ("head", "first", "last"),
    [
        ("Reims, le 22 novembre 2004", DAY, DAY),
        ("Note\n\nReims, le lundi 22 novembre 2004.", DAY, DAY),
        ("Conseil municipal\nSéance du 22 novembre 2004", DAY, DAY),
        ("SEANCE ORDINAIRE DU 22 NOVEMBRE 2004\nApprobation du compte rendu de la séance du 4 octobre 2004", DAY, DAY),
        ("Approbation du procès-verbal de la séance du 4 octobre 2004.\nRéunion du 22/11/2004", DAY, DAY),
        ("Texte.\n\nFait à Reims, en trois exemplaires, le 22 novembre 2004", DAY, DAY),
        ("Texte.\n\nFait et délibéré à Reims, le 22 novembre 2004", DAY, DAY),
        ("La lettre du quartier\nn° 12 – novembre 2004", date(2004, 11, 1), date(2004, 11, 30)),
        ("Étude urbaine\n\nNovembre 2004\n\nLe site", date(2004, 11, 1), date(2004, 11, 30)),
        ("Souvenirs\n\nTexte.\n\nParis, 2004.", date(2004, 1, 1), date(2004, 12, 31)),
        ("Le 1er août 1998", date(1998, 8, 1), date(1998, 8, 1)),
    ],
)  # fmt: skip
def test_own_date(head: str, first: date, last: date) -> None:
    assert own_date("", [head], is_report=False) == (first, last)


@pytest.mark.parametrize(
    "head",
    [
        "La loi du 1er août 2003 a créé l’agence.",
        "Vu le décret du 9 février 2004 ;\nVu la convention du 22 novembre 2004 ;",
        "La loi du 24 mars 2014\n\nElle crée une procédure.",
        "Démolition de la tour 7 le 22 novembre 2004, devant les habitants.",
        "Reims, 31 novembre 2004",
        "Approbation du compte rendu de la séance du 4 octobre 2004",
        "1963-2021",
        "Les Tilleuls, 1963, puis 1974",
    ],
)
def test_no_date_of_its_own(head: str) -> None:
    assert own_date("", [head], is_report=False) == (None, None)


@pytest.mark.parametrize(
    ("title", "is_report", "first"),
    [
        ("Comité interministériel des villes du 29 janvier 2021 : relevé", False, date(2021, 1, 29)),
        ("Compte rendu de la réunion du 12 mai 1998", False, date(1998, 5, 12)),
        ("Rapport d’activité 2006", True, date(2006, 1, 1)),
        ("Le budget 2006", False, None),
        ("Chronologie, 1963-2021", True, None),
        ("Avenant à la convention du 11 juillet 2018", False, None),
        ("La loi du 1er août 2003 et ses suites", False, None),
        ("Bilan du 3 mars 1998 au 4 avril 1999", False, None),
    ],
)
def test_date_in_the_title(title: str, is_report: bool, first: date | None) -> None:
    assert own_date(title, ["Texte."], is_report=is_report)[0] == first
