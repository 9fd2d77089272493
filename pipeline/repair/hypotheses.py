"""The bank of known damage: what true text looks like after each way of breaking it.

Why: nearly all broken French was broken by one of a few dozen accidents, each of which is a rule, not a list of words.
Idea: ``hypotheses.csv`` names the accidents, each with why it happens and where it was seen. Here each row becomes a
table from what is read to what was written, computed from Python's codecs for the characters French texts use.
Variants of a row: ``lost`` (bytes the reader does not define vanish), ``twice`` (the accident happened twice),
``lower`` (the broken text was then lower-cased), ``asked`` (what cp1252 lacks became a question mark).
Limits: a table holds only characters of the French repertoire; a letter that vanished is named in ``lost`` and is put
back word by word elsewhere (``missing``).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from operator import add
from pathlib import Path

import ftfy.bad_codecs  # noqa: F401  (registers sloppy-windows-1252, which keeps the undefined bytes)

from pipeline.repair.likelihood import SOUND

BANK = Path(__file__).with_name("hypotheses.csv")
ADOBE_STANDARD = Path(__file__).with_name("adobe_standard.csv")
# In order of frequency in French: where two true characters give the same damage, the first is meant.
REPERTOIRE = (
    "éà’è\u00a0êçâîôûùëïœ«»–…“”‘°€•É—À•ÊÈÇÎÔÂŒüöäÛÙ·²³æÆËÏÜÖÄÿŸ§½¼¾ªº±×÷©®™†‡‰„‹›\u202f"
    "ßñáíóúãõåøÑÁÍÓÚÃÕÅØìòÌÒ¡¿£¥¢µ¶¬¦´¨¯ﬁﬂ≥≤≠≈ıšŠžŽýÝðÐþÞ"
)
_COMMON = frozenset(REPERTOIRE[: REPERTOIRE.index("Û")]) | frozenset("ñ") | frozenset(map(chr, range(127)))
_LETTERS = frozenset("éàèêçâîôûùëïœÉÀÈÊÇÎÔÂŒ")
_FREQUENT = frozenset(REPERTOIRE[: REPERTOIRE.index("É")]) | frozenset("×")
# What else UTF-8 may hold: the rest of the Latin letters, spaces, dashes, marks, arrows and boxes.
_BEYOND = (
    "".join(
        char
        for first, last in (
            (0xA1, 0x17F),
            (0x192, 0x192),
            (0x1A0, 0x1B0),
            (0x218, 0x21B),
            (0x2C6, 0x2DD),
            (0x1E80, 0x1EF9),  # Welsh, Vietnamese
            (0x2000, 0x2044),
            (0x2070, 0x209C),
            (0x2160, 0x216B),  # Roman figures
        )
        for char in map(chr, range(first, last + 1))
        if char not in REPERTOIRE and not 0x2028 <= ord(char) <= 0x202E and ord(char) not in (0xAD, 0x200B)
    )
    + "℃№℡™←↑→↓⇒⇨−≈≠≤≥■□▪▫▲►▶▸▹▼◆◇◊○◦●◘◙◻◼◽◾☐☑☒★☆♠♣♥♦✓✔✗✘❑❒❖➔➜➢➤\ufeff\ufb00\ufb03\ufb04"
)
ASCII = "".join(map(chr, range(32, 127)))
_MARKS = {"`": "\u0300", "´": "\u0301", "ˆ": "\u0302", "^": "\u0302", "¨": "\u0308", "¸": "\u0327", "˜": "\u0303"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Hypothesis:
    """One accident: ``table`` maps what is read to what was written, ``lost`` holds what leaves no trace.

    ``rivals``: other meanings. ``rare``: signs frequent in French that are, inside names, letters it hardly writes.
    ``whole``: ASCII is broken too, so that a run is broken as a whole. ``lowered``: the text was lower-cased afterwards.
    ``plain_keys``: the signs are all ASCII, so that a known word may hold them. ``signs``: every character of the keys.
    ``never``: letters that the accident breaks and never makes, so that they speak for sound text. ``shape``: what finds
    the keys, where not all count everywhere. Patterns are compiled when first asked for: most accidents are never met.
    """

    name: str
    table: Mapping[str, str]
    lost: frozenset[str] = frozenset()
    rivals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rare: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    lowered: bool = False
    plain_keys: bool = False
    signs: frozenset[str]
    never: frozenset[str]
    shape: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the keys of the table, the longest first."""
        return re.compile(self.shape) if self.shape else _alternation(self.table)

    def rare_hits(self, token: str) -> list[re.Match[str]]:
        """Where a token holds a ``rare`` sign that parts or opens a word."""
        return [] if self.rare.keys().isdisjoint(token) else list(self._in_names.finditer(token))

    @cached_property
    def _in_names(self) -> re.Pattern[str]:
        rare, signs = ("".join(map(re.escape, sorted(some))) for some in (self.rare, self.signs))
        letter = rf"(?:[^\W\d_]|[{signs}])"
        return re.compile(rf"(?<=[^\W\d_]|[{signs}])[{rare}](?={letter})|(?<![^\W_])[{rare}](?={letter}{{2}})")

    @cached_property
    def written(self) -> frozenset[str]:
        """What the accident breaks: the characters its table gives back."""
        return frozenset(self.table.values())

    @cached_property
    def alien(self) -> re.Pattern[str] | None:
        """Finds those keys that sound French does not hold; ``None`` where they are all or none of them."""
        return _alternation(self._alien) if self._alien else None

    @cached_property
    def decode(self) -> Callable[[str], str]:
        """Replaces every key of the table in a text."""
        if self.shape:
            return lambda text: self.pattern.sub(lambda match: self.table[match[0]], text)
        return _reader(self.table)

    def readings(self, word: str) -> tuple[str, ...]:
        """A word with every key replaced, and where it differs, with only those that sound French does not hold."""
        if self._familiar.isdisjoint(word):
            return (self.decode(word),)
        return self.decode(word), self._decode_alien(word)

    @cached_property
    def _decode_alien(self) -> Callable[[str], str]:
        return _reader(self._alien)

    @cached_property
    def _familiar(self) -> frozenset[str]:
        """Characters of the keys that sound French holds too."""
        return frozenset("".join(self.table.keys() - self._alien.keys())) if self._alien else frozenset()

    @cached_property
    def _alien(self) -> Mapping[str, str]:
        alien = {key: value for key, value in self.table.items() if not SOUND.issuperset(key)}
        return alien if len(alien) < len(self.table) and not self.whole else {}


