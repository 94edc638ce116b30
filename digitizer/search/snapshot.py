"""The segments of one commit, opened and seen to be as they were written, or left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader

from digitizer.search import generations
from digitizer.search.columns import Columns
from digitizer.search.commit import Segment
from digitizer.search.generations import Seen
from digitizer.search.segment import Leaf
from digitizer.search.stack import Stack


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All segments as of one commit but `lost` damaged ones; of the rest, `files` are read later.

    All other files are in memory, see `Columns`.
    """

    generation: Path
    index: whoosh_index.FileIndex
    number: int
    stack: Stack
    files: Mapping[Path, Seen]
    lost: int

    @classmethod
    def open(
        cls, generation: Path, known: Mapping[str, Columns], *, missing_is_lost: bool
    ) -> Snapshot:
        """Open the newest commit; `known` are columns by the id of their segment.

        Raises:
            FileNotFoundError: A commit has just replaced a file, or one is missing.
            IndexBroken: Not even the list of segments can be read.
        """
        index = _opened(generation)
        number, files, leaves, lost = index.latest_generation(), dict[Path, Seen](), [], 0
        for segment in index._segments():
            if not segment.doc_count_all():
                continue
            try:
                seen = check_segment(generation, segment)
                leaves.append(_leaf(index, segment, known))
                files |= {path: as_it_is for path, as_it_is in seen.items() if _read_later(path)}
            except Exception as error:  # on damage Whoosh raises a dozen kinds
                if isinstance(error, FileNotFoundError) and not missing_is_lost:
                    _close(leaves)
                    raise
                lost += 1
        return cls(generation, index, number, Stack(leaves), files, lost)

    def is_newest(self) -> bool:
        """Whether nothing was committed or damaged since; read too early it only opens again."""
        newest = self.index.latest_generation() == self.number
        return newest and generations.untouched_since(self.files)

    def columns(self) -> dict[str, Columns]:
        """The columns of each segment by its id."""
        return {leaf.reader.segment().segment_id(): leaf.columns for leaf in self.stack.leaves}

    def close(self) -> None:
        """Close all files."""
        _close(self.stack.leaves)


def _read_later(path: Path) -> bool:
    return path.name.endswith((".trm", ".pst", ".uid.col", ".card.col"))


def look_over(generation: Path, *, thoroughly: bool = False) -> list[Segment]:
    """The segments of the newest commit, every file of them seen to be as it was written.

    Raises:
        IndexBroken: One is not.
        FileNotFoundError: One is missing, or was replaced just now.
    """
    segments: list[Segment] = _opened(generation)._segments()
    for segment in segments:
        check_segment(generation, segment, thoroughly=thoroughly)
    return segments


def check_segment(
    generation: Path, segment: Segment, *, thoroughly: bool = False
) -> Mapping[Path, Seen]:
    """See that the files of a segment are as they were written; see `generations.check`."""
    return generations.check(generation, f"{segment.segment_id()}.", thoroughly=thoroughly)


def _opened(generation: Path) -> whoosh_index.FileIndex:
    """The index, its table of contents seen to be whole.

    The table has no sum yet if its commit was killed in the last step.
    """
    with suppress(FileNotFoundError):
        generations.check(generation, "_MAIN_", thoroughly=True)
    return whoosh_index.open_dir(str(generation))


def _leaf(index: whoosh_index.FileIndex, segment: Segment, known: Mapping[str, Columns]) -> Leaf:
    reader = SegmentReader(index.storage, index.schema, segment)
    try:
        return Leaf.of(reader, known.get(segment.segment_id()) or Columns.load(reader))
    except BaseException:
        reader.close()
        raise


def _close(leaves: Iterable[Leaf]) -> None:
    for leaf in leaves:
        leaf.reader.close()
