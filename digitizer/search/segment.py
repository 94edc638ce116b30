"""One Whoosh segment, ready to be asked: its columns in memory, its live pages, its spellings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import ColumnReader
from whoosh.reading import SegmentReader

from digitizer.search import codec, ranking
from digitizer.search.columns import Columns, Mask
from digitizer.search.plan import How
from digitizer.search.ranking import DOUBTFUL, MISREAD_SLIPS, misread_slack, misreadings
from digitizer.search.schema import Card, opened
from digitizer.search.spellings import Spellings, spelled


class CodesOfPages(NamedTuple):
    """The codes suggested in a segment, and (page, which of these codes) pairs, code by code."""

    names: list[str]
    pages: NDArray[np.int32]
    which: NDArray[np.int32]


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

    def codes(self) -> CodesOfPages:
        """The codes suggested in this segment."""
        names = self.beginning("suggested", "")
        found = (codec.postings(self.reader, "suggested", name) for name in names)
        lists = [postings.ids.astype(np.int32) for postings in found]
        which = np.repeat(np.arange(len(names), dtype=np.int32), [len(ids) for ids in lists])
        return CodesOfPages(names, np.concatenate([np.empty(0, np.int32), *lists]), which)

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
        some = vocabulary.within(word, MISREAD_SLIPS)
        alike = vocabulary.sharing(word, DOUBTFUL, some)
        near = vocabulary.within(word, misread_slack(word), some)
        return misreadings(word, vocabulary.words(np.union1d(alike, near)))
