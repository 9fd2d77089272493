"""The chronology: dates and labels as a reader writes them, one history out of many tellings, and tables that open safely."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
import shutil
import tomllib
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import icalendar
import openpyxl
import pytest
from archives import Tale, build, gold_outcomes, outcome_of
from gold_records import interval
from hypothesis import given
from hypothesis import strategies as st

from pipeline import chronology, load
from pipeline.chronology.cookbook import recipes, to_markdown
from pipeline.chronology.dates import date_label
from pipeline.chronology.entries import read_entries
from pipeline.chronology.kinds import FAMILIES, kind_family, kind_label
from pipeline.chronology.reading import cost
from pipeline.chronology.tables import COLUMNS, harmless
from pipeline.chronology.tellings import folded
from pipeline.errors import CallError, OutputError
from pipeline.records import Outcome, Predicate, Relation

CASES = tomllib.loads((Path(__file__).parent / "cases" / "chronology.toml").read_text(encoding="utf-8"))
PRECISIONS = ("day", "month", "quarter", "season", "part", "year", "decade", "century", "range")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The annotated documents, their archive and every table."""
    folder = tmp_path_factory.mktemp("chronology")
    build(folder / "archive.duckdb", gold_outcomes(folder))
    chronology.write_tables(folder / "archive.duckdb", folder, formats=chronology.FORMATS)
    return folder


def days(text: str) -> tuple[date, date]:
    return interval(text if "/" in text else f"{text}/{text}")


def one_tale(folder: Path, *tales: Tale) -> Path:
    return build(folder / "archive.duckdb", [outcome_of(tale) for tale in tales])


def shown(path: Path, sql: str = "FROM chronology") -> list[dict[str, object]]:
    return load.query(path, sql).to_dict("records")


# Words


@pytest.mark.parametrize("case", CASES["date"], ids=lambda case: case["label"])
def test_dates_are_written_as_a_reader_writes_them(case: dict[str, str]) -> None:
    assert date_label(*days(case["interval"]), case["precision"]) == case["label"]


@given(st.dates(date(1500, 1, 1), date(2100, 1, 1)), st.integers(0, 40_000), st.sampled_from(PRECISIONS))
def test_any_interval_has_a_label_that_names_its_years(start: date, length: int, precision: str) -> None:
    end = start + timedelta(days=length)
    label = date_label(start, end, precision)
    assert str(end.year) in label or "années" in label or "siècle" in label
    assert label == label.strip()


@pytest.mark.parametrize("case", CASES["label"], ids=lambda case: case["label"][:40])
def test_labels_say_what_the_clause_says(case: dict[str, str], tmp_path: Path) -> None:
    told = {name: case.get(name) for name in ("excerpt", "title", "heading", "trigger")}
    tale = Tale(name="a", marked=case["marked"], when=case["when"], words=tuple(case.get("words", ())), **told)
    (row,) = shown(one_tale(tmp_path, tale))
    assert row["label"] == case["label"]


def test_the_date_of_a_sheet_is_labelled_by_its_mission(tmp_path: Path) -> None:
    marked = "Date : [[date: 2016 – 2017 -> 2016-01-01/2017-12-31]]"
    outcome = outcome_of(Tale(name="a", marked=marked, when="2016-01-01/2017-12-31", kind="study"))
    roles: tuple[tuple[str, Predicate], ...] = (("Ville de Gap", "client"), ("Atelier Buëch", "contractor"))
    relations = tuple(
        Relation(relation_id=f"r{n}", subject=name, predicate=role, object="Étude de la gare", page=1)
        for n, (name, role) in enumerate(roles)
    )
    document = replace(outcome.document, info=replace(outcome.document.info, title="Étude de la gare"))
    outcome = replace(outcome, document=document, history=replace(outcome.history, relations=relations))
    (row,) = shown(build(tmp_path / "archive.duckdb", [outcome]))
    assert row["label"] == (
        "2016–2017 — Mission : Étude de la gare (maîtrise d’ouvrage : Ville de Gap ; équipe : Atelier Buëch)"
    )


