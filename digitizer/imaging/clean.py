"""The stage that makes a page easier to read, where a cheap measurement says that it would help,
and notes where words and marks of hands and stamps seem to stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.imaging.ink import DARK, Gray, Look, look, look_at
from digitizer.imaging.scrawls import scrawls_seen
from digitizer.imaging.seen import words_seen
from digitizer.work.page_image import SUFFIX, save_page

SMALL_LETTERS = 11.0  # px; half of the letters are lower: 8 point type at 200 dpi is above it
GOOD_LETTERS = 22.0  # px; 10 point type at 300 dpi
LARGE_LETTERS = 20.0  # px; above it a page is made smaller …
EASY_LETTERS = 18.0
"""… until half of its letters are higher than this. Tesseract brings every line to one height
anyway, and looks at the layout of fewer pixels in less time: 58 clean and office pages at 300 dpi
were read as well (word recall .9851 for .9845) in .86 of the time, and at 16 px in .79 (.9834).
Shaded and bilevel pages, with less to lose, lost.
"""
MOST_UPSCALING = 3.0
LEAST_LETTERS = 30
FINE = 3000  # px; print of this long a page would have to be smaller than 4 point to be small
MOST_PIXELS = 40_000_000  # of an upscaled page

MIDTONES = 0.05
"""Share of pixels that are neither paper nor ink: faxes and bilevel copies have less, once
straightened. Smoothing their stairs took word recall of faxes from .926 to .97; gray scans have
their edges already, and lose. So does print that is to be enlarged, whose strokes are as thin as
the stairs: of 100 forms of FUNSD at 100 dpi Tesseract's word F1 was .740 smoothed, and .782 so."""

UNEVEN = 30  # steps of gray between the lightest and the darkest paper of a page
CELL = 64  # px: paper shows in every square of this size but inside pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Each step can be switched off: `invert` negatives, `flatten` shaded paper, `smooth` bilevel
    pages, `enlarge` small print, `reduce` large print.
    """

    invert: bool = True
    flatten: bool = True
    smooth: bool = True
    enlarge: bool = True
    reduce: bool = True

    name: ClassVar[str] = "clean"
    version: ClassVar[str] = "4"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image"})
    gives: ClassVar[frozenset[str]] = frozenset({"image"})

    def open(self, resources: Resources) -> PageReader:  # noqa: ARG002 - a stage's door
        """A reader that needs nothing but the page's image."""
        return self._read

    def _read(self, page: Page) -> Page:
        if page.image is None or page.lines is not None:  # there is nothing left to be read
            return page
        path = page.image
        with Image.open(path) as image:
            image.load()
        positive = self._positive(image)
        seen = look_at(path, page.dpi) if positive is image else look(positive, page.dpi)
        cleaner = self._cleaned(positive, scaling(image.size, seen))
        if seen is not None:
            page = _observed(page, seen, cleaner.width / seen.ink.shape[1])
        if cleaner is image:
            return page
        plain = path if positive is image else None
        target = path.with_suffix(f".clean{SUFFIX}")
        save_page(cleaner, target)
        return _scaled(replace(page, image=target, plain=plain), cleaner.size)

    def _positive(self, image: Image.Image) -> Image.Image:
        negative = self.invert and np.median(np.asarray(image)[::3, ::3]) < DARK
        return ImageOps.invert(image) if negative else image

    def _cleaned(self, image: Image.Image, factor: float) -> Image.Image:
        """The image itself where nothing needs to be done."""
        gray = np.asarray(image)[::3, ::3]
        if self.flatten and unevenness(gray) > UNEVEN:
            image = flattened(image)
        elif self.smooth and factor <= 1.0 and midtones(gray) < MIDTONES:
            image = image.filter(_SMOOTHING)
        elif self.reduce and factor < 1.0:
            image = resized(image, factor)
        if self.enlarge and factor > 1.0:
            image = resized(image, factor)
        return image


def _observed(page: Page, seen: Look, scale: float) -> Page:
    """The page with where words and marks seem to stand; `scale` is its pixels to one of `seen`."""
    letters = seen.letters
    marks = scrawls_seen(letters, seen.parts, scale)
    return replace(page, seen=words_seen(letters, scale), marks=marks)


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


def scaling(size: tuple[int, int], seen: Look | None) -> float:
    """By what factor to enlarge an image of `size` (width, height) pixels for small print, or to
    reduce it for large; 1.0 for neither.

    Real forms at 100 dpi gained .10 in F1 by being enlarged; two photos with letters of 12 and
    14 px lost .02 and .05 in word recall by it, and print of good size gains .002 for a quarter
    more time.
    """
    if seen is None or len(seen.letters) < LEAST_LETTERS:
        return 1.0
    middling = float(np.median(seen.letters.height) * size[0] / seen.ink.shape[1])
    if middling > LARGE_LETTERS:
        return EASY_LETTERS / middling
    if middling >= SMALL_LETTERS or max(size) > FINE:
        return 1.0
    room = (MOST_PIXELS / (size[0] * size[1])) ** 0.5
    return float(max(1.0, min(GOOD_LETTERS / middling, MOST_UPSCALING, room)))


def resized(image: Image.Image, factor: float) -> Image.Image:
    """The image at `factor` times its width and height."""
    size = round(image.width * factor), round(image.height * factor)
    return image.resize(size, Image.Resampling.BICUBIC)


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
