"""Finds small printed square frames in a page image, and whether something is marked in them.

Everything is in pixels of a copy on which middling print is `TEXT_HEIGHT` px high, so that size
and stroke are the same at any resolution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from digitizer.imaging.components import Ink

TEXT_HEIGHT = 24.0
LEAST_SIDE, MOST_SIDE = 16, 48  # px: two thirds of the print's height to twice that
LEAST_COVER = 0.8  # of a side that is inked, give or take one pixel
LEAST_COVER_MEAN = 0.92  # of the four sides
LEAST_STRAIGHT = 0.9  # of a side that one row or column of pixels covers
LEAST_SHARP = 0.92  # of the weakest side of a frame; those of "D", "O" and "P" have less
BARRED, HOLLOW = 0.95, 0.4
"""A bar through the middle, from side to side, in a hollow inside: "B", "H" and "E" have one."""
LEAST_CORNERS = 3
STUB_START, STUB_END = 5, 9  # px beyond a corner
MOST_STUBS = 2  # of the eight ends of sides that go on beyond a corner: all eight in a table's grid
MOST_AROUND = 0.7  # of the middle half outside a side that is inked: strokes of a tick reach out
FRAYED = 2  # px beyond a frame that may be its own stroke: it may be thick, or lean
BESIDE = 18  # px: as far as the room beside a frame is looked at
ON_THE_LEFT, ON_THE_RIGHT = (0.2, 0.45), (0.45, 0.8)
"""The part of a side's height beside which a tick and a cross leave the paper bare: a tick comes in
low from the left and goes out high to the right, a cross goes out at the corners."""

STROKE = 0.4  # of the rows of that part in one column: a letter's stroke, not a speck
STREAK, STREAK_REACH = 0.4, 0.6
"""A copier's streak runs on above and below a frame: ink in so large a share of so many sides."""

INSET, CORE = 0.25, 0.3  # of a side that is left out all around
MARKED = 0.08  # of the inside that is inked: ticks have .11 and more, bare boxes .01 at most
LEAST_CORE = 0.015  # of the core that is inked where the inside is
GRAY_STEP = 24  # how much darker than its surroundings ink is, of 255
SURROUNDINGS = 16  # px


Window = tuple[int, int, int, int]
"""Left, top, right, bottom: where to look for frames."""


@dataclass(frozen=True, slots=True)
class Square:
    """A frame from (x, y), its top left corner, `side` px wide and high, strokes included.

    `inside` is the share (0 to 1) of its inside that is inked, `cover` that of its frame; `sharp`
    is a frame of four straight sides.
    """

    x: int
    y: int
    side: int
    inside: float
    cover: float
    sharp: bool

    @property
    def marked(self) -> bool:
        """Whether there is a tick, a cross or a blot in it."""
        return self.inside >= MARKED


@dataclass(frozen=True, slots=True, eq=False)
class Inked:
    """What is darker than its surroundings on a page, found window by window: few are looked at.

    `coarse` is the page once more, a pixel for SURROUNDINGS of it across and down.
    """

    page: Image.Image
    coarse: Image.Image

    @classmethod
    def of(cls, image: Image.Image, scale: float) -> Inked:
        """The ink on a copy of `image` at `scale`."""
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        page = image.resize(size, Image.Resampling.BOX, reducing_gap=None)
        return cls(page, page.reduce(SURROUNDINGS))

    def within(self, window: Window) -> Ink:
        """The ink in the part of the window that lies on the page."""
        x0, y0 = max(0, window[0]), max(0, window[1])
        x1, y1 = min(self.page.width, window[2]), min(self.page.height, window[3])
        if x0 >= x1 or y0 >= y1:
            return np.zeros((max(0, y1 - y0), max(0, x1 - x0)), dtype=np.bool_)
        across = self.coarse.width / self.page.width
        down = self.coarse.height / self.page.height
        place = (x0 * across, y0 * down, x1 * across, y1 * down)
        around = self.coarse.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR, place)
        part = self.page.crop((x0, y0, x1, y1))
        darker: Ink = np.asarray(ImageChops.subtract(around, part)) > GRAY_STEP
        return darker


def squares(ink: Inked, windows: Iterable[Window]) -> list[Square]:
    """The frames in any of the windows, none over another: strokes' outer edges, largest first."""
    found = [square for window in windows for square in _in_window(ink, window)]
    found.sort(key=lambda square: (square.side, square.cover), reverse=True)
    kept: list[Square] = []
    for square in found:
        if not any(_over(square, other) for other in kept):
            kept.append(square)
    return kept


