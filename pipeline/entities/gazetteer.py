"""The gazetteers as files: what a line means, for the room's tables and for a researcher's own.

Why: the people who know the names do not write Python; a table they already have must load as it is.
Idea: every table becomes a list of ``Entry``. A table with the room's column names needs nothing more; any other needs a
mapping beside it (same name, ``.toml``) that says which column is what, the kind, the source and the rights.
Limits: a table is trusted; a line without a name is left out, and said so.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import get_args

from pipeline.entities.folding import fold
from pipeline.errors import CallError
from pipeline.records import Entity, Kind

COLUMNS = ("id", "name", "acronym", "aliases", "kind", "scope", "valid_from", "valid_to", "successor", "parent", "source",
           "verified", "insee", "department")  # fmt: skip
INSEE_SOURCE = "INSEE, code officiel géographique 2026"
_CONTRACTED = {"Le ": ("du", "au"), "Les ": ("des", "aux"), "La ": ("la",), "L'": ("l",)}
LEAST_NAME = 4  # letters below which a part of a double name is no name of its own
_PLURAL_STOP = re.compile(r" (?:de|du|des|d'|pour|à|et|en)\b| d'")
_SPA = re.compile(r"-(?:les|lès)-(?:Bains|Thermes|Eaux)$")  # named so late, or in full only; « Digne », « Évian »
_FORMS_OUTSIDE = re.compile(r"^(?:du |de la |de l'|des |de |d')", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a gazetteer. ``scope`` says what sort of name it is; ``population`` ranks homonymous places."""

    entry_id: str
    kind: Kind
    name: str
    acronym: str = ""
    aliases: tuple[str, ...] = ()
    scope: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    parent: str = ""
    source: str = ""
    verified: bool = True
    insee: str = ""
    department: str = ""
    population: int = 0
    also_a_word: bool = False

    def entity(self) -> Entity:
        """The record the database keeps."""
        return Entity(
            entity_id=self.entry_id,
            kind=self.kind,
            name=self.name,
            acronym=self.acronym or None,
            aliases=self.aliases,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            insee_code=self.insee or None,
            source=self.source,
            verified=self.verified,
        )


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of a CSV, comma or semicolon, UTF-8 with or without a mark. Raises ``CallError``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CallError(f"{path}: not UTF-8 ({error}); save it as UTF-8 CSV") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ",")
    for row in reader:
        yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}


