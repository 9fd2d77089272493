"""What each font of a PDF really says, from everything it drew.

Why: the damage belongs to a font: its ToUnicode map lies, or is missing. Words can be guessed one by one; a font can be
convicted, and a sound font beside it acquitted, because its glyphs carry its name over all pages of the document.
Idea: gather the words each font drew; under each accident of the bank, ask how much better French ALL of them become (a
true é in a font speaks against any table that reads é as something else); where no known accident fits, let the font's
own table be solved. Fonts of few glyphs lean on fonts of their family, and on the words they share with other fonts.
Limits: works from what was extracted, not from the font file; two tables under one font name are not told apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.records import Glyphs, Page
from pipeline.repair.changes import Change
from pipeline.repair.hypotheses import Hypothesis, bank, hypothesis
from pipeline.repair.likelihood import French
from pipeline.repair.oddness import PLAIN, Oddness, oddness
from pipeline.repair.puzzle import Solution
from pipeline.repair.solve import solve_accents
from pipeline.repair.solve_alphabet import solve_alphabet
from pipeline.repair.solve_signs import may_be_solved
from pipeline.repair.sound import TOKEN, is_sound, unsound

Unit = tuple[tuple[str, str], ...]  # a word as (font, text) pieces

_SAMPLE = 60  # suspicious words that decide whether an accident is weighed at all
_FULL = 400  # words it is then weighed on
_STREAM = 6000  # words in order for the solver
_CONVICTED = 20.0  # nats for an accident nothing else in the document speaks for
_LEANING = 6.0  # nats for one that another font of the document suffers from
_KIN = 3.0  # nats where that font is of the same family
_OWN_TABLE = 15.0  # nats by which a solved table must beat the bank
_STRANGE = 0.6  # share of suspicious words above which the whole alphabet is doubted
MOST_GAIN = 25.0  # nats at most, a word
_CONTRARY = 2.0  # nats a true accent, which an accident would have broken, says against it
_TRUE_ACCENT = re.compile("[àâçèéêîôùûœÀÂÇÈÉÊÎÔœŒ]")
UNREADABLE = -40.0  # nats below which a word is no worse: « (cid:81)(cid:72) » is not four times « (cid:81) »
_SPACES = frozenset(" \t\n\r\u00a0\u202f")  # an extractor's spaces belong to no font's codes
_CID = re.compile(r"\(cid:(\d{1,5})\)")
_GLYPH_SPACES = ("(cid:3)", "\x03")  # the space's number in Apple's standard order of glyphs
_CID_PLANE = 0xF0000  # glyph numbers stand in a private plane while a table is solved
_PICTURES = re.compile(  # symbol fonts, and the mathematical fonts of TeX
    r"Wingdings|Webdings|Dingbats|Symbol|Bullet|Bookshelf|Marlett|Awesome|Icon|MT ?Extra"
    r"|^(?:[A-Z]{6}\+)?(?:MS[AB]M|CM(?:B?SY|MI|EX)|EU[FRS]M|RSFS)\d",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NONE: Mapping[str, Hypothesis] = {}
LEAST_SURE = 0.6  # share of the words changed that must become sound, below which a font stays as it is
SOLVED = "table of the font's own, solved"
_ENOUGH = 0.8  # share of a font's suspicious words made sound, below which its own table is looked for too


@dataclass(frozen=True, slots=True, kw_only=True)
class FontDecision:
    """What was decided of a font: the accident it suffers from (``None`` for a sound one) and how surely, 0 to 1.

    ``words``: how many words, or parts of words, it drew. ``doubtful``: an accident that is likely but not sure enough;
    ``confidence`` is then that accident's. ``oddness``: how its words look.
    """

    font: str
    accident: Hypothesis | None
    confidence: float
    words: int
    doubtful: Hypothesis | None = None
    oddness: Oddness = PLAIN


@dataclass(slots=True)
class _Drawn:
    """All a font drew: whole words, words it shares with other fonts, and the order of the whole ones."""

    whole: Counter[str] = field(default_factory=Counter)
    shared: Counter[Unit] = field(default_factory=Counter)
    stream: list[str] = field(default_factory=list)


def decide_fonts(pages: Sequence[Page], convicted: Mapping[str, Hypothesis] = _NONE) -> dict[str, FontDecision]:
    """A decision for every font of a document's pages; empty where no page has glyphs.

    ``convicted``: accidents of fonts that earlier pages of the document convicted; they need less proof here.
    """
    fonts = _gather(pages)
    french = French({})
    decisions: dict[str, FontDecision] = {}
    for name in sorted(fonts, key=lambda name: (-fonts[name].whole.total(), name)):
        decisions[name] = _judge(name, fonts[name], french)
        if decisions[name].accident is None and name in convicted:
            decisions[name] = _again(decisions[name], fonts[name], convicted[name], french)
    for name in sorted(fonts, key=lambda name: (-fonts[name].shared.total(), name)):
        if decisions[name].accident is None:
            decisions[name] = _lean(decisions[name], fonts[name], decisions, french)
    return decisions


def font_changes(page: Page, decisions: Mapping[str, FontDecision]) -> list[Change]:
    """Changes to a page's raw text that undo the accidents decided for its fonts."""
    broken = {font for font, decision in decisions.items() if decision.accident is not None}
    if page.glyphs is None or broken.isdisjoint(page.glyphs.fonts):
        return []
    changes: list[Change] = []
    for font, start, end in stretches(page.glyphs):
        decision = decisions.get(font)
        if decision is None or decision.accident is None:
            continue
        accident = decision.accident
        changes += (
            Change(start + hit.start(), start + hit.end(), accident.table[hit[0]], accident.name, decision.confidence)
            for hit in accident.pattern.finditer(page.raw_text[start:end])
            if hit[0] not in _SPACES
        )
    return changes


