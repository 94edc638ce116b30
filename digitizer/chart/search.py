"""What the index knows of a page, what may be asked of it, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """One page as it is put into the index. `uid` is unique; a later record of a uid replaces it.

    `entities` are (label, text, assertion word) triples, `codes` the suggested codes with dots.
    A page whose document is not yet known has `document` "" and no patient.
    """

    uid: str
    document: str
    source: str
    number: int
    text: str
    name: str = ""
    dob: date | None = None
    mrn: str = ""
    doc_type: str = ""
    encounter_date: date | None = None
    codes: tuple[str, ...] = ()
    entities: tuple[tuple[str, str, str], ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A query as typed, and exact filters beside it; `None` filters nothing.

    `assertion` keeps pages on which what the query asks for was found with that assertion.
    `date_from` and `date_to` are both included. `limit` counts documents.
    """

    query: str = ""
    mrn: str | None = None
    dob: date | None = None
    code: str | None = None
    doc_type: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    assertion: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHit:
    """A page that matches: `terms` are the words that matched, for marking them on text and ink."""

    uid: str
    document: str
    score: float
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """Hits, best first, grouped so that a document's pages follow one another.

    `partial` says that time ran out before everything was looked at; `note` says what was
    understood or widened ("read as a medical-record number", "no exact hit: looked for similar").
    """

    hits: tuple[PageHit, ...]
    documents: int
    partial: bool = False
    note: str = ""
