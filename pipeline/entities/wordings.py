"""The words that stand beside names, or in them, as patterns and as sets.

Why: which words make « dans la ville de X » a place, or close a company's name, is knowledge of French and grows; what to do
about it is not, and stays in the modules that ask.
Idea: rows of ``wordings.toml`` by name, each with its reason; a row's lists are put into its pattern as alternatives.
Limits: the words are parts of regular expressions; a row that cannot be compiled ends the import that asks for it.
"""

from __future__ import annotations

import re

from pipeline.lexicon import word_table

TABLE = "wordings.toml"


def wording(name: str) -> re.Pattern[str]:
    """The pattern of a row. Raises ``KeyError`` where the table has no such row, or the row no pattern."""
    row = word_table(__file__, TABLE)[name]
    pattern: str = row["pattern"]
    for key, value in row.items():
        if isinstance(value, list):
            pattern = pattern.replace(f"{{{key}}}", "|".join(value))
    return re.compile(pattern)


def words(name: str) -> frozenset[str]:
    """The words of a row that is a list. Raises ``KeyError`` where the table has no such row."""
    return frozenset(word_table(__file__, TABLE)[name]["words"])
