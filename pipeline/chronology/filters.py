"""What a reader asks to see: one programme, body, site or place, from one day to another.

Idea: a name is asked for as it comes to mind, so « diact », « DIACT » and the full title all find the same body: canonical
names, acronyms and aliases are compared without case, accents or punctuation, whole name first, then as part of a name.
Limits: an acronym that two bodies bore in turn (DATAR) finds both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
from rapidfuzz import process

from pipeline.chronology.tellings import folded
from pipeline.errors import CallError


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Names to keep and the days between which an event must lie, at least in part; ``None`` keeps everything."""

    programme: str | None = None
    body: str | None = None
    site: str | None = None
    place: str | None = None
    date_from: date | None = None
    date_to: date | None = None

    def named(self) -> list[tuple[str, str]]:
        """Role and name of every name asked for."""
        asked = (("programme", self.programme), ("body", self.body), ("site", self.site), ("place", self.place))
        return [(role, name) for role, name in asked if name and name.strip()]


def chosen_events(connection: duckdb.DuckDBPyConnection, filters: Filters) -> set[str] | None:
    """``event_id`` of the events to keep, ``None`` for all. Raises ``CallError`` where a name is unknown."""
    kept: set[str] | None = None
    for role, asked in filters.named():
        found = _with_name(connection, role, asked)
        kept = found if kept is None else kept & found
    if filters.date_from or filters.date_to:
        rows = connection.execute(
            "SELECT event_id FROM chronology"
            " WHERE date_to >= coalesce($since, date_to) AND date_from <= coalesce($until, date_from)",
            {"since": filters.date_from, "until": filters.date_to},
        ).fetchall()
        dated = {event_id for (event_id,) in rows}
        kept = dated if kept is None else kept & dated
    return kept


def _with_name(connection: duckdb.DuckDBPyConnection, role: str, asked: str) -> set[str]:
    names: dict[str, set[str]] = {}
    for group_id, *known, aliases in connection.execute(_NAMES, {"role": role}).fetchall():
        for name in (*known, *(aliases or ())):
            if name:
                names.setdefault(folded(name), set()).add(group_id)
    wanted = folded(asked)
    found = names.get(wanted)
    if found is None:
        parts = [groups for name, groups in names.items() if wanted and f" {wanted} " in f" {name} "]
        found = set().union(*parts) if parts else None
    if found is None:
        near = [name for name, _, _ in process.extract(wanted, sorted(names), limit=3, score_cutoff=60)]
        hint = f" Near names: {', '.join(near)}." if near else ""
        raise CallError(f"No event of the archive names the {role} « {asked} ».{hint}")
    return found


# An event is also of a place where one of its sites lies there.
_NAMES = """
    SELECT p.group_id, p.name, n.acronym, n.insee_code, n.aliases
    FROM event_entities p LEFT JOIN entities n USING (entity_id)
    WHERE p.role = $role
    UNION ALL
    SELECT p.group_id, coalesce(o.name, r.object), o.acronym, o.insee_code, o.aliases
    FROM event_entities p
    JOIN relations r ON r.predicate = 'located_in' AND r.subject_id = p.entity_id
    LEFT JOIN entities o ON o.entity_id = r.object_id
    WHERE $role = 'place' AND p.role = 'site'
"""
