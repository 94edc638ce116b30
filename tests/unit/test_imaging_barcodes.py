"""What users rely on: a bar code is read however its page was scanned, and no ghost is believed."""

import zlib

import pytest
import zxingcpp
from PIL import Image

from digitizer.chart.geometry import Affine
from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import Resources
from digitizer.export.neutral import file_json
from digitizer.imaging.barcodes import Barcodes, likely
from digitizer.imaging.upright import Upright
from digitizer.store.codec import page_from_bytes, page_to_bytes
from tests import scans

DPI = 300
FORMATS = {
    "CODE128": ("Code128", (1200, 240)),
    "CODE39": ("Code39", (1400, 240)),
    "QR": ("QRCode", (500, 500)),
    "DATAMATRIX": ("DataMatrix", (400, 400)),
    "PDF417": ("PDF417", (1200, 400)),
}


def symbol(value: str, kind: str) -> Image.Image:
    name, size = FORMATS[kind]
    code = zxingcpp.create_barcode(value, getattr(zxingcpp.BarcodeFormat, name))
    return Image.fromarray(code.to_image(scale=4)).convert("L").resize(size)


def sheet(value="04482913", kind="CODE128", place=(500, 600)) -> Image.Image:
    image = Image.new("L", (2550, 3300), 255)
    image.paste(symbol(value, kind), place)
    return image


def scanned(image: Image.Image, folder, *stages) -> Page:
    target = folder / "page.pgm"
    image.save(target, format="PPM")
    wide, high = image.size
    place = Affine.scaling(1 / wide, 1 / high)
    page = Page(number=1, width=wide, height=high, dpi=DPI, image=target, to_delivered=place)
    for stage in stages or (Barcodes(),):
        page = stage.open(Resources(models=folder))(page)
    return page


def values(page):
    return [(code.format, code.value) for code in page.barcodes]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_reads_whichever_way_the_page_lies(tmp_path, kind, turn):
    page = scanned(sheet(kind=kind).rotate(turn, expand=True), tmp_path)
    assert values(page) == [(kind, "04482913")]


def test_a_skewed_fax_reads(tmp_path):
    image = sheet().rotate(2, fillcolor=255).resize((1700, 2200)).point(lambda v: 255 * (v > 128))
    assert values(scanned(image, tmp_path)) == [("CODE128", "04482913")]


def test_the_box_is_where_the_bars_are_on_the_page_as_delivered(tmp_path):
    (code,) = scanned(sheet(kind="QR"), tmp_path).barcodes
    assert code.box.centre == pytest.approx((750 / 2550, 850 / 3300), abs=0.005)
    assert 0.12 < code.box.width < 500 / 2550 and 0.09 < code.box.height < 500 / 3300


def test_what_shows_through_from_the_back_is_not_read(tmp_path):
    ghost = sheet("PATCHT").point(lambda v: 255 - (255 - v) // 4)
    assert scanned(ghost, tmp_path).barcodes == ()


def test_a_page_with_nothing_but_a_bar_code_is_not_blank(tmp_path):
    page = scanned(sheet(kind="DATAMATRIX"), tmp_path, Barcodes(), Upright())
    assert page.kind is PageKind.CONTENT


@pytest.mark.parametrize("value", ["evil\nline", "a\x00bc", "x" * 300, "7"])
def test_a_value_that_is_not_printable_or_too_long_is_dropped(tmp_path, value):
    assert scanned(sheet(value, "QR"), tmp_path).barcodes == ()


def test_bar_codes_are_stored_and_exported(tmp_path):
    page = page_from_bytes(page_to_bytes(scanned(sheet(), tmp_path)))
    told = file_json(source="a", sha256=None, status="", reason="", documents=[], pages=[page])
    (code,) = told["barcodes"]
    assert (code["source_page"], code["type"], code["value"]) == (1, "CODE128", "04482913")


def test_a_page_stored_before_bar_codes_were_read_still_opens():
    assert page_from_bytes(zlib.compress(b'{"number": 4, "kind": "content"}')).barcodes == ()


def test_a_code_too_fine_for_the_first_look_is_read_on_a_page_of_text(tmp_path):
    image = text_page()
    code = zxingcpp.create_barcode("04482913", zxingcpp.BarcodeFormat.Code128)
    bars = Image.fromarray(code.to_image(scale=1)).convert("L")
    image.paste(bars.resize((bars.width, 120)), (1500, 200))
    assert values(scanned(image, tmp_path, Barcodes(fine=False))) == []
    assert values(scanned(image, tmp_path)) == [("CODE128", "04482913")]


def test_a_page_of_text_costs_no_second_look():
    assert not likely(text_page(), DPI)
    assert likely(sheet(), DPI) and likely(sheet(kind="QR"), DPI)


def text_page():
    return scans.page(dpi=DPI)
