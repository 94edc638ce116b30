"""The pixels of an image in a PDF, in gray, as they are stored.

What is not plainly a scan is left to poppler: colour spaces for printers, palettes, fax of group 3,
several filters. Nothing is unpacked beyond what the image's size calls for.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile

import pikepdf
from PIL import Image

from digitizer.imaging.pdf_jbig2 import BrokenError, decoded_jbig2
from digitizer.imaging.pdf_placed import names_of

_COLOURS = {"/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3}
_INVERTED = [1, 0]
_NEGATIVE = [255 - value for value in range(256)]
_END_OF_FAX = 2 * "000000000001"  # EOFB: ITU-T T.6, 2.4.1.1
_TAIL = 16  # bytes; some pad the end


class OtherError(Exception):
    """An image that is left to poppler."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the image's dictionary says: pixels, samples a pixel, bits a sample."""

    width: int
    height: int
    colours: int
    bits: int
    inverted: bool


def form_of(image: pikepdf.Stream) -> Form:
    """What its dictionary says.

    Raises:
        OtherError: it is of a kind not handled here.
    """
    mask = bool(image.get("/ImageMask", False))
    colours = 1 if mask else _colours(image.get("/ColorSpace"))
    bits = 1 if mask else int(image.get("/BitsPerComponent", 8))
    decode = [float(value) for value in image.get("/Decode", ())]
    if decode and decode not in (_INVERTED, [0, 1] * colours):
        raise OtherError
    return Form(int(image.Width), int(image.Height), colours, bits, decode == _INVERTED)


def _colours(space: pikepdf.Object | None) -> int:
    """Samples a pixel; 0 where a JPEG 2000 says it itself."""
    if space is None:
        return 0
    if isinstance(space, pikepdf.Array):
        if space[0] == "/ICCBased":
            return int(space[1].N)
        return _COLOURS.get(str(space[0]), -1)
    return _COLOURS.get(str(space), -1)


def decoded(image: pikepdf.Stream, form: Form) -> Image.Image:
    """The image as it is stored, in mode "L".

    Raises:
        OtherError: it is of a kind not handled here, or damaged.
    """
    (kind,) = names_of(image.get("/Filter"))
    decode = _DECODERS.get(kind)
    if decode is None or (form.colours not in (1, 3) and kind != "/JPXDecode"):
        raise OtherError
    found = decode(form, image)
    if found.size != (form.width, form.height) or found.mode not in ("1", "L", "RGB"):
        raise OtherError
    gray = found.convert("L")
    return gray.point(_NEGATIVE) if form.inverted else gray


def _jpeg(form: Form, image: pikepdf.Stream) -> Image.Image:
    if "/DecodeParms" in image:
        raise OtherError
    found = Image.open(BytesIO(image.read_raw_bytes()), formats=("JPEG",))
    if found.size != (form.width, form.height) or len(found.getbands()) != form.colours:
        raise OtherError
    found.draft("L", found.size)  # colour is not even decoded
    return found


def _jpeg2000(form: Form, image: pikepdf.Stream) -> Image.Image:
    found = Image.open(BytesIO(image.read_raw_bytes()), formats=("JPEG2000",))
    if found.size != (form.width, form.height) or form.colours not in (0, len(found.getbands())):
        raise OtherError
    return found


def _fax(form: Form, image: pikepdf.Stream) -> Image.Image:
    parameters = image.get("/DecodeParms", pikepdf.Dictionary())
    if isinstance(parameters, pikepdf.Array):
        (parameters,) = parameters
    group4 = int(parameters.get("/K", 0)) < 0 and not parameters.get("/EncodedByteAlign")
    fits = int(parameters.get("/Columns", 1728)) == form.width and form.bits == 1
    if not (group4 and fits and _ended(image.read_raw_bytes())):
        raise OtherError
    with TemporaryFile() as said:
        with _stderr_to(said.fileno()):
            found = pikepdf.PdfImage(image).as_pil_image().convert("L")
        if said.seek(0, os.SEEK_END):
            raise OtherError
    return found.point(_NEGATIVE) if form.inverted else found  # pikepdf has applied it


def _jbig2(form: Form, image: pikepdf.Stream) -> Image.Image:
    if form.bits != 1:
        raise OtherError
    try:
        return decoded_jbig2(image)
    except BrokenError:
        raise OtherError from None


def _ended(fax: bytes) -> bool:
    """Whether it closes with the end mark of T.6: without it lines may be missing,
    which libtiff does not say.
    """
    bits = bin(int.from_bytes(b"\x01" + fax[-_TAIL:], "big"))
    return _END_OF_FAX in bits


@contextmanager
def _stderr_to(target: int) -> Iterator[None]:
    """For the while, stderr goes to the file: there, and only there, libtiff says that a line of a
    fax is damaged.
    """
    before = os.dup(2)
    os.dup2(target, 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _deflated(form: Form, image: pikepdf.Stream) -> Image.Image:
    """A PNG file around the image: its rows are packed, and predicted, just as in a PDF."""
    raw = image.read_raw_bytes()
    parameters = image.get("/DecodeParms", pikepdf.Dictionary())
    if isinstance(parameters, pikepdf.Array):
        (parameters,) = parameters
    if form.bits not in (1, 2, 4, 8):
        raise OtherError
    if int(parameters.get("/Predictor", 1)) < 10:
        return _unpredicted(form, raw, parameters)
    colours, bits = int(parameters.get("/Colors", 1)), int(parameters.get("/BitsPerComponent", 8))
    if (colours, bits, parameters.get("/Columns", 1)) != (form.colours, form.bits, form.width):
        raise OtherError
    kind = 0 if form.colours == 1 else 2
    head = struct.pack(">IIBBBBB", form.width, form.height, form.bits, kind, 0, 0, 0)
    chunks = _chunk(b"IHDR", head), _chunk(b"IDAT", raw), _chunk(b"IEND", b"")
    return Image.open(BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)), formats=("PNG",))


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


_RAW = {(1, 1): ("1", "1"), (1, 2): ("L", "L;2"), (1, 4): ("L", "L;4"), (1, 8): ("L", "L"),
        (3, 8): ("RGB", "RGB")}  # fmt: skip


def _unpredicted(form: Form, raw: bytes, parameters: pikepdf.Object) -> Image.Image:
    if int(parameters.get("/Predictor", 1)) != 1 or (form.colours, form.bits) not in _RAW:
        raise OtherError
    mode, order = _RAW[form.colours, form.bits]
    size = (form.width * form.colours * form.bits + 7) // 8 * form.height
    data = zlib.decompressobj().decompress(raw, size)
    return Image.frombytes(mode, (form.width, form.height), data, "raw", order)


_DECODERS: dict[str, Callable[[Form, pikepdf.Stream], Image.Image]] = {
    "/DCTDecode": _jpeg,
    "/JPXDecode": _jpeg2000,
    "/CCITTFaxDecode": _fax,
    "/JBIG2Decode": _jbig2,
    "/FlateDecode": _deflated,
}
