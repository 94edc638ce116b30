"""Commands that work on files and text without storing anything: read, understand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitizer.cli.options import HomeOption, JsonLinesOption, lines_in, put
from digitizer.operations.home import any_home


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(epilog="Example: digitizer read scan.pdf --jsonl")(read)
    app.command(epilog="Example: digitizer understand --jsonl < notes.jsonl")(understand)


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scans to read.")],
    home: HomeOption = None,
    *,
    jsonl: JsonLinesOption = False,
) -> None:
    """Only read scans: their text, and with --jsonl every word with its box. Stores nothing."""
    from digitizer.operations.read_files import read_files

    for page in read_files(any_home(home), files):
        if jsonl:
            put(page)
        elif "error" in page:
            typer.echo(f"{page['source']}: {page['error']}", err=True)
        else:
            typer.echo(page["text"])


def understand(home: HomeOption = None, *, jsonl: JsonLinesOption = False) -> None:  # noqa: ARG001 - lines are the only form
    """Find patient, findings and codes in plain text: JSON lines from stdin to stdout.

    A line is {"id", "text"}, with "setting" (inpatient, outpatient, ed) and "spans"
    ([[start, end, label], …], to be classified as given) where you have them.
    """
    from digitizer.operations.understand import reader_of
    from digitizer.operations.understand import understand as understand_line

    runner = reader_of(any_home(home))
    for line in lines_in():
        put(understand_line(runner, line))
