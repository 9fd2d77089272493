"""Numbers as French archives write them, in figures and in letters.

Why: « 4.850.000 F », « deux mille dix-huit » and « une quarantaine de tours » are numbers, and no one
library at hand reads all three.
Idea: two pattern fragments for the grammars (on folded text), and two functions that turn what they matched into numbers.
Limits: whole numbers in letters up to the thousands of millions; Swiss and Belgian tens are read; fractions in letters are not.
"""

from __future__ import annotations

import re
from decimal import Decimal

SIMPLE = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
    "octante": 80, "nonante": 90,
}  # fmt: skip
SCALES = {"mille": 1000, "mil": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000,
}  # fmt: skip
_WORD = "(?:" + "|".join(sorted([*SIMPLE, *SCALES, "cents", "cent"], key=len, reverse=True)) + ")"
_SMALL = "(?:" + "|".join(sorted([*SIMPLE, "cents", "cent", "mille", "mil"], key=len, reverse=True)) + ")"

LETTERS = rf"(?<!\w)(?<!\w-){_WORD}(?:(?:[ -]|[ -]et[ -]){_WORD})*(?!\w)(?!-\w)"
"""A whole number in letters, scales included."""
OPENERS = frozenset((*SIMPLE, "cent", "cents", "mille", "mil", "demi", *ABOUT)) - {"un", "une"}
"""What a number in letters below a million, or about a number, begins with; « un » is rather the article."""
SMALL_LETTERS = rf"(?<!\w)(?<!\w-){_SMALL}(?:(?:[ -]|[ -]et[ -]){_SMALL})*(?!\w)(?!-\w)"
"""A whole number in letters below a million, so that « millions » can be read as a unit."""
FIGURES = (
    r"\d(?<![\w.,/]\d)(?:"
    r"\d{0,2}(?: \d{3}(?!\d))+(?:,\d{1,6}(?!\d))?|\d{0,2}(?:\.\d{3}(?!\d))+(?:,\d{1,6}(?!\d))?|\d{0,2}(?:,\d{3}(?!\d)){2,}"
    r"|\d*(?:[.,]\d{1,6}(?!\d))?)(?!\d)"
)
"""A number in figures, grouped by spaces, points or (twice or more) commas, with a decimal part."""


WIDEST_RANGE = 10
"""A range's upper number is at most so many times its lower one; further apart, two figures only stand side by side."""
_LOW = re.compile(rf"(?P<low>{FIGURES})(?: ?%)? ?(?:a|et|ou|-) ?\Z")


def fellows(low: Decimal, high: Decimal, falling: bool) -> bool:
    """Whether two numbers may be the ends of one range; ``falling``: the words (« ramené de 450 à 320 ») allow a fall."""
    small, large = sorted((low, high))
    return (falling or low < high) and 0 < small < large <= small * WIDEST_RANGE


def falls(key: str, start: int) -> bool:
    """Whether « de » stands before the figure at ``start``, so that what follows it may be lower."""
    return key[max(0, start - 3) : start] == "de "


def low_figure(key: str, start: int) -> tuple[int, str] | None:
    """Where the figure begins that the number at ``start`` closes a range with (« 12 à 15 »), and the figure; no year."""
    window = max(0, start - 16)
    match = _LOW.search(key, window, start)
    if match is None or re.fullmatch(r"1[5-9]\d\d|20\d\d", match["low"]):
        return None
    return match.start("low"), match["low"]


def figures(text: str) -> Decimal:
    """The number written ``text`` (as ``FIGURES`` matches it). A lone point before three figures groups thousands."""
    plain = text.replace(" ", "")
    if plain.count(",") > 1 or re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        plain = plain.replace(".", "") if plain.count(",") <= 1 else plain.replace(",", "")
    return Decimal(plain.replace(",", "."))


def _follows(value: int, last: int) -> bool:
    """Whether a word worth ``value`` may come after one worth ``last`` in one numeral."""
    if last == 0 or last >= 100:
        return True
    if last == 10:
        return 7 <= value <= 9
    return last >= 20 and (value < 10 or (value < 20 and last in (60, 80)))


def letters(text: str) -> int | None:
    """The number written in ``text`` in letters (folded), or ``None`` where the words do not make one."""
    total = group = last = 0
    for word in re.findall(r"[a-z]+", text):
        if word == "et":
            continue
        if word in SIMPLE:
            value = SIMPLE[word]
            if value == 20 and last == 4:
                group += 76
            elif _follows(value, last):
                group += value
            else:
                return None
            last = value if not (value == 20 and last == 4) else 80
        elif word in ("cent", "cents"):
            group = 100 if group == 0 else group * 100
            last = 100
        else:
            total = (total + group or 1) * SCALES[word] if SCALES[word] > 1000 else total + (group or 1) * 1000
            group, last = 0, 1000
    return total + group


def number(text: str) -> Decimal | None:
    """The number in ``text``, in figures or in letters (folded)."""
    if text[:1].isdigit():
        return figures(text)
    value = letters(text)
    return None if value is None else Decimal(value)
