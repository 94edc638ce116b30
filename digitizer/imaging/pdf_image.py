"""A page of a PDF that is nothing but a scanned image, as the scanner made it.

That is a fifth of the work of rendering it, and no pixel is moved.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from PIL import Image

from digitizer.chart.geometry import Box
from digitizer.imaging.gray import square_pixels
from digitizer.imaging.pdf_pixels import Form, OtherError, decoded, form_of
from digitizer.imaging.pdf_placed import DAMAGE, Placed
from digitizer.imaging.pdf_scans import POINTS

SAME_SIZE = 1.1  # a scan of so many times the resolution asked for is kept as it is
_STRAIGHT = 1e-3  # sine of the most that an image may be turned, beyond quarter turns

_TURNS: dict[tuple[tuple[int, int], tuple[int, int]], Image.Transpose | None] = {
    ((1, 0), (0, 1)): None,
    ((-1, 0), (0, 1)): Image.Transpose.FLIP_LEFT_RIGHT,
    ((1, 0), (0, -1)): Image.Transpose.FLIP_TOP_BOTTOM,
    ((-1, 0), (0, -1)): Image.Transpose.ROTATE_180,
    ((0, 1), (1, 0)): Image.Transpose.TRANSPOSE,
    ((0, 1), (-1, 0)): Image.Transpose.ROTATE_270,
    ((0, -1), (1, 0)): Image.Transpose.ROTATE_90,
    ((0, -1), (-1, 0)): Image.Transpose.TRANSVERSE,
}
"""By where on the screen (x to the right, y down) the image's own rows and columns run."""


def page_image(placed: Placed, *, dpi: int, pixels: int) -> tuple[Image.Image, float] | None:
    """The page in gray as a viewer shows it, with square pixels, and how many an inch.

    A finer scan than `dpi` is brought down to it. `None` where the page is to be rendered: an image
    of a kind not handled here, damaged, laid askew, or with more than `pixels` pixels.
    """
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    try:
        form = form_of(placed.image)
        _check_size(form.width, form.height, pixels)
        frame = _frame(form, placed)
        _check_size(frame.width, frame.height, pixels)
        image = frame.filled(decoded(placed.image, form))
        return _at(*square_pixels(image, frame.resolution), dpi)
    except (OtherError, *DAMAGE, zlib.error, OSError, SyntaxError, ArithmeticError, MemoryError):
        return None


def _check_size(width: float, height: float, most: int) -> None:
    if width < 1 or height < 1 or width * height > most:
        raise OtherError


@dataclass(frozen=True, slots=True)
class _Frame:
    """The page in pixels of the image as it lies on the screen: where it begins and ends in them,
    how to turn the image for that, and pixels an inch across and down.
    """

    left: int
    top: int
    right: int
    bottom: int
    turn: Image.Transpose | None
    resolution: tuple[float, float]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def filled(self, image: Image.Image) -> Image.Image:
        """The image cut or padded to the page; a pixel more or less is none."""
        if self.turn is not None:
            image = image.transpose(self.turn)
        place = (self.left, self.top, self.right, self.bottom)
        if all(abs(a - b) <= 1 for a, b in zip(place, (0, 0, *image.size), strict=True)):
            return image
        paper = Image.new("L", (self.width, self.height), 255)
        paper.paste(image, (-self.left, -self.top))
        return paper


def _frame(form: Form, placed: Placed) -> _Frame:
    rows, columns = _runs(placed)
    box, page = _on_screen(placed)
    wide, high = (form.width, form.height) if rows[0] else (form.height, form.width)
    across, down = wide / box.width, high / box.height
    return _Frame(
        round((page.x0 - box.x0) * across),
        round((page.y0 - box.y0) * down),
        round((page.x1 - box.x0) * across),
        round((page.y1 - box.y0) * down),
        _TURNS[rows, columns],
        (across * POINTS, down * POINTS),
    )


def _runs(placed: Placed) -> tuple[tuple[int, int], tuple[int, int]]:
    """Which way rows and columns of the image run on the screen, x to the right and y down."""
    m = placed.place
    return _direction(m.a, m.d, placed.turn), _direction(-m.b, -m.e, placed.turn)


def _direction(x: float, y: float, turn: int) -> tuple[int, int]:
    """Of a vector on the page, y upwards, after the page was turned clockwise."""
    for _ in range(turn // 90):
        x, y = y, -x
    if min(abs(x), abs(y)) > _STRAIGHT * max(abs(x), abs(y)):
        raise OtherError
    return (int(x > 0) - int(x < 0), 0) if abs(x) > abs(y) else (0, int(y < 0) - int(y > 0))


def _on_screen(placed: Placed) -> tuple[Box, Box]:
    """Image and page in points on the screen, y down; the page's corner is the origin of neither.

    Raises:
        OtherError: the image has no extent.
    """
    image, page = (_turned(box, placed.turn) for box in (placed.place.box(_UNIT), placed.seen))
    if min(image.width, image.height) <= 0:
        raise OtherError
    return image, page


_UNIT = Box(0, 0, 1, 1)


def _turned(box: Box, turn: int) -> Box:
    """A box of the page, y upwards, as it lies on a screen, y down, when the page is turned."""
    corners = [(box.x0, -box.y1), (box.x1, -box.y0)]
    for _ in range(turn // 90):
        corners = [(-y, x) for x, y in corners]
    xs, ys = zip(*corners, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _at(image: Image.Image, dpi: float, wanted: int) -> tuple[Image.Image, float]:
    if dpi <= SAME_SIZE * wanted:
        return image, dpi
    scale = wanted / dpi
    size = round(image.width * scale), round(image.height * scale)
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0), float(wanted)
