"""A small copy of a page and the ink on it: what the cheap tests look at instead of the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitizer.imaging.components import Components, Ink, components

Gray = NDArray[np.uint8]
"""Shape (height, width); 0 is black, 255 is white; row 0 is the top."""

LOOK_DPI = 100.0  # letters of 6 point type are still 4 px high, and a page takes 10 ms
MOST_PIXELS_LONG = 2200
LEAST_PIXELS_SHORT = 64
GRAY_STEP = 30  # how much darker than its surroundings ink is, of 255
SURROUNDINGS = 8  # px
DARK = 100  # a page whose middle gray is below this is a negative


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """`ink` at about `LOOK_DPI`, and what it hangs together to; `paper` is the page's middle gray
    (0 to 255). A negative's ink is what is brighter than its surroundings.
    """

    ink: Ink
    parts: Components
    paper: int

    @property
    def letters(self) -> Components:
        """Parts of the size and shape of a printed letter, 4 to 40 px: no line, bar, speck or hole.

        40 px are 29 point type; letters are never solid, holes and blots are.
        """
        parts = self.parts
        long, short = np.maximum(parts.width, parts.height), np.minimum(parts.width, parts.height)
        fill = parts.area / (parts.width * parts.height)
        sized = (long >= 4) & (long <= 40) & (short >= 2) & (long < 4.5 * short)
        return parts.where(sized & (fill > 0.15) & (fill < 0.95))

    def turned(self, degrees: int) -> Look:
        """The same look after a clockwise turn by 0, 90, 180 or 270 degrees."""
        if not degrees:
            return self
        ink = np.rot90(self.ink, -degrees // 90)
        return Look(ink=ink, parts=components(ink), paper=self.paper)


def look(image: Image.Image, dpi: float) -> Look | None:
    """A look at a gray image; `None` at a strip too thin to make anything of."""
    small = _small(image, dpi)
    if min(small.size) < LEAST_PIXELS_SHORT:
        return None
    gray = np.asarray(small, dtype=np.int16)
    paper = int(np.median(gray[::4, ::4]))
    around = small.reduce(SURROUNDINGS).resize(small.size, Image.Resampling.BILINEAR)
    darker = np.asarray(around, dtype=np.int16) - gray
    ink = (darker if paper >= DARK else -darker) > GRAY_STEP
    return Look(ink=ink, parts=components(ink), paper=paper)


def look_at(path: Path, dpi: float) -> Look | None:
    """A look at an image file; the last one is remembered, for two stages look at each page."""
    return _looked(path, path.stat().st_mtime_ns, dpi)


@lru_cache(maxsize=1)
def _looked(path: Path, changed: int, dpi: float) -> Look | None:  # noqa: ARG001 - of the key
    with Image.open(path) as image:
        return look(image, dpi)


def _small(image: Image.Image, dpi: float) -> Image.Image:
    scale = min(LOOK_DPI / dpi, MOST_PIXELS_LONG / max(image.size))
    if scale <= 0.75:
        return image.reduce(round(1 / scale))
    if scale < 1.25:
        return image
    return image.resize((round(image.width * scale), round(image.height * scale)))
