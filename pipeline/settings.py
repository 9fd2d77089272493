"""What a run may be told. Plain values only, so that they travel to a worker process and into the ``runs`` table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Of a database that is written: the other cores belong to the workers, and small batches are parcelled out for longer than
# they take to write. What 512 MiB do not hold, a sort of the whole archive for one, goes to the disk; DuckDB alone would
# take eight tenths of the machine.
BOUNDS: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "memory_limit": "512MiB"}
DATABASE = "archive.duckdb"  # in the output folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Options of one ingest run. Times are in CPU seconds, memory in MiB; ``None`` means no limit."""

    ocr: Literal["auto", "off", "force"] = "auto"
    workers: int = 0
    engine: Literal["local", "dask"] = "local"
    scheduler: str | None = None
    force: bool = False
    limit_seconds: float = 120.0
    limit_pages: int | None = None
    limit_memory: int = 3072
