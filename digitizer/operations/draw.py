"""Pages of a document as pictures: with what was found framed, or what identifies blacked out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from digitizer.chart.clinical import Label
from digitizer.chart.document import SHEET_TYPES, Document
from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.imaging.mark import blackened, framed
from digitizer.operations.house import House
from digitizer.operations.picture import LARGE, delivered_on_picture, on_picture, picture
from digitizer.store.documents import StoredDocument

COLOURS = {
    Label.PROBLEM: "#c0392b",
    Label.MEDICATION: "#1f6fb2",
    Label.LAB: "#2e7d32",
    Label.VITAL: "#00838f",
    Label.PROCEDURE: "#8e44ad",
    Label.ALLERGY: "#e67e22",
    Label.ANATOMY: "#8d6e63",
    Label.DATE: "#757575",
}


def draw_findings(house: House, stored: StoredDocument, folder: Path) -> list[Path]:
    """Write one PNG a page to `folder`, each finding in a frame of its label's colour."""
    written = []
    for page, out in _pages(stored, folder):
        framed(picture(house, stored.file_id, page.number, LARGE), _findings(stored, page), out)
        written.append(out)
    return written


def draw_redacted(house: House, stored: StoredDocument, folder: Path) -> list[Path]:
    """Write one PNG a page to `folder`, black over every word that identifies, and bar codes.

    So are stamps and handwriting, as far as they were seen; faces and joined-up writing stay. Of a
    cover or separator sheet every word is hidden.
    """
    written = []
    for page, out in _pages(stored, folder):
        hidden = list(_identifying(stored.document, page))
        blackened(picture(house, stored.file_id, page.number, LARGE), hidden, out)
        written.append(out)
    return written


def _pages(stored: StoredDocument, folder: Path) -> Iterator[tuple[Page, Path]]:
    folder.mkdir(parents=True, exist_ok=True)
    for page in stored.document.pages:
        yield page, folder / f"{stored.id}-page-{page.number}.png"


def _findings(stored: StoredDocument, page: Page) -> Iterator[tuple[Box, str]]:
    for entity in stored.document.entities or ():
        if entity.page == page.number and page.text:
            for box in page.text.boxes_of(entity.span):
                yield on_picture(page, box), COLOURS[entity.label]


def _identifying(document: Document, page: Page) -> Iterator[Box]:
    for code in page.barcodes:
        yield delivered_on_picture(page, code.box)
    yield from (on_picture(page, mark) for mark in page.marks)
    if page.text is None:
        return
    if document.doc_type in SHEET_TYPES:
        yield from (on_picture(page, word.box) for word in page.text.words)
        return
    for phi in document.phi or ():
        if phi.page == page.number:
            yield from (on_picture(page, box) for box in page.text.boxes_of(phi.span))
