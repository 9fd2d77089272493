"""Layouts met in real bulletins, sheets and bills: sections of columns, side heads, tables beside tables, lists of names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from extract_papers import ROWS, Paper, sentences
from rapidfuzz.distance import LCSseq
from test_extract_papers import pages_of, running_text

NAMES = [
    "ASSERAC",
    "BATZ SUR MER",
    "COMMUNAUTE DES COTEAUX DE LA RIVIERE ET DU MARAIS",
    "GUERANDE",
    "HERBIGNAC LE HAUT PAYS",
    "LA TURBALLE",
    "LE POULIGUEN",
    "COMMUNAUTE DE LA PLAINE ET DES ANCIENNES CARRIERES",
    "MESQUER",
    "PIRIAC SUR MER",
]


def sections_of_columns(path: Path) -> None:
    """A bulletin: an article in three columns, white, and below it another in three columns."""
    paper = Paper(path, size=9)
    for section, y in ((0, 780.0), (7, 420.0)):
        for column in range(3):
            paper.column(sentences(section + 2 * column, 5), 50 + 170 * column, y, 150)
    paper.save()


def columns_in_sections() -> str:
    return " ".join(sentences(section + 2 * column, 5) for section in (0, 7) for column in range(3))


def side_heads(path: Path) -> None:
    """A sheet: a short head in the margin, level with the first line of its text, four times."""
    paper = Paper(path)
    y = 780.0
    for number, head in enumerate(HEADS):
        paper.column(head, 50, y, 90)
        for start in range(2):
            y = paper.column(sentences(3 * number + start, 2), 170, y, 360) - 8
    paper.save()


HEADS = ("Statut", "Définition préalable", "Contexte réglementaire", "Calendrier")


def heads_with_texts() -> str:
    return " ".join(
        f"{head} {sentences(3 * number, 2)} {sentences(3 * number + 1, 2)}" for number, head in enumerate(HEADS)
    )


def tables_side_by_side(path: Path) -> None:
    """Two ruled tables on one height, of other rows, below a paragraph."""
    paper = Paper(path, size=9)
    paper.column(sentences(1, 3), 50, 790, 480)
    for x, step, rows in ((50.0, 18.0, ROWS), (330.0, 25.0, ROWS[:3])):
        edges = [x, x + 170, x + 240]
        for number, row in enumerate(rows):
            for left, cell in zip(edges, (row[0], row[2]), strict=False):
                paper.line(cell, left + 3, 700 - step * number + 5)
        for number in range(len(rows) + 1):
            paper.canvas.line(edges[0], 700 + step - step * number, edges[-1], 700 + step - step * number)
        for edge in edges:
            paper.canvas.line(edge, 700 + step, edge, 700 + step - step * len(rows))
    paper.save()


def table_after_table() -> str:
    cells = [f"{row[0]} {row[2]}" for rows in (ROWS, ROWS[:3]) for row in rows]
    return " ".join([sentences(1, 3), *cells])


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (sections_of_columns, columns_in_sections),
        (side_heads, heads_with_texts),
        (tables_side_by_side, table_after_table),
    ],
    ids=lambda case: case.__name__,
)
def test_order_of_parts(draw: Callable[[Path], None], told: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    draw(path)
    expected = told().split()
    found = " ".join(running_text(page) for page in pages_of(path)).split()
    common = LCSseq.similarity(expected, found)
    assert common / len(expected) >= 0.995, "recall"
    assert common / len(found) >= 0.985, "precision"


def test_tables_side_by_side_are_two(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    tables_side_by_side(path)
    (page,) = pages_of(path)
    assert [sum(cell.table_no == number for cell in page.cells) for number in (1, 2, 3)] == [10, 6, 0]


def test_each_name_of_a_list_is_a_block_the_longest_too(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    for number, name in enumerate(NAMES):
        paper.line(name, 60, 780 - 12.6 * number)
    paper.save()
    (page,) = pages_of(path)
    assert page.raw_text.split("\n\n") == NAMES


def test_a_number_that_begins_a_line_begins_no_block(tmp_path: Path) -> None:
    """« … réunis le \\n22. » is a sentence; a numbered item after a short line is one."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    lines = [
        "La convention de renouvellement urbain a été approuvée par le conseil municipal lors de la séance du",
        "22. Elle a été signée en préfecture par la commune, par le bailleur et par tous les partenaires de la",
        "rénovation, puis transmise.",
        "23. Le programme des équipements publics est annexé.",
    ]
    for number, line in enumerate(lines):
        paper.line(line, 60, 780 - 12.6 * number)
    paper.save()
    (page,) = pages_of(path)
    assert page.raw_text.split("\n\n") == ["\n".join(lines[:3]), lines[3]]


