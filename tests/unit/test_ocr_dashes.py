"""A dash stands apart from the words on both its sides, or from neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.dashes import with_even_dashes

LETTER, HEIGHT = 10.0, 20.0


def line(*said: str | float) -> Line:
    """Words, and how far each is from the one before it: 10 px where nothing is said."""
    words, x, gap = [], 0.0, 0.0
    for part in said:
        if isinstance(part, float):
            gap = part
            continue
        x += gap
        width = LETTER * len(part)
        words.append(Word(text=part, box=Box(x, 0, x + width, HEIGHT), confidence=0.9))
        x, gap = x + width, 10.0
    return Line(words=tuple(words))


def read(*said: str | float) -> list[str]:
    sentence = line("the", "spaces", "here", "are", "usual")
    _, found = with_even_dashes([sentence, line(*said)])
    return [word.text for word in found.words]


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        (("No.", "S21", 3.0, "-", 4.0, "27385", "here"), ["No.", "S21-27385", "here"]),
        (("MR-239-80-", 2.0, "38"), ["MR-239-80-38"]),
        (("(555)", "012", 4.0, "-9080"), ["(555)", "012-9080"]),
        (("13", 4.0, "-", 4.0, "Oct", 4.0, "-", 4.0, "2016"), ["13-Oct-2016"]),
    ],
)
def test_what_a_dash_joins_is_one_word(said, printed):
    assert read(*said) == printed


@pytest.mark.parametrize(
    "said",
    [
        ("stopped", "-", "due", "to", "cough"),
        ("pre-", "and", "postoperative"),
        ("T-score", "-2.5", "at", "the", "hip"),
        ("chloride", "Cl-", "98"),
        ("-", "Continue", "aspirin"),
        ("7", 4.0, "-", 4.0, "56"),
        ("BE", "1", 40.0, "-", "2"),
        ("5", 40.0, "-10"),
    ],
)
def test_what_stands_apart_stays_apart(said):
    assert read(*said) == [part for part in said if isinstance(part, str)]


@pytest.mark.parametrize("said", [("6.0-", "8.3"), ("6.0", "-8.3")])
def test_a_range_that_lost_one_of_its_spaces_has_both_again(said):
    assert read(*said) == ["6.0", "-", "8.3"]


@given(st.lists(st.text(st.sampled_from("a1-– ("), min_size=1, max_size=5), min_size=1, max_size=8))
def test_no_character_is_lost_or_added(texts):
    (found,) = with_even_dashes([line(*texts)])
    assert "".join(word.text for word in found.words) == "".join(texts)
    assert all(word.box.x0 <= word.box.x1 for word in found.words)
