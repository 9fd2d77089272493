"""What users are promised of the archive, over the whole sample corpus."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Run, chronoville

from pipeline.alignment import apply
from pipeline.records import Edit

pytestmark = pytest.mark.xdist_group("sample")


def test_every_document_is_read(sample: Run) -> None:
    rows = sample.rows("SELECT filename, status, error FROM documents ORDER BY filename")
    listed = [row["file"] for row in csv.DictReader((ROOT / "corpus" / "manifest.csv").open(encoding="utf-8-sig"))]
    assert [filename for filename, *_ in rows] == sorted(listed)
    assert [(name, error) for name, status, error in rows if status != "ok"] == []


def test_a_mention_is_what_stands_at_its_offsets(sample: Run) -> None:
    assert sample.rows("SELECT count(*) FROM mentions")[0][0] > 300
    wrong = """
        SELECT mention_id, surface FROM mentions JOIN pages USING (document_id, page)
        WHERE substr(text, start_char + 1, end_char - start_char) <> surface
    """
    assert sample.rows(wrong) == []


def test_an_excerpt_is_what_stands_at_its_offsets(sample: Run) -> None:
    wrong = """
        SELECT event_id FROM events JOIN pages USING (document_id, page)
        WHERE substr(text, start_char + 1, end_char - start_char) <> excerpt
    """
    assert sample.rows(wrong) == []


def test_repairs_turn_raw_text_into_text(sample: Run) -> None:
    pages = sample.rows("SELECT document_id, page, raw_text, text FROM pages")
    changed = 0
    for document_id, page, raw, text in pages:
        rows = sample.rows(
            f"""SELECT start_char, end_char, before, after, family, confidence FROM repairs
            WHERE document_id = '{document_id}' AND page = {page} ORDER BY start_char, end_char"""
        )
        edits = [
            Edit(start=start, end=end, before=before, after=after, family=family, confidence=confidence)
            for start, end, before, after, family, confidence in rows
        ]
        assert apply(raw, edits).split() == text.split()
        changed += len(edits)
    assert changed > 200, "the sample corpus is damaged, and the damage was mended"


def test_no_trace_of_the_damage_is_left(sample: Run) -> None:
    assert (
        sample.rows(
            "SELECT filename, page FROM pages JOIN documents USING (document_id) WHERE regexp_matches(text, '[®¨õ]')"
        )
        == []
    )
    assert sample.rows("SELECT count(*) > 0 FROM pages WHERE raw_text LIKE '%D®l®gation%'") == [(True,)]


def test_links_lead_somewhere(sample: Run) -> None:
    for table, column, target, key in (
        ("mentions", "document_id", "documents", "document_id"),
        ("dates", "mention_id", "mentions", "mention_id"),
        ("amounts", "mention_id", "mentions", "mention_id"),
        ("quantities", "mention_id", "mentions", "mention_id"),
        ("events", "document_id", "documents", "document_id"),
        ("event_participants", "event_id", "events", "event_id"),
        ("event_words", "event_id", "events", "event_id"),
        ("event_headings", "event_id", "events", "event_id"),
        ("event_participants", "entity_id", "entities", "entity_id"),
        ("event_participants", "mention_id", "mentions", "mention_id"),
        ("mentions", "entity_id", "entities", "entity_id"),
        ("relations", "subject_id", "entities", "entity_id"),
        ("relations", "object_id", "entities", "entity_id"),
    ):
        lost = (
            f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {key} FROM {target})"
        )
        assert sample.rows(lost) == [], f"{table}.{column} → {target}"


PROMISED = {
    "documents": "document_id path filename sha256 media_type title genre date_from date_to page_count language producer status "
    "error pipeline_version ingested_at",
    "pages": "document_id page text raw_text method needs_ocr quality width height",
    "repairs": "document_id page start_char end_char before after family confidence",
    "mentions": "mention_id document_id page start_char end_char surface kind entity_id method confidence x0 y0 x1 y1",
    "entities": "entity_id kind name acronym aliases valid_from valid_to insee_code source",
    "dates": "mention_id date_from date_to precision",
    "amounts": "mention_id value currency",
    "quantities": "mention_id value unit",
    "events": "event_id document_id page start_char end_char excerpt kind date_from date_to precision certainty confidence",
    "event_participants": "event_id mention_id entity_id role surface",
    "relations": "relation_id subject_id subject predicate object_id object document_id page excerpt confidence",
    "table_cells": "document_id page table_no row_no column_no text",
    "runs": "run_id started_at finished_at pipeline_version versions options documents_seen documents_ingested documents_failed",
    "chronology": "date_from date_to date_label label bodies programmes sites places certainty excerpt source page document_id event_id",
    "programme_history": "source page",
    "body_history": "source page",
    "site_history": "source page",
}


@pytest.mark.parametrize("table", PROMISED)
def test_promised_columns_are_there(sample: Run, table: str) -> None:
    columns = {
        name for (name,) in sample.rows(f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{table}'")
    }
    assert set(PROMISED[table].split()) <= columns


def test_every_table_and_column_says_what_it_is(sample: Run) -> None:
    silent = """
        SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT table_name, '' FROM duckdb_tables() WHERE NOT internal AND coalesce(comment, '') = ''
        UNION ALL SELECT view_name, '' FROM duckdb_views() WHERE NOT internal AND coalesce(comment, '') = ''
    """
    assert sample.rows(silent) == []


def test_a_second_run_touches_nothing_and_says_so(sample: Run) -> None:
    before = sample.rows("SELECT document_id, ingested_at, pipeline_version FROM documents ORDER BY ALL")
    again = chronoville("ingest", "corpus", "--output", sample.output)
    assert again.code == 0
    assert "none was touched" in again.err
    assert sample.rows("SELECT document_id, ingested_at, pipeline_version FROM documents ORDER BY ALL") == before


TABLES = ("pages", "repairs", "doubts", "mentions", "entities", "dates", "amounts", "quantities", "events", "event_participants",
          "event_words", "event_headings", "relations", "table_cells", "chronology")  # fmt: skip


def test_the_rows_do_not_depend_on_the_workers(sample: Run, tmp_path: Path) -> None:
    other = chronoville("ingest", "corpus", "--output", tmp_path, "--workers", "1")
    assert other.code == 0, other.err
    for table in TABLES:
        assert other.rows(f"FROM {table}") == sample.rows(f"FROM {table}"), f"{table} differs, or its order"


def test_the_chronology_is_written_in_every_form(sample: Run) -> None:
    for suffix in ("csv", "md", "xlsx", "html"):
        assert (sample.output / f"chronology.{suffix}").stat().st_size > 1000


def test_nothing_the_program_made_is_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "outputs"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert listed.split() in ([], ["outputs/.gitkeep"])
