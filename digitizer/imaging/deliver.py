"""Runs in the sandboxed child: one file of unknown bytes → its pages as 8-bit gray images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from digitizer.errors import InputError
from digitizer.imaging.delivered import Delivered
from digitizer.imaging.kinds import Kind, kind_of


def deliver(
    original: str,
    folder: str,
    dpi: int,
    pages: int,
    pixels: int,
    text: bool = True,  # noqa: FBT001, FBT002 - called by name, out of JSON
    passwords: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """Yield `Delivered.as_json()` for each page, its image written to `folder` as `page-0001.tif`.

    PDFs are rendered at `dpi`, images keep their own resolution; `passwords` are tried on PDFs
    that need one. With `text`, pages of PDFs whose text layer can be trusted come with its words.
    A page that cannot be read is delivered as such, so that none is lost; `pages` and `pixels` (of
    one page) are the limits.

    Raises:
        InputError: the file is none we read, or not one of its pages can be read.
        ConfigError: poppler is not installed.
    """
    kind = kind_of(Path(original))
    found: Iterator[Delivered]
    if kind is Kind.PDF:
        from digitizer.imaging.pdf import pdf_pages

        limits = {"dpi": dpi, "pages": pages, "pixels": pixels}
        found = pdf_pages(Path(original), Path(folder), **limits, text=text, passwords=passwords)
    else:
        from digitizer.imaging.raster import raster_pages

        found = raster_pages(Path(original), Path(folder), kind, pages=pages, pixels=pixels)
    for page in _some_readable(found):
        yield page.as_json()


def _some_readable(pages: Iterable[Delivered]) -> Iterator[Delivered]:
    """The same pages; those before the first readable one are held back until there is one."""
    held: list[Delivered] = []
    readable = False
    for page in pages:
        readable = readable or bool(page.file)
        held.append(page)
        if readable:
            yield from held
            held.clear()
    if held:
        raise InputError(held[0].warnings[-1].partition(": ")[2])