def test_the_white_ground_of_words_makes_no_cells_and_white_cells_do(tmp_path: Path) -> None:
    """Editors fill the ground of words with white; spreadsheets fill their cells with it. Neither can be seen."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    paper.canvas.setFillGray(1)
    width = paper.canvas.stringWidth
    for number in range(6):
        x = 60.0
        for word in sentences(number, 1).split()[:9]:
            paper.canvas.rect(x, 777 - 14 * number, width(word, paper.font, paper.size), 14, stroke=0, fill=1)
            x += width(word + " ", paper.font, paper.size)
    for row in range(4):
        for column in range(3):
            paper.canvas.rect(60 + 120 * column, 600 - 16 * row, 120, 16, stroke=0, fill=1)
    paper.canvas.setFillGray(0)
    for number in range(6):
        paper.line(" ".join(sentences(number, 1).split()[:9]), 60, 780 - 14 * number)
    for row in range(4):
        for column in range(3):
            paper.line(f"Mot {row}{column}", 63 + 120 * column, 604 - 16 * row)
    paper.save()
    (page,) = pages_of(path)
    text, table = page.raw_text.split("Mot 00")
    assert "\t" not in text
    assert (page.cells[0].table_no, page.cells[-1].table_no) == (1, 1)
    assert [page.raw_text[slice(*cell.spans[0])] for cell in page.cells] == [
        f"Mot {row}{column}" for row in range(4) for column in range(3)
    ]
    assert table.count("\t") == 8


def test_tables_whose_sides_nearly_coincide_keep_their_columns(tmp_path: Path) -> None:
    """Three tables under one another: the second stands a little to the right of the others."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path, size=9)
    for top, shift in ((760.0, 0.0), (640.0, 0.8), (520.0, 0.0)):
        edges = [60 + shift, 160 + shift, 260 + shift, 360 + shift]
        for number, row in enumerate(ROWS[:3]):
            for left, cell in zip(edges, row[:3], strict=False):
                paper.line(cell, left + 3, top - 18 * number - 13)
        for number in range(4):
            paper.canvas.line(edges[0], top - 18 * number, edges[-1], top - 18 * number)
        for edge in edges:
            paper.canvas.line(edge, top, edge, top - 54)
    paper.save()
    (page,) = pages_of(path)
    assert page.raw_text.split("\n\n") == ["\t".join(row[:3]) for row in ROWS[:3]] * 3


