"""Pages come to stand upright and straight, blank ones are set aside, and boxes still fit."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Affine, Box
from digitizer.chart.page import Page, PageKind
from digitizer.chart.stage import Resources
from digitizer.imaging.ink import look_at
from digitizer.imaging.upright import Upright

DPI = 150
TEXT = (
    "The patient reports a painful cough for two weeks, with little sputum.",
    "Past history of gout, hypertension and a hip fracture, all treated.",
    "No fever, chills or night sweats; appetite is good and weight is stable.",
    "Medications: lisinopril twenty milligrams daily, allopurinol at bedtime.",
    "Physical examination: lungs are clear, the heart beats regularly.",
    "Plan: chest film today, and a follow up visit in four weeks at the clinic.",
) * 3


def paper(size=(1275, 1650), shade=255) -> Image.Image:
    return Image.new("L", size, shade)


def printed(lines=TEXT) -> Image.Image:
    image = paper()
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=23)
    for number, line in enumerate(lines):
        draw.text((150, 150 + 45 * number), line, font=font, fill=0)
    return image


def upright(image: Image.Image, folder: Path) -> Page:
    path = folder / "page-0001.tif"
    image.save(path, format="PPM")
    page = Page(
        number=1,
        width=image.width,
        height=image.height,
        dpi=DPI,
        to_delivered=Affine.scaling(1 / image.width, 1 / image.height),
        image=path,
    )
    return Upright().open(Resources(models=folder))(page)


def ink_box(image: Image.Image) -> Box:
    rows, columns = np.nonzero(np.asarray(image) < 128)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_turned_back(tmp_path, turn):
    page = upright(printed().rotate(-turn, expand=True), tmp_path)
    assert (page.kind, page.rotation) == (PageKind.CONTENT, turn)
    with Image.open(page.image) as image:
        assert image.size == (page.width, page.height) == (1275, 1650)
        assert np.array_equal(np.asarray(image), np.asarray(printed()))


@pytest.mark.parametrize("skew", [-5.0, -1.5, 0.8, 3.0])
def test_a_skewed_page_is_straightened(tmp_path, skew):
    page = upright(printed().rotate(-skew, fillcolor=255, expand=True), tmp_path)
    assert page.skew == pytest.approx(skew, abs=0.25)


@pytest.mark.parametrize(
    ("turn", "skew"), [(0, 0), (90, 0), (180, 0), (270, 0), (90, 2.0), (0, -3)]
)
def test_a_box_on_the_upright_page_fits_the_page_as_delivered(tmp_path, turn, skew):
    delivered = printed().rotate(-turn - skew, fillcolor=255, expand=True)
    page = upright(delivered, tmp_path)
    with Image.open(page.image) as image:
        there = page.delivered(ink_box(image))
    ink = ink_box(delivered)
    wanted = (
        ink.x0 / delivered.width,
        ink.y0 / delivered.height,
        ink.x1 / delivered.width,
        ink.y1 / delivered.height,
    )
    slack = 0.005 if not skew else 0.07  # a box around a skewed box is larger
    assert (there.x0, there.y0, there.x1, there.y1) == pytest.approx(wanted, abs=slack)


def test_a_straight_page_is_left_as_it_is(tmp_path):
    assert upright(printed(), tmp_path).image == tmp_path / "page-0001.tif"


def speckled() -> Image.Image:
    random = np.random.default_rng(7)
    pixels = np.full((1650, 1275), 235, dtype=np.uint8)
    for y, x in zip(random.integers(0, 1640, 250), random.integers(0, 1265, 250), strict=True):
        pixels[y : y + 2, x : x + 2] = 0
    return Image.fromarray(pixels)


def shaded() -> Image.Image:
    slope = np.linspace(250, 170, 1275)[None, :] * np.ones((1650, 1))
    slope[:, :30] = 20  # the lid's shadow
    return Image.fromarray(slope.astype(np.uint8))


def punched() -> Image.Image:
    image = paper()
    for y in (300, 825, 1350):
        ImageDraw.Draw(image).ellipse((40, y, 90, y + 50), fill=0)
    ImageDraw.Draw(image).line((700, 0, 700, 1650), fill=60, width=2)
    return image


@pytest.mark.parametrize("make", [paper, speckled, shaded, punched])
def test_a_blank_page_is_blank_however_it_was_copied(tmp_path, make):
    assert upright(make(), tmp_path).kind is PageKind.BLANK


@pytest.mark.parametrize("line", ["No known drug allergies.", "RECEIVED 12/03/2019"])
def test_a_page_with_one_line_on_it_is_not_blank(tmp_path, line):
    assert upright(printed((line,)), tmp_path).kind is PageKind.CONTENT


def test_a_page_with_a_drawing_on_it_is_not_blank(tmp_path):
    image = paper()
    ImageDraw.Draw(image).ellipse((400, 600, 800, 1000), outline=0, width=4)
    assert upright(image, tmp_path).kind is PageKind.CONTENT


def test_a_page_that_is_dark_all_over_is_unreadable_and_not_blank(tmp_path):
    page = upright(paper(shade=10), tmp_path)
    assert page.kind is PageKind.UNREADABLE
    assert "dark" in page.warnings[0]


def test_a_strip_too_thin_to_judge_is_kept(tmp_path):
    assert upright(paper((40, 3000)), tmp_path).kind is PageKind.CONTENT


def test_a_page_image_that_was_written_anew_is_looked_at_anew(tmp_path):
    path = tmp_path / "page.tif"
    Image.new("L", (400, 400), 255).save(path)
    assert look_at(path, 100.0).ink.sum() == 0
    image = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(image).rectangle((100, 100, 110, 110), fill=0)
    image.save(path)
    assert look_at(path, 100.0).ink.sum() > 0
