"""Small words by which damage to others is told: rows of ``small_words.toml``."""

from __future__ import annotations

from pipeline.wordings import word_table


def small_words(name: str) -> frozenset[str]:
    """The words of a row. Raises ``KeyError`` where the table has no such row."""
    return frozenset(word_table(__file__, "small_words.toml")[name]["words"])
