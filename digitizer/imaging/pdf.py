"""The pages of a PDF, rendered by poppler through pdf2image, a few at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from pdf2image import convert_from_path, pdfinfo_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image

from digitizer.errors import ConfigError, InputError
from digitizer.imaging.delivered import Delivered
from digitizer.imaging.pdf_render import CALL_SECONDS, Sheet, rendered
from digitizer.imaging.pdf_scans import POINTS, Scans, scan_resolutions

PAGES_A_CALL = 4  # starting poppler costs about 60 ms; four gray Letter pages at 300 dpi are 34 MB
SIZES_A_CALL = 500
LONG_SIDE_INCHES = 17.0  # tabloid; longer pages mostly are pictures with a wrong size on them
LEAST_POINTS = 1.0
_TOO_LARGE = (
    "the page is too large (the limit is {} megapixels): scan it at a lower resolution, "
    "or raise limits.megapixels in config.yaml"
)
TAIL_BYTES = 2048  # the end-of-file mark stands in the last kilobyte, give or take a signature


class _LockedError(Exception):
    """Poppler wants a password."""


class _TornError(Exception):
    """Poppler cannot open it."""


def pdf_pages(
    original: Path,
    folder: Path,
    *,
    dpi: int,
    pages: int,
    pixels: int,
    passwords: Sequence[str] = (),
) -> Iterator[Delivered]:
    """Each page of the PDF, written to `folder` a few ahead of when it is asked for.

    Pages are rendered at `dpi`, those that are a scan of fewer at the scan's own resolution.

    Raises:
        InputError: it is encrypted with none of `passwords`, damaged beyond opening, or has more
            than `pages` pages.
        ConfigError: poppler is not installed.
    """
    file, notes = _opened(original, folder, passwords)
    count = _count(file, pages)
    with closing(Scans(file=file, count=count, dpi=dpi, pixels=pixels)) as scans:
        for batch in _batches(_sheets(file, count, dpi, pixels)):
            for page in _delivered(file, folder, batch, scans):
                yield replace(page, warnings=(*notes, *page.warnings))
                notes = ()


def one_page(
    original: Path, folder: Path, number: int, *, side: int, passwords: Sequence[str] = ()
) -> Image.Image:
    """One page in colour, its longer side `side` pixels; scratch files go to `folder`.

    Raises:
        InputError: it cannot be rendered.
        ConfigError: poppler is not installed.
    """
    file, _ = _opened(original, folder, passwords)
    try:
        (image,) = convert_from_path(
            file,
            first_page=number,
            last_page=number,
            size=side,
            use_cropbox=True,
            timeout=CALL_SECONDS,
        )
    except (PDFSyntaxError, PDFPageCountError, PDFPopplerTimeoutError, ValueError):
        raise InputError("this page of the PDF cannot be shown") from None
    found: Image.Image = image
    return found


def _delivered(
    file: Path, folder: Path, batch: Sequence[Sheet], scans: Scans
) -> Iterator[Delivered]:
    if not batch[0].scan:
        yield from rendered(file, folder, batch)
        return
    for sheet in batch:
        yield scans.page(sheet.number, folder) or next(rendered(file, folder, [sheet]))


def _batches(sheets: Iterator[Sheet]) -> Iterator[list[Sheet]]:
    """Neighbours that one call of poppler can render: same resolution, none or all at fault."""
    for _, group in groupby(sheets, key=lambda sheet: (sheet.dpi, sheet.scan, bool(sheet.fault))):
        while batch := list(islice(group, PAGES_A_CALL)):
            yield batch


def _opened(original: Path, folder: Path, passwords: Sequence[str]) -> tuple[Path, tuple[str, ...]]:
    """A file that poppler opens, the original or a copy of it, and what was amiss."""
    try:
        _info(original)
    except _LockedError:
        from digitizer.imaging.pdf_open import unlock

        return unlock(original, folder, passwords), ()
    except _TornError:
        from digitizer.imaging.pdf_open import mend

        file, note = mend(original, folder)
        return file, (note,)
    return original, _notes(original)


def _notes(original: Path) -> tuple[str, ...]:
    """A warning where the file's own end mark is missing: poppler rebuilds such files silently."""
    with original.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
        if b"%%EOF" in file.read():
            return ()
    return ("the PDF is truncated: pages may be missing; compare with the paper",)


def _info(original: Path, first: int = 1, last: int = 1) -> dict[str, Any]:
    try:
        found = pdfinfo_from_path(
            str(original), timeout=CALL_SECONDS, first_page=first, last_page=last
        )
    except PDFInfoNotInstalledError:
        raise ConfigError("poppler is missing: install it with apt install poppler-utils") from None
    except PDFPopplerTimeoutError:
        raise InputError(
            "the PDF is corrupt: listing its pages does not end; print it to a new PDF"
        ) from None
    except PDFPageCountError as error:
        if "password" in str(error).lower():  # poppler's only sign
            raise _LockedError from None
        raise _TornError from None
    return dict(found)


def _count(original: Path, most: int) -> int:
    try:
        count = int(_info(original)["Pages"])
    except _TornError:
        raise InputError("the PDF is corrupt: print it to a new PDF and drop that") from None
    if count > most:
        raise InputError(
            f"too many pages ({count}; the limit is {most}): split the file, or raise limits.pages"
        )
    if count < 1:
        raise InputError("the PDF is empty: it has no pages")
    return count


def _sheets(original: Path, count: int, dpi: int, pixels: int) -> Iterator[Sheet]:
    for first in range(1, count + 1, SIZES_A_CALL):
        last = min(count, first + SIZES_A_CALL - 1)
        info = _info(original, first, last)
        numbers = range(first, last + 1)
        sizes = {number: _size(info.get(f"Page {number:4} size", "")) for number in numbers}
        scanned_at = scan_resolutions(original, sizes, seconds=CALL_SECONDS)
        for number, size in sizes.items():
            sheet = _sheet(number, size, min(dpi, scanned_at.get(number, dpi)), pixels)
            yield replace(sheet, scan=number in scanned_at and not sheet.fault)


def _size(text: str) -> tuple[float, float]:
    """`text` reads "612 x 792 pts (letter)"."""
    words = text.split()
    return (float(words[0]), float(words[2])) if len(words) > 2 else (0.0, 0.0)


def _sheet(number: int, size: tuple[float, float], dpi: int, pixels: int) -> Sheet:
    width, height = size
    if min(width, height) < LEAST_POINTS:
        return Sheet(number, dpi, fault="the page is corrupt, it has no size: scan this page again")
    fitting = int(dpi * min(1.0, LONG_SIDE_INCHES * POINTS / max(width, height)))
    if width * height * (fitting / POINTS) ** 2 > pixels:
        return Sheet(number, dpi, fault=_TOO_LARGE.format(pixels // 10**6))
    return Sheet(number, max(1, fitting))