def _in_window(ink: Inked, window: Window) -> Iterator[Square]:
    x0, y0 = max(0, window[0]), max(0, window[1])
    part = _Page.of(ink.within(window))
    for square in part.squares():
        yield replace(square, x=square.x + x0, y=square.y + y0)


def room(ink: Inked, square: Square) -> tuple[int, int]:
    """Bare pixels on the left and on the right of a frame, at most `BESIDE` each.

    They are counted where no tick or cross reaches out; between letters of a word there are two
    or three.
    """
    near, far = FRAYED, FRAYED + BESIDE
    right = square.x + square.side
    before = _level_with(ink, square, ON_THE_LEFT, square.x - far, square.x - near)
    behind = _level_with(ink, square, ON_THE_RIGHT, right + near, right + far)
    return near + _bare(before[:, ::-1]), near + _bare(behind)


def _level_with(ink: Inked, square: Square, part: tuple[float, float], x0: int, x1: int) -> Ink:
    top, bottom = (square.y + round(share * square.side) for share in part)
    return ink.within((x0, top, x1, bottom))


def _bare(ink: Ink) -> int:
    """How many columns there are before the first in which a letter's stroke stands."""
    strokes = ink.sum(axis=0) >= max(1, STROKE * ink.shape[0])
    return int(np.argmax(strokes)) if strokes.any() else len(strokes)


def _over(one: Square, other: Square) -> bool:
    reach = max(one.side, other.side)
    return abs(one.x - other.x) < reach and abs(one.y - other.y) < reach


