"""Annotated documents read back from PDFs: what a broken file costs the chronology, from first glyph to last relation.

Why: the texts are scored as text, and an archive is not text; what matters is what is left once a document has been a PDF
with half its words in a font that lies.
Idea: each gold text is typeset twice, once in honest fonts and once with alternate runs of words in a font whose map is
false, and both go through extract, repair, entities and events; the scores stand side by side.
Limits: one page style and one family of lie; a word that the family cannot express is set in the honest font.

``python -m tools.gold_pdf [FOLDER]``: ``tests/gold`` where no folder is given.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from random import Random

from pipeline import entities, events, repair
from pipeline.evaluate.gold import GoldDocument, load_folder
from pipeline.evaluate.run import Tallies
from pipeline.evaluate.score import Tally, score_document
from pipeline.extract import open_document
from pipeline.records import Document as Read
from pipeline.records import DocumentInfo
from pipeline.settings import Settings
from pipeline.sources import source_of
from tools.build_corpus.damage import mac_plus_20
from tools.build_corpus.source import Block, Document
from tools.build_corpus.typeset import render

FAMILY = "mac-roman-plus-20"
MEASURES = ("date", "body", "site", "programme", "event", "participant", "relation")
SHORTEST, LONGEST = 3, 40  # words in a run of one font


def lying_runs(text: str, random: Random) -> str:
    """``text`` with alternate runs of words marked to be set in the lying font."""
    lies, left, pieces = random.random() < 0.5, random.randint(SHORTEST, LONGEST), []
    for token in re.findall(r"\S+|\s+", text):
        if token.isspace():
            pieces.append(token)
            continue
        pieces.append(f"{{{token}}}" if lies and _can_lie(token) else token)
        left -= 1
        if left == 0:
            lies, left = not lies, random.randint(SHORTEST, LONGEST)
    return "".join(pieces).replace("} {", " ")


def _can_lie(word: str) -> bool:
    try:
        return all(mac_plus_20(char) for char in word)
    except (UnicodeEncodeError, ValueError):
        return False


def as_paper(gold: GoldDocument, *, lies: bool) -> bytes:
    """The gold text as an A4 PDF: its title, then its paragraphs, whose line breaks are kept."""
    text = re.sub(r"[{}~]|\*\*", "", gold.text)
    if lies:
        text = lying_runs(text, Random(gold.name))
    chunks = [chunk.strip("\n") for chunk in re.split(r"\n\s*\n", text) if chunk.strip()]
    blocks = [Block(kind="title", text=gold.title), *(Block(kind="lines", text=chunk) for chunk in chunks)]
    head = {"file": f"{gold.name}.pdf", "title": gold.title, "issuer": " ", "shelfmark": " ", "layout": "plain"}
    return render(Document(head=head | ({"lies": FAMILY} if lies else {}), blocks=tuple(blocks)))


def read_paper(gold: GoldDocument, data: bytes, folder: Path) -> Read:
    """The PDF as the pipeline reads and mends it."""
    path = folder / f"{gold.name}.pdf"
    path.write_bytes(data)
    source = source_of(path)
    opened = open_document(source, Settings(ocr="off"))
    pages = repair.repair_pages(list(opened.pages()), opened.ask_fonts)
    return Read(source=source, info=DocumentInfo(title=gold.title, genre=gold.genre), pages=tuple(pages))


def measure(documents: list[GoldDocument], knowledge: entities.Knowledge, *, lies: bool) -> Tallies:
    """Every measure over the documents, each read from its PDF."""
    tallies: Tallies = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as folder:
        for gold in documents:
            document = read_paper(gold, as_paper(gold, lies=lies), Path(folder))
            found = entities.find_mentions(document, knowledge)
            score_document(gold, found, events.find_events(document, found), tallies)
    return tallies


def main(folder: Path) -> int:
    """Print F1 by measure from honest PDFs and from PDFs with half the fonts lying; return the exit code."""
    documents = load_folder(folder)
    knowledge = entities.load_knowledge()
    honest, lying = (measure(documents, knowledge, lies=lies) for lies in (False, True))
    print(f"{len(documents)} annotated documents as PDF\n{'F1':14}{'honest fonts':>14}{'half lying':>14}{'lost':>8}")
    for name in MEASURES:
        print(f"{name:14}{honest[name].f1:>14.3f}{lying[name].f1:>14.3f}{honest[name].f1 - lying[name].f1:>8.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "tests/gold")))
