"""Doubtful words are read again on a sheet of their own; the better reading takes their place."""

import pytest
from PIL import Image

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.strips import mended, sheet_of, strips_of

PAGE = (600, 400)


def word(text, x, confidence, y=100, height=20):
    return Word(text=text, box=Box(x, y, x + 40, y + height), confidence=confidence)


SURE, DOSE, UNIT = word("Lisinopril", 50, 0.95), word("2O", 100, 0.5), word("rng", 150, 0.4)
LINE = Line(words=(SURE, DOSE, UNIT))


def on_sheet(strip, *words) -> Line:
    """The words where they stand on the sheet, by where they stand on the page."""
    down = strip.top - strip.cut[1]
    boxes = (
        Box(w.box.x0 - strip.cut[0], w.box.y0 + down, w.box.x1 - strip.cut[0], w.box.y1 + down)
        for w in words
    )
    return Line(
        words=tuple(
            Word(text=w.text, box=box, confidence=w.confidence)
            for w, box in zip(words, boxes, strict=True)
        )
    )


def texts(lines) -> list[list[str]]:
    return [[w.text for w in line.words] for line in lines]


def test_words_that_are_sure_are_not_read_again():
    assert strips_of([Line(words=(SURE,))], (), PAGE) == ()
    assert strips_of([], (), PAGE) == ()


def test_a_number_is_doubted_sooner_than_a_word():
    sure = [Line(words=(word("words", 50 * i, 0.985),)) for i in range(40)]
    lines = [*sure, Line(words=(word("20", 0, 0.5),)), Line(words=(word("daily", 0, 0.5),))]
    (strip,) = strips_of(lines, (), PAGE)
    assert [w.text for w in strip.words] == ["20"]


def test_on_a_page_that_is_only_fair_more_words_are_doubted():
    fair = [Line(words=(word("words", 50 * i, 0.93),)) for i in range(9)]
    (strip,) = strips_of([*fair, Line(words=(word("daily", 0, 0.7),))], (), PAGE)
    assert [w.text for w in strip.words] == ["daily"]


def test_scrawls_and_marks_are_left_alone():
    scrawl, mark = word("Xq7", 0, 0.1, height=90), word("~", 0, 0.1)
    usual = [Line(words=(word("words", 50 * i, 0.95),)) for i in range(9)]
    assert strips_of([*usual, Line(words=(scrawl,)), Line(words=(mark,))], (), PAGE) == ()


def test_doubtful_words_beside_each_other_are_read_together_with_what_is_around_them():
    (strip,) = strips_of([LINE], (), PAGE)
    assert strip.words == (DOSE, UNIT)
    left, top, right, bottom = strip.cut
    assert left < 100 < 190 < right
    assert top < 100 < 120 < bottom


def test_the_sheet_shows_each_strip_where_it_says():
    lines = [LINE, Line(words=(word("5OO", 300, 0.3, y=300),))]
    page = Image.new("L", PAGE, 255)
    page.paste(7, (300, 300, 340, 320))
    strips = strips_of(lines, (), PAGE)
    sheet = sheet_of(strips, page)
    second = strips[1]
    assert sheet.getpixel((300 - second.cut[0], 300 - second.cut[1] + second.top)) == 7
    assert sheet.getpixel((0, strips[0].top)) == 255


def test_a_better_reading_takes_the_place_of_doubtful_words():
    (strip,) = strips_of([LINE], (), PAGE)
    said = [on_sheet(strip, word("20", 100, 0.9), word("mg", 150, 0.9))]
    (line,) = mended([LINE], [strip], said)
    assert [w.text for w in line.words] == ["Lisinopril", "20", "mg"]
    assert line.words[1].box == DOSE.box
    assert line.words[0] == SURE


def test_a_word_read_alike_twice_is_surer():
    (strip,) = strips_of([LINE], (), PAGE)
    said = [on_sheet(strip, word("2O", 100, 0.5), word("rng", 150, 0.4))]
    (line,) = mended([LINE], [strip], said)
    assert [w.text for w in line.words] == ["Lisinopril", "2O", "rng"]
    assert line.words[1].confidence == pytest.approx(0.75)


PASSED_OVER = Box(100, 200, 190, 220)


def test_print_that_was_passed_over_becomes_a_line_of_its_own():
    (strip,) = strips_of([Line(words=(SURE,))], [PASSED_OVER], PAGE)
    said = [on_sheet(strip, word("2", 100, 0.9, y=200), word("mg", 150, 0.9, y=200))]
    assert texts(mended([Line(words=(SURE,))], [strip], said)) == [["Lisinopril"], ["2", "mg"]]


def test_what_was_made_of_its_edge_goes_with_the_line_that_was_passed_over():
    edge = Word(text="nnoumanis", box=Box(100, 195, 190, 207), confidence=0.2)
    lines = [Line(words=(SURE,)), Line(words=(edge,))]
    (strip,) = strips_of(lines, [PASSED_OVER], PAGE)
    assert (strip.words, strip.place) == ((edge,), Box(100, 195, 190, 220))
    said = [on_sheet(strip, word("pneumonia", 100, 0.9, y=200))]
    assert texts(mended(lines, [strip], said)) == [["Lisinopril"], ["pneumonia"]]


NUMBER = Box(100, 200, 120, 220)


@pytest.mark.parametrize(
    ("read", "kept"), [("2.", [["2."]]), ("12)", [["12)"]]), ("0.1", [["0.1"]]), ("OI", [])]
)
def test_a_short_place_holds_a_number_or_nothing(read, kept):
    (strip,) = strips_of([], [NUMBER], PAGE)
    said = Word(text=read, box=NUMBER, confidence=0.9)
    assert texts(mended([], [strip], [on_sheet(strip, said)])) == kept


def test_what_stands_in_its_row_already_was_only_misplaced():
    there = Line(words=(word("2", 300, 0.95, y=200), word("mg", 350, 0.95, y=200)))
    (strip,) = strips_of([there], [PASSED_OVER], PAGE)
    said = [on_sheet(strip, word("2", 100, 0.9, y=200), word("mg", 150, 0.9, y=200))]
    assert texts(mended([there], [strip], said)) == [["2", "mg"]]


def test_strips_of_a_larger_image_are_brought_back_to_the_page():
    (strip,) = strips_of([LINE], (), (1200, 800), scale=2.0)
    left, top, right, _ = strip.cut
    assert left < 200 < 380 < right
    down = strip.top - top
    found = Word(text="20", box=Box(200 - left, 200 + down, 280 - left, 240 + down), confidence=0.9)
    (word_,) = strip.found([Line(words=(found,))])
    assert word_.box == DOSE.box


def test_where_nothing_is_read_the_words_stay():
    strips = strips_of([LINE], (), PAGE)
    assert mended([LINE], strips, []) == (LINE,)


def test_neighbours_that_the_strip_cuts_are_not_taken():
    (strip,) = strips_of([LINE], (), PAGE)
    said = [on_sheet(strip, word("nopril", 60, 0.99), word("20", 100, 0.9))]
    assert texts(mended([LINE], [strip], said)) == [["Lisinopril", "20"]]
