"""One document looked at closely, and the sums that show that nothing was lost on the way."""

from __future__ import annotations

import json

import pytest
from conftest import Run, chronoville
from PIL import Image

DAMAGED = "09-note-datar-diact.pdf"


@pytest.fixture(scope="module")
def shown(sample: Run) -> Run:
    return chronoville("inspect", DAMAGED, "--output", sample.output)


def test_a_document_is_shown_with_its_sums_texts_and_finds(shown: Run, sample: Run) -> None:
    assert shown.code == 0, shown.err
    ((extracted, replaced),) = sample.rows(
        f"""SELECT (SELECT sum(length(raw_text)) FROM pages WHERE document_id = d.document_id),
        (SELECT sum(length(before)) FROM repairs WHERE document_id = d.document_id)
        FROM documents AS d WHERE filename = '{DAMAGED}'"""
    )
    assert replaced > 0
    assert f"{extracted} characters extracted = {extracted - replaced} kept + {replaced} replaced" in " ".join(
        shown.out.split()
    )
    for words in ("as read", "as mended", "repairs (", "mentions (", "events (", "page pictures in"):
        assert words in shown.out


def test_every_page_has_a_picture_with_its_mentions_tinted(shown: Run, sample: Run) -> None:
    ((document, pages),) = sample.rows(f"SELECT document_id, page_count FROM documents WHERE filename = '{DAMAGED}'")
    pictures = sorted((shown.output / "inspect" / document).glob("*.png"))
    assert len(pictures) == pages
    boxes = sample.rows(
        f"SELECT x0, y0, x1, y1 FROM mentions WHERE document_id = '{document}' AND page = 1 AND y1 - y0 < 26"
    )
    assert boxes
    with Image.open(pictures[0]) as picture:
        for x0, y0, x1, y1 in boxes:
            assert 0 <= x0 < x1 <= picture.width / 1.5 + 1 and 0 <= y0 < y1 <= picture.height / 1.5 + 1
            red, green, blue = picture.getpixel((int(x0 * 1.5) + 1, round(y1 * 1.5)))
            assert (red, green, blue) != (255, 255, 255), "the line under a mention"


def test_a_program_reads_the_same(sample: Run) -> None:
    run = chronoville("inspect", DAMAGED, "--output", sample.output, "--json")
    values = json.loads(run.out)
    (sums,) = values["sums"]
    assert sums["characters_in_text"] == sums["characters_kept"] + sums["characters_written"]
    assert {page["page"] for page in values["pages"]} == set(range(1, sums["pages_stored"] + 1))


@pytest.mark.parametrize("wanted", ["nothing.pdf", "'; DROP TABLE pages; --"])
def test_a_name_the_archive_does_not_know_is_a_wrong_call(sample: Run, wanted: str) -> None:
    run = chronoville("inspect", wanted, "--output", sample.output)
    assert (run.code, "No document of this archive" in run.err, "Traceback" in run.err) == (2, True, False)


def test_nothing_is_lost(sample: Run) -> None:
    ((files, documents),) = sample.rows("SELECT count(*), count(DISTINCT document_id) FROM document_paths")
    by_status = dict(sample.rows("SELECT status, count(*) FROM documents GROUP BY status"))
    assert files >= documents == sum(by_status.values())
    assert sample.rows("SELECT DISTINCT documents_seen FROM runs") == [(documents,)]
    short = sample.rows(
        """SELECT filename FROM documents LEFT JOIN pages USING (document_id)
        WHERE status = 'ok' GROUP BY ALL HAVING count(page) <> any_value(claimed_pages)"""
    )
    assert short == [], "pages claimed, pages stored"
    uneven = sample.rows(
        """WITH changed AS (
            SELECT document_id, page, sum(length(before)) AS replaced, sum(length(after)) AS written
            FROM repairs GROUP BY ALL
        )
        SELECT document_id, page FROM pages LEFT JOIN changed USING (document_id, page)
        WHERE length(raw_text) - coalesce(replaced, 0) + coalesce(written, 0) <> length(text)"""
    )
    assert uneven == [], "a character extracted is in the text or in the repairs"
