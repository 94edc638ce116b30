"""The default search backend: Whoosh keeps the words, and every commit is seen by a new reader.

Whoosh's own `refresh` is never used: in its forks it keeps segments whose pages were removed, so
that removed text is still found.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.reading import IndexReader, SegmentReader

from digitizer.chart.search import PageRecord, SearchAnswer, SearchRequest
from digitizer.errors import DigitizerError
from digitizer.search import generations, plan
from digitizer.search.answering import Answering
from digitizer.search.backend import IndexBroken
from digitizer.search.commit import commit
from digitizer.search.merge import merge, overdue, segments_of
from digitizer.search.schema import VERSION, row, schema
from digitizer.search.segment import Columns, Leaf
from digitizer.search.synonyms import NoSynonyms, Synonyms

_TRIES = 3
"""A reader that opens while a commit cleans up misses a file about once in 300 times."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """All segments as of one commit."""

    generation: Path
    index: whoosh_index.FileIndex
    number: int
    reader: IndexReader
    leaves: tuple[Leaf, ...]

    def is_newest(self) -> bool:
        """Whether nothing was committed since; a number read too early only opens once more."""
        return bool(self.index.latest_generation() == self.number)


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
        self._snapshot: _Snapshot | None = None
        self._columns: dict[str, Columns] = {}

    def open(self) -> None:
        """See `SearchBackend.open`."""
        generations.prepare(self._folder)
        if generations.untouched(self._folder):
            self.rebuild(())
        with self._turn, _damage_is_broken():
            self._latest()

    def close(self) -> None:
        """See `SearchBackend.close`."""
        with self._turn:
            self._let_go()
            self._columns = {}

    def count(self) -> int:
        """See `SearchBackend.count`."""
        with self._turn, _damage_is_broken():
            return sum(int(leaf.alive.sum()) for leaf in self._latest().leaves)

    def uids(self) -> frozenset[str]:
        """See `SearchBackend.uids`."""
        with self._turn, _damage_is_broken():
            return frozenset(uid for leaf in self._latest().leaves for uid in leaf.uids())

    def update(self, records: Iterable[PageRecord], deletions: Iterable[str] = ()) -> None:
        """See `SearchBackend.update`."""
        added = {record.uid: row(record) for record in records}
        with generations.writing(self._folder):
            generation = generations.current(self._folder, VERSION)
            with _damage_is_broken():
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
        with generations.writing(self._folder, "merge.lock"), _damage_is_broken():
            generation = generations.current(self._folder, VERSION)
            chosen = overdue(segments_of(generation), self._segments)
            if chosen:
                merge(generation, chosen, generations.writing(self._folder))
            return bool(chosen)

    def verify(self) -> None:
        """See `SearchBackend.verify`."""
        with generations.writing(self._folder), _damage_is_broken():
            _opened_checked(generations.current(self._folder, VERSION), thoroughly=True)

    def search(self, request: SearchRequest) -> SearchAnswer:
        """See `SearchBackend.search`."""
        rungs = list(plan.rungs(request, self._synonyms))
        with self._turn, _damage_is_broken():
            return Answering(self._latest().leaves, request, self._seconds).answer(
                rungs, self._synonyms
            )

    def _latest(self) -> _Snapshot:
        """The newest commit's segments, opened anew after each commit."""
        for attempt in range(_TRIES):
            try:
                return self._opened()
            except FileNotFoundError:
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def _opened(self) -> _Snapshot:
        generation = generations.current(self._folder, VERSION)
        known = self._snapshot
        if known and known.generation == generation and known.is_newest():
            return known
        self._let_go()
        if known and known.generation != generation:
            self._columns = {}
        self._snapshot = self._newest(generation)
        return self._snapshot

    def _newest(self, generation: Path) -> _Snapshot:
        index = _opened_checked(generation)
        number = index.latest_generation()
        reader = index.reader()
        try:
            parts = [part for part, _ in reader.leaf_readers() if part.doc_count_all()]
            leaves = tuple(map(self._leaf, parts))
        except BaseException:
            reader.close()
            raise
        self._columns = {_segment_id(leaf.reader): leaf.columns for leaf in leaves}
        return _Snapshot(generation, index, number, reader, leaves)

    def _let_go(self) -> None:
        if self._snapshot:
            self._snapshot.reader.close()
        self._snapshot = None

    def _leaf(self, reader: SegmentReader) -> Leaf:
        name = _segment_id(reader)
        if name not in self._columns:
            self._columns[name] = Columns.load(reader)
        return Leaf.of(reader, self._columns[name])


def _opened_checked(generation: Path, *, thoroughly: bool = False) -> whoosh_index.FileIndex:
    """The index, after seeing that the files of its newest commit are as they were written.

    A table of contents always has its sum looked at; it has none yet if its commit was killed in
    the last step.
    """
    with suppress(FileNotFoundError):
        generations.check(generation, "_MAIN_", thoroughly=True)
    index = whoosh_index.open_dir(str(generation))
    for segment in index._segments():
        generations.check(generation, f"{segment.segment_id()}.", thoroughly=thoroughly)
    return index


def _segment_id(reader: SegmentReader) -> str:
    return str(reader.segment().segment_id())


@contextmanager
def _damage_is_broken() -> Iterator[None]:
    try:
        yield
    except DigitizerError:
        raise
    except Exception as error:  # on damage Whoosh raises a dozen kinds, plain Exception among them
        raise IndexBroken("the index is damaged; rebuild it") from error
