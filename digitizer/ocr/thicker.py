"""A page read once more by the same engine with its strokes thickened: what a copier made faint or
broken closes up again.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageFilter

from digitizer.chart.page import Page
from digitizer.errors import InputError
from digitizer.ocr.choose import ALIKE, better
from digitizer.ocr.confidence import calibrated
from digitizer.ocr.engine import Engine
from digitizer.ocr.known import KnownWords
from digitizer.ocr.tidy import tidied
from digitizer.work.page_image import SUFFIX, save_page

WIDER = 3
"""A stroke grows by half of it, less one, on either side. Together with PP-OCR's reading 47 poor
photocopies gained .0046 in word recall and .006 in precision by it, 6 faxes .007 and .002; blurred
by 1.5 px instead .0016 and .006, with both nothing more. Receipts that had been brought to another
size before lost .01.
"""


def read_thicker(page: Page, engine: Engine, name: str, known: KnownWords) -> Page:
    """The page in the better words of both readings, if its image has the size in which it was
    scanned; `engine` has read it already, under the name `name`. Confidences are calibrated.

    Where this reading fails the first one stands. What was done is noted.
    """
    if page.image is None or _was_scaled(page):
        return page
    image = _thickened(page.image)
    try:
        said = tidied(engine.read(image, dpi=page.dpi), image)
    except InputError as error:
        return page.noted(f"reading it with its strokes thickened failed: {error}")
    choice = better(calibrated(said, name, known), page.lines or (), ALIKE, known)
    done = replace(page, lines=choice.lines)
    return done.noted(f"read once more by {name}, with its strokes thickened")


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
