"""The program `digitizer` and its exit codes.

0  done
1  bug: please report it
2  the command or the query is wrong
3  the configuration or installation is wrong
4  a file cannot be read
5  a fault that passes (disk full, database locked): try again
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from digitizer import __version__
from digitizer.cli.commands import Commands
from digitizer.errors import ConfigError, DigitizerError, InputError, TransientError, UsageError

_EXIT_CODES: dict[type[DigitizerError], int] = {
    UsageError: 2,
    ConfigError: 3,
    InputError: 4,
    TransientError: 5,
    DigitizerError: 1,
}

app = typer.Typer(
    cls=Commands,
    help="Turns paper medical charts into searchable, coded records.",
    epilog="Exit codes: 0 done, 2 wrong command or query, 3 wrong configuration, "
    "4 unreadable file, 5 a fault that passes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # tracebacks with local variables would show chart text
)


def _say_version(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _program(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Say which version this is.",
            is_eager=True,
            callback=_say_version,
        ),
    ] = False,
) -> None:
    """Run a command."""


def main() -> None:
    """Run the program; an error we foresaw is one line on stderr."""
    try:
        app()
    except DigitizerError as error:
        typer.echo(f"digitizer: {error}", err=True)
        sys.exit(next(code for kind, code in _EXIT_CODES.items() if isinstance(error, kind)))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - a traceback could show chart text
        spots = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(s.filename).name}:{s.lineno}" for s in reversed(spots[-4:]))
        typer.echo(
            f"digitizer: this is a bug, please report it: {type(error).__name__} in {where}",
            err=True,
        )
        sys.exit(1)
