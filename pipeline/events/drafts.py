"""An event on its way: the words it quotes, what it may recall, what the document holds.

Why: dates, statutes, sittings and tables all end in the same record; how its words are cut is decided in one place.
Idea: the quote is the clause, with the noun it is about, cut to a length a reader takes in at once.
Limits: an excerpt never leaves its page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.records import Certainty, DateValue, Document, Heading, Mention, Stretch

from .clauses import Clause, Parsed
from .excerpts import SIGNS, dated_else
from .formulas import Pieces
from .lexis import Lexis, bare, plain, word_list
from .nouns import Subject
from .parts import Part
from .triggers import Trigger, find_trigger

WORKS = frozenset(
    {"works_start", "works_end", "demolition", "delivery", "rehabilitation", "construction", "relocation", "incident"}
)


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
    words: tuple[Stretch, ...] = ()
    heading: Heading | None = None
    confidence: float = 0.0


@dataclass(slots=True)
class State:
    """What later sentences may recall, and what the whole document holds. ``number``: the sentence being read.

    ``told``: what each sentence is about, for a pronoun of the next one; ``None`` where it only goes on. ``heads``: the
    site the heading above names; ``named``: whether it is nothing but its name. ``heads_of_bodies``: bodies by first noun.
    ``part``: what heads the sentence. ``decides``: the words that open a list of decisions, while its items
    are read; ``assembly``: those that say who sat.
    """

    document: Document
    parsed: list[Parsed]
    mentions: Sequence[Mention]
    pieces: Pieces
    lexis: Lexis
    texts: dict[int, str]
    told: list[list[Mention] | None]
    number: int = 0
    part: Part = field(default_factory=Part)
    topic: list[Mention] = field(default_factory=list)
    subject: Subject | None = None
    heading: DateValue | None = None
    voter: list[Mention] | None = None
    decides: Heading | None = None
    assembly: Heading | None = None
    sat: bool = False
    ground: list[Mention] = field(default_factory=list)
    heads_of_bodies: dict[str, list[Mention]] = field(default_factory=dict)
    heads: list[Mention] = field(default_factory=list)
    named: bool = False
    line: tuple[int, int] = (0, -1)
    rubric: Trigger | None = None
    section: list[Mention] = field(default_factory=list)
    lead: list[Mention] = field(default_factory=list)
    grants: bool = False
    decisions: bool = False
    sheet: list[Mention] = field(default_factory=list)
    titled: list[Mention] = field(default_factory=list)
    genders: dict[str, str] = field(default_factory=dict)
    communes: frozenset[str] = frozenset()
    spoken: dict[str, list[Mention]] = field(default_factory=dict)

    @property
    def written(self) -> date | None:
        """The last day on which the document can be written, where it is known."""
        return self.document.info.date_to or (self.pieces.sitting.date_to if self.pieces.sitting else None)

    def text(self, page: int) -> str:
        """The text of a page."""
        return self.texts[page]


def draft(
    parsed: Parsed,
    span: tuple[int, int],
    value: DateValue,
    kind: str,
    mentions: list[Mention],
    certainty: Certainty = "happened",
    trigger: str = "",
    words: tuple[Stretch, ...] = (),
) -> Draft:
    """An event told by the tokens ``span`` (first, last) of a sentence."""
    tokens = parsed.sentence.tokens
    first, last = span
    while first < last and (tokens[first].text in SIGNS or tokens[first].text in word_list("idle_first")):
        first += 1
    while last > first and (tokens[last].text in SIGNS or tokens[last].text in word_list("idle_last")):
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
        words=words,
    )


def headed(parsed: Parsed) -> bool:
    """Whether a line opens with its date: « 14 décembre 1999 : le comité … »."""
    tokens = [token for token in parsed.sentence.tokens if token.text not in ("-", "–", "•", "*")][:2]
    if not parsed.sentence.first or len(tokens) < 2 or not (tokens[0].mention and tokens[0].mention.kind == "date"):
        return False
    after = parsed.sentence.tokens[parsed.sentence.tokens.index(tokens[0]) + 1]
    return after.text in (":", "–", "—", "-", ",", "|", ".") or parsed.clauses[0].finite is None


def moved(parsed: Parsed, clause: Clause, at: int) -> Clause:
    """« le 19 juin 2007, quand la ville signait … »: what happened that day is told by the clause that follows."""
    for other in parsed.clauses:
        opens = other.tokens[0] if other.tokens else -1
        word = parsed.sentence.tokens[opens].text
        when = word in ("que", "qu'") or (word in ("quand", "lorsque", "lorsqu'") and other.finite is not None)
        if other.kind == "subordinate" and when and 0 < opens - at <= 2:
            return other
        if other.kind == "relative" and word in ("laquelle", "lequel") and 0 < opens - at <= 2 and not clause.verbs:
            return other  # « la délibération du 16 décembre 2004 par laquelle a été approuvé … »
    parent = clause.parent
    gathers = clause.kind == "participle" and any(form.lemma == "réunir" for form in clause.verbs.values())
    if gathers and parent and parent.finite is not None and not dated_else(parsed, parent, at):
        return parent
    return clause


def in_title(parsed: Parsed, state: State) -> bool:
    """Whether the sentence is the document's title, or part of it."""
    title = bare(plain(state.document.info.title or ""))
    text = bare(parsed.sentence.low)
    return bool(title) and len(text) > 3 and text in title


def content_words(parsed: Parsed, clause: Clause) -> int:
    """How many plain words of some length a clause has beside its names."""
    tokens = (parsed.sentence.tokens[i] for i in clause.tokens)
    return sum(token.mention is None and len(token.text) > 3 and token.text.isalpha() for token in tokens)


def is_row(parsed: Parsed) -> bool:
    """A row of a table: names and figures without any verb."""
    verbless = not any(clause.verbs for clause in parsed.clauses)
    return verbless and any(m.kind in ("site", "body", "amount", "programme") for m in parsed.sentence.named)


def line_trigger(parsed: Parsed, lexis_: Lexis) -> Trigger | None:
    """What a line opened by its date tells, when its first clause has neither verb nor noun of an act."""
    for clause in parsed.clauses[1:]:
        trigger = find_trigger(parsed, clause, lexis_) if clause.verbs else None
        if trigger:
            return trigger
    tokens = parsed.sentence.tokens
    signed = any(token.text in (":", "–", "—", "|") for token in tokens[1:3])
    wordy = [token for token in tokens if token.mention is None and len(token.text) > 2 and token.text.isalpha()]
    named = [m for m in parsed.sentence.named if m.kind in ("body", "site", "programme", "law", "person")]
    if signed and wordy and len(wordy) + len(named) >= 3:
        return Trigger(text=wordy[0].text, kind="other", index=0)
    return None


def label(parsed: Parsed) -> list[Mention]:
    """Names before the colon of a labelled entry: « 45 W 1-18. Habitat et vie sociale : étude … », « – 1re tranche (îlots X
    et Y) : travaux … »; none where a verb or another kind of name stands there.
    """
    tokens = parsed.sentence.tokens
    colon = next((i for i, token in enumerate(tokens[:20]) if token.text == ":"), None)
    if colon is None or any(i < colon for clause in parsed.clauses for i in clause.verbs):
        return []
    named = [m for token in tokens[:colon] if (m := token.mention) and m.kind != "quantity"]
    wordy = [t for t in tokens[:colon] if t.mention is None and len(t.text) > 3]
    grounds = all(m.kind in ("programme", "site", "place") for m in named)
    return named if grounds and (not wordy or any(m.kind == "site" for m in named)) else []
