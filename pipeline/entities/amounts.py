"""Sums of money: « 1,2 M€ », « 3 MF », « 12 milliards de francs », « deux millions d'euros ».

Why: budgets are what historians compare, and a sum wrong by a factor of a thousand is worse than none.
Idea: one pattern, number + scale + currency, from the words of ``amounts.toml``; the first sum of a range (« de 12 à 15 M€ »)
borrows its unit from the second.
Limits: no conversion between currencies, old francs count as francs; a column of figures under « en k€ » is not read.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold
from pipeline.entities.numerals import ABOUT, FIGURES, SMALL_LETTERS, falls, fellows, figures, low_figure, number
from pipeline.records import AmountValue

_ROOM = re.compile(r" ?\d")  # « 12 F 4 »: flats of four rooms
_IN_WORDS = re.compile(r"[a-z][ -](?:millions?|milliards?|milliers?|mille|cents?|euros|francs)(?![a-z])")
Currency = Literal["EUR", "FRF"]
Tax = Literal["HT", "TTC"]


class _Grammar(NamedTuple):
    figures: re.Pattern[str]
    words: re.Pattern[str]
    tax: re.Pattern[str]
    scales: dict[str, int]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    table = tomllib.loads(Path(__file__).with_name("amounts.toml").read_text(encoding="utf-8"))
    scale = "|".join(row["pattern"] for row in table["scale"])
    currency = "|".join(f"(?P<{row['code']}>{row['pattern']})" for row in table["currency"])
    short = "|".join(word for row in table["scale"] for word in row["pattern"].split("|") if len(word) <= 3)
    about = "|".join(ABOUT)
    unit = (
        rf"(?:[ \n]?(?:de |d')?(?P<scale>(?:{scale})(?![a-z])|(?:{short})(?=€|euros|eur(?![a-z])|f(?![a-z])|ff)))?"
        rf"(?(scale)(?P<half> et demie?)?(?: (?P<rest>\d{{1,3}}(?: \d{{3}})+|\d{{3}}))?)"
        rf"[ \n]?(?:de[ \n]|d')?(?:anciens |nouveaux )?(?:{currency})(?![\w²³°])"
    )
    words = rf"\b(?P<number>{SMALL_LETTERS}|demi-?(?= ?million| ?milliard)|(?:{about})s?(?= ))"
    tax = "|".join(f"(?P<{row['code']}>{row['pattern']})" for row in table["tax"])
    scales = {word: row["factor"] for row in table["scale"] for word in row["pattern"].split("|")}
    return _Grammar(
        re.compile(rf"(?P<number>{FIGURES})" + unit),
        re.compile(words + unit),
        re.compile(rf",? ?\(?(?:{tax})(?![\w])"),
        scales,
    )


def find_amounts(text: str) -> list[Candidate]:
    """Every sum of money in ``text``, in order; the value is in units of its currency, tax in the value only."""
    key = fold(text)
    grammar = _grammar()
    found: list[Candidate] = []
    matches = list(grammar.figures.finditer(key))
    if _IN_WORDS.search(key):
        matches = sorted([*matches, *grammar.words.finditer(key)], key=lambda match: match.start())
    end = 0
    for match in matches:
        if match.start() < end:
            continue
        currency: Currency = "EUR" if match["EUR"] else "FRF"
        if match["FRF"] in ("f", "nf", "ff") and not text[match.start("FRF")].isupper():
            continue
        if match["FRF"] == "f" and ("\n" in match[0] or _ROOM.match(key, match.end())):
            continue
        value = _value(match, grammar)
        if value is None:
            continue
        before = low_figure(key, match.start())
        low = figures(before[1]) * _factor(match, grammar) if before else Decimal(0)
        if before and fellows(low, value, falls(key, before[0])):
            found.append(_candidate(before[0], before[0] + len(before[1]), low, currency, None, "shared unit"))
        taxed = grammar.tax.match(key, match.end())
        end = match.end()
        tax: Tax | None = ("HT" if taxed["HT"] else "TTC") if taxed else None
        found.append(_candidate(match.start("number"), match.end(), value, currency, tax, "number and currency"))
    return found


def _candidate(start: int, end: int, value: Decimal, currency: Currency, tax: Tax | None, how: str) -> Candidate:
    confidence = 0.85 if how == "shared unit" else 0.98
    money = AmountValue(value=value, currency=currency, tax=tax)
    return Candidate(start=start, end=end, kind="amount", method=f"amount: {how}", confidence=confidence, value=money)


def _factor(match: re.Match[str], grammar: _Grammar) -> int:
    return grammar.scales[match["scale"]] if match["scale"] else 1


def _value(match: re.Match[str], grammar: _Grammar) -> Decimal | None:
    """The sum in units; ``None`` where the words make no number, or only the article « un franc »."""
    word, factor = match["number"], _factor(match, grammar)
    if word.startswith("demi"):
        base: Decimal | None = Decimal("0.5")
    elif word.rstrip("s") in ABOUT:
        base = Decimal(ABOUT[word.rstrip("s")])
    elif word in ("un", "une") and factor == 1:
        return None
    else:
        base = number(word)
    if base is None:
        return None
    value = (base + Decimal("0.5") if match["half"] else base) * factor
    return value + Decimal(match["rest"].replace(" ", "")) if match["rest"] and factor > 1 else value
