"""Whether the words around a date tell of the past or of the future.

Why: in a letter, minutes or an article « le 25 novembre » is the last one or the next, and only the verb says which.
Idea: the nearest sign of tense in the clause decides (words in ``dates.toml``); some phrases decide alone (« lors de la
réunion du », « menée du »).
Limits: verb endings are read, without a parser.
"""

from __future__ import annotations

import re
from datetime import date

from pipeline.entities.dates_calendar import Partial, interval
from pipeline.entities.dates_grammar import grammar
from pipeline.records import DateValue

_CLAUSE = re.compile(r"[.;:!?()\n]|,? et (?=\w)|, (?=qui|dont|mais|alors|puis)")
_FRAMED = re.compile(r"(?:du|de|entre le)[ \n]")
_TOLD = re.compile(
    r"(?<!\w)(?:(?:lors|suite|(?:a )?l'issue|depuis|apres)(?!\w)|(?:votre|vos|notre|mon|ma)(?!\w)(?![^,.;:]*(?<!\w)aux? ))"
    r"(?![^,.;:]*(?<!\w)prochain)[^,.;:]{0,60}[ \n](?:du|en date du)[ \n]\Z"
)


def _reported(words: str) -> str:
    """``words`` up to a reported clause (« ignorent encore s'ils seront relogés »)."""
    return re.split(r"(?<!\w)(?:s'ils?|si|que|qu')(?!\w)", words)[0]


def tense(key: str, text: str, start: int, end: int) -> int:
    """-1 where the clause around ``key[start:end]`` tells of the past, 1 of the future, 0 where it does not say."""
    low, high = max(0, start - 220), min(len(key), end + 220)
    framed = _FRAMED.match(key, start)  # « menée du 4 au 22 janvier »: the frame belongs to the date
    if grammar().done.search(text, max(0, start - 40), framed.end() if framed else start):
        return -1
    told = _TOLD.search(key, max(0, start - 90), start)
    if told and not re.match(r"[^.;:]{0,40}?(?<!\w)(?!s'|qu|si)\w+r(?:a|ont)(?!\w)", _reported(key[end : end + 60])):
        return -1
    cuts = [low, low, *(match.end() + low for match in _CLAUSE.finditer(key[low:start]))]
    ends = [match.start() for match in _CLAUSE.finditer(key, end, high)] + [high, high]
    if cuts[-1] > low and re.match(r"(?:qui|dont|que)(?!\w)", key[cuts[-1] : start]):
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
