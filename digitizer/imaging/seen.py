"""Where words seem to stand on a page, from its letters alone; no recognition. What an engine reads
is held against it, for engines pass over whole lines and do not say so.
"""

from __future__ import annotations

import numpy as np

from digitizer.chart.geometry import Affine, Box
from digitizer.imaging.components import Components, joined
from digitizer.imaging.pairs import neighbours

LEAST_LETTERS = 3  # of a word; specks come in ones and twos
BESIDE = 0.8  # how far the next letter of a word stands to the right, in letter heights at most


def words_seen(letters: Components, scale: float) -> tuple[Box, ...]:
    """A box around each run of letters that stand close; `scale` is pixels of the page to one of
    the copy on which the letters were found.
    """
    if not len(letters):
        return ()
    word = joined(len(letters), *neighbours(letters, BESIDE))
    order = np.argsort(word, kind="stable")
    _, first, count = np.unique(word[order], return_index=True, return_counts=True)
    x0, y0 = (np.minimum.reduceat(v[order], first) for v in (letters.x0, letters.y0))
    x1, y1 = (np.maximum.reduceat(v[order], first) for v in (letters.x1, letters.y1))
    to_page = Affine.scaling(scale, scale)
    boxes = zip(*(v[count >= LEAST_LETTERS].tolist() for v in (x0, y0, x1, y1)), strict=True)
    return tuple(to_page.box(Box(*box)) for box in boxes)
