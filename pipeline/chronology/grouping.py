"""One history out of many tellings: which of them tell the same event, and on what they do not agree.

Why: a signature stands in the convention, in the minutes and in the press; a chronology that prints it three times is not
one a historian would sign, and one that merges two signatures is worse.
Idea: two tellings are of one event where kind, dates and participants agree. Kinds agree where they are the same or sisters
(kinds.csv); dates where the intervals overlap; participants where nothing named in both parts them (two sites, two places,
two laws, two persons) and something particular is shared, or the words are alike. The less the dates and kinds say, the more
alike the words must be, and inside one document most of all: what one document tells twice, it mostly tells apart. A telling
joins a group if it tells the same as one of its tellings and contradicts none, the most precise first, so that « 2007 » never
ties « mars 2007 » to « septembre 2007 ».
Limits: careful rather than complete. What may be one event but for a date is written down as a disagreement, not merged.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from pipeline.chronology.dates import date_label
from pipeline.chronology.kinds import sister_kinds
from pipeline.chronology.reading import without_idle
from pipeline.chronology.tellings import Telling, folded
from pipeline.lexicon import MONTHS

# A participant in more tellings than this, and in more than one in twenty, says little about any one of them.
_COMMON_COUNT, _COMMON_SHARE = 20, 0.05
_A_LITTLE, _ALIKE, _VERY, _NEARLY_SAME = 0.3, 0.5, 0.6, 0.8  # shares of the shorter excerpt's content words
_LEAST_WORDS = 3
_PARTING_ROLES = ("site", "place", "law", "person", "programme")
_TELLING_ROLES = ("site", "place", "law", "person")
_INSTITUTION_KINDS = frozenset({"creation", "dissolution", "renaming", "merger", "appointment"})
_OF_UNNAMED = frozenset({"selection", "designation"})
_OF_PARTIES = frozenset({"signature"})  # the same parties on the same day sign one deed
_LONGEST_SPAN = 20  # years; a vaguer telling stands alone
_NEIGHBOUR_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two tellings that do not agree on ``subject``: date, amount or certainty."""

    first: Telling
    second: Telling
    subject: str
    values: tuple[str, str]


def group_tellings(tellings: Iterable[Telling]) -> list[list[Telling]]:
    """Tellings by event; in each group the most precise first. The result does not depend on the order given."""
    ordered = sorted(tellings, key=_precise_first)
    common = _common_keys(ordered)
    groups: list[list[Telling]] = []
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for telling in ordered:
        places = list(_places(telling, common, reach=0))
        near = sorted({number for place in places for number in index.get(place, ())})
        fitting = [number for number in near if _joins(telling, groups[number], common)]
        if fitting:
            chosen = max(fitting, key=lambda number: (_likeness(telling, groups[number][0]), -number))
            groups[chosen].append(telling)
        else:
            chosen = len(groups)
            groups.append([telling])
        for place in places:
            if not index[place] or index[place][-1] != chosen:
                index[place].append(chosen)
    return _sentences_joined(groups)


def _sentences_joined(groups: list[list[Telling]]) -> list[list[Telling]]:
    """« construite en 1962 et 1963 », « les 26 et 27 septembre »: one sentence on two dates that touch is one line."""
    number_of = {telling.event_id: number for number, group in enumerate(groups) for telling in group}
    by_sentence: dict[tuple[object, ...], list[Telling]] = defaultdict(list)
    for group in groups:
        for telling in group:
            by_sentence[sentence_of(telling)].append(telling)
    for tellings in by_sentence.values():
        tellings.sort(key=lambda telling: (telling.date_from, telling.date_to, telling.event_id))
        for one, other in pairwise(tellings):
            kept, gone = number_of[one.event_id], number_of[other.event_id]
            if kept == gone or one.date_to + timedelta(days=1) != other.date_from:
                continue
            number_of |= {telling.event_id: kept for telling in groups[gone]}
            groups[kept], groups[gone] = groups[kept] + groups[gone], []
    return [group for group in groups if group]


def sentence_of(telling: Telling) -> tuple[object, ...]:
    """What two tellings of one sentence have in common, whatever their dates."""
    spans = tuple((piece.start, piece.end) for piece in telling.pieces)
    return telling.document_id, telling.page, spans, telling.kind, telling.certainty


def disagreements(groups: list[list[Telling]]) -> list[Disagreement]:
    """What tellings of one event, or of what seems to be one event on two dates, say differently."""
    found = [item for group in groups for other in group[1:] for item in _differences(group[0], other)]
    common = _common_keys([telling for group in groups for telling in group])
    index: dict[tuple[str, str], list[Telling]] = defaultdict(list)
    for group in groups:
        lead = group[0]
        near = {other.event_id: other for place in _places(lead, common, reach=1) for other in index.get(place, ())}
        for other in near.values():
            if _rival_dates(lead, other, common):
                found.append(_date_difference(other, lead))
        for place in _places(lead, common, reach=0):
            index[place].append(lead)
    return sorted(found, key=lambda item: (item.first.event_id, item.second.event_id, item.subject))


