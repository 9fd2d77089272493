"""From sentences to events.

Why: one place where a date, its clause, its kind, its certainty and its participants become one record.
Idea: sentences in reading order, carrying along what later ones recall: the last subject.
Limits: an excerpt never leaves its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.records import Certainty, DateValue, Document, Event, Found, Mention

from .clauses import Clause, Parsed, parse
from .dating import SETTING, before, certainty_of, find_trigger, law_date, leading_verbs, refusal
from .lexis import Lexis, lexis
from .participants import gather, participants, subject
from .text import Sentence, sentences_of, without_overlap

LONGEST = 45


@dataclass(slots=True)
class Draft:
    """An event before it has an id."""

    page: int
    start: int
    end: int
    value: DateValue
    kind: str
    certainty: Certainty
    trigger: str
    mentions: list[Mention]


@dataclass(slots=True)
class State:
    """What later sentences may recall."""

    topic: list[Mention] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)


def headed(parsed: Parsed) -> bool:
    """Whether a line opens with its date: « 14 décembre 1999 : le comité … »."""
    tokens = [token for token in parsed.sentence.tokens if token.text not in "-–•*"][:2]
    return (
        parsed.sentence.first
        and len(tokens) == 2
        and tokens[0].mention is not None
        and tokens[0].mention.kind == "date"
        and tokens[1].text in (":", "–", "—", "-", ",")
    )


def excerpt_span(parsed: Parsed, clause: Clause, at: int) -> tuple[int, int]:
    """First and last token of the words to quote: the clause, with the noun it is about, cut to a readable length."""
    tokens = parsed.sentence.tokens
    first, last = clause.tokens[0], clause.tokens[-1]
    if clause.kind in ("participle", "relative"):
        floor = max(0, first - 14)
        start = first
        while start > floor and tokens[start - 1].text not in (";", ":"):
            start -= 1
        first = start
    while first < at and tokens[first].text in "-–•*,;:":
        first += 1
    while last > at and tokens[last].text in ",;:–(":
        last -= 1
    while last - first > LONGEST * 1.2:
        if at - first > last - at:
            first += 1
        else:
            last -= 1
    return first, last


def date_events(parsed: Parsed, state: State, lexis_: Lexis) -> Iterator[Draft]:
    """Events dated by the sentence's dates."""
    tokens = parsed.sentence.tokens
    for at, token in enumerate(tokens):
        mention = token.mention
        if mention is None or not isinstance(mention.value, DateValue):
            continue
        clause = parsed.clause_at(at)
        if refusal(parsed, at, clause, lexis_):
            continue
        trigger = find_trigger(parsed, clause, at, lexis_)
        if trigger is None:
            continue
        first, last = excerpt_span(parsed, clause, at)
        found = gather(parsed, clause, trigger.kind, state.topic, lexis_)
        if headed(parsed) and at <= 2:
            last = len(tokens) - 1
            found += [m for c in parsed.clauses if c.kind == "main" for m in parsed.mentions(c)]
        yield Draft(
            page=parsed.sentence.page,
            start=tokens[first].start,
            end=tokens[last].end,
            value=mention.value,
            kind=trigger.kind,
            certainty=certainty_of(parsed, clause, lexis_),
            trigger=trigger.text,
            mentions=found,
        )


def law_events(parsed: Parsed, state: State, lexis_: Lexis) -> Iterator[Draft]:
    """Events dated by the statute that founds, renames or ends a body."""
    tokens = parsed.sentence.tokens
    for at, token in enumerate(tokens):
        if token.mention is None or token.mention.kind != "law" or (value := law_date(token.mention)) is None:
            continue
        clause = parsed.clause_at(at)
        verbs = [form.lemma for _, form in leading_verbs(clause)]
        by = before(parsed, at, 2).split(" ")[-1]
        agent = before(parsed, at, 3)
        if not verbs or verbs[0] not in SETTING or not ("par" in agent.split() or (clause.finite or -1) > at):
            continue
        del by
        first, last = excerpt_span(parsed, clause, at)
        trigger = find_trigger(parsed, clause, at, lexis_)
        yield Draft(
            page=parsed.sentence.page,
            start=tokens[first].start,
            end=tokens[last].end,
            value=value,
            kind=trigger.kind if trigger else "creation",
            certainty="happened",
            trigger=trigger.text if trigger else "",
            mentions=gather(parsed, clause, "creation", state.topic, lexis_),
        )


def recall(parsed: Parsed, state: State, lexis_: Lexis) -> None:
    """Keep the sentence's subject for the pronouns of the next."""
    for clause in parsed.clauses:
        if clause.kind in ("main", "complement") and clause.finite is not None:
            found = [m for m in subject(parsed, clause, lexis_) if m.kind in ("body", "site", "programme", "person")]
            if found:
                state.topic = found
            return


def numbered(drafts: Sequence[Draft], document: Document, aliases: frozenset[tuple[str, str]]) -> tuple[Event, ...]:
    """Drafts as events with their ids, in reading order."""
    out: list[Event] = []
    texts = {page.number: page.text for page in document.pages}
    count: dict[tuple[int, int], int] = {}
    for draft in sorted(drafts, key=lambda d: (d.page, d.start, d.value.date_from, d.end)):
        place = (draft.page, draft.start)
        count[place] = count.get(place, 0) + 1
        out.append(
            Event(
                event_id=f"{document.document_id}:{draft.page}:{draft.start}:{count[place]}",
                page=draft.page,
                start=draft.start,
                end=draft.end,
                excerpt=texts[draft.page][draft.start : draft.end],
                kind=draft.kind,
                date_from=draft.value.date_from,
                date_to=draft.value.date_to,
                precision=draft.value.precision,
                certainty=draft.certainty,
                confidence=0.6 if draft.kind == "other" else 0.8,
                trigger=draft.trigger,
                participants=participants(draft.mentions, aliases),
            )
        )
    return tuple(out)


def page_sentences(document: Document, found: Found, lexis_: Lexis) -> list[Sentence]:
    """Sentences of all pages."""
    out: list[Sentence] = []
    for page in document.pages:
        mentions = without_overlap([m for m in found.mentions if m.page == page.number])
        out += sentences_of(page.number, page.text, mentions, lexis_)
    return out


def events_of(document: Document, found: Found) -> tuple[Event, ...]:
    """All events of a document."""
    lexis_, state = lexis(), State()
    for sentence in page_sentences(document, found, lexis_):
        parsed = parse(sentence, lexis_)
        state.drafts += date_events(parsed, state, lexis_)
        state.drafts += law_events(parsed, state, lexis_)
        recall(parsed, state, lexis_)
    return numbered(state.drafts, document, frozenset())
