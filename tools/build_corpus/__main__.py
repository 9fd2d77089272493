"""Write ``corpus/`` again from the texts: every document and ``manifest.csv``.

``python -m tools.build_corpus [FOLDER]``; the folder is ``corpus`` where none is given.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from tools.build_corpus.source import Document, load_all
from tools.build_corpus.typeset import FontMissing, render

MANIFEST_COLUMNS = ("file", "title", "issuer", "date", "shelfmark", "source", "rights")


def write_manifest(documents: list[Document], path: Path) -> None:
    """One line a document, in the order of the file names."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(MANIFEST_COLUMNS)
        for document in sorted(documents, key=lambda item: item.file):
            writer.writerow([document.head[column] for column in MANIFEST_COLUMNS])


def main(folder: Path) -> int:
    """Build everything into ``folder``; return the exit code."""
    documents = load_all()
    try:
        for document in documents:
            data = render(document)
            (folder / document.file).write_bytes(data)
            print(f"{document.file}\t{len(data)} bytes")
    except FontMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    write_manifest(documents, folder / "manifest.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus")))
