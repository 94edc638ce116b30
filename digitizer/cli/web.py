"""The command that serves the desk, and the process that does so beside the daemon."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from digitizer.cli.options import HomeOption
from digitizer.config import Home, find_home
from digitizer.work.parent import end_with_parent

_GRACE_SECONDS = 10


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog="Example: digitizer serve --port 8601")(serve)


def serve(
    home: HomeOption = None,
    *,
    host: Annotated[str | None, typer.Option(help="As web.host of config.yaml.")] = None,
    port: Annotated[int | None, typer.Option(help="As web.port of config.yaml.")] = None,
    beside: Annotated[bool, typer.Option("--beside", hidden=True)] = False,
) -> None:
    """Serve the desk in the browser, without digitizing. `digitizer run` does both."""
    from digitizer.web.serve import Place
    from digitizer.web.serve import serve as serve_desk

    if beside:
        end_with_parent(signal.SIGTERM)
    found = find_home(home)
    settings = found.settings.web
    place = Place(
        host=host or settings.host,
        port=port or settings.port,
        certificate=settings.certificate and found.root / settings.certificate,
        key=settings.key and found.root / settings.key,
        behind_proxy=settings.behind_proxy,
    )
    serve_desk(found, place, lambda line: typer.echo(line, err=True))


@contextmanager
def desk_beside(home: Home) -> Iterator[None]:
    """Serve the desk in a process of its own, so that reading pages never makes a person wait."""
    command = [sys.executable, "-m", "digitizer", "serve", "--beside", "--home", str(home.root)]
    desk = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - ourselves
    try:
        yield
    finally:
        desk.terminate()
        try:
            desk.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            desk.kill()
