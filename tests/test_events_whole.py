"""The events room on whole documents: a floor of quality on the gold set, and what must hold of any text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from gold_records import GOLD, GoldRecords, document_of, load_gold, slug
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import events
from pipeline.events import find_events
from pipeline.events.dating import REASONS
from pipeline.events.lexis import lexis
from pipeline.events.verbs import conjugate
from pipeline.records import KINDS, DateValue, Document, Event, Found, History, Mention

G = TypeVar("G")
P = TypeVar("P")
DOCUMENTS = [load_gold(path) for path in sorted(GOLD.glob("*.gold.md"))]


def word_set(text: str) -> set[str]:
    """Words of a text, without accents, articles' apostrophes or signs."""
    return set(slug(text).split("-"))


def hits(gold: Sequence[G], told: Sequence[P], same: Callable[[G, P], bool]) -> list[tuple[G, P]]:
    """Greedy one-to-one pairs."""
    left, out = list(told), []
    for wanted in gold:
        found = next((row for row in left if same(wanted, row)), None)
        if found is not None:
            left.remove(found)
            out.append((wanted, found))
    return out


def f1(right: int, wanted: int, told: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * right / (wanted + told) if wanted + told else 1.0


@pytest.fixture(scope="module")
def histories() -> list[tuple[GoldRecords, History]]:
    """Every gold document with what the room finds in it on perfect mentions."""
    return [(gold, find_events(gold.document, gold.found)) for gold in DOCUMENTS]


def test_floor_of_quality(histories: list[tuple[GoldRecords, History]]) -> None:
    """On perfect mentions of the gold set: events 0.96, participants 0.885, relations 0.845."""
    counts = {"event": [0, 0, 0], "participant": [0, 0, 0], "relation": [0, 0, 0]}

    def add(name: str, right: int, wanted: int, told: int) -> None:
        counts[name] = [a + b for a, b in zip(counts[name], (right, wanted, told), strict=True)]

    for gold, history in histories:
        pairs = hits(
            gold.events,
            history.events,
            lambda g, e: (
                (g.date_from, g.date_to) == (str(e.date_from), str(e.date_to))
                and len(word_set(g.words) & word_set(e.excerpt)) >= len(word_set(g.words)) / 2
            ),
        )
        add("event", len(pairs), len(gold.events), len(history.events))
        for wanted, told in pairs:
            people = [(p.role, slug(p.surface)) for p in told.participants]
            both = hits([(r, slug(s)) for r, s in wanted.participants], people, lambda a, b: a == b)
            add("participant", len(both), len(wanted.participants), len(people))
        triples = [(slug(r.subject), r.predicate, slug(r.object)) for r in history.relations]
        both_ = hits([(slug(a), p, slug(b)) for a, p, b in gold.relations], triples, lambda a, b: a == b)
        add("relation", len(both_), len(gold.relations), len(triples))
    scores = {name: f1(*row) for name, row in counts.items()}
    assert scores["event"] >= 0.96, scores
    assert scores["participant"] >= 0.885, scores
    assert scores["relation"] >= 0.845, scores


def check(document: Document, history: History) -> None:
    """What must hold of every event and relation."""
    texts = {page.number: page.text for page in document.pages}
    for event in history.events:
        assert texts[event.page][event.start : event.end] == event.excerpt
        assert event.excerpt.strip() == event.excerpt != ""
        assert event.date_from <= event.date_to
    ids = [event.event_id for event in history.events] + [row.relation_id for row in history.relations]
    assert len(ids) == len(set(ids))
    assert list(history.events) == sorted(history.events, key=lambda e: (e.page, e.start, e.date_from, e.end))
    for row in history.relations:
        assert row.page in texts and row.excerpt in texts[row.page]


def test_invariants_on_gold(histories: list[tuple[GoldRecords, History]]) -> None:
    """Excerpts are cut from their page, ids are unique, participants point at mentions of the document, under their words
    or, for a body, under the bare noun that stands for it."""
    kinds = {kind.name for kind in lexis().kinds} | {"other"}
    for gold, history in histories:
        check(gold.document, history)
        known = {mention.mention_id: mention for mention in gold.found.mentions}
        for event in history.events:
            assert event.kind in kinds
            for person in event.participants:
                assert person.mention_id is not None
                called = person.role == "body" and person.surface.lower() in lexis().words["body_heads"]
                assert called or known[person.mention_id].surface == person.surface


def test_same_input_same_output() -> None:
    """Two runs give the same rows in the same order."""
    gold = DOCUMENTS[0]
    assert find_events(gold.document, gold.found) == find_events(gold.document, gold.found)


@pytest.mark.parametrize("text", ["", "Aide aux enfants B. (2) et R. (2)"], ids=["no text", "an empty sentence"])
def test_nothing_in_nothing_out(text: str) -> None:
    """The stop of an initial before a bracket leaves a sentence of no word."""
    assert find_events(document_of(text, "empty"), Found()) == History()


LITTLE = (
    "la ville a signé le et dont qui que quand n’ pas ; : , ( ) « » . – - | été sera devait avant du par l’ d’ à en"
)
LINES = (
    "convention",
    "démolition",
    "APPROUVE",
    "Fait à",
    "Entre",
    "Présents :",
    "Date :",
    "Budget :",
    "\n",
    "\n\n",
    "\n- ",
)
PIECES = st.sampled_from([*LITTLE.split(), *LINES])
MARKS = st.sampled_from(KINDS)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, Found]:
    """Texts made of the room's own words and of mentions of any kind, in any order."""
    text, mentions = "", list[Mention]()
    for _ in range(draw(st.integers(0, 40))):
        if draw(st.booleans()):
            text += draw(PIECES) + draw(st.sampled_from([" ", "", "\u00a0"]))
            continue
        kind = draw(MARKS)
        surface = {"date": "3 mai 2010", "law": "loi n° 1 du 3 mai 2010"}.get(kind, f"Nom{len(mentions) % 4}")
        value = DateValue(date_from=date(2010, 5, 3), date_to=date(2010, 5, 3), precision="day")
        mentions.append(
            Mention(
                mention_id=f"doc:1:{len(text)}:{kind}",
                page=1,
                start=len(text),
                end=len(text) + len(surface),
                surface=surface,
                kind=kind,
                method="test",
                confidence=1.0,
                entity_id=f"{kind}:{surface}" if draw(st.booleans()) else None,
                value=value if kind == "date" else None,
            )
        )
        text += surface + " "
    return document_of(text, "doc", draw(st.sampled_from([None, "Nom1", "Séance du 3 mai 2010"]))), Found(
        mentions=tuple(mentions)
    )


