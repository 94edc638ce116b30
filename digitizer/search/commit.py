"""Writing to Whoosh: one change is one commit, and segments stay few."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from whoosh.index import FileIndex, LockError
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from digitizer.chart.search import PageRecord
from digitizer.errors import TransientError
from digitizer.search.schema import row

_STALE = 4
"""A segment is rewritten once more than one in so many of its pages are deleted: until then the
words of removed pages lie in its files, though no search finds them."""


def commit(
    index: FileIndex, records: Iterable[PageRecord], gone: Iterable[str], segments: int
) -> None:
    """Take pages out and put pages in, as one commit.

    Args:
        index: An open Whoosh index.
        records: Pages to add; their uids must be new or among `gone`.
        gone: The uids to take out first.
        segments: With as many segments as this, the smaller half is merged.

    Raises:
        TransientError: Somebody else is writing, or the disk is full; nothing has changed.
    """
    try:
        writer = index.writer(compound=False, limitmb=128)
    except LockError:
        raise TransientError("the index is being written; try again in a moment") from None
    try:
        _delete(writer, gone)
        for record in records:
            writer.add_document(**row(record))
        writer.commit(mergetype=partial(_merge, most=segments))
    except BaseException as error:
        _abandon(writer)
        if isinstance(error, OSError):
            raise TransientError("the index could not be written; is the disk full?") from error
        raise


def _delete(writer: SegmentWriter, gone: Iterable[str]) -> None:
    with writer.searcher() as before:
        for uid in gone:
            writer.delete_by_term("uid", uid, searcher=before)


def _merge(
    writer: SegmentWriter, segments: list[SegmentReader], *, most: int
) -> list[SegmentReader]:
    """Whoosh's merge policy: rewrite what must be, return what stays as it is."""
    by_size = sorted(segments, key=lambda segment: segment.doc_count())
    chosen = by_size[: len(by_size) // 2 + 1] if len(by_size) >= most else []
    chosen += [s for s in segments if s.deleted_count() * _STALE > s.doc_count_all()]
    rewritten = {segment.segment_id() for segment in chosen}
    for segment in segments:
        if segment.segment_id() in rewritten:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [segment for segment in segments if segment.segment_id() not in rewritten]


def _abandon(writer: SegmentWriter) -> None:
    """Give up a commit. With a full disk Whoosh fails here too, and would keep its lock."""
    with suppress(Exception):
        writer.cancel()
    with suppress(Exception):
        writer.writelock.release()
