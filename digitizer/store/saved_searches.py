"""Searches that people keep under a name, each for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import TypeAdapter

from digitizer.chart.search import SearchRequest
from digitizer.store.engine import Transaction
from digitizer.store.tables import SAVED_SEARCHES

_REQUEST = TypeAdapter(SearchRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search that a person keeps."""

    id: int
    name: str
    request: SearchRequest


def save(tx: Transaction, user_id: int, name: str, request: SearchRequest) -> None:
    """Keep a search, in place of the one of the same name."""
    mine = sa.and_(SAVED_SEARCHES.c.user_id == user_id, SAVED_SEARCHES.c.name == name)
    tx.execute(sa.delete(SAVED_SEARCHES).where(mine))
    row = {"user_id": user_id, "name": name, "content": _REQUEST.dump_json(request)}
    tx.execute(sa.insert(SAVED_SEARCHES).values(**row))


def of(tx: Transaction, user_id: int) -> Sequence[SavedSearch]:
    """All that a person keeps, by name."""
    query = sa.select(SAVED_SEARCHES).where(SAVED_SEARCHES.c.user_id == user_id)
    return [
        SavedSearch(id=row.id, name=row.name, request=_REQUEST.validate_json(row.content))
        for row in tx.execute(query.order_by(SAVED_SEARCHES.c.name))
    ]


def forget(tx: Transaction, user_id: int, saved_id: int) -> None:
    """Keep it no longer."""
    mine = sa.and_(SAVED_SEARCHES.c.user_id == user_id, SAVED_SEARCHES.c.id == saved_id)
    tx.execute(sa.delete(SAVED_SEARCHES).where(mine))
