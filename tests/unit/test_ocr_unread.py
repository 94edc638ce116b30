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


def test_stamps_and_signatures_are_marks():
    stamp, print_ = Box(300, 200, 500, 260), Box(2, 184, 60, 198)
    assert marks([stamp, print_, Box(2, 104, 78, 118)], READ) == (stamp,)


def test_a_tall_word_read_badly_is_a_mark_and_a_heading_is_none():
    words = line(180, (0, 60), height=90).words + line(300, (0, 200), height=60).words
    scrawl, heading = replace(words[0], confidence=0.3), replace(words[1], confidence=0.95)
    assert marks([], [*READ, Line(words=(scrawl, heading))]) == (scrawl.box,)


def test_a_page_of_which_nothing_was_read_has_no_marks():
    assert marks([Box(2, 184, 60, 198)], []) == ()


def test_what_a_scrawl_was_taken_for_covers_nothing():
    scrawl = line(180, (0, 60), height=90)
    assert unread([Box(2, 184, 50, 198)], [*READ, scrawl]) == (Box(2, 184, 50, 198),)


def test_a_page_of_which_nothing_was_read_has_no_print_to_compare_with():
    assert unread([Box(2, 184, 60, 198)], []) == ()
