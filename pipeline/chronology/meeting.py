"""Which tellings can be compared at all: those that may meet, found without looking at the others.

Why: compared each with each, the tellings of a large archive would take days.
Idea: the tellings of a group all meet in time, so that one that joins it meets what they have in common, its days; and it is
of a kind with them. A telling of one day is looked for among those of that day, one of several among those whose days it
meets and with whom it shares a participant or a title, or, of a participant that many tellings have, the very interval.
Limits: where a whole archive tells of one day, its tellings are compared each with each, kind by kind.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.chronology.gists import Gist
from pipeline.chronology.kinds import ANY_KIND, sisterhood

_LONGEST_SPAN = 20  # years; a vaguer telling stands alone
_NEIGHBOUR_DAYS = 366  # between two tellings that may be of one event
_ROOM = 1 << 32  # numbers of groups: a place is a day times this, plus a number

Place = tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class Group:
    """Tellings of one event, the most precise first, and the days they all allow."""

    number: int
    tellings: list[Gist]
    date_from: date
    date_to: date


class _Timelines:
    """Numbers by place, kind and first day."""

    def __init__(self) -> None:
        self._lines: dict[Place, dict[str, array[int]]] = defaultdict(dict)
        self._longest = 0  # days beyond the first, of any

    def add(self, place: Place, telling: Gist, number: int) -> None:
        line = self._lines[place].setdefault(sisterhood(telling.kind), array("Q"))
        entry = telling.date_from.toordinal() * _ROOM + number
        where = bisect_left(line, entry)
        if where == len(line) or line[where] != entry:
            line.insert(where, entry)
        self._longest = max(self._longest, telling.days - 1)

    def near(self, place: Place, telling: Gist, within: int = 0) -> Iterator[int]:
        """Numbers of a kind with ``telling`` at a place, that may be ``within`` so many days of it, and some that are not."""
        lines = self._lines.get(place)
        if lines is None:
            return
        sisters = sisterhood(telling.kind)
        first = telling.date_from.toordinal() - self._longest - within
        beyond = (telling.date_to.toordinal() + within + 1) * _ROOM
        for kind in lines if sisters == ANY_KIND else (sisters, ANY_KIND):
            line = lines.get(kind)
            if line is not None:
                start = bisect_left(line, max(first, 0) * _ROOM)
                yield from (entry % _ROOM for entry in line[start : bisect_left(line, beyond)])


class Groups:
    """The groups made so far, and which of them a telling may join. Tellings come the most precise first."""

    def __init__(self, common: frozenset[str]) -> None:
        self.all: list[Group] = []
        self._common = common
        self._lines = _Timelines()
        self._of_statute: dict[tuple[str, date], list[int]] = defaultdict(list)

    def near(self, telling: Gist) -> list[Group]:
        """Groups that all meet a telling and that it may join, in the order they were made."""
        if telling.days == 1:  # a statute's day is one event, of whatever kind
            found = {number for law in telling.keys_in("law") for number in self._of_statute[law, telling.date_from]}
            found.update(self._lines.near((telling.date_from,), telling))
        else:
            found = {number for place in self._shared_places(telling) for number in self._lines.near(place, telling)}
        groups = (self.all[number] for number in sorted(found))
        return [group for group in groups if group.date_from <= telling.date_to and telling.date_from <= group.date_to]

    def add(self, telling: Gist, group: Group | None) -> None:
        """Put a telling into a group, or into a new one."""
        if group is None:
            group = Group(number=len(self.all), tellings=[], date_from=telling.date_from, date_to=telling.date_to)
            self.all.append(group)
        group.tellings.append(telling)
        group.date_from, group.date_to = (
            max(group.date_from, telling.date_from),
            min(group.date_to, telling.date_to),
        )
        for place in self._shared_places(telling):
            self._lines.add(place, telling, group.number)
        if telling.days == 1:
            self._lines.add((telling.date_from,), telling, group.number)
            for law in telling.keys_in("law"):
                self._of_statute[law, telling.date_from].append(group.number)

    def _shared_places(self, telling: Gist) -> Iterator[Place]:
        """Where a telling of several days is looked for, by whom and what it names."""
        if telling.date_to.year - telling.date_from.year > _LONGEST_SPAN:
            return
        for key in telling.keys_in() | telling.titles:
            if key not in self._common:
                yield (key,)
            elif telling.days > 1:
                yield key, telling.date_from, telling.date_to


class Rivals:
    """Tellings met so far, and which of them may be of one event with another but for its date."""

    def __init__(self) -> None:
        self._all: list[Gist] = []
        self._lines = _Timelines()

    def near(self, telling: Gist, particular: frozenset[str]) -> Iterator[Gist]:
        """Tellings of a kind, not a year away, that name one of the ``particular`` participants and another with it."""
        pairs = self._pairs(telling, particular)
        for number in sorted({number for pair in pairs for number in self._lines.near(pair, telling, _NEIGHBOUR_DAYS)}):
            other = self._all[number]
            gap = max((telling.date_from - other.date_to).days, (other.date_from - telling.date_to).days)
            if gap <= _NEIGHBOUR_DAYS:
                yield other

    def add(self, telling: Gist, particular: frozenset[str]) -> None:
        """Let a telling be found."""
        for pair in self._pairs(telling, particular):
            self._lines.add(pair, telling, len(self._all))
        self._all.append(telling)

    def _pairs(self, telling: Gist, particular: frozenset[str]) -> set[Place]:
        if telling.date_to.year - telling.date_from.year > _LONGEST_SPAN:
            return set()
        keys = telling.keys_in()
        return {(min(one, other), max(one, other)) for one in particular & keys for other in keys if other != one}
