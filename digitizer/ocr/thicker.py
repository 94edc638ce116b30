"""A page read once more by the same engine with its strokes thickened: what a copier made faint or
broken closes up again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageFilter

from digitizer.chart.page import Page
from digitizer.ocr.choose import ALIKE, better
from digitizer.ocr.confidence import calibrated
from digitizer.ocr.engine import Engine
from digitizer.ocr.known import NONE, KnownWords
from digitizer.ocr.tidy import tidied
from digitizer.work.page_image import SUFFIX, save_page

WIDER = 3
"""A stroke grows by half of it, less one, on either side. Together with PP-OCR's reading 47 poor
photocopies gained .0046 in word recall and .006 in precision by it, 6 faxes .007 and .002; blurred
by 1.5 px instead .0016 and .006, with both nothing more. Receipts that had been brought to another
size before lost .01.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thicker:
    """Reads with `engine`, which has read the page already under the name `name`."""

    engine: Engine
    name: str
    known: KnownWords = NONE

    def again(self, page: Page) -> Page:
        """The page in the better words of both readings, if its image has the size in which it was
        scanned. Confidences are calibrated.
        """
        if page.image is None or _was_scaled(page):
            return page
        image = _thickened(page.image)
        said = calibrated(
            tidied(self.engine.read(image, dpi=page.dpi), image), self.name, self.known
        )
        choice = better(said, page.lines or (), ALIKE, self.known)
        note = f"read once more by {self.name}, with its strokes thickened"
        return replace(page, lines=choice.lines, notes=(*page.notes, note))


def _was_scaled(page: Page) -> bool:
    if page.plain is None:
        return False
    with Image.open(page.plain) as plain:
        return plain.width != page.width


def _thickened(image: Path) -> Path:
    target = image.with_suffix(f".thicker{SUFFIX}")
    with Image.open(image) as opened:
        save_page(opened.filter(ImageFilter.MinFilter(WIDER)), target)
    return target
