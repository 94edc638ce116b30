"""An image file's pages as pages of a PDF, the compressed image as it is where PDF allows it.

JPEG and JPEG 2000 files go in unchanged, PNG by its own compressed rows, bilevel pages as Group 4.
What PDF knows no other way is packed anew, without loss.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageChops

from digitizer.chart.geometry import Affine
from digitizer.imaging.kinds import Kind
from digitizer.imaging.pdf_scans import POINTS
from digitizer.imaging.raster import resolution

_LETTER = (8.5 * POINTS, 11 * POINTS)  # of a page that cannot be read
_ORIENTATION = 0x0112  # of EXIF and TIFF 6.0
_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_GRAY, _RGB, _PALETTE = 0, 2, 3  # colour types of PNG that have no transparency of their own
_CHANNELS = {_GRAY: 1, _RGB: 3, _PALETTE: 1}
_JP2 = b"\x00\x00\x00\x0cjP  "
_STRIP_OFFSETS, _STRIP_LENGTHS = 273, 279  # TIFF 6.0

_TURNED = {
    1: Affine(),
    2: Affine(a=-1, c=1),
    3: Affine(a=-1, c=1, e=-1, f=1),
    4: Affine(e=-1, f=1),
    5: Affine(a=0, b=-1, c=1, d=-1, e=0, f=1),
    6: Affine(a=0, b=1, d=-1, e=0, f=1),
    7: Affine(a=0, b=1, d=1, e=0),
    8: Affine(a=0, b=-1, c=1, d=1, e=0),
}
"""By EXIF orientation: where the unit square of the stored image goes on that of the page shown."""


def add_image(pdf: pikepdf.Pdf, image: Image.Image, kind: Kind, original: Path) -> None:
    """Add a page that shows the open image, at the frame it stands at, in its own size."""
    drawn = _as_it_is(pdf, image, kind, original) or _packed(pdf, image)
    turned = image.getexif().get(_ORIENTATION, 1)
    across, down = resolution(image)
    size = image.size[::-1] if turned >= 5 else image.size
    width, height = size[0] / across * POINTS, size[1] / down * POINTS
    place = _TURNED.get(turned, Affine()).then(Affine.scaling(width, height))
    matrix = (place.a, place.d, place.b, place.e, place.c, place.f)
    page = pdf.add_blank_page(page_size=(_fitting(width), _fitting(height)))
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=drawn))
    instructions = " ".join(["q", *(f"{value:.4f}" for value in matrix), "cm /Scan Do Q"])
    page.obj["/Contents"] = pdf.make_stream(instructions.encode())


def add_nothing(pdf: pikepdf.Pdf) -> None:
    """Add an empty page in place of one that cannot be read."""
    pdf.add_blank_page(page_size=_LETTER)


def _fitting(points: float) -> float:
    """PDF/A-2 has pages of 3 to 14400 units: ISO 19005-2, 6.1.13."""
    return round(min(14400.0, max(3.0, points)), 4)


def _as_it_is(
    pdf: pikepdf.Pdf, image: Image.Image, kind: Kind, original: Path
) -> pikepdf.Stream | None:
    """The file's own compressed bytes; `None` where a PDF's reader would not understand them."""
    if kind is Kind.JPEG and image.mode in _SPACES:
        return _jpeg(pdf, image, original)
    if kind is Kind.JPEG2000 and image.mode in ("L", "RGB"):
        content = original.read_bytes()
        return _stream(pdf, image.size, content, "/JPXDecode") if content[:8] == _JP2 else None
    if kind is Kind.PNG and image.mode != "1" and "transparency" not in image.info:
        return _png(pdf, original.read_bytes())
    return None


def _jpeg(pdf: pikepdf.Pdf, image: Image.Image, original: Path) -> pikepdf.Stream:
    drawn = _stream(pdf, image.size, original.read_bytes(), "/DCTDecode")
    drawn["/ColorSpace"] = pikepdf.Name(_SPACES[image.mode])
    drawn["/BitsPerComponent"] = 8
    if image.mode == "CMYK" and "adobe" in image.info:  # Adobe writes ink as its opposite
        drawn["/Decode"] = pikepdf.Array([1, 0] * 4)
    return drawn


def _packed(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    """Decoded and compressed again without loss."""
    image.load()
    if image.mode == "1":
        return _group4(pdf, image)
    plain = _opaque(image)
    file = BytesIO()
    plain.save(file, "PNG", compress_level=9)
    packed = _png(pdf, file.getvalue())
    if packed is None:
        raise ValueError("the image is of a kind that cannot be packed")
    return packed


def _opaque(image: Image.Image) -> Image.Image:
    """In a form that PNG knows, transparency on white."""
    if image.mode in ("L", "RGB", "I;16"):
        return image
    if image.mode == "P" and "transparency" not in image.info:
        return image
    if "A" in image.getbands() or "transparency" in image.info:
        colour = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", colour.size, "white"), colour).convert("RGB")
    return image.convert("RGB")


def _group4(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Stream:
    """Black and white as one strip of CCITT Group 4, in which paper is what costs nothing."""
    whole = math.ceil(image.width / 8) * image.height
    file = BytesIO()
    ImageChops.invert(image).save(file, "TIFF", compression="group4", strip_size=whole)
    with Image.open(file) as coded:
        tags: Any = coded.tag_v2  # type: ignore[attr-defined]  # that of a TIFF
        (start,), (length,) = tags[_STRIP_OFFSETS], tags[_STRIP_LENGTHS]
    content = file.getvalue()[start : start + length]
    drawn = _stream(pdf, image.size, content, "/CCITTFaxDecode")
    drawn["/ColorSpace"] = pikepdf.Name.DeviceGray
    drawn["/BitsPerComponent"] = 1
    drawn["/DecodeParms"] = pikepdf.Dictionary(K=-1, Columns=image.width, Rows=image.height)
    return drawn


def _png(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Stream | None:
    """The compressed rows of a PNG: what PDF calls Flate with predictor 15 (ISO 32000-1, 7.4.4.4).

    `None` for an interlaced one, or one with transparency.
    """
    chunks = list(_chunks(content))
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if interlaced or colour not in _CHANNELS:
        return None
    rows = b"".join(body for kind, body in chunks if kind == b"IDAT")
    drawn = _stream(pdf, (width, height), rows, "/FlateDecode")
    drawn["/BitsPerComponent"] = bits
    drawn["/DecodeParms"] = pikepdf.Dictionary(
        Predictor=15, Colors=_CHANNELS[colour], BitsPerComponent=bits, Columns=width
    )
    if colour == _PALETTE:
        palette = next(body for kind, body in chunks if kind == b"PLTE")
        drawn["/ColorSpace"] = pikepdf.Array(
            [pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, len(palette) // 3 - 1, palette]
        )
    else:
        drawn["/ColorSpace"] = (
            pikepdf.Name.DeviceGray if colour == _GRAY else pikepdf.Name.DeviceRGB
        )
    return drawn


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        yield content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += 12 + length


def _stream(pdf: pikepdf.Pdf, size: tuple[int, int], content: bytes, coding: str) -> pikepdf.Stream:
    drawn = pikepdf.Stream(pdf, content)
    drawn["/Type"], drawn["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Image
    drawn["/Width"], drawn["/Height"] = size
    drawn["/Filter"] = pikepdf.Name(coding)
    return drawn
