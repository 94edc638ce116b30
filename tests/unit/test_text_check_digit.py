from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text
from digitizer.errors import ConfigError
from digitizer.text.check_digit import METHODS, holds
from digitizer.text.structure import Structure

MODELS = Path(__file__).parents[2] / "models"


@pytest.mark.parametrize(
    ("number", "method"),
    [
        ("12345-5", "M10"),  # the examples of HL7
        ("4010", "M10"),
        ("99994", "M10"),
        ("MR 99-99-99-99-8", "M10"),
        ("12345-5", "M11"),
        ("12345674", "M11"),
        ("5161928722", "M11"),
    ],
)
def test_a_number_with_the_right_last_digit_holds(number, method):
    assert holds(number, method)


@given(
    st.text("0123456789", min_size=5, max_size=12),
    st.integers(0, 11),
    st.integers(1, 9),
    st.sampled_from([*METHODS]),
)
def test_one_misread_digit_never_holds(number, at, other, method):
    """M11 gives two remainders the digit 0, so a last 0 proves less."""
    digits = [int(digit) for digit in number]
    check = METHODS[method](digits)
    at %= len(digits)
    wrong = [*digits]
    wrong[at] = (wrong[at] + other) % 10
    if method == "M11" and check == 0:
        return
    assert holds("".join(map(str, [*digits, check])), method)
    assert not holds("".join(map(str, [*wrong, check])), method)


def _read(method, number):
    read = Structure(mrn_check=method).open(Resources(models=MODELS))
    text = f"Patient Name: Stone, Paul   MRN: {number}   DOB: 02/03/1950\nGout."
    return read(Page(number=1, text=Text(content=text)))


def test_a_record_number_that_fails_is_not_taken_and_the_page_says_so():
    page = _read("M10", "123456")
    assert page.header.patient.mrn is None
    assert page.header.patient.dob == date(1950, 2, 3)
    assert any("check digit" in warning for warning in page.warnings)
    assert not any("123456" in warning for warning in page.warnings)
    assert ("mrn", page.warnings[0]) in page.header.reasons


@pytest.mark.parametrize(("method", "number"), [("M10", "123455"), ("", "123456")])
def test_a_record_number_that_holds_or_needs_no_check_is_taken(method, number):
    page = _read(method, number)
    assert (page.header.patient.mrn, page.warnings) == (number, ())


def test_an_unknown_method_is_refused_with_those_that_there_are():
    with pytest.raises(ConfigError, match=r"no check digit 'luhn'; there is: M10, M11"):
        Structure(mrn_check="luhn").open(Resources(models=MODELS))