def stretches(glyphs: Glyphs) -> Iterator[tuple[str, int, int]]:
    """(font, start, end) of every stretch of raw text drawn by one font."""
    ids = glyphs.font_ids
    starts = [0, *(np.flatnonzero(ids[1:] != ids[:-1]) + 1).tolist()]
    for start, end in zip(starts, [*starts[1:], len(ids)], strict=True):
        if start < end and ids[start] >= 0:
            yield glyphs.fonts[ids[start]], start, end


def _gather(pages: Iterable[Page]) -> dict[str, _Drawn]:
    fonts: defaultdict[str, _Drawn] = defaultdict(_Drawn)
    for page in pages:
        if page.glyphs is None:
            continue
        names = page.glyphs.fonts
        words, drawn_by, mixed = _words(page.raw_text, page.glyphs.font_ids)
        for word, ids in mixed:
            unit = _pieces(word, ids, names)
            for name in {font for font, _ in unit}:
                fonts[name].shared[unit] += 1
        for number in np.unique(drawn_by[drawn_by >= 0]).tolist():
            drawn, own = fonts[names[number]], list(compress(words, drawn_by == number))
            drawn.whole.update(own)
            drawn.stream += own[: _STREAM - len(drawn.stream)]
    return fonts


def _words(text: str, ids: NDArray[np.int16]) -> tuple[list[str], NDArray[np.int16], list[tuple[str, list[int]]]]:
    """The words of a page, the font that drew each (-1 for none, or several), and those of several fonts, with the font
    of each character.

    A space without a code, given as its glyph's number, parts words too.
    """
    for space in _GLYPH_SPACES:
        text = text.replace(space, " " * len(space))
    matches = list(TOKEN.finditer(text))
    words: list[str] = list(map(re.Match.group, matches))
    starts = np.fromiter(map(re.Match.start, matches), np.int64, len(words))
    ends = starts + np.fromiter(map(len, words), np.int64, len(words))
    steps = np.append(0, np.cumsum(ids[1:] != ids[:-1]))
    fonts, mixed = ids.take(starts), []
    for index in np.flatnonzero(steps.take(starts) != steps.take(ends - 1)).tolist():
        drawn = ids[starts[index] : ends[index]].tolist()
        one, *others = set(drawn) - {-1}
        fonts[index] = -1 if others else one
        if others:
            mixed.append((words[index], drawn))
    return words, fonts, mixed


def _pieces(word: str, ids: Sequence[int], names: Sequence[str]) -> Unit:
    """A word cut where its font changes; what no glyph drew goes with what stands before it."""
    pieces: list[tuple[str, str]] = []
    for char, number in zip(word, ids, strict=True):
        font = names[number] if number >= 0 else pieces[-1][0] if pieces else ""
        if pieces and pieces[-1][0] == font:
            pieces[-1] = (font, pieces[-1][1] + char)
        else:
            pieces.append((font, char))
    return tuple(pieces)


