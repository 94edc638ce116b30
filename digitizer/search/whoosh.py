"""The default search backend: Whoosh keeps the words, and every commit is seen by a new reader.

Whoosh's own `refresh` is never used: in its forks it keeps segments whose pages were removed, so
that removed text is still found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from whoosh import index as whoosh_index

from digitizer.chart.search import PageRecord, SearchAnswer, SearchRequest
from digitizer.errors import DigitizerError
from digitizer.search import generations, ladder
from digitizer.search.answering import Answering
from digitizer.search.backend import REMEDY, IndexBroken
from digitizer.search.columns import Columns
from digitizer.search.commit import Segment, commit
from digitizer.search.merge import merge, overdue
from digitizer.search.schema import VERSION, row, schema
from digitizer.search.snapshot import Snapshot, check_segment, look_over
from digitizer.search.synonyms import NoSynonyms, Synonyms

T = TypeVar("T")

_TRIES = 3
"""A reader that opens while a commit cleans up misses a file about once in 300 times."""

_LOST = f"part of the index is damaged, so pages may be missing: {REMEDY}"


class WhooshBackend:
    """See `SearchBackend`. Opens by itself; `open` also makes an index where there is none."""

    def __init__(
        self,
        folder: Path,
        synonyms: Synonyms | None = None,
        *,
        seconds: float = 5.0,
        segments: int = 10,
    ) -> None:
        """Remember where the index is.

        Args:
            folder: The index folder; made private to its owner. Never put it under the inbox:
                its files are pickles, and whoever can write them can run code.
            synonyms: Other names to look for.
            seconds: After this long a search answers with what it has, marked `partial`.
            segments: With as many segments as this `tend` merges the smaller half.
        """
        self._folder = Path(folder)
        self._synonyms = synonyms or NoSynonyms()
        self._seconds = seconds
        self._segments = segments
        self._turn = threading.RLock()  # Whoosh's readers share one file position
        self._snapshot: Snapshot | None = None
        self._columns: dict[str, Columns] = {}

    def open(self) -> None:
        """See `SearchBackend.open`."""
        generations.prepare(self._folder)
        if generations.never_used(self._folder):
            self.rebuild(())
        self._whole()

    def close(self) -> None:
        """See `SearchBackend.close`."""
        with self._turn:
            self._let_go()
            self._columns = {}

    def count(self) -> int:
        """See `SearchBackend.count`."""
        return sum(int(leaf.alive.sum()) for leaf in self._whole().stack.leaves)

    def uids(self) -> frozenset[str]:
        """See `SearchBackend.uids`."""
        with self._turn, self._damage_is_broken():
            return frozenset(uid for leaf in self._whole().stack.leaves for uid in leaf.uids())

    def update(self, records: Iterable[PageRecord], deletions: Iterable[str] = ()) -> None:
        """See `SearchBackend.update`."""
        with generations.writing(self._folder):
            added = {record.uid: row(record) for record in records}
            self._commit(added, deletions)

    def _commit(self, added: Mapping[str, dict[str, object]], deletions: Iterable[str]) -> None:
        with self._damage_is_broken():
            generation = generations.current(self._folder, VERSION)
            look_over(generation)
            commit(generation, added.values(), {*added, *deletions})

    def rebuild(self, records: Iterable[PageRecord]) -> None:
        """See `SearchBackend.rebuild`."""
        with generations.writing(self._folder):
            generation = generations.fresh(self._folder)
            whoosh_index.create_in(str(generation), schema()).close()
            commit(generation, map(row, records))
            generations.switch(generation)

    def tend(self) -> bool:
        """See `SearchBackend.tend`."""
        with generations.writing(self._folder, "merge.lock"), self._damage_is_broken():
            generation = generations.current(self._folder, VERSION)
            chosen = overdue(self._looked_over(generation), self._segments)
            if not chosen:
                return False
            for segment in chosen:  # what is copied gets a new sum
                check_segment(generation, segment, thoroughly=True)
            merge(generation, chosen, generations.writing(self._folder))
            return True

    def _looked_over(self, generation: Path) -> list[Segment]:
        """The segments, none of them damaged; what killed processes left is removed."""
        suspected = generations.suspected(self._folder)
        segments = _patiently(lambda: look_over(generation, thoroughly=suspected))
        if suspected or generations.left_over(self._folder):
            with generations.writing(self._folder):
                generations.tidy(self._folder)
        return segments

    def verify(self) -> None:
        """See `SearchBackend.verify`."""
        with generations.writing(self._folder), self._damage_is_broken():
            generation = generations.current(self._folder, VERSION)
            look_over(generation, thoroughly=True)
            generations.confirm(generation, VERSION)

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See `SearchBackend.search`."""
        rungs = ladder.rungs(request, self._synonyms)
        with self._turn, self._damage_is_broken():
            snapshot = self._latest()
            answer = Answering(snapshot.stack, request, self._seconds).answer(rungs, self._synonyms)
        if not snapshot.lost:
            return answer
        return replace(answer, partial=True, note="; ".join(filter(None, [answer.note, _LOST])))

    def _whole(self) -> Snapshot:
        """The newest commit's segments, every one of them."""
        with self._turn, self._damage_is_broken():
            if self._latest().lost:
                raise IndexBroken
            return self._latest()

    def _latest(self) -> Snapshot:
        """The newest commit's segments, opened anew after each commit."""
        try:
            return _patiently(self._opened)
        except FileNotFoundError:
            return self._opened(missing_is_lost=True)

    def _opened(self, *, missing_is_lost: bool = False) -> Snapshot:
        known = self._snapshot
        if known and known.generation == generations.named(self._folder) and known.is_newest():
            return known
        generation = generations.current(self._folder, VERSION)
        self._let_go()
        if known and known.generation != generation:
            self._columns = {}
        self._snapshot = Snapshot.open(generation, self._columns, missing_is_lost=missing_is_lost)
        self._columns = self._snapshot.columns()
        return self._snapshot

    def _let_go(self) -> None:
        if self._snapshot:
            self._snapshot.close()
        self._snapshot = None

    @contextmanager
    def _damage_is_broken(self) -> Iterator[None]:
        try:
            yield
        except DigitizerError:
            raise
        except Exception as error:  # on damage Whoosh raises a dozen kinds
            if isinstance(error, OSError) and error.errno in generations.NO_ROOM:
                raise
            generations.suspect(self._folder)
            raise IndexBroken from error


def _patiently(step: Callable[[], T]) -> T:
    """Again where a file was missing: a commit may just have cleaned up."""
    for _ in range(_TRIES - 1):
        with suppress(FileNotFoundError):
            return step()
    return step()
