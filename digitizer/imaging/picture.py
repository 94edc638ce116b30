"""Runs in the sandboxed child: pages of an original → pictures for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from digitizer.errors import InputError
from digitizer.imaging.kinds import Kind, kind_of

QUALITY = 80
"""Of the WebP; fine print stays readable, and a Letter page takes 60 to 250 kB."""

_MODES = ("L", "RGB")


def pictures(
    original: str,
    folder: str,
    pages: Sequence[tuple[int, int]],
    sides: Sequence[int],
    pixels: int,
    passwords: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """Write each page to `folder`, once for each of `sides`, and yield the files' names.

    Args:
        original: The file as it arrived.
        folder: Where the WebP files go; nothing else of the original reaches the screen.
        pages: Numbers from 1, each with the degrees clockwise that bring the page upright: 0, 90,
            180 or 270.
        sides: The longest side of each picture, in pixels.
        pixels: The most pixels that an image of the original may have.
        passwords: Tried on PDFs that need one.

    Raises:
        InputError: a page cannot be shown.
    """
    path = Path(original)
    kind = kind_of(path)
    for number, turn in pages:
        image = (
            _of_pdf(path, Path(folder), number, max(sides), pixels, passwords)
            if kind is Kind.PDF
            else _of_image(path, kind, number, pixels)
        )
        upright = image.rotate(-turn, expand=True) if turn else image
        yield {"files": [_saved(upright, Path(folder), number, side) for side in sides]}


def _of_pdf(
    original: Path, folder: Path, number: int, side: int, pixels: int, passwords: Sequence[str]
) -> Image.Image:
    from digitizer.imaging.pdf import one_page

    return one_page(original, folder, number, side=side, pixels=pixels, passwords=passwords)


def _of_image(original: Path, kind: Kind, number: int, pixels: int) -> Image.Image:
    from digitizer.imaging.raster import one_frame

    return one_frame(original, kind, number, pixels=pixels)


def _saved(image: Image.Image, folder: Path, number: int, side: int) -> str:
    small = image if image.mode in _MODES else image.convert("RGB")
    if max(small.size) > side:
        small = ImageOps.contain(small, (side, side), Image.Resampling.BOX)
    if min(small.size) < 1:
        raise InputError("the page has no pixels")
    name = f"{number}-{side}.webp"
    small.save(folder / name, "WEBP", quality=QUALITY, method=2)
    return name
