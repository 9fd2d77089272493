"""Archives to test the history with: the annotated documents as if every room before had made no mistake, and plain tales.

A tale is one sentence with its marks (as in a gold file), its date and its kind: offsets are never counted by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gold_records import GOLD, document_of, interval, load_gold, precision_of, read_marks

from pipeline import chronology, load
from pipeline.records import (
    Certainty,
    Event,
    Heading,
    History,
    Mention,
    Outcome,
    Participant,
    Precision,
    Relation,
    Role,
    Stretch,
)

_KINDS = (
    (r"sign", "signature"),
    (r"démoli|foudroy", "demolition"),
    (r"livr|inaugur|mise en service", "delivery"),
    (r"approuv|approbation|validé", "approval"),
    (r"reten|sélection|lauréat|inscri", "selection"),
    (r"créé|crée|naissance|institu", "creation"),
    (r"devien|devenu|prend le nom|succède|laisse place", "renaming"),
    (r"lanc|engag|ouvert", "launch"),
    (r"réhabilit", "rehabilitation"),
    (r"constru|édifi", "construction"),
    (r"vers[ée]|subvention|financ|dot[ée]e", "funding"),
    (r"réuni|comité|séance", "meeting"),
    (r"étud|audit|enquête", "study"),
)


def kind_of(words: str) -> str:
    """A kind for a clause, roughly: the tests of the history need several kinds, not the right one."""
    return next((kind for pattern, kind in _KINDS if re.search(pattern, words, re.IGNORECASE)), "announcement")


def gold_outcomes(folder: Path) -> list[Outcome]:
    """Every gold document as an outcome, its file written into ``folder`` so that links lead somewhere."""
    outcomes = []
    for path in sorted(GOLD.glob("d*.gold.md")):
        gold = load_gold(path)
        text = gold.document.pages[0].text
        location = folder / f"{gold.name}.txt"
        location.write_text(text, encoding="utf-8")
        document = replace(gold.document, source=replace(gold.document.source, location=location))
        by_surface = {(mention.kind, mention.surface): mention for mention in gold.found.mentions}
        events = []
        for number, told in enumerate(gold.events):
            first, last = interval(f"{told.date_from}/{told.date_to}")
            span = re.search(r"\s+".join(map(re.escape, told.words.split())), text)
            assert span, f"{gold.name}: {told.words}"
            events.append(
                Event(
                    event_id=f"{gold.name}:1:{span.start()}:{number}",
                    page=1,
                    start=span.start(),
                    end=span.end(),
                    excerpt=span.group(),
                    kind=kind_of(told.words),
                    date_from=first,
                    date_to=last,
                    precision=precision_of(first, last),
                    certainty="planned" if re.search(r"ser[ao]|prévu|devra", told.words) else "happened",
                    confidence=0.9,
                    trigger="",
                    participants=tuple(_participant(role, surface, by_surface) for role, surface in told.participants),
                )
            )
        ids = {mention.surface: mention.entity_id for mention in gold.found.mentions}
        relations = tuple(
            Relation(
                relation_id=f"{gold.name}:1:{number}",
                subject=subject,
                predicate=predicate,  # type: ignore[arg-type]
                object=thing,
                subject_id=ids.get(subject),
                object_id=ids.get(thing),
                page=1,
                excerpt=subject,
            )
            for number, (subject, predicate, thing) in enumerate(gold.relations)
        )
        history = History(events=tuple(events), relations=relations)
        outcomes.append(Outcome(document=document, status="ok", claimed_pages=1, found=gold.found, history=history))
    return outcomes


def _participant(role: str, surface: str, by_surface: dict[tuple[str, str], Mention]) -> Participant:
    mention = by_surface.get((role, surface))
    known = (mention.mention_id, mention.entity_id) if mention else (None, None)
    return Participant(role=role, surface=surface, mention_id=known[0], entity_id=known[1])  # type: ignore[arg-type]


@dataclass(frozen=True)
class Tale:
    """One document of one sentence: ``marked`` holds its marks, ``when`` the event's ``FROM/TO`` or one ISO day."""

    name: str
    marked: str
    when: str
    kind: str = "signature"
    certainty: Certainty = "happened"
    precision: Precision | None = None
    excerpt: str | None = None  # where the clause is shorter than the sentence
    words: tuple[str, ...] = ()  # what is read in a line, « + » before what stands outside the clause
    heading: str | None = None  # words of the sentence that stand over the event
    title: str | None = None
    trigger: str | None = None
    media_type: str = "text/plain"