def test_outside_brackets_a_label_holds_only_words_of_its_excerpt(folder: Path) -> None:
    for row in shown(folder / "archive.duckdb", "SELECT title, excerpt FROM tellings"):
        if str(row["title"]).startswith("Mission "):
            continue  # a sheet's date line, labelled by the document's title, client and team
        words = re.sub(r"\[[^\]]*\]", " ", str(row["title"])).replace("…", " ")
        known = folded(str(row["excerpt"])).split()
        invented = [
            word for word in folded(words).split() if word not in known and word.replace(" ", "") not in "".join(known)
        ]
        assert not invented, row


# One history


@pytest.mark.parametrize("case", CASES["group"], ids=lambda case: case["why"])
@pytest.mark.parametrize("seed", [0, 1])
def test_tellings_of_one_event_are_one_line(case: dict, seed: int, tmp_path: Path) -> None:
    outcomes: dict[str, list[Outcome]] = {}
    for document, marked, when, kind in case["tellings"]:
        title = case.get("titles", {}).get(document)
        tale = Tale(name=document, marked=marked, when=when, kind=kind, title=title)
        outcomes.setdefault(document, []).append(outcome_of(tale))
    merged = [told[0] if len(told) == 1 else two_pages(*told) for told in outcomes.values()]
    random.Random(seed).shuffle(merged)
    path = build(tmp_path / "archive.duckdb", merged)
    groups = [sorted(source.split(".")[0] for source in row["sources"]) for row in shown(path)]
    assert sorted(groups) == sorted(case["one"])
    if "date" in case:
        assert [row["date_from"].isoformat() for row in shown(path)] == [case["date"]]


def two_pages(first: Outcome, second: Outcome) -> Outcome:
    """Two outcomes of one document, the second on a second page."""
    page = second.document.pages[0]
    page = replace(page, page=replace(page.page, number=2))
    moved = {mention.mention_id: mention.mention_id.replace(":1:", ":2:") for mention in second.found.mentions}
    mentions = tuple(
        replace(mention, page=2, mention_id=moved[mention.mention_id]) for mention in second.found.mentions
    )
    events = tuple(
        replace(
            event,
            page=2,
            event_id=event.event_id.replace(":1:", ":2:"),
            participants=tuple(replace(who, mention_id=moved[who.mention_id]) for who in event.participants),
        )
        for event in second.history.events
    )
    found = replace(first.found, mentions=first.found.mentions + mentions)
    history = replace(first.history, events=first.history.events + events)
    return replace(
        first, document=replace(first.document, pages=(*first.document.pages, page)), found=found, history=history
    )


def test_a_sentence_on_two_years_that_touch_is_one_line(tmp_path: Path) -> None:
    marked = "La [[site: barre Debussy]], construite en [[date: 1962 -> 1962-01-01/1962-12-31]] et [[date: 1963 -> 1963-01-01/1963-12-31]]"
    outcome = outcome_of(Tale(name="a", marked=marked, when="1962-01-01/1962-12-31", kind="construction"))
    (event,) = outcome.history.events
    other = replace(event, event_id=f"{event.event_id}b", date_from=date(1963, 1, 1), date_to=date(1963, 12, 31))
    path = build(
        tmp_path / "archive.duckdb", [replace(outcome, history=replace(outcome.history, events=(event, other)))]
    )
    (row,) = shown(path)
    assert row["label"] == "1962–1963 — La barre Debussy, construite en 1962 et 1963"
    assert (row["date_from"], row["date_to"], row["precision"]) == (date(1962, 1, 1), date(1963, 12, 31), "range")
    assert (row["telling_count"], row["disagreement_count"]) == (2, 0)


