"""Prints sheets and labels for whom JSON lines name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from digitizer.chart.document import DOC_TYPES
from digitizer.chart.sheet import LONGEST_FIELD
from digitizer.errors import ConfigError, UsageError
from digitizer.export.labels import labels_pdf, labels_zpl
from digitizer.export.sheets import Subject, covers_pdf, separators_pdf

_FIELDS = {"mrn": "mrn", "name": "name", "dob": "dob", "encounter": "encounter", "type": "doc_type"}


def subjects_of(lines: Iterable[dict[str, Any]]) -> list[Subject]:
    """Whom the lines name: {"mrn", "name", "dob", "encounter", "type"}, all but the first optional.

    Raises:
        UsageError: a line lacks "mrn", or has a value that cannot be printed; it names the line
            and the key, never the value.
    """
    subjects = [_subject(number, line) for number, line in enumerate(lines, 1)]
    if not subjects:
        raise UsageError('there is nobody to print for: give lines of {"mrn": …, "name": …}')
    return subjects


def _subject(number: int, line: dict[str, Any]) -> Subject:
    values = {name: _value(number, key, line.get(key)) for key, name in _FIELDS.items()}
    if not values["mrn"]:
        raise UsageError(f"line {number} has no mrn: a sheet needs a record number")
    if values["doc_type"] and values["doc_type"] not in DOC_TYPES:
        raise UsageError(f"line {number}: type is none of {', '.join(DOC_TYPES)}")
    return Subject(**values)


def _value(number: int, key: str, given: object) -> str:
    value = "" if given is None else str(given).strip()
    if len(value) > LONGEST_FIELD or not value.isprintable():
        raise UsageError(f"line {number}: {key} has more than {LONGEST_FIELD} or odd characters")
    return value


def print_covers(subjects: list[Subject], out: Path) -> None:
    """Write a PDF with a cover sheet for each."""
    _write(out, covers_pdf(subjects))


def print_separators(count: int, out: Path) -> None:
    """Write a PDF with `count` separator sheets."""
    _write(out, separators_pdf(count))


def print_labels(subjects: list[Subject], out: Path, *, zpl: bool) -> None:
    """Write a label for each, as PDF or as ZPL."""
    _write(out, labels_zpl(subjects).encode() if zpl else labels_pdf(subjects))


def _write(out: Path, content: bytes) -> None:
    """Write a file that only its owner may read: it names patients."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written to ({error.strerror})") from None
