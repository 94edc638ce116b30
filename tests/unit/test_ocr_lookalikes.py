"""Letters and digits of one shape are told apart where only one of them makes a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.ocr.lookalikes import NAMES, UNITS, respelled


def read(*texts: str) -> Line:
    return Line(
        words=tuple(
            Word(text=text, box=Box(50 * i, 0, 50 * i + 40, 20), confidence=0.9)
            for i, text in enumerate(texts)
        )
    )


def spelled(*texts: str) -> list[str]:
    (line,) = respelled([read(*texts)])
    return [word.text for word in line.words]


@pytest.mark.parametrize(
    ("as_read", "printed"),
    [("Ib", "lb"), ("1b,", "lb,"), ("Ibs", "lbs"), ("ulU/mL", "uIU/mL"), ("mg/d1", "mg/dL")],
)
def test_a_unit_behind_a_number(as_read, printed):
    assert spelled("182", as_read) == ["182", printed]


def test_what_is_a_unit_behind_a_number_is_none_elsewhere():
    assert spelled("type", "Ib") == ["type", "Ib"]


@pytest.mark.parametrize(
    ("as_read", "printed"),
    [
        ("Sp02", "SpO2"),
        ("SP02:", "SPO2:"),
        ("Alc", "A1c"),
        ("HbAlC", "HbA1C"),
        ("Aic:", "A1c:"),
        ("lron", "Iron"),
        ("lnsulin", "Insulin"),
        ("(lmpression)", "(Impression)"),
    ],
)
def test_names_and_words_wherever_they_stand(as_read, printed):
    assert spelled("the", as_read) == ["the", printed]


@pytest.mark.parametrize(
    "text",
    ["I10", "182.401", "F102", "P02", "O2", "2O", "ldl", "lvef", "llama", "lymph", "II", "1", "l0"],
)
def test_numbers_codes_and_what_may_be_right_stay_as_they_are(text):
    assert spelled("5", text) == ["5", text]


def test_a_unit_that_is_a_thousandfold_another_is_doubted_and_never_guessed():
    (line,) = respelled([read("25", "meg", "meg")])
    assert [w.text for w in line.words] == ["25", "meg", "meg"]
    assert line.words[1].confidence < 0.5
    assert line.words[2].confidence == 0.9


@given(st.lists(st.sampled_from([*UNITS, *NAMES, "20", "mg", "daily", "I10", "Iron", "lb"])))
def test_what_is_spelled_right_stays(texts):
    assert spelled(*texts) == texts


@given(st.lists(st.text(max_size=12)))
def test_no_word_gets_lost_or_longer(texts):
    assert [len(text) for text in spelled(*texts)] == [len(text) for text in texts]