def test_a_bare_noun_is_given_the_name_before_it(tmp_path: Path) -> None:
    marked = "Le [[body: comité interministériel des villes]] veille. Le comité a été créé en [[date: 1984 -> 1984-01-01/1984-12-31]]."
    outcome = outcome_of(
        Tale(name="a", marked=marked, when="1984-01-01/1984-12-31", excerpt="Le comité a été créé en 1984")
    )
    (event,) = outcome.history.events
    history = replace(outcome.history, events=(replace(event, participants=()),))
    (row,) = shown(build(tmp_path / "archive.duckdb", [replace(outcome, history=history)]))
    assert row["label"] == "1984 — Le comité a été créé [comité interministériel des villes]"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("La DIACT lance l’appel", "… qui lance l’appel"),
        ("La convention est signée", "Fait à Paris en trois exemplaires"),
        ("L’office livre 40 logements", "Nous avons reçu 40 logements"),
        ("Travaux de la salle des fêtes", "MAPA – Travaux – Unique"),
        ("[La cité] classée en zone urbaine sensible", "Elle est classée en zone urbaine sensible"),
    ],
)
def test_a_whole_sentence_reads_better_than_a_part_or_a_form(better: str, worse: str) -> None:
    assert cost(better) < cost(worse)


def test_every_telling_has_its_place_and_every_group_its_line(folder: Path) -> None:
    path = folder / "archive.duckdb"
    (events,) = shown(path, "SELECT count(*) AS n FROM events")
    (told,) = shown(path, "SELECT count(*) AS n, count(DISTINCT group_id) AS groups FROM tellings")
    (lines,) = shown(path, "SELECT count(*) AS n, sum(telling_count)::INTEGER AS tellings FROM chronology")
    assert events["n"] == told["n"] == lines["tellings"] > 100
    assert lines["n"] == told["groups"]
    rows = shown(path)
    assert [(row["date_from"], row["date_to"]) for row in rows] == sorted(
        (row["date_from"], row["date_to"]) for row in rows
    )


def test_disagreements_are_shown_and_nothing_is_settled(tmp_path: Path) -> None:
    money = (
        "Le [[body: FEDER]] verse [[amount: {} -> {} EUR]] au projet de [[site: Bellevue]] pour les écoles du quartier"
    )
    words = "[[body: ANRU]] signe la convention pluriannuelle de [[site: Keredern]] pour le renouvellement du quartier"
    path = one_tale(
        tmp_path,
        Tale(name="a", marked=money.format("1 M€", 1000000), when="2010-05-03", kind="funding"),
        Tale(name="b", marked=money.format("2 M€", 2000000), when="2010-05-03", kind="funding", certainty="planned"),
        Tale(name="c", marked=f"L’{words}", when="2011-03-12"),
        Tale(name="d", marked=f"L’{words}", when="2011-03-15"),
        Tale(name="e", marked=f"L’{words}", when="2009-03-15"),
    )
    found = {
        (row["subject"], row["value"], row["other_value"], row["same_event"])
        for row in shown(path, "FROM disagreements")
    }
    assert found == {
        ("amount", "1 M€", "2 M€", True),
        ("certainty", "happened", "planned", True),
        ("date", "12 mars 2011", "15 mars 2011", False),
    }
    rows = shown(path)
    assert [(row["telling_count"], row["disagreement_count"]) for row in rows] == [(1, 0), (2, 2), (1, 1), (1, 1)]
    assert rows[1]["certainty"] == "happened"


def test_one_succession_on_two_days_is_a_disagreement(tmp_path: Path) -> None:
    law = "[[law: décret n° 2005-1791]]"
    path = one_tale(
        tmp_path,
        Tale(
            name="a",
            marked=f"{law} : la [[body: DATAR]] devient la [[body: DIACT]]",
            when="2005-12-31",
            kind="renaming",
        ),
        Tale(
            name="b",
            marked=f"Par le {law}, la [[body: DIACT]] succède à la [[body: DATAR]]",
            when="2006-01-01",
            kind="merger",
        ),
        Tale(name="c", marked="La [[body: DIACT]] publie son rapport", when="2006-01-02", kind="presentation"),
    )
    found = [(row["subject"], row["value"], row["other_value"]) for row in shown(path, "FROM disagreements")]
    assert found == [("date", "31 décembre 2005", "1er janvier 2006")]


