"""A chart as the desk shows it: what was read, what people made of it, and what is still amiss."""

from __future__ import annotations

from dataclasses import dataclass, replace

from digitizer.chart.correction import Wording, wording
from digitizer.chart.document import Document, Leaf
from digitizer.chart.page import Page
from digitizer.chart.people import Permission, User
from digitizer.chart.review import Message, Query, Review
from digitizer.errors import UsageError
from digitizer.operations.advise import advice, merged
from digitizer.operations.house import House, through
from digitizer.operations.permit import require
from digitizer.review.decide import Coding, fold
from digitizer.review.validate import validate
from digitizer.store import Transaction, anew, documents, reviews
from digitizer.store import audit as audit_store
from digitizer.store import pages as page_store
from digitizer.store.reviews import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A document with the work of people on it.

    `document` has their corrections laid over it. Of its pages it has only those that a code on the
    chart rests on, so that a decision on a thick chart reads a few; `leaves` name all of them.
    """

    id: str
    file_id: int
    document: Document
    leaves: tuple[Leaf, ...]
    review: Review
    coding: Coding
    queries: tuple[Query, ...]
    versions: tuple[Version, ...]
    messages: tuple[Message, ...]


def open_chart(house: House, who: User, key: str) -> Chart:
    """The chart, noted in the audit trail as viewed.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such document.
    """
    require(who, Permission.VIEW)
    with house.store.begin() as tx:
        chart = chart_in(tx, key)
        note_view(tx, who, key)
    return advised(house, chart)


def note_view(tx: Transaction, who: User, subject: str) -> None:
    """Note in the audit trail what `who` was shown."""
    said = through(subject, glass=who.glass)
    audit_store.note(tx, actor=who.name, action="view", subject=said)


def look(house: House, who: User, key: str) -> Chart:
    """The chart again, for who has it open: opening it was noted.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: there is no such document.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        return advised(house, chart_in(tx, key))


def advised(house: House, chart: Chart) -> Chart:
    """The chart with what the edits of the code systems say of it, where there are code tables."""
    with house.book.opened() as codes:
        if codes is None:
            return chart
        found = advice(chart.document, chart.coding, codes)
    return replace(chart, messages=merged(chart.messages, found))


def look_at(house: House, who: User, key: str, number: int) -> Page:
    """One page of a chart that `who` has open, without reading the others.

    Raises:
        AccessError: `who` may not see charts.
        UsageError: the chart has no such page.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        return page_in(tx, key, number)


def wording_of(house: House, who: User, key: str, page: Page) -> Wording:
    """The text of a page of a chart as people corrected it.

    Raises:
        AccessError: `who` may not see charts.
    """
    require(who, Permission.VIEW)
    with house.store.read() as tx:
        return wording(page.content, page.number, reviews.decisions(tx, key))


def page_in(tx: Transaction, key: str, number: int) -> Page:
    """One page of a chart within a transaction; UsageError where it has no such page."""
    file_id = documents.file_of(tx, key, number)
    page = None if file_id is None else page_store.get(tx, file_id, number)
    if file_id is None or page is None:
        raise UsageError("the chart has no such page")
    return turned(page, documents.turns_of(tx, file_id).get(number, 0))


def turned(page: Page, degrees: int) -> Page:
    """The page as a person turned it: where its words are on its picture follows by itself."""
    return replace(page, rotation=(page.rotation - degrees) % 360)


def chart_in(tx: Transaction, key: str) -> Chart:
    """The chart within a transaction; UsageError where there is none."""
    stored = documents.bare(tx, key)
    if stored is None:
        raise UsageError("there is no document of that id: `digitizer worklist` names charts")
    coding = fold(stored.document.suggestions or (), reviews.decisions(tx, key))
    proof = page_store.some(tx, stored.file_id, _proving(coding))
    document = replace(stored.document, pages=tuple(proof.values()))
    queries = reviews.queries(tx, key)
    return Chart(
        id=key,
        file_id=stored.file_id,
        document=document,
        leaves=stored.leaves,
        review=reviews.get(tx, key),
        coding=coding,
        queries=queries,
        versions=reviews.versions(tx, key),
        messages=validate(
            document,
            coding,
            queries,
            {leaf.number for leaf in stored.leaves},
            outdated=anew.waits(tx, key),
        ),
    )


def _proving(coding: Coding) -> frozenset[int]:
    return frozenset(e.page for line in coding.confirmed for e in line.evidence)
