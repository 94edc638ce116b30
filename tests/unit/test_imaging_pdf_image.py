"""A scan is taken out of its PDF as it is, and looks just as a viewer shows the page."""

from functools import partial
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pdf2image import convert_from_path
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from digitizer.imaging.deliver import deliver
from digitizer.imaging.pdf_image import page_image
from digitizer.imaging.pdf_placed import placed_image
from digitizer.imaging.picture import pictures
from tests import pdfs

DPI = 200
FONT = ImageFont.load_default(size=36)
PAGE = (144, 216)  # points: a small page costs little
SIZE = (400, 600)


def scan(mode="L", size=SIZE) -> Image.Image:
    """No two sides alike; white edges, for renderers blend those with the paper."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    draw.text((30, 40), "Top left", font=ImageFont.load_default(size=48), fill=0)
    draw.rectangle((size[0] - 120, size[1] - 90, size[0] - 60, size[1] - 60), fill=0)
    draw.line((60, 200, 300, 400), fill=0, width=6)
    return image.convert(mode)


def taken(path):
    with pikepdf.open(path) as pdf:
        placed = placed_image(pdf.pages[0])
        return placed and page_image(placed, dpi=300, pixels=10**7)


def rendered(path, dpi) -> Image.Image:
    (image,) = convert_from_path(path, dpi=dpi, grayscale=True, use_cropbox=True)
    return image


def assert_same(path):
    image, dpi = taken(path)
    wanted = rendered(path, round(dpi))
    assert image.size == pytest.approx(wanted.size, abs=1)
    common = (0, 0, min(image.width, wanted.width), min(image.height, wanted.height))
    ours, theirs = (np.asarray(each.crop(common), dtype=float) for each in (image, wanted))
    assert ours.std() > 20
    assert np.abs(ours - theirs).mean() < 2
    return image, dpi


ENCODINGS = {
    "JPEG": ("L", pdfs.jpeg),
    "colour JPEG": ("RGB", pdfs.jpeg),
    "JPEG 2000": ("L", pdfs.jpeg2000),
    "colour JPEG 2000": ("RGB", pdfs.jpeg2000),
    "deflated": ("L", pdfs.deflated),
    "deflated colour": ("RGB", pdfs.deflated),
    "deflated bits": ("1", pdfs.deflated),
    "PNG": ("L", pdfs.predicted),
    "colour PNG": ("RGB", pdfs.predicted),
    "PNG of bits": ("1", pdfs.predicted),
    "fax": ("1", pdfs.fax),
    "fax, black is 1": ("1", partial(pdfs.fax, black_is_1=True)),
    "JBIG2": ("1", pdfs.jbig2),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_however_it_is_packed_it_looks_as_in_a_viewer(tmp_path, name):
    mode, encode = ENCODINGS[name]
    _, dpi = assert_same(pdfs.one_image(tmp_path / "a.pdf", scan(mode), encode, page=PAGE))
    assert dpi == pytest.approx(DPI)


INVERTED = {"Decode": Array([1, 0])}
STENCIL = {"ImageMask": True, "ColorSpace": None}


@pytest.mark.parametrize("encode", [pdfs.fax, pdfs.jbig2, pdfs.deflated, pdfs.predicted])
@pytest.mark.parametrize("looks", [INVERTED, STENCIL, STENCIL | INVERTED])
def test_black_stays_black_whatever_a_bit_stands_for(tmp_path, encode, looks):
    assert_same(pdfs.one_image(tmp_path / "a.pdf", scan("1"), encode, page=PAGE, looks=looks))


PLACES = {
    "as it is": (144, 0, 0, 216, 0, 0),
    "mirrored": (-144, 0, 0, 216, 144, 0),
    "on its head": (144, 0, 0, -216, 0, 216),
    "half turned": (-144, 0, 0, -216, 144, 216),
    "turned left": (0, 216, -144, 0, 144, 0),
    "turned right": (0, -216, 144, 0, 0, 216),
    "turned and mirrored": (0, 216, 144, 0, 0, 0),
    "the other way": (0, -216, -144, 0, 144, 216),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_however_it_is_laid_on_the_page_it_looks_as_in_a_viewer(tmp_path, place, turn):
    size = SIZE if PLACES[place][0] else SIZE[::-1]
    path = tmp_path / "a.pdf"
    pdfs.one_image(path, scan(size=size), page=PAGE, place=PLACES[place], Rotate=turn)
    assert_same(path)


def test_what_is_cropped_off_is_not_shown(tmp_path):
    path = tmp_path / "a.pdf"
    pdfs.one_image(path, scan(), page=PAGE, CropBox=Array([36, 72, 126, 200]), Rotate=90)
    image, _ = assert_same(path)
    assert image.size == pytest.approx((128 * DPI / 72, 90 * DPI / 72), abs=1)


def test_a_fax_of_coarse_lines_gets_square_pixels(tmp_path):
    image, dpi = taken(pdfs.one_image(tmp_path / "a.pdf", scan(size=(408, 294)), page=PAGE))
    assert dpi == pytest.approx(204)
    assert image.size == (408, 612)


def test_a_finer_scan_is_brought_down_to_what_is_asked_for(tmp_path):
    path = pdfs.one_image(tmp_path / "a.pdf", scan("1", (1200, 1800)), pdfs.fax, page=PAGE)
    image, dpi = taken(path)
    assert (image.size, dpi) == ((600, 900), 300)


HIDDEN_WORDS = b" BT /F1 12 Tf 3 Tr 10 100 Td (an earlier reading) Tj ET "


@pytest.mark.parametrize(
    ("before", "after"), [(b"0 0 144 216 re W n", b""), (b"/OCR BMC", b"EMC"), (b"", HIDDEN_WORDS)]
)
def test_what_leaves_no_mark_does_not_matter(tmp_path, before, after):
    path = tmp_path / "a.pdf"
    assert_same(pdfs.one_image(path, scan(), page=PAGE, before=before, after=after))


def cut(encode, image):
    data, how = encode(image)
    return data[: len(data) // 2], how


def harmed(image):
    data, how = pdfs.fax(image)
    middle = len(data) // 2
    return data[:middle] + b"\xff\x00\xaa\x55\xff\x13" + data[middle + 6 :], how


def bomb(image):
    """Says that it is small, and unpacks to a gigabyte."""
    import zlib

    packer = zlib.compressobj(9)
    chunk = bytes(1 << 24)
    return b"".join([*(packer.compress(chunk) for _ in range(64)), packer.flush()]), {
        "Filter": Name.FlateDecode
    }


NOTE = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([0, 0, 99, 99]))
LEFT_TO_POPPLER = {
    "words on top": {"after": b" BT /F1 12 Tf 10 100 Td (FAXED) Tj ET"},
    "a line on top": {"after": b" 0 0 m 100 100 l S"},
    "a second image": {"after": b" q 9 0 0 9 0 0 cm /Im0 Do Q"},
    "half of it cut off": {"before": b"0 0 72 216 re W n"},
    "a note pinned on": {"Annots": Array([NOTE])},
    "another unit": {"UserUnit": 2},
    "laid askew": {"place": (144, 9, -9, 216, 0, 0)},
    "a red stencil": {"before": b"1 0 0 rg", "encode": pdfs.fax, "mode": "1", "looks": STENCIL},
    "inks of a printer": {"mode": "CMYK"},
    "a mask": {"looks": {"Mask": Array([0, 9])}},
    "a JPEG cut off": {"encode": partial(cut, pdfs.jpeg)},
    "a fax cut off": {"encode": partial(cut, pdfs.fax), "mode": "1"},
    "a JBIG2 cut off": {"encode": partial(cut, pdfs.jbig2), "mode": "1"},
    "a harmed fax": {"encode": harmed, "mode": "1"},
    "deflated, cut off": {"encode": partial(cut, pdfs.deflated)},
    "a PNG cut off": {"encode": partial(cut, pdfs.predicted)},
    "a size that is not so": {"looks": {"Width": 300}},
}


@pytest.mark.parametrize("what", LEFT_TO_POPPLER)
def test_what_is_more_than_a_plain_scan_is_rendered(tmp_path, what):
    how = LEFT_TO_POPPLER[what]
    path = tmp_path / "a.pdf"
    pdfs.one_image(
        path,
        scan(how.get("mode", "L")),
        page=PAGE,
        **{key: value for key, value in how.items() if key != "mode"},
    )
    assert taken(path) is None


def test_a_bomb_is_unpacked_no_further_than_its_size(tmp_path):
    path = pdfs.one_image(tmp_path / "a.pdf", scan(), bomb, page=PAGE)
    image, _ = taken(path)
    assert image.getextrema() == (0, 0)


def test_a_scan_beyond_the_limit_is_not_decoded(tmp_path):
    with pikepdf.open(pdfs.one_image(tmp_path / "a.pdf", scan(), page=PAGE)) as pdf:
        assert page_image(placed_image(pdf.pages[0]), dpi=300, pixels=1000) is None


@pytest.mark.parametrize("name", ["JPEG", "fax", "JBIG2"])
def test_a_scan_is_delivered_with_its_own_pixels(tmp_path, name):
    mode, encode = ENCODINGS[name]
    path = pdfs.one_image(tmp_path / "a.pdf", scan(mode), encode, page=PAGE, Rotate=90)
    (page,) = deliver(str(path), str(tmp_path), 300, 50, 10**7)
    assert (page["width"], page["height"], page["dpi"]) == (600, 400, DPI)
    with Image.open(tmp_path / page["file"]) as image:
        upright = np.asarray(image.rotate(90, expand=True), dtype=float)
    assert np.abs(upright - np.asarray(scan("L"), dtype=float)).mean() < 2


@pytest.fixture
def lettered(tmp_path) -> tuple[Path, np.ndarray]:
    """A JBIG2 scan with letters under which poppler draws black bars, and what was scanned."""
    scanned = Image.new("L", (1200, 300), 255)
    draw = ImageDraw.Draw(scanned)
    for row in range(4):
        draw.text((30, 20 + 60 * row), "SECONDARY DIAGNOSES: 2. Hypertension", font=FONT, fill=0)
    scanned = scanned.convert("1", dither=Image.Dither.NONE)
    path = pdfs.one_image(tmp_path / "a.pdf", scanned, pdfs.jbig2, page=(288, 72))
    return path, np.asarray(scanned.convert("L"))


def test_letters_of_a_jbig2_scan_are_read_as_they_were_scanned(lettered):
    path, scanned = lettered
    image, _ = taken(path)
    assert (np.asarray(image) == scanned).all()


def test_letters_of_a_jbig2_scan_are_shown_as_they_were_scanned(lettered, tmp_path):
    path, scanned = lettered
    (shown,) = pictures(str(path), str(tmp_path), [(1, 0)], [1200], 10**7)
    with Image.open(tmp_path / shown["files"][0]) as image:
        assert np.abs(np.asarray(image.convert("L"), dtype=float) - scanned).mean() < 2
