"""The stage that reads the bar codes of a page, whichever way it lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

import numpy as np
import zxingcpp
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image

from digitizer.chart.barcode import LONGEST_VALUE, Barcode
from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import PageReader, Resources, Scope

_FORMATS = {
    zxingcpp.BarcodeFormat.Code128: "CODE128",
    zxingcpp.BarcodeFormat.Code39: "CODE39",
    zxingcpp.BarcodeFormat.QRCode: "QR",
    zxingcpp.BarcodeFormat.DataMatrix: "DATAMATRIX",
    zxingcpp.BarcodeFormat.PDF417: "PDF417",
}
_EACH = zxingcpp.BarcodeFormats(list(_FORMATS))

COARSE_DPI = 150.0
"""On 117 pages with 53 bar codes, fax and photocopies among them, half of 300 dpi read all 53 for
16 ms a page; 300 dpi read them too, for 45 ms, and twice something that no one had printed."""

LEAST_CONTRAST = 0.45
"""Of full black on white. Of those bar codes each had at least .65; four others showed through from
the sheet behind, with at most .32, and would have parted the chart at the wrong page."""

CELL, SQUARE = 0.1, 3  # inch; cells of a square's side
AROUND = 0.5  # inch; how far a code may reach beyond such squares, its quiet zone included
PALEST, DARKEST = 0.2, 0.9  # of black: the mean of a cell of bars and spaces
LEAST_LENGTH = 3  # characters; lines of a form may read as one or two

Place: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom of a part of an image; half-open, in its pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcodes:
    """Reads bar codes on the page as delivered, first coarsely, then finely where none was found.

    It stands before `upright`, for a page with nothing but a bar code would be blank there.
    """

    fine: bool = True

    name: ClassVar[str] = "barcodes"
    version: ClassVar[str] = "2"
    scope: ClassVar[Scope] = Scope.PAGE
    needs: ClassVar[frozenset[str]] = frozenset({"image"})
    gives: ClassVar[frozenset[str]] = frozenset({"barcodes"})

    def open(self, resources: Resources) -> PageReader:  # noqa: ARG002 - a stage's door
        """A reader that needs nothing but the page's image."""
        return self._read

    def _read(self, page: Page) -> Page:
        if page.image is None:
            return page
        with Image.open(page.image) as image:
            gray = image.convert("L")
        factor = max(1, int(page.dpi // COARSE_DPI))
        coarse = gray.reduce(factor)
        found = _found(page, coarse, _all_of(coarse), thorough=True)
        if not found and self.fine and factor > 1:
            place = likely(gray, page.dpi)
            found = _found(page, gray, place, thorough=False) if place else ()
        return replace(page, barcodes=found)


def _found(page: Page, image: Image.Image, place: Place, *, thorough: bool) -> tuple[Barcode, ...]:
    """The bar codes in one place of an image of the whole page, from top to bottom as delivered.

    `thorough` looks at smaller copies of the image too.
    """
    part = image.crop(place)
    results = zxingcpp.read_barcodes(
        part,
        formats=_EACH,
        try_downscale=thorough,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    codes = [
        Barcode(
            format=_FORMATS[result.format],
            value=value,
            box=_delivered(page, _box(result, place[:2]), image.size),
        )
        for result in results
        if result.format in _FORMATS
        and (value := _printable(result.text))
        and contrast(part, _box(result)) >= LEAST_CONTRAST
    ]
    return tuple(sorted(_apart(codes), key=lambda code: (code.box.y0, code.box.x0)))


def _apart(codes: Sequence[Barcode]) -> Iterator[Barcode]:
    """Without codes that lie on a larger one: a few of its rows that were misread."""
    kept: list[Barcode] = []
    for code in sorted(codes, key=lambda code: -code.box.area):
        if all(code.box.common(other.box) < code.box.area / 2 for other in kept):
            kept.append(code)
            yield code


def _printable(text: str) -> str | None:
    """The value, where it is one that may be passed on."""
    value = text.strip()
    fits = LEAST_LENGTH <= len(value) <= LONGEST_VALUE
    return value if fits and value.isprintable() else None


def _all_of(image: Image.Image) -> Place:
    return 0, 0, image.width, image.height


def _box(result: zxingcpp.Barcode, at: tuple[int, int] = (0, 0)) -> Box:
    """Where it lies on the image of which a part, with its top left corner `at`, was looked at."""
    place = result.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs, ys = [at[0] + corner.x for corner in corners], [at[1] + corner.y for corner in corners]
    return Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)


def _delivered(page: Page, box: Box, size: tuple[int, int]) -> Box:
    across, down = page.width / size[0], page.height / size[1]
    return page.delivered(Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down))


def likely(image: Image.Image, dpi: float) -> Place | None:
    """Around all squares of a third of an inch that are all through as dark as bars and spaces are;
    `None` where there is none.

    Text is lighter. Of 302 pages all 38 with bar codes had some, and 124 others. It spares pages
    most of the closer look.
    """
    side = max(1, round(dpi * CELL))
    cells = np.asarray(image.reduce(side), dtype=np.float32)
    dark = 1.0 - cells / max(1.0, float(np.percentile(cells, 90)))
    bars = (dark > PALEST) & (dark < DARKEST)
    if min(bars.shape) < SQUARE:
        return _all_of(image)
    rows, columns = np.nonzero(sliding_window_view(bars, (SQUARE, SQUARE)).all(axis=(2, 3)))
    if not rows.size:
        return None
    around = round(dpi * AROUND)
    return (
        max(0, int(columns.min()) * side - around),
        max(0, int(rows.min()) * side - around),
        min(image.width, (int(columns.max()) + SQUARE) * side + around),
        min(image.height, (int(rows.max()) + SQUARE) * side + around),
    )


def contrast(image: Image.Image, box: Box) -> float:
    """How much darker (0 to 1) the bars of a code are than the spaces between them."""
    place = round(box.x0), round(box.y0), round(box.x1), round(box.y1)
    dark, light = np.percentile(np.asarray(image.crop(place)), (10, 90))
    return float(light - dark) / 255
