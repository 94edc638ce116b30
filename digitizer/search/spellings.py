"""All words that one typed word stands for, and where in a segment they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader

from digitizer.search import codec, ranking
from digitizer.search.codec import Counts, Ids
from digitizer.search.plan import How
from digitizer.search.ranking import spelling_slack
from digitizer.search.vocabulary import Numbers, Vocabulary


def spelled(vocabulary: Vocabulary, how: How, word: str) -> Numbers:
    """The words for which `word` stands: one of plan.SPELLINGS."""
    if how is How.PREFIX:
        return vocabulary.beginning(word)
    if how is How.LIKE:
        numbers = vocabulary.like(word)
    else:
        numbers = vocabulary.within(word, spelling_slack(word))
    return numbers[ranking.spelled(how, word, vocabulary.words(numbers))]


@dataclass(frozen=True, slots=True)
class Spellings:
    """Some words and where they are: on which page how often which word, pages rising."""

    words: list[str]
    pages: Ids
    counts: Counts
    which: NDArray[np.int64]

    @classmethod
    def read(cls, reader: SegmentReader, name: str, words: Sequence[str]) -> Spellings:
        """Read the list of each word."""
        return cls._joined(words, *_read(reader, name, words, range(len(words))))

    @classmethod
    def of_vocabulary(
        cls, reader: SegmentReader, name: str, vocabulary: Vocabulary, numbers: Numbers
    ) -> Spellings:
        """The same, but the pages of rare words come from the vocabulary."""
        words = vocabulary.words(numbers)
        pages, counts, which = vocabulary.lists(numbers)
        often = np.flatnonzero(~vocabulary.rare(numbers)).tolist()
        more = _read(reader, name, [words[place] for place in often], often)
        return cls._joined(words, [pages, *more[0]], [counts, *more[1]], [which, *more[2]])

    @classmethod
    def _joined(
        cls,
        words: Sequence[str],
        pages: Sequence[NDArray[Any]],
        counts: Sequence[NDArray[Any]],
        which: Sequence[NDArray[Any]],
    ) -> Spellings:
        ids = np.concatenate([codec.NO_IDS, *pages]).astype(np.int64)
        order = np.argsort(ids, kind="stable")
        return cls(
            words=list(words),
            pages=ids[order],
            counts=np.concatenate([codec.NO_COUNTS, *counts])[order].astype(np.float32),
            which=np.concatenate([codec.NO_IDS, *which])[order],
        )

    def on(self, page: int) -> list[str]:
        """The words that are on a page."""
        first, last = np.searchsorted(self.pages, (page, page + 1))
        return [self.words[place] for place in self.which[first:last].tolist()]

    def each_page(self) -> codec.Postings:
        """Every page once, with how often any of the words is there."""
        if not len(self.pages):
            return codec.Postings(codec.NO_IDS, codec.NO_COUNTS)
        first = np.flatnonzero(np.diff(self.pages, prepend=-1))
        return codec.Postings(self.pages[first], np.add.reduceat(self.counts, first))


def _read(
    reader: SegmentReader, name: str, words: Sequence[str], places: Sequence[int]
) -> tuple[list[Ids], list[Counts], list[Ids]]:
    lists = [codec.postings(reader, name, word) for word in words]
    which = [np.full(len(held.ids), place) for held, place in zip(lists, places, strict=True)]
    return [held.ids for held in lists], [held.counts for held in lists], which
