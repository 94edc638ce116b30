"""Posting lists of Whoosh as arrays: how they are written, and how whole blocks are read.

Whoosh's own codec keeps 128 postings in a block, as pickled tuples with pickled positions, and
hands them over one at a time. Here a block holds up to BLOCK postings as three arrays (pages,
counts, positions) of the smallest integers that hold them, which numpy reads as they lie; of pages,
how far each is from the one before. (Packed by zlib they were shorter, and most of the time of a
phrase of common words went into unpacking them.) On 20,000 noisy chart pages the 95th percentile of
a phrase fell from 40 to 6 ms CPU, of three common words from 38 to 8. This is the only module that
leans on the inside of Whoosh 2.7.4 (frozen since 2016).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter
from whoosh.reading import SegmentReader, TermNotFound

from digitizer.search import vocabulary

Ids = NDArray[np.int64]
Counts = NDArray[np.float32]

NO_IDS: Ids = np.empty(0, np.int64)
NO_COUNTS: Counts = np.empty(0, np.float32)

Unsigned = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.uint32]

BLOCK = 4096
"""Postings in a block at most. We read whole lists, so only few and large blocks matter."""

_PLACE_BITS = 32
"""A place is the page's id above so many bits and the position, counted in words, below."""

VOCABULARY = ".voc"
"""Ending of the file with a segment's vocabulary."""

_ID = "I"
_SIZE = array(_ID).itemsize


class Places(formats.Format):  # type: ignore[misc]  # Whoosh is untyped
    """Positions as an array of integers, as many as the posting's count says."""

    def encode(self, positions: Sequence[int]) -> bytes:
        """The bytes of rising positions."""
        return array(_ID, positions).tobytes()


class Codec(W3Codec):  # type: ignore[misc]  # Whoosh is untyped
    """Whoosh's codec with other posting lists; lengths, which we keep apart, are not repeated."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> _Terms:  # noqa: ANN401 - Whoosh's untyped
        """What writes the terms of a segment."""
        return _Terms(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _Writer:  # noqa: ANN401, FBT001, FBT002, ARG002 - Whoosh's signature
        """What writes the lists of a segment."""
        return _Writer(dbfile, BLOCK)

    def postings_reader(
        self,
        dbfile: Any,  # noqa: ANN401 - Whoosh's untyped file
        terminfo: Any,  # noqa: ANN401 - Whoosh's untyped term
        format_: formats.Format,
        term: object = None,
        scorer: object = None,
    ) -> Matcher:
        """What reads the list of a term."""
        return Matcher(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class _Terms(W3FieldWriter):  # type: ignore[misc]  # Whoosh is untyped
    """Writes the vocabulary too, into a file of its own."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self._drafts = {name: vocabulary.Draft() for name in vocabulary.SPELLED}

    def finish_term(self) -> None:
        if draft := self._drafts.get(self._fieldname):
            draft.add(self._btext, *self._postwriter.if_rare())
        super().finish_term()

    def close(self) -> None:
        super().close()
        with self._create_file(VOCABULARY) as file:
            file.write(vocabulary.dump(self._drafts))


class _Writer(W3PostingsWriter):  # type: ignore[misc]  # Whoosh is untyped
    def __init__(self, file: Any, blocklimit: int) -> None:  # noqa: ANN401 - Whoosh's untyped file
        super().__init__(file, blocklimit, compression=0, inlinelimit=0)

    def add_posting(
        self,
        id_: int,
        weight: float,
        vbytes: bytes,
        length: object = None,  # noqa: ARG002 - Whoosh's signature
    ) -> None:
        """Add a page; Whoosh looks at the type of everything, for each of 200 words a page."""
        if len(self._ids) >= self._blocklimit:
            self._write_block()
        self._ids.append(id_)
        self._weights.append(weight)
        self._values.append(vbytes)

    def if_rare(self) -> tuple[Sequence[int], Sequence[float]]:
        """The pages and counts of the word that is being written; none where it is on many."""
        if self.written() or len(self._ids) > vocabulary.RARE:
            return (), ()
        return self._ids, self._weights

    def _mini_ids(self) -> bytes:
        ids = np.array(self._ids, np.uint32)
        return _smallest(np.diff(ids, prepend=ids[:1]))

    def _mini_weights(self) -> bytes:
        return _smallest(np.array(self._weights, np.uint32))

    def _mini_values(self) -> bytes:
        return _smallest(np.frombuffer(b"".join(self._values), np.uint32))


