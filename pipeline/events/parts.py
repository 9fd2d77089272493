"""Under which heading a sentence stands, and what the head of a table says of its rows.

Why: « d'approuver la convention proposée » and « 30/06/2012 HERVÉ – 26 rue des Meuniers – Clôture » tell nothing alone; the
heading of the deliberation, or the title and columns of the table, say what they are about.
Idea: a numbered line without a verb heads what follows until the next one (« Demande de subvention » opens with a noun); a
short line right above a row of column names is that table's title, and the name of its date column says what rows date.
Limits: a heading without a number heads nothing but a table; a table whose columns have no names keeps its rows' own words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.records import Heading

from .clauses import Parsed
from .lexis import Lexis, bare, wordings
from .text import Sentence

SAYS = wordings("formulas")
LONGEST_HEADING = 60  # tokens
LONGEST_TITLE = 16
LEAST_LETTERS = 6
LEAST_CELLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where the reading stands. ``heading``: of the part; ``above``: the short line just read, ``title``: that of the table
    being read; ``kind``: what its date column dates, empty where unknown.
    """

    heading: Heading | None = None
    above: Heading | None = None
    title: Heading | None = None
    kind: str = ""

    def heads(self, row: bool) -> Heading | None:
        """The heading over a sentence, or over a row."""
        return (row and self.title) or self.heading


def is_tabled(sentence: Sentence, text: str) -> bool:
    """Whether a sentence is a row of cells; ``text`` is its page's."""
    return "\t" in text[sentence.start : sentence.end].strip()


def part_after(parsed: Parsed, text: str, part: Part, lexis: Lexis) -> Part:
    """Where the reading stands once a sentence of the page ``text`` has been read."""
    sentence = parsed.sentence
    if is_tabled(sentence, text):
        kind = _dated_column(text[sentence.start : sentence.end], sentence, lexis)
        return part if kind is None else replace(part, title=part.above, kind=kind)
    number = SAYS["part_number"].match(sentence.low)
    opens = sentence.start + number.end() if number else sentence.start
    if any(clause.finite is not None and sentence.tokens[clause.finite].start > opens for clause in parsed.clauses):
        return Part(heading=part.heading)
    if not sentence.first or sentence.tokens[-1].text in ".;,:":
        return part
    whole = Heading(page=sentence.page, start=sentence.start, end=sentence.end)
    if number is not None and len(sentence.tokens) <= LONGEST_HEADING:
        named = replace(whole, start=opens)
        return Part(heading=named, above=named) if _tells(sentence, named) else part
    if len(sentence.tokens) <= LONGEST_TITLE and not sentence.bullet and _tells(sentence, whole):
        return replace(part, above=whole)
    return part


def _tells(sentence: Sentence, heading: Heading) -> bool:
    """Whether a heading has words beside its names of days and sums."""
    words = (t for t in sentence.tokens if t.start >= heading.start and (not t.mention or t.mention.kind != "date"))
    return sum(c.isalpha() for token in words for c in token.text) >= LEAST_LETTERS


def _dated_column(row: str, sentence: Sentence, lexis: Lexis) -> str | None:
    """What the date column of a row of column names dates, empty where its name does not say; ``None`` for any other row."""
    cells = [bare(cell.strip()).replace("’", "'") for cell in row.split("\t")]
    if len(cells) < LEAST_CELLS or any(m.kind in ("date", "amount") for m in sentence.named):
        return None
    named = next((found for cell in cells if (found := SAYS["date_column"].match(cell))), None)
    if named is None:
        return None
    return next((lexis.by_column[word] for word in named["of"].split() if word in lexis.by_column), "")
