"""The list of charts that wait for a coder: what is mine, what is next, who has what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from digitizer.chart.document import SHEET_TYPES
from digitizer.chart.patient import Merged
from digitizer.chart.people import Permission, User
from digitizer.chart.review import MACHINE, Review, effective
from digitizer.errors import UsageError
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review import worklist as lists
from digitizer.review.worklist import Entry
from digitizer.store import Transaction, documents, merges, people, reviews
from digitizer.store import audit as audit_store
from digitizer.store.documents import Listed

HIGHEST = 9
"""The highest priority; 0 is the usual one."""


def worklist(house: House, who: User, *, now: float, everyone: bool = False) -> Sequence[Entry]:
    """What `who` has or may take, in the order of work; with `everyone`, every chart there is.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        known = entries(tx)
    return lists.ordered(known) if everyone else lists.mine(known, who.name, now)


def next_chart(house: House, who: User, *, now: float, skip: str = "") -> str | None:
    """Take up the next chart, not the one just left; `None` where nothing waits.

    Raises:
        AccessError: `who` may not review.
    """
    require(who, Permission.REVIEW)
    with house.store.begin() as tx:
        found = lists.next_for(entries(tx), who.name, now, skip)
        if found is None:
            return None
        until = max(found.review.lease_until, now + lists.LEASE)
        reviews.settle(tx, found.review, assignee=who.name, lease_until=until)
        audit_store.note(tx, actor=who.name, action="take", subject=found.document)
        return found.document


def give_back(house: House, who: User, key: str) -> None:
    """Leave a chart to whoever comes next.

    Raises:
        AccessError: `who` may not review.
        UsageError: there is no such chart.
    """
    require(who, Permission.REVIEW)
    with house.store.begin() as tx:
        review = _known(tx, key)
        if review.assignee == who.name:
            reviews.settle(tx, review, assignee=None, lease_until=0.0)
            audit_store.note(tx, actor=who.name, action="give back", subject=key)


def hold(house: House, who: User, key: str, because: str) -> None:
    """Put a chart on hold, with a reason; with an empty one, back on the list.

    Raises:
        AccessError: `who` may not review.
        UsageError: there is no such chart.
    """
    require(who, Permission.REVIEW)
    with house.store.begin() as tx:
        reviews.settle(tx, _known(tx, key), held=" ".join(because.split()))
        action = "hold" if because.strip() else "unhold"
        audit_store.note(tx, actor=who.name, action=action, subject=key)


def assign(house: House, who: User, key: str, name: str, *, now: float) -> None:
    """Give a chart to somebody, for a week.

    Raises:
        AccessError: `who` may not assign.
        UsageError: there is no such chart, or nobody of that name who may review.
    """
    require(who, Permission.ASSIGN)
    with house.store.begin() as tx:
        coder = people.by_name(tx, name, now)
        if coder is None or not coder.may(Permission.REVIEW):
            raise UsageError("nobody of that name may review: `digitizer user list` names people")
        until = now + lists.ASSIGNED
        reviews.settle(tx, _known(tx, key), assignee=name, lease_until=until)
        audit_store.note(tx, actor=who.name, action="assign", subject=f"{key} to {name}")


def prioritise(house: House, who: User, key: str, priority: int) -> None:
    """Say how soon a chart is to be worked on, from 0 (the usual) to HIGHEST.

    Raises:
        AccessError: `who` may not assign.
        UsageError: there is no such chart or priority.
    """
    require(who, Permission.ASSIGN)
    if not 0 <= priority <= HIGHEST:
        raise UsageError(f"a priority is from 0 to {HIGHEST}")
    with house.store.begin() as tx:
        reviews.settle(tx, _known(tx, key), priority=priority)
        said = f"{key} to {priority}"
        audit_store.note(tx, actor=who.name, action="prioritise", subject=said)


def entries(tx: Transaction) -> Sequence[Entry]:
    """Every chart there is as an entry of the list, those too that lost their document."""
    known, merged = reviews.every(tx), merges.standing(tx)
    listed = [row for row in documents.listing(tx) if row.doc_type not in SHEET_TYPES]
    there = {row.id for row in listed}
    lost = [
        Entry(document=key, review=known[key], orphaned=True)
        for key in known.keys() - there
        if any(made.actor != MACHINE for made in effective(reviews.decisions(tx, key)))
    ]
    return [_entry(r, known.get(r.id) or Review(document=r.id), merged) for r in listed] + lost


def _entry(row: Listed, review: Review, merged: Merged) -> Entry:
    return Entry(
        document=row.id,
        review=review,
        doc_type=row.doc_type,
        name=row.name,
        mrn=row.mrn,
        also=merged.also(row.mrn) if row.mrn else (),
        encounter_date=date.fromisoformat(row.encounter_date) if row.encounter_date else None,
        arrived=row.arrived_at,
    )


def _known(tx: Transaction, key: str) -> Review:
    if documents.bare(tx, key) is None:
        raise UsageError("there is no document of that id: `digitizer worklist` names charts")
    return reviews.get(tx, key)
