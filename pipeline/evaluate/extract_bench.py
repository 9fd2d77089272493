"""Our reading of a page beside the reading of each engine alone, on any folder of PDFs.

Why: a reader that joins several engines must not be worse than the best of them on any page.
Idea: per page, the share of words the French list knows and the number of words it knows, after the same simple
rejoining of hyphens for all; pages where ours falls behind are listed, worst first. Speeds come from the same run.
Limits: the measure sees lost and broken words, not the order they stand in.
Use: ``python -m pipeline.evaluate.extract_bench FOLDER [PAGES]`` (PAGES a file at most, 12 by default).
"""

from __future__ import annotations

import gc
import logging
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium

from pipeline import lexicon
from pipeline.errors import DocumentError
from pipeline.extract import open_document
from pipeline.settings import Settings
from pipeline.sources import source_of

# pdfium writes U+FFFE or U+0002 for a hyphen at a line's end, and leaves the line's end out
_HYPHEN = re.compile(r"(?<=\w)(?:[-\u00ad] *\r?\n+|[\ufffe\x02]\s*)(?=[a-zà-öø-ÿ])")
_CID = re.compile(r"\(cid:\d+\)")
OURS = "chronoville"
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One engine's text of one page: words, words the list knows, their share."""

    words: int
    known: int

    @property
    def share(self) -> float:
        """Share of known words, 0 for none."""
        return self.known / self.words if self.words else 0.0


def measure(text: str) -> Reading:
    """Count the words (three letters or more: spaced-out letters are no words) of a text, and those the list knows."""
    words = [word for word in lexicon.WORD.findall(_HYPHEN.sub("", _CID.sub(" ", text)).lower()) if len(word) > 2]
    scores = lexicon.zipf_scores()
    return Reading(words=len(words), known=sum(word in scores for word in words))


def _ours(path: Path, limit: int) -> Iterator[str]:
    for page in open_document(source_of(path), Settings(ocr="off", limit_pages=limit)).pages():
        text = page.raw_text
        for cut in reversed(page.cuts):
            if cut.family == "fake-bold":
                text = text[: cut.start] + text[cut.end :]
        yield text


def _pdfplumber(path: Path, limit: int) -> Iterator[str]:
    with pdfplumber.open(path) as document:
        for page in document.pages[:limit]:
            yield page.extract_text()
            page.close()


def _pypdfium2(path: Path, limit: int) -> Iterator[str]:
    document = pdfium.PdfDocument(path)
    for page in islice(document, limit):
        yield page.get_textpage().get_text_range()


def _pdftotext(path: Path, limit: int) -> Iterator[str]:
    program = shutil.which("pdftotext")
    if program is None:
        return
    command = [program, "-enc", "UTF-8", "-l", str(limit), str(path), "-"]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    yield from done.stdout.decode("utf-8", "replace").split("\f")


ENGINES = {OURS: _ours, "pdfplumber": _pdfplumber, "pypdfium2": _pypdfium2, "pdftotext": _pdftotext}


def _cpu_seconds() -> float:
    """Processor time of this process and of its finished children: fair on a busy machine."""
    return sum(os.times()[:4])


def _read(read: Callable[[Path, int], Iterator[str]], path: Path, limit: int) -> list[str]:
    try:
        return list(islice(read(path, limit), limit))
    except (DocumentError, pdfium.PdfiumError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        logging.getLogger(__name__).info("%s: %s: %s", path.name, read.__name__, error)
        return []


def compare(folder: Path, limit: int) -> tuple[list[tuple[str, int, dict[str, Reading]]], dict[str, float]]:
    """Read the first ``limit`` pages of every PDF with every engine: readings a page, and seconds by engine.

    What an engine loads once (the word list is ours) is loaded before the clock starts: each reads a page for nothing.
    The least of three readings of a file counts: what else a machine does only adds.
    """
    lexicon.zipf_scores()
    rows: list[tuple[str, int, dict[str, Reading]]] = []
    seconds = dict.fromkeys(ENGINES, 0.0)
    files = sorted(folder.glob("**/*.pdf"))
    for path, read in product(files[:1], ENGINES.values()):
        _read(read, path, 1)
    gc.collect()
    gc.freeze()  # as a worker does: what lives as long as it is not looked through again and again
    for path in files:
        pages: dict[str, list[str]] = {}
        taken = dict.fromkeys(ENGINES, math.inf)
        for _, (name, read) in product(range(_ROUNDS), ENGINES.items()):
            start = _cpu_seconds()
            pages[name] = _read(read, path, limit)
            taken[name] = min(taken[name], _cpu_seconds() - start)
        for name in ENGINES:
            seconds[name] += taken[name]
        for index in range(len(pages[OURS])):
            readings = {name: measure(texts[index]) for name, texts in pages.items() if index < len(texts)}
            rows.append((path.name, index + 1, readings))
    return rows, seconds


def worse(rows: list[tuple[str, int, dict[str, Reading]]], slack: float = 0.01) -> list[tuple[float, str]]:
    """The pages where another engine knows more: how much was lost, and a line that says so; worst first."""
    found = []
    for name, number, readings in rows:
        ours = readings[OURS]
        most = max(readings, key=lambda engine: readings[engine].known)
        purest = max(readings, key=lambda engine: (readings[engine].known >= 0.9 * ours.known) * readings[engine].share)
        lost = 1 - ours.known / max(readings[most].known, 1) if readings[most].known else 0.0
        impure = readings[purest].share - ours.share
        if lost > slack or impure > slack:
            shown = "  ".join(f"{engine} {r.known}/{r.words}" for engine, r in readings.items())
            found.append((max(lost, impure), f"{name} p{number}: {shown}"))
    return sorted(found, reverse=True)


def report(folder: Path, limit: int) -> str:
    """The whole comparison as text."""
    rows, seconds = compare(folder, limit)
    lines = [f"{len(rows)} pages"]
    for name, taken in seconds.items():
        known = sum(readings[name].known for _, _, readings in rows if name in readings)
        words = sum(readings[name].words for _, _, readings in rows if name in readings)
        lines.append(f"{name:12} {len(rows) / taken:8.1f} pages/s  known {known}/{words} = {known / max(words, 1):.4f}")
    lines.append(f"speed against pdfplumber: {seconds['pdfplumber'] / seconds[OURS]:.1f} times")
    behind = worse(rows)
    lines.append(f"pages where another engine reads more than 1 % better: {len(behind)}")
    return "\n".join(lines + [f"  {lost:.3f} {shown}" for lost, shown in behind])


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.stdout.write(report(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12) + "\n")
