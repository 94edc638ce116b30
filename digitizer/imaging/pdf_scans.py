"""Which pages of a PDF are nothing but one scanned image, and at what resolution it was scanned.

Such a page is its image: taken out as it is, or else rendered at just that resolution, it gives
back the scanner's own pixels. Any other resolution resamples them, which costs time and blurs thin
strokes (q turns into g, l into i).
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer.imaging.delivered import Delivered, gray_page, read_afresh

if TYPE_CHECKING:
    import pikepdf  # takes a tenth of a second, and files without scans do without
    from PIL import Image

POINTS = 72.0  # PDF units an inch
_LEAST_PPI, _MOST_PPI = 150, 2400  # fewer is a picture, not a scan; more is a wrong size
_COVERS = 0.98
"""Of the page's width and height: the share that an image must fill to be the page."""
_CALL_SECONDS = 120
_COLUMNS = 16  # of `pdfimages -list`


@dataclass(frozen=True, slots=True)
class _Placed:
    """An image of a page: its size in pixels, and pixels an inch across and down."""

    width: int
    height: int
    across: int
    down: int

    def covers(self, page_width: float, page_height: float) -> bool:
        """Whether it fills a page of this size, in points."""
        width = self.width / self.across * POINTS
        height = self.height / self.down * POINTS
        return width >= _COVERS * page_width and height >= _COVERS * page_height


def scan_resolutions(
    original: Path, sizes: Mapping[int, tuple[float, float]], *, seconds: int = _CALL_SECONDS
) -> dict[int, int]:
    """Pixels an inch, the larger of across and down, by number of the pages that are scans.

    `sizes` are the pages to look at with their width and height in points. Where poppler cannot
    list the images, none of the pages counts as a scan.
    """
    placed = _images(original, min(sizes), max(sizes), seconds)
    found = {}
    for number, (width, height) in sizes.items():
        images = placed.get(number, [])
        if len(images) == 1 and images[0].covers(width, height):
            found[number] = max(images[0].across, images[0].down)
    return found


@dataclass(frozen=True, kw_only=True)
class Scans:
    """The scanned pages of a file, which has `count` pages, as images of at most `pixels` pixels.

    The file is opened at the first page asked for.
    """

    file: Path
    count: int
    dpi: int
    pixels: int

    def page(self, number: int, folder: Path) -> Delivered | None:
        """The page with its image in `folder`; `None` where it is to be rendered."""
        from digitizer.imaging.pdf_image import page_image
        from digitizer.imaging.pdf_placed import placed_image

        if self._pdf is None:
            return None
        placed = placed_image(self._pdf.pages[number - 1])
        found = placed and page_image(placed, dpi=self.dpi, pixels=self.pixels)
        if not placed or not found:
            return None
        notes = (read_afresh(number, "it lies unseen on a scan"),) if placed.worded else ()
        return replace(gray_page(*found, number, folder), notes=notes)

    def close(self) -> None:
        """Let go of the file."""
        if "_pdf" in self.__dict__ and self._pdf is not None:
            self._pdf.close()

    @cached_property
    def _pdf(self) -> pikepdf.Pdf | None:
        import pikepdf

        try:
            pdf = pikepdf.open(self.file)
        except (pikepdf.PdfError, RuntimeError, ValueError):  # whatever it stumbles over
            return None
        return pdf if len(pdf.pages) == self.count else None


def jbig2_scan(file: Path, number: int, *, pixels: int) -> Image.Image | None:
    """Page `number` in gray if it is a JBIG2 scan of at most `pixels` pixels, which poppler may
    draw wrongly (see `pdf_jbig2`); `None` for any other.
    """
    if not _names_jbig2(file):
        return None
    import pikepdf

    from digitizer.imaging.pdf_image import page_image
    from digitizer.imaging.pdf_placed import DAMAGE, names_of, placed_image

    try:
        with pikepdf.open(file) as pdf:
            placed = placed_image(pdf.pages[number - 1])
            if placed is None or names_of(placed.image.get("/Filter")) != ["/JBIG2Decode"]:
                return None
            found = page_image(placed, dpi=_MOST_PPI, pixels=pixels)
    except DAMAGE:
        return None
    return found[0] if found else None


def _names_jbig2(file: Path) -> bool:
    """Whether any image may be JBIG2: how an image is packed stands in the plain, never packed."""
    with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as data:
        return data.find(b"JBIG2Decode") >= 0


def _images(original: Path, first: int, last: int, seconds: int) -> dict[int, list[_Placed]]:
    command = ["pdfimages", "-list", "-f", str(first), "-l", str(last), str(original)]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and no shell
            command, capture_output=True, timeout=seconds, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return {}
    found: dict[int, list[_Placed]] = defaultdict(list)
    for line in done.stdout.decode("ascii", "replace").splitlines()[2:]:
        words = line.split()
        if len(words) >= _COLUMNS - 1 and words[2] in ("image", "stencil"):
            found[int(words[0])].append(_placed(words))
    return found


def _placed(words: list[str]) -> _Placed:
    """From "page num type width height colour components bits coding interpolated object id
    x-ppi y-ppi …"; what is no credible scan gets a size of nothing.
    """
    width, height, across, down = (int(words[place]) for place in (3, 4, 12, 13))
    if not all(0 < ppi <= _MOST_PPI for ppi in (across, down)) or max(across, down) < _LEAST_PPI:
        return _Placed(0, 0, 1, 1)
    return _Placed(width, height, across, down)
