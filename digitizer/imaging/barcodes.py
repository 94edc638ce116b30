"""The stage that reads the bar codes of a page, whichever way it lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

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
PALEST, DARKEST = 0.2, 0.9  # of black: the mean of a cell of bars and spaces
LEAST_LENGTH = 3  # characters; lines of a form may read as one or two


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcodes:
    """Reads bar codes on the page as delivered, first coarsely, then finely where none was found.

    It stands before `upright`, for a page with nothing but a bar code would be blank there.
    """

    fine: bool = True

    name: ClassVar[str] = "barcodes"
    version: ClassVar[str] = "1"
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
        found = _found(page, gray.reduce(factor), thorough=True)
        if not found and self.fine and factor > 1 and likely(gray, page.dpi):
            found = _found(page, gray, thorough=False)
        return replace(page, barcodes=found)


def _found(page: Page, image: Image.Image, *, thorough: bool) -> tuple[Barcode, ...]:
    """The bar codes of an image of the whole page, from top to bottom as delivered.

    `thorough` looks at smaller copies of the image too.
    """
    results = zxingcpp.read_barcodes(
        image,
        formats=_EACH,
        try_downscale=thorough,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    codes = [
        Barcode(
            format=_FORMATS[result.format],
            value=value,
            box=_delivered(page, _box(result), image.size),
        )
        for result in results
        if result.format in _FORMATS
        and (value := _printable(result.text))
        and contrast(image, _box(result)) >= LEAST_CONTRAST
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


def _box(result: zxingcpp.Barcode) -> Box:
    place = result.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)


def _delivered(page: Page, box: Box, size: tuple[int, int]) -> Box:
    across, down = page.width / size[0], page.height / size[1]
    return page.delivered(Box(box.x0 * across, box.y0 * down, box.x1 * across, box.y1 * down))


def likely(image: Image.Image, dpi: float) -> bool:
    """Whether some square of a third of an inch is all through as dark as bars and spaces are.

    Text is lighter. Of 302 pages all 38 with bar codes were, and 124 others.
    It spares the others the closer look: 36 ms a page on average instead of 56.
    """
    cells = np.asarray(image.reduce(max(1, round(dpi * CELL))), dtype=np.float32)
    dark = 1.0 - cells / max(1.0, float(np.percentile(cells, 90)))
    bars = (dark > PALEST) & (dark < DARKEST)
    if min(bars.shape) < SQUARE:
        return True
    return bool(sliding_window_view(bars, (SQUARE, SQUARE)).all(axis=(2, 3)).any())


def contrast(image: Image.Image, box: Box) -> float:
    """How much darker (0 to 1) the bars of a code are than the spaces between them."""
    place = round(box.x0), round(box.y0), round(box.x1), round(box.y1)
    dark, light = np.percentile(np.asarray(image.crop(place)), (10, 90))
    return float(light - dark) / 255
