"""The paper of scans: what people did with it, and how the machine had sorted it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from digitizer.chart.document import Document
from digitizer.chart.paper import Group, Paper, PaperAct, PaperStep
from digitizer.store.codec import sorting_from_bytes, sorting_to_bytes
from digitizer.store.engine import Transaction
from digitizer.store.tables import PAPER_STEPS, PAPERS

_STEP = TypeAdapter(PaperStep)

Sorting = Sequence[tuple[Group, Document]]
"""The documents of a scan without their pages, each with the numbers of its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """What lists say of a scan's paper: where it lies, how many pages are good and are not."""

    file_id: int
    place: str
    good: int
    again: int


def steps(tx: Transaction, file_id: int) -> tuple[PaperStep, ...]:
    """Every step on a scan, oldest first."""
    query = (
        sa.select(PAPER_STEPS.c.content)
        .where(PAPER_STEPS.c.file_id == file_id)
        .order_by(PAPER_STEPS.c.version)
    )
    return tuple(_STEP.validate_json(content) for content in tx.scalars(query))


def add(tx: Transaction, file_id: int, version: int, step: PaperStep, actor: str) -> PaperStep:
    """Append a step as `version`, which no other step of the scan has."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    kept = replace(step, version=version, actor=actor, at=at)
    row = {"file_id": file_id, "version": version, "content": _STEP.dump_json(kept)}
    tx.execute(sa.insert(PAPER_STEPS).values(**row))
    return kept


def summarise(tx: Transaction, file_id: int, paper: Paper) -> None:
    """Bring what lists say in step with the paper."""
    acts = [check.act for check in paper.checks.values()]
    good, again = acts.count(PaperAct.GOOD), acts.count(PaperAct.AGAIN)
    _put(tx, file_id, place=paper.place, good=good, again=again)


def row(tx: Transaction, file_id: int) -> PaperRow:
    """What lists say of a scan's paper."""
    found = tx.execute(_ROWS.where(PAPERS.c.file_id == file_id)).one_or_none()
    return PaperRow(**found._asdict()) if found else _blank(file_id)


def rows(tx: Transaction) -> dict[int, PaperRow]:
    """What lists say of every paper that somebody did something with, by scan."""
    return {found.file_id: PaperRow(**found._asdict()) for found in tx.execute(_ROWS)}


def sorting(tx: Transaction, file_id: int) -> Sorting | None:
    """How the machine sorted the scan; `None` where its documents are still that."""
    content = tx.scalar(sa.select(PAPERS.c.sorting).where(PAPERS.c.file_id == file_id))
    return None if content is None else sorting_from_bytes(content)


def keep_sorting(tx: Transaction, file_id: int, sorted_so: Sorting) -> None:
    """Keep how the machine sorted the scan, in place of what was kept."""
    _put(tx, file_id, sorting=sorting_to_bytes(sorted_so))


_ROWS = sa.select(PAPERS.c.file_id, PAPERS.c.place, PAPERS.c.good, PAPERS.c.again)


def _blank(file_id: int) -> PaperRow:
    return PaperRow(file_id=file_id, place="", good=0, again=0)


def _put(tx: Transaction, file_id: int, **values: object) -> None:
    mine = PAPERS.c.file_id == file_id
    if tx.execute(sa.select(PAPERS.c.file_id).where(mine)).first() is None:
        tx.execute(sa.insert(PAPERS).values(file_id=file_id, place="", good=0, again=0))
    tx.execute(sa.update(PAPERS).where(mine).values(**values))
