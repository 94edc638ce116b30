"""What poppler says of a PDF before any page is rendered: can it be opened, what pages has it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pdf2image import pdfinfo_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
)

from digitizer.errors import ConfigError, InputError
from digitizer.imaging.pdf_render import CALL_SECONDS, Sheet
from digitizer.imaging.pdf_scans import POINTS, scan_resolutions

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


def opened(original: Path, folder: Path, passwords: Sequence[str]) -> tuple[Path, tuple[str, ...]]:
    """A file that poppler opens, the original or a copy of it in `folder`, and what was amiss.

    Raises:
        InputError: it is encrypted with none of `passwords`, or damaged beyond opening.
        ConfigError: poppler is not installed.
    """
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


def page_count(original: Path, most: int) -> int:
    """How many pages it has.

    Raises:
        InputError: none, more than `most`, or they cannot be counted.
    """
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


def sheets_of(original: Path, count: int, dpi: int, pixels: int) -> Iterator[Sheet]:
    """The pages to come, in order: rendered at `dpi`, or at a scan's own resolution if coarser.

    One that would have more than `pixels` pixels has a fault.
    """
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
