"""References to statutes: the annotation rules, other citations, what is none, and the gazetteer behind the short names.

Cases carry their answers in place, as in ``tests/test_dates.py``; « ⏎ » stands for a line break.
"""

from __future__ import annotations

import csv
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipeline.entities.dates import find_dates
from pipeline.entities.laws import find_laws
from pipeline.entities.laws_grammar import known_texts

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "laws.toml").read_text(encoding="utf-8"))
GAZETTEER = HERE.parent / "pipeline" / "entities" / "gazetteers" / "laws.csv"
MARK = re.compile(r"\[\[(.+?) -> (.+?)\]\]", re.DOTALL)


@pytest.mark.parametrize("case", [case for drawer in ("guidelines", "synthetic", "must_not") for case in CASES[drawer]])
def test_law_cases(case: str) -> None:
    marked = case.replace("⏎", "\n")
    text = MARK.sub(lambda match: match[1], marked)
    found = [(text[law.start : law.end], law.identity or "?") for law in find_laws(text)]
    expected = [(match[1], match[2]) for match in MARK.finditer(marked)]
    assert found == expected


def test_the_date_inside_a_law_is_no_date() -> None:
    text = "En application de la loi n° 2003-710 du 1er août 2003, signée en mars 2005."
    assert [text[item.start : item.end] for item in find_dates(text)] == ["mars 2005"]


def test_every_row_of_the_gazetteer_says_where_it_is_from_and_how_sure_it_is() -> None:
    with GAZETTEER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 40
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["verified"] in ("yes", "no")
        assert row["source"]
        assert row["why"]
        assert (row["verified"] == "yes") == (row["source"] != "general knowledge")
        assert date.fromisoformat(row["date"]) == date.fromisoformat(row["valid_from"])
        _, _, number = row["id"].partition(":")
        assert number == (row["number"] or row["date"])
        if row["number"]:
            assert row["number"].split("-")[0][-2:] == row["date"][2:4]


def test_short_names_mean_one_text_each() -> None:
    by_key, by_alias = known_texts()
    assert by_alias["loi sru"] is by_key["loi:2000-1208"]
    assert by_key["loi:2003-08-01"].identity == "loi:2003-710"
