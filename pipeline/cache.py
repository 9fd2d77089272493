"""Readings kept on disk, so that a new gazetteer does not mean reading every page again.

Idea: one Arrow IPC file a document, a batch a page, written page by page beside its final name and then renamed, so a
file is whole or not there; its last batch tells what became of the document and the fingerprint of the code that read it.
Arrow holds values only: loading runs nothing, and a page is loaded when it is asked for.
Limits: a kept reading that is missing, damaged or of another fingerprint is simply read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.records import Cell, Cut, DocumentInfo, Doubt, Edit, Glyphs, Page, RepairedPage, Status


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """What is kept of one document's reading; each page is loaded when its turn comes."""

    info: DocumentInfo
    pages: Iterable[RepairedPage]
    status: Status
    error: str | None
    claimed_pages: int


def _edits(last: str) -> pa.DataType:
    fields = [("start", pa.int32()), ("end", pa.int32()), ("before", pa.string()), (last, pa.string())]
    return pa.list_(pa.struct([*fields, ("family", pa.string()), ("confidence", pa.float64())]))


SCHEMA = pa.schema(
    [
        ("number", pa.int32()),
        ("raw_text", pa.string()),
        ("text", pa.string()),
        ("method", pa.string()),
        ("engine", pa.string()),
        ("flow", pa.string()),
        ("problem", pa.string()),
        ("needs_ocr", pa.bool_()),
        ("quality", pa.float64()),
        ("width", pa.float64()),
        ("height", pa.float64()),
        ("fonts", pa.list_(pa.string())),
        ("font_ids", pa.binary()),
        ("boxes", pa.binary()),
        ("confidences", pa.binary()),
        ("cuts", pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("family", pa.string())]))),
        ("cells", pa.string()),
        ("edits", _edits("after")),
        ("doubts", _edits("suggestion")),
        ("head", pa.string()),  # in the last batch alone
    ]
)


def _file(folder: Path, document_id: str) -> Path:
    return folder / document_id[:2] / f"{document_id}.arrow"


class Keeping:
    """One reading on its way to being kept; closed before ``keep``, nothing of it is left. ``folder``: ``None`` keeps nothing.

    Adding and keeping raise ``OSError`` where the folder cannot be written; the reading is then given up.
    """

    def __init__(self, folder: Path | None, document_id: str) -> None:
        self._target = None if folder is None else _file(folder, document_id)
        self._partial: Path | None = None
        self._files = ExitStack()
        self._writer: pa.RecordBatchFileWriter | None = None

    def add(self, pages: Iterable[RepairedPage]) -> None:
        """Write pages after those already written."""
        if self._target is None:
            return
        try:
            for page in pages:
                self._write(self._target, _row(page))
        except OSError:
            self.close()
            self._target = None
            raise

    def keep(self, fingerprint: str, info: DocumentInfo, status: Status, error: str | None, claimed_pages: int) -> None:
        """Write what became of the document, and give the file its name."""
        if self._target is None:
            return
        head = {
            "fingerprint": fingerprint,
            "info": {
                name: value.isoformat() if isinstance(value, date) else value
                for name in DocumentInfo.__slots__
                if (value := getattr(info, name)) is not None
            },
            "status": status,
            "error": error,
            "claimed_pages": claimed_pages,
        }
        try:
            self._write(self._target, {"head": json.dumps(head)})
            self._files.close()
            if self._partial is not None:
                self._partial.replace(self._target)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of what was not kept."""
        self._files.close()
        if self._partial is not None:
            self._partial.unlink(missing_ok=True)

    def _write(self, target: Path, row: dict[str, Any]) -> None:
        if self._writer is None:
            self._writer = self._begin(target)
        self._writer.write_batch(pa.RecordBatch.from_pylist([row], schema=SCHEMA))

    def _begin(self, target: Path) -> pa.RecordBatchFileWriter:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f"{target.stem}.*.part"):
            left.unlink(missing_ok=True)  # by a worker that was killed
        self._partial = target.with_suffix(f".{os.getpid()}.part")
        sink = self._files.enter_context(pa.OSFile(str(self._partial), "wb"))
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        return self._files.enter_context(pa.ipc.new_file(sink, SCHEMA, options=options))


def forget(folder: Path, document_id: str) -> None:
    """Drop a kept reading, if there is one, so that the document is read from its file again."""
    _file(folder, document_id).unlink(missing_ok=True)


def load(folder: Path, document_id: str, fingerprint: str) -> Kept | None:
    """The kept reading of a document, or ``None`` where there is none of this fingerprint that is whole."""
    path = _file(folder, document_id)
    try:
        with pa.memory_map(str(path)) as file:
            reader = pa.ipc.open_file(file)
            last = reader.num_record_batches - 1
            head = json.loads(reader.get_batch(last).column("head")[0].as_py())
            if head["fingerprint"] != fingerprint or reader.schema != SCHEMA:
                return None
            for index in range(last):
                reader.get_batch(index)  # unpacked once, so that what is damaged is known before it is begun
        info = dict(head["info"])
        for name in ("date_from", "date_to"):
            if name in info:
                info[name] = date.fromisoformat(info[name])
        known = {name: head[name] for name in ("status", "error", "claimed_pages")}
        return Kept(info=DocumentInfo(**info), pages=_Pages(path), **known)
    except (OSError, pa.ArrowInvalid, KeyError, ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of a kept reading, from the file."""

    path: Path

    def __iter__(self) -> Iterator[RepairedPage]:
        with pa.memory_map(str(self.path)) as file:
            reader = pa.ipc.open_file(file)
            for index in range(reader.num_record_batches - 1):
                row = reader.get_batch(index).to_pylist()[0]
                del row["head"]
                yield _page(row)


