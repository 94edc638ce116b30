"""Which letters stand beside which: the one observation behind blank, orientation and skew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.imaging.components import Components

REACH = 1.2  # how far to the right the next letter of a line is looked for, in letter heights
_Ints = NDArray[np.int64]


def neighbours(letters: Components, reach: float = REACH) -> tuple[_Ints, _Ints]:
    """Indices (left, right) of letters with the nearest one to their right in the same line, within
    `reach` letter heights.

    In the same line are two letters that overlap by half the lower one's height, and of which
    none is more than 2.2 times as high as the other.
    """
    order = np.argsort(letters.x0, kind="stable")
    x0, y0, x1, y1 = (v[order] for v in (letters.x0, letters.y0, letters.x1, letters.y1))
    height = y1 - y0
    left, right = _within(x0, x1 - 2, x1 + reach * height)
    overlap = np.minimum(y1[left], y1[right]) - np.maximum(y0[left], y0[right])
    low = np.minimum(height[left], height[right])
    high = np.maximum(height[left], height[right])
    level = (overlap > 0.5 * low) & (high < 2.2 * low)
    left, first = np.unique(left[level], return_index=True)
    return order[left], order[right[level][first]]


def _within(x0: _Ints, begin: _Ints, end: NDArray[np.float64]) -> tuple[_Ints, _Ints]:
    """All pairs of a letter and another whose left edge lies in the reach of the first."""
    first, last = np.searchsorted(x0, begin), np.searchsorted(x0, end)
    counts = np.maximum(last - first, 0)
    left = np.repeat(np.arange(len(x0)), counts)
    offsets = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    right = np.repeat(first, counts) + offsets
    other = left != right
    return left[other], right[other]
