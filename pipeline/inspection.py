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
from rich.text import Text

from pipeline import load
from pipeline.errors import CallError

QUESTIONS = Path(__file__).with_name("inspection.sql")
SCALE = 1.5  # pixels a point: text can be read, files stay small
TALL = 26  # points: higher than one line of type
SIDES = ("x0", "y0", "x1", "y1")
SUMS = (
    "\n{pages_stored} of {pages_claimed} pages; {characters_extracted} characters extracted = {characters_kept} kept + "
    "{characters_replaced} replaced; {characters_written} written in their place; {doubts} doubts\n"
)
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
        if not _is_null(value):
            console.print(f"{key:18}{value}", markup=False, highlight=False)
    console.print(SUMS.format(**answers["sums"][0]), highlight=False)
    _print_pages(console, answers["pages"])
    for name in ("repairs", "mentions", "events"):
        _print(console, name, answers[name])
    pictures = _pictures(database.parent / "inspect", document, answers["mentions"])
    where = (
        f"{len(pictures)} page pictures in {pictures[0].parent}" if pictures else "no page pictures (no PDF, or gone)"
    )
    console.print(where, markup=False, highlight=False, soft_wrap=True)


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


def _is_null(value: Any) -> bool:
    return value is None or value != value  # a null may come as NaN


def _print_pages(console: Console, pages: list[dict[str, Any]]) -> None:
    """Each page's text as read and as mended, side by side."""
    for page in pages:
        seen = ", needs optical reading" if page["needs_ocr"] else ""
        title = f"page {page['page']}: {page['method']} ({page['engine']}), quality {page['quality']}{seen}"
        table = Table("as read", "as mended", title=title, title_justify="left", expand=True)
        table.columns[0].ratio = table.columns[1].ratio = 1
        table.columns[0].overflow = table.columns[1].overflow = "fold"
        table.add_row(Text(page["raw_text"]), Text(page["text"]))
        console.print(table)


def _print(console: Console, name: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        console.print(f"\n{name}: none", highlight=False)
        return
    columns = [column for column in rows[0] if column not in SIDES]
    table = Table(*columns, title=f"{name} ({len(rows)})", title_justify="left")
    for row in rows:
        table.add_row(*(Text("" if _is_null(row[column]) else str(row[column])) for column in columns))
    console.print(table)


def _pictures(folder: Path, document: dict[str, Any], mentions: list[dict[str, Any]]) -> list[Path]:
    path = Path(document["path"])
    if document["media_type"] != "application/pdf" or not path.is_file():
        return []
    target = folder / document["document_id"]
    target.mkdir(parents=True, exist_ok=True)
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            numbers = range(1, min(int(document["page_count"]), len(pdf)) + 1)
            return [_picture(pdf[number - 1], number, target, mentions) for number in numbers]
    except pypdfium2.PdfiumError:  # what had to be mended to be read is not drawn
        return []


def _picture(page: pypdfium2.PdfPage, number: int, target: Path, mentions: list[dict[str, Any]]) -> Path:
    """The page with its mentions tinted and underlined in the colour of their kind, so that their words stay readable."""
    image: Image.Image = page.render(scale=SCALE).to_pil().convert("RGB")
    draw = ImageDraw.Draw(image, "RGBA")
    for mention in mentions:
        if mention["page"] == number and not any(_is_null(mention[side]) for side in SIDES):
            x0, top, x1, bottom = (mention[side] * SCALE for side in SIDES)
            colour = COLOURS[mention["kind"]]
            if bottom - top > TALL * SCALE:  # over several lines: a tint would cover words that are not its own
                draw.rectangle((x0, top, x1, bottom), outline=f"{colour}60")
            else:
                draw.rectangle((x0, top, x1, bottom), fill=f"{colour}2e")
                draw.line((x0, bottom, x1, bottom), fill=colour, width=2)
    _legend(draw, {mention["kind"] for mention in mentions if mention["page"] == number})
    file = target / f"page-{number:04}.png"
    image.save(file)
    return file


def _legend(draw: ImageDraw.ImageDraw, kinds: set[str]) -> None:
    left = 8.0
    for kind in (kind for kind in COLOURS if kind in kinds):
        draw.text((left, 6), kind, fill=COLOURS[kind], font_size=14)
        left += draw.textlength(kind, font_size=14) + 12
