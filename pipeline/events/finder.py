"""From sentences to events.

Why: one place where a date, its clause, its kind, its certainty and its participants become one record.
Idea: sentences in reading order, carrying along what later ones recall: the last subject, the heading's date, the sitting.
Limits: a pronoun recalls the sentence before, no further.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.records import DateValue, Document, Event, Found, Mention

from . import formulas
from .anaphora import genders, stands_for
from .around import involved
from .asides import postponed, told_beside
from .carried import recall, told_of
from .certainty import certainty_of
from .clauses import Clause, Parsed, parse
from .dating import refusal
from .drafts import Draft, State, content_words, draft, headed, in_title, is_row, line_trigger, moved
from .excerpts import LONGEST, excerpt_span
from .generic import by_head
from .identities import each_once
from .lexis import Lexis, bare, holds, lexis, plain
from .nouns import carried
from .participants import gather, participants
from .parts import assembled
from .sittings import formula_events, sitting_events, with_voter
from .text import Sentence, sentences_of, without_overlap
from .triggers import Trigger, before, find_trigger, law_date, leading_verbs
from .wording import unhung, wording

# « Séance du 3 mai », « Convocation : 25 avril »: who sat is said once
OF_ASSEMBLY = frozenset({"meeting", "announcement"})
WEIGHED = 0.3  # confidence of a date that one document says another gives


def trigger_of(parsed: Parsed, clause: Clause, at: int, state: State) -> tuple[Trigger | None, bool]:
    """What makes the date's clause an event, and whether that is a table's heading rather than the sentence."""
    trigger = find_trigger(parsed, clause, state.lexis)
    if trigger is None and headed(parsed) and at <= 2:
        trigger = line_trigger(parsed, state.lexis)
    first = parsed.clauses[0]
    if trigger is None and not clause.verbs and not first.verbs and not content_words(parsed, clause):
        trigger = find_trigger(parsed, first, state.lexis)
    if trigger is None and not clause.verbs and begun(parsed, at):
        trigger = Trigger(text=parsed.sentence.tokens[at - 2].text, kind="launch", index=at)
    if trigger is None and is_row(parsed):
        return state.rubric, True
    if trigger is None and state.part.kind and parsed.sentence.tabled:
        return Trigger(text=state.part.kind, kind=state.part.kind, index=at), False
    return trigger, False


def begun(parsed: Parsed, at: int) -> bool:
    """« contrats de villes moyennes à partir de 1973 »: a programme, and since when."""
    since = formulas.SAYS["since"].search(before(parsed, at))
    named = (
        parsed.sentence.tokens[at - 1 - len(since[0].split())].mention if since and at > len(since[0].split()) else None
    )
    return named is not None and named.kind == "programme"


def date_event(parsed: Parsed, at: int, value: DateValue, state: State) -> Draft | None:
    """The event dated by the date at token ``at``, if it dates one."""
    clause = moved(parsed, parsed.clause_at(at), at)
    if refusal(parsed, at, clause, state.lexis):
        return None
    trigger, tabled = trigger_of(parsed, clause, at, state)
    row = parsed.sentence.tabled
    if trigger is not None and row:
        trigger = in_row(parsed, trigger, state)
    if trigger is None or _same_sitting(parsed, clause, value, trigger.kind, state):
        return None
    if in_title(parsed, state) and (trigger.kind != "meeting" or value.precision != "day"):
        return None
    if trigger.kind == "meeting" and value == state.pieces.sitting:
        state.sat = True
    found = involved(parsed, clause, at, trigger.kind, state)
    if tabled and sum(m.kind == "date" for m in parsed.sentence.named) == 1:
        found += parsed.sentence.named
    certainty = certainty_of(parsed, clause, state.lexis, value, state.written)
    if postponed(parsed, clause, at, state.lexis):
        certainty = "planned"
    span = quoted(parsed, clause, at, tabled)
    words = () if tabled or row else wording(parsed, clause, at, state.subject) or unhung(parsed, span)
    kind = trigger.kind
    if aside := told_beside(parsed, clause, at, state.lexis):
        words, kind = aside.words or words, aside.kind
    return draft(parsed, span, value, kind, found, certainty, trigger.text, words)


def in_row(parsed: Parsed, trigger: Trigger, state: State) -> Trigger | None:
    """A row dates what the column of its date is named for; in a table of grants a payment, whatever was bought; a row that
    says nothing is no event.
    """
    words = " ".join(t.text for t in parsed.sentence.tokens if t.mention is None and t.text.isalpha())
    if formulas.SAYS["date_column"].fullmatch(bare(words)):
        return None  # « Date arrêté », and then nothing but days
    if state.part.kind:
        return Trigger(text=trigger.text, kind=state.part.kind, index=trigger.index)
    paid = any(m.kind == "amount" for m in parsed.sentence.named) and not parsed.finite
    if state.grants and paid:
        return Trigger(text=trigger.text, kind="funding", index=trigger.index)
    return None if trigger.kind == "other" else trigger


def quoted(parsed: Parsed, clause: Clause, at: int, tabled: bool) -> tuple[int, int]:
    """First and last token of an event's words, its date among them."""
    first, last = excerpt_span(parsed, clause, at)
    own = parsed.clause_at(at)
    end = len(parsed.sentence.tokens) - 1
    if clause is not own and last - own.tokens[0] <= LONGEST:
        first = min(first, own.tokens[0])
    if tabled:
        first, last = 0, min(end, LONGEST)
    elif headed(parsed) and at <= 2:
        last = end
    return min(first, at), max(last, at)