def test_views_for_researchers(folder: Path) -> None:
    path = folder / "archive.duckdb"
    for view, least in (("programme_history", 30), ("body_history", 100), ("site_history", 50), ("sites_by_commune", 10),
                        ("body_succession", 10), ("money_by_programme", 3), ("partners", 10)):  # fmt: skip
        assert len(shown(path, f"FROM {view}")) >= least, view
    money = shown(
        path, "SELECT currency, sum(total) AS total FROM money_by_programme WHERE programme ILIKE 'DSQ' GROUP BY ALL"
    )
    assert money, "francs stay francs"
    assert {row["currency"] for row in money} == {"FRF"}


# Filters


@pytest.mark.parametrize(
    ("filters", "sites"),
    [
        ({"site": "pontanezen"}, {"Pontanézen"}),
        ({"site": "BELLEVUE"}, {"Bellevue"}),
        ({"body": "anru", "site": "Bellevue"}, {"Bellevue"}),
        ({"place": "brest", "date_from": date(1997, 1, 1), "date_to": date(1997, 12, 31)}, {"Keredern"}),
    ],
)
def test_filters_take_names_as_they_come(folder: Path, tmp_path: Path, filters: dict, sites: set[str]) -> None:
    (path,) = chronology.write_tables(
        folder / "archive.duckdb", tmp_path, filters=chronology.Filters(**filters), formats=["json"]
    )
    rows = json.loads(path.read_text())
    assert rows
    for row in rows:
        assert sites & set(row["sites"])
        assert "date_to" not in filters or row["date_from"] <= filters["date_to"].isoformat()


def test_an_unknown_name_is_said_with_its_neighbours(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="Near names: pontanezen"):
        chronology.write_tables(folder / "archive.duckdb", tmp_path, filters=chronology.Filters(site="Pontanezan"))
    with pytest.raises(CallError, match="No such format: docx"):
        chronology.write_tables(folder / "archive.duckdb", tmp_path, formats=["docx"])
    with pytest.raises(OutputError, match="no archive"):
        chronology.write_tables(tmp_path / "none.duckdb", tmp_path)
    assert not list(tmp_path.iterdir())


# Tables


def test_the_same_archive_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = chronology.write_tables(folder / "archive.duckdb", folder, formats=chronology.FORMATS)
    first = {path.name: path.read_bytes() for path in again}
    chronology.write_tables(folder / "archive.duckdb", folder, formats=chronology.FORMATS)
    assert {path.name: path.read_bytes() for path in again} == first
    assert len(first) == len(chronology.FORMATS)


