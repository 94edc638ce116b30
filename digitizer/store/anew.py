"""Documents whose findings are to be made anew, written with the correction that asks for it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from digitizer.store.engine import Transaction
from digitizer.store.tables import ANEW

MOST_TRIES = 3
"""After so many failures a document waits for the next start."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document that waits; asking for it again gives another `seq`."""

    seq: int
    document: str
    tries: int


def ask(tx: Transaction, document: str) -> None:
    """Have the findings of a document made anew."""
    tx.execute(sa.delete(ANEW).where(ANEW.c.document_id == document))
    tx.execute(sa.insert(ANEW).values(document_id=document, tries=0))


def waits(tx: Transaction, document: str) -> bool:
    """Whether a document waits for it."""
    query = sa.select(ANEW.c.seq).where(ANEW.c.document_id == document)
    return tx.execute(query).first() is not None


def first(tx: Transaction) -> Asked | None:
    """The document that has waited longest; `None` where there is nothing to do."""
    query = sa.select(ANEW).where(ANEW.c.tries < MOST_TRIES).order_by(ANEW.c.seq).limit(1)
    row = tx.execute(query).one_or_none()
    return None if row is None else Asked(row.seq, row.document_id, row.tries)


def failed(tx: Transaction, asked: Asked) -> None:
    """Count a try that failed."""
    tx.execute(sa.update(ANEW).where(ANEW.c.seq == asked.seq).values(tries=asked.tries + 1))


def settled(tx: Transaction, asked: Asked) -> bool:
    """Take it off the list; says whether it still was on it, and nobody asked again since."""
    return tx.execute(sa.delete(ANEW).where(ANEW.c.seq == asked.seq)).rowcount == 1


def recover(tx: Transaction) -> None:
    """Let what failed be tried again."""
    tx.execute(sa.update(ANEW).values(tries=0))
