"""Commands about code systems: codes search, codes show, codes build."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from digitizer.chart.coding import CodeMatch
from digitizer.cli.options import HomeOption, JsonLinesOption, JsonOption, lines_in, put
from digitizer.errors import UsageError
from digitizer.operations.home import any_home
from digitizer.operations.knowledge import build_codes, open_codes

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


def _json(match: CodeMatch) -> dict[str, Any]:
    return {
        "system": match.code.system,
        "code": match.code.code,
        "title": match.code.title,
        "score": round(match.score, 4),
    }


def _line(item: object) -> str:
    return " ".join(str(v) for v in item.values() if v) if isinstance(item, dict) else str(item)
