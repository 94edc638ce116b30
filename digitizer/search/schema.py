"""How a page lies in Whoosh: one document a page, its words placed by `digitizer.search.fields`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import columns, fields
from whoosh.columns import ColumnReader
from whoosh.reading import SegmentReader

from digitizer.chart.search import PageRecord
from digitizer.search.backend import IndexBroken
from digitizer.search.codec import Places
from digitizer.search.fields import NUMBER_FIELDS, WORD_FIELDS, Placed

VERSION = "11"
"""Raise it with every change to this file or `codec`, `vocabulary`, `fields`, `words`,
`identifiers`."""


class PlacedWords(fields.FieldType):  # type: ignore[misc]  # Whoosh is untyped
    """A field whose words come folded and placed, so Whoosh analyses nothing."""

    def __init__(self) -> None:
        """Keep positions."""
        super().__init__(format=Places(), analyzer=None)

    def index(self, value: Iterable[Placed], **_: object) -> Iterator[tuple[Any, ...]]:
        """(word, count, weight, encoded positions) of each different word."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for word, position in value:
            places[word].append(position)
        for word, positions in places.items():
            count = len(positions)
            yield word.encode(), count, float(count), self.format.encode(positions)


def schema() -> fields.Schema:
    """The schema of VERSION. Nothing is stored: text comes from the store, not from here."""
    words = {name: PlacedWords() for name in WORD_FIELDS}
    numbers = {_number(n): fields.COLUMN(columns.NumericColumn("q")) for n in NUMBER_FIELDS}
    return fields.Schema(
        uid=fields.ID(sortable=True),
        card=fields.COLUMN(columns.VarBytesColumn()),
        **words,
        **numbers,
    )


class Card(NamedTuple):
    """What is said of a page without asking the store: the labels behind its numbers."""

    document: str
    type: str
    patient: str
    source: str

    @classmethod
    def of(cls, record: PageRecord) -> Card:
        """The card of a record."""
        return cls(record.document, record.doc_type, record.mrn, record.source)

    def dump(self) -> bytes:
        """As bytes that `load` reads."""
        return json.dumps(self).encode()

    @classmethod
    def load(cls, stored: bytes) -> Card:
        """From what `dump` wrote."""
        return cls(*json.loads(stored))


def numbers(reader: SegmentReader, name: str) -> NDArray[np.int64]:
    """A field of NUMBER_FIELDS for every page of a segment.

    Read as the array that it is: page by page a segment of 200,000 takes 0.1 s a column.
    """
    column = opened(reader, _number(name)).raw_column()
    stored = column._dbfile.get(column._basepos, column._count * 8)
    values = np.zeros(reader.doc_count_all(), np.int64)  # trailing zeros are not written
    values[: column._count] = np.frombuffer(stored, ">i8")
    return values


def opened(reader: SegmentReader, name: str) -> ColumnReader:
    """A column; a lost file is an error, where Whoosh would read an empty value for each page."""
    if not reader.has_column(name):
        raise IndexBroken
    return reader.column_reader(name)


def _number(name: str) -> str:
    return f"{name}_number"


def row(record: PageRecord) -> dict[str, object]:
    """The keyword arguments with which Whoosh's writer takes a page."""
    words = {name: list(placed(record)) for name, placed in WORD_FIELDS.items()}
    values = {_number(name): number(record) for name, number in NUMBER_FIELDS.items()}
    return {"uid": record.uid, "card": Card.of(record).dump(), **words, **values}
