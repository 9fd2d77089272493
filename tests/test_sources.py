"""Meeting files: each once, whatever its name, and again only if it changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import CallError
from pipeline.manifest import interval, read_manifests
from pipeline.sources import known_stamps, readable_name, remember_stamps, walk


def names(root: Path) -> list[str]:
    return [Path(met.path).name for met in walk([root], {})]


def test_the_walk_is_in_order_and_leaves_out_what_is_no_document(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.txt",
        ".hidden",
        "manifest.csv",
        "corrections.csv",
        "README.md",
        "gazetteers/own.csv",
        "z/c.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["a.txt", "b.txt", "c.txt"]


def test_names_no_one_would_choose(tmp_path: Path) -> None:
    strange = ["line\nbreak.txt", "quote\"'.txt", "a" * 240 + ".txt", "éà.txt"]
    for name in strange:
        (tmp_path / name).write_text("x")
    with open(os.fsencode(tmp_path) + b"/\xe9t\xe9.txt", "w") as file:  # a Latin-1 name
        file.write("x")
    met = list(walk([tmp_path], {}))
    assert len(met) == 5
    assert all(m.sha256 and m.path.encode("utf-8") for m in met), "every path can be stored"
    assert any("\\xe9t\\xe9.txt" in m.path for m in met)
    assert any("line\\nbreak.txt" in m.path for m in met)


def test_a_link_that_leads_back_ends(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.txt").write_text("x")
    (tmp_path / "inside" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    met = list(walk([tmp_path], {}))
    assert [Path(m.path).name for m in met if not m.problem] == ["a.txt"]
    assert [Path(m.path).name for m in met if m.problem] == ["self"], "a link to nowhere is told, not lost"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (met,) = walk([tmp_path], {})
    assert "not a regular file" in met.problem


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")
    first = list(walk([tmp_path], {}))
    remember_stamps(tmp_path / ".cache", {}, first)
    known = known_stamps(tmp_path / ".cache")
    stamp = file.stat()
    file.write_text("two")  # same size
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert next(walk([tmp_path], known)).sha256 == first[0].sha256, "same size and time: the kept hash stands"
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert next(walk([tmp_path], known)).sha256 != first[0].sha256


@pytest.mark.parametrize("damage", ["", "{", '[["a"]]', "null"])
def test_damaged_stamps_cost_only_time(tmp_path: Path, damage: str) -> None:
    (tmp_path / "stamps.json").write_text(damage)
    assert known_stamps(tmp_path) == {}


def test_a_path_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no such file or folder"):
        list(walk([tmp_path / "nothing"], {}))


@pytest.mark.parametrize("raw", [b"plain", b"\xff\xfe", b"a\nb", "é".encode()])
def test_readable_names_can_be_stored(raw: bytes) -> None:
    name = readable_name(os.fsdecode(raw))
    assert "\n" not in name
    assert name.encode("utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2014", ("2014-01-01", "2014-12-31")),
        ("2008-02", ("2008-02-01", "2008-02-29")),
        ("2003-08-01", ("2003-08-01", "2003-08-01")),
        ("  ", ("None", "None")),
    ],
)
def test_manifest_dates(words: str, expected: tuple[str, str]) -> None:
    assert tuple(map(str, interval(words))) == expected


@pytest.mark.parametrize("words", ["31/04/2003", "2003-02-30", "2003-13", "mars 2003", "2003-01-01-01"])
def test_manifest_dates_that_are_none(words: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        interval(words)


def test_a_manifest_speaks_of_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    text = "file,title,issuer,date,shelfmark,source,rights\na.txt,« Un, titre »,DIACT,2007-03,1 W 2,fonds,libre\n"
    (tmp_path / "sub" / "manifest.csv").write_text(
        text.replace("« Un, titre »", '"« Un, titre »"'), encoding="utf-8-sig"
    )
    told = read_manifests([tmp_path])[readable_name(tmp_path / "sub" / "a.txt")]
    assert (told.title, told.issuer, str(told.date_to), told.shelfmark) == (
        "« Un, titre »",
        "DIACT",
        "2007-03-31",
        "1 W 2",
    )


@pytest.mark.parametrize("text", ["title\nx\n", "file,date\na.txt,hier\n", "file\n\xe9\n".encode("latin-1")])
def test_a_manifest_that_cannot_be_read_names_its_line(tmp_path: Path, text: str | bytes) -> None:
    (tmp_path / "manifest.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CallError, match=r"manifest\.csv"):
        read_manifests([tmp_path])


def test_the_output_inside_the_corpus_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "chronology.html").write_text("x")
    assert [Path(met.path).name for met in walk([tmp_path], {}, leave_out=tmp_path / "out")] == ["a.txt"]
