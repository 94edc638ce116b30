"""One Whoosh segment, ready to be asked: its columns in memory, its live pages, its spellings."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import ColumnReader
from whoosh.reading import SegmentReader

from digitizer.search import codec, ranking, vocabulary
from digitizer.search.fields import NUMBER_FIELDS
from digitizer.search.plan import How, Plan
from digitizer.search.ranking import MISREAD_SLIPS, misreadings
from digitizer.search.schema import Card, numbers, opened
from digitizer.search.spellings import Spellings, spelled
from digitizer.search.vocabulary import Vocabulary

_MASKS = 64
"""Filters remembered for each segment; one takes a byte a page."""

Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Columns:
    """What never changes in a segment: kept over commits, by the segment's id.

    `numbers` are NUMBER_FIELDS of each page, `lengths` the length of its text once more,
    `words` the vocabulary of each field that may be misspelt.
    """

    numbers: dict[str, NDArray[np.int64]]
    lengths: NDArray[np.float32]
    words: dict[str, Vocabulary]
    masks: dict[Plan, Mask] = field(default_factory=dict)
    codes: tuple[list[str], NDArray[np.int64], NDArray[np.int64]] | None = None

    @classmethod
    def load(cls, reader: SegmentReader) -> Columns:
        """Read the columns."""
        read = {name: numbers(reader, name) for name in NUMBER_FIELDS}
        with reader.segment().open_file(reader.storage(), codec.VOCABULARY) as file:
            words = vocabulary.load(io.BytesIO(file.read()))
        return cls(numbers=read, lengths=read["words"].astype(np.float32), words=words)

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
    card_column: ColumnReader

    @classmethod
    def of(cls, reader: SegmentReader, columns: Columns) -> Leaf:
        """The segment behind a reader that was opened just now."""
        alive = np.ones(reader.doc_count_all(), np.bool_)
        alive[list(reader.segment().deleted_docs())] = False
        return cls(reader, columns, alive, opened(reader, "uid"), opened(reader, "card"))

    def uid(self, page: int) -> str:
        """The uid of a page of this segment."""
        return str(self.uid_column[page])

    def card(self, page: int) -> Card:
        """The labels of a page of this segment."""
        return Card.load(bytes(self.card_column[page]))

    def codes(self) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
        """The codes suggested in this segment, and (page, which of these codes) pairs."""
        if self.columns.codes is None:
            names = self.beginning("suggested", "")
            lists = [codec.postings(self.reader, "suggested", name).ids for name in names]
            which = np.repeat(np.arange(len(names)), [len(ids) for ids in lists])
            self.columns.codes = names, np.concatenate([codec.NO_IDS, *lists]), which
        return self.columns.codes

    def uids(self) -> list[str]:
        """The uids of the live pages."""
        return [self.uid(int(page)) for page in np.flatnonzero(self.alive)]

    def beginning(self, name: str, prefix: str) -> list[str]:
        """The words of a field that begin with `prefix`."""
        return [word.decode() for word in self.reader.expand_prefix(name, prefix.encode())]

    def spellings(self, name: str, how: How, word: str) -> Spellings:
        """The words of a field for which `word` stands; what is before a "|" must be equal."""
        if vocabulary := self.columns.words.get(name):
            numbers = spelled(vocabulary, how, word)
            return Spellings.of_vocabulary(self.reader, name, vocabulary, numbers)
        lead, bar, bare = word.rpartition("|")
        there = self.beginning(name, lead + bar)
        fitting = ranking.spelled(how, bare, [w.removeprefix(lead + bar) for w in there])
        return Spellings.read(self.reader, name, [there[place] for place in fitting])

    def spelled_like(self, name: str, word: str) -> list[str]:
        """The words of a field within the slack of `word`."""
        vocabulary = self.columns.words[name]
        return vocabulary.words(spelled(vocabulary, How.NEAR, word))

    def misread(self, name: str, word: str) -> list[str]:
        """The words of a field that `word` may have been misread for, itself among them."""
        vocabulary = self.columns.words[name]
        return misreadings(word, vocabulary.words(vocabulary.within(word, MISREAD_SLIPS)))
