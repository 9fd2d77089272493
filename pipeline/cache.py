"""Readings kept on disk, so that a new gazetteer does not mean reading every page again.

Idea: one Arrow IPC file a document, a row a page, written beside its final name and then renamed, so a file is whole or
not there; its metadata carry the fingerprint of the code that read it. Arrow holds values only: loading runs nothing.
Limits: a kept reading that is missing, damaged or of another fingerprint is simply read again.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.records import Cell, Cut, DocumentInfo, Doubt, Edit, Glyphs, Page, RepairedPage, Status


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """What is kept of one document's reading."""

    info: DocumentInfo
    pages: tuple[RepairedPage, ...]
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
    ]
)


def _file(folder: Path, document_id: str) -> Path:
    return folder / document_id[:2] / f"{document_id}.arrow"


def save(folder: Path, document_id: str, fingerprint: str, kept: Kept) -> None:
    """Keep one reading. Raises ``OSError`` where the folder cannot be written."""
    head = {
        "fingerprint": fingerprint,
        "info": {
            name: value.isoformat() if isinstance(value, date) else value
            for name in DocumentInfo.__slots__
            if (value := getattr(kept.info, name)) is not None
        },
        "status": kept.status,
        "error": kept.error,
        "claimed_pages": kept.claimed_pages,
    }
    schema = SCHEMA.with_metadata({b"chronoville": json.dumps(head).encode()})
    target = _file(folder, document_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.part")
    try:
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.OSFile(str(partial), "wb") as sink, pa.ipc.new_file(sink, schema, options=options) as writer:
            for page in kept.pages:
                writer.write_batch(pa.RecordBatch.from_pylist([_row(page)], schema=schema))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def forget(folder: Path, document_id: str) -> None:
    """Drop a kept reading, if there is one, so that the document is read from its file again."""
    _file(folder, document_id).unlink(missing_ok=True)


def load(folder: Path, document_id: str, fingerprint: str) -> Kept | None:
    """The kept reading of a document, or ``None`` where there is none of this fingerprint."""
    try:
        with pa.memory_map(str(_file(folder, document_id))) as file:
            reader = pa.ipc.open_file(file)
            head = json.loads(reader.schema.metadata[b"chronoville"])
            if head["fingerprint"] != fingerprint:
                return None
            rows = [reader.get_batch(index).to_pylist()[0] for index in range(reader.num_record_batches)]
    except (OSError, pa.ArrowInvalid, KeyError, ValueError, TypeError):
        return None
    info = dict(head["info"])
    for name in ("date_from", "date_to"):
        if name in info:
            info[name] = date.fromisoformat(info[name])
    pages = tuple(_page(row) for row in rows)
    known = {name: head[name] for name in ("status", "error", "claimed_pages")}
    return Kept(info=DocumentInfo(**info), pages=pages, **known)


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