def outcome_of(tale: Tale) -> Outcome:
    """A tale as an outcome with one event, of which every mark but the dates is a participant."""
    text, found = read_marks(tale.marked, tale.name)
    first, last = interval(tale.when if "/" in tale.when else f"{tale.when}/{tale.when}")
    excerpt = tale.excerpt or text
    start = text.index(excerpt)
    roles = ("body", "programme", "site", "place", "person", "law", "amount")
    event = Event(
        event_id=f"{tale.name}:1:{start}:0",
        page=1,
        start=start,
        end=start + len(excerpt),
        excerpt=excerpt,
        kind=tale.kind,
        date_from=first,
        date_to=last,
        precision=tale.precision or precision_of(first, last),
        certainty=tale.certainty,
        confidence=1.0,
        trigger=tale.trigger or "",
        participants=tuple(_as_participant(mention) for mention in found.mentions if mention.kind in roles),
        words=tuple(_stretch(text, words) for words in tale.words),
        heading=_heading(text, tale.heading) if tale.heading else None,
    )
    document = document_of(text, tale.name, tale.title)
    document = replace(document, source=replace(document.source, media_type=tale.media_type))
    return Outcome(document=document, status="ok", claimed_pages=1, found=found, history=History(events=(event,)))


def _stretch(text: str, words: str) -> Stretch:
    start = text.index(words.removeprefix("+"))
    return Stretch(start=start, end=start + len(words.removeprefix("+")), added=words.startswith("+"))


def _heading(text: str, words: str) -> Heading:
    start = text.index(words)
    return Heading(page=1, start=start, end=start + len(words))


def _as_participant(mention: Mention) -> Participant:
    role: Role = mention.kind  # type: ignore[assignment]
    return Participant(role=role, surface=mention.surface, mention_id=mention.mention_id, entity_id=mention.entity_id)


def build(path: Path, outcomes: Iterable[Outcome]) -> Path:
    """An archive of these outcomes, settled."""
    with load.open_archive(path, pipeline_version="test") as archive:
        load.store(archive, *outcomes)
        load.settle(archive, chronology.refresh)
    return path


def many_tales(count: int) -> list[Outcome]:
    """As many one-event documents as asked, from 1955 on, of every kind: what a large corpus looks like."""
    kinds = ("signature", "demolition", "launch", "selection", "creation", "funding", "meeting", "delivery", "approval")
    verbs = (
        "signe la convention du",
        "démolit une tour du",
        "lance l’étude du",
        "retient le projet du",
        "crée le comité du",
    )
    outcomes = []
    for number in range(count):
        when = date(2021 - round(66 * ((number * 37 % 101) / 101) ** 2), 1 + number * 7 % 12, 1 + number % 28)
        verb, body = verbs[number % 5], ("ANRU", "DIACT", "DIV", "Ville de Lens", "Région")[number % 5 - 2]
        marked = (
            f"Le [[date: {when.day}/{when.month}/{when.year} -> {when}/{when}]], l’[[body: {body}]] {verb} quartier "
            f"[[site: Site {number % 97}]] au titre du [[programme: {('PNRU', 'NPNRU', 'GPV')[number % 3]}]] (lot {number})"
        )
        planned: Certainty = "planned" if number % 9 == 4 else "happened"
        outcomes.append(
            outcome_of(
                Tale(name=f"t{number:05}", marked=marked, when=str(when), kind=kinds[number % 9], certainty=planned)
            )
        )
    return outcomes
