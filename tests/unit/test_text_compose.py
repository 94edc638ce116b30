"""Forms and tables read row by row, columns of prose one after the other."""

import time

import pytest

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, TextSpan, Word
from digitizer.text.compose import compose


def line(text, x, y, *, size=10.0, slope=0.0) -> Line:
    """Words of 0.5 × `size` a letter and a space of that width between them."""
    words = []
    for part in text.split():
        width = 0.5 * size * len(part)
        top = y + slope * x
        words.append(Word(text=part, box=Box(x, top, x + width, top + size), confidence=0.9))
        x += width + 0.5 * size
    return Line(words=tuple(words))


def test_a_label_stands_before_its_value_whatever_the_engine_does_first():
    lines = [line("MRN: Sex:", 300, 0), line("Name:", 0, 0), line("Rosa Tran", 60, 1)]
    assert compose(lines).content == "Name: Rosa Tran MRN: Sex:\n"


def test_a_table_is_read_row_by_row():
    columns = [
        ("Test", "Sodium", "Potassium"),
        ("Result", "141", "4.9"),
        ("Unit", "mmol/L", "mmol/L"),
    ]
    lines = [
        line(cell, 200 * x, 14 * y)
        for x, column in enumerate(columns)
        for y, cell in enumerate(column)
    ]
    assert compose(lines).content == "Test Result Unit\nSodium 141 mmol/L\nPotassium 4.9 mmol/L\n"


def test_a_page_of_thousands_of_figures_is_put_in_order_at_once():
    lines = [line("4.9", 40 * x, 14 * y) for y in range(150) for x in range(30)]
    before = time.process_time()
    content = compose(lines).content
    assert time.process_time() - before < 5.0  # each piece against each other took 20
    assert content == "\n".join([" ".join(["4.9"] * 30)] * 150) + "\n"


def test_rows_of_a_slightly_sloping_table_keep_together():
    lines = [
        line(text, x, 14 * y, slope=0.01)
        for x, text in ((0, "left"), (400, "right"))
        for y in range(4)
    ]
    assert compose(lines).content == "left right\n" * 4


def test_columns_of_prose_are_read_one_after_the_other():
    left = [f"this is line number {n} of the left part" for n in range(6)]
    right = [f"here goes line number {n} of the right" for n in range(6)]
    lines = [line("A heading that crosses both of the columns of this page entirely now", 0, 0)]
    lines += [line(text, 0, 14 * n + 14) for n, text in enumerate(left)]
    lines += [line(text, 260, 14 * n + 14) for n, text in enumerate(right)]
    content = compose(lines).content.split("\n")
    assert [row for row in content[1:] if row] == left + right


def two_columns(y) -> tuple[list[str], list[str], list[Line]]:
    """What the left column says, what the right one, and their lines from `y` down."""
    left = [f"this is line number {n} of the left part" for n in range(6)]
    right = [f"here goes line number {n} of the right" for n in range(6)]
    lines = [line(text, 0, y + 14 * n) for n, text in enumerate(left)]
    return left, right, lines + [line(text, 260, y + 14 * n) for n, text in enumerate(right)]


def test_a_head_over_columns_of_prose_is_read_row_by_row():
    left, right, lines = two_columns(60)
    lines += [line("Cedar Clinic", 0, 0), line("Name: Rosa Tran", 0, 14), line("DOB: 1950", 0, 28)]
    lines += [line("MRN: 4711", 260, 14), line("Sex: Female", 260, 28)]
    rows = [row for row in compose(lines).content.split("\n") if row]
    head = ["Cedar Clinic", "Name: Rosa Tran MRN: 4711", "DOB: 1950 Sex: Female"]
    assert rows == head + left + right


def test_sentences_that_begin_with_a_label_are_no_head():
    left, right, lines = two_columns(14)
    ear, eye = "Ears: they hear all that is said in here", "Eyes: they see all that is to see"
    rows = compose([line(ear, 0, 0), line(eye, 260, 0), *lines]).content.split("\n")
    assert [row for row in rows if row] == [ear, *left, eye, *right]


def test_a_head_of_three_columns_over_two_of_prose_keeps_its_rows():
    left, right, lines = two_columns(28)
    lines += [line("Sex: Male", 0, 0), line("Seen: 2021", 190, 1), line("By: Lee", 350, 2)]
    rows = [row for row in compose(lines).content.split("\n") if row]
    assert rows == ["Sex: Male Seen: 2021 By: Lee", *left, *right]


@pytest.mark.parametrize("slope", [-0.03, 0.03])
def test_cells_far_apart_on_a_sloping_page_keep_their_rows(slope):
    """Over the widest gap they fall by more than a row: the lines above tell how rows slope."""
    lines = [line("word " * 20, 0, 14 * y, slope=slope) for y in (0, 1)]
    lines += [
        line(text, x, 42 + 14 * y, slope=slope)
        for x, text in ((0, "left"), (500, "right"))
        for y in range(4)
    ]
    assert compose(lines).content.endswith("\n" + "left right\n" * 4)


def test_a_tall_box_does_not_tear_its_row():
    """A rule of the table was read into the unit's word."""
    unit = Word(text="mg/dL", box=Box(300, -7, 330, 20), confidence=0.9)
    lines = [line("BUN", 0, 0), line("17", 200, 0), Line(words=(unit,)), line("7 - 20", 500, 0)]
    lines += [line("Sodium", 0, 14), line("141", 200, 14), line("136 - 145", 500, 14)]
    assert compose(lines).content == "BUN 17 mg/dL 7 - 20\nSodium 141 136 - 145\n"


def test_a_signature_over_a_row_does_not_tear_it():
    name, date = line("Ann Lee, MD", 0, 50), line("Date: 2021", 60, 50)
    pen = Word(text="Ann", box=Box(40, 0, 90, 58), confidence=0.4)
    content = compose([Line(words=(*name.words, pen)), date]).content
    assert "Ann Lee, MD Date: 2021\n" in content


def test_words_of_a_line_keep_together_over_a_gap_whatever_their_height():
    """An engine saw that they belong together though the page slopes unseen."""
    left, right = line("[ ] Migraine", 0, 0), line("[ ] Gout", 300, 8)
    assert compose([Line(words=left.words + right.words)]).content == "[ ] Migraine [ ] Gout\n"


def test_a_wide_gap_between_rows_is_a_blank_line():
    assert compose([line("one", 0, 0), line("two", 0, 14), line("three", 0, 60)]).content == (
        "one\ntwo\n\nthree\n"
    )


def test_no_lines_make_no_text():
    assert compose(()).content == ""


@pytest.mark.parametrize("words", [("chest", "pain"), ("two", "lines")])
def test_a_finding_leads_back_to_the_ink(words):
    text = compose([line("no chest pain", 0, 0), line("on two lines", 0, 14)])
    start = text.content.index(words[0])
    span = TextSpan(start, start + len(" ".join(words)))
    (box,) = text.boxes_of(span)
    assert box == Box.around(w.box for w in text.words if w.text in words)
