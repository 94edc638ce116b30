"""Confidence is the likelihood that a word is right, and everyone who asks for it asks in that."""

import pytest

from digitizer.chart.geometry import Box
from digitizer.chart.text import Line, Word
from digitizer.imaging import frames
from digitizer.nlp.reading import DOUBT
from digitizer.ocr.choose import SURE
from digitizer.ocr.confidence import (
    CONFIDENT,
    CURVES,
    LIKELY,
    calibrated,
    likelihood,
    share_right,
)
from digitizer.ocr.known import Kind
from digitizer.review.validate import UNSURE


def said(*confidences) -> Line:
    return Line(
        words=tuple(Word(text="word", box=Box(0, 0, 9, 9), confidence=c) for c in confidences)
    )


ALL = [curve for curves in CURVES.values() for curve in curves.values()]


@pytest.mark.parametrize("curve", ALL)
def test_a_surer_word_is_never_less_likely(curve):
    steps = [likelihood(curve, step / 1000) for step in range(1001)]
    assert steps == sorted(steps)
    assert steps[0] == curve[0][1]
    assert steps[-1] == curve[-1][1]
    assert 0.0 <= steps[0] < steps[-1] < 1.0


@pytest.mark.parametrize(
    ("as_tesseract_says", "threshold"),
    [
        (CONFIDENT, LIKELY),
        (0.75, DOUBT),
        (0.6, UNSURE),
        (0.6, frames.BELIEVED),
        (0.8, frames.SURE),
    ],
)
def test_thresholds_stand_where_they_were_found_in_tesseracts_own_measure(
    as_tesseract_says, threshold
):
    assert threshold == pytest.approx(
        likelihood(CURVES["tesseract"][Kind.ANY], as_tesseract_says), abs=0.01
    )


def test_no_reading_is_as_sure_as_what_a_file_spells_itself():
    assert max(likelihood(curve, 1.0) for curve in ALL) < frames.SPELLED
    assert SURE < frames.SPELLED


def test_each_engine_has_a_curve_of_its_own():
    ((one,), (other,)) = (
        (w.confidence for w in calibrated([said(0.9)], name)[0].words)
        for name in ("tesseract", "rapidocr")
    )
    assert one == pytest.approx(0.87)
    assert other == pytest.approx(0.66)


def test_an_engine_without_a_curve_is_taken_at_its_word():
    (line,) = calibrated([said(0.0, 0.123, 1.0)], "stranger")
    assert [w.confidence for w in line.words] == [0.0, 0.123, 1.0]


def test_the_share_of_right_words_leaves_marks_out():
    mark = Word(text="|", box=Box(0, 0, 9, 9), confidence=0.1)
    assert share_right([Line(words=(*said(0.9, 0.7).words, mark))]) == pytest.approx(0.8)
    assert share_right([]) == 0.0
