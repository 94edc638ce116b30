"""What the index knows of a page, what may be asked of it, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """One page as it is put into the index. `uid` is unique; a later record of a uid replaces it.

    `entities` are (label, text, assertion word) triples, `codes` the suggested codes with dots.
    A page whose document is not yet known has `document` "" and no patient. `also` are further
    record numbers of the patient; `paper` says where its paper lies, such as "box 12, shelf B".
    """

    uid: str
    document: str
    source: str
    number: int
    text: str
    name: str = ""
    dob: date | None = None
    mrn: str = ""
    also: tuple[str, ...] = ()
    doc_type: str = ""
    encounter_date: date | None = None
    codes: tuple[str, ...] = ()
    entities: tuple[tuple[str, str, str], ...] = ()
    confidence: float | None = None
    paper: str = ""


class Order(StrEnum):
    """In which order documents are answered; those without a date come last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A query as typed, and exact filters beside it; `None` filters nothing.

    `assertion` keeps pages on which what the query asks for was found with that assertion.
    `date_from` and `date_to` are both included. `limit` and `offset` (how many to skip) count
    documents. `like` is the text of a page: pages that share its most telling words are found.
    `facets` asks for the facets of all that matches, which takes as long again.
    """

    query: str = ""
    mrn: str | None = None
    dob: date | None = None
    code: str | None = None
    doc_type: str | None = None
    source: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    assertion: str | None = None
    like: str = ""
    order: Order = Order.RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHit:
    """A page that matches: `terms` are the words that matched, for marking them on text and ink."""

    uid: str
    document: str
    score: float
    terms: tuple[str, ...] = ()


FACETS = ("type", "year", "patient", "code", "source")
"""What matching documents are counted by. A value is what the filter of that name takes: for
"patient" the record number, for "year" four digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How many matching documents have which value; the commonest first, MOST_VALUES at most."""

    name: str
    values: tuple[tuple[str, int], ...]


MOST_VALUES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """Hits in the order asked for, grouped so that a document's pages follow one another.

    `documents` counts all that match, not only those answered. `partial` says that not everything
    was looked at, as time ran out or part of the index is damaged: counts are then of what was.
    `note` says what was understood
    or widened ("read as a medical-record number", "no exact hit: looked for similar names", "also
    as lasix"). `suggestion` is the query in words that are in the index, "" where it already is.
    """

    hits: tuple[PageHit, ...]
    documents: int
    partial: bool = False
    note: str = ""
    suggestion: str = ""
    facets: tuple[Facet, ...] = ()
