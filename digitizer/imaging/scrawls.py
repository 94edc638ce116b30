"""Where hands and stamps seem to have left marks on a page, from its ink alone; no recognition.

Letters by hand are higher than print and joined to each other or to the rule they stand on; a stamp
has a frame. Large print and logos are so too: what is read there tells them from marks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.chart.geometry import Affine, Box
from digitizer.imaging.components import Components, joined
from digitizer.imaging.seen import edges

LEAST_LETTERS = 30  # of a page, to tell how high its print is
HIGH, HIGHEST = 1.8, 9.0  # middling letters: lower is print, and higher a table, a picture, a rim
THIN, WIDEST = 0.3, 40.0  # … and of its width: a fold or a rule that stands, and a table
SOLID = 0.7  # filled to so much of its box: a blot
ALONE = 1.5  # as wide as high, what stands alone: a name in one stroke, or the frame of a stamp
WIDE = 2.5  # middling letters, of all that stands together …
LYING = 1.2  # … and as wide as high: no streak, no column of stains
BESIDE = 1.5  # of the lower one's height, from a part to the next
LEVEL = 0.3  # of the lower one's height, that both take up
MOST = 1000  # parts; a page with more is full of blots


def scrawls_seen(letters: Components, parts: Components, scale: float) -> tuple[Box, ...]:
    """A box around each run of `parts` that are much higher than the page's `letters`; `scale` is
    pixels of the page to one of the copy on which both were found.
    """
    if len(letters) < LEAST_LETTERS:
        return ()
    height = float(np.median(letters.height))
    high = parts.where(_is_high(parts, height))
    if not 0 < len(high) <= MOST:
        return ()
    runs, count = edges(high, joined(len(high), *_beside(high)))
    wide, tall = runs[:, 2] - runs[:, 0], runs[:, 3] - runs[:, 1]
    shaped = np.where(count > 1, wide > LYING * tall, wide > ALONE * tall)
    marks = runs[shaped & (wide > WIDE * height)]
    to_page = Affine.scaling(scale, scale)
    return tuple(to_page.box(Box(*corners)) for corners in marks.tolist())


def _is_high(parts: Components, height: float) -> NDArray[np.bool_]:
    """Which parts a hand or a stamp may have made; `height` is that of a middling letter."""
    tall = (parts.height > HIGH * height) & (parts.height < HIGHEST * height)
    wide = (parts.width > THIN * height) & (parts.width < WIDEST * height)
    solid = parts.area >= SOLID * parts.width * parts.height
    return tall & wide & ~solid


def _beside(parts: Components) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of parts that stand beside each other."""
    low = np.minimum(parts.height[:, None], parts.height[None, :])
    gap = np.maximum(parts.x0[:, None], parts.x0[None, :]) - np.minimum(
        parts.x1[:, None], parts.x1[None, :]
    )
    level = np.minimum(parts.y1[:, None], parts.y1[None, :]) - np.maximum(
        parts.y0[:, None], parts.y0[None, :]
    )
    left, right = np.nonzero((gap < BESIDE * low) & (level > LEVEL * low))
    return left, right
