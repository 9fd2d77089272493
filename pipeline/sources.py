"""From what the user names to the documents that lie there.

Why: thousands of files come in folders, under two names, inside archives, with names no one would choose; each must be
met once, recognised when it comes again, and never lost in silence.
Idea: walk in a fixed order, never follow a link into a folder twice, and know a file by the SHA-256 of its bytes. A file
whose size and modification time are those of the last run keeps its known hash, so an unchanged corpus is not read again.
Limits: a file changed without changing its size or its time is not noticed (``--force`` reads everything).
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from pipeline import archives
from pipeline.errors import CallError
from pipeline.records import Source

CHUNK = 1 << 20
STAMPS = "stamps.json"
CONTROL_FILES = frozenset({"manifest.csv", "corrections.csv"})  # read by the front door, not documents
CONTROL_FOLDERS = frozenset({"gazetteers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a file looked like when its hash was taken: ``size`` in bytes, ``mtime_ns`` in nanoseconds."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One file met on the walk. ``sha256`` is empty and ``problem`` says why where it could not be read."""

    path: str
    location: Path
    stamp: Stamp
    sha256: str = ""
    problem: str = ""


def readable_name(path: str | Path) -> str:
    """The path as text a database can hold: bytes that are not UTF-8 are written ``\\xNN``, line breaks ``\\n``."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return text.replace("\n", "\\n").replace("\r", "\\r")


def walk(
    named: Sequence[Path],
    known: Mapping[str, tuple[Stamp, str]],
    leave_out: Path | None = None,
    unpack_into: Path | None = None,
) -> Iterator[Met]:
    """Meet every file under the named folders and files, in the order of their paths.

    ``known`` maps a path to the stamp and hash of the last run; ``leave_out`` is a folder not to walk into (the output,
    where it lies inside the corpus); ``unpack_into`` a folder for what is inside zipped folders, which are met as one
    file without it. A folder that may not be looked into is met as one file, with its problem. Raises ``CallError`` where a
    named path does not exist.
    """
    for root in named:
        if not root.exists():
            raise CallError(f"{readable_name(root)}: there is no such file or folder. Check the path and run again.")
        closed: list[OSError] = []
        for location in _files(root, leave_out, closed.append):
            met = _meet(location, known)
            yield from (met,) if unpack_into is None or met.problem else _unpacked(met, unpack_into, known)
        yield from (_refused(Path(error.filename), error, "folder") for error in closed)


def _files(root: Path, leave_out: Path | None, refused: Callable[[OSError], None]) -> Iterator[Path]:
    if not root.is_dir():
        yield root
        return
    seen = {_identity(leave_out)} if leave_out is not None and leave_out.is_dir() else set()
    for folder, folders, files in os.walk(root, followlinks=True, onerror=refused):
        here = Path(folder)
        if _identity(here) in seen:  # a link that leads back: its files have been met
            folders.clear()
            continue
        seen.add(_identity(here))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in CONTROL_FOLDERS)
        for name in sorted(files):
            if not name.startswith(".") and name.lower() not in CONTROL_FILES and not name.lower().startswith("readme"):
                yield here / name


def _unpacked(met: Met, folder: Path, known: Mapping[str, tuple[Stamp, str]]) -> Iterator[Met]:
    """The files inside a zipped folder, each under its archive's path; any other file, and an empty archive, as it is."""
    try:
        members = archives.unpack(met.location, met.sha256, folder) if archives.is_archive(met.location) else []
    except OSError as error:
        yield replace(met, problem=f"the archive could not be unpacked ({error.strerror or error})")
        return
    for member in members:
        path = f"{met.path}/{member.name}"
        if member.location is None:
            yield Met(path=path, location=met.location, stamp=Stamp(size=0, mtime_ns=0), problem=member.problem)
        elif PurePath(member.name).name.lower() not in CONTROL_FILES:
            yield _meet(member.location, known, path)
    if not members:
        yield met


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def known_stamps(folder: Path) -> dict[str, tuple[Stamp, str]]:
    """The stamp and hash of every file of earlier runs; empty where none are kept."""
    try:
        rows = json.loads((folder / STAMPS).read_text(encoding="utf-8"))
        return {path: (Stamp(size=size, mtime_ns=mtime_ns), sha256) for path, size, mtime_ns, sha256 in rows}
    except (OSError, ValueError, TypeError):
        return {}  # only a saving of time is lost: every file is hashed again


def remember_stamps(folder: Path, known: Mapping[str, tuple[Stamp, str]], met: Iterable[Met]) -> None:
    """Keep the stamps of this run beside those of earlier ones. Raises ``OSError`` where the folder cannot be written."""
    stamps = dict(known) | {file.path: (file.stamp, file.sha256) for file in met if file.sha256}
    if stamps == known:
        return
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{STAMPS}.part"
    rows = [[path, stamp.size, stamp.mtime_ns, sha256] for path, (stamp, sha256) in sorted(stamps.items())]
    partial.write_text(json.dumps(rows), encoding="utf-8")
    partial.replace(folder / STAMPS)


def _meet(location: Path, known: Mapping[str, tuple[Stamp, str]], path: str = "") -> Met:
    path = path or readable_name(location)
    try:
        status = location.stat()
        stamp = Stamp(size=status.st_size, mtime_ns=status.st_mtime_ns)
        if not stat.S_ISREG(status.st_mode):
            return Met(path=path, location=location, stamp=stamp, problem="not a regular file; nothing was read")
        earlier = known.get(path)
        sha256 = earlier[1] if earlier and earlier[0] == stamp else digest(location)
        return Met(path=path, location=location, stamp=stamp, sha256=sha256)
    except OSError as error:
        return replace(_refused(location, error, "file"), path=path)


def _refused(location: Path, error: OSError, what: str) -> Met:
    """A file or folder the system does not let us read, told as a document would be."""
    reason = f"the {what} could not be read ({error.strerror or error}); check that it is there and may be read"
    return Met(path=readable_name(location), location=location, stamp=Stamp(size=0, mtime_ns=0), problem=reason)


def source_of(location: Path, media_type: str = "") -> Source:
    """One file by itself, as the reader takes it; its bytes say what it is before ``media_type``. Raises ``OSError``."""
    sha256 = digest(location)
    path, size = readable_name(location), location.stat().st_size
    return Source(
        document_id=sha256[:16], sha256=sha256, path=path, location=location, media_type=media_type, size=size
    )


def digest(location: Path) -> str:
    """SHA-256 of a file's bytes, in hex, read a mebibyte at a time."""
    state = hashlib.sha256()
    with location.open("rb") as file:
        while chunk := file.read(CHUNK):
            state.update(chunk)
    return state.hexdigest()
