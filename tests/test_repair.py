"""The repair room: golden cases, and what must hold for any text at all."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from _pytest.mark import ParameterSet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.alignment import apply, undo
from pipeline.evaluate.gold import load_folder
from pipeline.records import Cut, Edit, Glyphs, Page
from pipeline.repair import misread, repair_pages, repair_text
from pipeline.repair.accented import CAPITALS
from pipeline.repair.changes import Change, apply_changes, compose
from pipeline.repair.characters import PRIVATE_USE
from pipeline.repair.hypotheses import ADOBE_STANDARD, BANK, bank
from pipeline.repair.misread import CONFUSIONS, ORDINALS
from pipeline.repair.solve_alone import ALONE, Place, facts_of
from pipeline.repair.stripped import HOMOGRAPHS, PARTICIPLES

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "repair.toml").read_text(encoding="utf-8"))
Case = Mapping[str, str]


def _named(cases: list[Case]) -> list[ParameterSet]:
    return [pytest.param(case, id=case.get("name", case["raw"][:40])) for case in cases]


@pytest.mark.parametrize("case", _named(CASES["found_in_the_wild"] + CASES["synthetic"]))
def test_damage_is_mended_and_named(case: Case) -> None:
    repaired = repair_text(case["raw"])
    assert repaired.text == case["mended"]
    assert case["family"] in {edit.family for edit in repaired.edits}
    assert undo(repaired.text, repaired.edits) == case["raw"]


@pytest.mark.parametrize("case", _named(CASES["must_not_change"]))
def test_sound_text_is_left_alone(case: Case) -> None:
    assert repair_text(case["raw"]).edits == ()


def test_sound_text_is_left_alone_all_together() -> None:
    everything = "\n\n".join(case["raw"] for case in CASES["must_not_change"] if "\n" not in case["raw"])
    assert repair_text(everything).text == everything


@pytest.mark.xfail(strict=True, reason="known failures; a case that passes moves to another drawer")
@pytest.mark.parametrize("case", _named(CASES["known_failure"]))
def test_known_failures(case: Case) -> None:
    assert repair_text(case["raw"]).text == case["mended"]


def test_every_family_of_the_bank_has_a_case() -> None:
    named = {case["name"] for case in CASES["synthetic"] + CASES["known_failure"]}
    assert {hypothesis.name for hypothesis in bank()} <= named


def test_every_row_of_the_bank_says_why_and_where_it_was_seen() -> None:
    with BANK.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names)) > 40
    for row in rows:
        assert len(row["why"]) > 10 and len(row["seen"]) > 5, row["name"]


@pytest.mark.parametrize(
    "path",
    [ADOBE_STANDARD, ALONE, CAPITALS, CONFUSIONS, HOMOGRAPHS, ORDINALS, PARTICIPLES, PRIVATE_USE],
    ids=lambda path: path.name,
)
def test_every_row_of_a_table_says_why(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and all(row["why"].strip() for row in rows)


def test_a_row_of_signs_alone_names_a_fact_that_is_sought_and_a_fact_has_its_row() -> None:
    place = Place(
        index=0, sign="¤", earlier="", before="Le", after="Lot", opened=False, closed=False, first=False,
        bound_before=False, bound_after=False, weight=1.0,
    )  # fmt: skip
    with ALONE.open(encoding="utf-8", newline="") as file:
        named = {row["around"] for row in csv.DictReader(file)}
    assert named == facts_of(place).keys()


LONE = [likeness for likeness in csv.DictReader(CONFUSIONS.open(encoding="utf-8")) if likeness["evidence"] == "alone"]


@pytest.mark.parametrize("row", LONE, ids=lambda row: f"{row['read']} for {row['meant']}")
def test_every_likeness_that_counts_alone_is_met_in_its_own_example(row: Case) -> None:
    example = row["why"].partition("« ")[2].partition(" »")[0]
    meant = example.replace(row["read"], row["meant"], 1)
    assert meant in repair_text(f"Selon {example}, dit le maire.").text


def test_a_row_is_all_that_a_new_likeness_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = "Le déve£oppement et le £ogement, dans £’agglomération."
    assert repair_text(raw).edits == ()
    table = tmp_path / "confusions.csv"
    table.write_text(
        CONFUSIONS.read_text(encoding="utf-8") + "£,l,any,alone,a stroke with a flourish\n", encoding="utf-8"
    )
    kept = (misread.confusions, misread.shapes, misread.meant_by)
    with monkeypatch.context() as patch:
        patch.setattr(misread, "CONFUSIONS", table)
        for memory in kept:
            memory.cache_clear()
        assert repair_text(raw).text == "Le développement et le logement, dans l’agglomération."
    for memory in kept:
        memory.cache_clear()


def test_gold_documents_are_left_alone() -> None:
    for document in load_folder(HERE / "gold"):
        assert repair_text(document.text).text == document.text, document.name


FRAGMENTS = [
    "D®l®gation ", "¨ ", "lõEtat ", "ç ", "è ", "clas sé ", "Ã©t", "ÃƒÂ©", "r\ufffdnovation ", "\ufffd", "amé-\nnagement ",
    "Saint-\nDenis ", "\u00ad", "\u00ad412", "\ufffe", "\n", "\n\n", "e\u0301", "é\u0301", "´e", "a`", "MMuunniicciippaall ",
    "\uf0b7 ", "\ufb01", "(cid:12)", "\x03", "'pOpJDWLRQ ", "opéraOon ", "applica(on ", "L M M J ", "1 000 €", "r?gion ",
    "\x00", "\u200b", "rnovation dlgation ", "  ", "t  la ", "\ud800", "Ž", "\x8f", "\x85", "le projet ", "de la ville ",
]  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=4))).map("".join))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(TEXTS)
def test_any_text_is_mended_once_and_can_be_undone(raw: str) -> None:
    repaired = repair_text(raw)
    assert apply(raw, repaired.edits) == repaired.text
    assert undo(repaired.text, repaired.edits) == raw
    assert repair_text(repaired.text).text == repaired.text
    assert all(0 < edit.confidence <= 1 and edit.before != edit.after for edit in repaired.edits)


@st.composite
def _changes(draw: st.DrawFn, length: int) -> list[Change]:
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8, unique=True)))
    return [
        Change(start, end, draw(st.text("abXY ", max_size=3)), "test", 0.5)
        for start, end in zip(places[::2], places[1::2], strict=False)
    ]


@given(st.data())
def test_changes_made_one_after_another_become_one_list_of_edits(data: st.DataObject) -> None:
    raw = text = data.draw(st.text("abcdef \n", max_size=20))
    edits: list[Edit] = []
    for _ in range(3):
        changes = data.draw(_changes(len(text)))
        edits = compose(text, edits, raw, changes)
        text = apply_changes(text, changes)
        assert apply(raw, edits) == text
        assert undo(text, edits) == raw


def test_what_one_page_shows_serves_the_others() -> None:
    first = Page(number=1, raw_text="La r®novation de lõhabitat et le d®veloppement.", method="plain-text")
    second = Page(number=2, raw_text="ç grands ensembles è", method="plain-text")
    mended = repair_pages([first, second])
    assert [page.text for page in mended] == ["La rénovation de l’habitat et le développement.", "« grands ensembles »"]


def test_cuts_are_edits_of_their_family_and_blocks_lose_line_ends_and_doubled_spaces() -> None:
    raw = "Ville de Brest\n\nLe  projet de réno-\nvation est\nadopté.\n\n12"
    page = Page(
        number=1,
        raw_text=raw,
        method="text-layer",
        flow="blocks",
        cuts=(Cut(start=0, end=14, family="running-head"), Cut(start=len(raw) - 2, end=len(raw), family="page-number")),
    )
    (mended,) = repair_pages([page])
    assert mended.text.strip() == "Le projet de rénovation est adopté."
    assert {"running-head", "page-number", "line-end hyphen"} <= {edit.family for edit in mended.edits}
    assert apply(raw, mended.edits) == mended.text


def test_a_cut_that_swallows_the_white_space_beside_it_keeps_its_name() -> None:
    raw = "Le projet est adopté.\n\nVille de Brest\n\nLa séance est levée."
    page = Page(
        number=1,
        raw_text=raw,
        method="text-layer",
        flow="blocks",
        cuts=(Cut(start=23, end=37, family="running-foot"),),
    )
    (mended,) = repair_pages([page])
    assert mended.text == "Le projet est adopté.\n\nLa séance est levée."
    assert [edit.family for edit in mended.edits if "Brest" in edit.before] == ["running-foot"]


def test_a_convicted_font_is_mended_and_a_sound_one_is_not_touched() -> None:
    broken, sound = "r®novation d®cid®e ¨ lõunanimit® ", "Qualibat® ç è, la façade très abîmée est réparée. "
    raw = broken * 4 + sound * 4
    ids = np.array([0] * len(broken * 4) + [1] * len(sound * 4), dtype=np.int16)
    boxes = np.full((len(raw), 4), np.nan, dtype=np.float32)
    glyphs = Glyphs(fonts=("AAAAAA+Broken", "BBBBBB+Sound"), font_ids=ids, boxes=boxes)
    (mended,) = repair_pages([Page(number=1, raw_text=raw, method="text-layer", flow="blocks", glyphs=glyphs)])
    assert mended.text == "rénovation décidée à l’unanimité " * 4 + sound * 4


DOUBLE_SPACED = (
    " 1.   Contexte du projet  \n \nLe quartier des Lices, clas sé en zone sensible, regroupe près de \n\n"
    "2 000  habitants, une vingtaine de tours et environ 900 logements \n\nsociaux ou privés répartis dans quatre immeubles, "
    "sur une superficie \n\nde 14 ha.  \n\n \n\n"
    "La ville a d®cid® de le r®nover ; lõEtat et la r®gion participent ¨ lõop®ration : \n\n"
    "- le secteur «  Nord  », \n\n- le secteur Sud.  \n\n \n\nLes ®tudes ont commenc® en 2008 et se sont poursuivies \n\n"
    "jusquõen 2010. \n"
)


def test_double_spaced_lines_become_paragraphs() -> None:
    assert repair_text(DOUBLE_SPACED).text.split("\n") == [
        " 1. Contexte du projet",
        "Le quartier des Lices, classé en zone sensible, regroupe près de 2 000 habitants, une vingtaine de tours et "
        "environ 900 logements sociaux ou privés répartis dans quatre immeubles, sur une superficie de 14 ha.",
        "",
        "La ville a décidé de le rénover ; l’Etat et la région participent à l’opération :",
        "- le secteur « Nord »,",
        "- le secteur Sud.",
        "",
        "Les études ont commencé en 2008 et se sont poursuivies jusqu’en 2010. ",
        "",
    ]


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("Il habite Meurthe-\net-Moselle.", "Il habite Meurthe-et-Moselle."),
        ("C’est Jean-\nPaul qui vient.", "C’est Jean-Paul qui vient."),
        ("Il faut peut-\nêtre attendre.", "Il faut peut-être attendre."),
        ("L’aména-\ngement du site.", "L’aménagement du site."),
        ("Le plan 2007-\n2013 est clos.", "Le plan 2007-2013 est clos."),
        ("La sous-préfecture et la sous-\npréfecture.", "La sous-préfecture et la sous-préfecture."),
    ],
)
def test_line_end_hyphens(raw: str, mended: str) -> None:
    assert repair_text(raw).text == mended


@pytest.mark.parametrize(
    ("raw", "before", "suggestion"),
    [
        ("La rnovation du quartier est lancée.", "rnovation", "rénovation"),
        ("Le maire et le présidentde la région.", "présidentde", "président de"),
    ],
)
def test_what_is_not_sure_enough_is_kept_as_a_doubt(raw: str, before: str, suggestion: str) -> None:
    repaired = repair_text(raw)
    assert repaired.text == raw
    (doubt,) = repaired.doubts
    assert (raw[doubt.start : doubt.end], doubt.before, doubt.suggestion) == (before, before, suggestion)
    assert 0 < doubt.confidence < 0.6


def test_doubts_point_into_the_raw_text() -> None:
    raw = "Le d®veloppement et la r®novation, puis la rnovatio\ufffdxq."
    (doubt,) = repair_text(raw).doubts
    assert raw[doubt.start : doubt.end] == doubt.before == "rnovatio\ufffdxq."