def _judge(name: str, drawn: _Drawn, french: French) -> FontDecision:
    """Convict or acquit one font by the whole words it drew."""
    words = drawn.whole
    sound = FontDecision(font=name, accident=None, confidence=1.0, words=words.total() + drawn.shared.total())
    strange = unsound(set(words)).union(filter(_CID.search, words))
    suspicious = Counter({word: count for word, count in words.items() if word in strange})
    if not suspicious or _PICTURES.search(name):
        return sound
    sound = replace(sound, oddness=oddness(suspicious, len(words)))
    sample = dict(suspicious.most_common(_SAMPLE))
    full = sample | dict(words.most_common(_FULL))
    best: Hypothesis | None = None
    gain = _CONVICTED
    for accident in _touching("".join(sample), (*bank(), *code_tables())):
        if sum(max(0.0, one) for one in _gains(accident, sample, french)) > gain:
            weighed = sum(_gains(accident, full, french))
            if weighed > gain:
                best, gain = accident, weighed
    if best is None or _cured(best, suspicious) < _ENOUGH:
        own = _own_table(drawn, suspicious)
        if own is not None and sum(_gains(own, full, french)) > (gain if best else 0.0) + _OWN_TABLE:
            best = own
    if best is None or not _telling(best, suspicious):
        return sound
    if (confidence := _confidence(best, suspicious)) < LEAST_SURE:
        return replace(sound, doubtful=best, confidence=confidence)
    return replace(sound, accident=best, confidence=confidence)


def _again(own: FontDecision, drawn: _Drawn, accident: Hypothesis, french: French) -> FontDecision:
    """A font that earlier pages convicted, and that these alone would not: convicted again if their French gains at all."""
    units = [_Seen(((True, word),), count) for word, count in drawn.whole.items()]
    if _unit_gain(accident, units, french) <= _KIN:
        return own
    suspicious = {word: count for word, count in drawn.whole.items() if _suspicious(word)}
    return replace(own, accident=accident, confidence=_confidence(accident, suspicious), doubtful=None)


def _touching(text: str, accidents: Iterable[Hypothesis]) -> list[Hypothesis]:
    """The accidents that can have made a sign of a text."""
    signs = frozenset(text)
    return [accident for accident in accidents if not accident.signs.isdisjoint(signs)]


def _suspicious(word: str) -> bool:
    return not is_sound(word) or _CID.search(word) is not None


def _gains(accident: Hypothesis, words: Mapping[str, int], french: French) -> Iterator[float]:
    """Nats each word gains or loses when the whole font is read under an accident.

    A sound word with an accent that the accident cannot have made speaks against it.
    """
    for word, count in words.items():
        if word.isascii() and accident.signs.isdisjoint(word):
            continue
        weight, read = 1.0 + math.log(count), accident.decode(word)
        if read != word:
            yield weight * min(MOST_GAIN, french.text(read) - max(UNREADABLE, french.text(word)))
        elif _TRUE_ACCENT.search(word) and is_sound(word):
            yield -_CONTRARY * weight


def _telling(accident: Hypothesis, suspicious: Mapping[str, int]) -> bool:
    """Whether an accident makes at least two suspicious words sound, with letters in them (bullets prove nothing)."""
    read = {word: accident.decode(word) for word in suspicious if not accident.signs.isdisjoint(word)}
    return sum(suspicious[word] for word, one in read.items() if is_sound(one) and _LETTERS.search(one)) >= 2


def _cured(accident: Hypothesis, suspicious: Mapping[str, int]) -> float:
    """Share of a font's suspicious words that an accident makes sound."""
    return sum(count for word, count in suspicious.items() if is_sound(accident.decode(word))) / sum(
        suspicious.values()
    )


def _confidence(accident: Hypothesis, suspicious: Mapping[str, int]) -> float:
    touched = [word for word in suspicious if accident.decode(word) != word]
    return share_sound([accident.decode(word) for word in touched])


def share_sound(words: Sequence[str]) -> float:
    """Share of words that are sound, 0 to 1, by the estimate of Krichevsky and Trofimov: few words make nothing certain."""
    return round((sum(map(is_sound, words)) + 0.5) / (len(words) + 1), 3)


def _own_table(drawn: _Drawn, suspicious: Mapping[str, int]) -> Hypothesis | None:
    """A table solved from what the font itself drew; ``None`` where too few words could tell of one."""
    strange = sum(suspicious.values()) > _STRANGE * drawn.whole.total()
    odd = {word: count for word, count in suspicious.items() if not word.isascii() or _CID.search(word)}
    if not strange and (sum(odd.values()) < 2 or not (any(map(_CID.search, odd)) or may_be_solved(odd))):
        return None
    text = _CID.sub(lambda match: chr(_CID_PLANE + int(match[1])), " ".join(drawn.stream))
    solution: Solution | None = None
    if strange:
        solution = solve_alphabet(text)
    solution = solution or solve_accents(text)
    if solution is None:
        return None
    table = {_cid_again(key): value for key, value in solution.mapping.items()}
    return hypothesis(SOLVED, table)


