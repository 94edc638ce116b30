"""Connected components of ink, by runs: numpy only, about 10 ms for a page at 100 dpi."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.bool_]
"""Shape (height, width); True where there is ink; row 0 is the top."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """One entry a component, in no particular order: half-open boxes in pixels, and ink pixels."""

    x0: NDArray[np.int64]
    y0: NDArray[np.int64]
    x1: NDArray[np.int64]
    y1: NDArray[np.int64]
    area: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of components."""
        return len(self.x0)

    @property
    def width(self) -> NDArray[np.int64]:
        """Extent to the right, in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> NDArray[np.int64]:
        """Extent downwards, in pixels."""
        return self.y1 - self.y0

    def where(self, chosen: NDArray[np.bool_]) -> Components:
        """Those for which `chosen` is true."""
        return Components(
            self.x0[chosen], self.y0[chosen], self.x1[chosen], self.y1[chosen], self.area[chosen]
        )


def components(ink: Ink) -> Components:
    """The 8-connected components of `ink`."""
    rows, starts, ends = _runs(ink)
    labels = joined(len(rows), *_touching(rows, starts, ends, ink.shape[1]))
    roots, of = np.unique(labels, return_inverse=True)
    count = len(roots)
    x0, y0 = np.full(count, ink.shape[1]), np.full(count, ink.shape[0])
    x1, y1, area = (np.zeros(count, dtype=np.int64) for _ in range(3))
    np.minimum.at(x0, of, starts)
    np.minimum.at(y0, of, rows)
    np.maximum.at(x1, of, ends)
    np.maximum.at(y1, of, rows + 1)
    np.add.at(area, of, ends - starts)
    return Components(x0, y0, x1, y1, area)


_Ints = NDArray[np.int64]


def _runs(ink: Ink) -> tuple[_Ints, _Ints, _Ints]:
    """Row, start and end of each horizontal run of ink, in reading order."""
    framed = np.zeros((ink.shape[0], ink.shape[1] + 2), dtype=np.int8)
    framed[:, 1:-1] = ink
    steps = np.diff(framed, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return rows, starts, ends


def _touching(rows: _Ints, starts: _Ints, ends: _Ints, width: int) -> tuple[_Ints, _Ints]:
    """Pairs of runs in neighbouring rows that touch, corners included.

    Runs are laid end to end on one line, a row after the other, so that one binary search finds
    for every run the first and the last run of the row below that it touches.
    """
    pitch = width + 3
    first = np.searchsorted(rows * pitch + ends, (rows + 1) * pitch + starts, side="left")
    last = np.searchsorted(rows * pitch + starts, (rows + 1) * pitch + ends, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, np.repeat(first, counts) + offsets


def joined(count: int, upper: _Ints, lower: _Ints) -> _Ints:
    """A label for each of `count` things: the same for those connected through the pairs.

    Each round hangs the larger label of a pair under the smaller, then shortens all chains.
    """
    labels = np.arange(count)
    while True:
        a, b = labels[upper], labels[lower]
        if (a == b).all():
            return labels
        np.minimum.at(labels, np.maximum(a, b), np.minimum(a, b))
        while (labels != labels[labels]).any():
            labels = labels[labels]
