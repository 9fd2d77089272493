"""What is drawn is what is read: made papers with known words, in the order a person reads them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from extract_papers import PAPERS
from rapidfuzz.distance import LCSseq

from pipeline.extract import open_document
from pipeline.records import Page, Source
from pipeline.settings import Settings


def source_of(path: Path, media_type: str = "application/pdf") -> Source:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return Source(
        document_id=digest[:16], sha256=digest, path=path.name, location=path, media_type=media_type, size=len(data)
    )


def pages_of(path: Path, media_type: str = "application/pdf") -> list[Page]:
    return list(open_document(source_of(path, media_type), Settings(ocr="off")).pages())


def running_text(page: Page) -> str:
    """The raw text without its cuts, hyphens at line ends rejoined."""
    pieces, done = [], 0
    for cut in page.cuts:
        pieces.append(page.raw_text[done : cut.start])
        done = cut.end
    text = "".join([*pieces, page.raw_text[done:]])
    return re.sub(r"(?<=\w)-\n+(?=[a-zà-öø-ÿœ])", "", text)


@pytest.mark.parametrize("draw", PAPERS, ids=lambda draw: draw.__name__)
def test_words_of_a_made_paper_in_reading_order(draw, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    expected = draw(path)
    found = " ".join(running_text(page) for page in pages_of(path)).split()
    common = LCSseq.similarity(expected, found)
    assert common / len(expected) >= 0.995, "recall"
    assert common / len(found) >= 0.985, "precision"
