"""The same work on many machines: one function a document on a Dask cluster, Parquet shards for the writer.

Why: ten thousand documents fit a laptop, a million do not; universities run SLURM and Kubernetes, and Dask runs on both.
Idea: a worker takes one document through the rooms exactly as ``pipeline.process`` does here, writes its rows as a shard
on the folder all machines share, and sends back only what the report counts. Tasks are named, results are taken in the
order of the walk, and a task whose worker dies is given to another; one that kills three becomes a ``failed`` row.
Limits: corpus and output must be on a folder every worker sees under the same path; a document's time limit is watched
between pages only (Dask's nanny replaces a worker that dies, it does not end one that overstays).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline import entities, load
from pipeline.errors import CallError
from pipeline.process import Done, process, taken
from pipeline.records import Outcome
from pipeline.summary import Summary, summary_of
from pipeline.tasks import Task, failed

SHARDS = "shards"
AHEAD = 200  # documents under way at once: enough for any cluster to stay busy, few enough for the scheduler


@lru_cache(maxsize=1)
def _knowledge(extra: Path | None) -> entities.Knowledge:
    return entities.load_knowledge(extra)


def work(task: Task, extra: Path | None, shards: Path, database: Path) -> tuple[Summary, Path]:
    """What one worker does with one document: its summary, and the shard that holds its rows."""
    try:
        summary, done = taken(process(task, _knowledge(extra)), shards, database)
    except Exception as error:  # whatever one document brings up, the others must go on
        done = failed(task, f"an error of this program, worth reporting: {type(error).__name__}: {error}")
        summary = summary_of(done)
    return summary, load.write_shard([done], shards, database=database) if isinstance(done, Outcome) else done


def run(
    tasks: Sequence[Task], *, scheduler: str | None, extra: Path | None, database: Path, watch: Callable[[int], None]
) -> Generator[Done, None, None]:
    """Process ``tasks`` on the cluster at ``scheduler``; results come in the order of the tasks.

    Raises ``CallError`` where Dask is not installed or no scheduler answers.
    """
    if not scheduler:
        raise CallError("--engine dask needs --scheduler ADDRESS, for example tcp://head-node:8786.")
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise CallError("Dask is not installed: pip install 'chronoville[dask]'.") from error
    shards = database.absolute().parent / SHARDS
    shards.mkdir(parents=True, exist_ok=True)
    try:
        client = Client(scheduler, timeout="20s")  # type: ignore[no-untyped-call]
    except OSError as error:
        raise CallError(f"No Dask scheduler answers at {scheduler}: start one, or check the address.") from error
    with client:
        waiting: deque[tuple[Task, object]] = deque()

        def settle() -> Done:
            task, future = waiting.popleft()
            try:
                summary, shard = future.result()  # type: ignore[attr-defined]
            except KilledWorker as death:
                outcome = failed(task, f"it ended every worker it was given to ({death})", version=task.cut_version)
                return summary_of(outcome), outcome
            watch(summary.pages)
            return summary, shard

        for task in tasks:
            waiting.append((task, client.submit(work, task, extra, shards, database, pure=False, retries=2)))
            if len(waiting) >= AHEAD:
                yield settle()
        while waiting:
            yield settle()
