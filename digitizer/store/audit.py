"""Who did what, when: one row for every search, view, export and login. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from digitizer.store.engine import Transaction
from digitizer.store.tables import AUDIT


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """`actor` did `action` ("search", "view", "export" …) on `subject` at `at` (UTC)."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str


def note(tx: Transaction, *, actor: str, action: str, subject: str) -> None:
    """Add a row."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    tx.execute(sa.insert(AUDIT).values(at=at, actor=actor, action=action, subject=subject))


def every(tx: Transaction) -> Sequence[AuditEvent]:
    """All rows, oldest first."""
    return [
        AuditEvent(**row._asdict()) for row in tx.execute(sa.select(AUDIT).order_by(AUDIT.c.seq))
    ]
