"""Commands about the audit trail: audit list, audit head, audit verify."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Shown

from digitizer.cli.options import HomeOption, JsonOption, put
from digitizer.config import find_home
from digitizer.operations import audit
from digitizer.operations.house import open_house

app = typer.Typer(
    help="See who did what, and that nobody changed the record of it.", no_args_is_help=True
)


@app.command("list", epilog="Example: digitizer audit list --actor anna --limit 50")
def list_(
    home: HomeOption = None,
    *,
    actor: Annotated[str, typer.Option(help="Only what this user did.")] = "",
    action: Annotated[str, typer.Option(help="Only this: search, view, decide, login …")] = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List the newest rows; JSON: {"events": [{seq, at, actor, action, subject, …}]}."""
    with open_house(find_home(home)) as house:
        rows = audit.newest(house, limit, actor=actor, action=action)
    if as_json:
        put({"events": [asdict(row) for row in rows]})
        return
    table = Table("", "when (UTC)", "who", "what", "on", box=None)
    for row in rows:
        table.add_row(*map(Shown, (str(row.seq), row.at, row.actor, row.action, row.subject)))
    Console(highlight=False).print(table)


@app.command(epilog="Example: digitizer audit head >> /media/usb/heads.jsonl")
def head(home: HomeOption = None) -> None:
    """Print the signed head: keep it on another machine, so that a cut tail can be found."""
    with open_house(find_home(home)) as house:
        typer.echo(audit.export_head(house))


@app.command(epilog="Example: digitizer audit verify --head /media/usb/heads.jsonl")
def verify(
    home: HomeOption = None,
    *,
    head: Annotated[
        list[Path] | None, typer.Option("--head", metavar="FILE", help="Heads kept elsewhere.")
    ] = None,
    key: Annotated[str, typer.Option(help="Public key in hex, if it was kept elsewhere.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Find edited and deleted rows; exits with 1 where there are any. JSON: {rows, faults}."""
    with open_house(find_home(home)) as house:
        verdict = audit.verify(house, head or (), key)
    if as_json:
        put(asdict(verdict))
    for fault in () if as_json else verdict.faults:
        typer.echo(fault)
    if verdict.faults:
        raise typer.Exit(1)
    if not as_json:
        typer.echo(f"{verdict.rows} rows, nothing was changed", err=True)
