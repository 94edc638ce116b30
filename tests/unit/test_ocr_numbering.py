"""A list's number of which only the stop was read is read again; none is worked out."""

import pytest

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.numbering import lost_numbers, without_lost
from digitizer.ocr.strips import mended, strips_of

PAGE = (600, 400)


def word(text, x0, x1, y0=100, y1=120, confidence=0.95) -> Word:
    return Word(text=text, box=Box(x0, y0, x1, y1), confidence=confidence)


STOP = word(".", 66, 70, 115, 120)
ITEM = Line(words=(STOP, word("Zestril", 80, 150), word("20", 160, 180), word("mg", 190, 210)))
OTHER = Line(words=tuple(word("words", 80 + 60 * i, 130 + 60 * i, 150, 170) for i in range(5)))


def on_sheet(strip, *words) -> list[Line]:
    left, down = strip.cut[0], strip.top - strip.cut[1]
    return [
        Line(
            words=tuple(
                word(w.text, w.box.x0 - left, w.box.x1 - left, w.box.y0 + down, w.box.y1 + down)
                for w in words
            )
        )
    ]


def texts(lines) -> list[list[str]]:
    return [[w.text for w in line.words] for line in lines]


def test_the_place_of_a_lost_number_holds_the_digit_and_its_stop():
    ((stop, place),) = lost_numbers([ITEM, OTHER]).items()
    assert stop == STOP
    assert place.holds(Box(50, 102, 62, 120))
    assert place.holds(Box(50, 102, 70, 120))
    assert not place.holds(ITEM.words[1].box)


@pytest.mark.parametrize(
    "line",
    [
        Line(words=(STOP,)),
        Line(words=(STOP, word("Zestril", 180, 250))),
        Line(words=(word(".", 66, 80, 100, 120), *ITEM.words[1:])),
        Line(words=(word(".", 66, 70, 94, 99), *ITEM.words[1:])),
        Line(words=(word("-", 66, 70, 112, 114), *ITEM.words[1:])),
        Line(words=(*ITEM.words[1:], word(".", 212, 216, 115, 120))),
    ],
    ids=["alone", "far from words", "as high as print", "above the line", "a dash", "at the end"],
)
def test_other_dots_are_left_alone(line):
    assert not lost_numbers([line, OTHER])
    assert without_lost([line, OTHER]) == (line, OTHER)


def test_the_number_that_is_read_there_takes_the_place_of_the_stop():
    (strip,) = strips_of([ITEM, OTHER], (), PAGE)
    done = mended([ITEM, OTHER], [strip], on_sheet(strip, word("3.", 50, 70)))
    assert texts(done)[0] == ["3.", "Zestril", "20", "mg"]


@pytest.mark.parametrize("said", ["", "a", "&.", "Zes"])
def test_where_no_number_is_read_the_stop_stays(said):
    (strip,) = strips_of([ITEM, OTHER], (), PAGE)
    found = on_sheet(strip, word(said, 50, 70)) if said else []
    assert texts(mended([ITEM, OTHER], [strip], found))[0] == [".", "Zestril", "20", "mg"]


def test_a_digit_seen_there_is_read_once():
    (strip,) = strips_of([ITEM, OTHER], (Box(50, 102, 62, 120),), PAGE)
    assert strip.words == (STOP,)


def test_what_was_made_of_several_numbers_goes():
    below = Line(words=tuple(word(w.text, w.box.x0, w.box.x1, w.box.y0 + 30, w.box.y1 + 30)
                             for w in ITEM.words))  # fmt: skip
    tall = Line(words=(word("DN", 50, 62, 100, 148, 0.4),))
    lines = [ITEM, below, tall, OTHER]
    strips = strips_of(lines, (), PAGE)
    numbers = (word("3.", 50, 70), word("4.", 50, 70, 130, 150))
    said = [line for strip in strips for line in on_sheet(strip, *numbers)]
    assert texts(mended(lines, strips, said))[:2] == [
        ["3.", "Zestril", "20", "mg"], ["4.", "Zestril", "20", "mg"],
    ]  # fmt: skip
    assert ["DN"] not in texts(mended(lines, strips, said))


def test_a_stop_is_no_rival_of_another_engines_number():
    assert texts(without_lost([ITEM]))[0] == ["Zestril", "20", "mg"]
