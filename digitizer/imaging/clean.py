"""The stage that makes a page easier to read, where a cheap measurement says that it would help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.imaging.ink import DARK, Gray, look

SMALL_LETTERS = 11.0  # px; half of the letters are lower: 8 point type at 200 dpi is above it
GOOD_LETTERS = 22.0  # px; 10 point type at 300 dpi
MOST_UPSCALING = 3.0
LEAST_LETTERS = 30
FINE = 3000  # px; print of this long a page would have to be smaller than 4 point to be small
MOST_PIXELS = 40_000_000  # of an upscaled page

MIDTONES = 0.05
"""Share of pixels that are neither paper nor ink: faxes and bilevel copies have less, once
straightened. Smoothing their stairs took word recall of faxes from .926 to .97; gray scans have
their edges already, and lose."""

UNEVEN = 30  # steps of gray between the lightest and the darkest paper of a page
CELL = 64  # px: paper shows in every square of this size but inside pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Each step can be switched off: `invert` negatives, `flatten` shaded paper, `smooth` bilevel
    pages, `enlarge` small print.
    """

    invert: bool = True
    flatten: bool = True
    smooth: bool = True
    enlarge: bool = True

    name: ClassVar[str] = "clean"
    version: ClassVar[str] = "1"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image"})
    gives: ClassVar[frozenset[str]] = frozenset({"image"})

    def open(self, resources: Resources) -> PageReader:  # noqa: ARG002 - a stage's door
        """A reader that needs nothing but the page's image."""
        return self._read

    def _read(self, page: Page) -> Page:
        if page.image is None or page.lines is not None:  # there is nothing left to be read
            return page
        with Image.open(page.image) as image:
            image.load()
        positive = self._positive(image)
        cleaner = self._cleaned(positive, page.dpi)
        if cleaner is image:
            return page
        plain = page.image if positive is image else None
        target = page.image.with_suffix(".clean.pgm")
        cleaner.save(target, format="PPM")
        return _scaled(replace(page, image=target, plain=plain), cleaner.size)

    def _positive(self, image: Image.Image) -> Image.Image:
        negative = self.invert and np.median(np.asarray(image)[::3, ::3]) < DARK
        return ImageOps.invert(image) if negative else image

    def _cleaned(self, image: Image.Image, dpi: float) -> Image.Image:
        """The image itself where nothing needs to be done."""
        gray = np.asarray(image)[::3, ::3]
        if self.flatten and unevenness(gray) > UNEVEN:
            image = flattened(image)
        elif self.smooth and midtones(gray) < MIDTONES:
            image = image.filter(_SMOOTHING)
        if self.enlarge and (factor := enlargement(image, dpi)) > 1.0:
            size = round(image.width * factor), round(image.height * factor)
            image = image.resize(size, Image.Resampling.BICUBIC)
        return image


_SMOOTHING = ImageFilter.Kernel((3, 3), (1, 2, 1, 2, 4, 2, 1, 2, 1))


def midtones(gray: Gray) -> float:
    """The share (0 to 1) of pixels between ink and paper."""
    return float(((gray > 40) & (gray < 215)).mean())


def unevenness(gray: Gray) -> float:
    """How many steps of gray (of 255) the paper of one part is darker than that of another.

    Paper is what nine tenths of a square are not lighter than; the outermost twentieth of the
    page, where scanners' lids and hands show, is left out.
    """
    paper = _paper(gray, CELL // 3)
    if paper.size < 16:
        return 0.0
    light, dark = np.percentile(paper, (95, 5))
    return float(light - dark)


def flattened(image: Image.Image) -> Image.Image:
    """The image with the brightness of its paper made even, and white."""
    coarse = image.reduce(8)
    paper = coarse.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(4))
    light = np.asarray(paper.resize(image.size, Image.Resampling.BILINEAR), dtype=np.float32)
    even = np.asarray(image, dtype=np.float32) * (255.0 / np.maximum(light, 1.0))
    return Image.fromarray(np.clip(even, 0, 255).astype(np.uint8))


def enlargement(image: Image.Image, dpi: float) -> float:
    """By what factor to enlarge the image for small print; 1.0 for not at all.

    Real forms at 100 dpi gained .10 in F1 by being enlarged; two photos with letters of 12 and
    14 px lost .02 and .05 in word recall by it, and print of good size gains .002 for a quarter
    more time.
    """
    if max(image.size) > FINE:
        return 1.0
    seen = look(image, dpi)
    if seen is None or len(seen.letters) < LEAST_LETTERS:
        return 1.0
    middling = float(np.median(seen.letters.height) * image.width / seen.ink.shape[1])
    if middling >= SMALL_LETTERS:
        return 1.0
    room = (MOST_PIXELS / (image.width * image.height)) ** 0.5
    return float(max(1.0, min(GOOD_LETTERS / middling, MOST_UPSCALING, room)))


def _paper(gray: Gray, cell: int) -> Gray:
    edge_y, edge_x = gray.shape[0] // 20, gray.shape[1] // 20
    inner = gray[edge_y : gray.shape[0] - edge_y, edge_x : gray.shape[1] - edge_x]
    rows, columns = inner.shape[0] // cell, inner.shape[1] // cell
    if not rows or not columns:
        return np.empty((0, 0), dtype=np.uint8)
    cells = inner[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    found: Gray = np.percentile(cells[:, ::3, :, ::3], 90, axis=(1, 3)).astype(np.uint8)
    return found


def _scaled(page: Page, size: tuple[int, int]) -> Page:
    width, height = size
    if (width, height) == (page.width, page.height):
        return page
    back = Affine.scaling(page.width / width, page.height / height)
    return replace(
        page,
        width=width,
        height=height,
        dpi=page.dpi * width / page.width,
        to_delivered=back.then(page.to_delivered),
    )
