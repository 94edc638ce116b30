"""Pages as they were read: the checkpoints of a job."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

import sqlalchemy as sa

from digitizer.chart.page import Page, PageKind
from digitizer.store.codec import page_from_bytes, page_to_bytes
from digitizer.store.engine import Transaction
from digitizer.store.outbox import page_changed
from digitizer.store.tables import PAGES


def save(tx: Transaction, file_id: int, page: Page, read_by: str) -> None:
    """Keep a page, in place of what was kept of it before, and tell the index."""
    tx.execute(sa.delete(PAGES).where(_is(file_id, page.number)))
    row = {"file_id": file_id, "number": page.number, "kind": page.kind, "read_by": read_by}
    tx.execute(sa.insert(PAGES).values(**row, content=page_to_bytes(page)))
    page_changed(tx, file_id, page.number)


def drop(tx: Transaction, file_id: int) -> None:
    """Keep no page of a file any more, and tell the index."""
    kept = all_numbers(tx, file_id)
    tx.execute(sa.delete(PAGES).where(PAGES.c.file_id == file_id))
    for number in sorted(kept):
        page_changed(tx, file_id, number)


def numbers(tx: Transaction, file_id: int, read_by: str) -> frozenset[int]:
    """The pages that were kept by exactly these stages."""
    query = sa.select(PAGES.c.number).where(PAGES.c.file_id == file_id, PAGES.c.read_by == read_by)
    return frozenset(tx.scalars(query))


def all_numbers(tx: Transaction, file_id: int) -> frozenset[int]:
    """The pages that are kept of a file."""
    return frozenset(tx.scalars(sa.select(PAGES.c.number).where(PAGES.c.file_id == file_id)))


def kinds(tx: Transaction, file_id: int) -> dict[int, PageKind]:
    """The kind of every page of a file, in page order."""
    query = sa.select(PAGES.c.number, PAGES.c.kind).where(PAGES.c.file_id == file_id)
    return {row.number: PageKind(row.kind) for row in tx.execute(query.order_by(PAGES.c.number))}


def counts(tx: Transaction) -> dict[int, int]:
    """How many pages are kept of each file that has any."""
    query = sa.select(PAGES.c.file_id, sa.func.count().label("pages")).group_by(PAGES.c.file_id)
    return {row.file_id: row.pages for row in tx.execute(query)}


def count(tx: Transaction, file_id: int) -> int:
    """How many pages are kept of a file."""
    query = sa.select(sa.func.count()).select_from(PAGES).where(PAGES.c.file_id == file_id)
    return int(tx.scalar(query) or 0)


def get(tx: Transaction, file_id: int, number: int) -> Page | None:
    """One page; `None` where none is kept."""
    content = tx.scalar(sa.select(PAGES.c.content).where(_is(file_id, number)))
    return None if content is None else page_from_bytes(content)


def some(tx: Transaction, file_id: int, numbers: Collection[int]) -> dict[int, Page]:
    """Those of these pages that are kept, by number; read once however often they are asked for."""
    query = sa.select(PAGES.c.number, PAGES.c.content).where(
        PAGES.c.file_id == file_id, PAGES.c.number.in_(numbers)
    )
    return {row.number: _decoded(row.content) for row in tx.execute(query)}


@lru_cache(maxsize=256)
def _decoded(content: bytes) -> Page:
    """A page of 450 words takes 3 ms to decode and 0.2 MB to hold."""
    return page_from_bytes(content)


def every(tx: Transaction, file_id: int) -> Iterator[Page]:
    """All pages of a file, in order, one at a time."""
    query = sa.select(PAGES.c.content).where(PAGES.c.file_id == file_id).order_by(PAGES.c.number)
    return (page_from_bytes(content) for content in tx.scalars(query))


def newest_confidences(tx: Transaction, limit: int) -> list[float]:
    """The mean confidence of the words of the pages of the newest files, at most `limit` pages."""
    query = sa.select(PAGES.c.content).order_by(PAGES.c.file_id.desc(), PAGES.c.number)
    pages = (page_from_bytes(content) for content in tx.scalars(query.limit(limit)))
    return [page.confidence for page in pages if page.confidence is not None]


def _is(file_id: int, number: int) -> sa.ColumnElement[bool]:
    return sa.and_(PAGES.c.file_id == file_id, PAGES.c.number == number)
