"""Where hands and stamps left marks is seen from ink alone."""

from math import sin

from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Box
from digitizer.imaging.ink import look
from digitizer.imaging.scrawls import scrawls_seen


def page() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Print in its upper half, nothing in its lower."""
    image = Image.new("L", (1275, 1650), 255)
    draw = ImageDraw.Draw(image)
    for y in range(100, 700, 50):
        draw.text((100, y), "No acute distress; lungs are clear.", 0, ImageFont.load_default(30))
    return image, draw


def seen_on(image: Image.Image) -> tuple[Box, ...]:
    found = look(image, 150)
    assert found is not None
    return scrawls_seen(found.letters, found.parts, image.width / found.ink.shape[1])


def sign(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A name in one stroke, 300 px long and 80 px high."""
    draw.line([(x + t, y + 40 + 40 * sin(t / 15)) for t in range(300)], fill=0, width=5)


def test_print_leaves_none():
    assert seen_on(page()[0]) == ()


def test_a_signature_is_seen_where_it_stands():
    image, draw = page()
    sign(draw, 500, 1000)
    (box,) = seen_on(image)
    assert abs(box.x0 - 500) < 12
    assert abs(box.x1 - 800) < 12
    assert abs(box.y0 - 1000) < 12
    assert abs(box.y1 - 1080) < 12


def test_so_is_one_on_a_rule():
    image, draw = page()
    sign(draw, 500, 1000)
    draw.line((450, 1060, 850, 1060), fill=0, width=3)
    (box,) = seen_on(image)
    assert abs(box.y0 - 1000) < 12


def test_a_stamp_is_seen_by_its_frame():
    image, draw = page()
    draw.polygon([(700, 1220), (1000, 1180), (1010, 1260), (710, 1300)], outline=0, width=4)
    assert len(seen_on(image)) == 1


def test_two_far_apart_are_two():
    image, draw = page()
    sign(draw, 100, 1000)
    sign(draw, 800, 1000)
    assert len(seen_on(image)) == 2


def test_tables_holes_and_streaks_are_none():
    image, draw = page()
    draw.rectangle((100, 800, 1150, 1000), outline=0, width=3)
    draw.ellipse((40, 1200, 110, 1270), fill=0)
    for y in range(1000, 1600, 90):
        draw.rectangle((1200, y, 1206, y + 80), outline=0, width=2)
    assert seen_on(image) == ()


def test_a_page_without_print_shows_none():
    image = Image.new("L", (1275, 1650), 255)
    sign(ImageDraw.Draw(image), 500, 1000)
    assert seen_on(image) == ()
