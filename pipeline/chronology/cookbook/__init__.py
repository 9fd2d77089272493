"""The cookbook: questions a historian of the ANRU and the DIACT asks, each with its SQL and the archive's answer.

Idea: one ``.sql`` file a question; its first comment is the question. ``python -m pipeline.chronology.cookbook DB`` prints
the whole as Markdown, so the documentation shows what the queries do, not what they once did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent
SHOWN_ROWS = 8
_LONGEST_CELL = 90
_HEAD = """# Cookbook

Questions a historian of the ANRU, the DIACT and their predecessors may put to `outputs/archive.duckdb`, each with the SQL
that answers it and the answer of the sample corpus (at most {rows} rows shown). Every query is a file of
`pipeline/chronology/cookbook/`, and can be changed and run with `make query SQL="…"`.

This page is made by `make cookbook`; nobody writes it by hand.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A question and the query that answers it."""

    name: str
    question: str
    sql: str


def recipes() -> list[Recipe]:
    """Every recipe, by number."""
    found = []
    for path in sorted(FOLDER.glob("*.sql")):
        question, _, sql = path.read_text(encoding="utf-8").partition("\n")
        found.append(Recipe(name=path.stem, question=question.removeprefix("-- ").strip(), sql=sql.strip()))
    return found


def to_markdown(database: Path) -> str:
    """Questions, queries and answers as Markdown."""
    parts = [_HEAD.format(rows=SHOWN_ROWS)]
    with duckdb.connect(str(database), read_only=True) as connection:
        for recipe in recipes():
            answer = connection.execute(recipe.sql)
            columns = [column[0] for column in answer.description]
            parts += [
                f"## {recipe.question}\n",
                f"```sql\n{recipe.sql}\n```\n",
                *_answer(columns, answer.fetchall()),
                "",
            ]
    return "\n".join(parts).rstrip() + "\n"


def _answer(columns: list[str], rows: list[tuple[object, ...]]) -> Iterator[str]:
    if not rows:
        yield "The sample corpus holds no answer to this one."
        return
    yield f"| {' | '.join(columns)} |"
    yield "|" + " --- |" * len(columns)
    for row in rows[:SHOWN_ROWS]:
        yield f"| {' | '.join(_cell(value) for value in row)} |"
    if len(rows) > SHOWN_ROWS:
        yield f"\n… and {len(rows) - SHOWN_ROWS} more."


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1].rstrip() + "…"
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("[", "\\[")
