"""From sentences to events.

Why: one place where a date, its clause, its kind, its certainty and its participants become one record.
Idea: sentences in reading order, carrying along what later ones recall: the last subject, the heading's date, the sitting.
Limits: an excerpt never leaves its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.records import Certainty, DateValue, Document, Event, Found, Mention

from . import formulas
from .clauses import Clause, Parsed, parse
from .dating import (
    LISTS,
    SETTING,
    Trigger,
    before,
    certainty_of,
    find_trigger,
    law_date,
    leading_verbs,
    negated,
    refusal,
    words_of,
)
from .lexis import Lexis, bare, lexis, plain
from .participants import gather, participants, recalls, root, subject
from .text import Sentence, sentences_of, without_overlap

LONGEST = 50
WORKS = frozenset(
    {"works_start", "works_end", "demolition", "delivery", "rehabilitation", "construction", "relocation", "incident"}
)
SIGNS = "-–—•*,;:("
TRAILING = frozenset(["à", "de", "et", "en", "d'", "par", "pour", "dans", "il", "elle", "ils", "elles", "que", "qu'"])


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
    """What later sentences may recall, and what the whole document holds."""

    document: Document
    parsed: list[Parsed]
    mentions: Sequence[Mention]
    pieces: formulas.Pieces
    lexis: Lexis
    topic: list[Mention] = field(default_factory=list)
    heading: DateValue | None = None
    voter: list[Mention] | None = None
    sat: bool = False
    ground: list[Mention] = field(default_factory=list)
    line: tuple[int, int] = (0, -1)
    rubric: Trigger | None = None

    def text(self, page: int) -> str:
        """The text of a page."""
        return next(p.text for p in self.document.pages if p.number == page)


def draft(
    parsed: Parsed,
    span: tuple[int, int],
    value: DateValue,
    kind: str,
    mentions: list[Mention],
    certainty: Certainty = "happened",
    trigger: str = "",
) -> Draft:
    """An event told by the tokens ``span`` (first, last) of a sentence."""
    tokens = parsed.sentence.tokens
    first, last = span
    while first < last and tokens[first].text in SIGNS:
        first += 1
    while last > first and (tokens[last].text in SIGNS or tokens[last].text in TRAILING):
        last -= 1
    return Draft(
        page=parsed.sentence.page,
        start=tokens[first].start,
        end=tokens[last].end,
        value=value,
        kind=kind,
        certainty=certainty,
        trigger=trigger,
        mentions=mentions,
    )


def headed(parsed: Parsed) -> bool:
    """Whether a line opens with its date: « 14 décembre 1999 : le comité … »."""
    tokens = [token for token in parsed.sentence.tokens if token.text not in ("-", "–", "•", "*")][:2]
    if not parsed.sentence.first or len(tokens) < 2 or not (tokens[0].mention and tokens[0].mention.kind == "date"):
        return False
    after = parsed.sentence.tokens[parsed.sentence.tokens.index(tokens[0]) + 1]
    return after.text in (":", "–", "—", "-", ",", "|", ".") or parsed.clauses[0].finite is None


def excerpt_span(parsed: Parsed, clause: Clause, at: int) -> tuple[int, int]:
    """First and last token of the words to quote: the clause, with the noun it is about, cut to a readable length."""
    tokens = parsed.sentence.tokens
    first, last = clause.tokens[0], clause.tokens[-1]
    if clause.kind == "participle" and first <= 1 and clause.parent and clause.parent.finite is not None:
        verb = clause.parent.finite
        while verb > last and tokens[verb - 1].text in ("ne", "n'", "se", "s'", "y", "en"):
            verb -= 1
        last = max(last, min(verb - 1, at + LONGEST // 2))
    elif clause.kind in ("participle", "relative"):
        floor = max(0, first - 14)
        while first > floor and tokens[first - 1].text not in (";", ":", "("):
            first -= 1
    while last - first > LONGEST:
        if at - first > last - at:
            first += 1
        else:
            last -= 1
    return first, last


def moved(parsed: Parsed, clause: Clause, at: int) -> Clause:
    """« le 19 juin 2007, quand la ville signait … »: what happened that day is told by the clause that follows."""
    for other in parsed.clauses:
        opens = other.tokens[0] if other.tokens else -1
        gathers = clause.kind == "participle" and any(f.lemma == "réunir" for f in clause.verbs.values())
        pointed = parsed.sentence.tokens[opens].text in ("que", "qu'") and other.kind == "subordinate"
        if pointed and 0 < opens - at <= 2:
            return other
        if gathers and other is clause.parent and other.finite is not None and not _dated(parsed, other, at):
            return other
        if other.kind == "subordinate" and parsed.sentence.tokens[opens].text in ("quand", "lorsque", "lorsqu'"):
            if 0 < opens - at <= 2 and other.finite is not None:
                return other
    return clause


def date_event(parsed: Parsed, at: int, value: DateValue, state: State) -> Draft | None:
    """The event dated by the date at token ``at``, if it dates one."""
    tokens = parsed.sentence.tokens
    clause = moved(parsed, parsed.clause_at(at), at)
    if refusal(parsed, at, clause, state.lexis):
        return None
    trigger = find_trigger(parsed, clause, at, state.lexis)
    if trigger and in_title(parsed, state) and (trigger.kind != "meeting" or value.precision != "day"):
        return None
    if trigger is None and headed(parsed) and at <= 2:
        trigger = line_trigger(parsed, state.lexis)
    if trigger is None and not clause.verbs and not parsed.clauses[0].verbs and not content_words(parsed, clause):
        trigger = find_trigger(parsed, parsed.clauses[0], at, state.lexis)
    tabled = trigger is None and is_row(parsed)
    if tabled:
        trigger = state.rubric
    if trigger is None or _same_sitting(parsed, clause, value, trigger.kind, state):
        return None
    first, last = excerpt_span(parsed, clause, at)
    own = parsed.clause_at(at)
    if clause is not own and last - own.tokens[0] <= LONGEST:
        first = min(first, own.tokens[0])
    found = gather(parsed, clause, trigger.kind, state.topic, state.lexis, at)
    if tabled and len([m for m in parsed.sentence.mentions() if m.kind == "date"]) == 1:
        first, last = 0, min(len(tokens) - 1, LONGEST)
        found += parsed.sentence.mentions()
    found += leaned_on(parsed, trigger.kind, found, state)
    if headed(parsed) and at <= 2:
        first, last = min(first, at), len(tokens) - 1
        found += [
            m for c in parsed.clauses if c.kind == "main" and not _dated(parsed, c, at) for m in parsed.mentions(c)
        ]
    if trigger.kind == "meeting" and value == state.pieces.sitting:
        found += state.pieces.attendance or state.pieces.letterhead
        state.sat = True
    return draft(
        parsed,
        (min(first, at), max(last, at)),
        value,
        trigger.kind,
        found + (label(parsed) if root(clause) is parsed.clauses[0] else []),
        later_than_paper(value, state) or certainty_of(parsed, clause, state.lexis),
        trigger.text,
    )


def leaned_on(parsed: Parsed, kind: str, found: list[Mention], state: State) -> list[Mention]:
    """Works without a site are on the ground the sentence before speaks of."""
    if any(m.kind in ("site", "programme") for m in found):
        return []
    same_line = (parsed.sentence.page, parsed.sentence.line) == state.line
    return state.ground if kind in WORKS and same_line else []


def later_than_paper(value: DateValue, state: State) -> Certainty | None:
    """Planned, where the date comes after the document itself was written."""
    known = state.document.info.date_to or (state.pieces.sitting.date_to if state.pieces.sitting else None)
    return "planned" if known and value.date_from > known else None


def content_words(parsed: Parsed, clause: Clause) -> int:
    """How many plain words of some length a clause has beside its names."""
    tokens = (parsed.sentence.tokens[i] for i in clause.tokens)
    return sum(token.mention is None and len(token.text) > 3 and token.text.isalpha() for token in tokens)


def line_trigger(parsed: Parsed, lexis_: Lexis) -> Trigger | None:
    """What a line opened by its date tells, when its first clause has neither verb nor noun of an act."""
    for clause in parsed.clauses[1:]:
        trigger = find_trigger(parsed, clause, 0, lexis_) if clause.verbs else None
        if trigger:
            return trigger
    tokens = parsed.sentence.tokens
    signed = any(token.text in (":", "–", "—", "|") for token in tokens[1:3])
    wordy = [token for token in tokens if token.mention is None and len(token.text) > 2 and token.text.isalpha()]
    named = [m for m in parsed.sentence.mentions() if m.kind in ("body", "site", "programme", "law", "person")]
    if signed and wordy and len(wordy) + len(named) >= 3:
        return Trigger(text=wordy[0].text, kind="other", index=0)
    return None


def _dated(parsed: Parsed, clause: Clause, at: int) -> bool:
    """Whether a clause has a date other than that at ``at``."""
    return any(i != at and (m := parsed.sentence.tokens[i].mention) and m.kind == "date" for i in clause.tokens)


def in_title(parsed: Parsed, state: State) -> bool:
    """Whether the sentence is the document's title, or part of it."""
    title = bare(plain(state.document.info.title or ""))
    text = bare(plain(state.text(parsed.sentence.page)[parsed.sentence.start : parsed.sentence.end]))
    return bool(title) and len(text) > 3 and text in title


