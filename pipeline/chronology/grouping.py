"""One history out of many tellings: which of them tell the same event, and on what they do not agree.

Why: a signature stands in the convention, in the minutes and in the press; a chronology that prints it three times is not
one a historian would sign, and one that merges two signatures is worse.
Idea: two tellings are of one event where kind, dates and participants agree. Kinds agree where they are the same or sisters
(kinds.csv); dates where the intervals overlap; participants where nothing named in both parts them (two sites, two places,
two laws, two persons) and something particular is shared, or the words are alike. The less the dates and kinds say, the more
alike the words must be, and inside one document most of all: what one document tells twice, it mostly tells apart. A telling
joins a group if it tells the same as one of its tellings and contradicts none, the most precise first, so that « 2007 » never
ties « mars 2007 » to « septembre 2007 ». It is compared with those alone that it may meet (``meeting``).
Limits: careful rather than complete. What may be one event but for a date is written down as a disagreement, not merged.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from pipeline.chronology.dates import date_label
from pipeline.chronology.gists import Gist, likeness
from pipeline.chronology.kinds import sister_kinds
from pipeline.chronology.meeting import Groups, Rivals

# A participant in more tellings than this, and in more than one in twenty, says little about any one of them.
_COMMON_COUNT, _COMMON_SHARE = 20, 0.05
_A_LITTLE, _ALIKE, _VERY, _NEARLY_SAME = 0.3, 0.5, 0.6, 0.8  # shares of the shorter excerpt's content words
_PARTING_ROLES = ("site", "place", "law", "person", "programme")
_TELLING_ROLES = ("site", "place", "law", "person")
_INSTITUTION_KINDS = frozenset({"creation", "dissolution", "renaming", "merger", "appointment"})
_LEAST_SHARED = 2  # participants of two tellings that may be one event on two dates
_OF_UNNAMED = frozenset({"selection", "designation"})
_OF_PARTIES = frozenset({"signature"})  # the same parties on the same day sign one deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two tellings, by their ``event_id``, that do not agree on ``subject``: date, amount or certainty."""

    first: str
    second: str
    subject: str
    values: tuple[str, str]


def group_tellings(tellings: Iterable[Gist]) -> list[list[Gist]]:
    """Tellings by event; in each group the most precise first. The result does not depend on the order given."""
    ordered = sorted(tellings, key=_precise_first)
    common = _common_keys(ordered)
    groups = Groups(common)
    for telling in ordered:
        near = sorted(groups.near(telling), key=lambda group: (-likeness(telling, group.tellings[0]), group.number))
        best = next((group for group in near if _joins(telling, group.tellings, common)), None)
        groups.add(telling, best)
    return _sentences_joined([group.tellings for group in groups.all])


def _sentences_joined(groups: list[list[Gist]]) -> list[list[Gist]]:
    """« construite en 1962 et 1963 », « les 26 et 27 septembre »: one sentence on two dates that touch is one line."""
    number_of = {telling.event_id: number for number, group in enumerate(groups) for telling in group}
    # most stand alone, and are not held
    often = Counter(hash(telling.sentence) for group in groups for telling in group)
    by_sentence: dict[tuple[object, ...], list[Gist]] = defaultdict(list)
    for group in groups:
        for telling in group:
            if often[hash(telling.sentence)] > 1:
                by_sentence[telling.sentence].append(telling)
    for tellings in by_sentence.values():
        tellings.sort(key=lambda telling: (telling.date_from, telling.date_to, telling.event_id))
        for one, other in pairwise(tellings):
            kept, gone = number_of[one.event_id], number_of[other.event_id]
            if kept == gone or one.date_to + timedelta(days=1) != other.date_from:
                continue
            number_of |= {telling.event_id: kept for telling in groups[gone]}
            groups[kept], groups[gone] = groups[kept] + groups[gone], []
    return [group for group in groups if group]


def disagreements(groups: list[list[Gist]]) -> Iterator[Disagreement]:
    """What tellings of one event, or of what seems to be one event on two dates, say differently."""
    common = _common_keys([telling for group in groups for telling in group])
    rivals = Rivals()
    for group in groups:
        lead = group[0]
        for other in group[1:]:
            yield from _differences(lead, other)
        particular = _particular(lead) - common
        for other in rivals.near(lead, particular):
            if _rival_dates(lead, other, common):
                yield _date_difference(other, lead)
        rivals.add(lead, particular)


def _precise_first(telling: Gist) -> tuple[int, str, int, str]:
    return telling.days, telling.date_from.isoformat(), -len(telling.actors), telling.event_id


def _common_keys(tellings: list[Gist]) -> frozenset[str]:
    counts = Counter(key for telling in tellings for key in telling.keys_in())
    limit = max(_COMMON_COUNT, _COMMON_SHARE * len(tellings))
    return frozenset(key for key, count in counts.items() if count > limit)


def _joins(telling: Gist, group: list[Gist], common: frozenset[str]) -> bool:
    """Whether a telling tells the event of a group: that of one of its tellings, and of all from its own document."""
    any_same = False
    for other in group:
        if _same_event(telling, other, common):
            any_same = True
        elif (
            other.document_id == telling.document_id
            or not _meet(telling, other)
            or _parted(telling, other)
            or not sister_kinds(telling.kind, other.kind)
        ):
            return False
    return any_same


