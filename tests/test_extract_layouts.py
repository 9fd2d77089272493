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