def _same_sitting(parsed: Parsed, clause: Clause, value: DateValue, kind: str, state: State) -> bool:
    """Whether this only says again that the document's own sitting took place."""
    if value != state.pieces.sitting:
        return False
    lemmas = {form.lemma for form in clause.verbs.values()}
    gathers = bool(lemmas & {"réunir", "tenir", "siéger", "rassembler"})
    told_later = in_title(parsed, state)
    if kind == "meeting" and told_later:
        return any(
            formulas.SITTING.search(formulas.opening(p.sentence))
            and any(m.value == value for m in p.sentence.mentions() if m.kind == "date")
            for p in state.parsed
            if p is not parsed and len(p.sentence.tokens) < 25
        )
    return state.sat and (gathers or kind == "meeting")


def label(parsed: Parsed) -> list[Mention]:
    """Names before the colon of a labelled entry: « 45 W 1-18. Habitat et vie sociale : étude … »."""
    out: list[Mention] = []
    for token in parsed.sentence.tokens:
        if token.text == ":":
            return out if all(m.kind == "programme" for m in out) else []
        if token.mention:
            out.append(token.mention)
        elif token.text not in "()«»" and len(token.text) > 3:
            return []
    return []


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
        verbs = [form.lemma for _, form in leading_verbs(clause)]
        agent = "par" in before(parsed, at, 3).split() or (clause.finite or -1) > at
        after = " ".join(t.text for t in parsed.sentence.tokens[at + 1 : at + 4])
        if not (verbs and verbs[0] in SETTING and agent) and not LISTS.match(after):
            continue
        trigger = find_trigger(parsed, clause, at, state.lexis)
        found = gather(parsed, clause, "creation", state.topic, state.lexis)
        found = [m for m in found if m.kind != "law" or m is token.mention]
        span = excerpt_span(parsed, clause, at)
        yield draft(
            parsed,
            span,
            value,
            trigger.kind if trigger else "creation",
            found,
            trigger=trigger.text if trigger else after.split(" ")[0],
        )