def _meet(one: Gist, other: Gist) -> bool:
    return one.date_from <= other.date_to and other.date_from <= one.date_to


def _same_event(one: Gist, other: Gist, common: frozenset[str]) -> bool:
    if not _meet(one, other):
        return False
    if _one_statute(one, other):
        return True
    if not sister_kinds(one.kind, other.kind) or _parted(one, other):
        return False
    titles = one.titles & other.titles
    shared, alike = (one.keys_in() & other.keys_in()) | titles, likeness(one, other)
    same_dates = (one.date_from, one.date_to) == (other.date_from, other.date_to)
    if one.document_id == other.document_id:
        return _told_again(one, other, shared, alike)
    if same_dates and one.days == 1 and alike >= _ALIKE and (one.of_own_paper or other.of_own_paper):
        return True  # « Fait à Paris … », and the title of what was made there
    if one.kind != other.kind:
        two_bodies = {one.kind, other.kind} <= _INSTITUTION_KINDS and _parted(one, other, ("body",))
        return same_dates and bool(shared) and alike >= _ALIKE and not two_bodies
    particular = (_particular(one) & _particular(other) - common) | titles
    strong = bool(particular and one.keys_in(*_TELLING_ROLES) & other.keys_in(*_TELLING_ROLES) - common)
    # One law founds several things, and « la ville a été retenue » is another town in another document.
    weak = (bool(particular) and particular <= one.keys_in("law")) or (one.kind in _OF_UNNAMED and not strong)
    if weak:
        alike = likeness(one, other, beside=shared)
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


def _told_again(one: Gist, other: Gist, shared: frozenset[str], alike: float) -> bool:
    """Whether one document tells one event twice: in nearly the same words, not as two rows of a table or two sums."""
    if _overlap(one, other) or _parted(one, other, ("amount",)) or (one.tabular and other.tabular):
        return False
    founded = one.kind == other.kind and one.kind in _INSTITUTION_KINDS  # a body is created once
    return alike >= (_VERY if founded else _NEARLY_SAME) and len(shared) > (0 if founded else 1)


def _one_statute(one: Gist, other: Gist) -> bool:
    """« Loi n° 2003-710 : PNRU », « La loi n° 2003-710 fut promulguée »: a statute that opens a line is the event of its day,
    whatever each document calls what it did; not where it did it to two sites, two places, or two bodies.
    """
    if one.document_id == other.document_id or one.days > 1 or one.date_from != other.date_from or other.days > 1:
        return False
    if not one.keys_in("law") & other.keys_in("law") & (one.opening_laws | other.opening_laws):
        return False
    founding = {one.kind, other.kind} <= _INSTITUTION_KINDS
    return not _parted(one, other, ("site", "place", "body") if founding else ("site", "place"))


def _overlap(one: Gist, other: Gist) -> bool:
    return one.page == other.page and one.start < other.end and other.start < one.end


def _parted(one: Gist, other: Gist, roles: tuple[str, ...] = _PARTING_ROLES) -> bool:
    """Whether both name something in a role that tells events apart, and nothing in common, by identity or by words."""
    for role in roles:
        if role == "law" and not (_numbered(one) and _numbered(other)):
            continue  # « décret du 14 février 1963 » may be any of that day
        ours, theirs = one.keys_in(role), other.keys_in(role)
        if ours and theirs and not ours & theirs and not one.names_in(role) & other.names_in(role):
            return True
    return False


_NUMBER = re.compile(r"n[°º]|\d-\d")


def _numbered(telling: Gist) -> bool:
    return any(_NUMBER.search(surface) for surface in telling.surfaces_in("law"))


def _particular(telling: Gist) -> frozenset[str]:
    roles = ("programme", "site", "law", "person", "place")
    return telling.keys_in(*roles, "body") if telling.kind in _INSTITUTION_KINDS else telling.keys_in(*roles)


def _rival_dates(one: Gist, other: Gist, common: frozenset[str]) -> bool:
    """Whether two tellings of two documents look like one event on two dates, less than a year and a day apart."""
    if one.document_id == other.document_id or not sister_kinds(one.kind, other.kind) or _meet(one, other):
        return False
    if len(one.keys_in() & other.keys_in()) < _LEAST_SHARED or _parted(one, other):
        return False
    return bool(_particular(one) & _particular(other) - common) and likeness(one, other) >= _VERY


def _differences(one: Gist, other: Gist) -> Iterator[Disagreement]:
    inside = one.date_from >= other.date_from and one.date_to <= other.date_to
    if not inside and one.sentence != other.sentence:
        yield _date_difference(one, other)
    if one.certainty != other.certainty:
        yield _disagreement(one, other, "certainty", one.certainty, other.certainty)
    ours, theirs = one.keys_in("amount"), other.keys_in("amount")
    if ours and theirs and not ours & theirs:
        sums = [", ".join(telling.surfaces_in("amount")) for telling in (one, other)]
        yield _disagreement(one, other, "amount", *sums)


def _date_difference(one: Gist, other: Gist) -> Disagreement:
    labels = [date_label(telling.date_from, telling.date_to, telling.precision) for telling in (one, other)]
    return _disagreement(one, other, "date", *labels)


def _disagreement(one: Gist, other: Gist, subject: str, ours: str, theirs: str) -> Disagreement:
    return Disagreement(first=one.event_id, second=other.event_id, subject=subject, values=(ours, theirs))
