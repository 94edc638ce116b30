"""Print that a page shows and an engine passed over is found; stamps and scrawls are not print."""

from dataclasses import replace

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.unread import marks, unread


def line(y: float, *places: tuple[float, float], height: float = 20) -> Line:
    return Line(
        words=tuple(
            Word(text="word", box=Box(x0, y, x1, y + height), confidence=0.9) for x0, x1 in places
        )
    )


READ = [line(100, (0, 80), (90, 170)), line(140, (0, 80))]


def test_nothing_was_passed_over_where_words_cover_all_that_is_seen():
    assert unread([Box(2, 104, 78, 118), Box(92, 104, 168, 118), Box(2, 144, 78, 158)], READ) == ()


def test_words_of_a_row_that_were_passed_over_make_one_place():
    seen = [Box(2, 184, 60, 198), Box(70, 184, 120, 200), Box(130, 183, 170, 198)]
    assert unread(seen, READ) == (Box(2, 183, 170, 200),)


def test_rows_and_far_columns_are_places_of_their_own():
    seen = [Box(2, 224, 60, 238), Box(2, 184, 60, 198), Box(400, 184, 460, 198)]
    assert unread(seen, READ) == (
        Box(2, 184, 60, 198),
        Box(400, 184, 460, 198),
        Box(2, 224, 60, 238),
    )


def test_stamps_and_signatures_are_no_print():
    assert unread([Box(300, 200, 500, 260)], READ) == ()


STAMP = Box(300, 200, 500, 260)


def test_stamps_and_signatures_are_marks():
    print_ = Box(2, 184, 60, 198)
    assert marks([], [STAMP, print_, Box(2, 104, 78, 118)], READ, []) == (STAMP,)


def test_what_is_drawn_larger_than_print_is_a_mark():
    assert marks([STAMP, Box(300, 300, 340, 330)], [], READ, []) == (STAMP,)


def test_words_that_a_hand_wrote_are_a_mark():
    words = line(180, (0, 60), (70, 130), height=60).words
    assert marks([], [], [*READ, Line(words=words)], [words]) == (Box(0, 180, 130, 240),)


def test_what_was_read_as_print_is_no_mark():
    heading = line(200, (300, 500), height=60)
    assert marks([STAMP], [], [*READ, heading], []) == ()


def test_words_that_a_hand_wrote_are_no_print():
    name = line(200, (300, 500), height=60)
    assert marks([STAMP], [], [*READ, name], [name.words]) == (STAMP,)


def test_a_word_read_badly_does_not_make_print_of_a_mark():
    (word,) = line(200, (300, 500), height=60).words
    scrawl = Line(words=(replace(word, confidence=0.3),))
    assert marks([STAMP], [], [*READ, scrawl], []) == (STAMP,)


def test_what_lies_on_each_other_is_one_mark():
    inside, beside = Box(350, 210, 550, 250), Box(700, 200, 900, 260)
    assert marks([STAMP, inside, beside], [], READ, []) == (Box(300, 200, 550, 260), beside)


def test_a_page_of_which_nothing_was_read_has_no_marks():
    assert marks([STAMP], [STAMP], [], []) == ()


def test_what_a_scrawl_was_taken_for_covers_nothing():
    scrawl = line(180, (0, 60), height=90)
    assert unread([Box(2, 184, 50, 198)], [*READ, scrawl]) == (Box(2, 184, 50, 198),)


def test_a_page_of_which_nothing_was_read_has_no_print_to_compare_with():
    assert unread([Box(2, 184, 60, 198)], []) == ()
