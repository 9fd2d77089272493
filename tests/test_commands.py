"""The command line as people meet it: messages, exit codes, and what becomes of bad input."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import duckdb
import pikepdf
import pytest
from conftest import ROOT, chronoville

TEXT = "La convention a été signée le 15 juin 1985 entre l’État et la Ville de Chambéry.\n"


@pytest.fixture(scope="module")
def bad_input(tmp_path_factory: pytest.TempPathFactory):
    """A folder of bad input beside one good text, ingested once."""
    corpus, output = tmp_path_factory.mktemp("bad"), tmp_path_factory.mktemp("out")
    (corpus / "good.txt").write_text(TEXT)
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "nul.txt").write_bytes(b"abc\0\0def\0" * 50)
    (corpus / "not-a.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    (corpus / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(corpus / "locked.pdf", encryption=pikepdf.Encryption(owner="owner", user="secret"))
    return chronoville("ingest", corpus, "--output", output)


def test_bad_input_does_not_stop_the_rest(bad_input) -> None:
    assert bad_input.code == 1
    statuses = dict(bad_input.rows("SELECT filename, status FROM documents"))
    assert statuses["good.txt"] == "ok"
    assert statuses["picture.png"] == "skipped"
    failed = {"empty.txt", "nul.txt", "not-a.pdf", "locked.pdf"}
    assert {name for name, status in statuses.items() if status == "failed"} == failed


@pytest.mark.parametrize(
    ("name", "words"),
    [("empty.txt", "empty"), ("nul.txt", "NUL"), ("locked.pdf", "password"), ("not-a.pdf", "PDF")],
)
def test_bad_input_is_a_row_with_its_reason(bad_input, name: str, words: str) -> None:
    ((error,),) = bad_input.rows(f"SELECT error FROM documents WHERE filename = '{name}'")
    assert re.search(words, error, re.IGNORECASE), error
    assert name in bad_input.err
    assert "Traceback" not in bad_input.err


def test_a_folder_without_documents(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = chronoville("ingest", tmp_path / "empty", "--output", tmp_path / "out")
    assert run.code == 2
    assert "there is no document here" in run.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "no-such-folder"],
        ["ingest"],
        ["ingest", "corpus", "--ocr", "perhaps"],
        ["frobnicate"],
        ["query", " "],
        ["chronology", "--from", "hier"],
        ["repair", "no-such-file.txt", "other.txt"],
    ],
)
def test_a_wrong_call_ends_in_2(arguments: list[str], tmp_path: Path) -> None:
    output = [] if arguments[0] in ("frobnicate", "repair") else ["--output", str(tmp_path)]
    run = chronoville(*arguments, *output)
    assert (run.code, "Traceback" in run.err) == (2, False), run.err
    assert run.err.strip()


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(TEXT)
    assert chronoville("ingest", tmp_path / "in.txt", "--output", tmp_path / "out").code == 0
    with duckdb.connect(str(tmp_path / "out" / "archive.duckdb")) as connection:
        connection.execute("UPDATE archive_state SET schema_version = 999")
    run = chronoville("ingest", tmp_path / "in.txt", "--output", tmp_path / "out")
    assert run.code == 3
    assert "newer version" in run.err


@pytest.mark.parametrize("what", ["file", "not-a-database"])
def test_an_output_that_cannot_be_used(tmp_path: Path, what: str) -> None:
    (tmp_path / "in.txt").write_text(TEXT)
    output = tmp_path / "out"
    if what == "file":
        output.write_text("in the way")
    else:
        output.mkdir()
        (output / "archive.duckdb").write_text("not a database" * 100)
    run = chronoville("ingest", tmp_path / "in.txt", "--output", output)
    assert (run.code, "Traceback" in run.err) == (3, False), run.err


def test_query_without_a_database_and_with_bad_sql(bad_input, tmp_path: Path) -> None:
    assert chronoville("query", "SELECT 1", "--output", tmp_path).code == 3
    assert chronoville("query", "SELEC 1", "--output", bad_input.output).code == 2
    assert chronoville("query", "DROP TABLE documents", "--output", bad_input.output).code == 2
    assert chronoville("query", "SELECT * FROM read_csv('/etc/passwd')", "--output", bad_input.output).code == 2


def test_query_prints_a_table_or_json(bad_input) -> None:
    sql = "SELECT filename, status FROM documents WHERE status = 'ok'"
    assert chronoville("query", sql, "--output", bad_input.output).out == "filename\tstatus\ngood.txt\tok\n"
    printed = chronoville("query", sql, "--json", "--output", bad_input.output).out
    assert json.loads(printed) == [{"filename": "good.txt", "status": "ok"}]
    lists = chronoville("query", "SELECT ['ANRU', 'DIV'] AS bodies, NULL AS page", "--output", bad_input.output)
    assert lists.out == "bodies\tpage\nANRU | DIV\t\n"


def test_the_report_can_be_read_by_a_program(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(TEXT)
    (tmp_path / "same.txt").write_text(TEXT)
    run = chronoville("ingest", tmp_path, "--output", tmp_path / "out", "--json")
    report = json.loads(run.out)
    assert (report["files"], report["documents"], report["statuses"]) == (2, 1, {"ok": 1})
    assert run.rows("SELECT count(*) FROM document_paths") == [(2,)]
    characters = report["characters"]
    assert characters["extracted"] == characters["kept"] + characters["replaced"]


def test_a_changed_file_alone_is_processed_and_a_gone_one_is_told(tmp_path: Path) -> None:
    corpus, output = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (corpus / name).write_text(f"{name}\n{TEXT}")
    first = json.loads(chronoville("ingest", corpus, "--output", output, "--json").out)
    assert first["ingested"] == 3
    (corpus / "a.txt").write_text(f"a changed one\n{TEXT}")
    (corpus / "b.txt").unlink()
    run = chronoville("ingest", corpus, "--output", output, "--json")
    second = json.loads(run.out)
    assert (second["ingested"], second["unchanged"]) == (1, 1)
    assert [Path(path).name for path in second["gone"] if "b.txt" in path] == ["b.txt"]
    assert run.rows("SELECT count(*) FROM documents") == [(4,)], "what is gone keeps its rows"


def test_repair_mends_a_pipe_and_explains_itself(tmp_path: Path) -> None:
    damaged = "La D®l®gation Interminist®rielle ¨ lõAm®nagement et ¨ la Comp®titivit® des Territoires\n"
    run = chronoville("repair", "-", stdin=damaged.encode())
    assert (run.code, run.out) == (
        0,
        "La Délégation Interministérielle à l’Aménagement et à la Compétitivité des Territoires\n",
    )
    (tmp_path / "one.txt").write_text(damaged)
    explained = json.loads(chronoville("repair", "--json", tmp_path / "one.txt").out)
    assert {change["before"] for change in explained["changes"]} == {"®", "¨", "õ"}
    shown = chronoville("repair", "--explain", tmp_path / "one.txt").out
    assert "changes" in shown and "doubts" in shown


def test_repair_writes_each_text_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes("été à la Cité\n".encode("mac_roman"))
    (tmp_path / "two.txt").write_bytes("L’État a décidé la démolition.\n".encode("cp1252"))
    run = chronoville("repair", "--output", tmp_path / "out", tmp_path / "one.txt", tmp_path / "two.txt")
    assert run.code == 0, run.err
    assert (tmp_path / "out" / "two.txt").read_text(encoding="utf-8") == "L’État a décidé la démolition.\n"
    assert chronoville("repair", tmp_path / "one.txt", tmp_path / "two.txt").code == 2, "two results on one pipe"
    before = (tmp_path / "one.txt").read_bytes()
    assert chronoville("repair", "--output", tmp_path, tmp_path / "one.txt").code == 2, "a result in its source's place"
    assert (tmp_path / "one.txt").read_bytes() == before


def test_make_lists_its_targets() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("ingest", "chronology", "query", "test", "evaluate", "bench"):
        assert re.search(rf"make {target}\s+\w", done.stdout)


def test_a_researchers_own_names_are_taken_up_without_reading_again(tmp_path: Path) -> None:
    corpus, output = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    (corpus / "a.txt").write_text("En 1987, le Cercle des Mirabelles a signé la convention avec l’État.\n")
    assert chronoville("ingest", corpus, "--output", output).code == 0
    (corpus / "gazetteers").mkdir()
    (corpus / "gazetteers" / "own.csv").write_text("name,kind,source\nCercle des Mirabelles,body,fonds privé\n")
    run = chronoville("ingest", corpus, "--output", output, "--json")
    report = json.loads(run.out)
    assert report["ingested"] == 1
    assert "extract" not in report["seconds_by_room"], "the page was not read again"
    assert run.rows("SELECT source FROM entities WHERE name = 'Cercle des Mirabelles'") == [("fonds privé",)]


def test_corrections_by_hand_survive(tmp_path: Path) -> None:
    corpus, output = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    (corpus / "a.txt").write_text("Le 3 mai 1987, la Ville de Lens a signé la convention avec l’État.\n")
    (corpus / "corrections.csv").write_text(
        "action,document,page,words,kind,value,why\nreject,a.txt,1,État,body,,trop général\n"
    )
    for force in ([], ["--force"]):
        run = chronoville("ingest", corpus, "--output", output, *force)
        assert run.code == 0
        surfaces = {surface for (surface,) in run.rows("SELECT surface FROM mentions")}
        assert "État" not in surfaces and "Ville de Lens" in surfaces


@pytest.mark.parametrize("text", ["action,words\nadd,x\n", "\xe9".encode("latin-1").decode("latin-1") * 3])
def test_corrections_that_cannot_be_read_are_a_wrong_call(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "corrections.csv").write_text(text, encoding="latin-1")
    run = chronoville("ingest", tmp_path, "--output", tmp_path / "out")
    assert (run.code, "corrections.csv" in run.err) == (2, True), run.err
