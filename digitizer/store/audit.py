"""Who did what, when: one row for every search, view, decision, export and login. Only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from digitizer.store.chain import AuditEvent, Head, hash_of
from digitizer.store.engine import Transaction
from digitizer.store.tables import AUDIT

__all__ = ["AuditEvent", "every", "head", "newest", "note"]


def note(tx: Transaction, *, actor: str, action: str, subject: str) -> None:
    """Add a row to the chain. Writers come one at a time, so the newest row is the one before."""
    before = head(tx)
    seq, at = before.seq + 1, datetime.now(UTC).isoformat(timespec="milliseconds")
    said = {"seq": seq, "at": at, "actor": actor, "action": action, "subject": subject}
    chained = hash_of(
        seq=seq, at=at, actor=actor, action=action, subject=subject, previous=before.hash
    )
    tx.execute(sa.insert(AUDIT).values(**said, previous=before.hash, hash=chained))


def head(tx: Transaction) -> Head:
    """The newest row's number and hash."""
    query = sa.select(AUDIT.c.seq, AUDIT.c.hash).order_by(AUDIT.c.seq.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return Head() if row is None else Head(seq=row.seq, hash=row.hash)


def every(tx: Transaction) -> Sequence[AuditEvent]:
    """All rows, oldest first."""
    return [
        AuditEvent(**row._asdict()) for row in tx.execute(sa.select(AUDIT).order_by(AUDIT.c.seq))
    ]


def newest(
    tx: Transaction, limit: int, *, actor: str = "", action: str = "", before: int | None = None
) -> Sequence[AuditEvent]:
    """At most `limit` rows, newest first, of this actor and action where one is named.

    `before` is the number of the last row of the part that was shown before.
    """
    query = sa.select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(limit)
    if actor:
        query = query.where(AUDIT.c.actor == actor)
    if action:
        query = query.where(AUDIT.c.action == action)
    if before is not None:
        query = query.where(AUDIT.c.seq < before)
    return [AuditEvent(**row._asdict()) for row in tx.execute(query)]
