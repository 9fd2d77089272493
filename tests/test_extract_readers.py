"""Texts, web pages, and what cannot be read: charsets by evidence, main text, clear reasons."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pikepdf
import pytest
from extract_papers import lie, one_column, sentences
from hypothesis import given, settings
from hypothesis import strategies as st
from test_extract_papers import pages_of, source_of

from pipeline.errors import EmptyDocument, EncryptedDocument, UnreadableDocument
from pipeline.extract import open_document, plain, sniff
from pipeline.extract.plain import decode
from pipeline.extract.quality import text_quality
from pipeline.settings import Settings

CASES = tomllib.loads((Path(__file__).parent / "cases" / "extract.toml").read_text(encoding="utf-8"))
SOUND = [case for drawer in ("found_in_the_wild", "must_not_change", "synthetic") for case in CASES[drawer]]


def read_case(case: dict[str, str]) -> str:
    data = bytes.fromhex(case.get("prefix", "")) + case["text"].encode(case["written_in"])
    return decode(data + bytes.fromhex(case.get("suffix", "")))[0]


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case["name"])
def test_bytes_are_read_as_they_were_meant(case: dict[str, str]) -> None:
    assert read_case(case) == case.get("read", case["text"])


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["name"])
@pytest.mark.xfail(strict=True, reason="too little evidence")
def test_known_failures(case: dict[str, str]) -> None:
    assert read_case(case) == case.get("read", case["text"])


@settings(deadline=None)  # the first example loads the word list
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_utf8_always_comes_back_as_it_was(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode())[0] == text


@settings(deadline=None)  # the first example loads the word list
@given(st.binary(min_size=1))
def test_any_bytes_are_read_or_refused_with_a_reason(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except (EmptyDocument, UnreadableDocument) as error:
        assert str(error)
    else:
        assert isinstance(text, str)
        assert encoding


def test_form_feeds_make_pages_and_line_ends_are_one_kind(tmp_path: Path) -> None:
    path = tmp_path / "minutes.txt"
    path.write_bytes("Première page\r\nsuite\fDeuxième\rpage\f".encode())
    pages = pages_of(path, "text/plain")
    assert [page.raw_text for page in pages] == ["Première page\nsuite", "Deuxième\npage"]
    assert {page.flow for page in pages} == {"lines"}


@given(st.text(st.sampled_from("é \n."), max_size=400))
def test_a_long_text_is_cut_into_pages_and_nothing_is_lost(text: str) -> None:
    longest, plain.LONGEST = plain.LONGEST, 40
    try:
        pages = [page.raw_text for page in plain.read_pages(f"x{text}x".encode())]
    finally:
        plain.LONGEST = longest
    assert "".join(pages) == f"x{text}x"
    assert all(20 <= len(page) <= 40 for page in pages[:-1])


def test_a_page_of_a_long_text_ends_with_a_paragraph() -> None:
    paragraph = sentences(0, 6)
    pages = list(plain.read_pages("\n\n".join([paragraph] * 60).encode()))
    assert len(pages) > 1
    assert all(page.raw_text.strip().endswith(paragraph) for page in pages)


WEB_PAGE = """<!doctype html><html lang="fr"><head><meta charset="iso-8859-1"><title>Le plateau</title></head><body>
<nav><a href="/a">Actualités du 3 mars 2001</a></nav><main><article><h1>Le renouvellement du plateau</h1>
<p>{text}</p><h2>Calendrier</h2><ul><li>2019 : signature de la convention</li><li>2021 : démolitions</li></ul>
<table><tr><th>Opération</th><th>Montant</th></tr><tr><td>Tour Nord</td><td>1 250 000</td></tr></table>
</article></main><aside>Lire aussi : l'usine en 1987</aside><footer>Mentions légales 2024</footer>
<script>var date = "2010";</script></body></html>"""


def test_main_text_of_a_web_page_keeps_headings_lists_and_tables_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"  # the name lies
    text = sentences(2, 4).replace("’", "'").replace("œ", "oe")
    path.write_bytes(WEB_PAGE.format(text=text).encode("iso8859-1"))
    assert sniff(path) == "text/html"
    reading = open_document(source_of(path), Settings())
    (page,) = reading.pages()
    lines = page.raw_text.split("\n\n")
    assert lines[:3] == ["Le renouvellement du plateau", text, "Calendrier"]
    assert "Tour Nord\t1 250 000" in lines
    assert (reading.metadata_title, reading.language) == ("Le plateau", "fr")
    for boilerplate in ("Actualités", "Lire aussi", "Mentions", "2010"):
        assert boilerplate not in page.raw_text


def test_a_note_s_mark_is_no_digit_of_the_figure_before_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    told = "Le quartier, bâti en 1958<sup>3</sup> sur 12 000 m<sup>2</sup>, a perdu 10<sup> <a href='#n'>(4)</a></sup> tours le 1<sup>er</sup> mai."
    path.write_text(f"<html><body><article><p>{told} {sentences(0, 3)}</p></article></body></html>", encoding="utf-8")
    (page,) = pages_of(path, "text/html")
    assert page.raw_text.startswith("Le quartier, bâti en 1958[3] sur 12 000 m², a perdu 10[4] tours le 1er mai.")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("nothing.pdf", b"", EmptyDocument),
        ("blank.txt", b" \n\n ", EmptyDocument),
        ("torn.pdf", b"%PDF-1.4\n1 0 obj <<", UnreadableDocument),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(200), UnreadableDocument),
        ("core.txt", b"abc\x00\x01\x02" * 40, UnreadableDocument),
        ("deep.html", b"<html><body>" + b"<div>" * 20_000 + b"Bonjour" + b"</div>" * 20_000, UnreadableDocument),
        ("silent.html", b"<html><body><script>x()</script></body></html>", EmptyDocument),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, error: type[Exception]) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    media_type = "application/pdf" if name.endswith("pdf") else "text/plain"
    with pytest.raises(error) as caught:
        pages_of(path, media_type)
    assert str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_locked_pdf_says_so_and_an_owner_password_does_not_hinder(tmp_path: Path) -> None:
    sound, locked, owned = (tmp_path / name for name in ("sound.pdf", "locked.pdf", "owned.pdf"))
    words = one_column(sound)
    with pikepdf.open(sound) as document:
        document.save(locked, encryption=pikepdf.Encryption(user="secret", owner="secret"))
        document.save(owned, encryption=pikepdf.Encryption(user="", owner="secret"))
    with pytest.raises(EncryptedDocument):
        open_document(source_of(locked), Settings())
    assert words[10] in pages_of(owned)[0].raw_text


def test_a_cut_short_pdf_is_mended_or_refused_but_never_half_silent(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    one_column(path)
    data = path.read_bytes()
    for share in (0.2, 0.5, 0.8, 0.97):
        path.write_bytes(data[: int(len(data) * share)])
        try:
            pages = pages_of(path)
        except UnreadableDocument as error:
            assert str(error)
        else:
            assert all(page.raw_text or page.problem or page.quality in (0.0, 1.0) for page in pages)


def test_a_page_limit_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    one_column(path)
    reading = open_document(source_of(path), Settings(limit_pages=2))
    assert reading.claimed_pages == 4
    assert [page.number for page in reading.pages()] == [1, 2]


@pytest.mark.parametrize(
    "spoil",
    [
        lie,
        lambda text: text.encode("mac_roman", "replace").decode("cp1252", "replace"),
        lambda text: text.encode("cp850", "replace").decode("cp1252", "replace"),
        lambda text: "".join(char for char in text if char < "\x80"),
        lambda text: "".join(chr(max(1, ord(char) - 29)) for char in text),
    ],
    ids=["lying map", "Mac Roman", "DOS", "accents lost", "glyph numbers"],
)
def test_damage_that_can_be_mended_is_no_bad_quality(spoil) -> None:
    assert text_quality(spoil(sentences(0, 14))) > 0.6
    assert text_quality("lrnqv ciozx qwzkr xkjvb vbnqt frtzw ghzlq plkrx") < 0.3
    assert text_quality("• – • • – •") == 0.0
