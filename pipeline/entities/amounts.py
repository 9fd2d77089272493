"""Sums of money: « 1,2 M€ », « 3 MF », « 12 milliards de francs », « deux millions d'euros ».

Why: budgets are what historians compare, and a sum wrong by a factor of a thousand is worse than none.
Idea: one pattern, number + scale + currency, from the words of ``amounts.toml``; the first sum of a range (« de 12 à 15 M€ »)
borrows its unit from the second, « 1,5 million » its currency from another sum of the sentence, and the bare figures of a
table (« Ville : 320 ») both from its heading (« en k€ »). A hundred centimes are one franc.
Limits: no conversion between currencies, old francs count as francs; a table ends with its first blank or wordy line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold
from pipeline.entities.numerals import ABOUT, FIGURES, SMALL_LETTERS, falls, fellows, figures, low_figure, number
from pipeline.records import AmountValue
from pipeline.wordings import word_table

_LANDLORD = re.compile(r"(?<!\d)3f(?! ?/| (?:par|le|la|pour|de)\b)")  # « 3F gère 200 logements »
_ROOM = re.compile(r" ?\d")  # « 12 F 4 »: flats of four rooms
_MILLIONS = re.compile(
    rf"(?P<number>{FIGURES}|(?<!\w)(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)(?= )) ?"
    r"(?P<scale>millions?|milliards?)"
    r"(?=[,.;:)\n]|\Z| (?:pour|par|en|a|au|aux|sur|dont|soit|et|ou|contre|ont|ht|ttc|seront|sont|sera|est|du|de l[a']"
    r"|de (?:prets?|credits?|subventions?|travaux|dettes?|investissements?|depenses"
    r"|recettes|deficit|emprunts?|aides?|dotations?))(?!\w))"
)
_EN_UNIT = re.compile(r"(?<!\w)en (?:[km]|€|euros|f(?!\w)|francs)[^\n]{0,40}\)?[ ]*:?[ ]*[\n|]")
_CELL = re.compile(rf"(?<=[:|\t] )(?!(?:19|20)\d\d(?!\d))(?P<number>{FIGURES})(?=[ ]*(?:[.;|\t\n]|\Z))")
WORDY = 90
"""Characters of a line without a figure of its own that is no row of a table."""
_IN_WORDS = re.compile(r"[a-z][ -](?:millions?|milliards?|milliers?|mille|cents?|euros|francs)(?![a-z])")
Currency = Literal["EUR", "FRF"]
Tax = Literal["HT", "TTC"]


class _Grammar(NamedTuple):
    figures: re.Pattern[str]
    words: re.Pattern[str]
    tax: re.Pattern[str]
    heading: re.Pattern[str]
    scales: dict[str, int]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    table = word_table(__file__, "amounts.toml")
    scale = "|".join(row["pattern"] for row in table["scale"])
    currency = "|".join(f"(?P<{row['code']}>{row['pattern']})" for row in table["currency"])
    short = "|".join(word for row in table["scale"] for word in row["pattern"].split("|") if len(word) <= 3)
    about = "|".join(ABOUT)
    scaled = (
        rf"[ \n]?(?:de |d')?(?P<scale>(?:{scale})(?![a-z])\.?|(?:{short})(?=€|euros|eur(?![a-z])|f(?![a-z])|ff))"
        rf"(?P<half> et demie?)?(?: (?P<rest>\d{{1,3}}(?: \d{{3}})+|\d{{1,3}}(?= mill)|\d{{3}}|{SMALL_LETTERS})"
        rf"(?: (?P<restscale>millions?|mille))?)?"
    )
    unit = (
        rf"(?:{scaled})?(?:[.,]-{{1,2}})?[ \n]?(?:de[ \n]|d')?(?:anciens |nouveaux )?"
        rf"(?:{currency}|(?(scale)(?P<centimes>centimes)|(?!)))(?![\w²³°])"
    )
    words = rf"\b(?P<number>{SMALL_LETTERS}|demi-?(?= ?million| ?milliard)|(?:{about})(?= ))"
    tax = "|".join(f"(?P<{row['code']}>{row['pattern']})" for row in table["tax"])
    scales = {word: row["factor"] for row in table["scale"] for word in row["pattern"].split("|")}
    return _Grammar(
        re.compile(rf"(?P<number>{FIGURES})" + unit),
        re.compile(words + unit),
        re.compile(rf"\.?,? ?\(?(?:{tax})(?![\w])"),
        re.compile(
            rf"(?:\(|(?<!\w)(?:{table['heading']['words']})[^\n]{{0,60}}?(?<!\w))en (?:(?P<scale>{scale}) ?(?:de |d')?)?"
            rf"(?:{currency})(?![\w/])(?: (?:courants|constants))?(?:,? (?:{tax}))?\.?\)?[ ]*:?[ ]*(?=\n|\|)"
        ),
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
        value = None if _LANDLORD.fullmatch(key, match.start(), match.end()) else _value(match, grammar)
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
    return sorted([*found, *_without_currency(key, found), *_in_tables(key, found)], key=lambda item: item.start)


def _without_currency(key: str, found: list[Candidate]) -> Iterator[Candidate]:
    """« 2 millions de francs, la région 1,5 million »: the second sum is in the currency of its sentence."""
    for match in _MILLIONS.finditer(key) if found and "milli" in key else ():
        low = max(key.rfind(stop, 0, match.start()) for stop in (". ", "\n\n", ".\n"))
        high = min((at for stop in (". ", "\n\n", ".\n") if (at := key.find(stop, match.end())) >= 0), default=len(key))
        near = found if key.startswith(" de ", match.end()) else [item for item in found if low < item.start < high]
        if not near or any(item.start <= match.start() < item.end for item in near):
            continue
        closest = min(near, key=lambda item: abs(item.start - match.start()))
        value = number(match["number"])
        if value is not None and isinstance(closest.value, AmountValue):
            factor = _grammar().scales[match["scale"]]
            yield _candidate(
                match.start(), match.end(), value * factor, closest.value.currency, None, "shared currency"
            )


def _in_tables(key: str, found: list[Candidate]) -> Iterator[Candidate]:
    """The bare figures that end the lines, or fill the cells, under a heading that says the unit."""
    taken = {item.start for item in found}
    for heading in _grammar().heading.finditer(key) if _EN_UNIT.search(key) else ():
        currency: Currency = "EUR" if heading["EUR"] else "FRF"
        tax: Tax | None = "HT" if heading["HT"] else "TTC" if heading["TTC"] else None
        position, rows = key.find("\n", heading.end()) + 1, 0
        while 0 < position < len(key):
            close = key.find("\n", position)
            close = len(key) if close < 0 else close
            cells = [cell for cell in _CELL.finditer(key, position, close) if cell.start("number") not in taken]
            if (close == position and rows) or (not cells and close - position > WORDY):
                break
            rows += close > position
            for cell in cells:
                value = figures(cell["number"]) * _factor(heading, _grammar())
                yield _candidate(cell.start("number"), cell.end("number"), value, currency, tax, "shared unit")
            position = close + 1


def _candidate(start: int, end: int, value: Decimal, currency: Currency, tax: Tax | None, how: str) -> Candidate:
    confidence = 0.85 if how == "shared unit" else 0.98
    money = AmountValue(value=value, currency=currency, tax=tax)
    return Candidate(start=start, end=end, kind="amount", method=f"amount: {how}", confidence=confidence, value=money)


def _factor(match: re.Match[str], grammar: _Grammar) -> int:
    return grammar.scales[match["scale"].rstrip(".")] if match["scale"] else 1


def _value(match: re.Match[str], grammar: _Grammar) -> Decimal | None:
    """The sum in units; ``None`` where the words make no number, or only the article « un franc »."""
    word, factor = match["number"], _factor(match, grammar)
    if word.startswith("demi"):
        base: Decimal | None = Decimal("0.5")
    elif word in ABOUT:
        base = Decimal(ABOUT[word])
    elif word in ("un", "une") and factor == 1:
        return None
    else:
        base = number(word)
    if base is None:
        return None
    value = (base + Decimal("0.5") if match["half"] else base) * factor
    if match["rest"] and factor > 1:
        rest = number(match["rest"])
        if rest is None:
            return None
        value += rest * (grammar.scales[match["restscale"]] if match["restscale"] else 1)
    return value / 100 if match["centimes"] else value
