"""``chronoville inspect``: one document and everything that was made of it, for whoever doubts a line.

Idea: what was claimed and what is stored, page by page; raw and mended text side by side; mentions and events; and each
page's picture with the boxes of its mentions drawn on it, in ``OUTPUT/inspect/<document>/``.
Limits: pictures need the file to be where it was read; without it everything else is shown.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table

from pipeline import load
from pipeline.errors import CallError

QUESTIONS = Path(__file__).with_name("inspection.sql")
SCALE = 1.5  # pixels a point: text can be read, files stay small
COLOURS = {
    "programme": "#7b3294", "body": "#0571b0", "site": "#008837", "place": "#4dac26", "person": "#d01c8b",
    "law": "#a6611a", "date": "#ca0020", "amount": "#e66101", "quantity": "#5e3c99",
}  # fmt: skip


def show(database: Path, wanted: str, *, as_json: bool) -> None:
    """Print what the archive holds of one document. Raises ``CallError`` where it knows none of that name."""
    document = _find(database, wanted)
    answers = {name: _ask(database, sql, document["document_id"]) for name, sql in _questions().items()}
    if as_json:
        sys.stdout.write(json.dumps({"document": document} | answers, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    console = Console()
    for key, value in document.items():
        if value is not None and value == value:
            console.print(f"{key:18}{value}", markup=False, highlight=False)
    for name, rows in answers.items():
        _print(console, name, rows)
    pictures = _pictures(database.parent / "inspect", document, answers["mentions"])
    console.print(
        f"{len(pictures)} page pictures in {pictures[0].parent}"
        if pictures
        else "no page pictures (not a PDF, or gone)"
    )


def _questions() -> dict[str, str]:
    """The questions by name: each statement of the file follows a line ``-- name: …``."""
    parts = QUESTIONS.read_text(encoding="utf-8").split("-- name: ")[1:]
    return {part.splitlines()[0].strip(): part.partition("\n")[2] for part in parts}


def _ask(database: Path, sql: str, document_id: str) -> list[dict[str, Any]]:
    return _rows(database, sql.replace("$document", f"'{document_id}'"))


def _rows(database: Path, sql: str) -> list[dict[str, Any]]:
    return [
        {str(column): value for column, value in row.items()} for row in load.query(database, sql).to_dict("records")
    ]


def _find(database: Path, wanted: str) -> dict[str, Any]:
    name = wanted.replace("'", "''")
    sql = f"""
        SELECT * FROM documents
        WHERE document_id = '{name}' OR filename = '{name}' OR path = '{name}'
           OR document_id IN (SELECT document_id FROM document_paths WHERE path = '{name}')
        ORDER BY path LIMIT 1
    """  # noqa: S608 (quotes are doubled, and the connection is read-only)
    rows = _rows(database, sql)
    if not rows:
        raise CallError(f"No document of this archive is called {wanted}: give an id, a path or a file name.")
    return rows[0]


def _print(console: Console, name: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        console.print(f"\n{name}: none", highlight=False)
        return
    table = Table(*map(str, rows[0]), title=f"{name} ({len(rows)})", title_justify="left", show_lines=name == "pages")
    for row in rows:
        table.add_row(*("" if value is None or value != value else str(value) for value in row.values()))
    console.print(table, markup=False)


def _pictures(folder: Path, document: dict[str, Any], mentions: list[dict[str, Any]]) -> list[Path]:
    path = Path(document["path"])
    if document["media_type"] != "application/pdf" or not path.is_file():
        return []
    target = folder / document["document_id"]
    target.mkdir(parents=True, exist_ok=True)
    pictures = []
    with pypdfium2.PdfDocument(path) as pdf:
        for number in range(1, int(document["page_count"]) + 1):
            image: Image.Image = pdf[number - 1].render(scale=SCALE).to_pil().convert("RGB")
            draw = ImageDraw.Draw(image)
            for mention in mentions:
                if mention["page"] == number and mention["x0"] == mention["x0"] and mention["x0"] is not None:
                    box = [mention[side] * SCALE for side in ("x0", "y0", "x1", "y1")]
                    draw.rectangle(box, outline=COLOURS[mention["kind"]], width=2)
            pictures.append(target / f"page-{number:04}.png")
            image.save(pictures[-1])
    return pictures
