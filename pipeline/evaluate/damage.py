"""Damage clean French in every way archival text is known to break, so that repair can be scored.

Why: a repair engine may only be judged on texts whose true form is known, and such pairs are rare in the wild.
Idea: each family is a small function written from the definition of the codecs and fonts involved, never from the
repair room's own tables; each is seeded by its name and a number, so the same text always breaks the same way.
Limits: real files mix families and break in ways nobody wrote down; a good score here is necessary, not sufficient.
Sources: Python's codecs; Adobe StandardEncoding (PDF 32000-1, annex D.2); Macintosh standard glyph order (Apple TrueType
reference manual, ``post`` table); the habits of broken fonts as seen in French public PDFs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import ftfy.bad_codecs  # noqa: F401  (registers sloppy-windows-1252, which keeps the five undefined bytes)

from pipeline.evaluate.damage_lines import hyphen_lines, split_words, wrap

Damage = Callable[[str, Random], str]

ACCENTED = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ"
QUOTES = "«»’‘“”–…"
TOKEN = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One way to break a text. ``target`` is the share to restore, ``None`` where none is set.

    ``truth`` gives the form a perfect repair can reach (lower-cased damage cannot give capitals back).
    """

    name: str
    damage: Damage
    target: float | None = None
    truth: Callable[[str], str] = str


def damage(text: str, family: Family, seed: int = 0) -> str:
    """Break ``text`` as ``family`` does. The same three arguments always give the same result."""
    return family.damage(text, Random(f"{family.name}:{seed}"))  # noqa: S311  (repeatable, not secret)


# --- helpers ---------------------------------------------------------------------------------------------------------


def fixed(change: Callable[[str], str]) -> Damage:
    """A damage in which nothing is left to chance."""
    return lambda text, _random: change(text)


def recode(text: str, written: str, read: str, errors: str = "strict") -> str:
    """Write ``text`` in one encoding and read it in another; a character ``written`` lacks stays as it is."""
    pieces = []
    for char in text:
        try:
            pieces.append(char.encode(written).decode(read, errors))
        except UnicodeEncodeError:
            pieces.append(char)
    return "".join(pieces)


def in_runs(text: str, change: Callable[[str], str], random: Random, shortest: int = 3, longest: int = 40) -> str:
    """Apply ``change`` to alternate runs of ``shortest`` to ``longest`` words, as where two fonts share a line."""
    broken = random.random() < 0.5
    left = random.randint(shortest, longest)
    pieces = []
    for token in TOKEN.findall(text):
        pieces.append(change(token) if broken and not token.isspace() else token)
        if not token.isspace():
            left -= 1
            if left == 0:
                broken = not broken
                left = random.randint(shortest, longest)
    return "".join(pieces)


# --- fonts whose codes lie -------------------------------------------------------------------------------------------


def _mac_plus_32(text: str) -> str:
    """Each character outside ASCII becomes its Mac Roman code plus 0x20, taken as a Unicode code point."""
    return "".join(
        char if char.isascii() or not (code := char.encode("mac_roman", "ignore")) else chr(code[0] + 0x20)
        for char in text.replace("\u00a0", " ").replace("\u202f", " ")
    )


def mac_plus_32_runs(text: str, random: Random) -> str:
    """A font in alternating runs gives Mac Roman codes plus 0x20 (``laur®ats``)."""
    return in_runs(text, _mac_plus_32, random)


def mac_plus_32_spaced(text: str, random: Random) -> str:
    """The same, with words split, spaces doubled and every other line empty."""
    broken = split_words(in_runs(text, _mac_plus_32, random), random, 0.03)
    broken = re.sub(" ", lambda _: "  " if random.random() < 0.04 else " ", broken)
    return wrap(broken, 88, "  \n ")


def unknown_table_runs(text: str, random: Random) -> str:
    """In alternating runs a font gives for each accent and quote another sign of Latin-1, drawn by lot for the text."""
    signs = [chr(code) for code in range(0xA1, 0x100) if code != 0xAD]
    random.shuffle(signs)
    table = str.maketrans(dict(zip(ACCENTED + QUOTES, signs, strict=False)))
    return in_runs(text, lambda run: run.translate(table), random)


def _minus_29(text: str) -> str:
    """Glyph numbers of the Macintosh standard order: ASCII minus 29, Mac Roman's upper half minus 30 (no DEL)."""
    pieces = []
    for char in text:
        code = char.encode("mac_roman", "ignore")
        if char in "\n\r\t" or not code:
            pieces.append(char)
        else:
            pieces.append(chr(code[0] - (29 if code[0] < 0x80 else 30)))
    return "".join(pieces)


