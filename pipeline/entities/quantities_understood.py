"""Numbers whose noun stands elsewhere: « dont 120 à Lens et 40 à Liévin », « 7 460 en 1990 », « n'en avaient plus que 310 ».

Why: a text counts the same thing again and again and says its name once; half of these numbers are what changed.
Idea: wordings that leave the noun out are rows of ``quantities.toml``; the number takes the unit of the last counted thing
before it, in its sentence or its paragraph, if its size fits (a part is smaller, a whole larger).
Limits: the last counted thing is believed to be the one meant; a measure (ha, %) is only taken up by a comparison of years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import words_of
from pipeline.entities.numerals import FIGURES, figures, number
from pipeline.records import QuantityValue
from pipeline.wordings import word_table

RATIO = 20
"""« 6 ménages sur 10 » is a ratio; from this upper number on, « 71 ménages sur 88 » are two counts."""
STEM = 3
"""Letters of a word by which the wordings it may open are looked up."""
FIGURE = "figure"[:STEM]
SURE = 0.9
"""A number read with a noun of its own with more confidence than this keeps it."""


class _Wording(NamedTuple):
    """A row of the table: ``size`` is ``part``, ``whole`` or ``any``, ``reach`` ``sentence`` or ``paragraph``; an earlier
    ``rank`` is heard first.
    """

    rank: int
    pattern: re.Pattern[str]
    size: str
    reach: str


@lru_cache(maxsize=1)
def _again() -> dict[str, re.Pattern[str]]:
    """The wordings that count the same thing again, by their names in the table."""
    rows = word_table(__file__, "quantities.toml")["again"]
    return {row["name"]: re.compile(row["pattern"].replace("{N}", FIGURES)) for row in rows}


@lru_cache(maxsize=1)
def _wordings() -> dict[str, list[_Wording]]:
    """The rows by how the words begin that open them, under "" those that no word opens."""
    table = word_table(__file__, "quantities.toml")
    no_year = r"(?!(?:1[5-9]|20)\d\d(?!\d))"
    written = rf"{no_year}(?P<figures>{FIGURES})(?![\w%²³/-]|[.,]\d)(?! ?[%€])"
    wordings: dict[str, list[_Wording]] = {}
    for rank, row in enumerate(table["understood"]):
        wording = _Wording(rank, re.compile(row["pattern"].format(N=written)), row["size"], row["reach"])
        for start in dict.fromkeys(word[:STEM] for word in row.get("starts", "").split(" ")):
            wordings.setdefault(start, []).append(wording)
    return wordings


def _met(key: str) -> Iterator[tuple[re.Match[str], _Wording]]:
    """Where the rows are met."""
    words, wordings = words_of(key), _wordings()
    for word, start in zip(words.words, words.starts, strict=True):
        for wording in wordings.get(FIGURE if word[0].isdigit() else word[:STEM], ()):
            if match := wording.pattern.match(key, start):
                yield match, wording
    yield from ((match, wording) for wording in wordings[""] for match in wording.pattern.finditer(key))


def counted(start: int, end: int, value: Decimal, unit: str, how: str, confidence: float) -> Candidate:
    """A quantity as a candidate of this room."""
    quantity = QuantityValue(value=value, unit=unit)
    return Candidate(
        start=start, end=end, kind="quantity", method=f"quantity: {how}", confidence=confidence, value=quantity
    )


def _understood(match: re.Match[str], unit: str) -> Candidate:
    start, end = match.span("figures")
    return counted(start, end, figures(match["figures"]), unit, "noun understood", 0.85)


def compared(key: str, found: list[Candidate]) -> Iterator[Candidate]:
    """« 10 734 habitants en 1968, 7 460 en 1990 », « 45 % contre 38 en 1975 »: the same thing counted at another time."""
    if not found:  # as below
        return
    taken = {candidate.start for candidate in found}
    of_whole = [(match.start("figures"), match) for match in _again()["done of a whole"].finditer(key)]
    for item in found:
        end, value = item.end, item.value
        if not isinstance(value, QuantityValue):
            continue
        out_of = None if item.method.endswith("measure") else _again()["out of"].match(key, end)
        if out_of and figures(out_of["figures"]) > max(value.value, Decimal(RATIO)):
            yield _understood(out_of, value.unit)
        for start, part in of_whole:
            if part.start() < item.start < start and start not in taken and figures(part["figures"]) <= value.value:
                yield _understood(part, value.unit)
        while (match := _again()["compared"].match(key, end)) is not None:
            if match.start("figures") in taken:
                break
            end = match.end()
            yield _understood(match, value.unit)


def inherited(key: str, found: list[Candidate]) -> list[Candidate]:
    """Numbers that count what the quantity before them counts; what ``found`` had there with less confidence is removed."""
    made: list[Candidate] = []
    if not found:  # what counts nothing lends nothing
        return made
    for match, wording in sorted(_met(key), key=lambda met: (met[0].start("figures"), met[1].rank)):
        known = _last_counted(key, match.start("figures"), wording.reach, [*found, *made])
        if known is not None:
            made += _series(key, match, known, wording.size, found, made)
    return made


def _last_counted(key: str, start: int, reach: str, found: list[Candidate]) -> QuantityValue | None:
    """The last thing counted before ``start``, in its sentence or its paragraph."""
    stops = ("\n\n",) if reach == "paragraph" else (". ", "\n\n")
    low = max(key.rfind(stop, 0, start) for stop in stops)
    before = [item for item in found if low < item.start < start and not item.method.endswith("measure")]
    last = max(before, key=lambda item: item.start, default=None)
    return last.value if last and isinstance(last.value, QuantityValue) else None


def _series(
    key: str, match: re.Match[str], known: QuantityValue, size: str, found: list[Candidate], made: list[Candidate]
) -> Iterator[Candidate]:
    """The number of ``match`` and those that go on from it (« dont 120 à Lens et 40 à Liévin »)."""
    part: re.Match[str] | None = match
    while part is not None:
        start, value = part.start("figures"), number(part["figures"])
        here = next((item for item in (*found, *made) if item.start == start), None)
        fits = value is not None and (
            size == "any" or (value <= known.value if size == "part" else value >= known.value)
        )
        if value is None or not fits or (here and (here.confidence > SURE or here in made)):
            return
        if here:
            found.remove(here)
        yield counted(start, part.end("figures"), value, known.unit, "noun understood", 0.85)
        part = _again()["further"].match(key, part.end("figures"))
