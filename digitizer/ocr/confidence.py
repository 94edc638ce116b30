"""How much to believe of a reading: is the page legible, which words are specks, and how likely is
each word to be right? Pure.

Engines say of each word how sure they are, each by a measure of its own. `plausibility` and
`without_junk` go by Tesseract's. What leaves the stage is calibrated: of the words with a
confidence of 0.9 about nine in ten are right, whichever engine read them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import TypeAlias

from digitizer.chart.text import Line, Word
from digitizer.ocr.known import NONE, Kind, KnownWords

LONG_WORD = 3  # shorter words come out of any speckle
CONFIDENT = 0.8  # as Tesseract says …
LIKELY = 0.74  # … and the same, calibrated

# Measured on 75 pages of all kinds: words that were and were not printed, by kind of word.
_LEAST_SHORT = 0.4  # one or two characters: below it 16 real words and 89 false ones
_LEAST_MARK = 0.5  # no letter or digit: below it 14 and about 166
_LEAST_ODD_MARK = 0.8  # other marks than those a clinical text is made with: below it 0 and 40
_USUAL_MARKS = frozenset("-–%/+|&#")
_FLAT, _TALL = 0.35, 3.0  # heights, in those of a middling word, that no letter has

GOOD = 0.93
"""A page of which so large a share is likely to be right is not read again as a whole: one of 30
clean and office pages had less, of photocopies seven in ten, of faxes one in four. At .9 office
pages were read in less time and no worse, photocopies with a word recall of .9276 for .9304 and
forms of FUNSD with a word F1 of .848 for .851.
"""

FEW_WRONG = 5.0  # words likely to be wrong, up to which a page is not read again as a whole

Curve: TypeAlias = tuple[tuple[float, float], ...]
"""Pairs (what the engine says, share of such words that are right), both from 0 to 1 and rising;
between them the curve is straight."""

_TESSERACT: Mapping[Kind, Curve] = {
    Kind.ANY: (
        (0.0, 0.20), (0.2, 0.35), (0.4, 0.42), (0.6, 0.47), (0.7, 0.67), (0.8, 0.74),
        (0.85, 0.81), (0.9, 0.87), (0.93, 0.94), (0.95, 0.97), (0.97, 0.985), (1.0, 0.985),
    ),
    Kind.KNOWN: (
        (0.0, 0.53), (0.2, 0.53), (0.4, 0.67), (0.6, 0.81), (0.7, 0.81), (0.8, 0.91),
        (0.85, 0.94), (0.9, 0.957), (0.93, 0.968), (0.95, 0.985), (0.97, 0.985), (1.0, 0.985),
    ),
    Kind.STRANGE: (
        (0.0, 0.03), (0.2, 0.03), (0.4, 0.11), (0.6, 0.22), (0.7, 0.36), (0.8, 0.36),
        (0.85, 0.55), (0.9, 0.76), (0.93, 0.92), (0.95, 0.979), (0.97, 0.979), (1.0, 0.985),
    ),
    Kind.NUMBER: (
        (0.0, 0.35), (0.2, 0.41), (0.4, 0.51), (0.6, 0.58), (0.7, 0.59), (0.8, 0.82),
        (0.85, 0.82), (0.9, 0.84), (0.93, 0.955), (0.95, 0.978), (0.97, 0.985), (1.0, 0.985),
    ),
    Kind.OTHER: (
        (0.0, 0.04), (0.2, 0.3), (0.4, 0.3), (0.6, 0.42), (0.7, 0.42), (0.8, 0.74), (0.85, 0.77),
        (0.9, 0.93), (0.93, 0.94), (0.95, 0.977), (0.97, 0.985), (1.0, 0.985),
    ),
}  # fmt: skip

_PP_OCR: Mapping[Kind, Curve] = {
    Kind.ANY: (
        (0.0, 0.02), (0.5, 0.19), (0.7, 0.33), (0.8, 0.50), (0.85, 0.57), (0.9, 0.66),
        (0.93, 0.74), (0.95, 0.77), (0.97, 0.83), (0.98, 0.86), (0.99, 0.91), (0.995, 0.94),
        (0.999, 0.965), (1.0, 0.98),
    ),
    Kind.KNOWN: (
        (0.0, 0.22), (0.5, 0.53), (0.7, 0.67), (0.8, 0.67), (0.85, 0.81), (0.9, 0.88),
        (0.93, 0.88), (0.95, 0.88), (0.97, 0.966), (0.98, 0.966), (0.99, 0.982), (0.995, 0.982),
        (0.999, 0.982), (1.0, 0.985),
    ),
    Kind.STRANGE: (
        (0.0, 0.01), (0.5, 0.01), (0.7, 0.01), (0.8, 0.01), (0.85, 0.08), (0.9, 0.19),
        (0.93, 0.27), (0.95, 0.53), (0.97, 0.53), (0.98, 0.69), (0.99, 0.69), (0.995, 0.81),
        (0.999, 0.9), (1.0, 0.98),
    ),
    Kind.NUMBER: (
        (0.0, 0.01), (0.5, 0.37), (0.7, 0.4), (0.8, 0.81), (0.85, 0.81), (0.9, 0.81),
        (0.93, 0.82), (0.95, 0.82), (0.97, 0.82), (0.98, 0.82), (0.99, 0.91), (0.995, 0.91),
        (0.999, 0.91), (1.0, 0.973),
    ),
    Kind.OTHER: (
        (0.0, 0.01), (0.5, 0.27), (0.7, 0.4), (0.8, 0.54), (0.85, 0.66), (0.9, 0.66),
        (0.93, 0.78), (0.95, 0.78), (0.97, 0.78), (0.98, 0.91), (0.99, 0.91), (0.995, 0.951),
        (0.999, 0.951), (1.0, 0.985),
    ),
}  # fmt: skip

CURVES: Mapping[str, Mapping[Kind, Curve]] = {
    "tesseract": _TESSERACT,
    "layouts": _TESSERACT,
    "rapidocr": _PP_OCR,
}
"""By the name of the engine and by what the word looks like: of words that Tesseract read with .5
three in four are right where a dictionary has them, and one in six where none has. Isotonic fits,
joined at these knots, to 57,000 words of Tesseract and 23,000 of PP-OCR on 263 pages of typeset
charts of all qualities, 100 forms of FUNSD and 18 receipts of SROIE, each kind of page weighted
alike. A word was right where the gold had the same letters and digits in its place. Fitted on one
half of the pages, what was said and what was right differed on the other half by .012 and .006
(expected calibration error; .017 and .007 by one curve for all words), and the likelihood of what
was right rose by a tenth (log loss .160 for .176, and .154 for .168).
"""

_AS_IT_IS: Curve = ((0.0, 0.0), (1.0, 1.0))


def calibrated(lines: Iterable[Line], engine: str, known: KnownWords = NONE) -> tuple[Line, ...]:
    """The lines with each word's confidence as the likelihood that it is right.

    An engine without curves is taken at its word.
    """
    curves = CURVES.get(engine, {})

    def of(word: Word) -> Word:
        curve = curves.get(known.kind(word.text), _AS_IT_IS)
        return replace(word, confidence=likelihood(curve, word.confidence))

    return tuple(replace(line, words=tuple(map(of, line.words))) for line in lines)


def likelihood(curve: Curve, said: float) -> float:
    """Where `curve` stands at `said`, which is from 0 to 1."""
    at = min(bisect_right(curve, said, key=lambda knot: knot[0]), len(curve) - 1)
    (x0, y0), (x1, y1) = curve[at - 1], curve[at]
    return round(y0 + (y1 - y0) * (said - x0) / (x1 - x0), 4)


def share_right(lines: Iterable[Line]) -> float:
    """How many of the words are likely to be right (0 to 1), from calibrated confidence; 0.0 where
    there are none. On 36 photocopies it rose and fell with the true share (r = .94).
    """
    sure = [word.confidence for line in lines for word in line.words if letters_of(word.text)]
    return sum(sure) / len(sure) if sure else 0.0


def is_poor(lines: Sequence[Line]) -> bool:
    """Whether to read all of a page again: of one with few words, the doubtful ones are cheaper.

    Confidences are calibrated.
    """
    share = share_right(lines)
    words = sum(len(line.words) for line in lines)
    return share < GOOD and (1 - share) * words > FEW_WRONG


def plausibility(lines: Iterable[Line], confident: float = CONFIDENT) -> float:
    """The share of characters (0 to 1) that stand in long words read with confidence.

    Confidence is `confident` or more: LIKELY where it is calibrated. Upright pages had .39 or more,
    at the worst fax; pages upside down .05 or less.
    """
    words = [word for line in lines for word in line.words]
    characters = sum(len(word.text) for word in words)
    believed = sum(len(word.text) for word in words if _is_long(word, confident))
    return believed / characters if characters else 0.0


def without_junk(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without words that are specks, rules or shadows; emptied lines are left out."""
    heights = [word.box.height for line in lines for word in line.words if _is_long(word)]
    usual = median(heights) if heights else 0.0
    kept = (
        replace(line, words=tuple(word for word in line.words if not _is_junk(word, usual)))
        for line in lines
    )
    return tuple(line for line in kept if line.words)


def _is_long(word: Word, confident: float = CONFIDENT) -> bool:
    return word.confidence >= confident and letters_of(word.text) >= LONG_WORD


def letters_of(text: str) -> int:
    """How many letters and digits the text has."""
    return sum(character.isalnum() for character in text)


def _is_junk(word: Word, usual: float) -> bool:
    """`usual` is the height of a middling word in pixels, 0 where unknown."""
    letters = letters_of(word.text)
    if not letters:
        return _is_junk_mark(word, usual)
    if letters >= LONG_WORD:
        return False
    misshapen = bool(usual) and not _FLAT * usual <= word.box.height <= _TALL * usual
    if misshapen:
        return word.confidence < CONFIDENT
    return word.confidence < _LEAST_SHORT and not word.text.strip(".,;:()").isdigit()


def _is_junk_mark(word: Word, usual: float) -> bool:
    if set(word.text) <= _USUAL_MARKS:
        rule = bool(usual) and "|" in word.text and word.box.height > 1.5 * usual
        return rule or word.confidence < _LEAST_MARK
    return word.confidence < _LEAST_ODD_MARK
