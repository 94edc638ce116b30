"""Commands of a coder: worklist, and review DOC with what is to be done to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Shown

from digitizer.chart.people import User
from digitizer.chart.review import CORRECTABLE, POA_VALUES, REJECT_REASONS, Action
from digitizer.cli.options import HomeOption, JsonOption, put
from digitizer.cli.people import logged_in
from digitizer.coding.knowledge import Knowledge
from digitizer.config import find_home
from digitizer.errors import UsageError
from digitizer.operations import ask as asking
from digitizer.operations import sign_off as signing
from digitizer.operations import worklist as lists
from digitizer.operations.chart import Chart, open_chart
from digitizer.operations.chart_json import chart_json, entry_json, query_json
from digitizer.operations.decide import Proposal, decide, spot
from digitizer.operations.house import House, open_house
from digitizer.operations.knowledge import open_codes
from digitizer.operations.users import user_of
from digitizer.review.ask import TEMPLATES

app = typer.Typer(
    help="Review one chart. JSON: {id, state, version, lines, "
    "messages, queries, versions, history}; a line is {id, code, title, state, evidence, …}.",
    subcommand_metavar="COMMAND …",
)

AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        help="Who decides: asks for their password (stdin: a line). Without it: the user of "
        "digitizer that has your name on this machine.",
    ),
]
SeenOption = Annotated[
    int | None, typer.Option(help="The version you looked at; refused if it is no longer that.")
]
LineArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of a line.")]
TextOption = Annotated[str, typer.Option(help="Say more, for who reads it later.")]
SpanOption = Annotated[str, typer.Option(help="START:END, characters of the page's text.")]
PageOption = Annotated[int, typer.Option(min=1, help="Page of the source file.")]


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command(epilog="Example: digitizer worklist --next --as anna")(worklist)
    program.add_typer(app, name="review")


def worklist(
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every chart, whoever has it.")] = False,
    take: Annotated[bool, typer.Option("--next", help="Take the next one; prints its id.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the charts that wait for you. JSON: {"charts": [{document, state, holder, …}]}."""
    now = time.time()
    with open_house(find_home(home)) as house:
        who = person(house, as_name)
        if take:
            found = lists.next_chart(house, who, now=now)
            put({"document": found}) if as_json else typer.echo(found or "nothing waits")
            return
        entries = lists.worklist(house, who, now=now, everyone=everyone)
    if as_json:
        put({"charts": [entry_json(entry, now) for entry in entries]})
        return
    table = Table("chart", "state", "type", "patient", "MRN", "held by", "on hold", box=None)
    for entry in entries:
        row = entry_json(entry, now)
        names = ("document", "state", "type", "name", "mrn", "holder", "held")
        table.add_row(*(Shown(str(row[name] or "")) for name in names))
    Console(highlight=False).print(table)


