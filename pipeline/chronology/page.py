"""The chronology as one self-contained page: a timeline to zoom and filter, the list under it, no request to anyone.

Idea: the whole list is plain HTML, so it can be read, searched and printed without a script; the script only hides rows
and draws the timeline from the same events. Text is escaped by the template; the Content-Security-Policy names the hash
of the one style and the one script, so nothing else can run, even where an excerpt holds markup.
Limits: a row weighs about 1.5 kB; some tens of thousands of events are better filtered first.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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


def render_page(entries: Sequence[Entry], filters: Filters) -> str:
    """The page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["spaced"] = _spaced
    style, script = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    kinds = sorted(
        {entry.kind for entry in entries}, key=lambda kind: (list(FAMILIES).index(kind_family(kind)), kind_label(kind))
    )
    facets = [_facet(entries, column) for column, _, _ in _FACETS]
    heading = _heading(filters)
    return environment.get_template("page.html.j2").render(
        title=f"{heading} — Chronoville",
        heading=heading,
        lead=_lead(entries),
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
        families=_families(entries, kinds),
        role_labels=_ROLES,
        entries=[_row(entry) for entry in entries],
        data=_data(entries, kinds, [list(names) for names in facets]),
        colophon="Établie par Chronoville à partir des documents cités ; chaque ligne renvoie à la page qui la fonde.",
    )


def _heading(filters: Filters) -> str:
    names = [name for _, name in filters.named()]
    return f"Chronologie : {', '.join(names)}" if names else "Chronologie"


def _lead(entries: Sequence[Entry]) -> str:
    if not entries:
        return "Aucun événement."
    documents = len({telling.source for entry in entries for telling in entry.tellings})
    first, last = min(entry.date_from for entry in entries), max(entry.date_to for entry in entries)
    years = str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    count = f"{_spaced(len(entries))} événement{'s' * (len(entries) > 1)}"
    return f"{count}, {years}, d’après {_spaced(documents)} document{'s' * (documents > 1)}"


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _facet(entries: Sequence[Entry], column: str) -> dict[str, int]:
    """Names of a column and in how many events each stands, in the order of the alphabet."""
    counts = Counter(name for entry in entries for name in getattr(entry, column))
    return dict(sorted(counts.items(), key=lambda item: (item[0].casefold(), item[0])))


def _families(entries: Sequence[Entry], kinds: list[str]) -> list[dict[str, object]]:
    counts = Counter(entry.kind for entry in entries)
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


def _data(entries: Sequence[Entry], kinds: list[str], facets: list[list[str]]) -> Markup:
    """The events as numbers, for the timeline: JSON in which no character can end the script element."""
    places = [{name: index for index, name in enumerate(names)} for names in facets]
    number = {kind: index for index, kind in enumerate(kinds)}
    rows = [
        [
            entry.date_from.isoformat(),
            entry.date_to.isoformat(),
            number[entry.kind],
            int(entry.certainty == "happened"),
            *(
                [index[name] for name in getattr(entry, column)]
                for (column, _, _), index in zip(_FACETS, places, strict=True)
            ),
        ]
        for entry in entries
    ]
    families = [[kind_label(kind), kind_family(kind)] for kind in kinds]
    text = json.dumps(
        {"events": rows, "kinds": families, "families": list(FAMILIES)}, separators=(",", ":"), ensure_ascii=True
    )
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 (escaped above)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