def formula_events(parsed: Parsed, index: int, state: State) -> list[Draft] | None:
    """Events of set pieces; ``None`` where the sentence is none."""
    sentence, pieces = parsed.sentence, state.pieces
    span = (0, len(sentence.tokens) - 1)
    head = formulas.opening(sentence)
    value = next((m.value for m in sentence.mentions() if isinstance(m.value, DateValue)), None)
    if formulas.is_sheet_date(sentence, pieces) and value:
        return [draft(parsed, span, value, "study", formulas.sheet_participants(pieces), trigger="mission")]
    if formulas.DONE.match(head):
        if formulas.SAME_DAY.search(head):
            value = value or pieces.sitting
        if value is None:
            return None
        found = [m for m in sentence.mentions() if m.kind == "place"]
        found += formulas.signatories(sentence, pieces, state.mentions)
        if not pieces.parties:
            found += formulas.signer(state.parsed, index)
        return [draft(parsed, span, value, "signature", found, trigger="fait")]
    return None


def sitting_events(parsed: Parsed, state: State, dated: bool) -> list[Draft]:
    """Votes and adoptions that the sitting dates, and items that a heading dates."""
    sentence, clause = parsed.sentence, parsed.clauses[0]
    span = (0, len(sentence.tokens) - 1)
    text = state.text(sentence.page)
    sitting = state.pieces.sitting
    voted = formulas.vote_verb(parsed, text, state.lexis, state.voter is not None and sentence.bullet)
    if voted is not None and sitting and sentence.tokens[voted].text not in ("vu", "considerant"):
        kinds = state.lexis.by_verb.get(state.lexis.bare_present.get(bare(sentence.tokens[voted].text), ""), ())
        kind = kinds[0].name if kinds else "vote"
        names = [m for m in sentence.mentions() if m.kind not in ("date", "quantity")]
        return [draft(parsed, span, sitting, kind, names + (state.voter or []), trigger=sentence.tokens[voted].text)]
    if dated:
        return []
    lemmas = [form.lemma for _, form in leading_verbs(clause)]
    finite = clause.verbs.get(clause.finite) if clause.finite is not None else None
    if sitting and state.sat and finite and lemmas and lemmas[0] in formulas.ADOPTED and len(parsed.clauses) == 1:
        if finite.tense in ("present", "past") and not negated(parsed, clause, state.lexis):
            found = gather(parsed, clause, "approval", state.topic, state.lexis)
            return [draft(parsed, span, sitting, "approval", found, trigger=lemmas[0])]
    if state.heading and sentence.bullet and sentence.first:
        trigger = find_trigger(parsed, clause, 0, state.lexis)
        if trigger and not refusal(parsed, 0, clause, state.lexis):
            found = gather(parsed, clause, trigger.kind, [], state.lexis)
            certainty = certainty_of(parsed, clause, state.lexis)
            return [draft(parsed, span, state.heading, trigger.kind, found, certainty, trigger.text)]
    return []


