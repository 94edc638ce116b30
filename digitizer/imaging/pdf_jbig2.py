"""Decodes JBIG2 images of a PDF with PDFium.

Poppler 22.12 draws black bars under the letters of some scans, which PDFium does not. pikepdf would
need jbig2dec, whose licence is the AGPL.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pypdfium2
from PIL import Image
from pypdfium2 import raw

_KEYS = frozenset(
    ("/Subtype", "/Width", "/Height", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Length")
)
_WIDE_PAGE_NUMBER = 0x40
_UNTOLD = 0xFFFFFFFF  # a length that only the data tells: ITU-T T.88, 7.2.7


class BrokenError(Exception):
    """Its segments are not all there, or PDFium cannot decode them."""


def decoded_jbig2(image: pikepdf.Stream) -> Image.Image:
    """The image in mode "L", black where it has ink.

    Raises:
        BrokenError: a part of it is missing.
    """
    _check_whole(image.read_raw_bytes())
    try:
        with pypdfium2.PdfDocument(_alone(image)) as pdf:
            return _first_image(pdf)
    except (pypdfium2.PdfiumError, StopIteration):
        raise BrokenError from None


def _alone(image: pikepdf.Stream) -> bytes:
    """A PDF with this image and nothing else: its mask, colours and Decode array stay behind."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(int(image.Width), int(image.Height)))
        copy = pdf.copy_foreign(image)
        for key in set(copy.keys()) - _KEYS:
            del copy[key]
        copy.ColorSpace = pikepdf.Name.DeviceGray
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=copy))
        page.Contents = pdf.make_stream(
            f"{int(image.Width)} 0 0 {int(image.Height)} 0 0 cm /Im Do".encode()
        )
        file = BytesIO()
        pdf.save(file)
    return file.getvalue()


def _first_image(pdf: pypdfium2.PdfDocument) -> Image.Image:
    found = next(pdf[0].get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
    picture: Image.Image = found.get_bitmap(render=False).to_pil().convert("L")
    return picture


def _check_whole(data: bytes) -> None:
    """Every segment says how long it is (7.2): PDFium leaves the rest of a cut page white."""
    for end in _segment_ends(data):
        if end > len(data):
            raise BrokenError


def _segment_ends(data: bytes) -> Iterator[int]:
    """Where each segment ends: ITU-T T.88, 7.2.2 to 7.2.7."""
    place = 0
    while place < len(data):
        number, flags = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 5]
        place += 5 + _references(data[place + 5 : place + 9], number)
        place += 4 if flags and flags[0] & _WIDE_PAGE_NUMBER else 1
        length = int.from_bytes(data[place : place + 4], "big")
        if length == _UNTOLD:
            return
        place += 4 + length
        yield place


def _references(head: bytes, number: int) -> int:
    """How many bytes say which other segments segment `number` refers to: 7.2.4 and 7.2.5."""
    each = 1 if number <= 256 else 2 if number <= 65536 else 4
    count = head[0] >> 5 if head else 0
    if count < 7:
        return 1 + count * each
    count = int.from_bytes(head, "big") & 0x1FFFFFFF
    return 4 + (count + 8) // 8 + count * each
