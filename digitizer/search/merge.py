"""Keeping segments few: several are merged into one beside the index, then exchanged for it.

A merge of 100,000 pages takes minutes. As everything is written once, only the exchange at its
end, some milliseconds, needs the writer's lock; pages come and go in the meantime.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader

from digitizer.search import generations
from digitizer.search.commit import Segment, Writer, commit

_STALE = 4
"""A segment is rewritten once more than one in so many of its pages are deleted: until then the
words of removed pages lie in its files, though no search finds them."""


def segments_of(folder: Path) -> list[Segment]:
    """The segments of the newest commit."""
    segments: list[Segment] = whoosh_index.open_dir(str(folder))._segments()
    return segments


def overdue(segments: Sequence[Segment], most: int) -> list[Segment]:
    """Those to merge: the smaller half where there are `most`, and those with many deleted."""
    by_size = sorted(segments, key=lambda segment: segment.doc_count())
    few = by_size[: len(by_size) // 2 + 1] if len(by_size) >= most else []
    return [
        segment
        for segment in segments
        if segment in few or segment.deleted_count() * _STALE > segment.doc_count_all()
    ]


@dataclass(frozen=True, slots=True)
class Merged:
    """A new segment, and for each old one its pages' numbers in the new (live ones only)."""

    segment: Segment
    numbers: dict[str, dict[int, int]]


def merge(
    folder: Path, chosen: Sequence[Segment], exchanging: AbstractContextManager[None]
) -> None:
    """Put the `chosen` segments of the index in `folder` into one; `exchanging` holds the lock.

    Raises:
        TransientError: Somebody else is writing; nothing has changed.
        OSError: The disk is full; nothing has changed.
    """
    with TemporaryDirectory(dir=folder.parent, prefix=generations.BESIDE) as name:
        beside = Path(name)
        merged = _merged(folder, chosen, beside)
        with exchanging:
            _exchange(folder, merged, beside)


def _merged(folder: Path, chosen: Sequence[Segment], beside: Path) -> Merged:
    index = whoosh_index.open_dir(str(folder))
    whoosh_index.create_in(str(beside), index.schema).close()
    writer, numbers, start = Writer(beside), dict[str, dict[int, int]](), 0
    for segment in chosen:
        gone = set(segment.deleted_docs())
        live = [page for page in range(segment.doc_count_all()) if page not in gone]
        numbers[segment.segment_id()] = {page: start + i for i, page in enumerate(live)}
        start += len(live)
        reader = SegmentReader(index.storage, index.schema, segment)
        writer.add_reader(reader)
        reader.close()
    writer.commit(mergetype=lambda _, segments: segments)
    return Merged(segments_of(beside)[0], numbers)


def _exchange(folder: Path, merged: Merged, beside: Path) -> None:
    """Let the new segment stand for the old; what was removed meanwhile is removed from it."""
    there = {segment.segment_id(): segment for segment in segments_of(folder)}
    if not merged.numbers.keys() <= there.keys():
        return  # rebuilt meanwhile
    for name, numbers in merged.numbers.items():
        for page in there[name].deleted_docs():
            if page in numbers:
                merged.segment.delete_document(numbers[page])
    for path in beside.glob(f"{merged.segment.segment_id()}.*"):
        path.rename(folder / path.name)
    kept = [segment for name, segment in there.items() if name not in merged.numbers]
    new = [merged.segment] if merged.segment.doc_count_all() else []
    commit(folder, (), keep=lambda *_: [*kept, *new])
