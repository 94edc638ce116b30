"""The record numbers that people found to be one patient's. Rows are added and undone, not lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from digitizer.chart.patient import Merge, Merged
from digitizer.store.engine import Transaction
from digitizer.store.tables import MERGES

_COLUMNS = [MERGES.c[name] for name in Merge.__dataclass_fields__]


def every(tx: Transaction) -> Sequence[Merge]:
    """All merges, undone ones too, oldest first."""
    query = sa.select(*_COLUMNS).order_by(MERGES.c.id)
    return [Merge(**row._asdict()) for row in tx.execute(query)]


def standing(tx: Transaction) -> Merged:
    """Which numbers stand for each other now."""
    query = sa.select(*_COLUMNS).where(MERGES.c.undone_at == "").order_by(MERGES.c.id)
    return Merged(Merge(**row._asdict()) for row in tx.execute(query))


def add(tx: Transaction, merge: Merge, actor: str) -> Merge:
    """Keep a merge that `actor` made."""
    kept = replace(merge, by=actor, at=_now())
    row = {name: getattr(kept, name) for name in Merge.__dataclass_fields__ if name != "id"}
    done = tx.execute(sa.insert(MERGES).values(**row))
    (key,) = done.inserted_primary_key or (0,)
    return replace(kept, id=int(key))


def undo(tx: Transaction, merge_id: int, because: str, actor: str) -> bool:
    """Undo a merge; says whether it stood."""
    said = {"undone_because": because, "undone_by": actor, "undone_at": _now()}
    mine = sa.and_(MERGES.c.id == merge_id, MERGES.c.undone_at == "")
    return tx.execute(sa.update(MERGES).where(mine).values(**said)).rowcount == 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
