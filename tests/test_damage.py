"""The generators of damage: each really breaks text, always in the same way, and as its definition says."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from pipeline.evaluate.damage import FAMILIES, Family, damage, recode
from pipeline.evaluate.damage_lines import syllable_breaks
from pipeline.evaluate.repair_bench import edits, false_changes, fold, read_texts, score_family

HELDOUT = Path(__file__).parent / "heldout"
TEXT = (
    "À Saint-Étienne, l’opération « Cœur de ville » commença en 1998 : la commission, réunie à l’hôtel de ville, "
    "fut informée que les façades, les greffes d’îlots et les modèles prêtés coûteraient 1 240 000 francs. Où était "
    "l’État ? Trop tôt… C’est après la fête de Noël que le préfet promit d’affecter un crédit – officiel – aux travaux."
)
BY_NAME = {family.name: family for family in FAMILIES}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_each_family_breaks_and_repeats(family: Family) -> None:
    long = TEXT * 4
    broken = damage(long, family, 3)
    assert broken == damage(long, family, 3)
    assert edits(broken, family.truth(long)) > 0


@pytest.mark.parametrize("family", [f for f in FAMILIES if "runs" in f.name], ids=lambda family: family.name)
def test_runs_leave_sound_stretches_and_change_with_the_seed(family: Family) -> None:
    long = TEXT * 6
    broken = [damage(long, family, seed) for seed in (1, 2)]
    assert broken[0] != broken[1]
    assert any(word in broken[0].split() for word in ("préfet", "À", "réunie", "façades,", "modèles"))


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("cp1252 as mac-roman", "líÈtat"),
        ("mac-roman as cp1252", "lÕŽtat"),
        ("mac-roman as cp1252, lossy", "modle"),
        ("cp850 as cp1252", "mod\u0160le"),
        ("utf-8 as cp1252", "lâ€™Ã©tat"),
        ("utf-8 as cp850", "lÔÇÖ├®tat"),
        ("latin-1 as adobe-standard", "gØnØral"),
        ("spaced accents, before", "d´eveloppement"),
        ("spaced accents, after", "THEA\u02c6TRE"),
        ("accents as U+FFFD", "r\ufffdgion"),
        ("accented letters dropped", "rnovation"),
        ("29 too low", "'pOpJDWLRQ"),
        ("mac-roman as cp1252, lower-cased", "lõžtat"),
    ],
)
def test_damage_as_seen_in_public_files(name: str, seen: str) -> None:
    words = "l’état modèle général développement THEÂTRE région rénovation Délégation"
    assert seen in damage(words, BY_NAME[name]).split()


def test_mac_roman_plus_32_gives_the_six_signs_of_the_known_font() -> None:
    broken = {damage("é à ’ « œ –", BY_NAME["mac-roman-plus-32 runs"], seed) for seed in range(40)}
    assert "® ¨ õ ç ï ð" in broken


def test_letters_a_charset_lacks_stay() -> None:
    assert recode("œ’é", "cp850", "cp1252") == "œ’‚"


def test_words_break_between_syllables_only() -> None:
    assert [("aménagement"[:at], "aménagement"[at:]) for at in syllable_breaks("aménagement")] == [
        ("amé", "nagement"),
        ("aména", "gement"),
        ("aménage", "ment"),
    ]
    assert syllable_breaks("villes") == [3]
    assert syllable_breaks("apprendre") == [2, 6]


def test_hyphens_at_line_ends_keep_every_letter() -> None:
    broken = damage(TEXT * 3, BY_NAME["line-end hyphens"])
    assert "-\n" in broken
    assert all(len(line) <= 89 for line in broken.split("\n"))
    assert [c for c in broken if c.isalpha()] == [c for c in TEXT * 3 if c.isalpha()]


def test_decomposed_accents_compose_again() -> None:
    broken = damage("déjà là", BY_NAME["decomposed accents"], 1)
    assert unicodedata.normalize("NFC", broken).replace("\u0301", "").replace("\u0300", "") == "déjà là"


def test_score_is_one_for_the_truth_and_zero_for_no_repair() -> None:
    family = BY_NAME["cp1252 as mac-roman"]
    assert score_family(family, [TEXT], lambda broken: broken)[0] == 0.0
    assert score_family(family, [TEXT], lambda broken: TEXT)[0] == 1.0


def test_false_changes_are_listed_where_they_are() -> None:
    (change,) = false_changes([("t", "un fût de bois")], lambda text: text.replace("fût", "fut"))
    assert (change.offset, change.before, change.after) == (4, "û", "u")


def test_white_space_does_not_count() -> None:
    assert fold("a \n\n b\u00a0c") == "a b c"


def test_heldout_texts_are_clean_french_of_some_length() -> None:
    texts = read_texts(HELDOUT)
    assert len(texts) >= 12
    for name, text in texts:
        assert 250 <= len(text.split()) <= 600, name
        assert unicodedata.is_normalized("NFC", text), name
        assert not any(unicodedata.category(char) in {"Co", "Cn", "Cc"} for char in text if char != "\n"), name
