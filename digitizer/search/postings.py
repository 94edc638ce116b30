"""Posting lists of one Whoosh segment as arrays, a block at a time.

Whoosh's matchers hand over one posting at a time and cost about a microsecond for each; a block
holds 128 of them already as one tuple. This is the only module that leans on the inside of
Whoosh 2.7.4 (frozen since 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader, TermNotFound

Ids = NDArray[np.int64]
Counts = NDArray[np.float32]

NO_IDS: Ids = np.empty(0, np.int64)
NO_COUNTS: Counts = np.empty(0, np.float32)


def read(reader: SegmentReader, field: str, word: str) -> tuple[Ids, Counts]:
    """Pages of the segment with `word` in `field`, rising, and how often; deleted ones too."""
    ids, counts = [NO_IDS], [NO_COUNTS]
    for pages, weights, _ in _blocks(reader, field, word):
        ids.append(pages)
        counts.append(_spread(weights, len(pages)))
    return np.concatenate(ids), np.concatenate(counts)


def read_placed(reader: SegmentReader, field: str, word: str) -> tuple[Ids, list[bytes]]:
    """Pages of the segment with `word` in `field`, rising, and where: see `decode`."""
    ids, places = [NO_IDS], list[bytes]()
    for pages, _, values in _blocks(reader, field, word):
        ids.append(pages)
        places.extend(values)
    return np.concatenate(ids), places


def decode(reader: SegmentReader, field: str, places: bytes) -> list[int]:
    """The positions, counted in words, that `read_placed` gave for one page."""
    positions: list[int] = reader.schema[field].format.decode_positions(places)
    return positions


def _blocks(reader: SegmentReader, field: str, word: str) -> Iterator[tuple[Ids, Any, Any]]:
    """(page ids, counts or their common value, encoded positions) of each block."""
    format_ = reader.schema[field].format
    try:
        matcher = reader._terms.matcher(field, word.encode(), format_)
    except TermNotFound:
        return
    while matcher.is_active():
        matcher._read_data()
        gaps, weights, values = matcher._data
        yield np.cumsum(np.array(gaps, np.int64)), weights, values
        matcher._next_block()


def _spread(weights: float | tuple[float, ...] | None, length: int) -> Counts:
    """Whoosh writes one number for a block in which all counts are equal, none for all ones."""
    if weights is None or isinstance(weights, float):
        return np.full(length, 1.0 if weights is None else weights, np.float32)
    return np.array(weights, np.float32)
