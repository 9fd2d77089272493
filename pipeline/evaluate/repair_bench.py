"""How much of each kind of damage the repair room undoes, beside ftfy in the same run.

Why: a repair engine that is not measured on texts it was not built from is only a belief.
Idea: break clean texts with ``damage``, mend them, and count what is left:
restored = 1 - edits(repaired, true) / edits(damaged, true), Levenshtein on code points, white space folded.
On the clean texts themselves every change is a false one, and is listed.
Limits: speeds are those of this machine in this run; only their ratio to that of ``ftfy.fix_text`` as it comes (its default
arguments, which uncurl quotes) means anything, and on a busy machine the first reading moves by a fifth from run to run.
Run: ``python -m pipeline.evaluate.repair_bench [DIR]`` (DIR holds clean ``.txt`` files).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

import ftfy
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.damage import FAMILIES, Family, damage
from pipeline.repair import repair_text

Mend = Callable[[str], str]
HELDOUT = Path("tests/heldout")
_ROUNDS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairRow:
    """One family's score, 0 to 1 (below 0 where mending made it worse), for this project and for ftfy."""

    family: str
    target: float | None
    restored: float
    ftfy: float
    damaged_edits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseChange:
    """One change made to a clean text: its name there, offset, before and after with some context."""

    text: str
    offset: int
    before: str
    after: str
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Characters a CPU second on one kind of text."""

    kind: str
    repair: float
    ftfy: float


def fold(text: str) -> str:
    """White space folded: every run of it becomes one space."""
    return " ".join(text.split())


def ours(text: str) -> str:
    """``repair_text`` as text to text."""
    return repair_text(text).text


def theirs(text: str) -> str:
    """ftfy as an archivist would call it: curly quotes kept."""
    return ftfy.fix_text(text, uncurl_quotes=False)


def edits(one: str, other: str) -> int:
    """Levenshtein distance with white space folded."""
    return Levenshtein.distance(fold(one), fold(other))


def score_family(family: Family, texts: Sequence[str], mend: Mend, seed: int = 0) -> tuple[float, int]:
    """Share restored over ``texts`` taken together, and how many edits the damage had cost."""
    lost = left = 0
    for number, text in enumerate(texts):
        broken, true = damage(text, family, seed * 1000 + number), family.truth(text)
        lost += edits(broken, true)
        left += edits(mend(broken), true)
    return (1 - left / lost if lost else 1.0), lost


def repair_table(texts: Sequence[str], families: Sequence[Family] = FAMILIES, seed: int = 0) -> list[RepairRow]:
    """One row a family, in the order of ``families``."""
    rows = []
    for family in families:
        restored, lost = score_family(family, texts, ours, seed)
        rows.append(
            RepairRow(
                family=family.name,
                target=family.target,
                restored=restored,
                ftfy=score_family(family, texts, theirs, seed)[0],
                damaged_edits=lost,
            )
        )
    return rows


def false_changes(texts: Sequence[tuple[str, str]], mend: Mend = ours) -> list[FalseChange]:
    """Every change ``mend`` makes to clean texts, given as (name, text)."""
    found = []
    for name, text in texts:
        mended = mend(text)
        for op in Levenshtein.opcodes(text, mended):
            if op.tag != "equal":
                found.append(
                    FalseChange(
                        text=name,
                        offset=op.src_start,
                        before=text[op.src_start : op.src_end],
                        after=mended[op.dest_start : op.dest_end],
                        context=text[max(0, op.src_start - 15) : op.src_end + 15],
                    )
                )
    return found


def seconds(mend: Mend, text: str) -> float:
    """CPU seconds of mending one text once."""
    start = process_time()
    mend(text)
    return process_time() - start


def rates(kind: str, texts: Sequence[str], rounds: int = 1) -> Speed:
    """Rates over texts, each read by both in turn, so that what else the machine does slows both alike.

    Of several rounds the median of each text counts.
    """
    tools: tuple[Mend, Mend] = (ours, ftfy.fix_text)
    spent = [0.0, 0.0]
    for text in texts:
        times = [[seconds(mend, text) for mend in tools] for _ in range(rounds)]
        for tool in range(len(tools)):
            spent[tool] += median(row[tool] for row in times)
    size = sum(map(len, texts))
    return Speed(kind=kind, repair=size / spent[0], ftfy=size / spent[1])


def speeds(texts: Sequence[str]) -> list[Speed]:
    """Rates beside ``ftfy.fix_text`` as it comes: on texts never seen before in the process (what is remembered of a text
    flatters the second reading), on broken ones, and on the clean ones read again and again.

    The first text, in every damage, loads the word lists; the others are measured.
    """
    for family in FAMILIES:
        ours(damage(texts[0], family))
        ftfy.fix_text(damage(texts[0], family))
    fresh = list(texts[1:])
    first = rates("clean, first reading", fresh)
    broken = [damage(text, FAMILIES[number % len(FAMILIES)]) for number, text in enumerate(fresh * 3)]
    return [first, rates("damaged", broken), rates("clean, read again", fresh, _ROUNDS)]


def read_texts(folder: Path) -> list[tuple[str, str]]:
    """(name, text) of every ``.txt`` of a folder, by name."""
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]


def report(texts: Sequence[tuple[str, str]], families: Sequence[Family] = FAMILIES) -> str:
    """The whole measurement as text."""
    bodies = [text for _, text in texts]
    measured = speeds(bodies)  # before anything else has read them
    lines = [f"{'family':36}{'target':>8}{'restored':>10}{'ftfy':>9}{'edits':>8}"]
    for row in repair_table(bodies, families):
        target = f"{row.target:.1%}" if row.target is not None else ""
        mark = "" if row.target is None or row.restored >= row.target else "  below target"
        lines.append(f"{row.family:36}{target:>8}{row.restored:>10.2%}{row.ftfy:>9.2%}{row.damaged_edits:>8}{mark}")
    changes, size = false_changes(texts), sum(map(len, bodies))
    lines += [
        "",
        f"clean text: {len(changes)} changes in {size} characters ({len(changes) / size * 1e5:.2f} in 100,000)",
    ]
    lines += [f"  {c.text}:{c.offset} {c.before!r} -> {c.after!r} in {c.context!r}" for c in changes]
    lines += ["", f"{'characters a second':24}{'repair':>12}{'ftfy':>12}{'ratio':>8}"]
    lines += [f"{s.kind:24}{s.repair:>12,.0f}{s.ftfy:>12,.0f}{s.repair / s.ftfy:>8.2f}" for s in measured]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Print the report for one folder; further arguments choose families by a part of their name."""
    folder = Path(arguments[0]) if arguments else HELDOUT
    wanted = arguments[1:]
    chosen = [family for family in FAMILIES if not wanted or any(part in family.name for part in wanted)]
    print(report(read_texts(folder), chosen))


if __name__ == "__main__":
    main(sys.argv[1:])
