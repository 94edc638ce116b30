"""Letters and digits of one shape: l, I and 1, O and 0. Which of them stands there says the word.

In many typefaces no eye tells "Ib" from "lb" nor "Sp02" from "SpO2", so engines guess, and by
English at that. Only words are respelled that are none as they were read, and have no second way
to be read; a number never is. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from digitizer.chart.text import Line, Word

UNITS = (
    "lb", "lbs", "mL", "mL/min", "mL/hr", "mL/kg", "IU/L", "IU/mL", "uIU/mL", "µIU/mL", "mIU/mL",
    "mIU/L", "U/L", "g/dL", "mg/dL", "mcg/dL", "ng/mL", "ng/dL", "pg/mL", "mg/L", "mmol/L",
    "umol/L", "µmol/L", "mEq/L", "K/uL", "K/µL", "M/uL", "M/µL", "cells/uL", "mil/uL",
)  # fmt: skip
"""What stands behind a number."""

NAMES = ("SpO2", "PaCO2", "HbA1c", "HgbA1c", "A1c")
"""What stands anywhere. F102 and P02 may be codes, so FiO2, pO2 and their like are not here."""

NO_UNIT = re.compile(r"^(?:meg|mog|mcq|mgc)(?:/\w+)?$")
"""Behind a number these are mcg or mEq, a thousandfold apart: they are to be read again."""

DOUBTED = 0.5  # of its confidence, what is left to a unit that is none

_SHAPES = str.maketrans({"I": "1", "l": "1", "i": "1", "|": "1", "!": "1", "O": "0", "o": "0"})
_AROUND = re.compile(r"^(\W*)(.*?)(\W*)$")
_NUMBER = re.compile(r"^[<>=~(]*\d[\d.,/-]*$")
_CAPITAL = re.compile(r"^l(?:ron|(?=[a-z]*[aeiouy])[bcdfgmnprst][a-z]{3,})$")
"""English has no words in l and one of these, and many in I: lnsulin, lmpression."""


def _by_shape(words: Iterable[str]) -> dict[str, str]:
    return {word.lower().translate(_SHAPES): word for word in words}


_UNITS, _NAMES = _by_shape(UNITS), _by_shape(NAMES)


def respelled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with such words as they must be spelled, where they were read otherwise."""
    return tuple(replace(line, words=tuple(_respelled(line))) for line in lines)


def _respelled(line: Line) -> Iterator[Word]:
    before = ""
    for word in line.words:
        yield _fitting(word, behind_number=bool(_NUMBER.match(before)))
        before = word.text


def _fitting(word: Word, *, behind_number: bool) -> Word:
    if behind_number and NO_UNIT.match(word.text):
        return replace(word, confidence=DOUBTED * word.confidence)
    found = _AROUND.match(word.text)
    before, core, behind = found.groups() if found else ("", word.text, "")
    fit = _spelling(core, behind_number=behind_number)
    return word if fit == core else replace(word, text=f"{before}{fit}{behind}")


def _spelling(core: str, *, behind_number: bool) -> str:
    """As a unit or name of the same shape is spelled; whether in capitals is left as it is."""
    shape = core.lower().translate(_SHAPES)
    fit = _NAMES.get(shape) or (_UNITS.get(shape) if behind_number else None)
    if fit is not None:
        pairs = zip(core, fit, strict=True)
        return "".join(a if a.lower() == b.lower() else b for a, b in pairs)
    return f"I{core[1:]}" if _CAPITAL.match(core) else core
