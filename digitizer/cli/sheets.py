"""Commands that print what part a stack: sheets cover, sheets separator, sheets labels.

Patients come from a file, stdin or a prompt: what stands in a command line, others can see.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer.cli.options import lines_in

app = typer.Typer(help="Print cover sheets, separators and labels.", no_args_is_help=True)

OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write to.")]
PatientsOption = Annotated[
    Path | None,
    typer.Option(
        "--jsonl",
        metavar="FILE",
        help='Lines of {"mrn", "name", "dob", "encounter", "type"}; - is stdin. Else it asks.',
    ),
]


@app.command(epilog="Example: digitizer sheets cover --jsonl - --out covers.pdf < patients.jsonl")
def cover(out: OutOption, patients: PatientsOption = None) -> None:
    """Cover sheets: the pages behind one are filed under its patient."""
    from digitizer.operations.sheets import print_covers, subjects_of

    print_covers(subjects_of(_lines(patients)), out)


@app.command(epilog="Example: digitizer sheets separator --count 20 --out separators.pdf")
def separator(
    out: OutOption,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 1,
) -> None:
    """Separator sheets: nothing that is known before one holds behind it."""
    from digitizer.operations.sheets import print_separators

    print_separators(count, out)


@app.command(epilog="Example: digitizer sheets labels --jsonl patients.jsonl --out labels.pdf")
def labels(
    out: OutOption,
    patients: PatientsOption = None,
    *,
    zpl: Annotated[bool, typer.Option("--zpl", help="For label printers, 2 × 1 inch.")] = False,
) -> None:
    """Labels with the record number as a bar code: Avery 5160, 30 a letter page, or ZPL."""
    from digitizer.operations.sheets import print_labels, subjects_of

    print_labels(subjects_of(_lines(patients)), out, zpl=zpl)


def _lines(source: Path | None) -> Iterator[dict[str, Any]]:
    if source is None:
        keys = {"mrn": "Record number", "name": "Name", "dob": "Date of birth"}
        yield {key: typer.prompt(label, default="", err=True) for key, label in keys.items()}
    else:
        yield from lines_in(source)
