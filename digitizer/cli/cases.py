"""Commands of the cancer registry: cases list, show, settle."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from digitizer.chart.cancer import Standing, Verdict
from digitizer.cli.options import HomeOption, JsonOption, day, plain, put
from digitizer.cli.review import AsOption, person
from digitizer.config import find_home
from digitizer.operations import cases
from digitizer.operations.case_json import case_json
from digitizer.operations.house import open_house
from digitizer.review.cases import Case

app = typer.Typer(
    help="Find reportable tumors for the cancer registry, and follow their patients up.",
    no_args_is_help=True,
)

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case's id.")]


@app.command("list", epilog="Example: digitizer cases list --what due --as rita")
def list_cases(
    what: Annotated[str, typer.Option(help="open, due (for follow-up) or all.")] = "open",
    home: HomeOption = None,
    *,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for a spreadsheet.")] = False,
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the cases that charts tell of: patients with a reportable tumor.

    JSON: {"cases": [{"id", "patient", "found", "contact", "due", "follow_up", "verdict", "because",
    "tumor", "told"}]}.
    """
    with open_house(find_home(home)) as house:
        who = person(house, as_name)
        found = cases.waiting(cases.cases(house, who), cases.today(), what)
        table = cases.cases_csv(house, who, found) if as_csv else ""
    if as_csv:
        typer.echo(table, nl=False)
    elif as_json:
        put({"cases": [case_json(case, cases.today()) for case in found]})
    else:
        _print(found)


@app.command(epilog="Example: digitizer cases show 9f2c01ab77de4410 --as rita")
def show(
    key: CaseArgument,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the charts say of one case, with the words that say it."""
    with open_house(find_home(home)) as house:
        found = cases.case(house, person(house, as_name), key)
    if as_json:
        put(case_json(found, cases.today()))
        return
    _print([found])
    console = Console(highlight=False)
    for told in found.told:
        for evidence in told.tumor.evidence:
            words = " ".join(evidence.text.split())
            console.print(plain(f"{told.chart}  page {evidence.page}  “{words}”"))


@app.command(epilog="Example: digitizer cases settle 9f2c01ab77de4410 abstracted --as rita")
def settle(
    key: CaseArgument,
    verdict: Annotated[Verdict, typer.Argument(help="What you found of the case.")],
    because: Annotated[str, typer.Option(help="Why; it is kept with your name.")] = "",
    contact: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="When the patient was last known to be alive."),
    ] = None,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
) -> None:
    """Say what a case is: abstracted, not reportable, ended, or open again."""
    with open_house(find_home(home)) as house:
        found = cases.settle(
            house,
            person(house, as_name),
            key,
            verdict,
            because=because,
            contact=day(contact),
            today=cases.today(),
        )
    typer.echo(f"{found.id}: {found.verdict}, follow-up due {found.due or 'never'}", err=True)


def _print(found: list[Case]) -> None:
    names = ("case", "patient", "tumor", "found", "follow-up due", "verdict", "charts")
    table = Table(*names, box=None)
    for case in found:
        cells = (
            case.id,
            f"{case.patient.name or 'unknown'} {case.patient.mrn or ''}",
            "\n".join((_told(case), *case.remarks)),
            str(case.found or ""),
            f"{case.due or ''} {case.follow_up(cases.today())}",
            case.verdict.value,
            "\n".join(dict.fromkeys(told.chart for told in case.told)),
        )
        table.add_row(*map(plain, cells))
    Console(highlight=False).print(table)


def _told(case: Case) -> str:
    tumor = case.tumor
    unsure = "" if tumor.standing is Standing.STATED else "ambiguous"
    parts = (
        f"{tumor.site.code} {tumor.site.title}",
        tumor.behavior.value,
        *(said.value for said in tumor.said),
        unsure,
    )
    return ", ".join(part for part in parts if part)
