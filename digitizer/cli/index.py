"""Commands that look after the search index: check."""

from __future__ import annotations

import typer

from digitizer.cli.options import HomeOption
from digitizer.cli.progress import Printer
from digitizer.config import find_home
from digitizer.operations.house import open_house

app = typer.Typer(help="Look after the search index.", no_args_is_help=True)


@app.command(epilog="Example: digitizer index check")
def check(home: HomeOption = None) -> None:
    """See that the index is undamaged and holds what the store says; rebuild it where not."""
    from digitizer.operations.index import check as look
    from digitizer.operations.index import open_index

    found = find_home(home)
    with open_house(found) as house, open_index(found) as index:
        rebuilt = look(house, index, Printer().show)
        said = f"out of step: rebuilt, {rebuilt} pages" if rebuilt else "in order"
        typer.echo(f"the index is {said}", err=True)
