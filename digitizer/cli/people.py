"""Commands about people: user add, list, role, disable, enable, reset, password, codes."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from digitizer.chart.people import Role, User
from digitizer.cli.options import HomeOption, JsonOption, put
from digitizer.config import find_home
from digitizer.errors import UsageError
from digitizer.operations.house import House, open_house
from digitizer.operations.permit import keeper

app = typer.Typer(
    help="Keep the people who use this home. Passwords come from a prompt or from stdin.",
    no_args_is_help=True,
)

NameArgument = Annotated[str, typer.Argument(help="The user's name.")]
RolesOption = Annotated[
    list[Role], typer.Option("--role", help="What they are; may be said several times.")
]


@app.command(epilog="Example: digitizer user add anna --role coder")
def add(name: NameArgument, role: RolesOption, home: HomeOption = None) -> None:
    """Add a person; prints a one-time password, which they change with `user password`."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        made = users.add(house, keeper(house), name, frozenset(role), now=time.time())
    typer.echo(made.password)


@app.command("list", epilog="Example: digitizer user list --json")
def list_(home: HomeOption = None, *, as_json: JsonOption = False) -> None:
    """List all people, those who left too."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        people = users.every(house, now=time.time())
    if as_json:
        put({"users": [_json(user) for user in people]})
        return
    table = Table("name", "roles", "one-time codes", "", box=None)
    for user in people:
        left = "disabled" if user.disabled else ""
        table.add_row(user.name, ", ".join(sorted(user.roles)), "yes" if user.totp else "no", left)
    Console(highlight=False).print(table)


@app.command(epilog="Example: digitizer user role anna --role coder --role auditor")
def role(name: NameArgument, role: RolesOption, home: HomeOption = None) -> None:
    """Give a person exactly these roles."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        users.set_roles(house, keeper(house), name, frozenset(role), now=time.time())


@app.command(epilog="Example: digitizer user disable anna")
def disable(name: NameArgument, home: HomeOption = None) -> None:
    """Let a person go: they are logged out at once and their name is never given again."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        users.disable(house, keeper(house), name, now=time.time())


@app.command(epilog="Example: digitizer user enable anna")
def enable(name: NameArgument, home: HomeOption = None) -> None:
    """Let a person in again."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        users.disable(house, keeper(house), name, now=time.time(), back=True)


@app.command(epilog="Example: digitizer user reset anna")
def reset(name: NameArgument, home: HomeOption = None) -> None:
    """Give a one-time password, take the one-time codes away, and open the lock."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        made = users.reset(house, keeper(house), name, now=time.time())
    typer.echo(made.password)


@app.command(epilog="Example: digitizer user password anna")
def password(name: NameArgument, home: HomeOption = None) -> None:
    """Change one's own password; from stdin: the old one and the new one, a line each."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        who = logged_in(house, name)
        users.change_password(house, who, secret_line("New password"))


@app.command(epilog="Example: digitizer user codes anna")
def codes(name: NameArgument, home: HomeOption = None) -> None:
    """Use one-time codes: prints the secret for the app, then asks for the code it shows."""
    from digitizer.operations import users

    with open_house(find_home(home)) as house:
        who = logged_in(house, name)
        secret, address = users.offer_codes(who)
        typer.echo(address)
        sys.stdout.flush()
        users.use_codes(house, who, secret, secret_line("Code"), now=time.time())


def logged_in(house: House, name: str) -> User:
    """The person `name`, after their password and, where they use them, their one-time code."""
    from digitizer.operations import users
    from digitizer.operations.login import authenticate

    uses_codes = {user.name for user in users.every(house, now=time.time()) if user.totp}
    given = secret_line("Password")
    code = secret_line("One-time code") if name in uses_codes else ""
    return authenticate(house, name, given, code, now=time.time())


def secret_line(what: str) -> str:
    """A line that is typed unseen, or the next line of stdin where that is no terminal."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True))
    line = sys.stdin.readline().rstrip("\n")
    if not line:
        raise UsageError(f"stdin ended where the {what.lower()} was expected: one line each")
    return line


def _json(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "roles": sorted(user.roles),
        "one_time_codes": user.totp,
        "disabled": user.disabled,
        "must_change": user.must_change,
    }