def _precise_first(telling: Telling) -> tuple[int, str, int, str]:
    return telling.days, telling.date_from.isoformat(), -len(telling.actors), telling.event_id


def _places(telling: Telling, common: frozenset[str], *, reach: int) -> Iterator[tuple[str, str]]:
    """Where tellings of the same event would meet: a day, or a particular participant and a year."""
    if telling.days == 1:
        yield "", telling.date_from.isoformat()
    first, last = telling.date_from.year - reach, telling.date_to.year + reach
    if last - first > _LONGEST_SPAN:
        return
    interval = f"{telling.date_from}/{telling.date_to}"
    for key in sorted(telling.keys_in() | _titles(telling.excerpt)):
        if key in common:
            yield key, interval
            continue
        for year in range(first, last + 1):
            yield key, str(year)


def _common_keys(tellings: list[Telling]) -> frozenset[str]:
    counts = Counter(key for telling in tellings for key in telling.keys_in())
    limit = max(_COMMON_COUNT, _COMMON_SHARE * len(tellings))
    return frozenset(key for key, count in counts.items() if count > limit)


def _joins(telling: Telling, group: list[Telling], common: frozenset[str]) -> bool:
    """Whether a telling tells the event of a group: that of one of its tellings, and of all from its own document."""
    same = {other.event_id for other in group if _same_event(telling, other, common)}
    return bool(same) and all(
        other.event_id in same
        or (other.document_id != telling.document_id and _meet(telling, other) and not _parted(telling, other)
            and sister_kinds(telling.kind, other.kind))
        for other in group
    )  # fmt: skip


def _meet(one: Telling, other: Telling) -> bool:
    return one.date_from <= other.date_to and other.date_from <= one.date_to


def _same_event(one: Telling, other: Telling, common: frozenset[str]) -> bool:
    if not _meet(one, other):
        return False
    if _one_statute(one, other):
        return True
    if not sister_kinds(one.kind, other.kind) or _parted(one, other):
        return False
    titles = _titles(one.excerpt) & _titles(other.excerpt)
    shared, alike = (one.keys_in() & other.keys_in()) | titles, _likeness(one, other)
    same_dates = (one.date_from, one.date_to) == (other.date_from, other.date_to)
    if one.document_id == other.document_id:
        return _told_again(one, other, shared, alike)
    if same_dates and one.days == 1 and alike >= _ALIKE and (one.own_paper or other.own_paper):
        return True  # « Fait à Paris … », and the title of what was made there
    if one.kind != other.kind:
        two_bodies = {one.kind, other.kind} <= _INSTITUTION_KINDS and _parted(one, other, ("body",))
        return same_dates and bool(shared) and alike >= _ALIKE and not two_bodies
    particular = (_particular(one) & _particular(other) - common) | titles
    strong = bool(particular and one.keys_in(*_TELLING_ROLES) & other.keys_in(*_TELLING_ROLES) - common)
    # One law founds several things, and « la ville a été retenue » is another town in another document.
    weak = (bool(particular) and particular <= one.keys_in("law")) or (one.kind in _OF_UNNAMED and not strong)
    if weak:
        alike = _likeness(one, other, beside=shared)
    if same_dates and one.days == 1:
        if len(shared - common) > 1 and {one.kind, other.kind} <= _OF_PARTIES:
            return True
        return (
            (strong and not weak)
            or (bool(shared) and alike >= (_A_LITTLE if particular and not weak else _ALIKE))
            or alike >= _NEARLY_SAME
        )
    enough = _ALIKE if same_dates and particular and one.kind not in _OF_UNNAMED else _VERY
    return ((strong or len(shared) > 1) and alike >= _A_LITTLE) or (bool(shared) and alike >= enough)


def _told_again(one: Telling, other: Telling, shared: frozenset[str], alike: float) -> bool:
    """Whether one document tells one event twice: in nearly the same words, not as two rows of a table or two sums."""
    if _overlap(one, other) or _parted(one, other, ("amount",)) or ("\t" in one.excerpt and "\t" in other.excerpt):
        return False
    founded = one.kind == other.kind and one.kind in _INSTITUTION_KINDS  # a body is created once
    return alike >= (_VERY if founded else _NEARLY_SAME) and len(shared) > (0 if founded else 1)


def _one_statute(one: Telling, other: Telling) -> bool:
    """« Loi n° 2003-710 : PNRU », « La loi n° 2003-710 fut promulguée »: a statute that opens a line is the event of its day,
    whatever each document calls what it did; not where it did it to two sites, two places, or two bodies.
    """
    if one.document_id == other.document_id or one.days > 1 or one.date_from != other.date_from or other.days > 1:
        return False
    if not one.keys_in("law") & other.keys_in("law") & (one.opening_laws() | other.opening_laws()):
        return False
    founding = {one.kind, other.kind} <= _INSTITUTION_KINDS
    return not _parted(one, other, ("site", "place", "body") if founding else ("site", "place"))