@settings(max_examples=300, deadline=None)
@given(documents())
def test_any_text(made: tuple[Document, Found]) -> None:
    """No text, however broken, stops the room or makes it quote what is not there."""
    check(made[0], find_events(*made))


def test_every_reason_is_told() -> None:
    """A reason to refuse a date says what it looks like."""
    for reason in REASONS:
        assert reason.__doc__


def test_every_verb_can_be_conjugated() -> None:
    """The tables hold no verb whose forms are unknown, and every kind has a trigger."""
    words = lexis()
    for kind in words.kinds:
        assert kind.verbs
    for verb in {verb for group in words.verbs.values() for verb in group} - {
        "être",
        "avoir",
        "devoir",
        "pouvoir",
        "aller",
    }:
        assert len(conjugate(verb.split(" ")[0])) >= 8, verb


@pytest.mark.parametrize(
    ("verb", "form"),
    [("engager", "engagea"), ("lancer", "lança"), ("achever", "achèvera"), ("devenir", "deviendra"), ("recevoir", "reçoit"),
     ("construire", "construisit"), ("inscrire", "inscrivait"), ("soumettre", "soumis"), ("dissoudre", "dissoute"),
     ("accueillir", "accueillera"), ("déployer", "déploie"), ("naître", "naquit"), ("ouvrir", "ouverte")],
)  # fmt: skip
def test_spelling_of_forms(verb: str, form: str) -> None:
    """Families of endings keep French spelling."""
    assert form in {spelt for spelt, _ in conjugate(verb)}


def test_excerpt_is_short_enough_to_read(histories: list[tuple[GoldRecords, History]]) -> None:
    """Quotes stay under eighty words, and most under forty."""
    lengths = [len(re.findall(r"\S+", event.excerpt)) for _, history in histories for event in history.events]
    assert max(lengths) <= 80
    assert sum(length <= 40 for length in lengths) >= 0.9 * len(lengths)


def test_events_are_events(histories: list[tuple[GoldRecords, History]]) -> None:
    """Every event names the word that made it one."""
    events: list[Event] = [event for _, history in histories for event in history.events]
    assert all(event.trigger for event in events)


def test_every_list_of_the_grammar_says_why_and_is_used() -> None:
    room = Path(events.__file__).parent
    grammar = tomllib.loads((room / "grammar.toml").read_text(encoding="utf-8"))
    code = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    for group, rows in grammar.items():
        for name, row in rows.items():
            assert row["why"] and row["words"], name
            assert f'"{name}"' in code or (group, name) == ("verbs", "other"), name