_Sums = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """The ink, and running sums of ink widened by a pixel across each direction.

    `along[y, x]` counts inked columns of row `y` left of `x`; `down[y, x]` inked rows of column
    `x` above `y`; both with one more entry than there are pixels.
    """

    ink: Ink
    along: _Sums
    down: _Sums

    @classmethod
    def of(cls, ink: Ink) -> _Page:
        thick_rows, thick_columns = ink.copy(), ink.copy()
        thick_rows[1:] |= ink[:-1]
        thick_rows[:-1] |= ink[1:]
        thick_columns[:, 1:] |= ink[:, :-1]
        thick_columns[:, :-1] |= ink[:, 1:]
        height, width = ink.shape
        along = np.zeros((height, width + 1), dtype=np.int16)
        down = np.zeros((height + 1, width), dtype=np.int16)
        np.cumsum(thick_rows, axis=1, out=along[:, 1:])
        np.cumsum(thick_columns, axis=0, out=down[1:])
        return cls(ink, along, down)

    def corners(self) -> NDArray[np.int64]:
        """Places (y, x) of ink from which ink goes on to the right and downwards."""
        n = LEAST_SIDE
        height, width = self.ink.shape
        if height <= n or width <= n:
            return np.empty((0, 2), dtype=np.int64)
        right = self.along[: height - n, n:width] - self.along[: height - n, : width - n]
        below = self.down[n:height, : width - n] - self.down[: height - n, : width - n]
        least = LEAST_COVER * n
        return np.argwhere((right >= least) & (below >= least) & self.ink[:-n, :-n])

    def squares(self) -> Iterator[Square]:
        """The best frame with each top left corner, if there is one that stands by itself."""
        corners = self.corners()
        if not len(corners):
            return
        sides, covers = self._best(corners)
        for place in np.flatnonzero(covers >= LEAST_COVER_MEAN):
            y, x, side = *map(int, corners[place]), int(sides[place])
            weakest, second = self._straight(y, x, side)
            if (
                weakest >= LEAST_COVER - 0.1
                and second >= LEAST_STRAIGHT
                and self._cornered(y, x, side)
                and self._alone(y, x, side)
                and not self._barred(y, x, side)
            ):
                inside, cover = self._inside(y, x, side), round(float(covers[place]), 3)
                yield Square(x, y, side, inside, cover, weakest >= LEAST_SHARP)

    def _best(self, corners: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """For each corner the side of its best frame, and how much of that frame is inked; 0.0
        where a side of it is not inked enough.

        Rows are corners, columns lengths of a side; all are looked up at once.
        """
        height, width = self.ink.shape
        sides = np.arange(LEAST_SIDE, MOST_SIDE + 1)
        y, x = corners[:, :1], corners[:, 1:]
        fits = (y + sides < height) & (x + sides < width)
        y1, x1 = np.minimum(y + sides, height - 1), np.minimum(x + sides, width - 1)
        strokes = (
            self.along[y, x1] - self.along[y, x],
            self.along[y1 - 1, x1] - self.along[y1 - 1, x],
            self.down[y1, x] - self.down[y, x],
            self.down[y1, x1 - 1] - self.down[y, x1 - 1],
        )
        least = np.minimum(np.minimum(strokes[0], strokes[1]), np.minimum(strokes[2], strokes[3]))
        mean = np.where(fits & (least >= LEAST_COVER * sides), sum(strokes) / (4 * sides), 0.0)
        close = mean >= mean.max(axis=1, keepdims=True) - 0.02
        best = len(sides) - 1 - np.argmax(close[:, ::-1], axis=1)  # to the stroke's outer edge
        return sides[best], mean[np.arange(len(mean)), best]

    def _straight(self, y: int, x: int, side: int) -> tuple[float, float]:
        """How much of its weakest two sides is one straight stroke; letters bend, boxes break."""
        x1, y1 = x + side, y + side
        weakest, second, *_ = sorted(
            float(stroke.max())
            for stroke in (
                self.ink[max(0, y - 1) : y + 3, x:x1].mean(axis=1),
                self.ink[y1 - 3 : y1 + 1, x:x1].mean(axis=1),
                self.ink[y:y1, max(0, x - 1) : x + 3].mean(axis=0),
                self.ink[y:y1, x1 - 3 : x1 + 1].mean(axis=0),
            )
        )
        return weakest, second

    def _cornered(self, y: int, x: int, side: int) -> bool:
        """At least three corners are sharp; those of "D", "O" and "8" are round."""
        sharp = sum(
            bool(self.ink[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].any())
            for row in (y, y + side - 1)
            for column in (x, x + side - 1)
        )
        return sharp >= LEAST_CORNERS

    def _alone(self, y: int, x: int, side: int) -> bool:
        """No side goes on beyond its corners as a table's lines do, and little stands close by."""
        far = side + STUB_END + 1
        height, width = self.ink.shape
        if min(y, x) < STUB_END + 1 or y + far >= height or x + far >= width:
            return False
        return self._stubs(y, x, side) <= MOST_STUBS and self._around(y, x, side) <= MOST_AROUND

    def _stubs(self, y: int, x: int, side: int) -> int:
        """How many of the eight ends of sides go on; the arms of a cross soon leave the line."""
        ends = ((-STUB_END, -STUB_START), (side + STUB_START, side + STUB_END))
        whole = STUB_END - STUB_START
        along = (
            self.along[row, x + b] - self.along[row, x + a]
            for row in (y, y + side - 1)
            for a, b in ends
        )
        down = (
            self.down[y + b, column] - self.down[y + a, column]
            for column in (x, x + side - 1)
            for a, b in ends
        )
        return sum(int(count >= whole) for count in (*along, *down))

    def _around(self, y: int, x: int, side: int) -> float:
        """The inked share of the middle half outside the side that is closest to something."""
        rows = slice(y + side // 4, y + side - side // 4)
        columns = slice(x + side // 4, x + side - side // 4)
        strips = (
            self.ink[y - 3, columns],
            self.ink[y + side + 2, columns],
            self.ink[rows, x - 3],
            self.ink[rows, x + side + 2],
        )
        return max(float(strip.mean()) for strip in strips)

    def _barred(self, y: int, x: int, side: int) -> bool:
        """Whether a bar goes through the middle of a hollow inside, unlike a cross or a blot."""
        inset = max(2, round(side * 0.2))
        inside = self.ink[y + inset : y + side - inset, x + inset : x + side - inset]
        rows = inside.mean(axis=1)
        quarter, half = len(rows) // 4, len(rows) // 2
        middle = rows[quarter : len(rows) - quarter]
        return bool(middle.max() >= BARRED and np.sort(rows)[:half].mean() < HOLLOW)

    def _inside(self, y: int, x: int, side: int) -> float:
        """The inked share of the inside, without copier streaks that run through the frame.

        None where the core is bare: then it is the frame's own strokes, which are thick or lean.
        """
        core, inside = (self._within(y, x, side, inset) for inset in (CORE, INSET))
        return inside if core >= LEAST_CORE else 0.0

    def _within(self, y: int, x: int, side: int, share: float) -> float:
        inset, reach = round(side * share), round(side * STREAK_REACH)
        columns = slice(x + inset, x + side - inset)
        above = self.ink[max(0, y - reach) : y - 1, columns].mean(axis=0)
        below = self.ink[y + side + 1 : y + side + reach, columns].mean(axis=0)
        streak = _widened((above > STREAK) & (below > STREAK))
        clean = self.ink[y + inset : y + side - inset, columns][:, ~streak]
        return round(float(clean.mean()), 3) if clean.size else 0.0


def _widened(columns: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A column more on either side: streaks have soft edges, and lean a little."""
    wide = columns.copy()
    wide[1:] |= columns[:-1]
    wide[:-1] |= columns[1:]
    return wide
