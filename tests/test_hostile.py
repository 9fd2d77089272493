"""Documents that mean harm, or might as well: each costs its own time and memory, is a row, and hurts nobody else."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pikepdf
import psutil
import pytest
from conftest import ROOT, Run, chronoville

GOOD = "La convention a été signée le 15 juin 1985 entre l’État et la Ville de Chambéry.\n"
MUTANTS = int(os.environ.get("CHRONOVILLE_MUTANTS", "150"))
SEED = 19770301


def pdf(*objects: bytes) -> bytes:
    """A PDF of the given objects, numbered from 1; the first is the catalogue. Offsets are right, contents need not be."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>"


def cycle() -> bytes:
    return pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 3 >>", PAGE, b"<< /Length 0 >>\nstream\n\nendstream"
    )


def claim() -> bytes:
    return pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 50000 >>", PAGE, b"<< /Length 0 >>\nstream\n\nendstream"
    )


def bomb(megabytes: int = 1500) -> bytes:
    packer = zlib.compressobj(9)
    block = b"BT (x) Tj ET " * 80659  # about a megabyte
    packed = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    return pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE, stream)


def picture() -> bytes:
    side = b"/Width 200000 /Height 200000 /ColorSpace /DeviceGray /BitsPerComponent 8"
    image = b"<< /Type /XObject /Subtype /Image %b /Length 1 >>\nstream\nx\nendstream" % side
    page = PAGE.replace(b"612 792", b"900000 900000").replace(b"<< >>", b"<< /XObject << /I 5 0 R >> >>")
    draw = b"q 900000 0 0 900000 0 0 cm /I Do Q"
    contents = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(draw), draw)
    return pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, contents, image)


def nested() -> bytes:
    return pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 /X " + b"[" * 200000 + b"]" * 200000 + b" >>", PAGE)


def stream(data: bytes, head: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< %b /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (head, len(packed), packed)


def font() -> bytes:
    """A font that claims a million widths and a billion characters."""
    ranges = b"<0000> <ffff> <0041>\n" * 20_000
    mapping = b"/CIDInit /ProcSet findresource begin begincmap 20000 beginbfrange\n%bendbfrange endcmap end" % ranges
    heir = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 /W [0 [%b]] >>" % (b"500 " * 1_000_000)
    return pdf(
        CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE.replace(b"/Resources << >>", b"/Resources << /Font << /F 5 0 R >> >>"),
        stream(b"BT /F 12 Tf 50 700 Td <%b> Tj ET" % (b"00410042" * 2000)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        heir, stream(mapping),
    )  # fmt: skip


def spiral() -> bytes:
    """A form that draws itself, eight times."""
    form = stream(
        b"/F Do " * 8, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    )
    page = PAGE.replace(b"/Resources << >>", b"/Resources << /XObject << /F 5 0 R >> >>")
    return pdf(CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream(b"/F Do"), form)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "cycle.pdf": cycle, "claim.pdf": claim, "bomb.pdf": bomb, "picture.pdf": picture, "nested.pdf": nested,
    "font.pdf": font, "spiral.pdf": spiral,
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """The hostile files and one good text, ingested once, with a temporary folder of their own."""
    corpus, output, temporary = (tmp_path_factory.mktemp(name) for name in ("hostile", "out", "temporary"))
    for name, make in HOSTILE.items():
        (corpus / name).write_bytes(make())
    (corpus / "zz-good.txt").write_text(GOOD)
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "ingest",
        str(corpus),
        "--output",
        str(output),
        "--limit-seconds",
        "15",
    ]
    done = subprocess.run(
        [*command, "--limit-memory", "1500"],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"TMPDIR": str(temporary)}, timeout=400, check=False,
    )  # fmt: skip
    return Run(code=done.returncode, out=done.stdout, err=done.stderr, output=output), temporary


@pytest.mark.xdist_group("hostile")
def test_harm_is_a_row_and_the_rest_goes_on(hostile: tuple[Run, Path]) -> None:
    run, temporary = hostile
    assert run.code in (0, 1)
    assert "Traceback" not in run.err
    rows = {name: (status, error) for name, status, error in run.rows("SELECT filename, status, error FROM documents")}
    assert set(rows) == {*HOSTILE, "zz-good.txt"}
    assert rows["zz-good.txt"] == ("ok", None)
    assert all(status == "ok" or error for status, error in rows.values()), "what is not ok says why"
    assert rows["bomb.pdf"][0] in ("failed", "partial")
    assert list(temporary.iterdir()) == [], "no temporary file is left"


def mutate(data: bytes, dice: random.Random) -> bytes:
    """One to eight random wounds: bytes flipped, pieces cut, doubled or moved, numbers changed."""
    wounded = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(wounded))
        length = dice.choice((1, 4, 64, 1024))
        match dice.randrange(6):
            case 0:
                wounded[place] ^= 1 << dice.randrange(8)
            case 1:
                del wounded[place : place + length]
            case 2:
                wounded[place:place] = wounded[place : place + length]
            case 3:
                wounded[place : place + length] = dice.randbytes(length)
            case 4:
                digits = [
                    index for index in range(place, min(place + 2000, len(wounded))) if chr(wounded[index]).isdigit()
                ]
                if digits:
                    wounded[dice.choice(digits)] = ord(dice.choice("0123456789-"))
            case _:
                wounded = wounded[: max(200, place)] if dice.random() < 0.2 else wounded
    return bytes(wounded)


