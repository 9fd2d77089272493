"""The texts of the sample corpus, as written: one Markdown-like file a document.

Why: the tests must know what each page truly says, so the text is data and the page is made from it.
Idea: a head of ``key: value`` lines, then blocks parted by blank lines. ``#``/``##`` heading, ``-`` list, ``>`` lines
kept as they are, ``|`` ruled table, ``||`` signatures, ``=== page`` and ``=== columns`` layout; a line ending in ``\\``
keeps its break; ``**bold**``; ``{run}`` is set in the document's lying font; ``~`` is a place where a word may be
hyphenated. French spacing is put in here.
Limits: only what these documents need; marks do not nest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

NBSP = "\u00a0"
TEXTS = Path(__file__).parent / "texts"
HEAD_KEYS = ("file", "title", "issuer", "date", "shelfmark", "source", "rights", "layout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a document. ``rows`` is filled for a table, ``text`` for everything else."""

    kind: str  # title, heading, paragraph, lines, item, table, signatures, page, columns
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One sample document: its head (``HEAD_KEYS`` and layout options) and its blocks."""

    head: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def file(self) -> str:
        """The name of the document in the corpus."""
        return self.head["file"]


def load(path: Path) -> Document:
    """Read one text. Raises ``ValueError`` where a key of the head is missing."""
    head_text, body = path.read_text(encoding="utf-8").split("\n\n", 1)
    head = dict(line.split(": ", 1) for line in head_text.splitlines())
    missing = [key for key in HEAD_KEYS if key not in head]
    if missing:
        raise ValueError(f"{path.name}: the head lacks {', '.join(missing)}")
    chunks = [chunk.strip("\n") for chunk in re.split(r"\n\s*\n", body) if chunk.strip()]
    return Document(head=head, blocks=tuple(block for chunk in chunks for block in _blocks(chunk)))


def load_all() -> list[Document]:
    """Every text, in the order of its file name."""
    return [load(path) for path in sorted(TEXTS.glob("*.md"))]


def french_spacing(text: str) -> str:
    """Put the non-breaking spaces French typography asks for before « : ; ! ? » % €», inside « » and in numbers."""
    text = re.sub(r"(?<=«) | (?=[»:;!?%€])", NBSP, text)
    return re.sub(r"(?<=\d) (?=\d{3}\b)|(?<=n°) (?=\d)", NBSP, text)


def unmarked(text: str) -> str:
    """The text without bold, lying-font and hyphenation marks."""
    return re.sub(r"[{}~]|\*\*", "", text)


def plain_text(document: Document) -> str:
    """What the document says: blocks on lines of their own, table cells parted by tabs, no mark left."""
    lines: list[str] = []
    bullet = {".pdf": "– ", ".txt": "- "}.get(Path(document.file).suffix, "")
    for block in document.blocks:
        if block.rows:
            lines += ["\t".join(unmarked(cell) for cell in row) for row in block.rows]
        elif block.text:
            lines.append((bullet if block.kind == "item" else "") + unmarked(block.text))
    return "\n".join(lines) + "\n"


def _blocks(chunk: str) -> list[Block]:
    if chunk.startswith("=== "):
        return [Block(kind=chunk.removeprefix("=== ").strip())]
    if chunk.startswith("|"):
        rows = tuple(
            tuple(french_spacing(cell.strip()) for cell in line.strip("|").split("|")) for line in chunk.splitlines()
        )
        return [Block(kind="signatures" if chunk.startswith("||") else "table", rows=rows)]
    if chunk.startswith("- "):
        items = re.split(r"\n- ", chunk.removeprefix("- "))
        return [Block(kind="item", text=french_spacing(" ".join(item.split("\n")))) for item in items]
    for mark, kind in (("## ", "heading"), ("# ", "title"), ("> ", "lines")):
        if chunk.startswith(mark):
            return [Block(kind=kind, text=_joined(chunk.removeprefix(mark)))]
    return [Block(kind="paragraph", text=_joined(chunk))]


def _joined(chunk: str) -> str:
    text = re.sub(r"(?<!\\)\n", " ", chunk)
    return french_spacing(text.replace("\\\n", "\n"))