def recall(parsed: Parsed, state: State) -> None:
    """Keep the sentence's subject, the body that votes and the heading's date for what follows."""
    sentence = parsed.sentence
    state.line = (sentence.page, sentence.line)
    state.rubric = rubric_of(parsed, state)
    state.ground = [m for m in sentence.mentions() if m.kind == "site"][:1] or (
        state.ground if not sentence.first else []
    )
    words = words_of(parsed, parsed.clauses[0])
    if "délibéré" in words or "délibérer" in words or words.rstrip().endswith(("décide :", "decide :")):
        state.voter = [m for m in sentence.mentions() if m.kind == "body"][:1]
    dates = [m for m in sentence.mentions() if m.kind == "date"]
    if not sentence.bullet and sentence.first:
        wordless = sum(t.mention is None and len(t.text) > 2 for t in sentence.tokens) <= 1
        value = dates[0].value if len(dates) == 1 and wordless else None
        fine = isinstance(value, DateValue) and (value.date_to - value.date_from).days <= 366
        state.heading = value if fine and isinstance(value, DateValue) else None
    for clause in parsed.clauses:
        if clause.kind in ("main", "complement") and (clause.finite is not None or sentence.mentions()):
            found = subject(parsed, clause) if clause.finite is not None else []
            found = [m for m in found if m.kind in ("body", "site", "programme", "person")]
            if found or (clause.finite is not None and not recalls(parsed, clause, state.lexis)):
                state.topic = found
            return


def is_row(parsed: Parsed) -> bool:
    """A row of a table: names and figures without any verb."""
    verbless = not any(clause.verbs for clause in parsed.clauses)
    return verbless and any(m.kind in ("site", "body", "amount", "programme") for m in parsed.sentence.mentions())


def rubric_of(parsed: Parsed, state: State) -> Trigger | None:
    """What a heading (« Tableau 1. Démolitions ») says of the rows below it; a row leaves it as it is."""
    sentence = parsed.sentence
    if any(clause.finite is not None for clause in parsed.clauses):
        return None
    if any(m.kind in ("date", "amount", "quantity") for m in sentence.mentions()) or len(sentence.tokens) > 14:
        return state.rubric
    return find_trigger(parsed, parsed.clauses[0], 0, state.lexis)


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
                confidence=0.6 if row.kind == "other" else 0.8,
                trigger=row.trigger,
                participants=participants(row.mentions),
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


def read(document: Document, found: Found) -> State:
    """Sentences, clauses and set pieces of a document."""
    lexis_ = lexis()
    sentences = page_sentences(document, found, lexis_)
    return State(
        document=document,
        parsed=[parse(sentence, lexis_) for sentence in sentences],
        mentions=found.mentions,
        pieces=formulas.read_pieces(sentences),
        lexis=lexis_,
    )


def events_of(state: State) -> tuple[Event, ...]:
    """All events of a document."""
    drafts: list[Draft] = []
    for index, parsed in enumerate(state.parsed):
        told = formula_events(parsed, index, state)
        if told is None:
            told = [*date_events(parsed, state), *law_events(parsed, state)]
            told += sitting_events(parsed, state, bool(told))
        drafts += told
        recall(parsed, state)
    return numbered(drafts, state)
