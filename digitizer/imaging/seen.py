"""Where words seem to stand on a page, from its letters alone; no recognition. What an engine reads
is held against it, for engines pass over whole lines and do not say so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.geometry import Affine, Box
from digitizer.imaging.components import Components, joined
from digitizer.imaging.pairs import neighbours

LEAST_LETTERS = 2  # of a word: a value has no more ("0.1"), specks and a list's numbers come alone
BESIDE = 0.8  # how far the next letter of a word stands to the right, in letter heights at most
BEFORE = 4.0  # how far a list's number stands from its line, in its own heights at most
ALIGNED = 0.6  # of its height, by which it may stand aside from the others of its list
LEAST_NUMBERS = 3  # of a list


def words_seen(letters: Components, scale: float) -> tuple[Box, ...]:
    """A box around each run of letters that stand close, and around each of the short ones that
    stand in a column before lines, as a list's numbers do; `scale` is pixels of the page to one of
    the copy on which the letters were found.
    """
    if not len(letters):
        return ()
    runs, count = _runs(letters)
    words = runs[count >= LEAST_LETTERS]
    seen = np.concatenate((words, _in_columns(runs[count < LEAST_LETTERS], words)))
    to_page = Affine.scaling(scale, scale)
    return tuple(to_page.box(Box(*edges)) for edges in seen.tolist())


Edges = NDArray[np.int64]
"""Shape (runs, 4): x0, y0, x1, y1."""


def _runs(letters: Components) -> tuple[Edges, NDArray[np.int64]]:
    """The edges of each run, and how many letters it has."""
    return edges(letters, joined(len(letters), *neighbours(letters, BESIDE)))


def edges(parts: Components, run: NDArray[np.int64]) -> tuple[Edges, NDArray[np.int64]]:
    """The edges of each run of parts, and how many it has; `run` is a label for each part."""
    order = np.argsort(run, kind="stable")
    _, first, count = np.unique(run[order], return_index=True, return_counts=True)
    low = [np.minimum.reduceat(v[order], first) for v in (parts.x0, parts.y0)]
    high = [np.maximum.reduceat(v[order], first) for v in (parts.x1, parts.y1)]
    return np.stack((*low, *high), axis=1), count


def _in_columns(short: Edges, words: Edges) -> Edges:
    """Those of the short runs that stand before a word and in line with others that do."""
    height = short[:, 3] - short[:, 1]
    gap = words[None, :, 0] - short[:, None, 2]
    level = np.minimum(short[:, None, 3], words[None, :, 3]) - np.maximum(
        short[:, None, 1], words[None, :, 1]
    )
    before = (gap > 0) & (gap < BEFORE * height[:, None]) & (level > 0.5 * height[:, None])
    marks = short[before.any(axis=1)]
    left, right = (np.abs(marks[:, None, k] - marks[None, :, k]) for k in (0, 2))
    height = marks[:, 3] - marks[:, 1]
    alike = np.minimum(left, right) <= ALIGNED * height[:, None]
    found: Edges = marks[alike.sum(axis=1) >= LEAST_NUMBERS]
    return found
