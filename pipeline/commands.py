"""The commands and their arguments. Results go to stdout, messages to stderr.

Each command imports what it needs when it is called, so that ``--help`` costs no library.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from pipeline import __version__
from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED, CallError
from pipeline.settings import DATABASE, Settings

app = typer.Typer(
    name="chronoville",
    help="Read damaged archives, mend their French, and print the history they tell.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
messages = Console(stderr=True)

Output = Annotated[Path, typer.Option(help="Folder of archive.duckdb and the chronology tables.", metavar="DIR")]
Json = Annotated[bool, typer.Option("--json", help="Print for a program to read.")]


def _say(words: str) -> None:
    messages.print(words, markup=False, highlight=False, soft_wrap=True)


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


@app.command()
def ingest(
    source: Annotated[
        list[Path], typer.Argument(help="Folders (walked through), PDF, text, HTML, DOCX, ODT or ZIP files.")
    ],
    output: Output = Path("outputs"),
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one for each processor.")] = 0,
    ocr: Annotated[Literal["auto", "off", "force"], typer.Option(help="Read pages that have no usable text.")] = "auto",
    engine: Annotated[Literal["local", "dask"], typer.Option(help="Where the work is done.")] = "local",
    scheduler: Annotated[str | None, typer.Option(help="Address of the Dask scheduler.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Read everything again.")] = False,
    limit_seconds: Annotated[
        float, typer.Option(min=0.1, help="CPU time one document may take; a heavy file is given more.")
    ] = 120.0,
    limit_pages: Annotated[int | None, typer.Option(min=1, help="Pages of one document to read.")] = None,
    limit_memory: Annotated[int, typer.Option(min=256, help="Memory one worker may take, in MiB.")] = 3072,
    as_json: Json = False,
) -> None:
    """Read new and changed documents and bring the archive and its chronology up to date."""
    from pipeline import ingest as run
    from pipeline.report import as_values, as_words
    from pipeline.worker import collect_seldom

    collect_seldom()
    settings = Settings(
        ocr=ocr,
        workers=workers,
        engine=engine,
        scheduler=scheduler,
        force=force,
        limit_seconds=limit_seconds,
        limit_pages=limit_pages,
        limit_memory=limit_memory,
    )
    report = run.ingest(source, output, settings, messages)
    if as_json:
        _print_json(as_values(report))
    for line in as_words(report, output):
        _say(line)
    raise typer.Exit(EXIT_SOME_FAILED if report.statuses["failed"] else EXIT_OK)


@app.command()
def chronology(
    output: Output = Path("outputs"),
    programme: Annotated[str, typer.Option(help="Name, acronym or alias; accents and case do not matter.")] = "",
    body: Annotated[str, typer.Option(help="The same for a body.")] = "",
    site: Annotated[str, typer.Option(help="The same for a site.")] = "",
    place: Annotated[str, typer.Option(help="The same for a place, or its INSEE code.")] = "",
    since: Annotated[str, typer.Option("--from", help="First day, month or year, e.g. 2003-08-01, 2003.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day, month or year.")] = "",
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="csv, md, xlsx, html, json, ics; may be repeated.")
    ] = None,
) -> None:
    """Write the chronology tables again from the archive."""
    from pipeline import chronology as room
    from pipeline.manifest import interval

    try:
        date_from, date_to = interval(since)[0], interval(until)[1]
    except ValueError as error:
        raise CallError(str(error)) from error
    filters = room.Filters(
        programme=programme or None,
        body=body or None,
        site=site or None,
        place=place or None,
        date_from=date_from,
        date_to=date_to,
    )
    for path in room.write_tables(
        output / DATABASE, output, filters=filters, **({"formats": formats} if formats else {})
    ):
        _say(f"wrote {path}")


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SQL query; the archive is opened read-only.")],
    output: Output = Path("outputs"),
    as_json: Json = False,
) -> None:
    """Run one SQL query and print a table."""
    from pipeline import load
    from pipeline.report import print_frame

    if not sql.strip():
        raise CallError('There is no query. Write for example: make query SQL="SELECT * FROM chronology LIMIT 10"')
    frame = load.query(output / DATABASE, sql)
    if as_json:
        sys.stdout.write(frame.to_json(orient="records", force_ascii=False, date_format="iso", indent=2) + "\n")
    else:
        print_frame(frame)


@app.command()
def repair(
    files: Annotated[list[str] | None, typer.Argument(help="Texts (any encoding), or - for standard input.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write each mended text here, by its own name.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="List every change, its family, how sure it is.")] = False,
    as_json: Json = False,
) -> None:
    """Mend the French of a text and prove every change."""
    from pipeline import mend

    raise typer.Exit(mend.mend(files or ["-"], output, explain=explain, as_json=as_json, say=_say))


@app.command()
def inspect(
    document: Annotated[str, typer.Argument(help="A document's id, path or file name.")],
    output: Output = Path("outputs"),
    as_json: Json = False,
) -> None:
    """Show one document: its pages, what was mended, found and counted."""
    from pipeline import inspection

    inspection.show(output / DATABASE, document, as_json=as_json)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Option(help="Folder of .gold.md files.")] = Path("tests/gold"),
    errors: Annotated[bool, typer.Option("--errors", help="List everything lost or invented.")] = False,
    as_json: Json = False,
) -> None:
    """Score the pipeline on annotated documents, beside plain spaCy and plain ftfy."""
    from pipeline.evaluate import report

    values = report.evaluate(gold, errors=errors, say=_say)
    if as_json:
        _print_json(values)


@app.command()
def bench(
    source: Annotated[list[Path] | None, typer.Argument(help="Files to read; the sample corpus by default.")] = None,
    as_json: Json = False,
) -> None:
    """Pages a second by stage, beside the same work done with the bare libraries."""
    from pipeline import bench as run

    values = run.bench(source or [Path("corpus")], say=_say)
    if as_json:
        _print_json(values)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        sys.stdout.write(f"chronoville {__version__}\n")
        raise typer.Exit
