import pytest
from PIL import Image

from digitizer.imaging.pdf_scans import scan_resolutions

LETTER = (612.0, 792.0)


def _pdf(tmp_path, width, height, dpi, form="L"):
    path = tmp_path / "scan.pdf"
    Image.effect_noise((width, height), 60).convert(form).save(path, resolution=dpi)
    return path


@pytest.mark.parametrize("form", ["L", "1", "RGB"])
def test_a_page_that_is_one_scan_has_the_resolution_of_the_scan(tmp_path, form):
    assert scan_resolutions(_pdf(tmp_path, 1700, 2200, 200, form), {1: LETTER}) == {1: 200}


def test_an_image_that_fills_only_a_part_of_the_page_is_no_scan_of_it(tmp_path):
    assert scan_resolutions(_pdf(tmp_path, 1700, 1100, 200), {1: LETTER}) == {}


def test_a_picture_stretched_over_the_page_is_no_scan(tmp_path):
    assert scan_resolutions(_pdf(tmp_path, 612, 792, 72), {1: LETTER}) == {}


def test_what_is_no_pdf_has_no_scans(tmp_path):
    path = tmp_path / "torn.pdf"
    path.write_bytes(b"%PDF-1.4 and no more")
    assert scan_resolutions(path, {1: LETTER}) == {}
