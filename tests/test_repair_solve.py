"""Tables nobody has listed: solved from broken text, never found in sound text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.evaluate.damage import ACCENTED, FAMILIES, QUOTES, damage, in_runs
from pipeline.repair.solve import solve_accents, solve_ligatures
from pipeline.repair.solve_alphabet import solve_alphabet

BY_NAME = {family.name: family for family in FAMILIES}
MARK = re.compile(r"\[\[\??[a-z]+: (.+?)(?: -> .+?)?\]\]", re.DOTALL)


def plain(path: Path) -> str:
    """The text of a gold file without its marks."""
    body = path.read_text(encoding="utf-8").split("\n\n", 1)[1].split("\n---\n")[0]
    return MARK.sub(r"\1", body)


GOLD = [plain(path) for path in sorted((Path(__file__).parent / "gold").glob("d*.gold.md"))]


def share_solved(text: str, broken: str, mapping: Mapping[str, str]) -> float:
    """Share of the changed characters that the mapping gives back."""
    changed = [(true, read) for true, read in zip(text, broken, strict=True) if true != read]
    return sum(mapping.get(read) == true for true, read in changed) / len(changed)


@pytest.mark.parametrize("number", range(12))
def test_unknown_table_in_runs(number: int) -> None:
    broken = damage(GOLD[number], BY_NAME["unknown table runs"], number)
    solution = solve_accents(broken)
    assert solution is not None
    assert share_solved(GOLD[number], broken, solution.mapping) > 0.9
    assert solution.confidence > 0.8


def test_signs_of_another_script() -> None:
    signs = [chr(code) for code in range(0x3B1, 0x3B1 + 60)]
    Random(1).shuffle(signs)
    table = str.maketrans(dict(zip(ACCENTED + QUOTES, signs, strict=False)))
    broken = in_runs(GOLD[4], lambda run: run.translate(table), Random(2))
    solution = solve_accents(broken)
    assert solution is not None
    assert share_solved(GOLD[4], broken, solution.mapping) > 0.95


def test_a_true_letter_may_be_a_broken_one_elsewhere() -> None:
    """The sign é means à in the broken runs; in sound ones it stays é, and the table does not turn them over."""
    table = str.maketrans({"à": "é", "é": "µ", "’": "Æ"})
    text = " ".join(GOLD[:3])
    broken = in_runs(text, lambda run: run.translate(table), Random(3))
    solution = solve_accents(broken)
    assert solution is not None
    assert {solution.mapping.get(sign) for sign in "éµÆ"} == {"à", "é", "’"}


def test_words_alone_are_enough_for_letters() -> None:
    broken = damage(GOLD[0], BY_NAME["unknown table runs"], 5)
    from_words, from_text = solve_accents(Counter(broken.split())), solve_accents(broken)
    assert from_words is not None
    assert from_text is not None
    letters = {sign for sign, meaning in from_text.mapping.items() if meaning in "éèêçô"}
    assert letters
    assert all(from_words.mapping.get(sign) == from_text.mapping[sign] for sign in letters)


@pytest.mark.parametrize("text", GOLD)
def test_nothing_is_solved_in_sound_text(text: str) -> None:
    assert solve_accents(text) is None
    assert solve_ligatures(text) is None
    assert solve_alphabet(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n ",
        "São Paulo, João de Barros, Avenida Paulista n° 1000 : l’architecte Affonso Reidy, né à São Luís, y bâtit une tour.",
        "An Oriant, Kemper, Sant-Brieg : ur c’hoarzh hag un dañs, evel ma vez graet e Breizh-Izel gant ar re yaouank.",
        "Außerdem wäre für Straßburg „die Große Insel“ zu nennen: Gäßchen, Höfe, Häuser, Bücher, Küfer, Bürger, Färber.",
        "Łódź, Kraków i Wrocław są dużymi miastami; święto było w środę, a pociąg przyjechał późno, około północy.",
        "© 2004 Institut – marque déposée ® – 20 °C, 35 m², n°BPC 12, l´UEMOA et ses États membres.",
    ],
)
def test_must_not_be_solved(text: str) -> None:
    assert solve_accents(text) is None
    assert solve_ligatures(text) is None
    assert solve_alphabet(text) is None


@pytest.mark.parametrize("seed", range(3))
def test_ligatures_on_wrong_signs(seed: int) -> None:
    text = "\n".join(GOLD[:3])
    pairs = "ffi tti ti tt ft fi ff fl"
    true = dict(zip(damage(pairs, BY_NAME["ligatures"], seed).split(), pairs.split(), strict=True))
    solution = solve_ligatures(damage(text, BY_NAME["ligatures"], seed))
    assert solution is not None
    assert {"ti", "tt", "fi"} <= set(solution.mapping.values())
    assert solution.mapping.items() <= true.items()


@pytest.mark.parametrize("shift", [-31, -29, -3, 1, 13])
def test_constant_shift(shift: int) -> None:
    text = GOLD[1]
    broken = "".join(chr(ord(char) + shift) if ord(char) > 32 and ord(char) + shift > 0 else char for char in text)
    solution = solve_alphabet(broken)
    assert solution is not None
    assert all(solution.mapping[chr(ord(char) + shift)] == char for char in "abcdefgilmnoprstuvéè")


def test_glyph_numbers_for_letters() -> None:
    solution = solve_alphabet(damage(GOLD[0], BY_NAME["29 too low"]))
    assert solution is not None
    assert "".join(solution.mapping[sign] for sign in "'pOpJDWLRQ") == "Délégation"


def test_any_alphabet() -> None:
    """Letters in no order at all, in the private use area: found from trigrams, capitals and accents from the lexicon."""
    text = "\n".join(GOLD[4:8])
    letters = sorted({char for char in text if char.isalpha()})
    codes = list(range(0xE000, 0xE000 + len(letters)))
    Random(7).shuffle(codes)
    table = {letter: chr(code) for letter, code in zip(letters, codes, strict=True)}
    broken = "".join(table.get(char, char) for char in text)
    solution = solve_alphabet(broken)
    assert solution is not None
    assert share_solved(text, broken, solution.mapping) > 0.95


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_may_be_asked(text: str) -> None:
    for solve in (solve_accents, solve_ligatures, solve_alphabet):
        solution = solve(text)
        assert solution is None or 0.0 <= solution.confidence <= 1.0
