"""Documents: which pages belong together, whose they are, and what was found in them.

What people corrected is laid over what was read, here, and so is which record numbers they found to
be one patient's, so that everything later respects it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import sqlalchemy as sa

from digitizer.chart.correction import corrected
from digitizer.chart.document import Document, Leaf
from digitizer.chart.page import PageKind
from digitizer.store import merges, reviews
from digitizer.store import pages as page_store
from digitizer.store.codec import document_from_bytes, document_to_bytes
from digitizer.store.engine import Transaction
from digitizer.store.outbox import page_changed
from digitizer.store.tables import DOCUMENT_PAGES, DOCUMENTS, FILES, PAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document with the id that people use and the file it came from.

    `leaves` name all its pages; `document` has none of them where it was asked for `bare`.
    """

    id: str
    file_id: int
    document: Document
    leaves: tuple[Leaf, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all its pages in the source file, in the document's order."""
        return tuple(leaf.number for leaf in self.leaves)


def document_id(sha256: str, first_page: int) -> str:
    """The same for the same pages of the same bytes, over every re-run."""
    return f"{sha256[:12]}-{first_page}"


def replace_all(
    tx: Transaction,
    file_id: int,
    sha256: str,
    documents: Sequence[Document],
    turns: Mapping[int, int] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Keep these as the documents of a file, in place of those kept before; returns their ids.

    `turns` are by how many degrees clockwise people turned which pages. Every page of the file is
    announced to the index, those that now lie in no document too.
    """
    tx.execute(sa.delete(DOCUMENT_PAGES).where(DOCUMENT_PAGES.c.file_id == file_id))
    tx.execute(sa.delete(DOCUMENTS).where(DOCUMENTS.c.file_id == file_id))
    ids = tuple(_insert(tx, file_id, sha256, document, turns) for document in documents)
    for number in sorted(page_store.all_numbers(tx, file_id)):
        page_changed(tx, file_id, number)
    return ids


def pages_by_document(tx: Transaction, file_id: int) -> dict[str, tuple[int, ...]]:
    """The numbers of the pages of each document of a file, as they lie."""
    return {key: tuple(leaf.number for leaf in _leaves(tx, key)) for key in of_file(tx, file_id)}


def sorting(tx: Transaction, file_id: int) -> list[tuple[tuple[int, ...], Document]]:
    """The documents of a file as they are kept, uncorrected and without pages, each with the
    numbers of its pages.
    """
    query = (
        sa.select(DOCUMENTS.c.id, DOCUMENTS.c.content)
        .where(DOCUMENTS.c.file_id == file_id)
        .order_by(DOCUMENTS.c.first_page)
    )
    return [
        (tuple(leaf.number for leaf in _leaves(tx, row.id)), _decoded(row.content))
        for row in tx.execute(query)
    ]


def get(tx: Transaction, document: str) -> StoredDocument | None:
    """One document with its pages; `None` where there is none."""
    found = bare(tx, document)
    if found is None:
        return None
    read = (page_store.get(tx, found.file_id, leaf.number) for leaf in found.leaves)
    pages = tuple(page for page in read if page is not None)
    return replace(found, document=replace(found.document, pages=pages))


def bare(tx: Transaction, document: str) -> StoredDocument | None:
    """One document without its pages, however many it has; `None` where there is none."""
    query = sa.select(DOCUMENTS.c.file_id, DOCUMENTS.c.content).where(DOCUMENTS.c.id == document)
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    seen = _seen(tx, document, _decoded(row.content))
    leaves = _leaves(tx, document)
    return StoredDocument(id=document, file_id=row.file_id, document=seen, leaves=leaves)


def _seen(tx: Transaction, key: str, document: Document) -> Document:
    """The document as people left it."""
    document = corrected(document, reviews.decisions(tx, key))
    return replace(document, patient=merges.standing(tx).over(document.patient))


@lru_cache(maxsize=16)
def _decoded(content: bytes) -> Document:
    """A document with 4,000 findings takes 40 ms to decode and 2 MB to hold."""
    return document_from_bytes(content, ())


def _leaves(tx: Transaction, document: str) -> tuple[Leaf, ...]:
    here = sa.and_(
        PAGES.c.file_id == DOCUMENT_PAGES.c.file_id, PAGES.c.number == DOCUMENT_PAGES.c.number
    )
    query = (
        sa.select(DOCUMENT_PAGES.c.number, PAGES.c.kind, DOCUMENT_PAGES.c.turn)
        .join(PAGES, here)
        .where(DOCUMENT_PAGES.c.document_id == document)
        .order_by(DOCUMENT_PAGES.c.place, DOCUMENT_PAGES.c.number)
    )
    return tuple(
        Leaf(number=row.number, kind=PageKind(row.kind), turn=row.turn) for row in tx.execute(query)
    )


def of_page(tx: Transaction, file_id: int, number: int) -> tuple[str, Document] | None:
    """The id of the document a page lies in, and the document without pages."""
    query = (
        sa.select(DOCUMENTS.c.id, DOCUMENTS.c.content)
        .join(DOCUMENT_PAGES, DOCUMENT_PAGES.c.document_id == DOCUMENTS.c.id)
        .where(DOCUMENT_PAGES.c.file_id == file_id, DOCUMENT_PAGES.c.number == number)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    return row.id, _seen(tx, row.id, _decoded(row.content))


def file_of(tx: Transaction, document: str, number: int) -> int | None:
    """The file of a document that holds page `number` of it; `None` where there is no such page."""
    return tx.scalar(
        sa.select(DOCUMENT_PAGES.c.file_id).where(
            DOCUMENT_PAGES.c.document_id == document, DOCUMENT_PAGES.c.number == number
        )
    )


def correct(tx: Transaction, document: str) -> None:
    """Bring the columns and the index in step with the corrections of a document."""
    found = bare(tx, document)
    if found is None:
        return
    columns = _columns(found.document)
    tx.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.id == document).values(**columns))
    for leaf in found.leaves:
        page_changed(tx, found.file_id, leaf.number)


def understood(tx: Transaction, document: str, found: Document) -> bool:
    """Keep other findings and codes of a document; says whether they differ from those before."""
    query = sa.select(DOCUMENTS.c.content).where(DOCUMENTS.c.id == document)
    before = _decoded(tx.execute(query).scalar_one())
    after = replace(
        before,
        entities=found.entities,
        suggestions=found.suggestions,
        tumors=found.tumors,
        phi=found.phi,
        steps=found.steps,
    )
    content = document_to_bytes(after)
    tx.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.id == document).values(content=content))
    correct(tx, document)
    return (before.entities, before.suggestions) != (after.entities, after.suggestions)


def of_file(tx: Transaction, file_id: int) -> tuple[str, ...]:
    """The ids of a file's documents, in page order."""
    query = (
        sa.select(DOCUMENTS.c.id)
        .where(DOCUMENTS.c.file_id == file_id)
        .order_by(DOCUMENTS.c.first_page)
    )
    return tuple(tx.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document as lists show it, corrections and all; dates in ISO 8601.

    `misfile` is 1 where it may lie in the wrong chart and nobody has settled that, `tumors` is how
    many reportable tumors it speaks of.
    """

    id: str
    file_id: int
    first_page: int
    doc_type: str
    name: str | None
    mrn: str | None
    dob: str | None
    encounter_date: str | None
    misfile: int
    tumors: int
    arrived_at: str


def listing(tx: Transaction) -> Sequence[Listed]:
    """All documents, oldest first."""
    columns = [DOCUMENTS.c[n] for n in Listed.__dataclass_fields__ if n != "arrived_at"]
    query = (
        sa.select(*columns, FILES.c.arrived_at)
        .join(FILES, FILES.c.id == DOCUMENTS.c.file_id)
        .order_by(FILES.c.arrived_at, DOCUMENTS.c.id)
    )
    return [Listed(**row._asdict()) for row in tx.execute(query)]


def some_listed(tx: Transaction, keys: Collection[str]) -> dict[str, Listed]:
    """Those of these documents that there are, by id."""
    wanted = frozenset(keys)
    return {row.id: row for row in listing(tx) if row.id in wanted}


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


def turns_of(tx: Transaction, file_id: int) -> dict[int, int]:
    """By how many degrees clockwise people turned pages of a file, by page."""
    query = sa.select(DOCUMENT_PAGES.c.number, DOCUMENT_PAGES.c.turn).where(
        DOCUMENT_PAGES.c.file_id == file_id, DOCUMENT_PAGES.c.turn != 0
    )
    return {row.number: row.turn for row in tx.execute(query)}


def _insert(
    tx: Transaction, file_id: int, sha256: str, document: Document, turns: Mapping[int, int]
) -> str:
    first = min(page.number for page in document.pages)
    key = document_id(sha256, first)
    tx.execute(
        sa.insert(DOCUMENTS).values(
            id=key,
            file_id=file_id,
            first_page=first,
            **_columns(_seen(tx, key, document)),
            content=document_to_bytes(document),
        )
    )
    members = [
        {
            "file_id": file_id,
            "number": page.number,
            "document_id": key,
            "place": place,
            "turn": turns.get(page.number, 0),
        }
        for place, page in enumerate(document.pages)
    ]
    tx.execute(sa.insert(DOCUMENT_PAGES), members)
    return key


def _columns(document: Document) -> dict[str, str | int | None]:
    dob, seen = document.patient.dob, document.encounter_date
    return {
        "doc_type": document.doc_type,
        "name": document.patient.name,
        "mrn": document.patient.mrn,
        "dob": dob.isoformat() if dob else None,
        "encounter_date": seen.isoformat() if seen else None,
        "misfile": int(document.possible_misfile),
        "tumors": len(document.tumors or ()),
    }