@pytest.mark.xdist_group("hostile")
def test_wounded_files_end_as_rows(tmp_path: Path) -> None:
    corpus, temporary = tmp_path / "mutants", tmp_path / "temporary"
    corpus.mkdir()
    temporary.mkdir()
    models = [file.read_bytes() for file in sorted((ROOT / "corpus").glob("*.pdf")) if "scan" not in file.name]
    dice = random.Random(SEED)
    for number in range(MUTANTS):
        (corpus / f"{number:04}.pdf").write_bytes(mutate(dice.choice(models), dice))
    before = {process.pid for process in psutil.process_iter()}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "ingest", str(corpus), "--output", str(tmp_path / "out"), "--json",
         "--ocr", "off", "--limit-seconds", "10"],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"TMPDIR": str(temporary)}, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert "an error of this program" not in done.stderr, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["files"] == MUTANTS
    assert sum(report["statuses"].values()) == report["documents"]
    assert list(temporary.iterdir()) == []
    mine = [
        p
        for p in psutil.process_iter(["cmdline"])
        if p.pid not in before and str(corpus) in " ".join(p.info["cmdline"] or [])
    ]
    assert mine == []


def test_pages_read_before_the_trouble_are_kept(tmp_path: Path) -> None:
    with pikepdf.open(ROOT / "corpus" / "12-chronologie.pdf") as document:
        broken = document.add_blank_page()
        broken.Contents = document.make_stream(b"BT (x) Tj ET " * 20_000_000)
        document.save(tmp_path / "late.pdf", compress_streams=True)
    run = chronoville(
        "ingest", tmp_path / "late.pdf", "--output", tmp_path / "out", "--limit-seconds", "10", "--limit-memory", "300"
    )
    assert "Traceback" not in run.err
    ((status, pages, error),) = run.rows("SELECT status, page_count, error FROM documents")
    assert (status, pages >= 2) == ("partial", True), error


def test_page_limit_is_said(tmp_path: Path) -> None:
    run = chronoville("ingest", ROOT / "corpus" / "12-chronologie.pdf", "--output", tmp_path, "--limit-pages", "1")
    assert run.rows("SELECT status, page_count, claimed_pages FROM documents") == [("partial", 1, 2)]
    assert "--limit-pages" in run.err


def test_everything_met_is_accounted_for(tmp_path: Path, shared: Path) -> None:
    run = chronoville(
        "ingest", shared / "hard", "--output", tmp_path, "--json", "--ocr", "off", "--limit-seconds", "20", timeout=900
    )
    report = json.loads(run.out)
    assert "Traceback" not in run.err
    files = [file for file in (shared / "hard").rglob("*") if file.is_file()]
    assert report["files"] == len(files)
    assert run.rows("SELECT count(*) FROM document_paths") == [(len(files),)]
    assert sum(report["statuses"].values()) == report["documents"]
    assert run.rows("SELECT count(*) FROM documents WHERE status <> 'ok' AND coalesce(error, '') = ''") == [(0,)]
    assert run.rows("SELECT filename FROM documents WHERE error LIKE '%an error of this program%'") == []


def test_names_no_one_would_choose_are_read_and_linked(tmp_path: Path) -> None:
    """Line breaks, quotes, 250 bytes, bytes that are no UTF-8, a name like a script: each a row, each a link that opens."""
    corpus, output = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    names = [
        b"line\nbreak.txt", b"quote\"'<b>&.txt", b"a" * 246 + b".txt", b"caf\xe9 latin.txt", "é\u202eà.txt".encode(),
        b"javascript:alert(1).txt", b"-rf.txt", b"=1+1.txt", b"100% ?#x.txt", b" .txt",
    ]  # fmt: skip
    for number, name in enumerate(names):
        text = f"Le {number + 1} mars 1977, la Ville de Lens a signé la convention avec l’État.\n"
        (corpus / os.fsdecode(name)).write_text(text, encoding="utf-8")
    run = chronoville("ingest", corpus, "--output", output)
    assert (run.code, "Traceback" in run.err) == (0, False), run.err
    assert run.rows("SELECT status, count(*) FROM documents GROUP BY ALL") == [("ok", len(names))]
    for path, url in run.rows("SELECT path, url FROM document_paths"):
        assert "\n" not in path and path.encode("utf-8")
        assert ":" not in url, "no link is a script"
        opened = output / os.fsdecode(unquote_to_bytes(url))
        assert os.fsencode(opened.name) in names and opened.is_file()
    page = (output / "chronology.html").read_text(encoding="utf-8")
    assert "quote\"'<b>" not in page and 'href="javascript' not in page
    assert "Nothing new" in chronoville("ingest", corpus, "--output", output).err
