"""Words and patterns kept as data: the tables that lie beside the code that asks them.

Why: which words open a sitting, tie a date or close a company's name is knowledge of French, and grows; what to do about it
is not, and stays in the modules that ask.
Idea: a row a wording, with its reason (``why``) and its ``pattern``. In a pattern ``{{row}}`` stands for the pattern of
another row, ``{list}`` for the alternatives of the row's own list of that name.
Limits: rows are regular expressions; one that cannot be compiled ends the import that asks for its table.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_OTHER_ROW = re.compile(r"\{\{(\w+)\}\}")


@cache
def word_table(module: str, name: str) -> dict[str, Any]:
    """The table ``name`` (TOML) that lies beside ``module`` (its ``__file__``), read once; not to be changed."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))


@cache
def wordings(module: str, name: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a table by the names of their rows; rows without a pattern are left out. Not to be changed."""
    rows = word_table(module, name)

    def whole(row: dict[str, Any]) -> str:
        pattern = _OTHER_ROW.sub(lambda other: whole(rows[other[1]]), row["pattern"])
        for key, value in row.items():
            if isinstance(value, list):
                pattern = pattern.replace(f"{{{key}}}", "|".join(value))
        return pattern

    return {key: re.compile(whole(row)) for key, row in rows.items() if "pattern" in row}
