"""The words that stand beside names, or in them: rows of ``wordings.toml``, as patterns and as sets."""

from __future__ import annotations

import re

from pipeline.wordings import word_table, wordings


def wording(name: str) -> re.Pattern[str]:
    """The pattern of a row. Raises ``KeyError`` where the table has no such row, or the row no pattern."""
    return wordings(__file__, "wordings.toml")[name]


def words(name: str) -> frozenset[str]:
    """The words of a row that is a list. Raises ``KeyError`` where the table has no such row."""
    return frozenset(word_table(__file__, "wordings.toml")[name]["words"])
