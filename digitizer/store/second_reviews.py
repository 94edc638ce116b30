"""Samples of signed charts that a second person codes again, and what they found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from digitizer.store.engine import Transaction
from digitizer.store.tables import SECOND_REVIEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReview:
    """Version `number` of a document, drawn for `auditor`; `codes` once `finished_at`."""

    id: int
    document: str
    number: int
    auditor: str
    finished_at: str | None
    codes: tuple[str, ...]


def draw(tx: Transaction, document: str, number: int, auditor: str) -> None:
    """Enter a sample, unless this auditor has drawn the very version before."""
    known = sa.select(SECOND_REVIEWS.c.id).where(
        SECOND_REVIEWS.c.document_id == document,
        SECOND_REVIEWS.c.number == number,
        SECOND_REVIEWS.c.auditor == auditor,
    )
    if tx.execute(known).first() is None:
        row = {"document_id": document, "number": number, "auditor": auditor, "content": b"[]"}
        tx.execute(sa.insert(SECOND_REVIEWS).values(**row))


def every(tx: Transaction, auditor: str = "") -> Sequence[SecondReview]:
    """All samples, or one auditor's, as they were drawn."""
    query = sa.select(SECOND_REVIEWS).order_by(SECOND_REVIEWS.c.id)
    if auditor:
        query = query.where(SECOND_REVIEWS.c.auditor == auditor)
    return [
        SecondReview(
            id=row.id,
            document=row.document_id,
            number=row.number,
            auditor=row.auditor,
            finished_at=row.finished_at,
            codes=tuple(json.loads(row.content)),
        )
        for row in tx.execute(query)
    ]


def finish(tx: Transaction, drawn: SecondReview, codes: Sequence[str]) -> bool:
    """Keep the verdict, if there is none yet; says whether there was none."""
    done = tx.execute(
        sa.update(SECOND_REVIEWS)
        .where(SECOND_REVIEWS.c.id == drawn.id, SECOND_REVIEWS.c.finished_at.is_(None))
        .values(
            content=json.dumps(list(codes)).encode(),
            finished_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
    )
    return done.rowcount == 1
