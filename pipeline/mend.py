"""``chronoville repair``: the repair room alone, without any database.

A file is read as an ingest would read it (any encoding; PDF and HTML too), its pages joined by a blank line.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from pipeline import explain as explaining
from pipeline import extract, repair
from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED, CallError, DocumentError, OutputError
from pipeline.records import RepairedPage
from pipeline.settings import Settings
from pipeline.sources import source_of

STANDARD_INPUT = "-"


def mend(files: Sequence[str], output: Path | None, *, explain: bool, as_json: bool, say: Callable[[str], None]) -> int:
    """Mend ``files`` one after the other and return the exit code: 1 where some could not be read.

    Raises ``CallError`` where a result would overwrite another or its own source, ``OutputError`` where one cannot be written.
    """
    names = [Path(file).name for file in files if file != STANDARD_INPUT]
    if output is None and len(files) > 1 and not (explain or as_json):
        raise CallError("Several files need a folder to be written to: add --output DIR.")
    if output is not None and len(set(names)) < len(names):
        raise CallError("Two of these files have the same name, and one would overwrite the other: mend them apart.")
    if output is not None and any(_overwrites(output, file) for file in files):
        raise CallError("The mended text would take the place of its source: choose another folder with --output.")
    code = EXIT_OK
    for file in files:
        try:
            pages = _read(file)
        except (DocumentError, OSError) as error:
            say(f"{file}: {(isinstance(error, OSError) and error.strerror) or error}")
            code = EXIT_SOME_FAILED
            continue
        text = "\n\n".join(page.text for page in pages)
        if output is not None:
            _write(output / (Path(file).name if file != STANDARD_INPUT else "standard-input.txt"), text)
        if as_json:
            value = {"file": file, "text": text, "changes": explaining.as_rows(pages)}
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        elif explain:
            explaining.show(Console(), file, pages)
        elif output is None:
            sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return code


def _overwrites(output: Path, file: str) -> bool:
    return file != STANDARD_INPUT and (output / Path(file).name).resolve() == Path(file).resolve()


def _read(file: str) -> list[RepairedPage]:
    if file != STANDARD_INPUT:
        return _pages(Path(file))
    with tempfile.TemporaryDirectory(prefix="chronoville-") as folder:
        copy = Path(folder) / "standard-input.txt"
        copy.write_bytes(sys.stdin.buffer.read())
        return _pages(copy)


def _pages(location: Path) -> list[RepairedPage]:
    opened = extract.open_document(source_of(location), Settings(ocr="off"))
    return repair.repair_pages(list(opened.pages()), opened.ask_fonts)


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise OutputError(f"{target} cannot be written ({error.strerror}). Choose another --output.") from error
