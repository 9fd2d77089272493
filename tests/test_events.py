"""The events room on tagged sentences: which dates are events, told by which words, with whom."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gold_records import document_of, read_marks, slug
from hypothesis import given
from hypothesis import strategies as st

from pipeline.events import find_events
from pipeline.events.lexis import bare, holds
from pipeline.records import Event, History

TABLES = Path(__file__).parent / "cases"
CASES: list[dict[str, Any]] = [
    case
    for name in ("events.toml", "events_genres.toml", "events_context.toml", "events_told.toml")
    for case in tomllib.loads((TABLES / name).read_text(encoding="utf-8"))["case"]
]
KINDS: list[tuple[str, str, str]] = tomllib.loads((TABLES / "events_kinds.toml").read_text(encoding="utf-8"))["rows"]


def history_of(case: dict[str, Any]) -> History:
    """What the room finds in a case's tagged text."""
    text, found = read_marks(case["text"], "case")
    written = date.fromisoformat(case["written"]) if "written" in case else None
    return find_events(document_of(text, "case", case.get("title"), written), found)


def parts(line: str) -> tuple[str, set[str], set[tuple[str, str]]]:
    """Interval, words and participants of an expected event."""
    when, words, *rest = (part.strip() for part in line.split("|"))
    pairs = [part.strip().partition("=") for part in (rest[0].split(";") if rest and rest[0] else [])]
    return when, set(slug(words).split("-")), {(role, surface) for role, _, surface in pairs}


def tells(event: Event, when: str, words: set[str]) -> bool:
    """Whether an event has the interval and at least four fifths of the words."""
    same_days = f"{event.date_from}/{event.date_to}" == when
    return same_days and len(words & set(slug(event.excerpt).split("-"))) >= 0.8 * len(words)


def known(case: dict[str, Any]) -> Any:
    """A case as a test parameter; a known failure must fail."""
    marks = [pytest.mark.xfail(strict=True, reason=case["why"])] if case.get("drawer") == "known" else []
    return pytest.param(case, id=case["name"], marks=marks)


@pytest.mark.parametrize("case", [known(case) for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """Exactly the expected events, with exactly their participants."""
    history = history_of(case)
    left = list(history.events)
    found: list[Event] = []
    for line in case["events"]:
        when, words, people = parts(line)
        event = next((event for event in left if tells(event, when, words)), None)
        assert event is not None, f"not found: {line}\nfound: {[(e.date_from, e.excerpt) for e in left]}"
        left.remove(event)
        found.append(event)
        assert {(p.role, p.surface) for p in event.participants} == people
    assert not left, [(event.date_from, event.kind, event.excerpt) for event in left]
    if "certainty" in case:
        assert "".join(event.certainty[0] for event in found) == case["certainty"]
    if "kinds" in case:
        assert [event.kind for event in found] == case["kinds"]
    if "words" in case:
        text, _ = read_marks(case["text"], "case")
        assert [[f"{'+' * w.added}{text[w.start : w.end]}" for w in event.words] for event in found] == case["words"]
    if "headings" in case:
        text, _ = read_marks(case["text"], "case")
        spans = [(e.heading.start, e.heading.end) if e.heading else (0, 0) for e in found]
        assert [text[start:end] for start, end in spans] == case["headings"]
    told = {f"{r.subject} | {r.predicate} | {r.object}" for r in history.relations}
    assert set(case.get("relations", ())) <= told


RELATION_CASES: list[dict[str, Any]] = tomllib.loads((TABLES / "events_relations.toml").read_text(encoding="utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", [known(case) for case in RELATION_CASES])
def test_relation_case(case: dict[str, Any]) -> None:
    """Exactly the expected relations, of the predicates the case speaks of."""
    predicates = {line.split(" | ")[1] for line in case["relations"]} | set(case.get("none", ()))
    told = {
        f"{r.subject} | {r.predicate} | {r.object}" for r in history_of(case).relations if r.predicate in predicates
    }
    assert told == set(case["relations"])


SHORT = {
    "b": "body",
    "s": "site",
    "l": "place",
    "r": "programme",
    "n": "person",
    "a": "amount -> 1000000 EUR",
    "q": "quantity -> 40 %",
    "d": "date -> 2004-01-01/2004-12-31",
}
WAYS: list[tuple[str, str, list[str]]] = [
    (predicate, text, told)
    for predicate, rows in tomllib.loads((TABLES / "relations_ways.toml").read_text(encoding="utf-8")).items()
    for text, told in rows
]


def spelt_out(text: str) -> str:
    """Short marks (« {b ANRU} ») as those of gold files."""

    def whole(mark: re.Match[str]) -> str:
        kind, _, value = SHORT[mark["kind"]].partition(" -> ")
        value = mark["value"] or value
        return f"[[{kind}: {mark['name']}{' -> ' + value if value else ''}]]"

    return re.sub(r"\{(?P<kind>\w) (?P<name>[^}]*?)(?: -> (?P<value>[^}]*))?\}", whole, text)


@pytest.mark.parametrize(("predicate", "text", "answer"), WAYS, ids=[f"{p}: {text[:60]}" for p, text, _ in WAYS])
def test_way(predicate: str, text: str, answer: list[str]) -> None:
    """All relations of one predicate that a sentence tells in an ordinary wording, and no other."""
    title, _, body = text.rpartition(" || ")
    case = {"text": spelt_out(body)} | ({"title": read_marks(spelt_out(title), "case")[0]} if title else {})
    told = {f"{r.subject} | {r.object}" for r in history_of(case).relations if r.predicate == predicate}
    assert told == set(answer)


@pytest.mark.parametrize(("genre", "text", "answer"), KINDS, ids=[f"{genre}: {text[:40]}" for genre, text, _ in KINDS])
def test_kind(genre: str, text: str, answer: str) -> None:
    """The kind a historian would give the act, and whether it was done; no event where the date dates none."""
    marked = re.sub(r"\bD\b", "[[date: 2004 -> 2004-01-01/2004-12-31]]", text)
    events = history_of({"text": marked}).events
    told = [f"{event.kind} {event.certainty[0]}" for event in events]
    assert told == ([] if answer == "none" else [answer])


NAMES = st.text("ab -_'é1", max_size=12)


@given(NAMES, NAMES)
def test_whole_words_are_those_a_pattern_finds(text: str, words: str) -> None:
    assert holds(text, words) == (re.search(rf"\b{re.escape(words)}\b", text) is not None)
    assert holds(text, words, unless="-") == (re.search(rf"\b{re.escape(words)}\b(?!-)", text) is not None)


def test_bare_is_lower_case_without_accents() -> None:
    assert bare("Œuvre À DÉCIDÉE, n° 3 – e\u0301té Ça Ñ İ") == "œuvre a decidee, n° 3 – ete ca n i"


def test_a_town_called_short_later_on_is_stated_by_its_full_name() -> None:
    """« Mure » and « Mure-sur-Val » are one place: a site lies in the second."""
    tagged = "[[place: Mure-sur-Val]] se cherche un centre. À [[place: Mure]], le quartier [[site: Lauzier]] attend."
    text, found = read_marks(tagged, "case")
    towns = [m for m in found.mentions if m.kind == "place"]
    same = tuple(replace(m, entity_id=towns[0].entity_id) if m is towns[1] else m for m in found.mentions)
    history = find_events(document_of(text, "case", None, None), replace(found, mentions=same))
    told = {(r.subject, r.object) for r in history.relations if r.predicate == "located_in"}
    assert told == {("Lauzier", "Mure-sur-Val")}