def _overlap(one: Telling, other: Telling) -> bool:
    return one.page == other.page and one.start < other.end and other.start < one.end


def _parted(one: Telling, other: Telling, roles: tuple[str, ...] = _PARTING_ROLES) -> bool:
    """Whether both name something in a role that tells events apart, and nothing in common, by identity or by words."""
    for role in roles:
        if role == "law" and not (_numbered(one) and _numbered(other)):
            continue  # « décret du 14 février 1963 » may be any of that day
        ours, theirs = one.keys_in(role), other.keys_in(role)
        if ours and theirs and not ours & theirs and not one.words_in(role) & other.words_in(role):
            return True
    return False


def _numbered(telling: Telling) -> bool:
    return any(re.search(r"n[°º]|\d-\d", actor.surface) for actor in telling.actors if actor.role == "law")


def _particular(telling: Telling) -> frozenset[str]:
    roles = ("programme", "site", "law", "person", "place")
    return telling.keys_in(*roles, "body") if telling.kind in _INSTITUTION_KINDS else telling.keys_in(*roles)


def _rival_dates(one: Telling, other: Telling, common: frozenset[str]) -> bool:
    """Whether two tellings of two documents look like one event on two dates."""
    if one.document_id == other.document_id or not sister_kinds(one.kind, other.kind):
        return False
    gap = max((one.date_from - other.date_to).days, (other.date_from - one.date_to).days)
    if not 0 < gap <= _NEIGHBOUR_DAYS or len(one.keys_in() & other.keys_in()) < 2 or _parted(one, other):
        return False
    return bool(_particular(one) & _particular(other) - common) and _likeness(one, other) >= _VERY


def _differences(one: Telling, other: Telling) -> Iterator[Disagreement]:
    inside = one.date_from >= other.date_from and one.date_to <= other.date_to
    if not inside and sentence_of(one) != sentence_of(other):
        yield _date_difference(one, other)
    if one.certainty != other.certainty:
        yield Disagreement(first=one, second=other, subject="certainty", values=(one.certainty, other.certainty))
    ours, theirs = one.keys_in("amount"), other.keys_in("amount")
    if ours and theirs and not ours & theirs:
        yield Disagreement(first=one, second=other, subject="amount", values=(_amounts(one), _amounts(other)))


def _date_difference(one: Telling, other: Telling) -> Disagreement:
    labels = [date_label(telling.date_from, telling.date_to, telling.precision) for telling in (one, other)]
    return Disagreement(first=one, second=other, subject="date", values=(labels[0], labels[1]))


def _amounts(telling: Telling) -> str:
    return ", ".join(" ".join(actor.surface.split()) for actor in telling.actors if actor.role == "amount")


def _likeness(one: Telling, other: Telling, *, beside: frozenset[str] = frozenset()) -> float:
    """Share of the shorter excerpt's content words that the other has too, by their first four letters; 0 to 1.

    ``beside``: keys of participants whose own words are not counted, nor any number, if there are some.
    """
    ours, theirs = _content_words(one.excerpt, one.own_paper), _content_words(other.excerpt, other.own_paper)
    named = [actor.surface for telling in (one, other) for actor in telling.actors if actor.key in beside]
    if beside:
        known = _content_words(" ".join(named), "")
        ours, theirs = (frozenset(filter(str.isalpha, words - known)) for words in (ours, theirs))
    least = min(len(ours), len(theirs))
    return len(ours & theirs) / least if least >= _LEAST_WORDS else 0.0


@lru_cache(maxsize=1 << 13)  # tellings are compared by day and year
def _content_words(excerpt: str, paper: str) -> frozenset[str]:
    """Words of four letters and more, by their first four, and numbers; months and years say nothing a date does not, and
    the formulas of every vote nothing at all. ``paper``: the title of the paper it speaks of, if it is its own.
    """
    words = re.findall(r"[a-z]{4,}|[0-9]{2,}", folded(f"{without_idle(excerpt)} {paper}"))
    return frozenset(word[:4] for word in words) - _MONTHS


@lru_cache(maxsize=1 << 13)  # tellings are compared by day and year
def _titles(excerpt: str) -> frozenset[str]:
    """Titles in quotation marks, of two words or more: a report, a call for projects."""
    quoted = (folded(words) for words in re.findall(r"«\s*([^«»]{8,}?)\s*»", excerpt))
    return frozenset(f"title:{words}" for words in quoted if " " in words)


_MONTHS = frozenset(folded(month)[:4] for month in MONTHS)
