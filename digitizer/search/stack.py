"""All pages of all segments, numbered through, and what they are grouped and counted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from digitizer.search.codec import NO_IDS
from digitizer.search.columns import Days, Labels
from digitizer.search.schema import Card
from digitizer.search.segment import Leaf


@dataclass(frozen=True, slots=True)
class Codes:
    """Which codes are suggested on which pages: pairs, those of one code and document together.

    A key is the code, as a place in `names`, times `pages_in_all`, plus the document's first page.
    """

    names: list[str]
    keys: NDArray[np.int64]
    pages: NDArray[np.int32]
    pages_in_all: int

    def counts(self, hit: NDArray[np.bool_]) -> dict[str, int]:
        """How many documents have each code on one of the `hit` pages at least."""
        keys = self.keys[hit[self.pages]]
        new = np.diff(keys, prepend=-1) != 0
        counts = np.bincount(keys[new] // max(self.pages_in_all, 1), minlength=len(self.names))
        return {self.names[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}


class Stack:
    """The segments of one commit: a page's number is its own plus where its segment starts."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        """Number the pages of `leaves`."""
        self.leaves = tuple(leaves)
        self.starts = np.cumsum([0, *(len(leaf.alive) for leaf in leaves)])
        self.pages = int(self.starts[-1])
        self._labels: dict[str, Labels] = {}

    def place(self, page: int) -> tuple[int, int]:
        """The segment that a page is in, counted from 0, and its number there."""
        segment = int(np.searchsorted(self.starts, page, side="right")) - 1
        return segment, page - int(self.starts[segment])

    def card(self, page: int) -> Card:
        """What is said of a page."""
        segment, local = self.place(page)
        return self.leaves[segment].card(local)

    @cached_property
    def usual_length(self) -> float:
        """How many words a text has on average."""
        words = sum(float(leaf.columns.lengths.sum()) for leaf in self.leaves)
        return words / max(self.pages, 1)

    @cached_property
    def days(self) -> Days:
        """The date of each page."""
        days = [leaf.columns.numbers["date"] for leaf in self.leaves]
        return np.concatenate([np.empty(0, np.int32), *days])

    def labels(self, name: str) -> Labels:
        """A label of all pages; made on first use, which takes some milliseconds."""
        if name not in self._labels:
            parts = [leaf.columns.labels(name) for leaf in self.leaves]
            self._labels[name] = Labels.joined(parts, self.starts)
        return self._labels[name]

    @cached_property
    def codes(self) -> Codes:
        """The suggested codes of all pages."""
        parts = [leaf.codes() for leaf in self.leaves]
        names = sorted({name for part in parts for name in part.names})
        number = {name: place for place, name in enumerate(names)}
        ours = [np.array([number[name] for name in part.names], np.int64) for part in parts]
        keys = np.concatenate([NO_IDS, *(own[p.which] for own, p in zip(ours, parts, strict=True))])
        starts = self.starts.astype(np.int32)
        moved = [part.pages + start for part, start in zip(parts, starts, strict=False)]
        pages = np.concatenate([np.empty(0, np.int32), *moved])
        keys *= self.pages
        keys += self._first_of_document()[pages]
        order = np.argsort(keys, kind="stable")  # in one segment they are in order already
        return Codes(names, keys[order], pages[order], self.pages)

    def _first_of_document(self) -> NDArray[np.int32]:
        """For each page the first one of its document."""
        labels = self.labels("group")
        return labels.first.astype(np.int32)[labels.of]
