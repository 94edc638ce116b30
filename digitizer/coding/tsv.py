"""Rows of the tables in `models`: cells parted by tabs, comments behind "#"."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from digitizer.errors import ConfigError


def rows_of(path: Path, what: str = "table") -> Iterator[tuple[int, list[str]]]:
    """(number of the line, cells) of each line that is no comment, the header among them.

    Raises:
        ConfigError: the file cannot be read; `what` says what it is.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ConfigError(f"the {what} {path.name} cannot be read; restore it") from None
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            yield number, next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))
