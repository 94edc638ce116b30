"""Commands about records of patients: patient record, questions, apart, merges, merge, unmerge.

Charts are named by their ids, so that no record number stands in an argument.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from digitizer.cli.options import HomeOption, JsonOption, plain, put
from digitizer.cli.review import AsOption, person
from digitizer.config import find_home
from digitizer.operations import patients
from digitizer.operations.house import open_house
from digitizer.operations.patients import Record

app = typer.Typer(
    help="See the record that a chart lies in, and merge two records of one patient.",
    no_args_is_help=True,
)

ChartArgument = Annotated[str, typer.Argument(metavar="DOC", help="A chart's id.")]
BecauseOption = Annotated[str, typer.Option(help="How you know; it is kept with your name.")]


@app.command(epilog="Example: digitizer patient record 3f5a0c9d1b2e-1 --as rita")
def record(
    chart: ChartArgument,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the record that a chart lies in, and others that may be the same patient's.

    JSON: {"number", "also", "charts": [ID, ...], "alike": [{"number", "also", "charts"}]}.
    """
    with open_house(find_home(home)) as house:
        who = person(house, as_name)
        ours = patients.record(house, who, patients.number_of(house, who, chart))
        others = patients.alike(house, who, ours.number)
    if as_json:
        put({**_json(ours), "alike": [_json(other) for other in others]})
        return
    table = Table("record number", "names", "born on", "charts", box=None)
    for one in (ours, *others):
        number = ", also ".join((one.number, *one.also))
        row = (number, ", ".join(one.names), ", ".join(one.births), str(len(one.charts)))
        table.add_row(*(plain(cell) for cell in row))
    Console(highlight=False).print(table)


@app.command(epilog="Example: digitizer patient questions --as rita")
def questions(
    home: HomeOption = None, *, as_name: AsOption = None, as_json: JsonOption = False
) -> None:
    """List what is to be asked about records: one patient or two? Nothing is joined by itself.

    JSON: {"questions": [{"doubt", "charts": [ID, ID], "numbers", "why"}]}.
    """
    with open_house(find_home(home)) as house:
        found = patients.questions(house, person(house, as_name))
    if as_json:
        put({"questions": [asdict(each) for each in found]})
        return
    table = Table("question", "charts", "record numbers", "because", box=None)
    for each in found:
        row = (each.doubt, " ".join(each.charts), ", ".join(each.numbers), each.why)
        table.add_row(*(plain(cell) for cell in row))
    Console(highlight=False).print(table)


@app.command(epilog="Example: digitizer patient apart 3f5a0c9d1b2e-1 77aa01bc23de-4 --because …")
def apart(
    one: ChartArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="A chart of the other record.")],
    because: BecauseOption,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
) -> None:
    """Say that two charts' record numbers are two patients', so that nobody is asked again."""
    with open_house(find_home(home)) as house:
        who = person(house, as_name)
        ours, theirs = (patients.number_of(house, who, key) for key in (one, other))
        patients.keep_apart(house, who, ours, theirs, because)
    typer.echo("kept apart")


@app.command(epilog="Example: digitizer patient merges --as rita --json")
def merges(
    home: HomeOption = None, *, as_name: AsOption = None, as_json: JsonOption = False
) -> None:
    """List what was merged, the newest first. JSON: {"merges": [{id, gone, stays, because, …}]}."""
    with open_house(find_home(home)) as house:
        found = patients.every_merge(house, person(house, as_name))
    if as_json:
        put({"merges": [asdict(each) for each in found]})
        return
    table = Table("id", "record number", "is shown as", "because", "by", "undone", box=None)
    for each in found:
        row = (str(each.id), each.gone, each.stays, each.because, each.by, each.undone_by)
        table.add_row(*(plain(cell) for cell in row))
    Console(highlight=False).print(table)


@app.command(epilog="Example: digitizer patient merge 3f5a0c9d1b2e-1 77aa01bc23de-4 --because …")
def merge(
    gone: Annotated[str, typer.Argument(metavar="DOC", help="A chart of the number that goes.")],
    stays: Annotated[str, typer.Argument(metavar="INTO", help="A chart of the one that stays.")],
    because: BecauseOption,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show and find the charts of one record number under another, as one patient's."""
    with open_house(find_home(home)) as house:
        who = person(house, as_name)
        ours, theirs = (patients.number_of(house, who, key) for key in (gone, stays))
        made = patients.merge(house, who, ours, theirs, because)
    put(asdict(made)) if as_json else typer.echo(f"merged; to part them: patient unmerge {made.id}")


@app.command(epilog="Example: digitizer patient unmerge 3 --because 'two sisters'")
def unmerge(
    merge_id: Annotated[int, typer.Argument(metavar="ID", help="See `patient merges`.")],
    because: BecauseOption,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
) -> None:
    """Part two records that were merged."""
    with open_house(find_home(home)) as house:
        patients.unmerge(house, person(house, as_name), merge_id, because)
    typer.echo("parted")


def _json(one: Record) -> dict[str, Any]:
    return {
        "number": one.number,
        "also": list(one.also),
        "charts": [chart.id for chart in one.charts],
    }