def _row(repaired: RepairedPage) -> dict[str, Any]:
    page, glyphs = repaired.page, repaired.page.glyphs
    row: dict[str, Any] = {
        name: getattr(page, name)
        for name in (
            "number",
            "raw_text",
            "method",
            "engine",
            "flow",
            "problem",
            "needs_ocr",
            "quality",
            "width",
            "height",
        )
    }
    row["text"] = repaired.text
    if glyphs is not None:
        row["fonts"] = list(glyphs.fonts)
        row["font_ids"] = glyphs.font_ids.tobytes()
        row["boxes"] = glyphs.boxes.tobytes()
        row["confidences"] = None if glyphs.confidences is None else glyphs.confidences.tobytes()
    row["cuts"] = [{name: getattr(cut, name) for name in Cut.__slots__} for cut in page.cuts]
    row["cells"] = json.dumps([[cell.table_no, cell.row_no, cell.column_no, cell.spans] for cell in page.cells])
    row["edits"] = [{name: getattr(edit, name) for name in Edit.__slots__} for edit in repaired.edits]
    row["doubts"] = [{name: getattr(doubt, name) for name in Doubt.__slots__} for doubt in repaired.doubts]
    return row


def _page(row: dict[str, Any]) -> RepairedPage:
    fonts, text = row.pop("fonts"), row.pop("text")
    arrays = {name: row.pop(name) for name in ("font_ids", "boxes", "confidences")}
    edits = tuple(Edit(**edit) for edit in row.pop("edits"))
    doubts = tuple(Doubt(**doubt) for doubt in row.pop("doubts"))
    row["cuts"] = tuple(Cut(**cut) for cut in row["cuts"])
    row["cells"] = tuple(
        Cell(table_no=table, row_no=line, column_no=column, spans=tuple((start, end) for start, end in spans))
        for table, line, column, spans in json.loads(row["cells"])
    )
    if fonts is not None:
        confidences = arrays["confidences"]
        row["glyphs"] = Glyphs(
            fonts=tuple(fonts),
            font_ids=np.frombuffer(arrays["font_ids"], dtype=np.int16),
            boxes=np.frombuffer(arrays["boxes"], dtype=np.float32).reshape(-1, 4),
            confidences=None if confidences is None else np.frombuffer(confidences, dtype=np.float32),
        )
    return RepairedPage(page=Page(**row), text=text, edits=edits, doubts=doubts)