def minus_29(text: str) -> str:
    """The whole text in glyph numbers, its spaces drawn by another font."""
    return re.sub(r"[^ ]+", lambda match: _minus_29(match[0]), text)


def minus_29_spaces(text: str) -> str:
    """The whole text in glyph numbers, its spaces too (U+0003)."""
    return _minus_29(text)


def minus_29_codes(text: str) -> str:
    """Every code point above the space 29 too low, accents included (``é`` becomes ``Ì``)."""
    return "".join(chr(ord(char) - 29) if ord(char) > 32 else char for char in text)


def minus_29_runs(text: str, random: Random) -> str:
    """Glyph numbers in alternating runs, spaces kept."""
    return in_runs(text, _minus_29, random, 5, 60)


def ligatures(text: str, random: Random) -> str:
    """Ligatures of two or three letters each mapped to one wrong sign, drawn by lot (``opéraOon``, ``applica(on``)."""
    pairs = ["ffi", "tti", "ti", "tt", "ft", "fi", "ff", "fl"]
    signs = list("OVSUMLNZ(?)%*#+=")
    random.shuffle(signs)
    table = dict(zip(pairs, signs, strict=False))
    return re.sub("ffi|tti|ti|tt|ft|fi|ff|fl", lambda match: table[match[0]], text)


def doubled_glyphs(text: str, random: Random) -> str:
    """Headings (first lines of blocks) and one run in three drawn twice for a fake bold."""

    def double(run: str) -> str:
        return "".join(char * 2 for char in run)

    return in_runs(text, double, random, 2, 12)


# --- encodings read as one another -----------------------------------------------------------------------------------


def recoder(written: str, read: str, errors: str = "strict") -> Damage:
    """The damage of writing in one encoding and reading in another."""
    return fixed(lambda text: recode(text, written, read, errors))


def utf8_twice(text: str) -> str:
    """UTF-8 read as cp1252, saved, and read so again."""
    for _ in range(2):
        text = recode(text, "utf-8", "sloppy-windows-1252")
    return text


def mac_lowered(text: str) -> str:
    """Mac Roman read as cp1252, then lower-cased, damage included (``lõ`` for ``LÕ``)."""
    return recode(text, "mac_roman", "sloppy-windows-1252").lower()


# fmt: off
_STANDARD = {  # Adobe StandardEncoding above 0xA0; codes not named have no glyph and print nothing
    0xA1: "¡", 0xA2: "¢", 0xA3: "£", 0xA4: "⁄", 0xA5: "¥", 0xA6: "ƒ", 0xA7: "§", 0xA8: "¤", 0xA9: "'", 0xAA: "“",
    0xAB: "«", 0xAC: "‹", 0xAD: "›", 0xAE: "ﬁ", 0xAF: "ﬂ", 0xB1: "–", 0xB2: "†", 0xB3: "‡", 0xB4: "·", 0xB6: "¶",
    0xB7: "•", 0xB8: "‚", 0xB9: "„", 0xBA: "”", 0xBB: "»", 0xBC: "…", 0xBD: "‰", 0xBF: "¿", 0xC1: "`", 0xC2: "´",
    0xC3: "ˆ", 0xC4: "˜", 0xC5: "¯", 0xC6: "˘", 0xC7: "˙", 0xC8: "¨", 0xCA: "˚", 0xCB: "¸", 0xCD: "˝", 0xCE: "˛",
    0xCF: "ˇ", 0xD0: "—", 0xE1: "Æ", 0xE3: "ª", 0xE8: "Ł", 0xE9: "Ø", 0xEA: "Œ", 0xEB: "º", 0xF1: "æ", 0xF5: "ı",
    0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß",
}
# fmt: on


def adobe_standard(text: str) -> str:
    """Latin-1 shown through Adobe Standard: ``gØnØral``, and ``à ç ô î É`` lost; spaces stay, signs beyond stay."""
    return "".join(
        _STANDARD.get(ord(char), "") if 0xA0 < ord(char) < 0x100 else char for char in text.replace("\u00a0", " ")
    )


# --- accents ---------------------------------------------------------------------------------------------------------

_SPACING = {"\u0300": "`", "\u0301": "´", "\u0302": "ˆ", "\u0308": "¨", "\u0327": "¸"}


def _spaced(text: str, *, after: bool) -> str:
    pieces = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        if len(parts) != 2 or parts[1] not in _SPACING:
            pieces.append(char)
        elif after:
            pieces.append(parts[0] + _SPACING[parts[1]])
        else:
            pieces.append(_SPACING[parts[1]] + ("ı" if parts[0] == "i" else parts[0]))
    return "".join(pieces)


