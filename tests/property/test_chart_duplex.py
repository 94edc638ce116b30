from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.duplex import page_of_back, page_of_front, side_of

_SHEETS = st.integers(1, 300)


@given(_SHEETS)
def test_every_page_of_a_stack_is_one_side_of_one_sheet(sheets):
    fronts = {page_of_front(number): (False, number) for number in range(1, sheets + 1)}
    backs = {page_of_back(number, sheets): (True, number) for number in range(1, sheets + 1)}
    assert sorted({**fronts, **backs}) == list(range(1, 2 * sheets + 1))
    assert {page: side_of(page, sheets) for page in {**fronts, **backs}} == {**fronts, **backs}


@given(_SHEETS)
def test_the_last_sheet_is_turned_first(sheets):
    assert page_of_back(1, sheets) == page_of_front(sheets) + 1
    assert page_of_back(sheets, sheets) == 2
