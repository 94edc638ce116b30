"""Documents: which pages belong together, whose they are, and what was found in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from digitizer.chart.document import Document
from digitizer.store import pages as page_store
from digitizer.store.codec import document_from_bytes, document_to_bytes
from digitizer.store.engine import Transaction
from digitizer.store.outbox import page_changed
from digitizer.store.tables import DOCUMENT_PAGES, DOCUMENTS, FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document with the id that people use and the file it came from."""

    id: str
    file_id: int
    document: Document


def document_id(sha256: str, first_page: int) -> str:
    """The same for the same pages of the same bytes, over every re-run."""
    return f"{sha256[:12]}-{first_page}"


def replace_all(
    tx: Transaction, file_id: int, sha256: str, documents: Sequence[Document]
) -> tuple[str, ...]:
    """Keep these as the documents of a file, in place of those kept before; returns their ids.

    Every page of the file is announced to the index, those that now lie in no document too.
    """
    tx.execute(sa.delete(DOCUMENT_PAGES).where(DOCUMENT_PAGES.c.file_id == file_id))
    tx.execute(sa.delete(DOCUMENTS).where(DOCUMENTS.c.file_id == file_id))
    ids = tuple(_insert(tx, file_id, sha256, document) for document in documents)
    for page in page_store.every(tx, file_id):
        page_changed(tx, file_id, page.number)
    return ids


def get(tx: Transaction, document: str) -> StoredDocument | None:
    """One document with its pages; `None` where there is none."""
    query = sa.select(DOCUMENTS.c.file_id, DOCUMENTS.c.content).where(DOCUMENTS.c.id == document)
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    members = (
        sa.select(DOCUMENT_PAGES.c.number)
        .where(DOCUMENT_PAGES.c.document_id == document)
        .order_by(DOCUMENT_PAGES.c.number)
    )
    found = (page_store.get(tx, row.file_id, number) for number in tx.scalars(members).all())
    pages = tuple(page for page in found if page is not None)
    return StoredDocument(
        id=document, file_id=row.file_id, document=document_from_bytes(row.content, pages)
    )


def of_page(tx: Transaction, file_id: int, number: int) -> tuple[str, Document] | None:
    """The id of the document a page lies in, and the document without pages."""
    query = (
        sa.select(DOCUMENTS.c.id, DOCUMENTS.c.content)
        .join(DOCUMENT_PAGES, DOCUMENT_PAGES.c.document_id == DOCUMENTS.c.id)
        .where(DOCUMENT_PAGES.c.file_id == file_id, DOCUMENT_PAGES.c.number == number)
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else (row.id, document_from_bytes(row.content, ()))


def of_file(tx: Transaction, file_id: int) -> tuple[str, ...]:
    """The ids of a file's documents, in page order."""
    query = (
        sa.select(DOCUMENTS.c.id)
        .where(DOCUMENTS.c.file_id == file_id)
        .order_by(DOCUMENTS.c.first_page)
    )
    return tuple(tx.scalars(query))


def by_file(tx: Transaction) -> dict[int, list[str]]:
    """The ids of all documents, in page order, by file."""
    query = sa.select(DOCUMENTS.c.file_id, DOCUMENTS.c.id).order_by(
        DOCUMENTS.c.file_id, DOCUMENTS.c.first_page
    )
    found: dict[int, list[str]] = {}
    for row in tx.execute(query):
        found.setdefault(row.file_id, []).append(row.id)
    return found


def source_of(tx: Transaction, file_id: int) -> bytes:
    """The name under which the file was dropped."""
    return bytes(tx.execute(sa.select(FILES.c.name).where(FILES.c.id == file_id)).scalar_one())


def _insert(tx: Transaction, file_id: int, sha256: str, document: Document) -> str:
    first = min(page.number for page in document.pages)
    key = document_id(sha256, first)
    dob, seen = document.patient.dob, document.encounter_date
    tx.execute(
        sa.insert(DOCUMENTS).values(
            id=key,
            file_id=file_id,
            first_page=first,
            doc_type=document.doc_type,
            name=document.patient.name,
            mrn=document.patient.mrn,
            dob=dob.isoformat() if dob else None,
            encounter_date=seen.isoformat() if seen else None,
            content=document_to_bytes(document),
        )
    )
    members = [
        {"file_id": file_id, "number": page.number, "document_id": key} for page in document.pages
    ]
    tx.execute(sa.insert(DOCUMENT_PAGES), members)
    return key
