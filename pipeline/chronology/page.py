"""The chronology as one self-contained page: a timeline to zoom and filter, the list under it, no request to anyone.

Idea: the whole list is plain HTML, so it can be read, searched and printed without a script; the script only hides rows
and draws the timeline from the same events. Text is escaped by the
templates; the Content-Security-Policy names the hash
of the one style and the one script, so nothing else can run, even where an excerpt holds markup.
Limits: a row weighs about 1.5 kB; some tens of thousands of events are better filtered first.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.chronology.entries import Entry, Source
from pipeline.chronology.filters import Filters
from pipeline.chronology.kinds import FAMILIES, kind_family, kind_label

FOLDER = Path(__file__).with_name("page")
# Before anything is laid out: with a script, the list waits until the script has chosen what to show of it.
_BOOT = "document.documentElement.className='js'"
_FACETS = (
    ("programmes", "Programme", "Tous"),
    ("bodies", "Organisme", "Tous"),
    ("sites", "Site", "Tous"),
    ("places", "Commune ou territoire", "Tous"),
)
_ROLES = {
    "body": "Organisme",
    "programme": "Programme",
    "site": "Site",
    "place": "Lieu",
    "person": "Personne",
    "law": "Texte",
    "amount": "Montant",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What the template shows of an event."""

    date_from: str
    date_to: str
    date_label: str
    title: str
    certainty: str
    family: str
    kind_label: str
    actors: list[tuple[str, str]]
    tellings: Sequence[Source]
    pages: Sequence[Source]
    disagreements: Sequence[str]


class Page:
    """The page, its rows kept in ``folder`` until what stands above them is known."""

    def __init__(self, folder: Path) -> None:
        self._template = _environment().get_template("row.html.j2")
        self._rows, self._events = (
            (folder / name).open("w+", encoding="utf-8", newline="") for name in ("rows", "events")
        )
        self._kinds: Counter[str] = Counter()
        self._names: list[Counter[str]] = [Counter() for _ in _FACETS]
        self._documents: set[str] = set()
        self._first, self._last = date.max, date.min

    def add(self, entry: Entry) -> None:
        """One more event."""
        self._rows.write(self._template.render(entry=_row(entry), number=self._kinds.total(), role_labels=_ROLES))
        names = [getattr(entry, column) for column, _, _ in _FACETS]
        days = entry.date_from.isoformat(), entry.date_to.isoformat()
        self._events.write(json.dumps([*days, entry.kind, int(entry.certainty == "happened"), *names]) + "\n")
        self._kinds[entry.kind] += 1
        for counted, named in zip(self._names, names, strict=True):
            counted.update(named)
        self._documents.update(telling.source for telling in entry.tellings)
        self._first, self._last = min(self._first, entry.date_from), max(self._last, entry.date_to)

    def written(self, filters: Filters) -> Iterator[str]:
        """The page's HTML in stretches, when every event was added."""
        style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
        kinds = sorted(self._kinds, key=lambda kind: (list(FAMILIES).index(kind_family(kind)), kind_label(kind)))
        facets = [dict(sorted(names.items(), key=lambda item: (item[0].casefold(), item[0]))) for names in self._names]
        heading = _heading(filters)
        for file in (self._rows, self._events):
            file.seek(0)
        template = _environment().get_template("page.html.j2")
        return template.generate(
            title=f"{heading} — Chronoville",
            heading=heading,
            lead=self._lead(),
            style=Markup(style),  # noqa: S704 (our own file)
            script=Markup(script),  # noqa: S704 (our own file)
            style_hash=_hash(style),
            script_hash=_hash(script),
            boot=Markup(_BOOT),  # noqa: S704 (our own)
            boot_hash=_hash(_BOOT),
            facets=[
                {"label": label, "every": every, "options": names.items()}
                for (_, label, every), names in zip(_FACETS, facets, strict=True)
            ],
            families=_families(self._kinds, kinds),
            rows=map(Markup, self._rows),  # rendered above
            data=_data(self._events, kinds, [list(names) for names in facets]),
            colophon="Établie par Chronoville à partir des documents cités ; chaque ligne renvoie à la page qui la fonde.",
        )

    def close(self) -> None:
        """Close the page's own files."""
        self._rows.close()
        self._events.close()

    def _lead(self) -> str:
        count, documents = self._kinds.total(), len(self._documents)
        if not count:
            return "Aucun événement."
        first, last = self._first.year, self._last.year
        years = str(first) if first == last else f"{first}–{last}"
        events = f"{_spaced(count)} événement{'s' * (count > 1)}"
        return f"{events}, {years}, d’après {_spaced(documents)} document{'s' * (documents > 1)}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["spaced"] = _spaced
    return environment


def _heading(filters: Filters) -> str:
    names = [name for _, name in filters.named()]
    return f"Chronologie : {', '.join(names)}" if names else "Chronologie"


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _families(counts: Counter[str], kinds: list[str]) -> list[dict[str, object]]:
    families = []
    for key, label in FAMILIES.items():
        members = [
            (index, kind_label(kind), counts[kind]) for index, kind in enumerate(kinds) if kind_family(kind) == key
        ]
        if members:
            families.append(
                {"key": key, "label": label, "kinds": members, "count": sum(member[2] for member in members)}
            )
    return families


def _row(entry: Entry) -> _Row:
    named = (("programme", entry.programmes), ("body", entry.bodies), ("site", entry.sites), ("place", entry.places))
    return _Row(
        date_from=entry.date_from.isoformat(),
        date_to=entry.date_to.isoformat(),
        date_label=entry.date_label,
        title=entry.title,
        certainty=entry.certainty,
        family=kind_family(entry.kind),
        kind_label=kind_label(entry.kind),
        actors=[(role, name) for role, names in named for name in names],
        tellings=entry.tellings,
        pages=entry.pages,
        disagreements=entry.disagreements,
    )


def _data(events: Iterable[str], kinds: list[str], facets: list[list[str]]) -> Iterator[Markup]:
    """The events as numbers, for the timeline: JSON in which no character can end the script element."""
    places = [{name: index for index, name in enumerate(names)} for names in facets]
    number = {kind: index for index, kind in enumerate(kinds)}
    parted = '{"events":['
    for line in events:
        first, last, kind, happened, *named = json.loads(line)
        ids = [[index[name] for name in names] for index, names in zip(places, named, strict=True)]
        yield Markup(parted + _compact([first, last, number[kind], happened, *ids]))  # noqa: S704 (dates and numbers)
        parted = ","
    families = _compact(
        {"kinds": [[kind_label(kind), kind_family(kind)] for kind in kinds], "families": list(FAMILIES)}
    )
    for sign in "<>&":
        families = families.replace(sign, f"\\u{ord(sign):04x}")
    yield Markup(("" if parted == "," else parted) + "]," + families[1:])  # noqa: S704 (escaped above)


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
