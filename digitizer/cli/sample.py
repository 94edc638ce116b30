"""Commands of a second reviewer: sample draw, show, judge, report."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from digitizer.cli.options import HomeOption, JsonOption, put
from digitizer.cli.review import AsOption, code_tables, person
from digitizer.config import find_home
from digitizer.export.neutral import document_json
from digitizer.operations import second_review
from digitizer.operations.house import open_house

app = typer.Typer(
    help="Code a blind sample of signed charts again, and see how far two people agree.",
    no_args_is_help=True,
)
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The sample's number.")]


@app.command(epilog="Example: digitizer sample draw --share 0.05 --seed 2026-w48 --as olga")
def draw(
    share: Annotated[float, typer.Option(help="Of the signed charts, from 0 to 1.")],
    home: HomeOption = None,
    *,
    seed: Annotated[str, typer.Option(help="The same seed draws the same charts.")] = "",
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw charts that others signed. JSON: {"samples": [{id, document, number, …}]}."""
    with open_house(find_home(home)) as house:
        drawn = second_review.draw(house, person(house, as_name), share, seed)
    if as_json:
        put({"samples": [asdict(each) for each in drawn]})
    for each in () if as_json else drawn:
        typer.echo(f"{each.id:6} {each.document}")


@app.command(epilog="Example: digitizer sample show 3 --as olga")
def show(number: NumberArgument, home: HomeOption = None, *, as_name: AsOption = None) -> None:
    """Show a sample without what anybody decided, as JSON like that of `digitizer show`."""
    with open_house(find_home(home)) as house:
        stored = second_review.blind(house, person(house, as_name), number)
        put(document_json(stored.document))


@app.command(epilog="Example: digitizer sample judge 3 I10 E11.9 --as olga")
def judge(
    number: NumberArgument,
    codes: Annotated[list[str] | None, typer.Argument(help="The codes you find right.")] = None,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
) -> None:
    """Enter your own codes for a sample, once."""
    with open_house(find_home(home)) as house, code_tables(house) as known:
        second_review.judge(house, known, person(house, as_name), number, codes or ())


@app.command(epilog="Example: digitizer sample report --json --as olga")
def report(
    home: HomeOption = None, *, as_name: AsOption = None, as_json: JsonOption = False
) -> None:
    """Say how far coders and second reviewers agree: percent, and Cohen's kappa."""
    with open_house(find_home(home)) as house:
        found = second_review.report(house, person(house, as_name))
    if as_json:
        put({**asdict(found), "percent": found.percent, "kappa": found.kappa})
        return
    percent = "no" if found.percent is None else f"{found.percent:.1f} %"
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    typer.echo(f"{found.charts} charts, {found.judged} codes: {percent} agreement, kappa {kappa}")
