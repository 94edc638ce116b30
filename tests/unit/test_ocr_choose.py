"""Of two readings of a page the better word stands at each place."""

import pytest

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.choose import SURE, better
from digitizer.ocr.known import KnownWords


def word(text, x, confidence=0.9, y=0):
    return Word(text=text, box=Box(x, y, x + 40, y + 20), confidence=confidence)


def line(*words):
    return Line(words=words)


def texts(choice):
    return [[w.text for w in each.words] for each in choice.lines]


def test_the_surer_reading_of_each_word_stands():
    first = [line(word("Lisinopril", 0, 0.97), word("2O", 50, 0.4))]
    second = [line(word("Lisinoprll", 0, 0.6), word("20", 50, 0.9))]
    choice = better(first, second)
    assert texts(choice) == [["Lisinopril", "20"]]
    assert (choice.alike, choice.first, choice.second) == (0, 1, 1)


def test_words_read_alike_are_surer_and_disputed_ones_less_sure():
    first = [line(word("chest", 0, 0.8), word("pain", 50, 0.8))]
    second = [line(word("chest", 0, 0.7), word("pair", 50, 0.3))]
    (chest, pain) = better(first, second).lines[0].words
    assert chest.confidence == pytest.approx(0.94)
    assert pain.text == "pain"
    assert pain.confidence == pytest.approx(0.64)
    assert better(first, first).lines[0].words[0].confidence <= SURE


def test_a_word_that_one_engine_alone_found_must_be_sure_enough():
    first = [line(word("noise", 0, 0.6, y=200), word("DOB", 50, 0.95, y=200))]
    second = [line(word("found", 0, 0.5)), line(word("fleck", 0, 0.3, y=80))]
    assert texts(better(first, second)) == [["found"], ["DOB"]]


def test_two_words_that_one_engine_read_as_one_are_one_place():
    first = [line(word("chest", 0, 0.9), word("pain", 44, 0.9))]
    glued = Word(text="chestpain", box=Box(0, 0, 84, 20), confidence=0.7)
    assert texts(better(first, [line(glued)])) == [["chest", "pain"]]


def test_lines_above_each_other_are_kept_apart():
    first = [line(word("above", 0)), line(word("below", 0, y=30))]
    second = [line(word("above", 0)), line(word("below", 0, y=30))]
    assert texts(better(first, second)) == [["above"], ["below"]]


def test_no_word_is_there_that_neither_engine_read():
    first = [line(word("a", 0, 0.2), word("b", 30, 0.95))]
    second = [line(word("c", 10, 0.5), word("d", 90, 0.8))]
    read = {"a", "b", "c", "d"}
    assert {text for row in texts(better(first, second)) for text in row} <= read


def test_a_page_on_which_one_engine_found_nothing_is_the_others():
    alone = [line(word("chest", 0, 0.95))]
    assert texts(better(alone, [])) == [["chest"]]
    assert texts(better([], alone)) == [["chest"]]
    assert better([], []).lines == ()


def test_a_word_that_a_dictionary_has_stands_against_a_surer_one_that_none_has():
    known = KnownWords(frozenset({"deficiency"}))
    choice = better(
        [line(word("deficiency", 0, 0.5))], [line(word("deficieney", 0, 0.7))], known=known
    )
    assert texts(choice) == [["deficiency"]]
    surer = [line(word("deficieney", 0, 0.7))]
    assert texts(better([line(word("deficiency", 0, 0.5))], surer)) == [["deficieney"]]


def test_a_name_that_both_read_elsewhere_on_the_page_is_known():
    known = KnownWords(frozenset({"patient"}))
    above = word("Okonkwo", 0, y=0)
    first = [line(above), line(word("Okonkwo", 0, 0.6, y=40))]
    second = [line(above), line(word("Okonkvvo", 0, 0.7, y=40))]
    assert texts(better(first, second, known=known)) == [["Okonkwo"], ["Okonkwo"]]


def test_a_reading_cut_short_does_not_stand_for_the_whole_place():
    cut = Word(text="hyper", box=Box(0, 0, 40, 20), confidence=0.95)
    whole = Word(text="hypertrophy", box=Box(0, 0, 90, 20), confidence=0.8)
    assert texts(better([line(cut)], [line(whole)])) == [["hypertrophy"]]
