"""Sums of money and quantities: the annotation rules, archive wordings beyond them, what is neither, and invariants.

Cases carry their answers in place, as in ``tests/test_dates.py``; « ⏎ » stands for a line break.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities.amounts import find_amounts
from pipeline.entities.candidate import Candidate
from pipeline.entities.quantities import find_quantities
from pipeline.records import AmountValue, QuantityValue

FOLDER = Path(__file__).parent / "cases"
AMOUNTS = tomllib.loads((FOLDER / "amounts.toml").read_text(encoding="utf-8"))
QUANTITIES = tomllib.loads((FOLDER / "quantities.toml").read_text(encoding="utf-8"))
MARK = re.compile(r"\[\[(.+?) -> (.+?)\]\]", re.DOTALL)


def unmark(marked: str) -> tuple[str, list[tuple[str, str]]]:
    marked = marked.replace("⏎", "\n")
    answers = [(match[1], match[2]) for match in MARK.finditer(marked)]
    return MARK.sub(lambda match: match[1], marked), answers


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(found: list[Candidate], text: str) -> list[tuple[str, str]]:
    out = []
    for item in found:
        surface = text[item.start : item.end]
        if isinstance(item.value, AmountValue):
            tax = f" {item.value.tax}" if item.value.tax else ""
            out.append((surface, f"{plain(item.value.value)} {item.value.currency}{tax}"))
        elif isinstance(item.value, QuantityValue):
            out.append((surface, f"{plain(item.value.value)} {item.value.unit}"))
    return out


def cases(table: dict[str, list[str]], *drawers: str) -> list[str]:
    return [case for drawer in drawers for case in table[drawer]]


@pytest.mark.parametrize("case", cases(AMOUNTS, "guidelines", "synthetic", "must_not"))
def test_amount_cases(case: str) -> None:
    text, answers = unmark(case)
    assert shown(find_amounts(text), text) == answers


@pytest.mark.parametrize("case", cases(QUANTITIES, "guidelines", "synthetic", "wild", "must_not"))
def test_quantity_cases(case: str) -> None:
    text, answers = unmark(case)
    assert shown(find_quantities(text), text) == answers


@pytest.mark.parametrize("case", QUANTITIES["failing"])
@pytest.mark.xfail(strict=True, reason="nouns are judged by their form alone")
def test_known_failures_of_quantities(case: str) -> None:
    text, answers = unmark(case)
    assert shown(find_quantities(text), text) == answers


SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "."])


@given(st.integers(min_value=1000, max_value=10**10), SPACES, st.sampled_from(["€", "euros", "F", "francs"]))
@settings(deadline=None, max_examples=200)
def test_every_grouping_gives_the_same_sum(value: int, space: str, currency: str) -> None:
    text = f"soit {value:,} {currency}.".replace(",", space)
    assert [item.value.value for item in find_amounts(text) if isinstance(item.value, AmountValue)] == [value]


@given(st.text(alphabet="0123456789 ,.€MkFdeuros%habitntslogem²\n-à", max_size=80))
@settings(deadline=None, max_examples=300)
def test_finders_stay_inside_the_text(text: str) -> None:
    for item in [*find_amounts(text), *find_quantities(text)]:
        assert 0 <= item.start < item.end <= len(text)
        assert any(char.isdigit() for char in text[item.start : item.end]) or item.value is not None
