"""Pages whose index entry is out of date, written in the same transaction as the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from digitizer.chart.page import PageKind
from digitizer.store.engine import Transaction
from digitizer.store.tables import OUTBOX, PAGES


@dataclass(frozen=True, slots=True)
class Change:
    """The index entry of page `number` of file `file_id` is out of date."""

    seq: int
    file_id: int
    number: int


def page_changed(tx: Transaction, file_id: int, number: int) -> None:
    """Note that the index must look at this page again."""
    tx.execute(sa.insert(OUTBOX).values(file_id=file_id, number=number))


def waiting(tx: Transaction, limit: int) -> Sequence[Change]:
    """The oldest changes, at most `limit`."""
    query = sa.select(OUTBOX).order_by(OUTBOX.c.seq).limit(limit)
    return [Change(**row._asdict()) for row in tx.execute(query)]


def count(tx: Transaction) -> int:
    """How many changes wait."""
    return int(tx.scalar(sa.select(sa.func.count()).select_from(OUTBOX)) or 0)


def last(tx: Transaction) -> int:
    """The number of the newest waiting change; 0 where none waits."""
    return int(tx.scalar(sa.select(sa.func.max(OUTBOX.c.seq))) or 0)


def settled(tx: Transaction, seq: int) -> None:
    """The index has seen all changes up to `seq`."""
    tx.execute(sa.delete(OUTBOX).where(OUTBOX.c.seq <= seq))


def searchable(tx: Transaction) -> Sequence[tuple[int, int]]:
    """(file, number) of every page with content: what the index is to hold."""
    query = (
        sa.select(PAGES.c.file_id, PAGES.c.number)
        .where(PAGES.c.kind == PageKind.CONTENT)
        .order_by(PAGES.c.file_id, PAGES.c.number)
    )
    return [(row.file_id, row.number) for row in tx.execute(query)]


def anything_searchable(tx: Transaction) -> bool:
    """Whether the index is to hold any page."""
    query = sa.select(PAGES.c.number).where(PAGES.c.kind == PageKind.CONTENT).limit(1)
    return tx.scalar(query) is not None


def places(tx: Transaction) -> frozenset[tuple[int, int]]:
    """(file, number) of every page that waits."""
    return frozenset((row.file_id, row.number) for row in tx.execute(sa.select(OUTBOX)))