class Block(NamedTuple):
    """Some postings: pages, how often the word is on each, and at which positions."""

    pages: Ids
    counts: Unsigned
    positions: Unsigned


_NO_BLOCK = Block(NO_IDS, np.empty(0, np.uint8), np.empty(0, np.uint8))


def _smallest(values: NDArray[np.uint32]) -> bytes:
    """The bytes of `values` as the smallest integers that hold them."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0)))).tobytes()


def _read(stored: bytes, number: int) -> Unsigned:
    """What `_smallest` wrote of so many values."""
    return np.frombuffer(stored, f"u{len(stored) // number}" if stored else np.uint8)


class Matcher(W3LeafMatcher):  # type: ignore[misc]  # Whoosh is untyped
    """Steps through a list for Whoosh, which merges segments so; `blocks` is the fast way."""

    def blocks(self) -> Iterator[Block]:
        """Each block."""
        while not self._atend:
            yield self._block()
            self._next_block()

    def _read_ids(self) -> None:
        self._ids = array(_ID, self._block().pages.tolist())

    def _read_weights(self) -> None:
        self._weights = self._block().counts.astype(np.float64).tolist()

    def _read_values(self) -> None:
        block = self._block()
        ends = (_SIZE * np.cumsum(block.counts, dtype=np.int64)).tolist()
        values = block.positions.astype(np.uint32).tobytes()
        self._values = [values[a:b] for a, b in zip([0, *ends], ends, strict=False)]

    def _block(self) -> Block:
        if self._data is None:
            self._read_data()
        pages, counts, positions = self._data
        times = _read(counts, self._blocklength)
        places = int(times.sum(dtype=np.int64))
        steps = np.cumsum(_read(pages, self._blocklength), dtype=np.int64)
        return Block(self._maxid - steps[-1] + steps, times, _read(positions, places))


class Postings(NamedTuple):
    """Pages of a segment that hold a word, rising, and how often; deleted pages too."""

    ids: Ids
    counts: Counts


def postings(reader: SegmentReader, field: str, word: str) -> Postings:
    """The posting list of `word`; empty where no page has it."""
    pages, counts, _ = _whole(reader, field, word)
    return Postings(pages, counts.astype(np.float32))


def places(reader: SegmentReader, field: str, word: str) -> Ids:
    """Where `word` stands, rising: see `pages_of` for the page that a place is on."""
    pages, counts, positions = _whole(reader, field, word)
    found = np.repeat(pages << _PLACE_BITS, counts)
    found += positions
    return found


def on_page(found: Ids, page: int) -> bool:
    """Whether any of some places, rising, is on a page."""
    place = int(np.searchsorted(found, page << _PLACE_BITS))
    return place < len(found) and int(found[place]) >> _PLACE_BITS == page


def pages_of(found: Ids) -> Postings:
    """The pages of places, rising, and how many places are on each."""
    pages = found >> _PLACE_BITS
    first = np.flatnonzero(np.diff(pages, prepend=-1))
    return Postings(pages[first], np.diff(first, append=len(pages)).astype(np.float32))


def _whole(reader: SegmentReader, field: str, word: str) -> Block:
    try:
        matcher = reader._terms.matcher(field, word.encode(), reader.schema[field].format)
    except TermNotFound:
        return _NO_BLOCK
    return Block(*map(np.concatenate, zip(_NO_BLOCK, *matcher.blocks(), strict=True)))
