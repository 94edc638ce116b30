"""Rows of print that a signature or a stamp runs through are found by the words beside it."""

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.beneath import rows_beneath

SIGNATURE = Box(100, 300, 400, 412)


def line(y: float, *words: tuple[str, float, float], sure=0.95) -> Line:
    return Line(
        words=tuple(
            Word(text=text, box=Box(x0, y, x1, y + 20), confidence=sure) for text, x0, x1 in words
        )
    )


HEAD = line(100, ("Discharge", 100, 190), ("summary", 200, 280))
DATE = line(400, ("Date:", 420, 470), ("02/09/18", 480, 560))


def test_the_row_below_a_signature_goes_as_far_as_the_signature():
    ((words, place),) = rows_beneath([SIGNATURE], [HEAD, DATE])
    assert [word.text for word in words] == ["Date:", "02/09/18"]
    assert place == Box(100, 400, 560, 420)


def test_doubtful_words_of_the_row_are_read_again_with_it_whatever_their_height():
    torn = Word(text="Pe", box=Box(150, 380, 200, 424), confidence=0.3)
    ((words, _),) = rows_beneath([SIGNATURE], [HEAD, DATE, Line(words=(torn,))])
    assert [word.text for word in words] == ["Pe", "Date:", "02/09/18"]


def test_a_row_that_is_read_surely_as_far_as_the_mark_goes_is_left_alone():
    whole = line(400, ("Susan", 100, 190), ("Pell,", 195, 290), ("DO", 295, 398))
    assert rows_beneath([SIGNATURE], [HEAD, whole]) == ()


def test_the_same_row_read_badly_is_not():
    doubted = line(400, ("Suson", 100, 190), ("Peil,", 195, 290), ("D0", 295, 398), sure=0.5)
    assert len(rows_beneath([SIGNATURE], [HEAD, doubted])) == 1


def test_a_row_that_the_mark_does_not_reach_is_left_alone():
    assert rows_beneath([SIGNATURE], [HEAD, line(440, ("Date:", 420, 470))]) == ()


def test_words_far_beside_the_mark_do_not_tell_of_a_row():
    assert rows_beneath([SIGNATURE], [HEAD, line(400, ("Page", 900, 950))]) == ()


def test_each_row_under_a_stamp_is_one():
    rows = [line(y, ("Dunmore,", 420, 500)) for y in (320, 350, 380)]
    assert [place.y0 for _, place in rows_beneath([SIGNATURE], [HEAD, *rows])] == [320, 350, 380]


def test_two_marks_on_one_row_make_one_place():
    other = Box(600, 300, 800, 412)
    ((words, place),) = rows_beneath([SIGNATURE, other], [HEAD, DATE])
    assert len(words) == 2
    assert place == Box(100, 400, 800, 420)


def test_a_page_without_marks_or_words_has_none():
    assert rows_beneath([], [HEAD, DATE]) == ()
    assert rows_beneath([SIGNATURE], []) == ()
