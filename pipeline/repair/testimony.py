"""Fonts heard on what they are themselves: their glyph names, their own maps, their outlines.

Why: where the map of a font tells several letters as one, or a letter occurs but once, the words it drew cannot say what
its signs are; the font often can.
Idea: a font whose words are doubted is asked, on the pages it drew most of. Each witness it has is one more hypothesis,
weighed as the others are, by how much better French its words become, alone or with what was decided of the font without
it. The best one is believed if it gains enough, and asked about every page. A font whose words are sound is not asked.
Limits: witnesses of one font are not mixed; a font that drew only parts of words is asked only where it is convicted.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.records import AskFonts, OwnReading, Page
from pipeline.repair.changes import Change
from pipeline.repair.fonts import LEAST_SURE, MOST_GAIN, SOLVED, UNREADABLE, FontDecision, font_changes, share_sound
from pipeline.repair.likelihood import French
from pipeline.repair.sound import TOKEN

FAMILY = "font's own {}"  # and the witness
_SAMPLE = 4  # pages on which witnesses are weighed
_BELIEVED = 12.0  # nats; less than for an accident, since a font does not name its glyphs by chance

Signs = tuple[tuple[int, int, str], ...]
Words = Counter[tuple[str, str]]  # what was read, what it would be


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """The witness believed of a font, how surely (0 to 1), and whether what was decided of it holds for its other signs."""

    witness: str
    confidence: float
    helped: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What fonts said that is believed: by font the witness, by page number what all witnesses say."""

    believed: Mapping[str, Believed]
    readings: Mapping[int, tuple[OwnReading, ...]]


def hear_fonts(pages: Sequence[Page], decisions: Mapping[str, FontDecision], ask: AskFonts | None) -> Heard:
    """Ask the fonts that are doubted, and weigh what they say."""
    doubted = {font for font, decision in decisions.items() if _is_doubted(decision)}
    drawn = {page.number: share for page in pages if (share := _drawn(page, doubted))} if ask and doubted else {}
    if ask is None or not drawn:
        return Heard({}, {})
    most = set(sorted(drawn, key=lambda number: (-drawn[number], number))[:_SAMPLE])
    readings = _asked([page for page in pages if page.number in most], ask)
    believed = _weighed([page for page in pages if page.number in most], readings, decisions, doubted)
    rest = [page for page in pages if page.number not in most and _drawn(page, believed)]
    return Heard(believed, readings | _asked(rest, ask)) if believed else Heard({}, {})


def heard_changes(page: Page, decisions: Mapping[str, FontDecision], heard: Heard) -> list[Change]:
    """Changes to a page's raw text: what its fonts say, where they are believed, else what was decided of them."""
    if page.glyphs is None or heard.believed.keys().isdisjoint(page.glyphs.fonts):
        return font_changes(page, decisions)
    alone = {font for font, one in heard.believed.items() if not one.helped}
    own = [
        Change(start, end, sign, FAMILY.format(one.witness), one.confidence)
        for font, one in heard.believed.items()
        for start, end, sign in _signs_of(page, font, heard.readings.get(page.number, ()), one.witness)
    ]
    return own + _beside(font_changes(page, {f: d for f, d in decisions.items() if f not in alone}), own)


def _beside(changes: Iterable[Change], own: Iterable[Change]) -> list[Change]:
    """Those changes that touch nothing the fonts spoke of."""
    told = {place for change in own for place in range(change.start, change.end)}
    return [change for change in changes if told.isdisjoint(range(change.start, change.end))]


def _is_doubted(decision: FontDecision) -> bool:
    return decision.accident is not None or decision.doubtful is not None or decision.oddness.is_doubtful


def _drawn(page: Page, fonts: Iterable[str]) -> int:
    """How many signs of a page some fonts drew."""
    if page.glyphs is None:
        return 0
    numbers = [number for number, font in enumerate(page.glyphs.fonts) if font in fonts]
    return int(np.isin(page.glyphs.font_ids, numbers).sum()) if numbers else 0


