"""Pages are cleaned only where it helps, and boxes still fit the page as delivered."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.imaging.clean import Clean, flattened, unevenness


def printed(size=30, width=1275, height=1650) -> Image.Image:
    image = Image.new("L", (width, height), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=size)
    for y in range(height // 10, height - height // 10, 2 * size):
        draw.text((width // 10, y), "No acute distress; lungs are clear.", font=font, fill=0)
    return image


def clean(image: Image.Image, folder: Path, dpi=150, **options) -> Page:
    path = folder / "page-0001.tif"
    image.save(path)
    page = Page(
        number=1,
        width=image.width,
        height=image.height,
        dpi=dpi,
        to_delivered=Affine.scaling(1 / image.width, 1 / image.height),
        image=path,
    )
    return Clean(**options).open(Resources(models=folder))(page)


def pixels(page: Page) -> np.ndarray:
    with Image.open(page.image) as image:
        assert image.size == (page.width, page.height)
        return np.asarray(image)


def shaded(image: Image.Image) -> Image.Image:
    light = np.linspace(1.0, 0.5, image.width)
    return Image.fromarray((np.asarray(image.filter(ImageFilter.BLUR)) * light).astype(np.uint8))


def test_a_good_gray_scan_is_left_as_it_is(tmp_path):
    soft = printed().filter(ImageFilter.GaussianBlur(1.5))
    assert clean(soft, tmp_path).image.name == "page-0001.tif"


def test_a_negative_becomes_black_on_white(tmp_path):
    page = clean(ImageOps.invert(printed()), tmp_path)
    assert np.median(pixels(page)) == 255


def test_the_stairs_of_a_fax_are_smoothed(tmp_path):
    page = clean(printed().point(lambda v: 255 * (v > 128)), tmp_path)
    assert len(np.unique(pixels(page))) > 5


def test_stairs_of_print_so_small_that_it_is_enlarged_are_left(tmp_path):
    small = printed(size=11, width=640, height=830).point(lambda v: 255 * (v > 160))
    alone = clean(small, tmp_path, dpi=75, smooth=False)
    assert alone.width > 1000
    as_it_is = pixels(alone).copy()
    assert np.array_equal(pixels(clean(small, tmp_path, dpi=75)), as_it_is)


def test_shaded_paper_becomes_even(tmp_path):
    dark = shaded(printed())
    assert unevenness(np.asarray(dark)[::3, ::3]) > 50
    assert unevenness(np.asarray(flattened(dark))[::3, ::3]) < 10
    assert np.percentile(pixels(clean(dark, tmp_path)), 20) > 200


def test_small_print_is_enlarged_and_its_boxes_still_fit(tmp_path):
    page = clean(printed(size=11, width=640, height=830), tmp_path, dpi=75)
    pixels(page)
    assert page.width > 1000
    assert page.dpi == pytest.approx(75 * page.width / 640)
    assert page.delivered(Box(0, 0, page.width, page.height)) == Box(0, 0, 1, 1)


def test_large_print_is_reduced_and_its_boxes_still_fit(tmp_path):
    large = printed(size=60, width=2550, height=3300).filter(ImageFilter.GaussianBlur(4))
    page = clean(large, tmp_path, dpi=300)
    pixels(page)
    assert 1000 < page.width < 2000
    assert page.dpi == pytest.approx(300 * page.width / 2550)
    assert page.delivered(Box(0, 0, page.width, page.height)) == Box(0, 0, 1, 1)
    with Image.open(page.plain) as plain:
        assert plain.size == (2550, 3300)


def test_a_shaded_page_keeps_all_its_pixels(tmp_path):
    page = clean(shaded(printed(size=60, width=2550, height=3300)), tmp_path, dpi=300)
    assert page.width == 2550


def test_where_words_stand_is_noted_in_pixels_of_the_cleaned_page(tmp_path):
    page = clean(printed(size=60, width=2550, height=3300), tmp_path, dpi=300)
    first = min(page.seen, key=lambda box: (round(box.y0 / 10), box.x0))
    assert first.x0 / page.width == pytest.approx(0.1, abs=0.01)
    assert first.y0 / page.height == pytest.approx(0.1, abs=0.02)


def test_each_step_can_be_switched_off(tmp_path):
    off = {"invert": False, "flatten": False, "smooth": False, "enlarge": False, "reduce": False}
    assert clean(shaded(printed()), tmp_path, **off).image.name == "page-0001.tif"


@pytest.mark.parametrize("size", [(1, 1), (60, 3000), (3000, 20)])
def test_a_sliver_does_no_harm(tmp_path, size):
    page = clean(Image.new("L", size, 255), tmp_path)
    assert pixels(page).shape == size[::-1]


def test_where_a_hand_seems_to_have_written_is_noted_in_pixels_of_the_cleaned_page(tmp_path):
    image = printed(size=12, height=800)
    zigzag = [(900 + 12 * t, 100 + 40 * (t % 2)) for t in range(12)]
    ImageDraw.Draw(image).line(zigzag, fill=0, width=3)
    page = clean(image, tmp_path)
    (mark,) = page.marks
    scale = page.width / image.width
    assert scale > 1.2
    assert abs(mark.x0 - 900 * scale) < 12 * scale
    assert abs(mark.y1 - 140 * scale) < 12 * scale
