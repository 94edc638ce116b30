"""How a page lies in Whoosh: one document a page, its words placed by `digitizer.search.fields`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import columns, fields

from digitizer.chart.search import PageRecord
from digitizer.search.codec import Places
from digitizer.search.fields import DAY_FIELDS, WORD_FIELDS, Placed, group

VERSION = "2"
"""Raise it with every change to this file, to `codec`, `fields`, `words` or `identifiers`."""


class PlacedWords(fields.FieldType):  # type: ignore[misc]  # Whoosh is untyped
    """A field whose words come folded and placed, so Whoosh analyses nothing."""

    def __init__(self, *, scorable: bool = False) -> None:
        """Keep positions, and with `scorable` each page's number of words."""
        super().__init__(format=Places(), analyzer=None, scorable=scorable)

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
    words = {name: PlacedWords(scorable=name == "text") for name in WORD_FIELDS}
    days = {name: fields.COLUMN(columns.NumericColumn("i")) for name in DAY_FIELDS}
    return fields.Schema(
        uid=fields.ID(sortable=True),
        group=fields.COLUMN(columns.VarBytesColumn()),
        **words,
        **days,
    )


def row(record: PageRecord) -> dict[str, object]:
    """The keyword arguments with which Whoosh's writer takes a page."""
    words = {name: list(placed(record)) for name, placed in WORD_FIELDS.items()}
    days = {name: day(record) for name, day in DAY_FIELDS.items()}
    return {"uid": record.uid, "group": group(record).encode(), **words, **days}
