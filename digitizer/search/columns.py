"""What is kept in memory of a segment: a column of each number, and what its pages' labels are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader

from digitizer.search import codec, vocabulary
from digitizer.search.fields import LABEL_FIELDS, NUMBER_FIELDS
from digitizer.search.plan import Plan
from digitizer.search.schema import numbers
from digitizer.search.vocabulary import Vocabulary

_MASKS = 64
"""Filters remembered for each segment; one takes a bit a page."""

Mask = NDArray[np.bool_]
Days = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Labels:
    """A label of each page as a small number: `of` page p it is the one hashed as `values[of[p]]`,
    which page `first[of[p]]` has too. `values` rise, so that equal labels are in the same order
    everywhere.
    """

    of: NDArray[np.int32]
    values: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def read(cls, hashes: NDArray[np.int64]) -> Labels:
        """From the `fields.label_number` of each page; neighbours mostly share theirs."""
        differs = np.ones(len(hashes), np.bool_)
        differs[1:] = hashes[1:] != hashes[:-1]
        starts = np.flatnonzero(differs)
        values, first, of = np.unique(hashes[starts], return_index=True, return_inverse=True)
        lengths = np.diff(starts, append=len(hashes))
        return cls(np.repeat(of.astype(np.int32), lengths), values, starts[first])

    @classmethod
    def joined(cls, parts: Sequence[Labels], starts: NDArray[np.int64]) -> Labels:
        """The labels of several runs of pages, that of `parts[i]` beginning at `starts[i]`."""
        if len(parts) == 1:
            return parts[0]
        all_of_them = cls.read(np.concatenate([codec.NO_IDS, *(part.values for part in parts)]))
        firsts = [part.first + start for part, start in zip(parts, starts, strict=False)]
        ends = np.cumsum([len(part.values) for part in parts])[:-1]
        renumbered = np.split(all_of_them.of, ends) if parts else []
        of = [new[part.of] for new, part in zip(renumbered, parts, strict=True)]
        return cls(
            np.concatenate([np.empty(0, np.int32), *of]),
            all_of_them.values,
            np.concatenate([codec.NO_IDS, *firsts])[all_of_them.first],
        )


@dataclass(slots=True)
class Columns:
    """What never changes in a segment: kept over commits, by the segment's id.

    `numbers` are the days and percentages of NUMBER_FIELDS, `lengths` those of the texts, `words`
    the vocabulary of each field that may be misspelt.
    """

    numbers: dict[str, NDArray[np.int32]]
    lengths: NDArray[np.float32]
    words: dict[str, Vocabulary]
    _hashes: dict[str, NDArray[np.int64]]
    _masks: dict[Plan, NDArray[np.uint8]] = field(default_factory=dict)
    _labels: dict[str, Labels] = field(default_factory=dict)

    @classmethod
    def load(cls, reader: SegmentReader) -> Columns:
        """Read the columns."""
        hashes = {name: numbers(reader, name) for name in LABEL_FIELDS}
        plain = NUMBER_FIELDS.keys() - LABEL_FIELDS.keys()
        read = {name: numbers(reader, name).astype(np.int32) for name in plain}
        lengths = read.pop("words").astype(np.float32)
        with reader.segment().open_file(reader.storage(), codec.VOCABULARY) as file:
            words = vocabulary.load(file.read())
        return cls(numbers=read, lengths=lengths, words=words, _hashes=hashes)

    def mask(self, plan: Plan, make: Callable[[Plan], Mask]) -> Mask:
        """The remembered pages of a filter, made on first use."""
        if plan not in self._masks:
            if len(self._masks) >= _MASKS:
                self._masks.pop(next(iter(self._masks)))
            self._masks[plan] = np.packbits(make(plan))
        return np.unpackbits(self._masks[plan], count=len(self.lengths)).view(np.bool_)

    def labels(self, name: str) -> Labels:
        """One of LABEL_FIELDS, made of its hashes on first use."""
        if name not in self._labels:
            self._labels[name] = Labels.read(self._hashes.pop(name))
        return self._labels[name]