def _asked(pages: Sequence[Page], ask: AskFonts) -> dict[int, tuple[OwnReading, ...]]:
    return {page.number: said for page, said in zip(pages, ask(pages), strict=True)} if pages else {}


def _signs_of(page: Page, font: str, readings: Iterable[OwnReading], witness: str) -> Signs:
    """What a witness says of the signs of one font."""
    if page.glyphs is None or font not in page.glyphs.fonts:
        return ()
    ids, number = page.glyphs.font_ids, page.glyphs.fonts.index(font)
    return tuple(
        sign for reading in readings if reading.witness == witness for sign in reading.signs if ids[sign[0]] == number
    )


def _weighed(
    pages: Sequence[Page],
    readings: Mapping[int, tuple[OwnReading, ...]],
    decisions: Mapping[str, FontDecision],
    doubted: Iterable[str],
) -> dict[str, Believed]:
    """The best witness of each doubted font, where one is better than what was decided without it."""
    french = French({})
    believed: dict[str, Believed] = {}
    witnesses = dict.fromkeys(one.witness for some in readings.values() for one in some)
    for font in sorted(doubted):
        decided = {page.number: font_changes(page, {font: decisions[font]}) for page in pages}
        accident = decisions[font].accident
        known = sum(_gains(_words(pages, decided), french)) + (accident is not None and accident.name != SOLVED)
        least = max(_BELIEVED, known)
        for witness in witnesses:
            own = _spoken(pages, font, readings, witness)
            ways = [(own, False)]
            if accident is not None:
                ways.append(({page: [*some, *_beside(decided[page], some)] for page, some in own.items()}, True))
            for changes, helped in ways:
                words = _words(pages, changes)
                gain, sure = sum(_gains(words, french)), share_sound([new for _, new in words])
                if gain >= least and sure >= LEAST_SURE:
                    believed[font] = Believed(witness=witness, confidence=sure, helped=helped)
                    least = gain + 1.0  # another must be better, not as good
    return believed


def _spoken(
    pages: Iterable[Page], font: str, readings: Mapping[int, tuple[OwnReading, ...]], witness: str
) -> dict[int, list[Change]]:
    """By page number, the changes that write the signs of a font as one witness says them."""
    return {
        page.number: [Change(*sign, witness, 1.0) for sign in _signs_of(page, font, readings[page.number], witness)]
        for page in pages
    }


def _words(pages: Iterable[Page], changes: Mapping[int, Sequence[Change]]) -> Words:
    """The words that changes would make, with what was read in their places."""
    words: defaultdict[tuple[str, str], int] = defaultdict(int)
    for page in pages:
        for pair in _changed(page.raw_text, changes[page.number]):
            words[pair] += 1
    return Counter(words)


def _changed(raw: str, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    if not changes:
        return
    pieces: list[str] = []
    places: list[int] = []  # of each character in the raw text
    at = 0
    touched: set[int] = set()
    for change in sorted(changes, key=lambda change: change.start):
        pieces += [raw[at : change.start], change.after]
        places += range(at, change.start)
        touched.update(range(len(places), len(places) + len(change.after)))
        places += [change.start] * len(change.after)
        at = change.end
    text = "".join([*pieces, raw[at:]])
    places += range(at, len(raw) + 1)
    for match in TOKEN.finditer(text):
        if not touched.isdisjoint(range(*match.span())):
            yield raw[places[match.start()] : places[match.end()]], match[0]


def _gains(words: Words, french: French) -> Iterator[float]:
    """Nats that each different word gains or loses."""
    for (read, own), count in words.items():
        gain = french.text(own) - max(UNREADABLE, french.text(read))
        yield (1.0 + math.log(count)) * max(-MOST_GAIN, min(MOST_GAIN, gain))
