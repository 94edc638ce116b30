"""Findings and codes made afresh from what people corrected and arranged. Pure.

Pages are handed to the analysis in the corrected wording, and what it finds is put back to where it
was read: every span is one of the page as read, so no correction moves another finding or decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from digitizer.chart.cancer import Tumor
from digitizer.chart.clinical import Entity, PhiSpan
from digitizer.chart.coding import CodeSuggestion, Evidence
from digitizer.chart.correction import Wording, reworded, wording
from digitizer.chart.document import Document
from digitizer.chart.page import Page
from digitizer.chart.review import Decision


def to_read_again(document: Document, decisions: Iterable[Decision]) -> Document:
    """The document in the corrected wording, without anything that was found in it."""
    pages = tuple(_reworded(page, list(decisions)) for page in document.pages)
    bare = replace(document, entities=None, suggestions=None, tumors=None, phi=None, steps=())
    return replace(bare, pages=pages)


def _reworded(page: Page, decisions: list[Decision]) -> Page:
    if page.text is None:
        return page
    said = wording(page.content, page.number, decisions)
    return replace(page, text=reworded(page.text, said), sections=None) if said.changes else page


def put_back(found: Document, read: Document, decisions: Iterable[Decision]) -> Document:
    """`read` with what was `found` in its corrected wording, on the pages as they were read."""
    made, pages = list(decisions), {page.number: page for page in read.pages}
    said = {n: wording(page.content, n, made) for n, page in pages.items()}
    return replace(
        read,
        entities=tuple(_entity(entity, said) for entity in found.entities or ()),
        suggestions=tuple(_suggestion(s, said, pages) for s in found.suggestions or ()),
        tumors=tuple(_tumors(found.tumors or (), said, pages)),
        phi=tuple(_phi(phi, said) for phi in found.phi or ()),
        steps=found.steps,
    )


def _entity(entity: Entity, said: Mapping[int, Wording]) -> Entity:
    here, cue = said[entity.page], entity.assertion.cue
    assertion = replace(entity.assertion, cue=here.back(cue) if cue else None)
    return replace(entity, span=here.back(entity.span), assertion=assertion)


def _phi(phi: PhiSpan, said: Mapping[int, Wording]) -> PhiSpan:
    return replace(phi, span=said[phi.page].back(phi.span))


def _suggestion(
    suggestion: CodeSuggestion, said: Mapping[int, Wording], pages: Mapping[int, Page]
) -> CodeSuggestion:
    evidence = tuple(_evidence(e, said[e.page], pages[e.page]) for e in suggestion.evidence)
    return replace(suggestion, evidence=evidence)


def _tumors(
    tumors: Iterable[Tumor], said: Mapping[int, Wording], pages: Mapping[int, Page]
) -> Iterator[Tumor]:
    for tumor in tumors:
        moved = tumor.moved(lambda e: _evidence(e, said[e.page], pages[e.page]))
        if moved is not None:
            yield moved


def _evidence(evidence: Evidence, said: Wording, page: Page) -> Evidence:
    span = said.back(evidence.span)
    return replace(evidence, span=span, boxes=page.text.boxes_of(span) if page.text else ())
