"""Zipped folders: what is inside becomes documents, and nothing inside can do harm."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import docx
import pytest
from conftest import chronoville

from pipeline import archives
from pipeline.sources import Met, walk

NOTE = "Le programme de rénovation urbaine de Vesoul a été signé le 3 mars 2011 avec l’ANRU.\n"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def met_in(folder: Path, into: Path) -> dict[str, Met]:
    return {met.path.removeprefix(f"{folder}/"): met for met in walk([folder], {}, unpack_into=into)}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def test_members_are_documents(corpus: Path, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("pv.txt", NOTE * 2)
    content = {"1998/note.txt": NOTE.encode(), "1999/": b"", "1999/annexes.zip": inner.getvalue(), "__MACOSX/._note.txt": b"x",
               ".DS_Store": b"x", "manifest.csv": b"file,title\n"}  # fmt: skip
    zipped(corpus / "versement.zip", content)
    met = met_in(corpus, tmp_path / "private")
    assert list(met) == ["versement.zip/1998/note.txt", "versement.zip/1999/annexes.zip/pv.txt"]
    note = met["versement.zip/1998/note.txt"]
    assert note.location.read_text(encoding="utf-8") == NOTE
    assert note.location.suffix == ".txt" and len(note.sha256) == 64


def test_names_lead_nowhere(corpus: Path, tmp_path: Path) -> None:
    """A name is what is shown, never where something is written."""
    private = tmp_path / "private"
    zipped(
        corpus / "evil.zip",
        {"../../escaped.txt": b"a", "/etc/absolute.txt": b"b", "C:\\x\\drive.txt": b"c", "..": b"d"},
    )
    met = met_in(corpus, private)
    assert sorted(met) == ["evil.zip/C:/x/drive.txt", "evil.zip/escaped.txt", "evil.zip/etc/absolute.txt"]
    assert all(private in file.location.parents for file in met.values())
    written = {path.name for path in tmp_path.rglob("*.txt")}
    assert written == {"00001.txt", "00002.txt", "00003.txt"}
    assert stat.S_IMODE(next(private.iterdir()).stat().st_mode) == 0o700


def test_links_and_locks_are_told(corpus: Path, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("passwd.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(corpus / "links.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.txt", NOTE)
    data = bytearray((corpus / "links.zip").read_bytes())
    entry = data.rindex(b"PK\x01\x02")  # the last entry of the directory: say that it is encrypted
    data[entry + 8] |= 1
    (corpus / "links.zip").write_bytes(data)
    met = met_in(corpus, tmp_path / "private")
    assert "a link" in met["links.zip/passwd.txt"].problem
    assert "password" in met["links.zip/locked.txt"].problem
    assert not any("root:" in path.read_text() for path in (tmp_path / "private").rglob("*.txt"))


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [
        ("MOST_OF_ONE", 1 << 20, "more than 1 MiB"),
        ("MOST_RATIO", 20, "20 times"),
        ("MOST_BYTES", 2 << 20, "unpacks to more than 2 MiB"),
    ],
)
def test_bombs(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, says: str
) -> None:
    """What unpacks to too much is given up, told, and leaves nothing behind; what came before is kept."""
    monkeypatch.setattr(archives, limit, value)
    monkeypatch.setattr(archives, "_FREE", 1 << 16)
    zipped(corpus / "bomb.zip", {"a.txt": NOTE.encode(), "b.bin": b"\x00" * (5 << 20)})
    met = met_in(corpus, tmp_path / "private")
    assert met["bomb.zip/a.txt"].sha256
    (problem,) = [file.problem for file in met.values() if file.problem]
    assert says in problem
    assert sum(path.stat().st_size for path in (tmp_path / "private").rglob("*") if path.is_file()) < 1 << 16


def test_too_many_and_too_deep(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    zipped(corpus / "many.zip", {f"{n}.txt": str(n).encode() for n in range(6)})
    met = met_in(corpus, tmp_path / "private")
    assert sum(1 for file in met.values() if file.sha256) == 3
    assert "more than 3 files" in met["many.zip/(the rest)"].problem
    (corpus / "many.zip").unlink()
    data = NOTE.encode()
    for _ in range(5):
        zipped(tmp_path / "shell.zip", {"in.zip" if data.startswith(b"PK") else "in.txt": data})
        data = (tmp_path / "shell.zip").read_bytes()
    (corpus / "deep.zip").write_bytes(data)
    (deep,) = met_in(corpus, tmp_path / "private").values()
    assert "deep" in deep.problem


def test_broken_archives_are_told(corpus: Path, tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {"a.txt": NOTE.encode() * 50, "b.txt": NOTE.encode()})
    data = bytearray(whole.read_bytes())
    data[60:75] = b"\xff" * 15
    (corpus / "hurt.zip").write_bytes(data)
    (corpus / "cut.zip").write_bytes(whole.read_bytes()[:80])
    met = met_in(corpus, tmp_path / "private")
    assert "broken" in met["hurt.zip/a.txt"].problem
    assert met["hurt.zip/b.txt"].sha256
    assert met["cut.zip"].sha256, "it stays a file, which no reader will take"


def test_an_office_document_is_no_folder(corpus: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(NOTE)
    document.save(str(corpus / "note.docx"))
    assert list(met_in(corpus, tmp_path / "private")) == ["note.docx"]
    assert list(met_in(corpus, tmp_path / "private")) == [
        met.path.removeprefix(f"{corpus}/") for met in walk([corpus], {})
    ]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(b"d\x82lib\x82ration.txt", "délibération.txt"), ("délibération.txt".encode(), "délibération.txt")],
)
def test_names_of_french_systems(raw: bytes, shown: str) -> None:
    assert archives.shown_name(zipfile.ZipInfo(raw.decode("cp437"))) == shown


def test_unpacked_once(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run finds what is unpacked; a run that was interrupted starts anew."""
    zipped(corpus / "one.zip", {"a.txt": NOTE.encode()})
    private = tmp_path / "private"
    first = met_in(corpus, private)
    (kept,) = private.iterdir()
    with monkeypatch.context() as patched:
        patched.setattr(archives, "_Unpacking", None)
        assert met_in(corpus, private) == first
    (kept / "members.json").unlink()
    (kept / "00009.txt").write_text("half")
    assert {path: met.sha256 for path, met in met_in(corpus, private).items()} == {
        p: m.sha256 for p, m in first.items()
    }
    assert not (kept / "00009.txt").exists()


def test_ingest_reads_inside(corpus: Path, tmp_path: Path) -> None:
    """From the command line: the document's path shows its archive, and a second run has nothing to do."""
    zipped(corpus / "versement.zip", {"vesoul.txt": NOTE.encode()})
    run = chronoville("ingest", corpus, "--output", tmp_path / "out")
    assert run.code == 0, run.err
    assert run.rows("SELECT path, status FROM documents") == [(f"{corpus}/versement.zip/vesoul.txt", "ok")]
    assert "Nothing new" in chronoville("ingest", corpus, "--output", tmp_path / "out").err
