"""Sends queries to clinicians, and enters their answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitizer.chart.coding import CodeKnowledge
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Query, ReviewEvent, ReviewState
from digitizer.errors import UsageError
from digitizer.operations.chart import chart_in
from digitizer.operations.decide import evidence_in
from digitizer.operations.house import House
from digitizer.operations.permit import require
from digitizer.review import ask as asking
from digitizer.store import audit as audit_store
from digitizer.store import reviews


def ask(
    house: House,
    who: User,
    key: str,
    template: str,
    spots: Sequence[tuple[int, int, int]],
    to: str,
    options: Sequence[str] = (),
    question: str = "",
) -> Query:
    """Ask the clinician `to`; `spots` are (page, start, end) of the words the query rests on.

    Raises:
        AccessError: `who` may not.
        UsageError: the query leads, cites nothing, or the chart is signed off.
    """
    require(who, Permission.REVIEW)
    with house.store.begin() as tx:
        chart = chart_in(tx, key)
        cited = tuple(evidence_in(tx, key, *spot) for spot in spots)
        query = asking.draft(key, template, cited, tuple(options), to, question)
        if fault := asking.fault_of(query):
            raise UsageError(fault)
        review = chart.review
        if review.state is ReviewState.DIGITIZED:
            reviews.move(tx, review, ReviewEvent.OPENED)
            review = reviews.get(tx, key)
        if review.state not in (ReviewState.IN_REVIEW, ReviewState.QUERIED):
            raise UsageError(f"the chart is {review.state}: reopen it first")
        reviews.move(tx, review, ReviewEvent.ASKED)
        kept = reviews.ask(tx, query, who.name)
        said = f"{key} query {kept.id} {template}"
        audit_store.note(tx, actor=who.name, action="query", subject=said)
    return kept


def answer(house: House, who: User, query_id: int, chosen: str, text: str = "") -> None:
    """Enter what the clinician answered, or that the query is "withdrawn".

    Raises:
        AccessError: `who` may not.
        UsageError: there is no such open query, or that is no answer to it.
    """
    require(who, Permission.REVIEW)
    with house.store.begin() as tx:
        query = reviews.query(tx, query_id)
        if query is None:
            raise UsageError("there is no query of that number")
        if fault := asking.fault_of_answer(query, chosen, text):
            raise UsageError(fault)
        if not reviews.answer(tx, query, chosen, text, who.name):
            raise UsageError("it was answered already: ask again if the answer does not help")
        if not any(other.open for other in reviews.queries(tx, query.document)):
            reviews.move(tx, reviews.get(tx, query.document), ReviewEvent.ANSWERED)
        said = f"{query.document} query {query_id}"
        audit_store.note(tx, actor=who.name, action="answer", subject=said)


def kinds(codes: CodeKnowledge, code: str) -> list[str]:
    """What a diagnosis may be specified to, as options of a query: the kinds below its code, or
    beside it, that say more than "other" or "unspecified".
    """
    parent = codes.parent(code)
    listed = codes.children(code) or (codes.children(parent.code) if parent else ())
    titles = [each.title for each in listed if each.code != code]
    return [title for title in titles if not _SAYS_NO_MORE.search(title)][:_MOST_KINDS]


_SAYS_NO_MORE = re.compile(r"\b(other|unspecified|not elsewhere)\b", re.IGNORECASE)
_MOST_KINDS = 8


def open_queries(house: House, who: User) -> Sequence[Query]:
    """All queries that wait for an answer, oldest first.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        return reviews.open_queries(tx)