def _reader(table: Mapping[str, str]) -> Callable[[str], str]:
    """A function that replaces every key of a table in a text; it is made ready by the first text in which one begins."""
    if all(map(_is_single, table)):
        letters = str.maketrans(dict(table))
        return lambda text: text.translate(letters)
    begin = frozenset(key[:2] for key in table)
    pattern = cache(lambda: _alternation(table))

    def read(text: str) -> str:
        if begin.isdisjoint(text) and begin.isdisjoint(map(add, text, text[1:])):
            return text
        return pattern().sub(lambda match: table[match[0]], text)

    return read


def hypothesis(
    name: str,
    table: Mapping[str, str],
    lost: frozenset[str] = frozenset(),
    rivals: Mapping[str, tuple[str, ...]] | None = None,
    *,
    lowered: bool = False,
) -> Hypothesis:
    """A hypothesis made of a table; keys that map to themselves are left out."""
    kept = {key: value for key, value in table.items() if _worth(key, value)}
    rare = {key: value for key, value in table.items() if key not in kept and key != value and value.isalpha()}
    whole = sum(key.isascii() and key.isalpha() and len(key) == 1 for key in kept) > 20
    return Hypothesis(
        name=name,
        table=kept,
        lost=lost,
        rivals=rivals or {},
        rare=rare,
        whole=whole,
        lowered=lowered,
        plain_keys=all(key.isascii() for key in kept) and not whole,
        signs=frozenset("".join(kept)),
        never=_LETTERS.intersection(kept.values()).difference("".join(kept)),
    )


def keeping_figures(made: Hypothesis) -> Hypothesis:
    """The same accident in a text whose figures another font drew: a figure is a broken capital beside a letter only."""
    letters = "".join(map(re.escape, (key for key, char in made.table.items() if char.isalpha() and not key.isdigit())))
    others = "".join(map(re.escape, (key for key in made.table if not key.isdigit())))
    shape = f"[{others}]|[0-9](?=[0-9]*[{letters}])|(?<=[{letters}])[0-9]"
    return replace(made, name=f"{made.name}, figures kept", shape=shape)


def _worth(key: str, value: str) -> bool:
    """Whether a row may be told from chance: no frequent sign is taken for one that French hardly writes."""
    return key not in ("", value) and not (len(key) == 1 and key in _FREQUENT and not _COMMON.issuperset(value))


def _is_single(key: str) -> bool:
    return len(key) == 1


def _alternation(keys: Collection[str]) -> re.Pattern[str]:
    if not keys:
        return re.compile(r"(?!)")
    if all(map(_is_single, keys)):
        return re.compile("[" + "".join(map(re.escape, sorted(keys))) + "]")
    return re.compile("|".join(map(re.escape, sorted(keys, key=lambda key: (-len(key), key)))))


@lru_cache(maxsize=1)
def bank() -> tuple[Hypothesis, ...]:
    """Every hypothesis of the bank, in its order, variants after their row."""
    with BANK.open(encoding="utf-8", newline="") as file:
        return tuple(made for row in csv.DictReader(file) for made in _row(row))


def _row(row: Mapping[str, str]) -> Iterator[Hypothesis]:
    kind, name = row["kind"], row["name"]
    if kind == "codepage":
        seen: list[Mapping[str, str]] = []
        for variant in ["", *row["variants"].split()]:
            table, lost, rivals = _codepage(row["written"], row["read"], variant)
            if table not in seen:
                seen.append(table)
                full = f"{name}, {_VARIANTS[variant]}" if variant else name
                yield hypothesis(full, table, lost, rivals, lowered=variant == "lower")
    elif kind in _KINDS:
        yield hypothesis(name, _KINDS[kind](row["written"], row["read"]))


