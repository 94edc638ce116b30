"""Which pages of a PDF keep the words of their text layer, and such a page with its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from digitizer.imaging.delivered import Delivered, gray_page, read_afresh
from digitizer.imaging.pdf_render import Sheet
from digitizer.imaging.text_layer import Layer, lines_of
from digitizer.imaging.trust import doubt

if TYPE_CHECKING:
    from digitizer.imaging.layer_reader import (
        LayerReader,  # files that are all scans do without PDFium
    )

LAYER_DPI = 150
"""Enough to see the ink of each word, bar codes and check-boxes; half the work of 300."""

_TURNS = {
    90: Image.Transpose.ROTATE_90,  # Pillow turns anticlockwise
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, kw_only=True)
class Layers:
    """The text layers of a file; it is opened at the first page that is not a scan."""

    file: Path

    def probed(self, sheet: Sheet) -> Sheet:
        """The sheet with its layer if that may be believed, as far as can be told without ink."""
        if sheet.scan or sheet.fault:
            return sheet
        layer = self._reader.layer(sheet.number)
        if reason := doubt(layer):
            return replace(sheet, note=read_afresh(sheet.number, reason))
        if not layer.words:
            return sheet
        return replace(sheet, layer=layer, dpi=min(LAYER_DPI, sheet.dpi), full_dpi=sheet.dpi)

    def close(self) -> None:
        """Let go of the file."""
        if "_reader" in self.__dict__:
            self._reader.close()

    @cached_property
    def _reader(self) -> LayerReader:
        from digitizer.imaging.layer_reader import LayerReader

        return LayerReader(self.file)


def with_layer(page: Delivered, sheet: Sheet, folder: Path) -> tuple[Delivered | None, Sheet]:
    """The rendered page upright and with the words of its layer; `None` where the ink is against
    it. Then the sheet is how to render the page for being read.
    """
    plain = replace(sheet, dpi=sheet.full_dpi or sheet.dpi, layer=None)
    if not page.file or sheet.layer is None:
        return page, plain
    with Image.open(folder / page.file) as image:
        image.load()
    layer, reason = _checked(sheet.layer, image, page.dpi)
    if reason:
        return None, replace(plain, note=read_afresh(page.number, reason))
    return _worded(page, layer, image, folder), plain


def _checked(layer: Layer, image: Image.Image, dpi: float) -> tuple[Layer, str]:
    """The layer without words that are not on the ink, and why not to believe the rest."""
    from digitizer.imaging.layer_ink import on_ink, print_beside

    across, down = image.width / layer.width, image.height / layer.height
    if abs(across / down - 1) > SAME_SHAPE:
        return layer, "it is of another size than the page"
    seen = on_ink(layer, image)
    if not seen.words or (reason := doubt(seen)):
        return seen, reason if seen.words else "none of it can be seen"
    return seen, "there is print beside it" if print_beside(seen, image, dpi) else ""


SAME_SHAPE = 0.01  # of a page's side, for rounding


def _worded(page: Delivered, layer: Layer, image: Image.Image, folder: Path) -> Delivered:
    turn = layer.turn
    upright = image.transpose(_TURNS[turn]) if turn else image
    layer = layer.upright()
    lines = lines_of(layer, upright.width / layer.width)
    turned = gray_page(upright, page.dpi, page.number, folder, page.warnings)
    return replace(turned, rotation=turn, lines=lines)
