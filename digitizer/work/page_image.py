"""How page images lie in the work folder."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SUFFIX = ".tif"


def save_page(image: Image.Image, path: Path) -> None:
    """Write a gray page image to `path`, which ends in `SUFFIX`: an uncompressed TIFF.

    Tesseract reads a PGM pixel by pixel, for an eighth of all the time that a page takes, and has
    to unpack a PNG. Pillow would pack the TIFF as the file was packed that the image comes from.
    """
    image.save(path, compression="raw")
