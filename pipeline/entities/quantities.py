"""Numbers with what they count or measure: « 1 640 logements » sociaux, « 64 ha », « 20 % », « quarante tours », « dont 120 ».

Why: dwellings, inhabitants, hectares and shares carry the history of a neighbourhood.
Idea: after a number comes a unit of measure, or a noun. Any plural may be the noun, less the words of ``quantities.toml`` that
never count (durations, votes, small words); a number in letters or one that looks like a year needs a noun known to be
counted. The surface ends with the noun: adjectives stay outside. « Nombre de logements : 450 » takes the noun of its label,
« dont 120 à Lens » that of the quantity before it (``quantities_understood``).
Limits: words are judged by their form, without a parser, so an unknown plural verb or adjective after a number is a false noun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold, led
from pipeline.entities.numerals import (
    ABOUT,
    FIGURES,
    OPENERS,
    SMALL_LETTERS,
    falls,
    fellows,
    figures,
    low_figure,
    number,
)
from pipeline.entities.quantities_understood import compared, counted, inherited
from pipeline.lexicon import MONTHS
from pipeline.records import QuantityValue
from pipeline.wordings import word_table

SMALL_COUNT = 20
"""Below this a number in letters (« deux sites ») seldom measures; it counts only with a few physical things."""


class _Grammar(NamedTuple):
    figures: re.Pattern[str]
    words: re.Pattern[str]
    reference: re.Pattern[str]
    measures: dict[str, str]
    things: frozenset[str]
    physical: frozenset[str]
    never: frozenset[str]
    participle_nouns: frozenset[str]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    table = word_table(__file__, "quantities.toml")
    measures = "|".join(
        f"(?P<u{i}>{row['pattern']})(?:(?<=\\dha)(?=\\d\\d(?!\\d))|(?![\\w²³€]))"
        for i, row in enumerate(table["measure"])
    )
    before = "|".join(table["before"]["words"])
    about = "|".join(ABOUT)
    plural = r"(?!(?:issus|issues|ages|agees|sans|dans|sous)(?!\w))(?=[a-zœ-]+[sx](?!\w))"
    words = r"[a-zœ]+(?:-[a-zœ]+)*"
    counted = (
        rf"(?:(?P<many> millions? (?:de |d')| milliers (?:de |d'))?[ \n]?(?P<measure>{measures})"
        rf"|(?:(?P<scale> millions?| milliers?)(?: de | d')|(?<=[er]) (?:de |d')|[ \n])"
        rf"(?:(?P<programme>(?:{table['programmes']['pattern']})(?!\w))"
        rf"|(?:(?:{before})[ \n]{plural})*(?P<noun>{words})(?![\w'²])))"
    )
    letters = rf"\b(?:(?P<letters>{SMALL_LETTERS})|(?P<half>demi-)?(?P<about>{about})(?= de | d'))"
    reference = r"(?<![a-z])(?:" + "|".join(map(re.escape, table["reference"]["words"])) + r")\Z"
    names = {f"u{i}": row["unit"] for i, row in enumerate(table["measure"])}
    never = frozenset(word for words in table["never"].values() for word in words)
    nouns = frozenset(table["participle_nouns"]["words"])
    things = frozenset(table["things"]["nouns"])
    return _Grammar(
        re.compile(rf"(?P<figures>{FIGURES})" + counted),
        re.compile(letters + counted),
        re.compile(reference),
        names,
        things,
        frozenset(table["physical"]["nouns"]),
        never,
        nouns,
    )


def _singular(noun: str) -> str:
    return noun[:-1] if noun[-1:] in "sx" else noun


def _is_thing(noun: str) -> bool:
    things = _grammar().things
    head = noun.split("-")[0]
    return noun in things or _singular(noun) in things or _singular(head) in things


_ARES = re.compile(
    r"(?P<half> et demi)(?!\w)|[ \n]?(?P<a>\d\d?)(?: ?a(?:res?)?(?: ?(?P<ca>\d\d?) ?ca)?)?(?![\w%€/-]|[.,]\d|[ \n]\d)"
)
_LABEL = re.compile(
    rf"^[ \-•*▪]*(?:nombre (?:total )?(?:de |d'))?(?P<noun>[a-zœ]+)(?: [a-zœ-]+){{0,3}}(?: \([^()\n]*\))? ?: ?"
    rf"(?:environ )?(?!(?:1[5-9]|20)\d\d(?!\d))(?P<figures>{FIGURES})(?=[ ]*(?:\n|\Z|[.;,|](?!\d)|\(|en \d{{4}}))",
    re.MULTILINE,
)
_DATED = re.compile(r"(?:(?<!\w)(?:en|depuis|annees?|des|fin|debut|mi-?|" + "|".join(map(fold, MONTHS)) + r") |[-/])\Z")
_NEXT = re.compile(r"[ \n](?:nouveaux |nouvelles |anciens |autres |grands )?([a-zœ]+(?:-[a-zœ]+)*)")


def noun_follows(key: str, offset: int) -> bool:
    """Whether a plural that is sure to be counted follows at ``offset`` of a folded text: the number before it is no year."""
    match = _NEXT.match(key, offset)
    return match is not None and match[1][-1] in "sx" and _is_thing(match[1])


def find_quantities(text: str) -> list[Candidate]:
    """Every quantity in ``text``, in order. Sums of money are left to the amounts; overlaps to the joint decision."""
    key = fold(text)
    found: list[Candidate] = []
    matches = [*_grammar().figures.finditer(key), *led(_grammar().words, key, OPENERS)]
    for match in sorted(matches, key=lambda match: match.start()):
        candidate = _read(match, key, text)
        if candidate is None:
            continue
        low = _low(key, candidate)
        if low is not None and not (found and found[-1].start == low.start):
            found.append(low)
        found.append(candidate)
    found = sorted([*found, *_labelled(key, text, found)], key=lambda item: item.start)
    found += inherited(key, found)
    found += compared(key, found)
    return sorted(found, key=lambda item: item.start)


def _read(match: re.Match[str], key: str, text: str) -> Candidate | None:
    kind = "figures" if match.re is _grammar().figures else "letters" if match["letters"] else "about"
    written = match[kind]
    value = Decimal(ABOUT[written]) / (2 if match["half"] else 1) if kind == "about" else number(written)
    start = match.start(kind)
    low = low_figure(key, start)
    whole = low[0] if low else start
    if value is None or _grammar().reference.search(key[max(0, whole - 12) : whole]):
        return None
    scale = (match["scale"] or match["many"] or "").strip()
    if scale:
        value *= 1000000 if scale.startswith("million") else 1000
    if match["measure"]:
        group = next(name for name in _grammar().measures if match[name])
        if text[match.start("measure")] == "M" or (
            kind == "letters" and (written in ("un", "une") or len(match["measure"]) < 3)
        ):
            return None
        unit, end = _grammar().measures[group], match.end()
        if unit == "ha" and (ares := _ARES.match(key, end)) and not noun_follows(key, ares.end()):
            value += Decimal("0.5") if ares["half"] else Decimal(ares["a"]) / 100 + Decimal(ares["ca"] or 0) / 10000
            end = ares.end()
        return counted(start, end, value, unit, "measure", 0.97)
    if match["programme"]:
        unit = text[match.start("programme") : match.end("programme")]
        end = match.end(kind) + len(match["scale"] or "")
        return None if kind == "letters" else counted(start, end, value, unit, "counted programme", 0.85)
    noun = match["noun"]
    if not _counts(noun, kind, written, value, key, start, text, match.end("noun")):
        return None
    unit = text[match.start("noun") : match.end("noun")].lower()
    return counted(start, match.end("noun"), value, unit, f"{kind} and noun", 0.95 if _is_thing(noun) else 0.75)


def _counts(noun: str, kind: str, written: str, value: Decimal, key: str, start: int, text: str, end: int) -> bool:
    """Whether the word after the number is a thing it counts."""
    if noun in _grammar().never or ("." in written and value != value.to_integral_value()):
        return False
    if text[end - len(noun)].isupper() and not (text[max(0, start - 60) : end + 20].isupper()):
        heading = value < SMALL_COUNT and key[max(0, start - 1) : start] in ("", "\n")
        if heading or not _is_thing(noun) or "\n" in text[start:end]:
            # « 3 Perspectives » is a numbered heading, « 44338 NANTES » an address, « 17\nVotants » a form
            return False
    if kind != "figures":
        return (
            _is_thing(noun)
            and (value >= SMALL_COUNT or _singular(noun) in _grammar().physical)
            and written not in ("un", "une")
        )
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", written):
        dated = _DATED.search(key, max(0, start - 12), start)
        return _is_thing(noun) and noun[-1] in "sx" and not dated
    if re.search(r"[^t]ée?s\Z", text[end - len(noun) : end].lower()) and noun not in _grammar().participle_nouns:
        return False
    if _is_thing(noun):
        return noun[-1] in "sx" or value < 2 or noun == "hlm"
    return noun[-1] in "sx" and len(noun) > 3 and not re.fullmatch(r"\d{5,}", written)  # « 44338 Nantes » is an address


def _low(key: str, high: Candidate) -> Candidate | None:
    """The lower figure of « de 15 à 20 % », with the unit of the upper one."""
    before = low_figure(key, high.start)
    if before is None or not isinstance(high.value, QuantityValue):
        return None
    start, written = before
    low = figures(written)
    if not fellows(low, high.value.value, falls(key, start)):
        return None
    return counted(start, start + len(written), low, high.value.unit, "shared unit", 0.8)


def _labelled(key: str, text: str, found: list[Candidate]) -> Iterator[Candidate]:
    """« Nombre de logements : 450 », « Population : 12 450 »: a line whose label is the counted thing."""
    for match in _LABEL.finditer(key):
        noun, start = match["noun"], match.start("figures")
        people = noun == "population"
        if any(item.start <= start < item.end for item in found) or not (
            people or (noun[-1] in "sx" and _is_thing(noun))
        ):
            continue
        unit = "habitants" if people else text[match.start("noun") : match.end("noun")].lower()
        yield counted(start, match.end("figures"), figures(match["figures"]), unit, "label before", 0.8)
