"""Commands about code systems: look codes up, build the tables, learn from coders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from digitizer.chart.coding import CodeMatch
from digitizer.cli.options import HomeOption, JsonLinesOption, JsonOption, lines_in, put
from digitizer.config import find_home
from digitizer.errors import UsageError
from digitizer.operations.home import any_home
from digitizer.operations.knowledge import build_codes, open_codes

if TYPE_CHECKING:
    from digitizer.coding.experience import Ranker

app = typer.Typer(help="Look codes up.", no_args_is_help=True)


@app.command(epilog='Example: digitizer codes search "heart attack"')
def search(
    term: Annotated[str, typer.Argument(help="A diagnosis in any words.")] = "",
    home: HomeOption = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="At most so many codes.")] = 10,
    as_json: JsonOption = False,
    jsonl: JsonLinesOption = False,
) -> None:
    """Find the codes that a term may mean, best first."""
    knowledge = open_codes(any_home(home).models)
    if jsonl:
        for line in lines_in():
            found = knowledge.search(str(line.get("text", "")), limit)
            put({"id": line.get("id"), "codes": [_json(match) for match in found]})
        return
    if not term:
        raise UsageError("name a term to look for")
    matches = knowledge.search(term, limit)
    if as_json:
        put({"codes": [_json(match) for match in matches]})
    for match in () if as_json else matches:
        typer.echo(f"{match.code.code:9} {match.code.title}")


@app.command(epilog="Example: digitizer codes show I50.9")
def show(
    code: Annotated[str, typer.Argument(help="A code, with or without its dot.")],
    home: HomeOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show a code: title, what it includes and excludes, where it stands, what stands below it."""
    from dataclasses import asdict

    found = open_codes(any_home(home).models).describe(code)
    if found is None:
        raise UsageError(f"there is no code {code}: `digitizer codes search TERM` finds codes")
    facts = asdict(found)
    if as_json:
        put(facts)
        return
    for name, value in facts.items():
        for item in value if isinstance(value, list | tuple) else (value,):
            typer.echo(f"{name.replace('_', ' '):18} {_line(item)}")


@app.command(epilog="Example: digitizer codes build")
def build() -> None:
    """Build the code tables from the packaged source; set-up does it once."""
    typer.echo(f"code tables built: {build_codes()}", err=True)


@app.command(epilog="Example: digitizer codes learn --jsonl < coded-charts.jsonl")
def learn(
    home: HomeOption = None,
    *,
    jsonl: JsonLinesOption = False,
    reviews: Annotated[
        bool, typer.Option("--reviews", help="Learn the charts that were signed on this home.")
    ] = False,
) -> None:
    """Learn from coded charts: lines of {"id", "text", "codes": [{"code", "type"}]}, or reviews."""
    from digitizer.operations import learn as operation
    from digitizer.operations.house import open_house

    if jsonl == reviews:
        raise UsageError("learn from --jsonl (stdin) or from --reviews")
    found_home = find_home(home)
    if jsonl:
        lesson = operation.learn(found_home, lines_in(), "coded charts")
    else:
        with open_house(found_home) as house:
            lesson = operation.learn_from_reviews(found_home, house)
    if lesson.left_out:
        typer.echo(f"{lesson.left_out} left out: rearranged since they were signed", err=True)
    typer.echo(f"{lesson.charts} charts learned; {_said(lesson.ranker)}", err=True)


@app.command(epilog="Example: digitizer codes learned")
def learned(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """List what was learned: batches of charts, and the rankers made of them."""
    from dataclasses import asdict

    from digitizer.operations.learn import listed

    batches, rankers = listed(find_home(home))
    if as_json:
        put({"batches": [asdict(b) for b in batches], "rankers": [asdict(r) for r in rankers]})
        return
    for b in batches:
        state = "undone" if b.undone else "counts"
        typer.echo(f"batch {b.id}  {b.at}  {b.charts} charts, {b.source}, by {b.actor}  {state}")
    force = max((r.id for r in rankers if r.promoted), default=0)
    for r in rankers:
        state = "in force" if r.id == force else "kept"
        precision = f"mean average precision {r.before:.3f} before, {r.after:.3f} after"
        typer.echo(f"ranker {r.id}  {r.at}  {r.charts} charts, {precision}  {state}")


@app.command(epilog="Example: digitizer codes forget 2")
def forget(
    batch: Annotated[int, typer.Argument(help="A batch that `codes learned` lists.")],
    home: HomeOption = None,
) -> None:
    """Undo a batch of learned charts, and make the ranker anew from the others."""
    from digitizer.operations.learn import undo

    typer.echo(f"batch {batch} undone; {_said(undo(find_home(home), batch))}", err=True)


@app.command("roll-back", epilog="Example: digitizer codes roll-back")
def roll_back(home: HomeOption = None) -> None:
    """Put the ranker before the present one in force again."""
    from digitizer.operations.learn import roll_back as operation

    operation(find_home(home))
    typer.echo("the ranker before is in force again", err=True)


def _said(ranker: Ranker | None) -> str:
    if ranker is None:
        return "no ranker: that takes 30 charts"
    state = "in force" if ranker.promoted else "not promoted: it loses to the one before"
    figures = f"mean average precision on held-back charts {ranker.before:.3f} → {ranker.after:.3f}"
    return f"ranker {ranker.id} {state} ({figures})"


def _json(match: CodeMatch) -> dict[str, Any]:
    return {
        "system": match.code.system,
        "code": match.code.code,
        "title": match.code.title,
        "score": round(match.score, 4),
    }


def _line(item: object) -> str:
    return " ".join(str(v) for v in item.values() if v) if isinstance(item, dict) else str(item)
