"""What the intake board shows: counts, what is being read and how far, what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digitizer.operations.house import House
from digitizer.operations.quarantine import Refused, refused
from digitizer.store import documents, files, outbox
from digitizer.store import pages as page_store
from digitizer.store.files import FileRow

NEWEST = 60
"""Files that the board names; all are counted."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file on the board: how many of its pages are read, and the documents it became."""

    row: FileRow
    pages: int
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`waiting` counts files that are not done; `not_yet_indexed` pages that search lacks."""

    counts: dict[str, int]
    waiting: int
    not_yet_indexed: int
    newest: Sequence[Arrival]
    refused: Sequence[Refused]


def board(house: House) -> Board:
    """Read it off the store."""
    needs_person = tuple(refused(house))
    with house.store.read() as tx:
        return Board(
            counts=files.counts(tx),
            waiting=files.open_jobs(tx),
            not_yet_indexed=outbox.count(tx),
            newest=tuple(
                Arrival(row, page_store.count(tx, row.id), documents.of_file(tx, row.id))
                for row in files.newest(tx, NEWEST)
            ),
            refused=needs_person,
        )
