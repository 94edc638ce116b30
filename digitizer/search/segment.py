"""One Whoosh segment, ready to be asked: its columns in memory, its live pages, its spellings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import ColumnReader
from whoosh.reading import SegmentReader

from digitizer.search.backend import IndexBroken
from digitizer.search.fields import DAY_FIELDS
from digitizer.search.plan import Plan
from digitizer.search.ranking import near, spelling_slack

_MASKS = 64
"""Filters remembered for each segment; one takes a byte a page."""

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Columns:
    """What never changes in a segment: kept over commits, by the segment's id.

    `groups` numbers the document of each page, `lengths` counts the words of its text, `days` are
    proleptic ordinals (0 for none).
    """

    groups: NDArray[np.int64]
    lengths: NDArray[np.float32]
    days: dict[str, NDArray[np.int64]]
    masks: dict[Plan, Mask] = field(default_factory=dict)
    vocabulary: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    @classmethod
    def load(cls, reader: SegmentReader, number_of: Callable[[str], int]) -> Columns:
        """Read the columns; `number_of` gives each document its number."""
        pages = reader.doc_count_all()
        groups = [number_of(bytes(name).decode()) for name in _column(reader, "group")]
        lengths = [reader.doc_field_length(page, "text") or 0 for page in range(pages)]
        return cls(
            groups=np.array(groups, np.int64),
            lengths=np.array(lengths, np.float32),
            days={name: np.array(_column(reader, name), np.int64) for name in DAY_FIELDS},
        )

    def mask(self, plan: Plan, make: Callable[[Plan], Mask]) -> Mask:
        """The remembered pages of a filter, made on first use."""
        if plan not in self.masks:
            if len(self.masks) >= _MASKS:
                self.masks.pop(next(iter(self.masks)))
            self.masks[plan] = make(plan)
        return self.masks[plan]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment as of one commit: `alive` tells which of its pages are not deleted.

    All files are open from the start, since a later commit may remove them.
    """

    reader: SegmentReader
    columns: Columns
    alive: Mask
    uid_column: ColumnReader
    group_column: ColumnReader

    @classmethod
    def of(cls, reader: SegmentReader, columns: Columns) -> Leaf:
        """The segment behind a reader that was opened just now."""
        alive = np.ones(reader.doc_count_all(), np.bool_)
        alive[list(reader.segment().deleted_docs())] = False
        uid, group = _opened(reader, "uid"), _opened(reader, "group")
        return cls(reader, columns, alive, uid, group)

    def uid(self, page: int) -> str:
        """The uid of a page of this segment."""
        return str(self.uid_column[page])

    def group(self, page: int) -> str:
        """What a page of this segment is grouped under, as `fields.group` says."""
        return bytes(self.group_column[page]).decode()

    def uids(self) -> list[str]:
        """The uids of the live pages."""
        return [self.uid(int(page)) for page in np.flatnonzero(self.alive)]

    def beginning(self, name: str, prefix: str) -> list[str]:
        """The words of a field that begin with `prefix`."""
        return [word.decode() for word in self.reader.expand_prefix(name, prefix.encode())]

    def spelled_like(self, name: str, word: str) -> list[str]:
        """The words of a field within the slack of `word`; what is before a "|" must be equal."""
        lead, bar, bare = word.rpartition("|")
        if bar:
            there = [w.removeprefix(lead + bar) for w in self.beginning(name, lead + bar)]
            return [lead + bar + w for w in near(bare, there)]
        slack = spelling_slack(word)
        by_length = self._by_length(name)
        lengths = range(len(word) - slack, len(word) + slack + 1)
        return near(word, [w for length in lengths for w in by_length.get(length, ())])

    def _by_length(self, name: str) -> dict[int, list[str]]:
        if name not in self.columns.vocabulary:
            words: dict[int, list[str]] = {}
            for word in self.beginning(name, ""):
                words.setdefault(len(word), []).append(word)
            self.columns.vocabulary[name] = words
        return self.columns.vocabulary[name]


def _column(reader: SegmentReader, name: str) -> list[Any]:
    column = _opened(reader, name)
    return [column[page] for page in range(reader.doc_count_all())]


def _opened(reader: SegmentReader, name: str) -> ColumnReader:
    """The column; a lost file is an error, where Whoosh would read an empty value for each page."""
    if not reader.has_column(name):
        raise IndexBroken("a column of the index is lost; rebuild it")
    return reader.column_reader(name)