@app.callback()
def review(
    context: typer.Context,
    document: Annotated[str, typer.Argument(metavar="DOC", help="A document's id.")],
) -> None:
    """Review one chart. JSON is {id, state, version, lines, messages, queries, versions, history}.

    A line is {id, code, title, state, evidence, …}; its state is open, withheld, accepted,
    rejected, replaced, added or orphaned.
    """
    context.obj = document


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 show --as anna")
def show(
    context: typer.Context,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the chart: codes with their state, queries, and what stands against a sign-off."""
    with open_house(find_home(home)) as house:
        _show(open_chart(house, person(house, as_name), str(context.obj)), as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 accept 09ab… --as anna")
def accept(
    context: typer.Context,
    line: LineArgument,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    seen: SeenOption = None,
    text: TextOption = "",
    as_json: JsonOption = False,
) -> None:
    """Stand for a suggested code. One that was withheld needs --text."""
    proposal = Proposal(action=Action.ACCEPT, target=line, text=text)
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 reject 09ab… --because past")
def reject(
    context: typer.Context,
    line: LineArgument,
    because: Annotated[str, typer.Option(help=f"One of {', '.join(REJECT_REASONS)}.")],
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    seen: SeenOption = None,
    text: TextOption = "",
    as_json: JsonOption = False,
) -> None:
    """Refuse a code, with a reason."""
    proposal = Proposal(action=Action.REJECT, target=line, reason=because, text=text)
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 replace 09ab… --code E11.65")
def replace(
    context: typer.Context,
    line: LineArgument,
    code: Annotated[str, typer.Option(help="The code to put in its place.")],
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    seen: SeenOption = None,
    text: TextOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put another code in place of one, on the same words."""
    proposal = Proposal(action=Action.REPLACE, target=line, code=code, text=text)
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 add --code I10 --page 1 --span 4:16")
def add(
    context: typer.Context,
    code: Annotated[str, typer.Option(help="The code.")],
    page: PageOption,
    span: SpanOption,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    seen: SeenOption = None,
    text: TextOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add a code that was not suggested, with the printed words that prove it."""
    spots = [(page, *spot(span))]
    proposal = Proposal(action=Action.ADD, code=code, spots=spots, text=text)
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(epilog='Example: digitizer review 3f5a0c9d1b2e-1 note "see page 3"')
def note(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="The note; - reads it from stdin.")],
    home: HomeOption = None,
    *,
    line: Annotated[str, typer.Option(metavar="ID", help="The line it is about.")] = "",
    as_name: AsOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a note on the chart, or on one line."""
    proposal = Proposal(action=Action.NOTE, target=line, text=_from_stdin(text))
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 mark 09ab… --principal --poa Y")
def mark(
    context: typer.Context,
    line: LineArgument,
    home: HomeOption = None,
    *,
    principal: Annotated[bool, typer.Option("--principal", help="The principal one.")] = False,
    place: Annotated[int | None, typer.Option(min=1, help="Place in the sequence.")] = None,
    poa: Annotated[str, typer.Option(help=f"On admission: {', '.join(POA_VALUES)}.")] = "",
    as_name: AsOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say of a confirmed code which is principal, its place, or if present on admission."""
    wanted = [Proposal(action=Action.PRINCIPAL, target=line)] if principal else []
    if place is not None:
        wanted.append(Proposal(action=Action.SEQUENCE, target=line, value=str(place)))
    if poa:
        wanted.append(Proposal(action=Action.POA, target=line, value=poa))
    _decide(context, home, as_name, seen, *wanted, as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 correct mrn - < number.txt")
def correct(
    context: typer.Context,
    field: Annotated[str, typer.Argument(help=f"One of {', '.join(CORRECTABLE)}.")],
    value: Annotated[str, typer.Argument(help="What is right; - reads it from stdin.")],
    home: HomeOption = None,
    *,
    page: Annotated[int, typer.Option(min=1, help="For text: the page.")] = 1,
    span: Annotated[str, typer.Option(help="For text: START:END of the wrong words.")] = "",
    as_name: AsOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct patient, type, date, or the reading of some words; the reading itself is kept."""
    spots = [(page, *spot(span))] if span else []
    value = _from_stdin(value)
    proposal = Proposal(action=Action.CORRECT, target=field, value=value, spots=spots)
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 undo 7")
def undo(
    context: typer.Context,
    version: Annotated[int, typer.Argument(help="The version that the decision made.")],
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a decision back; an undo can itself be undone."""
    proposal = Proposal(action=Action.UNDO, target=str(version))
    _decide(context, home, as_name, seen, proposal, as_json=as_json)


@app.command(
    epilog="Example: digitizer review 3f5a0c9d1b2e-1 ask specificity --to 'Dr. Lee' "
    "--page 1 --span 4:16 --option acute --option chronic"
)
def ask(
    context: typer.Context,
    template: Annotated[str, typer.Argument(help=f"One of {', '.join(TEMPLATES)}.")],
    to: Annotated[str, typer.Option(help="The clinician.")],
    page: PageOption,
    span: Annotated[list[str], typer.Option(help="START:END of words it rests on.")],
    home: HomeOption = None,
    *,
    option: Annotated[list[str] | None, typer.Option(help="A possible answer.")] = None,
    as_name: AsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the clinician; two more options are added: other, unable to determine."""
    with open_house(find_home(home)) as house:
        spots = [(page, *spot(each)) for each in span]
        who = person(house, as_name)
        query = asking.ask(house, who, context.obj, template, spots, to, option or ())
    put(query_json(query)) if as_json else typer.echo(f"query {query.id}")


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 answer 4 acute")
def answer(
    query: Annotated[int, typer.Argument(help="The query's number.")],
    chosen: Annotated[str, typer.Argument(help="The option chosen, or withdrawn.")],
    home: HomeOption = None,
    *,
    text: Annotated[str, typer.Option(help="The clinician's own words; - reads stdin.")] = "",
    as_name: AsOption = None,
) -> None:
    """Enter what the clinician answered."""
    with open_house(find_home(home)) as house:
        asking.answer(house, person(house, as_name), query, chosen, _from_stdin(text))


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 hold 'waits for the laboratory'")
def hold(
    context: typer.Context,
    because: Annotated[str, typer.Argument(help="Why; an empty reason ends it.")],
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
) -> None:
    """Put the chart on hold, or back on the list."""
    with open_house(find_home(home)) as house:
        lists.hold(house, person(house, as_name), context.obj, because)


@app.command("sign-off", epilog="Example: digitizer review 3f5a0c9d1b2e-1 sign-off --as anna")
def sign_off(
    context: typer.Context,
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
    seen: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign the chart: freezes a version. JSON: {document, number, sha256, signed_by, …}."""
    with open_house(find_home(home)) as house:
        who = person(house, as_name)
        known = _version(house, who, context.obj) if seen is None else seen
        version = signing.sign_off(house, who, context.obj, known)
    put(asdict(version)) if as_json else typer.echo(f"version {version.number} {version.sha256}")


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 reopen 'a code was missed'")
def reopen(
    context: typer.Context,
    because: Annotated[str, typer.Argument(help="Why.")],
    home: HomeOption = None,
    *,
    as_name: AsOption = None,
) -> None:
    """Open a signed chart for a correction; the next sign-off is a new version."""
    with open_house(find_home(home)) as house:
        signing.reopen(house, person(house, as_name), context.obj, because)


@app.command(epilog="Example: digitizer review 3f5a0c9d1b2e-1 release --as anna")
def release(context: typer.Context, home: HomeOption = None, *, as_name: AsOption = None) -> None:
    """Let the newest signed version out."""
    with open_house(find_home(home)) as house:
        version = signing.release(house, person(house, as_name), context.obj)
    typer.echo(f"version {version.number} released", err=True)


def _decide(
    context: typer.Context,
    home: HomeOption,
    as_name: str | None,
    seen: int | None,
    *proposals: Proposal,
    as_json: bool,
) -> None:
    found = find_home(home)
    if not proposals:
        raise UsageError("say what to mark: --principal, --place or --poa")
    with open_house(found) as house, code_tables(house) as codes:
        who, key = person(house, as_name), str(context.obj)
        version = _version(house, who, key) if seen is None else seen
        for proposal in proposals:
            chart = decide(house, codes, who, key, version, proposal, now=time.time())
            version = chart.review.version
    _show(chart, as_json=as_json)


@contextmanager
def code_tables(house: House) -> Iterator[Knowledge]:
    """The code tables of a home, closed at the end."""
    codes = open_codes(house.home)
    try:
        yield codes
    finally:
        codes.close()


def person(house: House, name: str | None) -> User:
    """The person `name` after their password, or who the operating system says is here."""
    return logged_in(house, name) if name else user_of(house, house.actor, now=time.time())


def _version(house: House, who: User, key: str) -> int:
    return open_chart(house, who, key).review.version


def _from_stdin(text: str) -> str:
    """The text, or what stdin says where it is "-": off the process list."""
    return typer.get_text_stream("stdin").read().strip() if text == "-" else text


def _show(chart: Chart, *, as_json: bool) -> None:
    if as_json:
        put(chart_json(chart))
        return
    console = Console(highlight=False)
    review = chart.review
    console.print(Shown(f"{chart.id}  {review.state}  version {review.version}", style="bold"))
    table = Table("id", "code", "title", "state", "on the words", "", box=None)
    for line in chart.coding.lines:
        words = "; ".join(f"“{e.text}” p{e.page}" for e in line.evidence)
        more = " ".join(filter(None, ("principal" * line.principal, line.poa, line.reason)))
        cells = (line.id, line.code.code, line.code.title, line.state.value, words, more)
        table.add_row(*map(Shown, cells))
    console.print(table)
    for query in chart.queries:
        console.print(Shown(f"query {query.id} to {query.to}: {query.answer or 'open'}"))
    for message in chart.messages:
        console.print(Shown(f"{message.level}: {message.text}"))
