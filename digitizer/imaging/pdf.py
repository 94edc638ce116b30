"""The pages of a PDF, a few at a time, each in the cheapest way that is right.

A scan is taken out as it is, a page whose text layer can be trusted keeps its words, and all others
are rendered by poppler through pdf2image.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

from pdf2image import convert_from_path
from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError
from PIL import Image

from digitizer.errors import InputError
from digitizer.imaging.delivered import Delivered
from digitizer.imaging.pdf_info import opened, page_count, sheets_of
from digitizer.imaging.pdf_layers import Layers, with_layer
from digitizer.imaging.pdf_render import CALL_SECONDS, Sheet, rendered
from digitizer.imaging.pdf_scans import Scans, jbig2_scan

PAGES_A_CALL = 4  # starting poppler costs about 60 ms; four gray Letter pages at 300 dpi are 34 MB


def pdf_pages(
    original: Path,
    folder: Path,
    *,
    dpi: int,
    pages: int,
    pixels: int,
    text: bool = True,
    passwords: Sequence[str] = (),
) -> Iterator[Delivered]:
    """Each page of the PDF, written to `folder` a few ahead of when it is asked for.

    Pages are rendered at `dpi`, those that are a scan of fewer at the scan's own resolution; with
    `text`, text layers are used where they can be trusted.

    Raises:
        InputError: it is encrypted with none of `passwords`, damaged beyond opening, or has more
            than `pages` pages.
        ConfigError: poppler is not installed.
    """
    file, notes = opened(original, folder, passwords)
    count = page_count(file, pages)
    scans, layers = Scans(file=file, count=count, dpi=dpi, pixels=pixels), Layers(file=file)
    with closing(scans), closing(layers):
        sheets = sheets_of(file, count, dpi, pixels)
        probed = map(layers.probed, sheets) if text else sheets
        for batch in _batches(probed):
            for page in _delivered(file, folder, batch, scans):
                yield replace(page, warnings=(*notes, *page.warnings))
                notes = ()


def one_page(
    original: Path,
    folder: Path,
    number: int,
    *,
    side: int,
    pixels: int,
    passwords: Sequence[str] = (),
) -> Image.Image:
    """One page in colour, its longer side `side` pixels or, of a JBIG2 scan of at most `pixels`
    pixels, as many as were scanned; scratch files go to `folder`.

    Raises:
        InputError: it cannot be rendered.
        ConfigError: poppler is not installed.
    """
    file, _ = opened(original, folder, passwords)
    if (scan := jbig2_scan(file, number, pixels=pixels)) is not None:
        return scan
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
    if batch[0].scan:
        for sheet in batch:
            yield scans.page(sheet.number, folder) or next(rendered(file, folder, [sheet]))
    elif batch[0].layer:
        for sheet, page in zip(batch, rendered(file, folder, batch), strict=True):
            worded, plain = with_layer(page, sheet, folder)
            yield worded or next(rendered(file, folder, [plain]))
    else:
        yield from rendered(file, folder, batch)


def _batches(sheets: Iterator[Sheet]) -> Iterator[list[Sheet]]:
    """Neighbours to be treated alike, as many as one call of poppler may render."""
    for _, group in groupby(sheets, key=_treatment):
        while batch := list(islice(group, PAGES_A_CALL)):
            yield batch


def _treatment(sheet: Sheet) -> tuple[object, ...]:
    return sheet.dpi, sheet.scan, bool(sheet.fault), bool(sheet.layer)
