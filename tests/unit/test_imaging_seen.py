"""Where words seem to stand is seen from letters alone."""

from PIL import Image, ImageDraw, ImageFont

from digitizer.imaging.ink import look
from digitizer.imaging.seen import words_seen


def seen_on(page: Image.Image, dpi: float):
    found = look(page, dpi)
    assert found is not None
    return words_seen(found.letters, page.width / found.ink.shape[1])


def printed(*words: tuple[int, int, str]) -> Image.Image:
    page = Image.new("L", (1200, 900), 255)
    draw = ImageDraw.Draw(page)
    for x, y, text in words:
        draw.text((x, y), text, font=ImageFont.load_default(40), fill=0)
    return page


def test_each_word_has_a_box_in_pixels_of_the_page():
    boxes = seen_on(printed((100, 100, "hypertension"), (600, 100, "denied")), 300)
    first, second = sorted(boxes, key=lambda box: box.x0)
    assert 90 < first.x0 < 115
    assert 100 < first.y0 < first.y1 < 160
    assert first.x1 < 600 < second.x1


def test_rules_specks_and_single_letters_are_no_words():
    page = printed((100, 100, "I"))
    draw = ImageDraw.Draw(page)
    draw.line((50, 300, 1100, 300), fill=0, width=4)
    for x in range(100, 1100, 90):
        draw.rectangle((x, 500, x + 3, 503), fill=0)
    assert seen_on(page, 300) == ()


def test_the_numbers_of_a_list_are_seen_though_they_are_short():
    lines = [(100, 100 + 90 * i, f"{i + 1}.") for i in range(4)]
    boxes = seen_on(printed(*lines, *((180, y, "amlodipine") for _, y, _ in lines)), 300)
    assert sum(box.x1 < 180 for box in boxes) == 4
    assert sum(box.x0 > 170 for box in boxes) == 4


def test_a_short_word_before_one_line_is_no_list():
    boxes = seen_on(printed((100, 100, "2"), (180, 100, "dose"), (500, 400, "5")), 300)
    assert [box.x0 > 170 for box in boxes] == [True]


def test_an_empty_page_shows_none():
    assert seen_on(printed(), 300) == ()
