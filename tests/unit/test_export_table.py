"""Tables that spreadsheets open without running anything."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.export.table import harmless, table_csv


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\uff1d1",
        "\uff0b1",
        "\n@x",
    ],
)
def test_what_would_be_a_formula_is_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Hargrove, Rajesh", "887-96-68", "1959-04-13", "", "E11.9"])
def test_what_is_text_stays_as_it_is(cell):
    assert harmless(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_every_cell_is_read_back_in_its_place(rows):
    text = table_csv(("a", "b"), rows)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == ["a", "b"]
    assert read[1:] == [[harmless(cell) for cell in row] for row in rows]
