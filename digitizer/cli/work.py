"""Commands that make a home and do its work: init, run, add, status, original, reindex."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from digitizer.cli.options import HomeOption, JsonOption, plain, put
from digitizer.cli.progress import Printer
from digitizer.cli.web import desk_beside
from digitizer.config import Home, find_home
from digitizer.operations import status as status_operation
from digitizer.operations.add import add as add_file
from digitizer.operations.home import init as init_home
from digitizer.operations.house import open_house


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (init, run, add, status, original, reindex):
        app.command(epilog=f"Example: {_EXAMPLES[command.__name__]}")(command)


_EXAMPLES = {
    "init": "digitizer init /srv/charts",
    "run": "digitizer run --home /srv/charts",
    "add": "digitizer add scan-1.pdf scan-2.tif",
    "status": "digitizer status --json",
    "original": "digitizer original 3f5a… --out chart.pdf",
    "reindex": "digitizer reindex",
}


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder.")]) -> None:
    """Make DIR a home: config.yaml, pipelines/, models/, inbox/ and the private .digitizer/."""
    home = init_home(folder)
    typer.echo(
        f"{home.root} is a home. Drop scans into {home.inbox}, then: digitizer run", err=True
    )


def run(
    home: HomeOption = None,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Take what lies in the inbox to its end, then exit.")
    ] = False,
    web: Annotated[bool, typer.Option(help="Serve the desk in the browser beside it.")] = True,
) -> None:
    """Watch the inbox, digitize what is dropped there, and serve the desk. Ctrl-C stops it."""
    from digitizer.daemon import Daemon, only_one, persist
    from digitizer.operations.crew import hire
    from digitizer.operations.index import open_index
    from digitizer.operations.knowledge import open_codes
    from digitizer.operations.progress import seldom
    from digitizer.work.box import available as boxes_available

    found = find_home(home)
    open_codes(found).close()  # refuse to start without the code tables
    with only_one(found), Printer() as printer, ExitStack() as stack:
        persist(lambda: _try_out(found), printer.say)
        house = stack.enter_context(open_house(found))
        index = stack.enter_context(open_index(found))
        crew = stack.enter_context(hire(found))
        daemon = Daemon(house=house, crew=crew, index=index, report=seldom(printer.show))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: daemon.end())
        if web and not once:
            stack.enter_context(desk_beside(found))
        for line in crew.lacking():
            printer.say(line)
        if not boxes_available():
            printer.say("No box for strangers' files here, only limits: is bubblewrap installed?")
        printer.say(f"Watching {found.inbox}: drop PDF, TIFF, JPEG or PNG scans there.")
        printer.say('Then: digitizer search "chest pain"   digitizer status   (Ctrl-C stops)')
        daemon.run(once=once)


def _try_out(home: Home) -> None:
    """Open the store and close it again; raises what that raises."""
    with open_house(home):
        pass


def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scans to copy.")],
    home: HomeOption = None,
) -> None:
    """Put copies of scans into the inbox."""
    with open_house(find_home(home)) as house:
        for file in files:
            typer.echo(f"added {add_file(house, file)}", err=True)


def status(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """Count files by what became of them, and name each one that needs a person."""
    with open_house(find_home(home)) as house:
        found = status_operation.status(house)
    if as_json:
        put(found.json())
        return
    console = Console(highlight=False)
    for state, number in sorted(found.counts.items()):
        console.print(f"{number:6} {state}", markup=False)
    if not found.counts:
        console.print("Nothing has arrived yet.")
    bad = [row for row in found.rows if row.outcome in ("quarantined", "digitized_with_warning")]
    if bad:
        table = Table("file", "state", "reason", box=None)
        for row in bad:
            table.add_row(*(plain(cell) for cell in (row.source, row.outcome, row.reason)))
        console.print(table)
    if found.counts.get("quarantined"):
        console.print("What to do about quarantined files: digitizer quarantine list")


def original(
    sha256: Annotated[str, typer.Argument(metavar="SHA256", help="Hash of the file's bytes.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it.")],
    home: HomeOption = None,
) -> None:
    """Give back a file exactly as it arrived."""
    with open_house(find_home(home)) as house:
        size = status_operation.original(house, sha256, out)
    typer.echo(f"{out}: {size} bytes", err=True)


def reindex(home: HomeOption = None) -> None:
    """Build the search index anew from the store."""
    from digitizer.operations.index import open_index
    from digitizer.operations.index import reindex as rebuild

    found = find_home(home)
    with open_house(found) as house, open_index(found) as index:
        typer.echo(f"{rebuild(house, index, Printer().show)} pages indexed", err=True)
