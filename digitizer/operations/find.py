"""Searches the charts. The index says which pages; everything shown comes from the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from digitizer.chart.correction import Wording, wording
from digitizer.chart.document import Document
from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.patient import PatientRef
from digitizer.chart.search import Facet, PageHit, SearchAnswer, SearchRequest
from digitizer.chart.text import TextSpan
from digitizer.errors import UsageError
from digitizer.operations.house import House
from digitizer.operations.index import catch_up, place_of
from digitizer.search.backend import SearchBackend
from digitizer.search.highlight import snippet, spans
from digitizer.search.identifiers import code_lineage
from digitizer.store import Transaction, documents, files, reviews
from digitizer.store import pages as page_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A page that matches, as a person is shown it. `marks` are the matches in `snippet`. Where
    they are on the page say `terms`, the words that matched, and `proof`, the words as read of the
    codes that matched: see `spans_as_read`.

    `boxes` are the matching words of the whole page, in pixels of the upright image, `width` times
    `height`; text that never was on paper has none. `document` is "" while it is not yet known.
    """

    source: str
    document: str
    page: int
    patient: PatientRef
    doc_type: str
    encounter_date: date | None
    score: float
    snippet: str
    marks: tuple[TextSpan, ...]
    width: int
    height: int
    boxes: tuple[Box, ...]
    terms: tuple[str, ...] = ()
    proof: tuple[TextSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer: hits grouped by document, and what there is to say about them.

    See `SearchAnswer` for the fields of the same names.
    """

    hits: tuple[Hit, ...]
    documents: int
    partial: bool
    note: str
    suggestion: str
    facets: tuple[Facet, ...]


def find(house: House, index: SearchBackend, request: SearchRequest) -> Found:
    """Search, and note the search in the audit trail.

    Raises:
        UsageError: the query cannot be read; the message points at the character.
        TransientError: the index is damaged and not yet built anew.
    """
    house.note("search", _said(request))
    answer = search(house, index, request)
    with house.store.read() as tx:
        hits = tuple(hit for found in answer.hits if (hit := _hit(tx, found)) is not None)
    return Found(
        hits=hits,
        documents=answer.documents,
        partial=answer.partial,
        note=answer.note,
        suggestion=answer.suggestion,
        facets=answer.facets,
    )


def search(house: House, index: SearchBackend, request: SearchRequest) -> SearchAnswer:
    """The index's answer, in which counts whatever was decided before; if not, it says so.

    Raises: as `find`.
    """
    waiting = catch_up(house, index)
    answer = index.search(request)
    if not waiting:
        return answer
    said = f"{waiting} pages are not yet searchable"
    return replace(answer, partial=True, note="; ".join(filter(None, [answer.note, said])))


def similar(house: House, index: SearchBackend, document: str, number: int) -> Found:
    """Pages like page `number` of a document: those with its most telling words, that one apart.

    Raises:
        UsageError: there is no such page.
    """
    with house.store.read() as tx:
        file_id = documents.file_of(tx, document, number)
        page = None if file_id is None else page_store.get(tx, file_id, number)
    text = page.content if page else ""
    if not text:
        raise UsageError("that document has no such page with text: `digitizer show` names them")
    found = find(house, index, SearchRequest(like=text))
    others = tuple(hit for hit in found.hits if (hit.document, hit.page) != (document, number))
    return replace(
        found, hits=others, documents=len({(hit.document, hit.source) for hit in others})
    )


def _hit(tx: Transaction, found: PageHit) -> Hit | None:
    """The hit from the store; `None` where the store no longer has the page."""
    file_id, number = place_of(found.uid)
    page = page_store.get(tx, file_id, number)
    if page is None:
        return None
    lies_in = documents.of_page(tx, file_id, number)
    key, document = lies_in if lies_in else ("", None)
    said = wording(page.content, number, reviews.decisions(tx, key) if key else ())
    evidence = _evidence(document, number, found.terms) if document else ()
    shown = snippet(said.content, found.terms, also=[said.forth(span) for span in evidence])
    return Hit(
        source=files.get(tx, file_id).source,
        document=key,
        page=number,
        patient=document.patient if document else PatientRef(),
        doc_type=document.doc_type if document else "",
        encounter_date=document.encounter_date if document else None,
        score=found.score,
        snippet=shown.text,
        marks=shown.marks,
        width=page.width,
        height=page.height,
        boxes=_boxes(page, said, found.terms, evidence),
        terms=found.terms,
        proof=evidence,
    )


def _evidence(document: Document, number: int, terms: Sequence[str]) -> tuple[TextSpan, ...]:
    """What stands on a page for the codes that it was found by."""
    return tuple(
        evidence.span
        for suggestion in document.suggestions or ()
        if suggestion.suggested and not set(code_lineage(suggestion.code.code)).isdisjoint(terms)
        for evidence in suggestion.evidence
        if evidence.page == number
    )


def _boxes(
    page: Page, said: Wording, terms: Sequence[str], evidence: Sequence[TextSpan]
) -> tuple[Box, ...]:
    if page.text is None:
        return ()
    marked = spans_as_read(said, terms, evidence)
    return tuple(box for span in marked for box in page.text.boxes_of(span))


def spans_as_read(
    said: Wording, terms: Sequence[str], evidence: Sequence[TextSpan] = ()
) -> Sequence[TextSpan]:
    """Where words are that matched in a page's corrected text, in the text as it was read."""
    there = [said.forth(span) for span in evidence]
    return [said.back(span) for span in spans(said.content, terms, there)]


_NOTED = (
    "query", "mrn", "dob", "code", "doc_type", "source", "date_from", "date_to", "assertion",
)  # fmt: skip


def _said(request: SearchRequest) -> str:
    """The request in one line, for the audit trail."""
    asked = ((name, getattr(request, name)) for name in _NOTED)
    said = " ".join(f"{name}={value}" for name, value in asked if value)
    return f"{said} (pages like one)".strip() if request.like else said
