"""Makes findings and codes afresh where people corrected the text or arranged the pages."""

from __future__ import annotations

from digitizer.chart.document import SHEET_TYPES, Document
from digitizer.chart.review import DECIDABLE, MACHINE, Action, Decision
from digitizer.errors import DigitizerError
from digitizer.operations.crew import Crew, read_again
from digitizer.operations.house import House
from digitizer.review.anew import put_back, to_read_again
from digitizer.store import anew, documents, files, reviews
from digitizer.store import audit as audit_store

_MADE = Decision(
    action=Action.NOTE, text="findings and codes were made anew from the corrected pages"
)
"""Kept with the chart, so that nobody signs codes that they have not seen."""


def understand_anew(house: House, crew: Crew) -> bool:
    """Read the corrected pages of one document again; returns whether there was one.

    Decisions stay as they are: each holds as long as the words do that it is about. Nothing is kept
    where somebody asked again meanwhile, or signed the chart.

    Raises:
        DigitizerError: the analysis failed; it is tried again a few times.
    """
    with house.store.read() as tx:
        asked = anew.first(tx)
        stored = documents.get(tx, asked.document) if asked else None
        decisions = reviews.decisions(tx, asked.document) if asked else ()
        pipeline = files.get(tx, stored.file_id).pipeline if stored else None
    if asked is None:
        return False
    try:
        found = (
            _found(crew, pipeline, to_read_again(stored.document, decisions)) if stored else None
        )
    except DigitizerError:
        with house.store.begin() as tx:
            anew.failed(tx, asked)
        raise
    with house.store.begin() as tx:
        if not anew.settled(tx, asked) or stored is None or found is None:
            return True
        review = reviews.get(tx, stored.id)
        if review.state not in DECIDABLE:
            return True
        if documents.understood(tx, stored.id, put_back(found, stored.document, decisions)):
            reviews.decide(tx, review, _MADE, MACHINE)
            audit_store.note(tx, actor=MACHINE, action="understood anew", subject=stored.id)
    return True


def _found(crew: Crew, pipeline: str | None, document: Document) -> Document:
    if document.doc_type in SHEET_TYPES:
        return document
    return crew.analysis.result(crew.analysis.submit(read_again, pipeline, document))
