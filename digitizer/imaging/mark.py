"""Draws on pictures of pages: frames around what was found, black over what identifies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

from digitizer.chart.geometry import Box

LINE = 3
"""Pixels of a frame's line; frames stand so far outside the ink."""


def framed(picture: Path, boxes: Iterable[tuple[Box, str]], out: Path) -> None:
    """Write `picture` to `out` with a frame of its colour around each box (in fractions of it)."""
    with Image.open(picture) as image:
        page = image.convert("RGB")
    draw = ImageDraw.Draw(page)
    for box, colour in boxes:
        draw.rectangle(_pixels(page, box, LINE), outline=colour, width=LINE)
    page.save(out)


def blackened(picture: Path, boxes: Iterable[Box], out: Path) -> None:
    """Write `picture` to `out` with every box (in fractions of it) filled: no ink shows through."""
    with Image.open(picture) as image:
        page = image.convert("RGB")
    draw = ImageDraw.Draw(page)
    for box in boxes:
        draw.rectangle(_pixels(page, box, LINE), fill="black")
    page.save(out)


def _pixels(page: Image.Image, box: Box, margin: int) -> tuple[float, float, float, float]:
    width, height = page.size
    left, right = box.x0 * width - margin, box.x1 * width + margin
    return left, box.y0 * height - margin, right, box.y1 * height + margin