def _same_sitting(parsed: Parsed, clause: Clause, value: DateValue, kind: str, state: State) -> bool:
    """Whether this only says again that the document's own sitting took place."""
    if value != state.pieces.sitting:
        return False
    lemmas = {form.lemma for form in clause.verbs.values()}
    gathers = bool(lemmas & {"réunir", "tenir", "siéger", "rassembler"})
    told_later = in_title(parsed, state)
    if kind == "meeting" and told_later:
        return any(
            formulas.SAYS["sitting"].search(p.sentence.opening)
            and any(m.value == value for m in p.sentence.named if m.kind == "date")
            for p in state.parsed
            if p is not parsed and len(p.sentence.tokens) < 25
        )
    return state.sat and (gathers or kind == "meeting")


def date_events(parsed: Parsed, state: State) -> Iterator[Draft]:
    """Events dated by the sentence's own dates."""
    told: set[tuple[int, DateValue]] = set()
    for at, token in enumerate(parsed.sentence.tokens):
        if token.mention and isinstance(token.mention.value, DateValue):
            found = date_event(parsed, at, token.mention.value, state)
            if found and (parsed.owner[at], token.mention.value) not in told:
                told.add((parsed.owner[at], token.mention.value))
                yield found


def law_events(parsed: Parsed, state: State) -> Iterator[Draft]:
    """Events dated by the statute that founds, renames or ends a body, or that fixes a list."""
    for at, token in enumerate(parsed.sentence.tokens):
        if token.mention is None or token.mention.kind != "law" or (value := law_date(token.mention)) is None:
            continue
        clause = parsed.clause_at(at)
        verbs = [form.lemma for _, form in leading_verbs(clause, state.lexis)]
        founder = "par" in before(parsed, at, 3).split() or (clause.finite or -1) > at
        founder = founder or any(
            form.lemma in state.lexis.verbs["setting"] and 0 < at - i <= 2 for i, form in clause.verbs.items()
        )
        born = formulas.SAYS["born"].search(before(parsed, at, 8)) is not None
        after = " ".join(t.text for t in parsed.sentence.tokens[at + 1 : at + 4])
        if not (verbs and verbs[0] in state.lexis.verbs["setting"] and founder) and not (
            born or formulas.SAYS["lists"].match(after)
        ):
            continue
        trigger = find_trigger(parsed, clause, state.lexis)
        found = gather(parsed, clause, "creation", stands_for(parsed, clause, state), state.lexis)
        found = [m for m in found if m.kind != "law" or m is token.mention]
        span = excerpt_span(parsed, clause, at)
        yield draft(
            parsed,
            span,
            value,
            trigger.kind if trigger else "creation",
            found,
            trigger=trigger.text if trigger else after.split(" ")[0],
            words=wording(parsed, clause, at, state.subject),
        )


