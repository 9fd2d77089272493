"""What a researcher adds without Python: tables of names, mappings, corrections by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.entities import find_mentions, load_knowledge
from pipeline.errors import CallError
from tests.test_entities import document, link

SHARED = Path(__file__).parents[2] / "shared" / "refdata" / "public" / "qpv_2015.csv"
MAPPING = """columns = { id = "code", name = "nom", department = "dep" }
kind = "site"
source = "Liste du service Habitat, 2009"
rights = "reuse allowed"
"""


def corpus(folder: Path, table: str = "", mapping: str = "", corrections: str = "", *, name: str = "own.csv") -> Path:
    (folder / "gazetteers").mkdir(exist_ok=True)
    if table:
        (folder / "gazetteers" / name).write_text(table, encoding="utf-8")
    if mapping:
        (folder / "gazetteers" / name).with_suffix(".toml").write_text(mapping, encoding="utf-8")
    if corrections:
        (folder / "corrections.csv").write_text(corrections, encoding="utf-8")
    return folder


def test_a_table_with_the_rooms_columns(tmp_path: Path) -> None:
    own = corpus(tmp_path, "id,name,acronym,kind,valid_from\nfx,Fabrique des quartiers,FDQX,body,2011\n")
    found = find_mentions(document("La FDQX a signé."), load_knowledge(own))
    assert link(found, "FDQX") == "body:fx"
    assert found.entities[0].source == "own.csv"


def test_a_mapping_reads_any_table(tmp_path: Path) -> None:
    own = corpus(tmp_path, "code;nom;dep\n12;Quartier des Quatre Vents;59\n13;;59\n", MAPPING)
    knowledge = load_knowledge(own)
    found = find_mentions(document("Entre Lille et Roubaix, Quatre Vents se tait."), knowledge)
    entity = next(e for e in found.entities if e.kind == "site")
    assert (entity.entity_id, entity.source) == ("site:12", "Liste du service Habitat, 2009; reuse allowed")
    assert knowledge.unused == ("own.csv, line 3: no name",)


@pytest.mark.parametrize(
    ("table", "mapping", "says"),
    [
        ("id,name,kind\n1,X,quarter\n", "", "kind 'quarter' is none of"),
        ("a,b\n1,2\n", 'kind = "site"\n', "which column holds it"),
        ("id,name,kind,valid_from\n1,X,body,hier\n", "", "write dates as"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(tmp_path: Path, table: str, mapping: str, says: str) -> None:
    with pytest.raises(CallError, match=says):
        load_knowledge(corpus(tmp_path, table, mapping))


def test_the_fingerprint_tells_knowledge_apart(tmp_path: Path) -> None:
    before = load_knowledge(corpus(tmp_path, "id,name,kind\n1,Alpha Bêta,body\n")).fingerprint
    assert load_knowledge(corpus(tmp_path)).fingerprint == before != load_knowledge().fingerprint
    assert load_knowledge(corpus(tmp_path, "id,name,kind\n1,Alpha Gamma,body\n")).fingerprint != before


def test_names_can_be_hidden() -> None:
    knowledge = load_knowledge()
    text = "Le bailleur Podeliha et l’ANRU."
    assert link(find_mentions(document(text), knowledge), "Podeliha") == "body:bailleur-podeliha"
    assert link(find_mentions(document(text), knowledge.without(["Podeliha"])), "Podeliha") == "body:podeliha"


@pytest.mark.skipif(not SHARED.exists(), reason="needs the reference data beside the project")
def test_public_data_loads_as_it_is(tmp_path: Path) -> None:
    columns = '{ id = "code_qpv", name = "nom", insee = "communes_insee_principal", department = "departement" }'
    mapping = f'columns = {columns}\nkind = "site"\nsource = "ANCT, QPV 2015"\nrights = "Licence Ouverte 2.0"\n'
    own = corpus(tmp_path, SHARED.read_text(encoding="utf-8"), mapping, name="qpv_2015.csv")
    found = find_mentions(document("À Bourg-en-Bresse, Croix Blanche attend."), load_knowledge(own))
    assert link(found, "Croix Blanche") == "site:QP001002"


HEADER = "action,document,page,words,kind,value,why\n"


@pytest.mark.parametrize(
    ("line", "surface", "kind", "entity"),
    [
        ("accept,,,les quatre cents,site,Cité des 400,nickname", "les quatre cents", "site", "site:cite-des-400"),
        ("accept,a.txt,1,les quatre cents,site,,nickname", "les quatre cents", "site", "site:les-quatre-cents"),
        ("relabel,,,Wilson,,person,a man", "Wilson", "person", "person:wilson"),
        ("merge,,,Wilson,site,Quartier Woodrow Wilson,same", "Wilson", "site", "site:quartier-woodrow-wilson"),
        ("merge,,,ANRU,body,body:anah,test", "ANRU", "body", "body:anah"),
        ("split,a.txt,,ANRU,body,Autre ANRU,homonym", "ANRU", "body", "body:autre-anru@0000000000000000"),
    ],
)
def test_corrections_have_the_last_word(tmp_path: Path, line: str, surface: str, kind: str, entity: str) -> None:
    knowledge = load_knowledge(corpus(tmp_path, corrections=HEADER + line + "\n"))
    found = find_mentions(document("Le quartier Wilson, dit les quatre cents, doit tout à l’ANRU."), knowledge)
    mention = next(m for m in found.mentions if m.surface == surface)
    assert (mention.kind, mention.entity_id) == (kind, entity)
    assert mention.method == f"correction:{line.split(',')[0]}"
    assert mention.mention_id.endswith(f":{mention.start}:{kind}")
    assert entity in {e.entity_id for e in found.entities}


@pytest.mark.parametrize("scope", ["reject,,,Wilson,site,,", "reject,a.txt,1,WILSON,,,"])
def test_a_rejected_mention_is_gone(tmp_path: Path, scope: str) -> None:
    knowledge = load_knowledge(corpus(tmp_path, corrections=HEADER + scope + "\n"))
    found = find_mentions(document("Le quartier Wilson attend."), knowledge)
    assert not [m for m in found.mentions if m.surface == "Wilson"]


@pytest.mark.parametrize("scope", ["reject,b.txt,,Wilson,site,,", "reject,,2,Wilson,site,,", "reject,,,Wilson,body,,"])
def test_a_correction_keeps_to_its_document_page_and_kind(tmp_path: Path, scope: str) -> None:
    knowledge = load_knowledge(corpus(tmp_path, corrections=HEADER + scope + "\n"))
    found = find_mentions(document("Le quartier Wilson attend."), knowledge)
    assert [m for m in found.mentions if m.surface == "Wilson"]


@pytest.mark.parametrize("line", ["approve,,,X,site,,", "accept,,,X,quarter,,", "reject,,one,X,,,", "reject,,,,,,"])
def test_a_correction_that_cannot_be_meant_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(CallError, match=r"corrections\.csv"):
        load_knowledge(corpus(tmp_path, corrections=HEADER + line + "\n"))
