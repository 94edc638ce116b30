"""Dates, names and record numbers survive any spelling of theirs; no text makes reading fail."""

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.page import Page
from digitizer.chart.stage import Resources
from digitizer.chart.text import Text
from digitizer.text.assemble import assemble
from digitizer.text.dates import find_dates
from digitizer.text.names import read_name, same_name
from digitizer.text.record_number import key_of, read_number, repaired
from digitizer.text.structure import Structure

READ = Structure().open(Resources(models=Path(__file__).parents[2] / "models"))
TODAY = date(2030, 1, 1)
STYLES = ("%m/%d/%Y", "%m-%d-%Y", "%Y-%m-%d", "%B %d, %Y", "%d-%b-%Y", "%d %B %Y", "%b %d %Y")
DAYS = st.dates(date(1900, 1, 1), TODAY)
WORDS = st.sampled_from(["Ana", "Bo", "Chidi", "Delgado", "Fonseca", "Greer", "Ibarra", "Kowalski"])


@given(DAYS, st.sampled_from(STYLES))
def test_a_date_is_read_in_every_notation(day, style):
    (found,) = find_dates(f"on {day.strftime(style)} she")
    assert found.on(TODAY) == day


@given(st.dates(date(1935, 1, 1), TODAY), DAYS)
def test_a_two_digit_year_is_never_after_the_latest_day(day, latest):
    (found,) = find_dates(day.strftime("%m/%d/%y"))
    read = found.on(latest)
    assert read is None or (read <= latest and read.year % 100 == day.year % 100)


@given(st.lists(WORDS, min_size=2, max_size=4, unique=True), st.booleans())
def test_a_name_is_the_same_in_either_order(words, shouted):
    plain, turned = " ".join(words), f"{words[-1]}, {' '.join(words[:-1])}"
    read = read_name(turned.upper() if shouted else turned)
    assert read and read.name == plain
    assert same_name(plain, read.name)


@given(st.from_regex(r"[1-9][0-9]{4,9}|[A-Z]{2}-[0-9]{3}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_a_clean_record_number_is_read_as_printed(number):
    read = read_number(number)
    assert read and read.value == number and not read.repaired


@given(st.from_regex(r"[0-9A-Za-z\-]{1,14}", fullmatch=True))
def test_a_repair_changes_characters_and_adds_none(number):
    assert len(repaired(number)) == len(number)
    assert len(key_of(repaired(number))) == len(key_of(number))


LABELS = st.sampled_from(
    ["Patient Name:", "DOB:", "MRN:", "Sex:", "Page 2", "\n", "PLAN", "RE:", "Mother:", "01/02/50"]
)


@given(st.lists(st.text(max_size=12) | LABELS, max_size=30).map(" ".join))
def test_any_text_is_read_and_its_sections_cover_it(content):
    page = READ(Page(number=1, text=Text(content=content)))
    assert "".join(section.span.of(content) for section in page.sections) == content
    assert sum(len(document.pages) for document in assemble([page])) == 1
