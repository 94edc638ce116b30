"""Keeps searches for people, and gives the list that a search finds as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from digitizer.chart.patient import Merged
from digitizer.chart.people import Permission, User
from digitizer.chart.search import SearchRequest
from digitizer.errors import TransientError, UsageError
from digitizer.export.table import table_csv
from digitizer.operations.find import search
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.search.backend import SearchBackend
from digitizer.store import audit as audit_store
from digitizer.store import documents, merges, saved_searches
from digitizer.store.documents import Listed
from digitizer.store.saved_searches import SavedSearch

LONGEST_NAME = 60
MOST_ROWS = 10_000
"""Documents that one list may name."""

_COLUMNS = ("document", "name", "dob", "mrn", "also", "doc_type", "encounter_date", "arrived_at")
"""Of the list; "also" are the record numbers that people merged into that of the chart."""


def save(house: House, who: User, name: str, request: SearchRequest) -> None:
    """Keep a search under a name, in place of one of the same name.

    Raises:
        AccessError: `who` may not search.
        UsageError: it has no name, or too long a one.
    """
    require(who, Permission.SEARCH)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise UsageError(f"give the search a name of at most {LONGEST_NAME} characters")
    with house.store.begin() as tx:
        saved_searches.save(tx, who.id, name, replace(request, offset=0))


def saved(house: House, who: User) -> Sequence[SavedSearch]:
    """All searches that `who` keeps, by name.

    Raises:
        AccessError: `who` may not search.
    """
    require(who, Permission.SEARCH)
    with house.store.read() as tx:
        return saved_searches.of(tx, who.id)


def forget(house: House, who: User, saved_id: int) -> None:
    """Keep a search no longer.

    Raises:
        AccessError: `who` may not search.
    """
    require(who, Permission.SEARCH)
    with house.store.begin() as tx:
        saved_searches.forget(tx, who.id, saved_id)


def listed_csv(
    house: House, index: SearchBackend, who: User, request: SearchRequest, purpose: str
) -> str:
    """The documents that a search finds, as CSV that spreadsheets open without running anything.

    Who exported how many and what for is noted in the audit trail (45 CFR 164.528).

    Raises:
        AccessError: `who` may not export.
        UsageError: no purpose is given, the query cannot be read, or it finds too many.
        TransientError: not everything was looked at, so the list would lack documents.
    """
    require(who, Permission.EXPORT)
    if not purpose.strip():
        raise UsageError("say what the list is for: it is noted with your name")
    wanted = replace(request, limit=MOST_ROWS, offset=0, facets=False)
    answer = search(house, index, wanted)
    if answer.partial:
        raise TransientError(f"the list would lack documents: {answer.note or 'time ran out'}")
    if answer.documents > MOST_ROWS:
        raise UsageError(f"that finds {answer.documents} documents, a list names {MOST_ROWS}")
    keys = list(dict.fromkeys(hit.document for hit in answer.hits if hit.document))
    with house.store.read() as tx:
        known, merged = documents.some_listed(tx, keys), merges.standing(tx)
    rows = [_row(known[key], merged) for key in keys if key in known]
    said = f"list of {len(rows)} documents for {' '.join(purpose.split())}"
    with house.store.begin() as tx:
        audit_store.note(tx, actor=who.name, action="export", subject=said)
    return table_csv(_COLUMNS, rows)


def _row(listed: Listed, merged: Merged) -> list[str]:
    also = merged.also(listed.mrn) if listed.mrn else ()
    row = {**asdict(listed), "document": listed.id, "also": "; ".join(also)}
    return [str(row[column] or "") for column in _COLUMNS]
