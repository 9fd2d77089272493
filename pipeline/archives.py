"""Zipped folders of documents, unpacked where they can do no harm.

Why: archives reach a researcher as zipped folders, and a document inside one is a document.
Idea: members are written under numbers, never under their own names, into a private folder of the output named after the
archive's hash; a name is only what the reader is shown (``x.zip/inner.pdf``). Bytes are counted as they are unpacked,
since an archive may lie about its sizes. What is unpacked once is found again by the next run, and links to it hold.
Limits: ZIP alone; a member under a password, or past a limit, is a document that failed, with its reason.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MOST_MEMBERS = 20_000
MOST_BYTES = 8 << 30  # unpacked, of one archive and those inside it
MOST_OF_ONE = 1 << 30  # unpacked, of one member
MOST_RATIO = 300  # unpacked to packed, past the first 16 MiB: text packs to a tenth, nothing honest to a thousandth
DEEPEST = 3  # archives inside archives
_FREE = 16 << 20
_CHUNK = 1 << 20
_INDEX = "members.json"
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})  # one document, not a folder of them
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive: ``name`` as shown, where it was unpacked, or why it was not (then no ``location``)."""

    name: str
    location: Path | None = None
    problem: str = ""


class _Past(Exception):
    """A limit was passed; the message says which."""


def is_archive(path: Path) -> bool:
    """Whether a file is a zipped folder, and not one of the formats that are packages themselves. Raises ``OSError``."""
    with path.open("rb") as file:
        if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return _OFFICE.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError):
        return False


def unpack(archive: Path, sha256: str, folder: Path) -> list[Member]:
    """The members of an archive in the order of their names, unpacked below ``folder``. Raises ``OSError``."""
    home = folder / sha256[:16]
    index = home / _INDEX
    if index.is_file():
        rows = json.loads(index.read_text(encoding="utf-8"))
        return [Member(name=name, location=home / file if file else None, problem=why) for name, file, why in rows]
    if home.exists():
        shutil.rmtree(home)  # of a run that was interrupted
    home.mkdir(parents=True, mode=0o700)
    members = sorted(_Unpacking(home).members(archive, "", 1), key=lambda member: member.name)
    rows = [(member.name, member.location.name if member.location else "", member.problem) for member in members]
    partial = home / f"{_INDEX}.part"
    partial.write_text(json.dumps(rows), encoding="utf-8")
    partial.replace(index)
    return members


class _Unpacking:
    """One archive being unpacked; the limits hold for it and the archives inside it together."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.bytes = 0
        self.count = 0

    def members(self, archive: Path, above: str, depth: int) -> list[Member]:
        found: list[Member] = []
        try:
            with zipfile.ZipFile(archive) as package:
                for info in package.infolist():
                    name = shown_name(info)
                    if name and not info.is_dir():
                        found += self._member(package, info, above + name, depth)
        except _Past as limit:
            found.append(
                Member(name=f"{above}(the rest)", problem=f"{limit}; the rest of the archive was not unpacked")
            )
        except (zipfile.BadZipFile, NotImplementedError) as error:
            found.append(Member(name=f"{above}(the rest)", problem=f"the archive is broken ({error})"))
        return found

    def _member(self, package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int) -> list[Member]:
        self.count += 1
        if self.count > MOST_MEMBERS:
            raise _Past(f"the archive holds more than {MOST_MEMBERS} files")
        suffix = _SUFFIX.search(name.lower())
        location = self.home / f"{self.count:05d}{suffix[0] if suffix else ''}"
        if info.flag_bits & 0x1:
            return [Member(name=name, problem="locked by a password; unlock the archive and run again")]
        if stat.S_ISLNK(info.external_attr >> 16):
            return [Member(name=name, problem="a link, not a file; nothing was read")]
        try:
            problem = self._write(package, info, location)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            problem = f"broken inside the archive ({error})"
        if problem:
            location.unlink(missing_ok=True)
            return [Member(name=name, problem=problem)]
        if is_archive(location):
            if depth >= DEEPEST:
                return [Member(name=name, problem=f"an archive {depth} archives deep; unpack it by hand")]
            inner = self.members(location, f"{name}/", depth + 1)
            location.unlink()
            return inner
        return [Member(name=name, location=location)]

    def _write(self, package: zipfile.ZipFile, info: zipfile.ZipInfo, location: Path) -> str:
        """Write one member, counting; why it was given up, or an empty string. Raises ``_Past`` for the whole archive."""
        written = 0
        with package.open(info) as packed, location.open("xb") as file:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                self.bytes += len(chunk)
                if self.bytes > MOST_BYTES:
                    location.unlink()
                    raise _Past(f"the archive unpacks to more than {MOST_BYTES >> 20} MiB")
                if written > MOST_OF_ONE:
                    return f"it unpacks to more than {MOST_OF_ONE >> 20} MiB"
                if written > _FREE and written > MOST_RATIO * max(info.compress_size, 1):
                    return f"it unpacks to more than {MOST_RATIO} times its size, as no document does"
                file.write(chunk)
        return ""


def shown_name(info: zipfile.ZipInfo) -> str:
    """A member's path inside its archive, as text; empty for what systems leave behind and no one wrote.

    Names without the UTF-8 mark are UTF-8 all the same, or else cp850, the code page of French DOS and Windows.
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    if hidden or not parts or parts[-1].lower() in ("thumbs.db", "desktop.ini"):
        return ""
    return "/".join(part.replace("\n", "\\n").replace("\r", "\\r") for part in parts)