def day(text: str, *, last: bool = False) -> date | None:
    """A date of validity written as year, month or day; its first or last day; ``None`` where empty."""
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    if not last:
        return date(parts[0], parts[1] if len(parts) > 1 else 1, 1)
    month = parts[1] if len(parts) > 1 else 12
    following = date(parts[0] + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def entry_of(row: dict[str, str], kind: Kind) -> Entry:
    """An entry from a line that has the room's column names."""
    return Entry(
        entry_id=row["id"],
        kind=kind,
        name=row["name"],
        acronym=row.get("acronym", ""),
        aliases=tuple(alias.strip() for alias in row.get("aliases", "").split(";") if alias.strip()),
        scope=row.get("scope", ""),
        valid_from=day(row.get("valid_from", "")),
        valid_to=day(row.get("valid_to", ""), last=True),
        successors=tuple(item for item in row.get("successor", "").split(";") if item),
        parent=row.get("parent", ""),
        source=row.get("source", ""),
        verified=row.get("verified", "yes") == "yes",
        insee=row.get("insee", ""),
        department=row.get("department", ""),
    )


def room_entries(folder: Path) -> Iterator[Entry]:
    """Every entry of the room's own gazetteers."""
    for name, kind in (("programmes", "programme"), ("bodies", "body"), ("vocabulary_bodies", "body")):
        for _, row in rows(folder / f"{name}.csv"):
            entry = entry_of(row, "programme" if kind == "programme" else "body")
            yield replace(entry, entry_id=f"{kind}:{entry.entry_id}",
                          successors=tuple(f"{kind}:{item}" for item in entry.successors),
                          parent=f"{kind}:{entry.parent}" if entry.parent else "")  # fmt: skip
    yield from _places(folder)
    for _, row in rows(folder / "intercommunal.csv"):
        bare = _FORMS_OUTSIDE.sub("", row["name"])
        full = f"{row['form']} {row['name']}"
        proper = bare == row["name"] and row["form"] != "communauté de communes" and len(bare.split()) > 1
        yield Entry(entry_id=f"body:epci-{row['siren']}", kind="body", name=full[0].upper() + full[1:],
                    aliases=(row["name"],) if proper else (), scope="intercommunal", source=INSEE_SOURCE,
                    department=row["departments"], population=int(row["population"] or 0))  # fmt: skip


def _places(folder: Path) -> Iterator[Entry]:
    for _, row in rows(folder / "communes.csv"):
        former = "-" + re.sub(r"[^a-z0-9]+", "-", fold(row["name"])) if row["now_part_of"] else ""
        yield Entry(entry_id=f"place:{row['insee']}{former}", kind="place", name=row["name"], scope="commune",
                    insee=row["insee"],
                    department=row["department"], population=int(row["population"]), source=INSEE_SOURCE,
                    also_a_word=row["also_a_word"] == "yes")  # fmt: skip
    for _, row in rows(folder / "departments.csv"):
        yield Entry(entry_id=f"place:dep-{row['code']}", kind="place", name=row["name"], scope="department",
                    department=row["code"], source=INSEE_SOURCE, also_a_word=row["also_a_word"] == "yes")  # fmt: skip
    for _, row in rows(folder / "regions.csv"):
        yield Entry(entry_id=f"place:reg-{row['code']}", kind="place", name=row["name"], scope="region",
                    source=INSEE_SOURCE, also_a_word=row["also_a_word"] == "yes")  # fmt: skip
    for _, row in rows(folder / "former_regions.csv"):
        yield Entry(entry_id=f"place:reg-{row['code']}-1956", kind="place", name=row["name"], scope="region",
                    valid_to=day(row["valid_to"]), source=row["why"], department=row["departments"],
                    also_a_word=row["name"] == "Centre")  # fmt: skip
    for _, row in rows(folder / "former_places.csv"):
        slug = re.sub(r"[^a-z0-9]+", "-", fold(row["name"]))
        yield Entry(entry_id=f"place:former-{slug}", kind="place", name=row["name"], scope=row["scope"],
                    insee=row["insee"], department=row["department"], population=int(row["population"]),
                    valid_to=day(row["valid_to"], last=True), source=row["why"], verified=False,
                    also_a_word=row["name"] == "Seine")  # fmt: skip
    for _, row in rows(folder / "countries.csv"):
        yield Entry(entry_id=f"place:country-{row['code'].lower()}", kind="place", name=row["name"], scope="country",
                    aliases=tuple(filter(None, row["aliases"].split(";"))), source="ISO 3166")  # fmt: skip
    for _, row in rows(folder / "cities_abroad.csv"):
        yield Entry(entry_id=f"place:abroad-{row['code'].lower()}", kind="place", name=row["name"], scope="country",
                    source="UN/LOCODE", verified=False)  # fmt: skip


def own_entries(path: Path) -> tuple[list[Entry], list[str]]:
    """Entries of a researcher's table, through the mapping beside it where there is one, and what could not be used.

    Raises ``CallError`` for a table or a mapping that cannot be meant so; a line without a name is only reported.
    """
    mapping_path = path.with_suffix(".toml")
    mapping = tomllib.loads(mapping_path.read_text(encoding="utf-8")) if mapping_path.exists() else {}
    columns = mapping.get("columns", {})
    source = "; ".join(part for part in (mapping.get("source", path.name), mapping.get("rights", "")) if part)
    entries, unused = [], []
    for line, raw in rows(path):
        row = {name: raw.get(columns.get(name, name), "") for name in COLUMNS}
        if not row["name"]:
            unused.append(f"{path.name}, line {line}: no name")
            continue
        row["source"] = row["source"] or source
        row["verified"] = row["verified"] or "yes"
        entries.append(_own_entry(row, mapping.get("kind", ""), f"{path}, line {line}"))
    if unused and not entries:
        raise CallError(f"{path}: no line has a name; say in {mapping_path.name} which column holds it")
    return entries, unused


def _own_entry(row: dict[str, str], kind_of_all: str, where: str) -> Entry:
    said = kind_of_all or row["kind"]
    kind: Kind | None = next((known for known in get_args(Kind) if known == said), None)
    if kind is None:
        raise CallError(f"{where}: kind {said!r} is none of {', '.join(get_args(Kind))}")
    row["id"] = row["id"] or re.sub(r"[^a-z0-9]+", "-", fold(row["name"])).strip("-")
    try:
        entry = entry_of(row, kind)
    except ValueError as error:
        raise CallError(f"{where}: {error}; write dates as YYYY, YYYY-MM or YYYY-MM-DD") from error
    related = tuple(f"{kind}:{item}" for item in entry.successors)
    parent = f"{kind}:{entry.parent}" if entry.parent else ""
    return replace(
        entry, entry_id=f"{kind}:{row['id']}", scope=row["scope"] or "own", successors=related, parent=parent
    )


def without_article(entry: Entry) -> tuple[str, tuple[str, ...]]:
    """« Mans » and the words it then follows (« du », « au »), for a commune named with its article; else nothing."""
    for article, contracted in _CONTRACTED.items():
        if entry.scope == "commune" and entry.name.startswith(article):
            bare = entry.name.removeprefix(article)
            return bare, () if "-" in bare else contracted  # « Trois-Bassins » stands without its article
    return "", ()


def forms(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every way an entry is written, with the acronym's own writing where the form is an acronym."""
    if entry.scope != "intercommunal" or not entry.aliases:
        yield entry.name, ""
    if entry.kind == "programme":
        yield plural(entry.name), ""
    if entry.scope == "commune" and len(spa := _SPA.sub("", entry.name)) > LEAST_NAME and spa != entry.name:
        yield spa, ""
    if entry.acronym:
        yield entry.acronym, entry.acronym
    for alias in entry.aliases:
        yield alias, alias if alias.isupper() and " " not in alias else ""
        if entry.kind == "programme" and not alias.isupper():
            yield plural(alias), ""
    if entry.scope == "own" and entry.kind == "site":
        parts = [part.strip() for part in re.split(r" [-–/] ", entry.name)]
        yield from ((part, "") for part in parts if len(parts) > 1 and len(part) > LEAST_NAME)
        yield re.sub(r"^quartiers? (?:de la |de l'|du |des |de |d')?", "", entry.name, flags=re.IGNORECASE), ""


def plural(name: str) -> str:
    """A French noun phrase in the plural: every word before the first preposition takes its mark."""
    stop = _PLURAL_STOP.search(name)
    head, tail = (name[: stop.start()], name[stop.start() :]) if stop else (name, "")
    return " ".join(_plural_word(word) for word in head.split(" ")) + tail


def _plural_word(word: str) -> str:
    if word[-1:] in "sxz":
        return word
    if word.endswith("al"):
        return word[:-1] + "ux"
    return word + ("x" if word.endswith("eau") else "s")


def needs_capital(entry: Entry, name: str) -> bool:
    """Whether a name is one only with a capital: single words, places, companies and a researcher's own names."""
    proper = entry.scope in ("landlord", "agency", "commune", "department", "region", "country", "own")
    return proper or len(name.replace("-", " ").split()) < 3


def first_names(path: Path) -> frozenset[str]:
    """Folded French first names."""
    return frozenset(fold(row["name"]) for _, row in rows(path))
