"""By how much a page's lines slope, from where its letters stand."""

from __future__ import annotations

import numpy as np

from digitizer.imaging.components import Components

MOST = 7.0  # degrees; feeders and hands do not turn a page further without turning it over
STEP = 0.1
LEAST_LETTERS = 20


def skew_of(letters: Components) -> float:
    """Degrees clockwise that the lines are turned, -7 to 7; 0.0 where there is too little text.

    At the right slope the feet of all letters of a line fall on one row: the counts of feet a row
    are the most uneven.
    """
    if len(letters) < LEAST_LETTERS:
        return 0.0
    x = (letters.x0 + letters.x1) / 2
    slopes = np.arange(-MOST, MOST + STEP / 2, STEP)
    scores = [_unevenness(letters.y1 - x * np.tan(np.radians(slope))) for slope in slopes]
    return round(float(slopes[int(np.argmax(scores))]), 1)


def _unevenness(rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """Sum of squares of counts, over two rasters so that no line falls between two rows."""
    low = rows.min()
    one = np.bincount((rows - low).astype(np.int64) // 2)
    other = np.bincount((rows - low + 1).astype(np.int64) // 2)
    return float(np.square(one).sum() + np.square(other).sum())