def accents_before(text: str) -> str:
    """The accent drawn beside its letter, before it, as old TeX fonts do (``d´eveloppement``, ``aoˆut``)."""
    return _spaced(text, after=False)


def accents_after(text: str) -> str:
    """The accent drawn beside its letter, after it (``de´veloppement``, ``THEA¨TRE``)."""
    return _spaced(text, after=True)


def accents_replaced(text: str) -> str:
    """Each accented letter became U+FFFD."""
    return "".join("\ufffd" if char in ACCENTED else char for char in text)


def non_ascii_replaced(text: str) -> str:
    """cp1252 read as UTF-8 with replacement: every sign outside ASCII became U+FFFD, quotes and all."""
    return text.encode("cp1252", "ignore").decode("utf-8", "replace")


def accents_dropped(text: str) -> str:
    """Each accented letter is missing (``rnovation``)."""
    return "".join(char for char in text if char not in ACCENTED)


def accents_stripped(text: str) -> str:
    """Letters kept, what stands on them gone (``renovation``), as where text was folded to ASCII."""
    kept = (char if char in QUOTES else unicodedata.normalize("NFD", char)[0] for char in text)
    return "".join(kept).replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")


def decomposed(text: str, random: Random) -> str:
    """Accents as combining marks in runs; one accented letter in ten bears its accent twice (``approuvé́``)."""

    def change(run: str) -> str:
        marks = (unicodedata.normalize("NFD", char) for char in run)
        return "".join(
            f"{c}{m[1]}" if len(m) > 1 and random.random() < 0.1 else m for c, m in zip(run, marks, strict=True)
        )

    return in_runs(text, change, random)


FAMILIES: tuple[Family, ...] = (
    Family(name="mac-roman-plus-32 runs", damage=mac_plus_32_runs, target=0.995),
    Family(name="mac-roman-plus-32 runs, spaced", damage=mac_plus_32_spaced, target=0.97),
    Family(name="cp1252 as mac-roman", damage=recoder("cp1252", "mac_roman"), target=0.995),
    Family(name="mac-roman as cp1252", damage=recoder("mac_roman", "sloppy-windows-1252"), target=0.995),
    Family(name="cp850 as cp1252", damage=recoder("cp850", "sloppy-windows-1252"), target=0.995),
    Family(name="cp1252 as cp850", damage=recoder("cp1252", "cp850"), target=0.995),
    Family(name="mac-roman as cp1252, lossy", damage=recoder("mac_roman", "cp1252", "ignore"), target=0.96),
    Family(name="split words", damage=lambda text, random: split_words(text, random, 0.1), target=0.90),
    Family(name="line-end hyphens", damage=hyphen_lines, target=0.97),
    Family(name="line-end U+FFFE", damage=lambda text, random: hyphen_lines(text, random, "\ufffe"), target=0.97),
    Family(name="unknown table runs", damage=unknown_table_runs, target=0.95),
    Family(name="utf-8 as cp1252", damage=recoder("utf-8", "sloppy-windows-1252"), target=0.999),
    Family(name="utf-8 as latin-1", damage=recoder("utf-8", "latin-1"), target=0.999),
    Family(name="utf-8 as cp850", damage=recoder("utf-8", "cp850"), target=0.999),
    Family(name="latin-1 as adobe-standard", damage=fixed(adobe_standard), target=0.93),
    Family(name="spaced accents, before", damage=fixed(accents_before), target=0.995),
    Family(name="spaced accents, after", damage=fixed(accents_after), target=0.995),
    Family(name="ligatures", damage=ligatures, target=0.95),
    Family(name="accents as U+FFFD", damage=fixed(accents_replaced), target=0.98),
    Family(name="non-ascii as U+FFFD", damage=fixed(non_ascii_replaced)),
    Family(name="accented letters dropped", damage=fixed(accents_dropped), target=0.85),
    Family(name="accents stripped", damage=fixed(accents_stripped)),
    Family(name="29 too low", damage=fixed(minus_29), target=0.99),
    Family(name="29 too low, spaces too", damage=fixed(minus_29_spaces), target=0.99),
    Family(name="29 too low, code points", damage=fixed(minus_29_codes), target=0.99),
    Family(name="29 too low, runs", damage=minus_29_runs, target=0.99),
    Family(name="mac-roman as cp1252, lower-cased", damage=fixed(mac_lowered), truth=str.lower),
    Family(name="utf-8 as cp1252 twice", damage=fixed(utf8_twice)),
    Family(name="doubled glyphs runs", damage=doubled_glyphs),
    Family(name="decomposed accents", damage=decomposed),
)
