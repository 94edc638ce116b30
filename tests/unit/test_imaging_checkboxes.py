"""Printed check-boxes are written down with their state; nothing else is taken for one."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.chart.geometry import Box
from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Line, Word
from digitizer.imaging.checkboxes import Checkboxes, with_box

LABELS = ("Stroke", "Gout", "Asthma", "Dementia")


def word(text, x0, y0, x1, y1, confidence=0.95) -> Word:
    return Word(text=text, box=Box(x0, y0, x1, y1), confidence=confidence)


def form(marks, dpi=200, streak=None, skew=0.0) -> tuple[Image.Image, tuple[Line, ...]]:
    """A list of labels with a box each; `marks` are "", "x", "tick" or "blot"."""
    scale = dpi / 200
    image = Image.new("L", (round(1700 * scale), round(1000 * scale)), 250)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=33 * scale)
    lines = []
    for number, mark in enumerate(marks):
        x, y, side = round(150 * scale), round((150 + 70 * number) * scale), round(27 * scale)
        draw_box(draw, x, y, side, mark, width=max(1, round(3 * scale)))
        at = (x + 1.6 * side, y - 4 * scale)
        draw.text(at, LABELS[number], font=font, fill=10)
        place = draw.textbbox(at, LABELS[number], font=font)
        junk = word("O", x, y, x + side, y + side, 0.5)
        lines.append(Line(words=(junk, word(LABELS[number], *place))))
    if streak:
        draw.line((streak * scale, 0, streak * scale, 5000), fill=20, width=2)
    if skew:
        image = image.rotate(skew, fillcolor=250, resample=Image.Resampling.BICUBIC)
    return image, tuple(lines)


def draw_box(draw, x, y, side, mark, width):
    draw.rectangle((x, y, x + side, y + side), outline=10, width=width)
    reach = side // 6
    if mark == "x":
        draw.line((x - reach, y - reach, x + side + reach, y + side + reach), fill=30, width=width)
        draw.line((x - reach, y + side + reach, x + side + reach, y - reach), fill=30, width=width)
    elif mark == "tick":
        draw.line((x + 3, y + side // 2, x + side // 2, y + side - 3), fill=30, width=width + 1)
        draw.line((x + side // 2, y + side - 3, x + side + reach, y - reach), fill=30, width=width)
    elif mark == "blot":
        draw.rectangle((x + 5, y + 5, x + side - 5, y + side - 5), fill=40)


def read(image, lines, folder: Path) -> list[str]:
    path = folder / "page-0001.pgm"
    image.save(path, format="PPM")
    page = Page(number=1, width=image.width, height=image.height, image=path, lines=lines)
    done = Checkboxes().open(Resources(models=folder))(page)
    return [" ".join(word.text for word in line.words) for line in done.lines]


@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 400])
def test_ticked_and_unticked_boxes_are_told_apart_at_any_resolution(tmp_path, dpi):
    found = read(*form(("", "x", "tick", "blot"), dpi), tmp_path)
    assert found == ["[ ] Stroke", "[x] Gout", "[x] Asthma", "[x] Dementia"]


@pytest.mark.parametrize("skew", [-0.5, 0.5])
def test_a_slight_skew_does_no_harm(tmp_path, skew):
    found = read(*form(("", "x", "", "tick"), skew=skew), tmp_path)
    assert found == ["[ ] Stroke", "[x] Gout", "[ ] Asthma", "[x] Dementia"]


def test_a_copier_streak_through_a_box_is_no_tick(tmp_path):
    found = read(*form(("", "", "x", ""), streak=163), tmp_path)
    assert found == ["[ ] Stroke", "[ ] Gout", "[x] Asthma", "[ ] Dementia"]


def test_a_streak_that_breaks_off_here_and_there_is_no_tick(tmp_path):
    image, lines = form(("", "", "x", ""))
    draw = ImageDraw.Draw(image)
    for y in range(0, 1000, 9):
        draw.line((161, y, 161, y + 6), fill=70, width=4)
    assert read(image, lines, tmp_path) == ["[ ] Stroke", "[ ] Gout", "[x] Asthma", "[ ] Dementia"]


def test_a_box_that_the_engine_counts_to_the_word_behind_it_is_found(tmp_path):
    image, lines = form(("", "x", "", ""))
    drawn = [
        Line(words=(replace(label, box=replace(label.box, x0=junk.box.x0)),))
        for junk, label in (line.words for line in lines)
    ]
    assert read(image, tuple(drawn), tmp_path) == [
        "[ ] Stroke", "[x] Gout", "[ ] Asthma", "[ ] Dementia",
    ]  # fmt: skip


def test_letters_and_tables_are_no_boxes(tmp_path):
    image = Image.new("L", (1700, 1000), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=34)
    lines = []
    for row, text in enumerate(("D O B H N 8 0 Q", "DOB MRN OD OS OU BD", "II OF PO")):
        x, y = 150, 150 + 60 * row
        draw.text((x, y), text, font=font, fill=0)
        for column in range(6):
            draw.rectangle(
                (140 + 40 * column, 595 + 40 * row, 180 + 40 * column, 635 + 40 * row),
                outline=0,
                width=2,
            )
        draw.text((400, 600 + 40 * row), "cell", font=font, fill=0)
        lines.append(Line(words=(word(text.split()[0], x, y, x + 60, y + 34),)))
        lines.append(Line(words=(word("cell", 400, 600 + 40 * row, 460, 634 + 40 * row),)))
    before = [" ".join(w.text for w in line.words) for line in lines]
    assert read(image, tuple(lines), tmp_path) == before


def test_ticks_that_reach_into_the_word_they_are_counted_to_are_found(tmp_path):
    image, lines = form(("tick", "x", "tick", ""))
    drawn = [
        Line(words=(replace(label, box=replace(label.box, x0=junk.box.x0 - 4)),))
        for junk, label in (line.words for line in lines[:3])
    ]
    assert read(image, (*drawn, lines[3]), tmp_path) == [
        "[x] Stroke", "[x] Gout", "[x] Asthma", "[ ] Dementia",
    ]  # fmt: skip


def test_thick_frames_are_not_ticked(tmp_path):
    image, lines = form(("", "", "x", ""))
    draw = ImageDraw.Draw(image)
    for number in (0, 1, 3):
        draw.rectangle((148, 148 + 70 * number, 179, 179 + 70 * number), outline=10, width=7)
    assert read(image, lines, tmp_path) == ["[ ] Stroke", "[ ] Gout", "[x] Asthma", "[ ] Dementia"]


@pytest.mark.parametrize("gap", [6, 18])
def test_a_square_letter_of_a_word_is_no_box(tmp_path, gap):
    """Also where letters stand wide apart, and where boxes of its size are on the page."""
    image, lines = form(("", "x", "", ""))
    draw = ImageDraw.Draw(image)
    for letter in range(9):
        x = 150 + letter * (27 + gap)
        draw.rectangle((x, 40, x + 27, 67), outline=10, width=3)
    heading = Line(words=(word("DISCHARGE", 150, 38, 150 + 9 * (27 + gap), 69, 0.98),))
    assert read(image, (heading, *lines), tmp_path)[0] == "DISCHARGE"


@pytest.mark.parametrize("text", ["B", "B."])
def test_a_barred_letter_is_no_box(tmp_path, text):
    image, lines = form(("", "x", "", ""))
    draw = ImageDraw.Draw(image)
    draw.rectangle((150, 40, 177, 67), outline=10, width=4)
    draw.line((150, 53, 177, 53), fill=10, width=4)
    draw.text((220, 38), "Crane", font=ImageFont.load_default(size=33), fill=10)
    name = Line(words=(word(text, 150, 38, 190, 69, 0.85), word("Crane", 220, 38, 310, 69)))
    assert read(image, (name, *lines), tmp_path)[0] == f"{text} Crane"


@pytest.mark.parametrize(
    ("read_as", "label"),
    [
        ((("[JEpilepsy", 98, 300),), "Epilepsy"),
        ((("{7", 92, 138), ("Epilepsy", 142, 300)), "Epilepsy"),
        ((("vid", 96, 141), ("Epilepsy", 143, 300)), "Epilepsy"),
        ((("ZHIPAA", 98, 300),), "HIPAA"),
        ((("Zoster", 98, 300),), "Zoster"),
        ((("7!", 98, 150), ("agree", 160, 300)), "I agree"),
        ((("I", 98, 150), ("I", 143, 150), ("agree", 160, 300)), "I agree"),
        ((("\u25a1I", 98, 150), ("agree", 160, 300)), "I agree"),
        ((("O1", 98, 150), ("tablet", 160, 300)), "1 tablet"),
    ],
)  # fmt: skip
def test_a_box_takes_the_place_of_what_was_read_for_it(read_as, label):
    mark = word("[ ]", 100, 100, 130, 130)
    lines = (Line(words=tuple(word(text, x0, 96, x1, 134) for text, x0, x1 in read_as)),)
    (line,) = with_box(lines, mark, start=140, height=30)
    assert " ".join(w.text for w in line.words) == f"[ ] {label}"
    assert line.words[1].box.x0 >= mark.box.x1


def test_a_box_without_a_label_is_left_out():
    lines = (Line(words=(word("Elsewhere", 100, 500, 300, 530),)),)
    assert with_box(lines, word("[ ]", 100, 100, 130, 130), start=140, height=30) == lines
