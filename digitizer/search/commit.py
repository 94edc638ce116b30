"""Writing to Whoosh: one change is one commit. Segments are merged elsewhere: see `merge`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.index import LockError
from whoosh.writing import NO_MERGE, SegmentWriter

from digitizer.errors import TransientError
from digitizer.search import generations
from digitizer.search.codec import Codec
from digitizer.search.schema import VERSION

Segment = Any
"""Whoosh's, which is untyped: a part of the index that never changes but for its deletions."""


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Has a commit's files on disk and in the manifest before the commit points at them."""

    def __init__(self, folder: Path) -> None:
        """Lock the index in `folder`; LockError where somebody else writes."""
        super().__init__(
            whoosh_index.open_dir(str(folder)), codec=Codec(), compound=False, limitmb=128
        )
        self._folder = folder

    def _commit_toc(self, segments: list[Segment]) -> None:
        generations.vouch(self._folder, VERSION)
        super()._commit_toc(segments)
        with suppress(OSError):  # done is done; the table's own sum may come with the next commit
            generations.vouch(self._folder, VERSION)


def commit(
    folder: Path,
    rows: Iterable[dict[str, object]],
    gone: Iterable[str] = (),
    keep: Callable[[Writer, list[Segment]], list[Segment]] = NO_MERGE,
) -> None:
    """Take pages out and put pages in, as one commit.

    Args:
        folder: Where a Whoosh index is.
        rows: Pages to add, see `schema.row`; their uids must be new or among `gone`.
        gone: The uids to take out first.
        keep: Which segments the index has afterwards beside the one with the added pages.

    Raises:
        TransientError: Somebody else is writing; nothing has changed.
        OSError: The disk is full; nothing has changed.
    """
    try:
        writer = Writer(folder)
    except LockError:
        raise TransientError("the index is being written; try again in a moment") from None
    try:
        _delete(writer, gone)
        for row in rows:
            writer.add_document(**row)
        writer.commit(mergetype=keep)
    except BaseException:
        _abandon(writer)
        raise


def _delete(writer: SegmentWriter, gone: Iterable[str]) -> None:
    with writer.searcher() as before:
        for uid in gone:
            writer.delete_by_term("uid", uid, searcher=before)


def _abandon(writer: SegmentWriter) -> None:
    """Give up a commit. With a full disk Whoosh fails here too, and would keep its lock."""
    with suppress(Exception):
        writer.cancel()
    with suppress(Exception):
        writer.writelock.release()
