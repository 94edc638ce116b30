"""PDFs that tests put together by hand, to say exactly what is in them."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

LETTER = (612, 792)
SPACES = {
    "1": Name.DeviceGray,
    "L": Name.DeviceGray,
    "RGB": Name.DeviceRGB,
    "CMYK": Name.DeviceCMYK,
}


def jpeg(image):
    return _encoded(image, "JPEG", quality=95), {"Filter": Name.DCTDecode}


def jpeg2000(image):
    return _encoded(image, "JPEG2000"), {"Filter": Name.JPXDecode}


def deflated(image):
    return zlib.compress(image.tobytes()), {"Filter": Name.FlateDecode}


def predicted(image):
    """Rows as a PNG has them, each told by its difference from the one above."""
    file, packed, at = _encoded(image, "PNG"), b"", 8
    while at < len(file):
        length = int.from_bytes(file[at : at + 4], "big")
        if file[at + 4 : at + 8] == b"IDAT":
            packed += file[at + 8 : at + 8 + length]
        at += 12 + length
    parameters = Dictionary(
        Predictor=15,
        Columns=image.width,
        Colors=len(image.getbands()),
        BitsPerComponent=1 if image.mode == "1" else 8,
    )
    return packed, {"Filter": Name.FlateDecode, "DecodeParms": parameters}


def fax(image, group=4, black_is_1=False):
    ink_is_1 = image.point(lambda value: 255 - value)  # as the code has it
    tags = {278: image.height}  # all rows in one strip
    file = _encoded(ink_is_1, "TIFF", compression=f"group{group}", tiffinfo=tags)
    with Image.open(io.BytesIO(file)) as tiff:
        (start,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    parameters = Dictionary(
        K=-1 if group == 4 else 0, Columns=image.width, Rows=image.height, BlackIs1=black_is_1
    )
    return file[start : start + length], {"Filter": Name.CCITTFaxDecode, "DecodeParms": parameters}


def jbig2(image):
    """One page with one generic region, coded as fax of group 4 is: ITU-T T.88, 7.4.6 and 6.2.6."""
    rows, _ = fax(image)
    size = image.width.to_bytes(4, "big") + image.height.to_bytes(4, "big")
    page = size + bytes(8) + b"\x00" + b"\x00\x00"
    region = size + bytes(8) + b"\x00" + b"\x01" + rows
    return _segment(0, 48, page) + _segment(1, 38, region), {"Filter": Name.JBIG2Decode}


def _segment(number, kind, data):
    return number.to_bytes(4, "big") + bytes([kind, 0, 1]) + len(data).to_bytes(4, "big") + data


def _encoded(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def one_image(
    path, image, encode=jpeg, *, page=LETTER, place=None, before=b"", after=b"", looks=None, **more
):
    """A page with the image on it; `place` is its matrix (it fills the page), `looks` goes into its
    dictionary, `before` and `after` into the page's content, `resources` beside them, `more` into
    the page; `says` is the table of the characters that the font F1 shows.
    """
    data, how = encode(image)
    pdf = pikepdf.new()
    stream = Stream(pdf, data)
    values = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": image.width,
        "Height": image.height,
        "ColorSpace": SPACES[image.mode],
        "BitsPerComponent": 1 if image.mode == "1" else 8,
    }
    for key, value in (values | how | (looks or {})).items():
        if value is not None:
            stream[Name(f"/{key}")] = value
    matrix = place or (page[0], 0, 0, page[1], 0, 0)
    draw = " ".join(f"{value:g}" for value in matrix)
    content = before + f" q {draw} cm /Im0 Do Q ".encode() + after
    _add_page(pdf, page, content, Dictionary(Im0=stream), more)
    pdf.save(path)
    return path


def drawn(path, *contents, page=LETTER, **more):
    """A page for each of `contents`, in Helvetica as F1; `more` as in `one_image`."""
    pdf = pikepdf.new()
    for content in contents:
        _add_page(pdf, page, content, Dictionary(), dict(more))
    pdf.save(path)
    return path


def _add_page(pdf, size, content, images, more):
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    if says := more.pop("says", None):
        font.ToUnicode = Stream(pdf, says)
    resources = Dictionary(XObject=images, Font=Dictionary(F1=font))
    for key, value in more.pop("resources", Dictionary()).items():
        resources[key] = value
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, *size]),
        Resources=resources,
        Contents=Stream(pdf, content),
    )
    for key, value in more.items():
        page[Name(f"/{key}")] = value
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