def test_csv_opens_in_a_french_spreadsheet(folder: Path) -> None:
    content = (folder / "chronology.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert list(rows[0]) == list(COLUMNS)
    told = shown(folder / "archive.duckdb")
    assert [row["event_id"] for row in rows] == [row["event_id"] for row in told]
    assert [row["label"].lstrip("'") for row in rows] == [row["label"] for row in told]
    assert any("é" in row["label"] for row in rows)


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "  =cmd|'/c calc'!A0", "\r=1"])
def test_no_cell_is_a_formula(text: str, tmp_path: Path) -> None:
    assert harmless(text).startswith("'")
    marked = f"{text} signature de la convention de [[site: {text.strip()} Bellevue]]"
    path = one_tale(tmp_path, Tale(name="a", marked=marked, when="2010-05-03"))
    table, book = chronology.write_tables(path, tmp_path, formats=["csv", "xlsx"])
    (row,) = csv.DictReader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";")
    assert not [cell for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
    sheets = openpyxl.load_workbook(book)
    assert {cell.data_type for sheet in sheets for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}
    assert not [name for name in zipfile.ZipFile(book).namelist() if "calcChain" in name or "vba" in name.lower()]


def test_the_workbook_has_dates_filters_and_links(tmp_path: Path) -> None:
    pdf = Tale(name="a", marked="Signature à [[site: Bellevue]]", when="2010-05-03", media_type="application/pdf")
    old = Tale(name="b", marked="Fondation de [[site: Lens]]", when="1852-02-01", kind="creation")
    path = one_tale(tmp_path, pdf, old)
    (book,) = chronology.write_tables(path, tmp_path / "out", formats=["xlsx"])
    sheet = openpyxl.load_workbook(book)["Chronologie"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:P3"
    assert [sheet["A2"].value, sheet["A3"].value.date()] == ["1852-02-01", date(2010, 5, 3)]
    assert sheet["M3"].value == "a.txt, p. 1"
    link = sheet["M3"].hyperlink
    assert link.location == "page=1"
    assert (tmp_path / "out" / link.target).resolve() == Path("a.txt").absolute()


def test_a_page_that_tells_twice_is_linked_once(folder: Path) -> None:
    with duckdb.connect(str(folder / "archive.duckdb"), read_only=True) as connection:
        entry = next(read_entries(connection, chronology.Filters(), archive=folder / "archive.duckdb", output=folder))
    (told,) = entry.tellings
    again, elsewhere = replace(told, event_id="again"), replace(told, page=told.page + 1)
    assert replace(entry, tellings=(told, again, elsewhere)).pages == [told, elsewhere]


def test_events_put_together_in_small_lots_are_the_same(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("pipeline.chronology.entries.TOGETHER", 7)
    for table in chronology.write_tables(folder / "archive.duckdb", folder / "lots", formats=["csv", "json"]):
        # links lead from another folder
        assert table.read_text().replace("../", "") == (folder / table.name).read_text().replace("../", "")


def test_tellings_of_a_large_archive_are_read_twice_and_grouped_the_same(
    folder: Path, tmp_path: Path, monkeypatch
) -> None:
    path = tmp_path / "archive.duckdb"
    shutil.copy(folder / "archive.duckdb", path)
    before = [shown(path, f"FROM {table} ORDER BY ALL") for table in ("event_groups", "event_disagreements")]
    monkeypatch.setattr("pipeline.chronology.views.TOGETHER", 0)
    monkeypatch.setattr("pipeline.chronology.tellings.TOGETHER", 7)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM event_groups; DELETE FROM event_disagreements")
        chronology.refresh(connection)
    assert [shown(path, f"FROM {table} ORDER BY ALL") for table in ("event_groups", "event_disagreements")] == before


def test_a_table_that_cannot_be_written_leaves_the_others_and_no_part(folder: Path, monkeypatch) -> None:
    before = (folder / "chronology.csv").read_bytes()

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.chronology.workbook.Workbook.add", refused)
    with pytest.raises(OutputError, match="No space left"):
        chronology.write_tables(folder / "archive.duckdb", folder, formats=["csv", "xlsx"])
    assert (folder / "chronology.csv").read_bytes() == before
    assert not (folder / "chronology.part").exists()


def test_markdown_and_calendar(folder: Path) -> None:
    lines = (folder / "chronology.md").read_text().splitlines()
    assert "## 2006" in lines
    assert sum(line.startswith("- **") for line in lines) == len(shown(folder / "archive.duckdb"))
    assert any("](d05-brest-chronologie.txt)" in line for line in lines)
    calendar = icalendar.Calendar.from_ical((folder / "chronology.ics").read_bytes())
    events = calendar.walk("VEVENT")
    assert len(events) == len(shown(folder / "archive.duckdb"))
    assert all(event["dtend"].dt > event["dtstart"].dt for event in events)


def test_an_empty_archive_gives_empty_tables(tmp_path: Path) -> None:
    path = build(tmp_path / "archive.duckdb", [])
    written = chronology.write_tables(path, tmp_path, formats=chronology.FORMATS)
    assert all(table.stat().st_size > 0 for table in written)
    assert "Aucun événement" in (tmp_path / "chronology.html").read_text()


def test_an_archive_never_settled_is_settled_before_it_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "archive.duckdb"
    with load.open_archive(path, pipeline_version="1") as archive:
        load.store(archive, outcome_of(Tale(name="a", marked="Signature à [[site: Bellevue]]", when="2010-05-03")))
    chronology.write_tables(path, tmp_path, formats=["csv"])
    assert [row["label"] for row in shown(path)] == ["3 mai 2010 — Signature à Bellevue"]


def test_a_history_made_by_other_files_is_made_again(tmp_path: Path) -> None:
    path = one_tale(tmp_path, Tale(name="a", marked="Signature à [[site: Bellevue]]", when="2010-05-03"))
    for damage in (
        "UPDATE history_state SET digest = 'x'; UPDATE event_groups SET title = 'old'",
        "DELETE FROM event_groups",
    ):
        with duckdb.connect(str(path)) as connection:
            connection.execute(damage)
        chronology.write_tables(path, tmp_path, formats=["csv"])
        assert [row["title"] for row in shown(path)] == ["Signature à Bellevue"]
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE history_state")
    with pytest.raises(OutputError, match="earlier version"):
        chronology.write_tables(path, tmp_path)


def test_nothing_in_a_document_is_markup(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \"' [lien](javascript:alert(3))"
    marked = f'Signature {evil} de [[site: <b>Bellevue</b></script>]] et [[body: " onclick="alert(4)]]'
    path = one_tale(tmp_path, Tale(name="a", marked=marked, when="2010-05-03"))
    page, text = (table.read_text() for table in chronology.write_tables(path, tmp_path, formats=["html", "md"]))
    assert page.count("<script") == 3
    assert page.count("</script>") == 3
    assert "<img" not in page
    assert "<b>" not in page
    assert ' onclick="' not in page
    assert html.escape("<img src=x onerror=alert(2)>") in page
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "<script" not in text


# The cookbook


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_every_recipe_runs_and_asks_a_question(folder: Path, recipe: object) -> None:
    assert recipe.question.rstrip(")").endswith(("?", "look at", ":")) or "?" in recipe.question
    frame = load.query(folder / "archive.duckdb", recipe.sql)
    assert len(frame.columns) > 1


def test_most_recipes_have_an_answer(folder: Path) -> None:
    answered = [recipe.name for recipe in recipes() if len(load.query(folder / "archive.duckdb", recipe.sql))]
    assert len(recipes()) >= 15
    assert len(answered) >= len(recipes()) - 5, sorted({recipe.name for recipe in recipes()} - set(answered))


def test_the_cookbook_shows_every_question_and_its_sql() -> None:
    page = (Path(__file__).parent.parent / "docs" / "cookbook.md").read_text(encoding="utf-8")
    for recipe in recipes():
        assert f"## {recipe.question}\n" in page, f"run make cookbook: {recipe.name}"
        assert f"```sql\n{recipe.sql}\n```" in page, f"run make cookbook: {recipe.name}"


def test_the_cookbook_is_made_from_an_archive(folder: Path) -> None:
    page = to_markdown(folder / "archive.duckdb")
    assert page.count("```sql") == len(recipes())
    assert page == to_markdown(folder / "archive.duckdb")


# Kinds


def test_every_kind_of_event_has_a_french_name_and_a_family() -> None:
    kinds = tomllib.loads(
        (Path(__file__).parent.parent / "pipeline" / "events" / "kinds.toml").read_text(encoding="utf-8")
    )
    for kind in kinds["kind"]:
        assert kind_family(kind["name"]) != "autre", kind["name"]
        assert kind_label(kind["name"]) == kind["label"]
    assert kind_family("never heard of") == "autre"
    assert kind_family("signature") in FAMILIES
