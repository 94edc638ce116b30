"""What every search engine offers; no engine's own objects cross this line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from digitizer.chart.search import PageRecord, SearchAnswer, SearchRequest
from digitizer.errors import TransientError

REMEDY = "a running digitizer builds it anew by itself, `digitizer index check` does so at once"
"""What to say to a person about a broken index."""


class IndexBroken(TransientError):
    """The index cannot be read in whole, or is of another version: `rebuild` mends it."""

    def __init__(self, what: str = "the search index is damaged") -> None:
        super().__init__(f"{what}: {REMEDY}")


class SearchBackend(Protocol):
    """An index of pages. One process writes at a time; any number read. Safe between threads."""

    def open(self) -> None:
        """Make the index if there is none, and see that it can be read.

        Raises:
            IndexBroken: It cannot; `rebuild` mends it.
        """

    def update(self, records: Iterable[PageRecord], deletions: Iterable[str] = ()) -> None:
        """Take out the uids of `deletions`, then put in `records`, all or nothing.

        A record replaces the one of the same uid. A later search sees the whole change. `records`
        are read, then `deletions`, while nobody else can write.

        Raises:
            TransientError: Another process is writing, or the disk is full.
            IndexBroken: The index needs `rebuild`.
        """

    def rebuild(self, records: Iterable[PageRecord]) -> None:
        """Replace everything by `records`; searches are answered from the old until it is done.

        Raises:
            TransientError: Another process is writing, or the disk is full.
        """

    def tend(self) -> bool:
        """Notice damage, and do what keeps the index fast; searches and updates go on meanwhile.

        Returns whether there was anything to do. Call it when idle, as often as you like.

        Raises:
            TransientError: The disk is full, or another process does it just now.
            IndexBroken: The index needs `rebuild`.
        """

    def verify(self) -> None:
        """See that what lies on disk is what was written, byte for byte.

        Raises:
            TransientError: Another process is writing.
            IndexBroken: It is not; `rebuild` mends it.
        """

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Answer a request; from what is left of a damaged index, the answer marked `partial`.

        Raises:
            UsageError: The query cannot be read, or a filter names what does not exist.
            IndexBroken: Nothing is left.
        """

    def count(self) -> int:
        """Number of pages in the index."""

    def uids(self) -> frozenset[str]:
        """The uid of every page in the index."""

    def close(self) -> None:
        """Let go of files. Closing twice is fine; a later call opens again."""
