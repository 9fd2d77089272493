"""How kinds of events are named in French, and in which family (and colour) they are shown."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FAMILIES = {
    "chantier": "Chantiers",
    "programme": "Programmes et projets",
    "decision": "Décisions et signatures",
    "institution": "Institutions",
    "financement": "Financements",
    "etude": "Études et rencontres",
    "autre": "Autres",
}


@cache
def _table() -> dict[str, tuple[str, str, str]]:
    with Path(__file__).with_name("kinds.csv").open(encoding="utf-8", newline="") as stream:
        return {row["kind"]: (row["label"], row["family"], row["sister"]) for row in csv.DictReader(stream)}


def kind_label(kind: str) -> str:
    """« Signature »; a kind that the table does not know is shown by its own name."""
    return _table().get(kind, (kind.replace("_", " ").capitalize(), "", ""))[0]


def kind_family(kind: str) -> str:
    """A key of ``FAMILIES``."""
    return _table().get(kind, ("", "autre", ""))[1]


ANY_KIND = "*"


@cache
def sisterhood(kind: str) -> str:
    """What kinds that may tell the same event have in common; ``ANY_KIND`` where any may."""
    return _table().get(kind, ("", "", ""))[2] or kind


@cache
def sister_kinds(one: str, other: str) -> bool:
    """Whether one document may call by one kind what another calls by the other."""
    sisters = {sisterhood(one), sisterhood(other)}
    return ANY_KIND in sisters or len(sisters) == 1