def _cid_again(sign: str) -> str:
    return f"(cid:{ord(sign) - _CID_PLANE})" if ord(sign) >= _CID_PLANE else sign


@lru_cache(maxsize=1)
def code_tables() -> tuple[Hypothesis, ...]:
    """Accidents of fonts only: glyph codes printed as ``(cid:N)``, or put in the private use area, by code or number."""
    codes = {code: bytes([code]).decode("cp1252", "ignore") for code in range(32, 256)}
    mac = {code: bytes([code]).decode("mac_roman") for code in range(32, 256)}
    glyphs = {code - (29 if code < 0x80 else 30): char for code, char in mac.items()}
    tables = []
    for name, table in (("cp1252 code", codes), ("Mac Roman code", mac), ("glyph number, Macintosh order", glyphs)):
        letters = {code: char for code, char in table.items() if char and code != 127}
        tables.append(hypothesis(f"(cid:N), {name}", {f"(cid:{code})": char for code, char in letters.items()}))
        tables.append(hypothesis(f"private use, {name}", {chr(0xF000 + code): char for code, char in letters.items()}))
    return tuple(tables)


def _lean(own: FontDecision, drawn: _Drawn, others: Mapping[str, FontDecision], french: French) -> FontDecision:
    """A second look at a font that drew too little: accidents of the other fonts, then of the bank, on shared words too."""
    if own.words > _FULL or _PICTURES.search(own.font):
        return own
    words = [*drawn.whole, *("".join(text for _, text in unit) for unit in drawn.shared)]
    suspicious = "".join(filter(_suspicious, words))
    if not suspicious:
        return own
    units = [_Seen(((True, word),), count) for word, count in drawn.whole.items()]
    units += (_Seen(_as_read(unit, own.font, others), count) for unit, count in drawn.shared.items())
    found = [other for other in others.values() if other.accident is not None]
    found.sort(key=lambda other: (family(other.font) != family(own.font), -other.words, other.font))
    for other in found:
        least = _KIN if family(other.font) == family(own.font) else _LEANING
        if other.accident is not None and _unit_gain(other.accident, units, french) > least:
            return replace(own, accident=other.accident, confidence=other.confidence * 0.95)
    likely = _touching(suspicious, bank()) if drawn.shared else []
    gains = {accident: _unit_gain(accident, units, french) for accident in likely}
    best = max(gains, key=lambda accident: gains[accident], default=None)
    if best is not None and gains[best] > _CONVICTED:
        return replace(own, accident=best, confidence=0.85)
    return own


def family(font: str) -> str:
    """The family of a font's name, without subset tag, weight and slope: ``ABCDEF+Arial-BoldMT`` is ``arial``."""
    name = re.sub(r"^[A-Z]{6}\+", "", font)
    name = re.split(r"[-,]", name, maxsplit=1)[0]
    return re.sub(r"(?:PS|MT|Bold|Italic|Oblique|Regular|Light|Medium|Semibold|Black)+$", "", name).lower()


class _Seen(NamedTuple):
    """A word as pieces, each the font's own or, if not, as its font is read; and how often it occurs."""

    pieces: tuple[tuple[bool, str], ...]
    times: int


def _as_read(unit: Unit, font: str, others: Mapping[str, FontDecision]) -> tuple[tuple[bool, str], ...]:
    return tuple((True, text) if name == font else (False, _read(text, others.get(name))) for name, text in unit)


def _read(text: str, decision: FontDecision | None) -> str:
    return text if decision is None or decision.accident is None else decision.accident.decode(text)


def _unit_gain(accident: Hypothesis, units: Iterable[_Seen], french: French) -> float:
    """Nats gained over a font's words and shared words; a clear loss on any of them acquits the font."""
    total, telling = 0.0, False
    for pieces, count in units:
        plain = "".join(text for _, text in pieces)
        read = plain
        if not accident.signs.isdisjoint(plain):
            read = "".join(accident.decode(text) if own else text for own, text in pieces)
        if read == plain:
            gain = -_CONTRARY if _TRUE_ACCENT.search(plain) and is_sound(plain) else 0.0
        else:
            gain = min(MOST_GAIN, french.text(read) - max(UNREADABLE, french.text(plain)))
            telling = telling or (is_sound(read) and _LETTERS.search(read) is not None)
        if gain < -4.0:
            return -math.inf
        total += (1.0 + math.log(count)) * gain
    return total if telling else 0.0
