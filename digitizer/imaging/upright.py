"""The stage that finds blank pages and makes the others stand upright and straight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, cos, radians, sin
from pathlib import Path
from typing import ClassVar

from PIL import Image

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import PageReader, Resources, Scope
from digitizer.imaging.blank import is_blank
from digitizer.imaging.ink import DARK, Look, look_at
from digitizer.imaging.orientation import turn_of
from digitizer.imaging.skew import skew_of
from digitizer.work.page_image import SUFFIX, save_page

LEAST_SKEW = 0.8
"""Degrees. On 55 pages skewed by up to 1.1 Tesseract read .9828 of the words as they lay, and .9820
straightened from 0.3 on: straightening blurs, and costs a tenth of the reading.
"""

_TRANSPOSES = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns anticlockwise
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upright:
    """Turns by quarters what `orientation` is sure of, and straightens a skew from `least_skew`
    degrees on. `Page.skew` is by how many degrees clockwise the lines were turned, beside
    `Page.rotation`.
    """

    least_skew: float = LEAST_SKEW

    name: ClassVar[str] = "upright"
    version: ClassVar[str] = "1"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image"})
    gives: ClassVar[frozenset[str]] = frozenset({"image"})

    def open(self, resources: Resources) -> PageReader:  # noqa: ARG002 - a stage's door
        """A reader that needs nothing but the page's image."""
        return self._read

    def _read(self, page: Page) -> Page:
        if page.image is None or page.lines is not None:  # words of a text layer stand upright
            return page
        seen = look_at(page.image, page.dpi)
        if seen is None:
            return page
        if is_blank(seen) and not page.barcodes:
            return _nothing_on(page, seen)
        turn = turn_of(seen)
        skew = skew_of(seen.turned(turn).letters)
        with Image.open(page.image) as image:
            return self._straightened(page, image, turn, skew, seen.paper)

    def _straightened(
        self, page: Page, image: Image.Image, turn: int, skew: float, paper: int
    ) -> Page:
        target = page.image.with_suffix(f".upright{SUFFIX}") if page.image else Path()
        straight = abs(skew) < self.least_skew
        if turn:
            image = image.transpose(_TRANSPOSES[turn])
            page = page.turned(turn, target)
        if not straight:
            back = _unskewing(image.size, skew)
            image = _unskewed(image, back, paper)
            page = _mapped(page, image, back, skew, target)
        if turn or not straight:
            save_page(image, target)
        return page


def _nothing_on(page: Page, seen: Look) -> Page:
    """Blank; but a page that is dark all over once had something on it."""
    if seen.paper >= DARK:
        return replace(page, kind=PageKind.BLANK)
    reason = f"page {page.number} could not be read: it is dark all over; scan it again"
    return replace(page, kind=PageKind.UNREADABLE, warnings=(*page.warnings, reason))


@dataclass(frozen=True, slots=True)
class _Frame:
    """The straight image's size, and where its pixels lie on the skewed one."""

    size: tuple[int, int]
    back: Affine


def _unskewing(size: tuple[int, int], skew: float) -> _Frame:
    """A frame that loses no corner: fax headers stand at the very edge."""
    width, height = size
    c, s = cos(radians(skew)), abs(sin(radians(skew)))
    wide, high = ceil(width * c + height * s), ceil(width * s + height * c)
    to_middle = Affine.shifting(-wide / 2, -high / 2)
    from_middle = Affine.shifting(width / 2, height / 2)
    return _Frame((wide, high), to_middle.then(Affine.turning(skew)).then(from_middle))


def _unskewed(image: Image.Image, frame: _Frame, paper: int) -> Image.Image:
    m = frame.back
    data = (m.a, m.b, m.c, m.d, m.e, m.f)
    return image.transform(
        frame.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR, fillcolor=paper
    )


def _mapped(page: Page, image: Image.Image, frame: _Frame, skew: float, target: Path) -> Page:
    return replace(
        page,
        image=target,
        width=image.width,
        height=image.height,
        skew=skew,
        to_delivered=frame.back.then(page.to_delivered),
    )
