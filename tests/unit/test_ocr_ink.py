"""The rules of a table's cell are no ink of its text."""

import numpy as np

from digitizer.ocr.ink import without_rules


def cell() -> np.ndarray:
    """Two words as blocks of ink, 20 px apart."""
    ink = np.zeros((40, 100), dtype=bool)
    ink[12:28, 10:40] = ink[12:28, 60:90] = True
    return ink


def test_rules_above_and_below_go_though_they_lie_askew():
    letters = cell()
    ink = letters.copy()
    ink[2:4, :50] = ink[3:5, 50:] = True
    ink[36:38, :] = True
    assert (without_rules(ink) == letters).all()


def test_specks_beside_a_rule_do_not_keep_it():
    ink = cell()
    ink[2:4, :] = True
    ink[5, 48:50] = True
    assert not without_rules(ink)[:4].any()


def test_a_bar_of_a_letter_stays():
    ink = cell()
    ink[10:14, 5:95] = True
    assert (without_rules(ink) == ink).all()


def test_no_ink_is_no_rule():
    assert not without_rules(np.zeros((0, 5), dtype=bool)).size
    assert not without_rules(np.zeros((20, 30), dtype=bool)).any()