_VARIANTS = {"lost": "undefined bytes lost", "twice": "twice", "lower": "lower-cased", "asked": "signs lost as ?"}


def _codepage(
    written: str, read: str, variant: str
) -> tuple[dict[str, str], frozenset[str], dict[str, tuple[str, ...]]]:
    """The table of one code page read as another, what it loses, and other meanings."""
    table: dict[str, str] = {}
    rivals: dict[str, tuple[str, ...]] = {}
    lost: set[str] = set()
    for char in REPERTOIRE + (_BEYOND if written == "utf-8" else ""):
        broken = _misread(char, written, read, drop=variant == "lost")
        if variant == "twice" and broken:
            broken = "".join(_misread(one, written, read, drop=False) or "" for one in broken)
        if broken is None:
            continue
        if variant == "lower":
            broken, char = broken.lower(), char.lower()
        if variant == "asked":
            broken = "".join(one if _encodes(one, "cp1252") else "?" for one in broken)
            if not broken.strip("?"):
                continue
        if not broken.strip("".join(map(chr, range(0x80, 0xA0)))):
            lost.add(char)  # nothing, or controls that the next program may drop
        if not broken:
            continue
        if broken not in table:
            table[broken] = char
        else:
            rivals.setdefault(broken, (char,))
    if written == "utf-8" and (lead := _misread("à", written, read, drop=False)) and lead.endswith("\u00a0"):
        table.setdefault(lead[:-1], "à")  # its no-break space often became a plain one
    return table, frozenset(lost), rivals


def _misread(char: str, written: str, read: str, *, drop: bool) -> str | None:
    """``char`` written in one code page and read in another; ``None`` where the first lacks it."""
    if written == "adobe-standard":
        codes = {value: code for code, value in adobe_standard().items()}
        if char not in codes:
            return None
        data = bytes([codes[char]])
    elif not _encodes(char, written):
        return None
    else:
        data = char.encode(_CODECS.get(written, written))
    if read == "adobe-standard":
        table = adobe_standard()
        return "".join(chr(code) if code < 0x80 else table.get(code, "") for code in data)
    if drop:
        kept = data.decode(read, "ignore")
        return "".join(one for one in kept if not "\x80" <= one <= "\x9f")
    return data.decode(_CODECS.get(read, read), "ignore")


_CODECS = {"cp1252": "sloppy-windows-1252"}


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def adobe_standard() -> dict[int, str]:
    """Adobe StandardEncoding where it differs from ASCII, code to character."""
    with ADOBE_STANDARD.open(encoding="utf-8", newline="") as file:
        return {int(row["code"], 16): row["char"] for row in csv.DictReader(file)}


def _offset(written: str, read: str) -> dict[str, str]:
    """Every character outside ASCII reads as its code plus a number; ﬂ, which would take ÿ from names, is left out."""
    codes = {char: char.encode(written)[0] for char in REPERTOIRE if char != "ﬂ" and _encodes(char, written)}
    return {chr(code + int(read, 16)): char for char, code in reversed(codes.items()) if code >= 0x80}


def _accents(order: str, _read: str) -> dict[str, str]:
    """An accent beside its letter, ``before`` or ``after`` it."""
    table = {}
    for mark, combining in _MARKS.items():
        for letter in "aeiouycnAEIOUYCN":
            made = unicodedata.normalize("NFC", letter + combining)
            if len(made) != 1 or made not in REPERTOIRE:
                continue
            table[mark + letter if order == "before" else letter + mark] = made
            if letter == "i" and order == "before":
                table[mark + "ı"] = made
            elif letter == "i":
                table["ı" + mark] = made
    return table


def _glyphs(written: str, read: str) -> dict[str, str]:
    """Glyph numbers in Apple's standard order: ASCII minus 29, the upper half (which skips DEL) minus 30.

    A number that is a control's may be printed in the private use area instead.
    """
    shift = int(read)
    table = {chr(ord(char) + shift): char for char in ASCII}
    table |= {chr(0xF000 + ord(key)): char for key, char in table.items() if ord(key) < 32}
    upper = {char: char.encode(written)[0] for char in reversed(REPERTOIRE) if _encodes(char, written)}
    return table | {chr(code + shift - 1): char for char, code in upper.items() if code >= 0x80}


def _shift(_written: str, read: str) -> dict[str, str]:
    return {chr(ord(char) + int(read)): char for char in REPERTOIRE[::-1] + ASCII}


def _pairs(written: str, read: str) -> dict[str, str]:
    return dict(zip(written, read, strict=True))


_KINDS = {"offset": _offset, "accents": _accents, "glyphs": _glyphs, "shift": _shift, "pairs": _pairs}
