"""Options that several commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer.errors import UsageError

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The home; else the current folder or above."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
JsonLinesOption = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line.")]

STDIN = Path("-")


def day(text: str | None) -> date | None:
    """A date as YYYY-MM-DD; UsageError for anything else."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date: write it as YYYY-MM-DD") from None


def plain(text: str) -> str:
    """Text that the terminal library does not take for markup."""
    return text.replace("[", "\\[")


def put(thing: object) -> None:
    """One JSON object on a line of stdout, at once."""
    sys.stdout.write(json.dumps(thing, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def lines_in(source: Path = STDIN) -> Iterator[dict[str, Any]]:
    """The JSON objects on the lines of a file or stdin; UsageError names the first that is none."""
    try:
        lines = sys.stdin if source == STDIN else source.open(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{source} cannot be read ({error.strerror})") from None
    with nullcontext(lines) if lines is sys.stdin else lines:
        yield from _objects(lines, "stdin" if source == STDIN else str(source))


def _objects(lines: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            thing = json.loads(line)
        except json.JSONDecodeError:
            thing = None
        if not isinstance(thing, dict):
            raise UsageError(f"line {number} of {name} is no JSON object")
        yield thing
