"""Commands about files that were refused: quarantine list, retry, release, discard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from digitizer.cli.options import HomeOption, JsonOption, plain, put
from digitizer.config import find_home
from digitizer.errors import UsageError
from digitizer.operations import quarantine
from digitizer.operations.house import open_house
from digitizer.store.files import FileRow

app = typer.Typer(help="See and settle files that could not be digitized.", no_args_is_help=True)

_Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE...", help="Number in the list, beginning of its hash, or name."),
]


@app.command("list", epilog="Example: digitizer quarantine list")
def list_(
    home: HomeOption = None,
    *,
    discarded: Annotated[
        bool, typer.Option("--discarded", help="Those that were discarded instead.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List what was refused, why, and what to do next.

    JSON: {"files": [{"id", "name", "sha256", "state", "since", "fault": "file"|"digitizer",
    "reason", "actions"}]}
    """
    with open_house(find_home(home)) as house:
        found = quarantine.refused(house, discarded=discarded)
    if as_json:
        put({"files": [each.json() for each in found]})
        return
    console = Console(highlight=False)
    if not found:
        console.print("Nothing waits for a person here.")
        return
    table = Table("number", "file", "since", "reason", "then", box=None)
    for each in found:
        row, since = each.row, (each.row.finished_at or "")[:16].replace("T", " ")
        cells = (str(row.id), row.source, since, row.reason, " or ".join(each.actions))
        table.add_row(*(plain(cell) for cell in cells))
    console.print(table)
    console.print("Then: digitizer quarantine retry|release|discard NUMBER")


@app.command(epilog="Example: digitizer quarantine retry 17")
def retry(
    files: _Files = None,
    home: HomeOption = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that were refused.")] = False,
) -> None:
    """Read files again, as if they had just arrived: after a repair or an update."""
    if bool(files) == everything:
        raise UsageError("name the files to retry, or say --all")
    with open_house(find_home(home)) as house:
        _say(
            "queued again", quarantine.retry(house, files) if files else quarantine.retry_all(house)
        )


@app.command(epilog="Example: digitizer quarantine release 17")
def release(files: _Files, home: HomeOption = None) -> None:
    """Read files again past the limits (pages, pixels, bytes, time): you vouch for them."""
    with open_house(find_home(home)) as house:
        _say("released and queued again", quarantine.release(house, files or []))


@app.command(epilog='Example: digitizer quarantine discard 17 --because "a test page"')
def discard(
    files: _Files,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is kept.")],
    home: HomeOption = None,
) -> None:
    """Take files off the list. Their originals stay; `retry` brings them back."""
    with open_house(find_home(home)) as house:
        _say("discarded", quarantine.discard(house, files or [], because))


def _say(what: str, rows: Sequence[FileRow]) -> None:
    for row in rows:
        typer.echo(f"{what}: {row.source}", err=True)