def test_double_rules_part_two_cells_and_hold_none(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    paper = Paper(path, size=9)
    for number, row in enumerate(ROWS[:3]):
        for left, cell in zip((63, 223, 323), row[:3], strict=True):
            paper.line(cell, left, 747 - 18 * number)
    for number in range(4):
        paper.canvas.line(60, 760 - 18 * number, 420, 760 - 18 * number)
    for edge in (60, 62, 218, 220, 318, 320, 418, 420):
        paper.canvas.line(edge, 760, edge, 706)
    paper.save()
    (page,) = pages_of(path)
    assert page.raw_text.split("\n\n") == ["\t".join(row[:3]) for row in ROWS[:3]]


def test_words_drawn_in_pieces_are_read_where_they_stand(tmp_path: Path) -> None:
    """A raised ending above a page of small type, a word drawn later into a gap, two pieces set a hair apart."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path, size=9)
    paper.line("Depuis le 1", 60, 780, size=12)
    width = paper.canvas.stringWidth
    after = 60 + width("Depuis le 1", paper.font, 12)
    paper.line("er", after, 784.5, size=8)
    paper.line("juillet", after + width("er ", paper.font, 8) + 2, 780, size=12)
    gap = width("Nom ", paper.font, 9) + width("et", paper.font, 9)
    paper.canvas.saveState()
    text = paper.canvas.beginText(60, 750)
    text.setFont(paper.font, 9)
    text.setWordSpace(gap - width("Nom", paper.font, 9))
    text.textOut("Nom prénom")
    paper.canvas.drawText(text)
    paper.canvas.restoreState()
    paper.line("et", 60 + width("Nom ", paper.font, 9), 750)
    paper.line("la norme", 60, 720)
    paper.line("nationale", 60 + width("la norme", paper.font, 9) + 0.125 * 9, 720)
    paper.column(sentences(0, 3), 60, 690, 470)
    paper.save()
    (page,) = pages_of(path)
    assert page.raw_text.split("\n\n")[:3] == ["Depuis le 1er juillet", "Nom et prénom", "la norme nationale"]


def test_a_raised_mark_is_no_digit_of_the_year_before_it(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    paper = Paper(path, size=11)
    x = 60.0
    for text, size, y in (("bâti en 1958", 11, 780.0), ("3", 7, 784.0), (" sur 12 000 m", 11, 780.0), ("2", 7, 784.0)):
        paper.line(text, x, y, size=size)
        x += paper.canvas.stringWidth(text, paper.font, size)
    paper.save()
    (page,) = pages_of(path)
    assert page.raw_text == "bâti en 1958 3 sur 12 000 m2"


def test_text_hidden_under_a_line_is_a_line_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    paper = Paper(path, size=11)
    paper.line("paquet caché sous le texte", 60, 781.5, size=7.5)
    paper.line("les standards existants sont repris ici", 56, 780)
    paper.column(sentences(0, 2), 56, 760, 470)
    paper.save()
    (page,) = pages_of(path)
    assert "les standards existants sont repris ici\n" in page.raw_text
    assert "paquet caché sous le texte\n" in page.raw_text


def test_slanted_and_half_hidden_words_are_whole_and_cut(tmp_path: Path) -> None:
    """A stamp drawn letter by letter without its space; a line of which only the first letter is on the page."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    paper.column(sentences(0, 2), 60, 780, 470)
    paper.canvas.saveState()
    paper.canvas.translate(200, 400)
    paper.canvas.rotate(35)
    x = 0.0
    for letter in "Scénario envisagé":
        if letter != " ":
            paper.line(letter, x, 0, size=18)
        x += paper.canvas.stringWidth(letter, paper.font, 18)
    paper.canvas.restoreState()
    paper.line("Cliquez ici", 594, 300)
    paper.save()
    (page,) = pages_of(path)
    cuts = {cut.family: page.raw_text[cut.start : cut.end] for cut in page.cuts}
    assert cuts == {"slanted": "Scénario envisagé", "off-page": "Cliquez ici"}


def test_a_foot_read_in_pieces_on_some_pages_is_one_foot(tmp_path: Path) -> None:
    """Its two ends are one line on most pages, and apart where a table of two columns stands above."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path)
    for number in range(1, 5):
        if number == 3:
            paper.column(sentences(0, 14), 60, 780, 225)
            paper.column(sentences(3, 14), 310, 774, 225)
        else:
            paper.column(sentences(number, 14), 60, 780, 470)
        paper.line("12/03/2019", 60, 30, told=False)
        paper.line(str(number), 520, 30, told=False)
        paper.canvas.showPage()
    paper.save()
    for page in pages_of(path):
        assert {cut.family for cut in page.cuts} == {"running-foot"}
        assert "12/03/2019" not in running_text(page)


def test_notes_at_a_column_s_foot_are_read_after_the_text(tmp_path: Path) -> None:
    """The sentence goes on from column to column; the notes of both follow, the page's foot last."""
    path = tmp_path / "paper.pdf"
    paper = Paper(path, size=10)
    lines = paper.wrap(sentences(0, 40), 225)
    notes = ["1 Arrêté du 3 mars 1987 portant création du comité, publié", "au recueil des actes de la préfecture."]
    for column, x in ((0, 60.0), (1, 310.0)):
        for number, line in enumerate(lines[45 * column : 45 * column + 45]):
            paper.line(line, x, 780 - 12 * number)
        for number, line in enumerate(notes if not column else ["2 Voir le rapport du préfet de région."]):
            paper.line(line, x, 225 - 10 * number, size=8)
    paper.line("Ville de Sault-le-Haut", 250, 60)
    paper.save()
    (page,) = pages_of(path)
    text = page.raw_text
    assert text.index(lines[45]) - text.index(lines[44]) - len(lines[44]) <= 2, "one line end or two"
    assert text.endswith(
        "\n\n".join(["\n".join(notes), "2 Voir le rapport du préfet de région.", "Ville de Sault-le-Haut"])
    )
