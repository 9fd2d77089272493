"""The papers the way through PDF is measured on: half their words lie, and mended they say what the honest ones say."""

from __future__ import annotations

from pathlib import Path
from random import Random

from pipeline.evaluate.gold import load
from tools.gold_pdf import as_paper, lying_runs, read_paper

GOLD = Path(__file__).parent / "gold" / "d05-brest-chronologie.gold.md"


def test_a_lying_paper_is_mended_to_what_the_honest_one_says(tmp_path: Path) -> None:
    gold = load(GOLD)
    honest = read_paper(gold, as_paper(gold, lies=False), tmp_path)
    lying = read_paper(gold, as_paper(gold, lies=True), tmp_path)
    assert [page.text for page in lying.pages] == [page.text for page in honest.pages]
    assert [page.page.raw_text for page in lying.pages] != [page.page.raw_text for page in honest.pages]


def test_about_half_the_words_lie_and_none_is_lost() -> None:
    text = "Le préfet a signé la convention du quartier, à 3 m² près. " * 60
    marked = lying_runs(text, Random("runs"))
    told = marked.replace("{", "").replace("}", "")
    inside = "".join(piece.split("}")[0] for piece in marked.split("{")[1:])
    assert told == text
    assert 0.3 < len(inside) / len(text) < 0.7
    assert "²" not in inside
