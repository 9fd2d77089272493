"""Names: golden sentences in four drawers, the gold set's floor, and what must hold for any text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from pipeline.entities import Knowledge, find_mentions, load_knowledge
from pipeline.entities.claims import Claim
from pipeline.entities.decide import THRESHOLD, decide, weight
from pipeline.entities.folding import fold
from pipeline.entities.head import SECTIONS, backs, heads, labels
from pipeline.entities.near import NEAR, NearNames
from pipeline.records import Document, DocumentInfo, Found, Page, RepairedPage, Source

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "entities.toml").read_text(encoding="utf-8"))
MARK = re.compile(r"\[\[(\??)([a-z]+): (.+?)(?: -> .+?)?\]\]", re.DOTALL)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def document(*texts: str, title: str | None = None, name: str = "a.txt") -> Document:
    source = Source(
        document_id="0" * 16, sha256="0" * 64, path=name, location=Path(name), media_type="text/plain", size=1
    )
    pages = tuple(
        RepairedPage(page=Page(number=number, raw_text=text, method="plain-text"), text=text)
        for number, text in enumerate(texts, start=1)
    )
    return Document(source=source, info=DocumentInfo(title=title), pages=pages)


def unmarked(tagged: str) -> tuple[str, list[tuple[str, int, int, bool]]]:
    """The text of a tagged one, and its marks as (kind, start, end, optional)."""
    text, marks, at = "", [], 0
    for match in MARK.finditer(tagged):
        text += tagged[at : match.start()]
        marks.append((match[2], len(text), len(text) + len(match[3]), bool(match[1])))
        text += match[3]
        at = match.end()
    return text + tagged[at:], marks


def check(case: dict[str, Any], knowledge: Knowledge) -> None:
    text, marks = unmarked(case["text"])
    found = find_mentions(document(text, title=case.get("town")), knowledge)
    kinds = case["kinds"]
    told = [m for m in found.mentions if m.kind in kinds and (case.get("backs") or not m.method.startswith("back"))]
    got = [(m.kind, m.surface) for m in told]
    assert got == [(kind, text[start:end]) for kind, start, end, _ in marks if kind in kinds], case["why"]


@pytest.mark.parametrize("case", [*CASES["wild"], *CASES["silent"], *CASES["made"]], ids=lambda case: case["text"][:50])
def test_golden_sentence(case: dict[str, Any], knowledge: Knowledge) -> None:
    check(case, knowledge)


@pytest.mark.parametrize("case", CASES["failing"], ids=lambda case: case["text"][:50])
@pytest.mark.xfail(strict=True, reason="known failure")
def test_known_failure(case: dict[str, Any], knowledge: Knowledge) -> None:
    check(case, knowledge)


@pytest.mark.parametrize(
    ("kind", "floor"),
    [("programme", 0.95), ("body", 0.96), ("site", 0.95), ("place", 0.95), ("person", 0.95), ("law", 0.95)],
)
def test_gold_floor(kind: str, floor: float, gold: dict[str, Counter[str]]) -> None:
    """Exact surfaces (articles aside) on the gold documents; a floor that cannot sink quietly."""
    tally = gold[kind]
    assert 2 * tally["hit"] / (2 * tally["hit"] + tally["lost"] + tally["extra"]) >= floor, tally


@pytest.fixture(scope="module")
def gold(knowledge: Knowledge) -> dict[str, Counter[str]]:
    tallies: dict[str, Counter[str]] = {}
    for path in sorted((HERE / "gold").glob("d*.gold.md")):
        head, _, rest = path.read_text(encoding="utf-8").partition("\n\n")
        text, marks = unmarked(rest.partition("\n---\n")[0])
        found = find_mentions(document(text, title=head.splitlines()[0].removeprefix("# ")), knowledge)
        optional = [(start, end) for _, start, end, free in marks if free]
        for kind in ("programme", "body", "site", "place", "person", "law"):
            want = Counter(bare(text[start:end]) for mark, start, end, free in marks if mark == kind and not free)
            got = Counter(
                bare(m.surface)
                for m in found.mentions
                if m.kind == kind and not any(start < m.end and m.start < end for start, end in optional)
            )
            hit = sum((want & got).values())
            tallies.setdefault(kind, Counter()).update(hit=hit, lost=want.total() - hit, extra=got.total() - hit)
    return tallies


def bare(surface: str) -> str:
    return re.sub(r"^(?:l'|la |le |les )", "", fold(surface)).strip(" .")


TEXT = st.text(
    st.sampled_from("aàbcdeéilmnorstuvLESMPRZ0123456789 ’'-–./:,;()«»\n\u00a0œÉ€%")
    | st.characters(exclude_categories=["Cs"]),
    max_size=300,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=2))
def test_mentions_are_views_without_overlap(knowledge: Knowledge, texts: list[str]) -> None:
    found = find_mentions(document(*texts), knowledge)
    for number, text in enumerate(texts, start=1):
        mentions = [m for m in found.mentions if m.page == number]
        assert all(text[m.start : m.end] == m.surface and m.surface for m in mentions)
        assert all(left.end <= right.start for left, right in pairwise(mentions))
        assert all(m.mention_id == f"{'0' * 16}:{number}:{m.start}:{m.kind}" for m in mentions)
    known = {entity.entity_id for entity in found.entities}
    assert all(m.entity_id is None or m.entity_id in known for m in found.mentions)


CLAIM = st.builds(
    lambda start, size, score: Claim(start=start, end=start + size, kind="site", score=score, method="test"),
    st.integers(0, 12),
    st.integers(1, 6),
    st.floats(0.3, 1.0),
)


@given(st.lists(CLAIM, max_size=7))
def test_decision_is_the_best_of_all(claims: list[Claim]) -> None:
    """Against every subset: nothing without overlap weighs more than what was chosen."""
    starts = range(0, 20, 2)
    best = 0.0
    for mask in range(2 ** len(claims)):
        chosen = sorted((c for index, c in enumerate(claims) if mask >> index & 1), key=lambda c: c.start)
        apart = all(left.end <= right.start for left, right in pairwise(chosen))
        if apart and all(claim.score >= THRESHOLD for claim in chosen):
            best = max(best, sum(weight(claim, starts) for claim in chosen))
    assert sum(weight(claim, starts) for claim in decide(claims, starts)) == pytest.approx(best)


@st.composite
def _near_misses(draw: st.DrawFn) -> list[str]:
    """A few names, and copies of them with letters put in, taken out or changed."""
    names = draw(st.lists(st.text("abcd 1", min_size=6, max_size=30), min_size=1, max_size=4))
    for _ in range(draw(st.integers(1, 12))):
        letters = list(draw(st.sampled_from(names)))
        for at in draw(st.lists(st.integers(0, 29), max_size=3)):
            letters[at % len(letters) : at % len(letters) + draw(st.integers(0, 1))] = draw(st.text("ab1", max_size=1))
        names.append("".join(letters) or "a")
    return names


@given(_near_misses())
@settings(max_examples=300, deadline=None)
def test_near_names_are_those_a_comparison_with_every_name_finds(names: list[str]) -> None:
    near = NearNames()
    for number, name in enumerate(names):
        slow = (
            other
            for other in names[:number]
            if min(len(name), len(other)) >= 8
            and re.sub(r"\D", "", name) == re.sub(r"\D", "", other)
            and fuzz.ratio(name, other) >= NEAR
        )
        assert near.first_near(name) == next(slow, None)
        near.add(name)


def test_same_text_same_rows(knowledge: Knowledge) -> None:
    text = unmarked(CASES["made"][0]["text"])[0]
    assert find_mentions(document(text), knowledge) == find_mentions(document(text), load_knowledge())


def link(found: Found, surface: str) -> str | None:
    return next(m.entity_id for m in found.mentions if m.surface == surface)


def test_one_body_under_four_spellings(knowledge: Knowledge) -> None:
    text = (
        "DELEGATION INTERMINISTERIELLE A L'AMENAGEMENT ET A LA COMPETITIVITE DES TERRITOIRES\n"
        "La DIACT, ou D.I.A.C.T., décide. La Délégation interministérielle à l’aménagement et à la compétitivité des "
        "territoires agit."
    )
    found = find_mentions(document(text), knowledge)
    assert {m.entity_id for m in found.mentions if m.kind == "body"} == {"body:diact"}
    assert len([m for m in found.mentions if m.kind == "body"]) == 4


@pytest.mark.parametrize(("year", "entity"), [(1995, "body:datar1"), (2011, "body:datar2")])
def test_the_date_chooses_between_two_datar(year: int, entity: str, knowledge: Knowledge) -> None:
    assert link(find_mentions(document(f"En {year}, la DATAR a financé l’étude."), knowledge), "DATAR") == entity


def test_brackets_define_for_the_whole_document(knowledge: Knowledge) -> None:
    found = find_mentions(
        document("L’Office public de l’habitat de Calais (OPH) a signé.", "Plus tard, l’OPH a démoli."), knowledge
    )
    assert {m.entity_id for m in found.mentions if "OPH" in m.surface or "Office" in m.surface} == {"body:oph-calais"}


def test_back_references_follow(knowledge: Knowledge) -> None:
    text = "La ville de Reims et l’Agence nationale pour la rénovation urbaine ont signé. La Ville et l’Agence paient."
    found = find_mentions(document(text), knowledge)
    assert link(found, "Ville") == link(found, "ville de Reims") == "body:ville-reims"
    assert link(found, "Agence") == "body:anru"


def test_a_site_lies_in_the_town_beside_it(knowledge: Knowledge) -> None:
    found = find_mentions(
        document("Le quartier des Buis, à Valentigney, et le quartier Champvallon, à Bethoncourt."), knowledge
    )
    assert {e.name: e.insee_code for e in found.entities if e.kind == "site"} == {
        "Buis": "25580",
        "Champvallon": "25057",
    }


def test_homonyms_follow_the_document(knowledge: Knowledge) -> None:
    north = find_mentions(document("Dans le Nord, entre Lille et Roubaix, à Croix et à Wattrelos."), knowledge)
    assert link(north, "Croix") == "place:59163"


def test_homonyms_follow_the_departement_of_their_row(knowledge: Knowledge) -> None:
    rows = ["Montferrat\t83 - Var\t100 €", "Chevrières\t42 - Loire\t200 €", "Revel\t38 - Isère\t300 €"]
    found = find_mentions(document("\n".join(rows)), knowledge)
    assert [link(found, name) for name in ("Chevrières", "Revel")] == ["place:42062", "place:38334"]


def test_gazetteers_say_who_came_after(knowledge: Knowledge) -> None:
    found = find_mentions(document("En 2007, la DIACT a lancé un appel."), knowledge)
    known = {(r.subject_id, r.predicate, r.object_id) for r in found.relations}
    assert ("body:datar2", "successor_of", "body:diact") in known
    assert ("body:diact", "successor_of", "body:datar1") in known
    assert all(r.page is None and r.source for r in found.relations)


def test_validity_and_sureness_reach_the_entity(knowledge: Knowledge) -> None:
    entities = {e.entity_id: e for e in find_mentions(document("L’ANAH et la DIACT, en 2008."), knowledge).entities}
    assert (entities["body:diact"].valid_from, entities["body:diact"].valid_to) == (
        date(2006, 1, 1),
        date(2009, 12, 14),
    )
    assert entities["body:diact"].verified
    assert not entities["body:anah"].verified


@pytest.mark.parametrize(("section", "rows"), [("back", backs), ("label", labels)])
def test_a_misspelt_key_of_a_row_is_refused(
    knowledge: Knowledge, section: str, rows: Callable[[Knowledge], object]
) -> None:
    assert rows(knowledge)
    wrong = {section: [{"words": ["x"], "score": 1.0, "why": "-", "kind": "body", "capital": True}]}
    with pytest.raises(TypeError, match="kind" if section == "back" else "capital"):
        rows(replace(knowledge, grammar=wrong))


def test_every_head_says_why_and_a_misspelt_key_is_refused(knowledge: Knowledge) -> None:
    assert all(head.why for rows in heads(knowledge).values() for head in rows)
    wrong = {section: [{"words": ["x"], "score": 1.0, "why": "-", "aposed": "no"}] for section in SECTIONS}
    with pytest.raises(TypeError, match="aposed"):
        heads(replace(knowledge, grammar=wrong))