def numbered(drafts: Sequence[Draft], state: State) -> tuple[Event, ...]:
    """Drafts as events with their ids, in reading order."""
    out: list[Event] = []
    count: dict[tuple[int, int], int] = {}
    for row in sorted(drafts, key=lambda d: (d.page, d.start, d.value.date_from, d.end)):
        place = (row.page, row.start)
        count[place] = count.get(place, 0) + 1
        out.append(
            Event(
                event_id=f"{state.document.document_id}:{row.page}:{row.start}:{count[place]}",
                page=row.page,
                start=row.start,
                end=row.end,
                excerpt=state.text(row.page)[row.start : row.end],
                kind=row.kind,
                date_from=row.value.date_from,
                date_to=row.value.date_to,
                precision=row.value.precision,
                certainty=row.certainty,
                confidence=row.confidence or (0.6 if row.kind == "other" else 0.8),
                trigger=row.trigger,
                participants=participants(row.mentions),
                words=row.words,
                heading=row.heading,
            )
        )
    return tuple(out)


def page_sentences(document: Document, found: Found, lexis_: Lexis) -> list[Sentence]:
    """Sentences of all pages."""
    out: list[Sentence] = []
    by_page: dict[int, list[Mention]] = {}
    for mention in found.mentions:
        by_page.setdefault(mention.page, []).append(mention)
    for page in document.pages:
        mentions = without_overlap(by_page.get(page.number, []))
        out += sentences_of(page.number, page.text, mentions, lexis_)
    return out


def read(document: Document, found: Found) -> State:
    """Sentences, clauses and set pieces of a document."""
    lexis_ = lexis()
    sentences = page_sentences(document, found, lexis_)
    title = bare(plain(document.info.title or ""))
    titled = each_once(m for m in found.mentions if m.kind == "site" and holds(title, bare(plain(m.surface))))
    parsed = [parse(sentence, lexis_) for sentence in sentences]
    return State(
        texts={page.number: page.text for page in document.pages},
        titled=titled,
        document=document,
        parsed=parsed,
        genders=genders(parsed),
        communes=frozenset(e.entity_id for e in found.entities if e.insee_code and len(e.insee_code) == 5),
        mentions=found.mentions,
        pieces=formulas.read_pieces(sentences, plain(document.info.title or "")),
        heads_of_bodies=by_head(found.mentions, lexis_),
        lexis=lexis_,
        told=[told_of(row, lexis_) for row in parsed],
        assembly=assembled(parsed, lexis_),
    )


def events_of(state: State) -> tuple[Event, ...]:
    """All events of a document."""
    drafts: list[Draft] = []
    for number, parsed in enumerate(state.parsed):
        state.number = number
        told = formula_events(parsed, number, state)
        if told is None:
            told = [*date_events(parsed, state), *law_events(parsed, state)] if parsed.sentence.named else []
            told += sitting_events(parsed, state, bool(told))
        if told and state.lexis.phrases["discussed"].search(parsed.sentence.low):
            told = [replace(row, confidence=WEIGHED) for row in told]
        told = [with_voter(parsed, row, state) for row in told]
        part = state.part
        recall(parsed, state)
        heading = part.heads(parsed.sentence.tabled)
        if not parsed.finite:
            told = [replace(row, heading=state.assembly) if row.kind in OF_ASSEMBLY else row for row in told]
        same = state.part.heading is part.heading  # a heading does not stand under the one before it
        drafts += [replace(row, heading=row.heading or heading) for row in told] if same else told
        state.subject = carried(parsed, state.subject)
    return numbered(drafts, state)
