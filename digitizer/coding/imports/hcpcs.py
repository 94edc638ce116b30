"""HCPCS Level II as CMS publishes it: lines of fixed width, several for a long title.

The columns are those of CMS's record layout: code 1-5, kind of record 11, long title 12-91, short
title 92-119, day added 269-276, day of the last action 277-284, day terminated 285-292.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from digitizer.coding.imports.rows import Row

FIRST, FURTHER = "3", "4"
"""Kinds of record: first and further lines of a procedure's code; modifiers have others."""

_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
LAYOUT = re.compile(r"^[A-Z]\d{4}[\d ]{5}3.{80}", re.MULTILINE)


def read_fixed(content: bytes) -> Iterator[Row]:
    """Every code, with its whole title."""
    yield from joined(_records(content.decode("latin-1").splitlines()))


def joined(records: Iterable[tuple[str, Row]]) -> Iterator[Row]:
    """Rows of (kind of record, row) pairs: what follows a first record is the rest of its title."""
    row: Row | None = None
    for kind, record in records:
        if kind == FIRST:
            if row:
                yield row
            row = record
        elif kind == FURTHER and row and row.code == record.code:
            row = replace(row, title=f"{row.title} {record.title}")
        elif row:
            yield row
            row = None
    if row:
        yield row


def day(text: str) -> str:
    """A day written as 20260101, as YYYY-MM-DD; "" for anything else."""
    found = _DAY.fullmatch(text.strip())
    return "-".join(found.groups()) if found else ""


def _records(lines: Iterable[str]) -> Iterator[tuple[str, Row]]:
    for line in lines:
        title = " ".join(line[11:91].split())
        yield (
            line[10:11],
            Row(code=line[:5].strip(), title=title, first=day(line[268:276]), last=_end(line)),
        )


def _end(line: str) -> str:
    return day(line[284:292])
