"""Pages of a PDF, rendered by poppler through pdf2image into files of the work folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pdf2image import convert_from_path
from pdf2image.exceptions import PDFPopplerTimeoutError, PDFSyntaxError
from PIL import Image

from digitizer.imaging.delivered import Delivered, unreadable
from digitizer.imaging.text_layer import Layer
from digitizer.work.page_image import SUFFIX

CALL_SECONDS = 120
RAW = "raw"  # how files that poppler writes begin


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page before it is an image: `dpi` is what it is rendered at; a `scan` is one image all
    over; `fault` says why the page cannot be rendered. A page with a text layer that may be
    believed is rendered at fewer than the `full_dpi` for reading; `note` says why not to.
    """

    number: int
    dpi: int
    full_dpi: int = 0
    scan: bool = False
    fault: str = ""
    layer: Layer | None = None
    note: str = ""


def rendered(original: Path, folder: Path, sheets: Sequence[Sheet]) -> Iterator[Delivered]:
    """The sheets, neighbours of one resolution, none or all of them at fault.

    One that poppler complains of is delivered with a warning, or as unreadable.
    """
    if sheets[0].fault:
        yield from (unreadable(sheet.number, sheet.fault) for sheet in sheets)
        return
    if _render(original, folder, sheets):
        yield from (_take(folder, sheet, complaint=False) for sheet in sheets)
        return
    for sheet in sheets:  # something is wrong with at least one of them: find out which
        complaint = not _render(original, folder, [sheet])
        yield _take(folder, sheet, complaint=complaint)


def _render(original: Path, folder: Path, sheets: Sequence[Sheet]) -> bool:
    """Write the sheets' raw images to `folder`; False if poppler complained or took too long."""
    try:
        convert_from_path(
            original,
            dpi=sheets[0].dpi,
            output_folder=folder,
            output_file=RAW,
            first_page=sheets[0].number,
            last_page=sheets[-1].number,
            fmt="tiff",
            grayscale=True,
            use_cropbox=True,
            use_pdftocairo=False,
            paths_only=True,
            strict=True,
            timeout=CALL_SECONDS,
        )
    except (PDFSyntaxError, PDFPopplerTimeoutError):
        return False
    return True


def _take(folder: Path, sheet: Sheet, *, complaint: bool) -> Delivered:
    """The rendered page under its final name. A page that poppler complained of and left white
    is not blank but lost.
    """
    raw = _raw(folder, sheet.number)
    if raw is None:
        return unreadable(sheet.number, "the page is corrupt: scan this page again")
    path = raw.rename(folder / f"page-{sheet.number:04}{SUFFIX}")
    with Image.open(path) as image:
        if complaint and len(set(image.getextrema())) == 1:
            return unreadable(sheet.number, "the page is corrupt: scan this page again")
        width, height = image.size
    partly = f"page {sheet.number} is damaged: a part may be missing; compare with the paper"
    return Delivered(
        number=sheet.number,
        file=path.name,
        width=width,
        height=height,
        dpi=sheet.dpi,
        warnings=(partly,) if complaint else (),
        notes=(sheet.note,) if sheet.note else (),
    )


def _raw(folder: Path, number: int) -> Path | None:
    """Poppler pads page numbers to as many digits as the last page has."""
    found = (path for path in folder.glob(f"{RAW}*-*{SUFFIX}"))
    return next((path for path in found if int(path.stem.rpartition("-")[2]) == number), None)
