"""Whether the words around a date tell of the past or of the future.

Why: in a letter, minutes or an article « le 25 novembre » is the last one or the next, and only the verb says which.
Idea: the nearest sign of tense in the clause decides (words in ``dates.toml``); some phrases decide alone (« lors de la
réunion du », « menée du »).
Limits: verb endings are read, without a parser.
"""

from __future__ import annotations

from datetime import date

from pipeline.entities.dates_calendar import Partial, interval
from pipeline.entities.dates_grammar import grammar
from pipeline.records import DateValue
from pipeline.wordings import wordings

SAYS = wordings(__file__, "dates_around.toml")


def _reported(words: str) -> str:
    """``words`` up to a reported clause (« ignorent encore s'ils seront relogés »)."""
    return SAYS["reports"].split(words)[0]


def tense(key: str, text: str, start: int, end: int) -> int:
    """-1 where the clause around ``key[start:end]`` tells of the past, 1 of the future, 0 where it does not say."""
    low, high = max(0, start - 220), min(len(key), end + 220)
    framed = SAYS["framed"].match(key, start)  # « menée du 4 au 22 janvier »: the frame belongs to the date
    if grammar().done.search(text, max(0, start - 40), framed.end() if framed else start):
        return -1
    told = SAYS["told"].search(key, max(0, start - 90), start)
    if told and not SAYS["will"].match(_reported(key[end : end + 60])):
        return -1
    cuts = [low, low, *(match.end() + low for match in SAYS["clause"].finditer(key[low:start]))]
    ends = [match.start() for match in SAYS["clause"].finditer(key, end, high)] + [high, high]
    if cuts[-1] > low and SAYS["relative"].match(key[cuts[-1] : start]):
        comma = key.find(", ", end, ends[0])  # « la DEAL, qui a succédé à la DDE au 1er janvier, tiendra … »
        ends.insert(0, comma if comma >= 0 else ends[0])
    for first, last in ((cuts[-1], ends[0]), (cuts[-2], ends[0]), (cuts[-2], ends[1])):
        best = (10**6, 0)
        for pattern, sign in ((grammar().future, 1), (grammar().past, -1)):
            for match in pattern.finditer(key, first, last):
                if text[match.start()] in "àÀ" or (sign == 1 and grammar().not_future.fullmatch(match[0])):
                    continue  # « à défaut » is no auxiliary, « opéra » no future
                distance = start - match.end() if match.end() <= start else match.start() - end
                best = min(best, (max(distance, 0), sign), key=lambda pair: pair[0])
        if best[1]:
            return best[1]
    return 0


def nearest(item: Partial, base: date, direction: int, within: bool = False) -> DateValue | None:
    """The first such stretch after ``base`` (or the last before it); ``within``: one that holds ``base`` will do."""
    for year in (base.year - 1, base.year, base.year + 1)[::direction]:
        value = interval(item, year)
        if value is None:
            continue
        if direction > 0 and (value.date_to >= base if within else value.date_from > base):
            return value
        if direction < 0 and (value.date_from <= base if within else value.date_to < base):
            return value
    return None
