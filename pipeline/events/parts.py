"""Under which heading a sentence stands, and what the head of a table says of its rows.

Why: « d'approuver la convention proposée » and « 30/06/2012 HERVÉ – 26 rue des Meuniers – Clôture » tell nothing alone; the
heading of the deliberation, or the title and columns of the table, say what they are about.
Idea: a numbered line without a verb heads what follows until the next one (« demande » is a noun there); a
short line right above a row of column names is that table's title, and the name of its date column says what rows date.
Limits: a heading without a number heads nothing but a table; a table whose columns have no names keeps its rows' own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.records import Heading, Mention
from pipeline.wordings import wordings

from .clauses import Parsed
from .identities import each_once
from .lexis import Lexis, bare
from .nouns import subject_of
from .text import Sentence

SAYS = wordings(__file__, "formulas.toml")
HEAD = 15  # sentences of the head of minutes
LONGEST_HEADING = 60  # tokens
LONGEST_TITLE = 16
LONGEST_SECTION = 14
CLOSED = ".;:,!?"
LEAST_LETTERS = 6
LEAST_CELLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where the reading stands. ``heading``: of the part; ``above``: the short line just read, ``title``: that of the table
    being read; ``kind``: what its date column dates, empty where unknown. ``voted``: the heading is that of a deliberation,
    which the articles of what is voted on do not end.
    """

    heading: Heading | None = None
    above: Heading | None = None
    title: Heading | None = None
    kind: str = ""
    voted: bool = False

    def heads(self, row: bool) -> Heading | None:
        """The heading over a sentence, or over a row."""
        return (row and self.title) or self.heading


def headed_sites(parsed: Parsed) -> list[Mention] | None:
    """The site a heading names, none where it names several or none; ``None`` where the line heads nothing."""
    sentence = parsed.sentence
    if not sentence.first or not sentence.line or not sentence.tokens or len(sentence.tokens) > LONGEST_SECTION:
        return None
    item = sentence.bullet and not sentence.tokens[0].text.isdigit()  # « 2. Barre Courbet » is a heading
    if item or sentence.ends(CLOSED) or parsed.finite:
        return None
    if {m.kind for m in sentence.named} & {"amount", "quantity", "person", "date"}:
        return None
    sites = each_once(m for m in sentence.named if m.kind == "site")
    return sites if len(sites) == 1 else []


def assembled(rows: Sequence[Parsed], lexis: Lexis) -> Heading | None:
    """Who sat, as the head of minutes says it: « …, le conseil municipal de la commune de X, dûment convoqué, s'est réuni »."""
    for parsed in rows[:HEAD]:
        for clause in parsed.clauses:
            gathers = any(form.lemma in lexis.verbs["gathers"] for form in clause.verbs.values())
            noun = subject_of(parsed, clause) if gathers else None
            if noun and any(
                parsed.sentence.tokens[i].text in lexis.words["body_heads"]
                or ((m := parsed.sentence.tokens[i].mention) and m.kind == "body")
                for i in range(noun.first, noun.last + 1)
            ):
                tokens = parsed.sentence.tokens
                return Heading(page=parsed.sentence.page, start=tokens[noun.first].start, end=tokens[noun.last].end)
    return None


def part_after(parsed: Parsed, text: str, part: Part, lexis: Lexis) -> Part:
    """Where the reading stands once a sentence of the page ``text`` has been read."""
    sentence = parsed.sentence
    if sentence.tabled:
        kind = _dated_column(text[sentence.start : sentence.end], sentence, lexis)
        return part if kind is None else replace(part, title=part.above, kind=kind)
    voted = SAYS["deliberation_number"].match(sentence.low)
    number = voted or SAYS["part_number"].match(sentence.low)
    opens = sentence.start + number.end() if number else sentence.start
    verbs = [sentence.tokens[c.finite] for c in parsed.clauses if c.finite is not None]
    if any(verb.start > opens and verb.text not in lexis.words["ambiguous"] for verb in verbs):
        return Part(heading=part.heading, voted=part.voted)
    if not sentence.first or sentence.ends(".;,:"):
        return part
    whole = Heading(page=sentence.page, start=sentence.start, end=sentence.end)
    if number is not None and len(sentence.tokens) <= LONGEST_HEADING:
        named = replace(whole, start=opens)
        if not _tells(sentence, named):
            return part
        inner = part.voted and not voted
        return Part(heading=part.heading if inner else named, above=named, voted=inner or voted is not None)
    if len(sentence.tokens) <= LONGEST_TITLE and not sentence.bullet and _tells(sentence, whole):
        return replace(part, above=whole)
    return part


def _tells(sentence: Sentence, heading: Heading) -> bool:
    """Whether a heading has words beside its names of days and sums."""
    words = (t for t in sentence.tokens if t.start >= heading.start and (not t.mention or t.mention.kind != "date"))
    return sum(c.isalpha() for token in words for c in token.text) >= LEAST_LETTERS


def _dated_column(row: str, sentence: Sentence, lexis: Lexis) -> str | None:
    """What the date column of a row of column names dates, empty where its name does not say; ``None`` for any other row."""
    if row.count("\t") + 1 < LEAST_CELLS or any(m.kind in ("date", "amount") for m in sentence.named):
        return None
    cells = [bare(cell.strip()).replace("’", "'") for cell in row.split("\t")]
    named = next((found for cell in cells if (found := SAYS["date_column"].match(cell))), None)
    if named is None:
        return None
    return next((lexis.by_column[word] for word in named["of"].split() if word in lexis.by_column), "")
