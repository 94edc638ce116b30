"""What registrars found of cases. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import sqlalchemy as sa

from digitizer.chart.cancer import CaseStep, Verdict
from digitizer.store.engine import Transaction
from digitizer.store.tables import CASE_STEPS


def every(tx: Transaction) -> Sequence[CaseStep]:
    """All steps, oldest first."""
    query = sa.select(CASE_STEPS).order_by(CASE_STEPS.c.seq)
    return [_step(row) for row in tx.execute(query)]


def add(tx: Transaction, step: CaseStep, actor: str) -> CaseStep:
    """Keep a step that `actor` made."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    kept = replace(step, by=actor, at=now)
    row = {name: getattr(kept, name) for name in CaseStep.__dataclass_fields__}
    row["contact"] = kept.contact.isoformat() if kept.contact else None
    tx.execute(sa.insert(CASE_STEPS).values(**row))
    return kept


def _step(row: sa.Row[tuple[object, ...]]) -> CaseStep:
    found = dict(row._mapping)
    del found["seq"]
    contact, verdict = found.pop("contact"), Verdict(found.pop("verdict"))
    return CaseStep(
        verdict=verdict, contact=date.fromisoformat(contact) if contact else None, **found
    )
