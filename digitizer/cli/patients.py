"""Commands about records of patients: patient record, questions, apart, merges, merge, unmerge.

Charts are named by their ids, so that no record number stands in an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from digitizer.chart.people import User
from digitizer.cli.options import HomeOption, JsonOption, plain, put
from digitizer.cli.review import AsOption, person
from digitizer.config import find_home
from digitizer.operations import patients
from digitizer.operations.house import House, open_house
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
    _print(
        ("record number", "names", "born on", "charts"),
        (
            (
                ", also ".join((r.number, *r.also)),
                ", ".join(r.names),
                ", ".join(r.births),
                str(len(r.charts)),
            )
            for r in (ours, *others)
        ),
    )


@app.command(epilog="Example: digitizer patient questions --as rita")
def questions(
    home: HomeOption = None, *, as_name: AsOption = None, as_json: JsonOption = False
) -> None:
    """List what is to be asked about records: one patient or two? Nothing is joined by itself.

    JSON: {"questions": [{"doubt", "charts": [ID, ID], "names", "numbers", "why"}]}.
    """
    with open_house(find_home(home)) as house:
        found = patients.questions(house, person(house, as_name))
    if as_json:
        put({"questions": [asdict(each) for each in found]})
        return
    _print(
        ("question", "charts", "record numbers", "because"),
        ((q.doubt, " ".join(q.charts), ", ".join(q.numbers), q.why) for q in found),
    )


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
        patients.keep_apart(house, who, *_numbers(house, who, one, other), because)
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
    _print(
        ("id", "record number", "is shown as", "because", "by", "undone"),
        ((str(m.id), m.gone, m.stays, m.because, m.by, m.undone_by) for m in found),
    )


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
        made = patients.merge(house, who, *_numbers(house, who, gone, stays), because)
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


def _numbers(house: House, who: User, one: str, other: str) -> tuple[str, str]:
    """The record numbers of two charts."""
    return patients.number_of(house, who, one), patients.number_of(house, who, other)


def _print(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    Console(highlight=False).print(table)


def _json(one: Record) -> dict[str, Any]:
    return {
        "number": one.number,
        "also": list(one.also),
        "charts": [chart.id for chart in one.charts],
    }
