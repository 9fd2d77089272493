"""Numbers with what they count or measure: « 1 640 logements » sociaux, « 64 ha », « 20 % », « quarante tours », « dont 120 ».

Why: dwellings, inhabitants, hectares and shares carry the history of a neighbourhood.
Idea: after a number comes a unit of measure, or a noun. Any plural may be the noun, less the words of ``quantities.toml`` that
never count (durations, votes, small words); a number in letters or one that looks like a year needs a noun known to be
counted. The surface ends with the noun: adjectives stay outside. « dont 120 » takes the noun of the quantity before it.
Limits: words are judged by their form, without a parser, so an unknown plural verb or adjective after a number is a false noun.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold
from pipeline.entities.numerals import ABOUT, FIGURES, SMALL_LETTERS, falls, fellows, figures, low_figure, number
from pipeline.records import QuantityValue

SMALL_COUNT = 20
"""Below this a number in letters (« deux sites ») seldom measures; it counts only with a few physical things."""
PHYSICAL = {
    "logement",
    "tour",
    "immeuble",
    "batiment",
    "barre",
    "pavillon",
    "hectare",
    "etage",
    "appartement",
    "emploi",
    "maison",
}


class _Grammar(NamedTuple):
    figures: re.Pattern[str]
    words: re.Pattern[str]
    inherit: re.Pattern[str]
    reference: re.Pattern[str]
    measures: dict[str, str]
    things: frozenset[str]
    never: frozenset[str]
    participle_nouns: frozenset[str]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    table = tomllib.loads(Path(__file__).with_name("quantities.toml").read_text(encoding="utf-8"))
    measures = "|".join(f"(?P<u{i}>{row['pattern']})(?![\\w²³€])" for i, row in enumerate(table["measure"]))
    before = "|".join(table["before"]["words"])
    about = "|".join(ABOUT)
    words = r"[a-zœ]+(?:-[a-zœ]+)*"
    counted = (
        rf"(?:[ \n]?(?:de |d')?(?P<measure>{measures})"
        rf"|(?P<scale> millions?| milliers?)?[ \n](?:de |d')?(?:(?P<programme>(?:{table['programmes']['pattern']})(?!\w))"
        rf"|(?:(?:{before})[ \n])*(?P<noun>{words})(?![\w'²])))"
    )
    letters = rf"\b(?:(?P<letters>(?!une?[ ]){SMALL_LETTERS})|(?P<about>{about})s?(?= de | d'))"
    inherit = (
        rf"(?<!\w)dont[ \n](?:environ |pres de |plus de |quelque )?(?P<figures>{FIGURES})(?![\w%²³.,/-]\w?)(?! ?[%€])"
    )
    reference = r"(?<![a-z])(?:" + "|".join(map(re.escape, table["reference"]["words"])) + r")\(?\Z"
    names = {f"u{i}": row["unit"] for i, row in enumerate(table["measure"])}
    never = frozenset(word for words in table["never"].values() for word in words)
    nouns = frozenset(table["participle_nouns"]["words"])
    things = frozenset(table["things"]["nouns"])
    return _Grammar(
        re.compile(rf"(?P<figures>{FIGURES})" + counted),
        re.compile(letters + counted),
        re.compile(inherit),
        re.compile(reference),
        names,
        things,
        never,
        nouns,
    )


def _singular(noun: str) -> str:
    return noun[:-1] if noun[-1:] in "sx" else noun


def _is_thing(noun: str) -> bool:
    things = _grammar().things
    head = noun.split("-")[0]
    return noun in things or _singular(noun) in things or _singular(head) in things


_NEXT = re.compile(r"[ \n](?:nouveaux |nouvelles |anciens |autres |grands )?([a-zœ]+(?:-[a-zœ]+)*)")


def noun_follows(key: str, offset: int) -> bool:
    """Whether a plural that is sure to be counted follows at ``offset`` of a folded text: the number before it is no year."""
    match = _NEXT.match(key, offset)
    return match is not None and match[1][-1] in "sx" and _is_thing(match[1])


def find_quantities(text: str) -> list[Candidate]:
    """Every quantity in ``text``, in order. Sums of money are left to the amounts; overlaps to the joint decision."""
    key = fold(text)
    found: list[Candidate] = []
    matches = [*_grammar().figures.finditer(key), *_grammar().words.finditer(key)]
    for match in sorted(matches, key=lambda match: match.start()):
        candidate = _read(match, key, text)
        if candidate is None:
            continue
        low = _low(key, candidate)
        if low is not None:
            found.append(low)
        found.append(candidate)
    found += _inherited(key, found)
    return sorted(found, key=lambda item: item.start)


def _read(match: re.Match[str], key: str, text: str) -> Candidate | None:
    kind = "figures" if match.re is _grammar().figures else "letters" if match["letters"] else "about"
    written = match[kind]
    value = Decimal(ABOUT[written]) if kind == "about" else number(written)
    start = match.start(kind)
    low = low_figure(key, start)
    whole = low[0] if low else start
    if value is None or _grammar().reference.search(key[max(0, whole - 12) : whole]):
        return None
    scale = (match["scale"] or "").strip()
    if scale:
        value *= 1000000 if scale.startswith("million") else 1000
    if match["measure"]:
        group = next(name for name in _grammar().measures if match[name])
        if text[match.start("measure")] == "M" or (
            kind == "letters" and (written in ("un", "une") or len(match["measure"]) < 3)
        ):
            return None
        return _candidate(start, match.end(), value, _grammar().measures[group], "measure", 0.97)
    if match["programme"]:
        unit = text[match.start("programme") : match.end("programme")]
        end = match.end(kind) + len(match["scale"] or "")
        return None if kind == "letters" else _candidate(start, end, value, unit, "counted programme", 0.85)
    noun = match["noun"]
    if not _counts(noun, kind, written, value, key, start, text, match.end("noun")):
        return None
    unit = text[match.start("noun") : match.end("noun")].lower()
    return _candidate(start, match.end("noun"), value, unit, f"{kind} and noun", 0.95 if _is_thing(noun) else 0.75)


def _counts(noun: str, kind: str, written: str, value: Decimal, key: str, start: int, text: str, end: int) -> bool:
    """Whether the word after the number is a thing it counts."""
    if noun in _grammar().never or ("." in written and value != value.to_integral_value()):
        return False
    if text[end - len(noun)].isupper() and not (text[max(0, start - 60) : end + 20].isupper()):
        heading = value < SMALL_COUNT and key[max(0, start - 1) : start] in ("", "\n")
        if heading or not _is_thing(noun) or "\n" in text[start:end]:
            return (
                False  # « 3 Perspectives » is a numbered heading, « 44338 NANTES » an address, « 17\nVotants » a form
            )
    if kind != "figures":
        return (
            _is_thing(noun) and (value >= SMALL_COUNT or _singular(noun) in PHYSICAL) and written not in ("un", "une")
        )
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", written):
        dated = re.search(r"(?:(?<!\w)(?:en|depuis|annee|annees|des|fin|debut|mi-?|janvier|fevrier|mars|avril|mai|juin|juillet|"
                          r"aout|septembre|octobre|novembre|decembre) |[-/])\Z", key[max(0, start - 12) : start])  # fmt: skip
        return _is_thing(noun) and noun[-1] in "sx" and not dated
    if re.search(r"[^t]ée?s\Z", text[end - len(noun) : end].lower()) and noun not in _grammar().participle_nouns:
        return _is_thing(noun)
    if _is_thing(noun):
        return noun[-1] in "sx" or value < 2 or noun == "hlm"
    return noun[-1] in "sx" and len(noun) > 3 and not re.fullmatch(r"\d{5,}", written)  # « 44338 Nantes » is an address


def _candidate(start: int, end: int, value: Decimal, unit: str, how: str, confidence: float) -> Candidate:
    quantity = QuantityValue(value=value, unit=unit)
    return Candidate(
        start=start, end=end, kind="quantity", method=f"quantity: {how}", confidence=confidence, value=quantity
    )


def _low(key: str, high: Candidate) -> Candidate | None:
    """The lower figure of « de 15 à 20 % », with the unit of the upper one."""
    before = low_figure(key, high.start)
    if before is None or not isinstance(high.value, QuantityValue):
        return None
    start, written = before
    low = figures(written)
    if not fellows(low, high.value.value, falls(key, start)):
        return None
    return _candidate(start, start + len(written), low, high.value.unit, "shared unit", 0.8)


def _inherited(key: str, found: list[Candidate]) -> list[Candidate]:
    """« 1 640 logements, dont 120 à Lens »: the number after « dont » counts what the quantity before it counts."""
    made: list[Candidate] = []
    taken = {candidate.start: candidate for candidate in found}
    for match in _grammar().inherit.finditer(key):
        start = match.start("figures")
        here = taken.get(start)
        sentence = max(key.rfind(". ", 0, start), key.rfind("\n\n", 0, start))
        before = [item for item in found if sentence < item.start < start and not item.method.endswith("measure")]
        value = number(match["figures"])
        if not before or value is None or (here and here.confidence > 0.9):
            continue
        if here:
            found.remove(here)
        known = before[-1].value
        if isinstance(known, QuantityValue) and value <= known.value:
            made.append(_candidate(start, match.end("figures"), value, known.unit, "noun understood", 0.85))
    return made
