"""Forms and tables read row by row, columns of prose one after the other."""

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
